"""The page Object detection without a network: alive at once, thresholds that ask nothing anew, classes, results, words."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.catalog.card import Card, Local
from playground.core.detection import Candidates, Cut, Cuttings, Detect, Detected, Draw, Drawn, Grid
from playground.core.settings import Settings
from playground.core.vision import Box, Looked, Photo
from playground.data import objects
from playground.data.examples import OBJECTS
from playground.specs.detection import TABS, DetectionSpec
from playground.ui import asking, provider
from playground.ui.parts import detection as part
from playground.ui.parts import detection_controls as thresholds
from playground.ui.parts import detection_results as results
from playground.ui.parts import detection_words as words
from playground.ui.parts.pictured_answers import Shown
from tests.pages.support import open_page, problems

CARD = Card(
    name="made", title="Made", summary="Made for a test.", task="detect", source=Local("", ("made.pt",)), architecture="ultralytics"
)  # fmt: skip
NAMES = ("person", "bus", "=cat")
TOOLS = ("Video", "How it decided", "Score my own boxes")


def answer(*, end_to_end: bool = False) -> Detected:
    """Two people, the first proposed twice, a bus, and a cat that nobody is sure of."""
    boxes = [[10, 10, 30, 40], [11, 10, 31, 41], [40, 10, 60, 40], [5, 5, 62, 44], [50, 2, 55, 6]]
    scores = np.array([0.9, 0.8, 0.5, 0.3, 0.04], np.float32)
    found = Candidates(np.array(boxes, np.float32), scores, np.array([0, 0, 0, 1, 2]), np.arange(5))
    grids = (Grid(8, 6, 8), Grid(16, 3, 4), Grid(32, 2, 2))
    heat = np.zeros(64, np.float16)
    return Detected(
        found, NAMES, end_to_end, grids, heat, (48, 64), Box(0, 0, 1, 1), 64, 48, None, 0.0123456, "CPU", "by hand"
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of models; answered by hand, and pictures that are none are refused."""
    heard: list[Any] = []

    def ask(task: str, card: Card | None, question: Any, *_: Any) -> Any:
        if task == "film":
            return asking.Waiting("Frame 1 of 2")
        if not question.photo.content.startswith(b"\xff\xd8"):
            return asking.Refused(f"{question.photo.name} is not a picture that can be read here.")
        if task == "look":
            return Looked(question.photo.content, 64, 48)
        heard.append(question)
        return answer(end_to_end=bool(card and card.name == "free"))

    monkeypatch.setattr(asking, "ask", ask)
    return heard


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[Any]) -> list[Any]:
    """Two detectors on disk, one of which needs no suppression."""
    folder = tmp_path / "models"
    folder.mkdir()
    cards = dict(provider.rescan().cards)
    for name in ("made", "free"):
        (folder / f"{name}.pt").touch()
        cards[name] = dataclasses.replace(CARD, name=name, title=name.capitalize(), source=Local("", (f"{name}.pt",)))
    catalog = dataclasses.replace(provider.catalog(), cards=cards, problems=())
    monkeypatch.setattr(provider, "catalog", lambda: catalog)
    return asked


def jpeg() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(held, "JPEG")
    return held.getvalue()


def given(page: AppTest, name: str = "boxes") -> dict[str, Any]:
    for item in page.get("bidi_component"):
        if item.proto.component_name == f"playground.{name}":
            data: dict[str, Any] = json.loads(item.proto.json)[0]
            return data
    raise AssertionError(f"no {name} on the page: {problems(page)}")


def said(page: AppTest) -> str:
    return " ".join(item.value for kind in ("markdown", "caption", "warning") for item in getattr(page, kind))


def test_it_opens_with_an_example_answered_and_every_box_that_any_confidence_shows(made: list[Any]) -> None:
    page = open_page("detection", model="made")
    assert problems(page) == []
    data = given(page)
    assert data["state"] == "answered" and data["picture"]["src"].startswith("data:image/jpeg")
    assert [(one[0], one[1]) for one in data["things"]] == [(0, 0.9), (0, 0.5), (1, 0.3), (2, 0.04)], (
        "the double is gone"
    )
    assert data["things"][0][2:6] == [10, 10, 30, 40] and (data["wide"], data["high"]) == (64, 48)
    assert [data["classes"][str(number)][0] for number in range(3)] == list(NAMES)
    assert page.query_params["model"] == "made" and page.query_params["example"] == next(iter(OBJECTS))
    assert "Three detections: 2 × “person” and 1 × “bus”" in said(page)
    assert "4 of them are that sure" in said(page), "before suppression"
    assert "NMS suppresses one that overlaps a surer box of the same class by an IoU above 0.70" in said(page)


