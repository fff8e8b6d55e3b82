"""The tab "How it decided" without a browser and without a network: what it is given, what it says, what it asks."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.catalog.card import Card, Local
from playground.core import frames
from playground.core.detection import Candidates, Cover, Detect, Detected, Grid
from playground.core.vision import Box, Looked, Photo
from playground.functional.suppression import KEPT, suppress
from playground.specs.detection import DetectionSpec
from playground.ui import asking
from playground.ui.parts import how_it_decided
from playground.ui.parts import how_it_decided_both as both
from playground.ui.parts import how_it_decided_cover as cover
from playground.ui.parts import how_it_decided_frame as frame
from tests.pages.support import problems

CARD = Card(
    name="made", title="Made", summary="Made for a test.", task="detect", source=Local("", ("made.pt",)), architecture="ultralytics"
)  # fmt: skip
GRIDS = (Grid(8, 6, 8), Grid(16, 3, 4), Grid(32, 2, 2))
NAMES = ("person", "bus", "cat")


def answer(*, covered: bool = False, end_to_end: bool = False) -> Detected:
    """Two people, one seen by three cells, and a bus; covered, the first person has nearly gone."""
    boxes = [[10, 10, 30, 40], [11, 10, 31, 41], [10, 12, 29, 40], [40, 10, 60, 40], [5, 5, 62, 44], [50, 2, 55, 6]]
    scores = [0.9, 0.8, 0.6, 0.5, 0.4, 0.004]
    labels = [0, 0, 0, 0, 1, 2]
    if end_to_end:
        chosen = [0, 3, 4]
        boxes, scores, labels = ([values[at] for at in chosen] for values in (boxes, scores, labels))
    if covered:
        boxes, scores, labels = [[40, 10, 60, 40], [2, 2, 9, 9], [10, 10, 30, 40]], [0.7, 0.5, 0.1], [0, 2, 0]
    cells = np.arange(len(scores)) * 9
    heat = np.zeros(64, np.float16)
    heat[cells] = scores
    return Detected(
        Candidates(np.array(boxes, np.float32), np.array(scores, np.float32), np.array(labels), cells), NAMES, end_to_end, GRIDS,
        heat, (48, 64), Box(0, 0, 1, 1), 64, 48, None, 0.01, "CPU", "by hand",
    )  # fmt: skip


def photo() -> Photo:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(held, "JPEG")
    return Photo(held.getvalue(), "scene.jpg")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was asked; answered by hand."""
    heard: list[tuple[str, Any]] = []

    def ask(task: str, card: Card | None, question: Any) -> Any:
        heard.append((task, question))
        if task == "look":
            return Looked(question.photo.content, 64, 48)
        return answer(covered=bool(question.covers), end_to_end="26" in getattr(card, "name", ""))

    monkeypatch.setattr(asking, "ask", ask)
    return heard


def script(view: str, name: str) -> None:
    """The tab on a page of its own."""
    import dataclasses

    from playground.specs.detection import DetectionSpec
    from playground.ui import controls, lesson
    from playground.ui.parts import how_it_decided
    from playground.ui.state import state
    from tests.pages.test_how_it_decided import CARD, photo

    state(lesson.Here).name = "detection"
    spec = controls.begin(DetectionSpec, "detection")
    opened = state(how_it_decided._Open, "detection")
    opened.view = opened.view if opened.view != "candidates" else view
    how_it_decided.show(photo(), dataclasses.replace(CARD, name=name), spec, "detection")


def opened(view: str, name: str = "made", **link: str) -> AppTest:
    page = AppTest.from_function(script, args=(view, name), default_timeout=30)
    for field, value in link.items():
        page.query_params[field] = value
    return page.run()


def given(page: AppTest, name: str) -> dict[str, Any]:
    for item in page.get("bidi_component"):
        if item.proto.component_name == f"playground.{name}":
            data: dict[str, Any] = json.loads(item.proto.json)[0]
            return data
    raise AssertionError(f"no {name} on the page: {problems(page)}")


def words(page: AppTest) -> str:
    return " ".join(item.value for item in page.markdown)


