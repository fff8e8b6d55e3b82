"""The tab "How it decided" in a real browser: thresholds move under the hand, steps add up, and a patch is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from playground.functional.suppression import suppress
from playground.ui.assets import version
from tests import tiny_yolo
from tests.e2e.support import PHONE, Server, Visitor

Arrive = Callable[..., Visitor]
LINK = "/detection?v=detection1&model=tiny&example=cat&confidence=0.5"
COLD = 300_000
"""How long a busy machine may take to start the process that runs models and to load one, in milliseconds."""
WIDTHS = "() => { const page = document.scrollingElement; return [page.scrollWidth, page.clientWidth]; }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two small detectors by chance: one that needs suppression, and one that does not."""
    models = tmp_path_factory.mktemp("models")
    tiny_yolo.put(models, "tiny")
    tiny_yolo.put(models, "yolo26tiny", end_to_end=True)
    made = Server(tmp_path_factory.mktemp("server"), PLAYGROUND_MODELS=str(models), PLAYGROUND_OFFLINE="1")
    yield made
    made.stop()


def opened(visitor: Visitor, view: str = "Candidates", link: str = "") -> Any:
    """The tab with one of its views drawn."""
    page = visitor.go(LINK + link)
    page.get_by_role("tab", name="How it decided").click()
    root = page.locator("[data-testid=decided][data-state=there]")
    root.wait_for(timeout=COLD)
    return root if view == "Candidates" else turn(visitor, view)


def turn(visitor: Visitor, view: str) -> Any:
    """Another view."""
    page = visitor.page
    page.get_by_role("radio", name=view, exact=True).or_(page.get_by_role("button", name=view, exact=True)).click()
    name = {"Cover it": "cover", "With and without NMS": "decided-both"}.get(view, "decided")
    root = page.locator(f"[data-testid={name}][data-state=there]")
    root.wait_for(timeout=COLD)
    visitor.settle()
    return root


def number(root: Any, name: str) -> float:
    return float(root.get_attribute(f"data-{name}") or "nan")


