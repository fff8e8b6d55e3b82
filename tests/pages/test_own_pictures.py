"""The page Your own pictures: alive at once, trains what is brought, says what changed, keeps to a lesson."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.core.transfer import Manner
from playground.specs.transfer import TransferSpec
from playground.ui import provider
from playground.ui.parts.own_album import Album, Kept
from playground.ui.parts.own_training import Course
from tests.pages.support import canvas_data, open_page, problems

KEY = "own_pictures"


def canvas(page: AppTest) -> dict[str, Any]:
    """What the canvas was given."""
    for item in page.get("bidi_component"):
        if item.proto.component_name == "playground.own_pictures":
            return json.loads(item.proto.json)[0]
    raise AssertionError(f"no canvas on the page: {canvas_data(page)[:300]}")


def kept(page: AppTest, kind: type, module: str) -> Any:
    """What this session keeps."""
    return page.session_state[f"playground.ui.parts.{module}.{kind.__name__}/{KEY}"]


def album_of(page: AppTest) -> Album:
    return kept(page, Album, "own_album")


def course_of(page: AppTest) -> Course:
    return kept(page, Course, "own_training")


def picture(number: int, bright: bool) -> bytes:
    random, held = np.random.default_rng(number), io.BytesIO()
    rows = random.integers(150 if bright else 0, 255 if bright else 100, (24, 24, 3), dtype=np.uint8)
    Image.fromarray(rows).resize((64, 64)).save(held, "JPEG")
    return held.getvalue()


def way(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in shown["ways"] if one["way"] == name)


def test_it_opens_with_an_example_learnt_and_answered() -> None:
    page = open_page(KEY)
    shown = canvas(page)
    assert problems(page) == [] and shown["status"] == "Trained." and not shown["working"]
    assert [one["name"] for one in shown["classes"]] == ["Bus", "Dog"] and shown["example"]
    assert [len(way(shown, name)["points"]) for name in ("last", "scratch", "tuned")] == [4, 4, 0]
    assert [row["title"] for row in shown["tried"]["rows"]] == ["Last layer only", "From scratch"]
    assert all(abs(sum(row["scores"]) - 1) < 1e-4 for row in shown["tried"]["rows"])
    assert shown["tried"]["label"] == "Dog" and shown["tried"]["rows"][0]["scores"][1] > 0.5
    (said,) = [item.value for item in page.markdown if "held-out pictures right" in item.value]
    assert said.startswith("**With 51 pictures a class,") and "include dogs" in said, (
        "what the starter knew before is said"
    )
    assert len(json.dumps(shown)) < 30_000, "pictures of the example come from one sheet"


def test_own_pictures_are_trained_both_ways_and_are_in_no_link() -> None:
    page = open_page(KEY, epochs="5")
    album = album_of(page)
    album.start_anew()
    for number in range(8):
        album.classes[number % 2].pictures.append(Kept(f"own-{number}", picture(number, number % 2 == 1)))
    album.classes[1].pictures.append(Kept("own-8", picture(8, bright=True)))
    page.run()
    shown = canvas(page)
    assert shown["status"] == "Ready: press Train." and way(shown, "last")["state"] == "none" and shown["tried"] is None
    card = provider.catalog()["starter_cifar10"]
    course_of(page).begin(album.lesson(), TransferSpec(epochs=5), card)
    album.tried = Kept("new", picture(99, bright=True))
    page.run()
    shown = canvas(page)
    assert problems(page) == [] and not shown["stale"] and shown["status"] == "Trained."
    assert [way(shown, name)["result"]["of"] for name in ("last", "scratch")] == [2, 2]
    assert (
        shown["names"] == ["Class 1", "Class 2"] and shown["tried"]["answered"] == "new" and not shown["tried"]["src"]
    )
    assert shown["tried"]["rows"][0]["scores"][1] > 0.5
    assert any(item.value.startswith("**With 3 to 4 pictures a class") for item in page.markdown)
    assert set(page.query_params) >= {"model", "augment"} and "own-" not in json.dumps(dict(page.query_params))
    album.classes[0].pictures.pop()
    page.run()
    shown = canvas(page)
    assert shown["stale"] and "Train again" in shown["status"]


def test_a_broken_picture_is_said_and_the_page_goes_on() -> None:
    page = open_page(KEY)
    album, course = album_of(page), course_of(page)
    assert course.training is not None
    album.tried = Kept("broken", b"<html>")
    page.run()
    tried = canvas(page)["tried"]
    assert tried["state"] == "refused" and "not a picture" in tried["words"] and problems(page) == []
    course.training.pieces[0].learnt, course.training.pieces[0].problem = None, "It went wrong."
    page.run()
    assert way(canvas(page), "last")["state"] == "refused" and way(canvas(page), "last")["words"] == "It went wrong."


def test_fine_tuning_and_stopping() -> None:
    page = open_page(KEY)
    course = course_of(page)
    assert course.training is not None
    album = album_of(page)
    for kind in album.classes:
        del kind.pictures[6:]
    course.begin(album.lesson(), TransferSpec(), course.training.card)
    course.training.stop()
    page.run()
    assert canvas(page)["status"] == "Stopped before it was done." and way(canvas(page), "last")["state"] == "none"
    course.begin(album.lesson(), TransferSpec(), course.training.card)
    course.training.tune(Manner())
    page.run()
    shown = canvas(page)
    assert way(shown, "tuned")["result"]["trained"] > way(shown, "last")["result"]["trained"]
    assert [row["title"] for row in shown["tried"]["rows"]] == ["Last layer only", "From scratch", "Fine-tuned"]


def test_a_lesson_can_lock_the_pictures() -> None:
    page = open_page(KEY, lock="pictures", all="1")
    assert canvas(page)["locked"] and not page.file_uploader and problems(page) == []


def test_every_tab_opens() -> None:
    page = open_page(KEY)
    for tab in ("Code", "References"):
        page.session_state[f"{KEY}-tabs"] = tab
        page.run()
        assert problems(page) == []
