"""The tab "Score my own boxes" without a browser and without a network: what is counted, what is kept, what is refused."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.core.detection import Candidates, Detected, Thresholds
from playground.core.palette import tint
from playground.core.vision import Box, Looked, Photo
from playground.functional.average_precision import THRESHOLDS
from playground.ui import asking
from playground.ui.parts import score_boxes_kept as keeping
from playground.ui.parts import score_boxes_words as words
from playground.ui.parts.score_boxes import file_name
from playground.ui.parts.score_boxes_counts import TrueBox, score
from tests.pages.support import problems

NAMES = ("person", "bus", "cat")
KEPT = "playground.ui.parts.score_boxes_kept.Kept/detection"


def answer(*, end_to_end: bool = False) -> Detected:
    """A bus, a person seen twice, something that is no cat, and a person that it is not sure of."""
    boxes = [[10, 10, 60, 40], [0, 0, 10, 20], [0, 0, 10, 18], [70, 10, 90, 30], [80, 30, 95, 48]]
    scores, labels = [0.9, 0.8, 0.7, 0.6, 0.1], [1, 0, 0, 2, 0]
    found = Candidates(np.array(boxes, np.float32), np.array(scores, np.float32), np.array(labels), np.arange(5))
    return Detected(
        found, NAMES, end_to_end, (), np.zeros(1, np.float16), (64, 64), Box(0, 0, 1, 1), 100, 50, None, 0.01, "CPU", "by hand"
    )  # fmt: skip


def photo() -> Photo:
    held = io.BytesIO()
    Image.new("RGB", (100, 50), "orange").save(held, "JPEG")
    return Photo(held.getvalue(), "a street.jpg")


PICTURE = keeping.digest(photo())
TRUTHS = (
    TrueBox(1, "bus", Box(0.1, 0.2, 0.6, 0.8)),
    TrueBox(2, "person", Box(0, 0, 0.1, 0.4)),
    TrueBox(3, "person", Box(0.8, 0.6, 0.95, 0.96)),
    TrueBox(4, "dog", Box(0.7, 0.2, 0.9, 0.6)),
)
LOOSE = Thresholds(iou=0.95)


def test_every_box_is_judged_and_says_why() -> None:
    scored = score(answer(), LOOSE, TRUTHS)
    assert [one.hit for one in scored.found] == [1, 2, -1, -1, 3]
    assert "a surer box is matched to this “person” already" in scored.found[2].why
    assert "the place is right (IoU 1.00), but the true class is “dog”" in scored.found[3].why
    assert {one.id: why for one, why in scored.truths}[4] == "False negative: this model has no class “dog”."
    assert scored.counts(0.25) == (2, 2, 2) and scored.counts(0.01) == (3, 1, 2)
    assert scored.counts(0.25, "person") == (1, 1, 1)
    people, bus, dog = (next(one for one in scored.classes if one.name == name) for name in ("person", "bus", "dog"))
    assert people.scores[0] == pytest.approx((51 + 50 * 2 / 3) / 101) and bus.scores == (1.0,) * 10
    assert not dog.known and dog.scores[0] == 0
    assert scored.scores()[0] == pytest.approx((people.scores[0] + 1 + 0) / 3)
    assert "IoU" in score(answer(), LOOSE, (TrueBox(1, "bus", Box(0.1, 0.2, 0.4, 0.8)),), 0.75).found[0].why


def test_what_the_page_suppresses_is_not_judged_and_end_to_end_models_suppress_nothing() -> None:
    assert len(score(answer(), Thresholds(iou=0.5), TRUTHS).found) == 4
    assert len(score(answer(end_to_end=True), Thresholds(iou=0.5), TRUTHS).found) == 5
    assert {one.name for one in score(answer(), Thresholds(classes=(1,)), TRUTHS).found} == {"bus"}


def test_words_have_these_numbers() -> None:
    scored = score(answer(), LOOSE, TRUTHS)
    said = words.what_you_see(scored, 0.25, False)
    assert (
        "**4 true boxes: 2 true positives (TP), 2 false positives (FP), 2 false negatives (FN).**" in said
        and "n = 4 is far too few" in said
    )
    assert (
        "Lower the confidence to 0.10: one more “person” is found, without a further false positive."
        in said.replace("\\", "")
    )
    assert "no class “dog”" in said
    one = score(answer(), LOOSE, TRUTHS[:1])
    assert "**1 true box, which comes with the example: 1 true positive (TP)" in words.what_you_see(one, 0.25, True)
    formulas = words.counted(scored, "")
    assert r"\tfrac{1}{101}\,(51 \cdot 1.00 + 50 \cdot 0.67) = 0.83" in formulas
    assert r"\text{mAP}_{50} = \tfrac{1}{3}\,(" in formulas
    assert "Draw a box around every object" in words.what_you_see(score(answer(), LOOSE, ()), 0.25, False)
    assert words.counted(score(answer(), LOOSE, ()), "")


# -- what is kept of what a browser says


def kept() -> keeping.Kept:
    made = keeping.Kept(names=NAMES)
    made.keep(PICTURE, TRUTHS[:2])
    return made


GOOD = [7, "bus", 0.1, 0.2, 0.5, 0.6]


@pytest.mark.parametrize(
    "boxes",
    [
        "all", [1], [GOOD[:5]], [GOOD, GOOD], [[-1, *GOOD[1:]]], [[True, *GOOD[1:]]], [[7, "lorry", *GOOD[2:]]], [[7, ["bus"], *GOOD[2:]]],
        [[7, "bus", 0.1, 0.2, 1.5, 0.6]], [[7, "bus", 0.1, 0.2, float("nan"), 0.6]], [[7, "bus", 0.5, 0.2, 0.1, 0.6]],
        [[7, "bus", "0", 0.2, 0.5, 0.6]], [[n, *GOOD[1:]] for n in range(keeping.MOST + 1)],
    ],
)  # fmt: skip
def test_what_no_hand_can_draw_is_not_taken(boxes: Any) -> None:
    mine = kept()
    mine.obey(PICTURE, "", {"photo": PICTURE, "boxes": boxes})
    assert mine.of(PICTURE, "") == TRUTHS[:2]


def test_what_a_hand_draws_is_kept_by_picture() -> None:
    mine = kept()
    mine.obey(PICTURE, "", {"photo": PICTURE, "boxes": [GOOD], "at": 0.75, "view": "bus", "name": "cat"})
    assert keeping.told(mine.of(PICTURE, "")) == [GOOD] and (mine.at, mine.view, mine.name) == (0.75, "bus", "cat")
    mine.obey("another", "", {"photo": PICTURE, "boxes": []})
    mine.obey(PICTURE, "", {"photo": PICTURE, "at": 0.51})
    mine.obey(PICTURE, "", {"photo": PICTURE, "at": "0.5", "view": 3})
    assert mine.of(PICTURE, "") and mine.of("another", "") == () and mine.at == 0.75 and mine.view == "bus"
    for number in range(keeping.MOST_PICTURES):
        mine.keep(f"picture {number}", ())
    assert len(mine.boxes) == keeping.MOST_PICTURES and PICTURE not in mine.boxes


def test_the_browser_hears_which_of_its_messages_was_heard() -> None:
    mine = kept()
    mine.obey(PICTURE, "", {"photo": PICTURE, "number": 8, "boxes": [GOOD], "name": "cat"})
    assert mine.heard == 8 and mine.name == "cat" and keeping.told(mine.of(PICTURE, "")) == [GOOD]
    mine.obey(PICTURE, "", {"photo": PICTURE, "number": "nine"})
    mine.obey(PICTURE, "", {"photo": PICTURE})
    assert mine.heard == 8


def test_our_own_pictures_come_with_true_boxes_where_the_model_has_their_classes() -> None:
    mine = keeping.Kept(names=("car", "truck"))
    assert {one.name for one in mine.of("x", "two")} == {"car", "truck"}
    assert mine.given("x", "two") and not mine.given("x", "")
    mine.obey("x", "two", {"photo": "x", "boxes": []})
    assert mine.of("x", "two") == () and not mine.given("x", "two"), "removed is removed"
    assert keeping.Kept(names=("0", "1")).of("x", "two") == ()


def test_a_file_is_taken_or_its_line_is_named() -> None:
    mine = kept()

    def send(content: bytes, **more: Any) -> None:
        file = {"name": "street.txt", "content": base64.b64encode(content).decode(), "size": len(content), **more}
        mine.obey(PICTURE, "", {"photo": PICTURE, "file": file})

    send(b"0 .5 .5 .2 .2\n9 .5 .5 .2 .2")
    assert mine.wrong and "street.txt, line 2: class 9; this model has 3 classes" in mine.said
    assert mine.of(PICTURE, "") == TRUTHS[:2]
    send(b"", size=70_000)
    assert mine.wrong and "has 70 kB; at most 64 kB" in mine.said
    mine.obey(PICTURE, "", {"photo": PICTURE, "file": {"name": 3, "content": "*"}})
    assert mine.wrong
    send(b"2 .5 .5 .2 .2")
    assert not mine.wrong and "1 true box in place" in mine.said and mine.files == 4
    assert [one.name for one in mine.of(PICTURE, "")] == ["cat"]
    mine.obey(PICTURE, "", {"photo": PICTURE, "boxes": [GOOD]})
    assert mine.said == ""


# -- the tab


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered by hand."""

    def ask(task: str, card: Any, question: Any) -> Any:
        return Looked(question.photo.content, 100, 50) if task == "look" else answer()

    monkeypatch.setattr(asking, "ask", ask)


