"""Image classification in a real browser: pictures of one's own by every way, bad ones, two models, downloads, a phone."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.support import PHONE, Server, Visitor
from tests.timm_folder import LABELS, telling

Arrive = Callable[..., Visitor]
MEGABYTES = 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two small random networks in its models folder; one of them refuses what it is not sure of."""
    models = tmp_path_factory.mktemp("models")
    telling(models, "pets", seed=0)
    telling(models, "zoo", seed=1)
    telling(models, "strict", seed=2, refusal={"score": "max_softmax", "threshold": 0.9999})
    made = Server(
        tmp_path_factory.mktemp("server"),
        PLAYGROUND_MODELS=str(models),
        PLAYGROUND_PICTURE_MEGABYTES=str(MEGABYTES),
        PLAYGROUND_PICTURES_AT_ONCE="4",
        PLAYGROUND_OFFLINE="1",
    )
    yield made
    made.stop()


def picture(colour: str = "orange", size: tuple[int, int] = (120, 80), form: str = "JPEG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, form)
    return held.getvalue()


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def state(visitor: Visitor) -> str:
    """What the answer says of itself: ``waiting``, ``answered``, ``none`` or ``failed``."""
    root = visitor.page.get_by_test_id("answer")
    return str(root.get_attribute("data-state")) if root.count() == 1 else ""


def answered(visitor: Visitor, path: str = "/classification?model=pets") -> Any:
    """Open the page and wait for the answer."""
    page = visitor.go(path)
    visitor.until(lambda: state(visitor) in ("answered", "none"), "the picture is answered")
    visitor.settle()
    return page


def own(visitor: Visitor) -> list[str]:
    """The names of a visitor's own pictures, with what stands on them."""
    found: list[str] = visitor.page.get_by_test_id("picture-own").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    return found


def hand_over(visitor: Visitor, kind: str, *files: tuple[str, bytes]) -> None:
    """Paste or drop files on the page, as a browser tells it."""
    given = [[name, base64.b64encode(content).decode()] for name, content in files]
    visitor.page.evaluate(
        """([kind, given]) => {
            const held = new DataTransfer();
            for (const [name, text] of given) {
                held.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name, { type: "image/png" }));
            }
            const options = { bubbles: true, cancelable: true, composed: true };
            const event = kind === "paste"
                ? new ClipboardEvent("paste", { ...options, clipboardData: held })
                : new DragEvent(kind, { ...options, dataTransfer: held });
            document.querySelector("[data-testid=stMain]").dispatchEvent(event);
        }""",
        [kind, given],
    )


def test_it_opens_alive_and_nothing_jumps_when_the_answer_comes(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/classification?model=pets")
    photo, tabs = page.get_by_test_id("photo"), page.get_by_role("tab", name="Where it looked")
    photo.wait_for()
    visitor.until(lambda: photo.evaluate("node => node.naturalWidth") > 0, "the picture is there before its answer")
    before = (photo.bounding_box(), tabs.bounding_box()["y"], page.get_by_test_id("bars").bounding_box())
    visitor.shoot("classification-opens")
    visitor.until(lambda: state(visitor) == "answered", "the picture is answered")
    visitor.settle()
    assert (photo.bounding_box(), tabs.bounding_box()["y"], page.get_by_test_id("bars").bounding_box()) == before
    assert page.get_by_test_id("label").inner_text() in LABELS
    assert page.get_by_test_id("bars").locator("li").count() == len(LABELS)
    box = page.get_by_test_id("answer").bounding_box()
    assert box["y"] + box["height"] <= 720, "the picture and its answer fit a projector"
    visitor.shoot("classification")
    visitor.settle()


def test_pictures_of_ones_own_good_and_bad_are_answered_each(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor)
    files = [
        file("red.jpg", picture("red")),
        file("page.jpg", b"<html>"),
        file("none.png", b""),
        file("=blue.jpg", picture("blue")),
    ]
    page.get_by_test_id("own-file").set_input_files([*files, file("huge.jpg", b"\0" * (MEGABYTES * 1_000_000 + 1))])
    visitor.until(lambda: len(own(visitor)) == 5, "all five are there")
    visitor.until(
        lambda: sum(name.split(": ")[-1] in LABELS for name in own(visitor)) == 2, "the good ones are answered"
    )
    visitor.settle()
    said = visitor.warnings()
    assert "page.jpg is not a picture" in said and "none.png is empty" in said and "huge.jpg has 2.1 MB" in said
    assert page.get_by_test_id("photo").get_attribute("alt") == "red.jpg"
    visitor.shoot("classification-own")
    # One of them alone.
    page.get_by_role("radio", name="page.jpg").click()
    visitor.until(lambda: state(visitor) == "failed", "the bad one is shown")
    assert "is not a picture" in page.get_by_test_id("empty").inner_text()
    # What is taken along: every picture's answer or error, and no cell that is a formula.
    page.get_by_role("button", name="Results").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="JSON").click()
    rows = json.loads(Path(coming.value.path()).read_text(encoding="utf-8"))
    assert {row["file"]: "error" in row for row in rows} == {
        "red.jpg": False, "page.jpg": True, "none.png": True, "=blue.jpg": False, "huge.jpg": True,
    }  # fmt: skip
    with page.expect_download() as coming:
        page.get_by_role("button", name="CSV").click()
    cells = list(csv.reader(io.StringIO(Path(coming.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(cells) == 1 + 2 * len(LABELS) + 3
    assert "'=blue.jpg" in {row[0] for row in cells}
    assert not [cell for row in cells for cell in row if cell.startswith(("=", "+", "-", "@"))]
    page.keyboard.press("Escape")
    # Away with them.
    page.get_by_role("button", name="Remove page.jpg").click()
    visitor.until(lambda: len(own(visitor)) == 4, "one is gone")
    page.get_by_test_id("clear").click()
    visitor.until(lambda: own(visitor) == [] and state(visitor) == "answered", "all are gone, and an example is shown")
    assert visitor.warnings() == ""


def test_paste_drop_and_no_more_than_there_is_room_for(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor)
    hand_over(visitor, "paste", ("image.png", picture("green", form="PNG")))
    visitor.until(lambda: [name.split(":")[0] for name in own(visitor)] == ["pasted 1.png"], "what was pasted is there")
    hand_over(visitor, "dragover", ("a.png", b""))
    hand_over(visitor, "drop", *[(f"{n}.png", picture("navy", form="PNG")) for n in range(4)])
    visitor.until(lambda: len(own(visitor)) == 5, "what was dropped is there, and what was too many is said")
    visitor.until(lambda: "4 pictures of your own are the most" in visitor.warnings(), "why one is not taken")
    page.keyboard.press("Escape")
    visitor.until(lambda: page.get_by_test_id("upload").inner_text() == "Upload", "nothing is waited for any more")


def test_the_camera_takes_a_picture_once_it_is_wanted(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor)
    assert page.get_by_test_id("shooting").count() == 0
    for number in (1, 2):
        page.get_by_test_id("camera").click()
        shutter = page.get_by_test_id("shutter")
        shutter.wait_for()
        visitor.until(shutter.is_enabled, "the camera runs")
        if number == 1:
            visitor.shoot("classification-camera")
        shutter.click()
        wanted = f"camera {number}.jpg"
        visitor.until(lambda name=wanted: any(said.startswith(f"{name}: ") for said in own(visitor)), "it is answered")
        assert page.get_by_test_id("shooting").count() == 0
        assert page.get_by_test_id("photo").get_attribute("alt") == wanted
    page.get_by_test_id("camera").click()
    page.get_by_test_id("close-camera").click()
    page.get_by_test_id("photo").wait_for()


def test_a_server_that_takes_no_more_says_so_and_what_is_not_taken_is_counted(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor)
    page.route("**/_stcore/upload_file/**", lambda route: route.fulfill(status=429, body="no more"))
    page.get_by_test_id("own-file").set_input_files([file("late.jpg", picture())])
    visitor.until(lambda: "uploaded as much as may be" in visitor.warnings(), "it is said in words")
    assert "AxiosError" not in page.get_by_test_id("stMain").inner_text()
    page.unroute("**/_stcore/upload_file/**")
    page.get_by_test_id("clear").click()
    visitor.until(lambda: not own(visitor), "the strip is empty")
    page.get_by_test_id("own-file").set_input_files([file(f"{number}.jpg", picture()) for number in range(11)])
    visitor.until(lambda: "3 more files came with these" in visitor.warnings(), "the others are counted")
    visitor.console[:] = [
        said for said in visitor.console if "429" not in said
    ]  # the browser tells its console of the refusal
    visitor.shoot("classification-refused")


def test_two_models_side_by_side_and_a_link_that_restores_them(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor, "/classification?model=pets&second=zoo&example=coffee&top=2")
    page.get_by_role("tab", name="Two models").click()
    page.get_by_test_id("bars-second").wait_for()
    visitor.until(lambda: page.get_by_test_id("two").get_attribute("data-state") == "answered", "both have answered")
    visitor.settle()
    both = page.get_by_test_id("label-first").inner_text(), page.get_by_test_id("label-second").inner_text()
    assert set(both) <= set(LABELS)
    main = page.get_by_test_id("stMain").inner_text()
    assert ("Both say" if both[0] == both[1] else "They disagree") in main
    visitor.shoot("classification-two")
    page.get_by_role(
        "radio", name="A rocket" if page.get_by_role("radio", name="A rocket").count() else "A cat"
    ).click()
    visitor.until(lambda: visitor.query()["example"] != "coffee", "the link follows")
    visitor.until(lambda: state(visitor) == "answered", "the other picture is answered")
    page.get_by_test_id("own-file").set_input_files([file("secret.jpg", picture())])
    visitor.until(lambda: len(own(visitor)) == 1 and "example" not in visitor.query(), "one's own is in no link")
    # Somebody else gets the same settings by that link, and nobody's pictures.
    other = arrive()
    answered(other, page.url)
    assert other.query()["second"] == "zoo" and other.query()["top"] == "2" and other.query()["model"] == "pets"
    assert own(other) == [] and "secret" not in other.page.content()


def test_by_keyboard_and_a_model_that_refuses(arrive: Arrive) -> None:
    visitor = arrive()
    page = answered(visitor, "/classification?model=strict")
    assert state(visitor) == "none"
    assert page.get_by_test_id("label").inner_text() == "None of my three classes"
    assert "model rather says" in page.get_by_test_id("answer").get_by_test_id("notes").inner_text()
    visitor.shoot("classification-none")
    first = visitor.query()["example"]
    chosen = page.locator("[data-testid=strip] [role=radio][aria-checked=true]")
    chosen.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    visitor.until(lambda: visitor.query()["example"] != first, "the next picture is chosen")
    visitor.until(
        lambda: (
            page.locator("[data-testid=strip] [role=radio][aria-checked=true]").get_attribute("data-id")
            == visitor.query()["example"]
        ),
        "it is marked",
    )
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="ResNet-18").click()
    page.get_by_role("button", name="Download").click()
    page.get_by_role("button", name="Try again").wait_for()
    assert "offline" in page.get_by_test_id("stMain").inner_text().lower()
    visitor.until(lambda: state(visitor) == "none", "the model that was there goes on")


def test_a_phone(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = answered(visitor)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    visitor.shoot("classification-390")
    for name in ("upload", "camera", "picture-cat"):
        box = page.get_by_test_id(name).bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44, name
    photo, bars = page.get_by_test_id("photo").bounding_box(), page.get_by_test_id("bars").bounding_box()
    assert photo["y"] + photo["height"] < 844 and bars["y"] > photo["y"] and bars["x"] + bars["width"] <= 390
    page.get_by_test_id("own-file").set_input_files([file("thumb.jpg", picture())])
    visitor.until(lambda: any(name.split(": ")[-1] in LABELS for name in own(visitor)), "it is answered")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    visitor.shoot("classification-390-own")


def test_the_web_process_stays_free_of_torch(arrive: Arrive, server: Server) -> None:
    answered(arrive())
    assert "libtorch" not in server.libraries()