def test_thresholds_move_under_the_hand_and_the_browser_counts_as_the_server_does(arrive: Arrive) -> None:
    visitor = arrive()
    root = opened(visitor)
    page = visitor.page
    random = np.random.default_rng(0)
    corner = random.uniform(0, 60, (200, 2))
    boxes = np.concatenate([corner, corner + random.uniform(5, 50, (200, 2))], axis=1).astype(np.float32)
    scores = np.sort(random.uniform(0, 1, 200).astype(np.float32))[::-1]
    labels = random.integers(0, 3, 200)
    for rule in (
        {"confidence": 0.2, "iou": 0.4, "classes": [0, 2], "agnostic": False, "most": 12},
        {"confidence": 0.01, "iou": 0.3, "classes": [], "agnostic": True, "most": 300},
    ):
        said = page.evaluate(
            """async ([boxes, scores, labels, rule, version]) => {
            const { suppress } = await import(new URL(`assets/${version}/decided_nms.js`, document.baseURI).href);
            return [...suppress(new Float32Array(boxes), new Float32Array(scores), labels, rule)]; }""",
            [boxes.ravel().tolist(), scores.tolist(), labels.tolist(), rule, version()],
        )
        assert said == suppress(boxes, scores, labels, **rule).tolist()  # type: ignore[arg-type]

    visitor.until(lambda: number(root, "sure") > 0 and number(root, "kept") > 0, "boxes are counted")
    before, runs = number(root, "sure"), list[str]()
    page.expose_function("ran", lambda: runs.append("run"))
    page.evaluate(
        """() => new MutationObserver(() => ran()).observe(document.querySelector('[data-testid=stApp]'),
        { attributes: true, attributeFilter: ['data-test-script-state'] })"""
    )
    slider = page.get_by_test_id("confidence").first
    slider.evaluate("node => { node.value = '0.3'; node.dispatchEvent(new Event('input', { bubbles: true })); }")
    visitor.until(lambda: number(root, "sure") > before, "more boxes are sure enough")
    assert number(root, "confidence") == 0.3
    visitor.until(lambda: visitor.query().get("confidence") == "0.3", "the link knows it once it rests")
    visitor.settle()
    assert number(root, "confidence") == 0.3 and runs
    kept = number(root, "kept")
    page.get_by_test_id("iou").first.evaluate(
        "node => { node.value = '0.2'; node.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    visitor.until(lambda: number(root, "kept") < kept, "fewer are left where less overlap is allowed")
    page.get_by_test_id("stage-left").click()
    visitor.until(lambda: page.get_by_test_id("stage-left").get_attribute("aria-pressed") == "true", "what is left")
    page.get_by_test_id("proposed-over").press("ArrowRight")
    visitor.until(lambda: number(root, "looked") >= 0, "a box is looked at by the keyboard")
    assert "It is kept." in visitor.read("about")
    visitor.shoot("decided-candidates")


def test_steps_add_up_and_grids_and_heat_answer_to_the_hand(arrive: Arrive) -> None:
    visitor = arrive(reduced_motion="reduce")
    root = opened(visitor, "NMS step by step", "&confidence=0.6")
    page = visitor.page
    visitor.until(lambda: root.get_attribute("data-kind") == "start", "nothing is decided yet")
    page.get_by_test_id("step").click()
    visitor.until(lambda: root.get_attribute("data-kind") == "pick", "the surest is taken")
    assert page.get_by_test_id("queue").locator("[data-standing=now]").count() == 1
    assert "The box of highest confidence that is left, number 1," in visitor.read("step-words")
    page.get_by_test_id("play").click()  # where nothing should move it goes to the end at once
    visitor.until(lambda: root.get_attribute("data-kind") == "end", "all is decided")
    assert page.get_by_test_id("queue").locator("[data-standing=kept]").count() > 0
    assert f"decide: {number(root, 'kept'):,.0f} box" in visitor.read("step-words")
    visitor.shoot("decided-steps")

    turn(visitor, "Grids")
    visitor.until(lambda: root.get_attribute("data-view") == "grids" and number(root, "grid") >= 0, "a cell is lit")
    rows = page.get_by_test_id("objects").get_by_role("button")
    rows.nth(1).click()
    visitor.until(lambda: rows.nth(1).get_attribute("aria-pressed") == "true", "another object is looked at")
    assert "how far it is to each side" in visitor.read("grid-about")
    visitor.shoot("decided-grids")

    turn(visitor, "Heat")
    visitor.until(lambda: root.get_attribute("data-view") == "heat", "the heat is drawn")
    page.get_by_test_id("heat-2-over").hover()
    visitor.until(lambda: number(root, "cell") >= 0, "a cell under the mouse")
    assert "Column" in visitor.read("heat-about")
    visitor.shoot("decided-heat")


def test_a_patch_is_dragged_and_answered_and_both_kinds_stand_side_by_side(arrive: Arrive) -> None:
    visitor = arrive()
    opened(visitor)
    root = turn(visitor, "Cover it")
    page = visitor.page
    visitor.until(lambda: root.get_attribute("data-answered") == "true", "the first patch is answered")
    patch = page.get_by_test_id("patch")
    at = patch.get_attribute("data-at")
    patch.scroll_into_view_if_needed()
    box = patch.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2 + 30, steps=6)
    page.mouse.up()
    assert patch.get_attribute("data-at") != at
    visitor.until(lambda: root.get_attribute("data-answered") == "true", "the moved patch is answered")
    page.get_by_test_id("add-copy").click()
    visitor.until(lambda: number(root, "patches") == 2, "a copy is pasted")
    visitor.until(lambda: root.get_attribute("data-answered") == "true", "the copy is answered")
    visitor.settle()
    assert "The copy" in visitor.read("result") and "covered, the confidence" not in visitor.read("result")
    assert "With a copy on the picture none is added" in (
        page.get_by_test_id("trail").get_attribute("aria-label") or ""
    )
    visitor.shoot("decided-cover")
    page.get_by_test_id("clear-covers").click()
    visitor.until(
        lambda: root.get_attribute("data-answered") == "true" and number(root, "patches") == 0, "nothing is covered"
    )
    assert number(root, "score") == pytest.approx(number(root, "before"), abs=1e-3)

    root = turn(visitor, "With and without NMS")
    visitor.until(lambda: number(root, "sides") == 2, "both have answered")
    before = root.get_attribute("data-boxes").split()
    page.get_by_test_id("after").click()
    visitor.until(lambda: root.get_attribute("data-after") == "true", "after suppression")
    after = root.get_attribute("data-boxes").split()
    assert before[1] == after[1] and before[0] != after[0]  # one has nothing to drop
    visitor.shoot("decided-both")