def test_thresholds_are_in_the_link_and_moving_them_asks_the_network_nothing_anew(made: list[Any]) -> None:
    page = open_page("detection", model="made", confidence="0.4", iou="1", all="1", most="2")
    assert problems(page) == [] and len(given(page)["things"]) == 5, "at 1 nothing is suppressed"
    assert (
        given(page)["confidence"] == 0.4 and given(page)["most"] == 2 and "Two detections: 2 × “person”" in said(page)
    )
    assert "at an IoU threshold of 1.00 NMS suppresses none of them" in said(page)
    next(item for item in page.slider if item.label == "IoU").set_value(0.5).run()
    assert len(given(page)["things"]) == 4 and page.query_params["iou"] == "0.5"
    next(item for item in page.multiselect if item.label == "Classes").set_value(["bus"]).run()
    assert [one[0] for one in given(page)["things"]] == [1] and page.query_params["classes"] == "bus"
    assert len(set(made)) == 1, "one question, whatever the thresholds"


def test_classes_that_the_model_does_not_know_are_said(made: list[Any]) -> None:
    page = open_page("detection", model="made", classes="Bus,persn")
    assert "Did you mean 'person'" in said(page).replace("\\", "")
    assert [one[0] for one in given(page)["things"]] == [1]


def test_what_a_link_names_wrongly_is_said_and_the_rest_kept(made: list[Any]) -> None:
    page = open_page("detection", model="mad", example="buss", confidence="0.5")
    text = said(page).replace("\\", "")
    assert "Did you mean 'made'" in text and "Picture: " in text
    assert given(page)["confidence"] == 0.5 and not page.exception


def test_a_model_without_suppression_has_no_controls_of_it_and_says_why(made: list[Any]) -> None:
    page = open_page("detection", model="free", all="1")
    assert problems(page) == []
    assert "IoU" not in [item.label for item in page.slider] and "Class-agnostic NMS" not in [
        item.label for item in page.toggle
    ]
    assert "proposes each object once" in said(page)
    assert len(given(page)["things"]) == 5, "nothing is dropped"


def test_several_uploads_are_all_answered_and_a_bad_one_keeps_nobody_else_from_it(made: list[Any]) -> None:
    page = open_page("detection", model="made")
    files = [
        ("a.jpg", jpeg(), "image/jpeg"),
        ("page.jpg", b"<html>", "image/jpeg"),
        ("b.jpg", jpeg() + b" ", "image/jpeg"),
    ]
    page.file_uploader[0].set_value(files).run()
    tiles = {tile["name"]: tile for tile in given(page, "strip")["tiles"] if tile["own"]}
    assert tiles["a.jpg"]["caption"] == "3 detections" == tiles["b.jpg"]["caption"] and tiles["page.jpg"]["wrong"]
    assert any("not a picture" in item.value.replace("\\", "") for item in page.error)
    assert given(page)["picture"]["alt"] == "a.jpg" and page.query_params["example"] == ""


def test_a_bad_file_alone_is_said_in_the_pictures_place(made: list[Any]) -> None:
    page = open_page("detection", model="made")
    page.file_uploader[0].set_value([("page.jpg", b"<html>", "image/jpeg")]).run()
    data = given(page)
    assert data["state"] == "failed" and "not a picture" in data["picture"]["words"] and data["things"] == []
    assert not page.exception