@pytest.mark.parametrize("view", ["candidates", "steps", "grids", "heat"])
def test_every_view_has_all_that_was_proposed(view: str, asked: list[tuple[str, Any]]) -> None:
    page = opened(view)
    assert problems(page) == []
    data = given(page, "decided")
    header, blocks = frames.unpack(base64.b64decode(data["frame"]))
    found = answer().candidates
    assert (header["state"], data["view"], data["edits"]) == ("there", view, ["confidence", "iou"])
    assert blocks["boxes"].tolist() == found.boxes.tolist() and blocks["cells"].tolist() == found.cells.tolist()
    assert header["grids"] == [[8, 6, 8], [16, 3, 4], [32, 2, 2]] and len(blocks["heat"]) == 64
    assert [header["classes"][str(number)][0] for number in range(3)] == list(NAMES)
    assert {task for task, _ in asked} == {"look", "detect"} and not any(
        isinstance(question, Detect) and question.covers for _, question in asked
    )
    assert words(page)


def test_the_numbers_in_words_are_those_of_the_rule(asked: list[tuple[str, Any]]) -> None:
    page = opened("candidates", v="detection1", confidence="0.45", iou="0.5", classes="Person")
    data = given(page, "decided")
    assert (data["confidence"], data["iou"], data["classes"]) == (0.45, 0.5, [0])
    found = answer().candidates
    fate = suppress(found.boxes, found.scores, found.labels, confidence=0.45, iou=0.5, classes=(0,))
    assert int((fate == KEPT).sum()) == 2
    assert "64 grid cells propose 64 boxes; 4 have a confidence of at least 45 %, 2 are left" in words(page)


def test_what_the_maximum_cuts_is_not_told_as_suppressed(asked: list[tuple[str, Any]]) -> None:
    said = words(opened("candidates", v="detection1", confidence="0.25", iou="0.5", most="1"))
    assert "5 have a confidence of at least 25 %, 1 is left" in said
    assert "NMS suppresses 2" in said and "2 boxes more would pass, but at most 1 is kept" in said


def test_grids_are_named_by_their_stride_and_width_comes_first(asked: list[tuple[str, Any]]) -> None:
    said = words(opened("grids", v="detection1", confidence="0.25"))
    assert "All 3 boxes come from one grid, that of stride 8." in said
    assert "come in" not in said and "comes in" not in said
    assert "8 × 6 cells at stride 8, 4 × 3 cells at stride 16, 2 × 2 cells at stride 32 (width × height)" in said
    made = answer()
    made.candidates.cells[4] = 63  # the bus, from the last cell of all
    assert "**3 boxes: 2 from stride 8, 1 from stride 32.**" in how_it_decided.what_you_see(
        made, DetectionSpec(confidence=0.25), "grids"
    )
    assert "confidence to 1 % and 1 box of other grids comes in" in how_it_decided.what_you_see(
        made, DetectionSpec(confidence=0.45), "grids"
    )


def test_class_agnostic_suppression_is_named(asked: list[tuple[str, Any]]) -> None:
    assert "class-agnostic NMS" in words(opened("steps", v="detection1", agnostic="true"))
    assert "class-agnostic" not in words(opened("steps"))


def test_a_model_without_suppression_is_not_offered_its_steps(asked: list[tuple[str, Any]]) -> None:
    page = opened("steps", "yolo26n")
    (row,) = page.get("button_group")
    assert "NMS step by step" not in [option.content for option in row.proto.options]
    assert given(page, "decided")["view"] == "candidates" and "without NMS" in words(page)


def test_a_patch_lies_there_from_the_start_and_its_answer_is_told(asked: list[tuple[str, Any]]) -> None:
    page = opened("cover")
    assert problems(page) == []
    told = given(page, "cover_answer")
    assert told["state"] == "there" and told["to"] == given(page, "cover")["answers"]
    assert told["scores"] == pytest.approx([0.1, 0.7, 0])
    assert [box[6] for box in told["boxes"]] == [False, True]  # the cat is new
    (covers,) = [
        question.covers for task, question in asked if task == "detect" and question.covers
    ]  # one patch, one question
    assert covers == (Cover(Box(0.2344, 0.3646, 0.3906, 0.6771)),)
    assert "2 of 3 are gone (person, bus), and 1 is new" in words(page)


@pytest.mark.parametrize(
    "said",
    [
        None, "no", [[0, 0, 1]], [[0, 0, 1, float("nan")]], [[0.5, 0, 0.5, 1]], [[0, 0, 1, True]], [[0, 0, 1, 1]] * 9,
        [[0, 0, 1, 1, 0.2, 0.2, 0.1, 0.3]],
    ],
)  # fmt: skip
def test_covers_that_cannot_be_are_not_taken(said: Any) -> None:
    assert cover.read(said) is None