def test_a_copy_finds_a_place_beside_its_object_and_words_keep_apart(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/")
    placed, alone, lying, beside = visitor.page.evaluate(
        """async (version) => {
        const load = (name) => import(new URL(`assets/${version}/${name}`, document.baseURI).href);
        const { beside } = await load("cover_copy.js");
        const { told } = await load("cover_words.js");
        const { Boxed } = await load("decided_sheet.js");
        const sheet = new Boxed("made", "made");
        document.body.append(sheet.root);
        Object.assign(sheet, { width: 400, height: 300, size: 12 });
        Object.assign(sheet.canvas.style, { position: "fixed", width: "400px", height: "300px" });
        sheet.over.fit();
        sheet.context = sheet.over.blank();
        const look = { colour: "#fff", ink: "#000" };
        for (let k = 0; k < 6; k += 1) sheet.tag([100 + 4 * k, 100, 180, 160], [`person ${k} 90.0 %`, "person"], look);
        const object = [0, 20, 97, 70, 0, 0.9];
        const say = (cover) => told(object, "bus", { covers: [cover], boxes: [[5, 71, 60, 99, 0, 0.8]], classes: { 0: ["bus"] } },
          { score: 0.92, confidence: 0.25, shape: [100, 100] });
        return [beside([0, 0.2, 0.97, 0.7], []), sheet.words, say([0, 0.2, 0.97, 0.65, 0, 0.2, 0.97, 0.7]),
          say([0.05, 0.71, 0.6, 0.99, 0, 0.2, 0.97, 0.7])]; }""",
        version(),
    )
    left, top, right, bottom = placed
    assert 0 <= left < right <= 1 and top >= 0.7 and bottom <= 1  # below it, smaller
    assert 2 <= len(alone) <= 6 and all(
        one["y"] + one["high"] <= two["y"] or two["y"] + two["high"] <= one["y"]
        or one["x"] + one["wide"] <= two["x"] or two["x"] + two["wide"] <= one["x"]
        for k, one in enumerate(alone) for two in alone[:k]
    )  # fmt: skip
    assert "this is no occlusion" in lying and "covered" not in lying
    assert beside.startswith("The copy is found, too: bus 80") and "from 90" in beside and "covered" not in beside


def test_an_upright_picture_its_sentence_and_the_buttons_fit_one_projected_screen(arrive: Arrive) -> None:
    visitor = arrive(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    root = opened(visitor, "NMS step by step", "&example=bus&present=1")
    page = visitor.page
    page.get_by_test_id("step").click()
    visitor.until(lambda: root.get_attribute("data-kind") == "pick", "the first is taken")
    whole, photo = root.bounding_box(), page.get_by_test_id("stepped").bounding_box()
    says = page.get_by_test_id("step-words").bounding_box()
    assert whole["height"] <= 720 - 84  # below the page's own bar
    assert photo["height"] > photo["width"] and photo["y"] + photo["height"] <= says["y"]
    assert says["y"] + says["height"] <= page.get_by_test_id("play").bounding_box()["y"]
    visitor.shoot("decided-steps-projected")


def test_on_a_phone_nothing_goes_sideways_and_a_thumb_can_hit_it(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    opened(visitor)
    for view, hit in (
        ("Candidates", ("confidence", "iou", "stage-sure")),
        ("NMS step by step", ("play", "step", "steps-iou")),
        ("Cover it", ("add-grey", "clear-covers")),
    ):
        root = turn(visitor, view)
        page = visitor.page
        scroll, client = page.evaluate(WIDTHS)
        assert scroll <= client
        for testid in hit:
            assert page.get_by_test_id(testid).first.bounding_box()["height"] >= 44, testid
        inner = root.evaluate(
            """root => [...root.querySelectorAll('canvas:not(.piece), button')].filter(node => node.offsetParent
            && (node.getBoundingClientRect().right > innerWidth + 1 || node.getBoundingClientRect().left < -1)).length"""
        )
        assert inner == 0
        root.scroll_into_view_if_needed()
        visitor.shoot(f"decided-phone-{view.split()[0].lower()}")