def test_the_small_detector_says_what_it_sees_and_offers_a_larger_one(
    asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("detection")
    assert problems(page) == [] and given(page)["name"] == "starter_scenes"
    assert "ten digits and eight shapes" in said(page)
    (button,) = [item for item in page.button if item.label.startswith("Get ")]
    assert "YOLO11n" in button.label.replace("\\", "") and "MB" in button.label
    public = Settings(mode="public", data=provider.settings().data, models=provider.settings().models)
    monkeypatch.setattr(provider, "settings", lambda: public)
    assert not [item for item in open_page("detection").button if item.label.startswith("Get ")]


@pytest.mark.parametrize("tab", ["Code", "References", *TOOLS])
def test_every_tab_opens(made: list[Any], tab: str) -> None:
    page = open_page("detection", model="made")
    page.session_state["detection-tabs"] = tab
    page.run()
    assert not page.exception and not page.error
    with pytest.raises(AssertionError):
        given(page)
    sliders = [item.label for item in page.slider]
    assert ("Confidence" in sliders) == (tab == "Video")
    assert TABS[page.query_params["tab"]] == tab, "the link opens with it"


def test_a_link_opens_its_tab_and_a_lesson_may_show_that_tab_alone(made: list[Any]) -> None:
    page = open_page("detection", model="made", tab="code")
    assert problems(page) == [] and page.query_params["tab"] == "code"
    assert [tab.label for tab in page.tabs] == list(TABS.values())
    first = next(item.value for item in page.code if item.language == "python")
    assert first.startswith("def letterbox"), "what ran comes first: the picture becomes what the network wants"
    assert [tab.label for tab in open_page("detection", model="made", tab="code", lock="tab").tabs] == ["Code"]
    assert given(open_page("detection", model="made", tab="codes"))["state"] == "answered"


def test_the_controls_of_boxes_stand_together_under_one_heading(made: list[Any]) -> None:
    page = open_page("detection", model="made", tab="video", all="1")
    assert [item.value for item in page.markdown].count("**Boxes**") == 1
    labels = [item.label for item in page.slider]
    start = labels.index("Confidence")
    assert labels[start : start + 3] == ["Confidence", "IoU", "Max. detections"]
    (classes,) = [item for item in page.multiselect if item.label == "Classes"]
    assert "comma" not in classes.help


def test_a_lesson_hides_and_locks(made: list[Any]) -> None:
    page = open_page("detection", model="made", hide="model,example,classes", lock="confidence", all="1")
    assert not page.file_uploader and "Model" not in [item.label for item in page.selectbox]
    assert "Classes" not in [item.label for item in page.multiselect]
    assert given(page)["edits"] == [] and not given(page)["hidden"]
    assert given(open_page("detection", model="made", hide="confidence"))["hidden"]


# -- results


def taken() -> dict[str, tuple[str, Any]]:
    return {
        "1": ("=a.jpg", answer()),
        "2": ("sub/=a.jpg", answer()),
        "3": ("bad.jpg", asking.Refused("bad.jpg is empty.")),
        "4": ("later.jpg", asking.Waiting("")),
    }


def test_results_are_those_of_the_command_line_and_harmless_in_a_spreadsheet() -> None:
    rows = results.records(taken(), DetectionSpec(confidence=0.01), CARD)
    assert rows[0] == objects.picture(
        "=a.jpg", "made", results.found_in(answer(), DetectionSpec(confidence=0.01)), 0.0123456
    )
    assert rows[0]["predictions"][0]["box"] == [10, 10, 30, 40] and len(rows[0]["predictions"]) == 4
    assert rows[2] == {"file": "bad.jpg", "model": "made", "error": "bad.jpg is empty."} and len(rows) == 3
    cells = list(csv.reader(io.StringIO(objects.table(rows))))
    assert len(cells) == 1 + 4 + 4 and cells[1][:5] == ["'=a.jpg", "made", "", "person", "0"] and cells[4][3] == "'=cat"
    assert not [cell for row in cells for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_yolo_files_have_fractions_and_names_that_stay_in_their_folder() -> None:
    files = results.yolo_files(taken(), DetectionSpec(confidence=0.6))
    assert list(files) == ["_a.txt", "_a 2.txt", "classes.txt"] and files["classes.txt"] == "person\nbus\n=cat\n"
    label, *box = files["_a.txt"].split()
    assert label == "0" and [float(number) for number in box] == pytest.approx(
        [20 / 64, 25 / 48, 20 / 64, 30 / 48], abs=1e-5
    )
    assert results.yolo_files({}, DetectionSpec()) == {}
    assert zipfile.ZipFile(io.BytesIO(results.zipped(files))).namelist() == list(files)


def test_the_picture_and_its_pieces_are_asked_for_when_they_are_wanted() -> None:
    heard: list[Any] = []

    def ask(task: str, question: Any) -> Any:
        heard.append((task, question))
        return Drawn(b"png") if task == "draw" else Cuttings(tuple(b"jpeg" for _ in question.boxes))

    picture = Shown("1", Photo(b"x", "a.jpg"), own=True)
    assert results.png(ask, picture, answer(), DetectionSpec(labels=False)) == b"png"
    packed = zipfile.ZipFile(io.BytesIO(results.pieces(ask, picture, answer(), DetectionSpec(confidence=0.01))))
    assert packed.namelist() == ["001 person 90.jpg", "002 person 50.jpg", "003 bus 30.jpg", "004 _cat 4.jpg"]
    (_, draw), (_, cut) = heard
    assert isinstance(draw, Draw) and len(draw.things) == 3 and not draw.labels
    assert isinstance(cut, Cut) and cut.boxes[0] == (10, 10, 30, 40)


# -- words


def test_classes_are_found_by_name_and_cut_where_a_link_has_no_room() -> None:
    assert thresholds.numbers(" Bus, person,bus,,dog", NAMES) == ((1, 0), ("dog",))
    assert thresholds.fitting(["a" * 400, "b" * 300]) == "a" * 400


def test_words_follow_the_numbers() -> None:
    spec, none = DetectionSpec(confidence=0.95), answer()
    picture = Shown("1", Photo(b"x", "a b.jpg"), own=True)
    found = part.things(none, DetectionSpec(confidence=0.01).thresholds(()))
    assert "Nothing here is as sure as 95 %" in words.what_you_see(found, none, spec, CARD)
    assert "Made for a test" in words.what_you_see((), asking.Waiting(""), spec, CARD)
    assert words.listed(found, most=1) == "2 × “person” and 2 of other classes"
    high = words.what_you_see(found, none, DetectionSpec(confidence=0.01, iou=0.95), CARD)
    assert "at an IoU threshold as high as 0.95, NMS suppresses only one of them" in high
    line = words.command(spec.replace(classes="bus"), picture, CARD)
    assert line == "playground predict detect --model made 'a b.jpg' --conf 0.95 --classes bus --json"
    assert Detect(picture.photo) == Detect(picture.photo), "thresholds are no part of the question"
