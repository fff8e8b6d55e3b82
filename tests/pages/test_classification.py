"""The page Image classification: alive at once, own pictures good and bad, models on disk and not, links, results."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.core.settings import Settings
from playground.core.vision import Classified, Photo, Prediction
from playground.data.examples import EXAMPLES
from playground.data.spreadsheet import harmless
from playground.ui import asking, provider
from playground.ui.parts import classification as part
from playground.ui.parts import classification_models as models
from playground.ui.parts import classification_results as results
from playground.ui.parts import classification_two as two
from playground.ui.parts import tray as pictures
from tests.pages.support import canvas_data, open_page, problems
from tests.timm_folder import LABELS, telling


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The models folder with two small networks in it."""
    telling(tmp_path / "models", "pets", seed=0)
    telling(tmp_path / "models", "zoo", seed=1)
    provider.rescan()
    return tmp_path / "models"


def jpeg(colour: str = "orange", size: tuple[int, int] = (90, 60)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "JPEG")
    return held.getvalue()


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Bring pictures, as the uploader hands them over."""
    return page.file_uploader[0].set_value([(name, content, "image/jpeg") for name, content in files]).run()


def component(page: AppTest, name: str) -> dict[str, Any]:
    """What a component of the page was given."""
    for item in page.get("bidi_component"):
        proto = item.proto
        if proto.component_name == f"playground.{name}":
            return json.loads(proto.json)[0]
    raise AssertionError(f"no {name} on the page: {canvas_data(page)[:300]}")


def test_it_opens_with_an_example_answered(folder: Path) -> None:
    page = open_page("classification")
    assert problems(page) == []
    answer = component(page, "answer")
    assert answer["state"] == "answered" and answer["picture"]["src"].startswith("data:image/jpeg")
    assert [row["full"] for row in answer["rows"]] and {row["full"] for row in answer["rows"]} == set(LABELS)
    assert sum(row["score"] for row in answer["rows"]) == pytest.approx(1, abs=1e-5)
    assert page.query_params["example"] == next(iter(EXAMPLES)) and page.query_params["model"] in ("pets", "zoo")
    assert [tile["id"] for tile in component(page, "strip")["tiles"]] == list(EXAMPLES)
    said = " ".join(item.value for item in page.markdown)
    assert "three classes (cat, dog, parrot)" in said  # what the label space bounds


def test_a_link_restores_model_picture_and_number_of_answers(folder: Path) -> None:
    page = open_page("classification", model="zoo", example="coffee", top="2")
    assert problems(page) == []
    answer = component(page, "answer")
    assert (answer["name"], answer["picture"]["name"], len(answer["rows"])) == ("zoo", "coffee", 2)
    assert component(page, "strip")["chosen"] == "coffee"


def test_what_a_link_names_wrongly_is_said_and_the_rest_kept(folder: Path) -> None:
    page = open_page("classification", model="petz", example="cofee", top="2", second="nobody", method="gradcam")
    said = " ".join(item.value for item in page.warning)
    assert "Did you mean 'pets'" in said.replace("\\", "") and "Did you mean 'coffee'" in said.replace("\\", "")
    assert "Second model" in said and page.query_params["second"] == ""
    assert page.query_params["top"] == "2" and len(component(page, "answer")["rows"]) == 2
    assert not page.exception and not page.error
    assert not page.run().warning, "it is said once"


def test_several_uploads_are_all_answered_and_bad_ones_keep_nobody_else_from_it(folder: Path) -> None:
    page = open_page("classification")
    upload(page, ("a.jpg", jpeg("red")), ("page.jpg", b"<html>no picture"), ("empty.png", b""), ("b.jpg", jpeg("blue")))
    tiles = {tile["name"]: tile for tile in component(page, "strip")["tiles"] if tile["own"]}
    assert list(tiles) == ["a.jpg", "page.jpg", "empty.png", "b.jpg"]
    assert tiles["a.jpg"]["caption"] in LABELS and tiles["b.jpg"]["caption"] in LABELS
    assert tiles["a.jpg"]["src"].startswith("data:image/jpeg") and not tiles["a.jpg"]["wrong"]
    assert tiles["page.jpg"]["wrong"] and tiles["empty.png"]["wrong"]
    (words,) = [item.value for item in page.error]
    assert "page" in words and "not a picture that can be read here" in words and "is empty" in words
    answer = component(page, "answer")
    assert answer["state"] == "answered" and answer["picture"]["alt"] == "a.jpg"
    assert "90 x 60 pixels" in answer["picture"]["credit"]
    assert page.query_params["example"] == "", "one's own picture is in no link"
    assert "a.jpg" not in json.dumps(dict(page.query_params))


def test_a_bad_file_alone_is_said_in_the_pictures_place(folder: Path) -> None:
    page = upload(open_page("classification"), ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    answer = component(page, "answer")
    assert answer["state"] == "failed" and "is a drawing (SVG)" in answer["picture"]["words"]
    assert not page.error and not page.exception


def test_what_was_done_to_a_picture_is_said(folder: Path) -> None:
    held = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (90, 60), "green").save(held, "JPEG", exif=turned)
    page = upload(open_page("classification"), ("phone.jpg", held.getvalue()))
    credit = component(page, "answer")["picture"]["credit"]
    assert "60 x 90 pixels" in credit and "Turned upright" in credit


def test_a_camera_is_asked_for_only_when_it_is_wanted(folder: Path) -> None:
    page = open_page("classification")
    with pytest.raises(AssertionError):
        component(page, "camera")
    page.session_state["playground.ui.parts.tray.Tray/classification"].camera = True
    page.run()
    assert component(page, "camera")["height"] and problems(page) == []
    with pytest.raises(AssertionError):
        component(page, "answer")


@pytest.mark.parametrize("tab", ["Two models", "Code", "References"])
def test_every_tab_of_this_page_opens(folder: Path, tab: str) -> None:
    page = open_page("classification")
    page.session_state["classification-tabs"] = tab
    page.run()
    assert problems(page) == []


def test_two_models_answer_the_same_picture(folder: Path) -> None:
    page = open_page("classification", model="pets", second="zoo", example="cat")
    page.session_state["classification-tabs"] = "Two models"
    page.run()
    sides = component(page, "two")["sides"]
    assert [side["state"] for side in sides] == ["answered", "answered"]
    assert sides[0]["rows"] != sides[1]["rows"] and all(row["shared"] for row in sides[0]["rows"])
    said = " ".join(item.value for item in page.markdown)
    assert "Both say" in said or "They disagree" in said
    assert page.query_params["second"] == "zoo"


def test_a_model_that_is_not_on_disk_is_offered_and_the_page_goes_on(folder: Path) -> None:
    page = open_page("classification", model="resnet18", example="cat")
    assert component(page, "answer")["state"] == "answered" and component(page, "answer")["name"] in ("pets", "zoo")
    assert page.query_params["model"] == "resnet18"
    assert any("not on disk" in item.value for item in page.caption)
    (button,) = [item for item in page.button if item.label.startswith("Download")]
    assert "about 47 MB" in button.label


def test_a_download_that_fails_says_why_and_the_page_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline = Settings(data=str(folder.parent), models=str(folder), offline=1)
    monkeypatch.setattr(provider, "settings", lambda: offline)
    page = open_page("classification", model="resnet18")
    next(item for item in page.button if item.label.startswith("Download")).click().run()
    provider.pulls().stop(20)
    page.run()
    assert any("offline" in item.value.lower() for item in page.error), [item.value for item in page.error]
    assert any(item.label.startswith("Try again") for item in page.button)
    assert component(page, "answer")["state"] == "answered"


def test_a_public_server_downloads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = Settings(mode="public", data=str(folder.parent), models=str(folder))
    monkeypatch.setattr(provider, "settings", lambda: public)
    page = open_page("classification", model="resnet18")
    assert not [item for item in page.button if item.label.startswith("Download")]
    assert any("playground models pull resnet18" in item.value for item in page.caption)
    assert component(page, "answer")["state"] == "answered"


def test_a_folder_that_is_no_model_says_what_is_wrong_with_it(folder: Path) -> None:
    (folder / "torn").mkdir()
    (folder / "torn" / "config.json").write_text('{"architecture": "resnet18"}')
    provider.rescan()
    page = open_page("classification", model="torn")
    assert any("no weights beside it" in item.value for item in page.warning)
    assert component(page, "answer")["state"] == "answered"


def test_without_any_model_the_page_has_its_starter_says_so_and_offers_others() -> None:
    page = open_page("classification")
    assert problems(page) == []
    found = component(page, "answer")
    assert (found["name"], found["state"], found["label"]) == ("starter_cifar10", "answered", "airplane")
    assert any("comes with the playground answers" in item.value for item in page.caption)
    page = open_page("classification", example="coffee")
    found = component(page, "answer")
    assert (found["state"], found["label"]) == ("none", "None of my ten classes") and "threshold of" in found["notes"]
    page = next(item for item in page.selectbox if item.label == "Model").set_value("resnet18").run()
    assert any(item.label == "Download (about 47 MB)" for item in page.button)
    assert component(page, "answer")["name"] == "starter_cifar10", "it goes on meanwhile"


def test_a_picture_that_is_none_of_the_classes_is_said_to_be_none(tmp_path: Path) -> None:
    strict = {"score": "max_softmax", "threshold": 0.999}
    telling(tmp_path / "models", "strict", seed=0, refusal=strict)
    provider.rescan()
    page = open_page("classification", model="strict", example="coffee")
    answer = component(page, "answer")
    assert answer["state"] == "none" and answer["grey"] and answer["label"] == "None of my three classes"
    assert "Below 99.9 % this model" in answer["notes"]
    assert any("softmax shares out 100 %" in item.value for item in page.markdown)


def test_a_lesson_hides_and_locks(folder: Path) -> None:
    page = open_page("classification", hide="model,example", lock="top")
    assert "Model" not in [item.label for item in page.selectbox]
    assert not page.file_uploader
    with pytest.raises(AssertionError):
        component(page, "strip")
    assert next(item for item in page.slider if item.label == "Answers").disabled
    locked = open_page("classification", lock="model,example")
    assert component(locked, "strip")["locked"] and not locked.file_uploader
    assert next(item for item in locked.selectbox if item.label == "Model").disabled


# -- what a session keeps


def test_a_session_keeps_so_many_pictures_and_so_many_bytes() -> None:
    tray = pictures.Tray()
    first = tray.add([Photo(b"x" * 10, f"{i}.jpg") for i in range(4)], most=3, megabytes=1)
    assert [bool(one.problem) for one in tray.pictures] == [False, False, False, True]
    assert first == tray.pictures[0].id and "3 pictures of your own" in tray.pictures[3].problem
    assert tray.pictures[3].photo.content == b"", "what was refused is not kept"
    full = pictures.Tray()
    full.add([Photo(b"x" * 900_000, f"{i}.jpg") for i in range(6)], most=12, megabytes=1)
    assert sum(len(one.photo.content) for one in full.pictures) <= pictures.BYTES_IN_ALL * 1e6
    assert [bool(one.problem) for one in full.pictures] == [False] * 4 + [True] * 2
    large = pictures.Tray()
    assert large.add([Photo(b"x" * 1_000_001, "large.jpg")], most=3, megabytes=1) == ""
    assert "at most 1 MB" in large.pictures[0].problem
    for number in range(50):
        large.say(f"{number}.jpg", "no", most=3)
    assert len(large.pictures) == 3


def test_what_is_no_picture_takes_nobodys_place() -> None:
    tray = pictures.Tray()
    tray.add([Photo(b"no", "no.jpg"), Photo(b"yes", "yes.jpg")], most=2, megabytes=1)
    tray.unreadable = frozenset({tray.pictures[0].id})
    assert tray.add([Photo(b"more", "more.jpg")], most=2, megabytes=1) == tray.pictures[2].id
    assert tray.add([Photo(b"x", "x.jpg")], most=2, megabytes=1) == ""
    assert "2 pictures of your own" in tray.pictures[-1].problem


def test_the_same_picture_handed_over_twice_is_one() -> None:
    tray = pictures.Tray()
    first = tray.add([Photo(b"x", "a.jpg"), Photo(b"x", "b.jpg")], most=3, megabytes=1)
    assert tray.add([Photo(b"x", "a.jpg"), Photo(b"x", "b.jpg")], most=3, megabytes=1) == first
    assert [one.photo.name for one in tray.pictures] == ["a.jpg", "b.jpg"]


def test_removing_shows_the_neighbour() -> None:
    tray = pictures.Tray()
    tray.add([Photo(b"x", f"{i}.jpg") for i in range(3)], most=3, megabytes=1)
    a, b, c = (one.id for one in tray.pictures)
    tray.chosen = b
    tray.remove(b)
    assert tray.chosen == c
    tray.remove("nobody")
    tray.remove(c)
    assert tray.chosen == a
    tray.remove(a)
    assert tray.chosen == "" and not tray.pictures


# -- words and results


def answer(*scores: float, labels: tuple[str, ...] = LABELS, refused: bool = False) -> Classified:
    made = tuple(Prediction(name, i, score) for i, (name, score) in enumerate(zip(labels, scores, strict=False)))
    return Classified(made, refused, 0.0123456, "CPU", "PyTorch")


def test_results_are_those_of_the_command_line_and_harmless_in_a_spreadsheet(folder: Path) -> None:
    card = provider.catalog()["pets"]
    given = {
        "1": ("=cmd|'/c calc'!A1.jpg", answer(0.7, 0.2, 0.1)),
        "2": ("bad.jpg", asking.Refused("=bad.jpg is empty.")),
        "3": ("later.jpg", asking.Waiting("")),
    }
    made = results.records(given, card)
    assert made[0] == {
        "file": "=cmd|'/c calc'!A1.jpg",
        "model": "pets",
        "predictions": [
            {"label": "cat", "index": 0, "score": 0.7},
            {"label": "dog", "index": 1, "score": 0.2},
            {"label": "parrot", "index": 2, "score": 0.1},
        ],
        "seconds": 0.012346,
    }
    assert made[1] == {"file": "bad.jpg", "model": "pets", "error": "=bad.jpg is empty."} and len(made) == 2
    rows = list(csv.reader(io.StringIO(results.table(made))))
    assert len(rows) == 5 and rows[1][:5] == ["'=cmd|'/c calc'!A1.jpg", "pets", "1", "cat", "0"]
    assert rows[4][-1] == "'=bad.jpg is empty."
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["=1", "+1+1", "-1-A2", "@a", "\t=1", "\r=1", "\uff1d1"])
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("a" + text) == "a" + text
    assert harmless("-1") == "-1" and harmless("+2.5e3") == "+2.5e3"


def test_agreement_in_words(folder: Path) -> None:
    pets, zoo = provider.catalog()["pets"], provider.catalog()["zoo"]
    same = two.agreement(answer(0.9, 0.05), answer(0.6, 0.3), pets, zoo)
    assert "Both say “cat”: 90.0 % and 60.0 %" in same and "pets" in same and "Two of the first two" in same
    swapped = answer(0.6, 0.3, labels=("dog", "cat"))
    apart = two.agreement(answer(0.9, 0.05), swapped, pets, zoo)
    assert "They disagree" in apart and "“cat” at place 2, with 30.0 %" in apart
    assert "does not have “cat”" in two.agreement(answer(0.9), answer(0.6, labels=("dog",)), pets, zoo)
    assert "Both models say" in two.agreement(answer(1, refused=True), answer(1, refused=True), pets, zoo)
    assert "says “cat”" in two.agreement(answer(1), answer(1, refused=True), pets, zoo)
    assert two.agreement(asking.Waiting(""), answer(1), pets, zoo) == ""


def test_models_with_other_classes_are_not_compared_by_number(folder: Path) -> None:
    telling(folder, "birds", ("hen", "cock"), seed=2)
    catalog = provider.rescan()
    said = two.agreement(answer(1), answer(1, labels=("hen",)), catalog["pets"], catalog["birds"])
    assert "choose among different names" in said and "three classes" in said and "two classes" in said


def test_shares_are_neither_rounded_to_nothing_nor_to_all() -> None:
    assert models.percent(0.7134) == "71.3 %" and models.percent(1.0) == "100.0 %" and models.percent(0.0) == "0.0 %"
    assert models.percent(0.99999) == "more than 99.9 %" and models.percent(0.00001) == "less than 0.1 %"


def test_imagenets_many_names_are_cut_where_that_tells_two_classes_apart(folder: Path) -> None:
    card = provider.catalog()["resnet18"]
    cranes = (
        Prediction("crane", 517, 0.5),
        Prediction("crane, the bird", 134, 0.3),
        Prediction("tabby, tabby cat", 281, 0.2),
    )
    assert part.briefs(cranes, card) == ["crane", "crane, the bird", "tabby"]
    assert part.briefs(cranes, provider.catalog()["pets"]) == [one.label for one in cranes]