def script() -> None:
    from playground.specs.detection import DetectionSpec
    from playground.ui import controls
    from playground.ui.page import heading
    from playground.ui.parts import score_boxes
    from tests.pages import test_score_boxes as here

    heading("Title\n\nWords.", "detection")
    score_boxes.show(here.photo(), None, controls.begin(DetectionSpec, "detection"), "detection")  # type: ignore[arg-type]


def opened(*truths: TrueBox, **link: str) -> tuple[AppTest, dict[str, Any]]:
    app = AppTest.from_function(script, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    made = keeping.Kept()
    made.keep(PICTURE, truths)
    app.session_state[KEPT] = made
    page = app.run()
    (item,) = page.get("bidi_component")
    return page, json.loads(item.proto.json)[0]


def test_the_tab_shows_what_is_counted(asked: None) -> None:
    page, data = opened(*TRUTHS, v="detection1", iou="0.95")
    assert problems(page) == []
    assert data["boxes"] == keeping.told(TRUTHS) and data["edits"] == ["at", "boxes", "confidence", "name", "view"]
    assert [one["hit"] for one in data["scored"]["found"]] == [1, 2, -1, -1, 3]
    assert [one["name"] for one in data["scored"]["classes"]] == ["person", "bus", "dog"]
    assert data["names"] == list(NAMES) and data["often"] == ["bus", "person", "cat"] and data["name"] == "bus"
    assert data["thresholds"] == list(THRESHOLDS)
    assert (data["heard"], data["given"], data["said"]) == (0, False, ["", False, 0])
    assert [one["colour"] for one in data["scored"]["classes"]] == [tint(0).colour, tint(1).colour, ""]
    assert any("4 true boxes" in item.value for item in page.markdown)
    assert [item.label for item in page.get("download_button")] == ["True boxes (YOLO txt)"]
    assert not page.query_params.keys() & {"boxes", "truths", "at", "view"}


def test_without_true_boxes_it_says_what_to_do(asked: None) -> None:
    page, data = opened()
    assert problems(page) == [] and data["boxes"] == [] and data["scored"]["classes"] == []
    assert any("Draw a box around every object" in item.value for item in page.markdown)


def test_while_the_model_wakes_up_nothing_is_scored(asked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ask", lambda task, card, question: asking.Waiting("The model is waking up."))
    page, data = opened(*TRUTHS)
    assert problems(page) == [] and data["scored"] is None and data["edits"] == ["confidence"]


def test_a_lesson_locks_the_confidence_and_presenting_leaves_prose_out(asked: None) -> None:
    page, data = opened(*TRUTHS, lock="confidence", present="1")
    assert data["edits"] == ["at", "boxes", "name", "view"] and data["present"]
    assert not any("true boxes" in item.value for item in page.markdown)


def test_the_file_is_called_as_the_picture() -> None:
    assert (
        file_name(Photo(b"", "a street (1).jpg")) == "a-street-1.txt" and file_name(Photo(b"", "///")) == "picture.txt"
    )