def test_a_copy_is_not_told_as_an_occlusion() -> None:
    spec, before = DetectionSpec(confidence=0.25, iou=0.5), answer()
    grey, copy = Cover(Box(0, 0, 0.5, 0.5)), Cover(Box(0, 0, 0.5, 0.5), Box(0.5, 0.5, 1, 1))
    assert "these pixels were used" in cover.what_you_see(before, answer(covered=True), (grey,), spec)
    said = cover.what_you_see(before, answer(covered=True), (copy,), spec)
    assert "A copy is no occlusion" in said and "these pixels were used" not in said


def test_covers_are_kept_inside_the_picture() -> None:
    assert cover.read([]) == ()
    assert cover.read([[-1, 0.25, 0.5, 3], [0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1]]) == (
        Cover(Box(0, 0.25, 0.5, 1)),
        Cover(Box(0, 0, 0.5, 0.5), Box(0.5, 0.5, 1, 1)),
    )


def test_both_kinds_stand_side_by_side(asked: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    other = dataclasses.replace(CARD, name="yolo26n", title="YOLO26n")
    monkeypatch.setattr(both, "partner", lambda *_args, **_once: other)
    page = opened("both")
    assert problems(page) == []
    header, blocks = frames.unpack(base64.b64decode(given(page, "decided_both")["frame"]))
    assert [(side["model"], side["end_to_end"]) for side in header["sides"]] == [("Made", False), ("YOLO26n", True)]
    assert len(blocks["0-boxes"]) == 6 and len(blocks["1-boxes"]) == 3
    assert "one cell answer" in words(page)


def test_the_missing_kind_is_named_and_offered(asked: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(both, "_offer", lambda name: both.prose(f"offered {name}"))
    page = opened("both")
    assert "offered yolo26n" in words(page) and "none is on disk" in words(page)
    data = given(page, "decided_both")
    assert data["alone"] and data["missing"] == ""


def test_what_a_model_says_counts_more_than_its_name() -> None:
    import dataclasses

    plain, once, own = (dataclasses.replace(CARD, name=name) for name in ("yolo26s", "best", "made"))
    assert both.end_to_end(plain, {}) and not both.end_to_end(plain, {"yolo26s": False})
    assert both.end_to_end(once, {"best": True}) and not both.end_to_end(own, {})


def test_a_partner_whose_name_misled_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    cards = [dataclasses.replace(CARD, name=name) for name in ("yolo26odd", "yolo26n")]
    monkeypatch.setattr(
        both, "partner", lambda _own, _cards, known, once: next((c for c in cards if c.name not in known), None)
    )
    monkeypatch.setattr(asking, "ask", lambda _task, card, _question: answer(end_to_end=card.name == "yolo26n"))
    known: dict[str, bool] = {}
    other, reply = both._other(photo(), CARD, known, once=False)
    assert other is not None and (other.name, reply.end_to_end, known) == ("yolo26n", True, {"yolo26odd": False})


def test_waiting_and_refused_are_said_in_every_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(both, "_offer", lambda name: None)
    for standing, state in ((asking.Waiting("Loading Made"), "waiting"), (asking.Refused("No room."), "refused")):
        monkeypatch.setattr(
            asking,
            "ask",
            lambda task, card, question, standing=standing: (
                Looked(question.photo.content, 64, 48) if task == "look" else standing
            ),
        )
        for view, name in (("candidates", "decided"), ("cover", "cover"), ("both", "decided_both")):
            page = opened(view)
            assert problems(page) == []
            header, blocks = frames.unpack(base64.b64decode(given(page, name)["frame"]))
            assert (header["state"], header["words"]) == (state, standing.words) and set(blocks) == {"photo"}


def test_a_crowd_travels_in_part() -> None:
    made = answer()
    found = made.candidates
    arrays = (found.boxes, found.scores, found.labels, found.cells)
    many = Candidates(*(np.repeat(values, 800, axis=0) for values in arrays))
    object.__setattr__(made, "candidates", many)
    header, blocks = frame.drawn(made)
    assert header["candidates"] == 4800 and len(blocks["boxes"]) == len(blocks["scores"]) == frame.MOST
    assert frame.thresholds(DetectionSpec(classes="cat, dog"), made).classes == (2,)
