"""Everything a detector proposes: each picture its own answer, by whatever engine, and the network asked but once."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from playground.catalog import exports
from playground.catalog.card import Card, Local
from playground.core.detection import Cover, Detect, Detected, Thresholds
from playground.core.errors import InputError, ModelUnavailable
from playground.core.vision import Box, Photo
from playground.functional.things import things
from playground.hub import detect, exporting, fast, quicker
from playground.hub.desk import Desk
from playground.hub.detector import Detector, Raw
from tests import tiny_yolo
from tests.timm_folder import drawn, png, timm_folder

quiet: Callable[[str], None] = lambda words: None  # noqa: E731


def at(models: Path) -> Desk:
    return Desk(models, budget=10**9, megabytes=20, megapixels=50)


def found(desk: Desk, card: Card, questions: list[Detect]) -> list[Detected]:
    answers = detect.detect(desk, card, questions, quiet)
    assert all(isinstance(one, Detected) for one in answers), answers
    return [one for one in answers if isinstance(one, Detected)]


def photo(seed: int, size: tuple[int, int] = (160, 120)) -> Photo:
    return Photo(png(drawn(seed, size)), f"{seed}.png")


def same(one: Detected, other: Detected) -> None:
    """The same proposals, cell by cell; the last of those that a model chooses itself may be others."""
    first, second = (
        {
            (int(cell), int(label)): number
            for number, (cell, label) in enumerate(zip(said.cells, said.labels, strict=True))
        }
        for said in (one.candidates, other.candidates)
    )
    both = first.keys() & second.keys()
    assert len(both) >= 0.98 * max(len(first), len(second)) > 10
    at, there = [first[key] for key in both], [second[key] for key in both]
    assert np.abs(one.candidates.scores[at] - other.candidates.scores[there]).max() < 1e-3
    assert np.abs(one.candidates.boxes[at] - other.candidates.boxes[there]).max() < 0.1
    assert np.abs(one.heat - other.heat).max() < 2e-3


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tiny_yolo.put(folder)
    return folder


@pytest.fixture(scope="module")
def card(models: Path) -> Card:
    return tiny_yolo.put(models)


def test_pictures_of_one_shape_go_together_and_say_what_each_says_alone(
    models: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: list[tuple[int, ...]] = []
    real = Detector.raw

    def counted(model: Detector, x: Any) -> Raw:
        shapes.append(x.shape)
        return real(model, x)

    monkeypatch.setattr(Detector, "raw", counted)
    desk = at(models)
    photos = [photo(0), photo(1, (120, 160)), photo(2), photo(3, (120, 160)), photo(4)]
    together = found(desk, card, [Detect(one, 320) for one in photos])
    assert shapes == [(3, 3, 256, 320), (2, 3, 320, 256)]
    for one, picture in zip(together, photos, strict=True):
        (alone,) = found(desk, card, [Detect(picture, 320)])
        same(one, alone)
        assert (one.width, one.height) == Image.open(io.BytesIO(picture.content)).size
        assert (alone.batch, alone.engine, alone.device, alone.names[0]) == (1, "PyTorch", "CPU", "kind 0")
        assert [grid.rows * grid.columns for grid in one.grids] == [40 * 32, 20 * 16, 10 * 8]
        assert one.heat.shape == (1680,) and len(one.candidates) <= 1680 and 0 < one.seconds < 60
    assert [one.batch for one in together] == [3, 2, 3, 2, 3]
    assert not np.array_equal(together[0].heat, together[2].heat)
    assert [list(batch) for batch in detect.batches({n: Fed(640, 640) for n in range(10)})] == [list(range(8)), [8, 9]]
    assert [list(batch) for batch in detect.batches({n: Fed(1280, 1280) for n in range(3)})] == [[0, 1], [2]]


def Fed(height: int, width: int) -> Any:  # noqa: N802 - stands for the class
    return type("Fed", (), {"size": (height, width)})()


def test_a_hundred_moves_of_the_thresholds_are_one_run_of_the_network(
    models: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = 0
    real = Detector.raw

    def counted(model: Detector, x: Any) -> Raw:
        nonlocal runs
        runs += 1
        return real(model, x)

    monkeypatch.setattr(Detector, "raw", counted)
    (answer,) = found(at(models), card, [Detect(photo(0), 320)])
    told = {len(things(answer, Thresholds(step / 100, 1 - step / 200))) for step in range(1, 101)}
    assert runs == 1 and len(told) > 20


def test_bad_pictures_get_their_words_and_the_others_their_answers(models: Path, card: Card) -> None:
    desk, good = at(models), Detect(photo(0), 320)
    wrong = {
        "is empty": Detect(Photo(b"", "x.png")),
        "not a picture": Detect(Photo(b"<html>", "page.jpg")),
        "A side of 9999 pixels": Detect(photo(0), 9999),
        "9 parts were to be covered; at most 8": replace(good, covers=(Cover(Box(0, 0, 1, 1)),) * 9),
        "parts have a size": replace(good, covers=(Cover(Box(0.5, 0, 0.5, 1)),)),
        "within 0 to 1": replace(good, covers=(Cover(Box(0, 0, 1, 1), Box(-1, 0, 1, 1)),)),
    }
    answers = detect.detect(desk, card, [good, *wrong.values(), good], quiet)
    assert isinstance(answers[0], Detected) and isinstance(answers[-1], Detected) and answers[0].batch == 2
    for words, answer in zip(wrong, answers[1:-1], strict=True):
        assert isinstance(answer, InputError) and words in str(answer), answer
    assert [type(one) for one in detect.detect(desk, None, [good, good], quiet)] == [InputError] * 2
    (other,) = detect.detect(desk, replace(card, task="classify"), [good], quiet)
    assert isinstance(other, ModelUnavailable) and "finds no objects" in str(other)
    gone = replace(card, name="gone", source=Local("", ("gone.pt",)))
    (missing,) = detect.detect(desk, gone, [good], quiet)
    assert isinstance(missing, ModelUnavailable) and "not on disk" in str(missing)


def test_what_is_covered_is_hidden_in_order_and_nowhere_else() -> None:
    image = drawn(0, (100, 60))
    before = np.asarray(image).copy()
    grey, copied = Cover(Box(0.1, 0.5, 0.3, 1.0)), Cover(Box(0.5, 0.5, 0.7, 1.0), Box(0.0, 0.0, 0.2, 0.5))
    after = np.asarray(detect.covered(image, [grey, copied]))
    assert (after[30:60, 10:30] == 114).all() and np.array_equal(after[30:60, 50:70], before[:30, :20])
    rest = np.ones((60, 100), bool)
    rest[30:60, 10:30] = rest[30:60, 50:70] = False
    assert np.array_equal(after[rest], before[rest]) and np.array_equal(np.asarray(image), before)
    assert detect.covered(image, []) is image


def test_a_quicker_copy_says_the_same_for_pictures_of_any_shape(tmp_path: Path) -> None:
    card = tiny_yolo.put(tmp_path, task="segment")
    questions = [Detect(photo(0), 320), Detect(photo(1, (70, 160)), 320), Detect(photo(2), 320), Detect(photo(3), 640)]
    before = found(at(tmp_path), card, questions)
    made = tmp_path / "made.onnx"
    told = exporting.make(fast.Order(card, tmp_path, made, tmp_path / "told", threads=1))
    assert told.problem == "" and told.difference <= quicker.SCORES and told.speed_up > 0
    exports.keep(card, tmp_path, made, replace(told, used=True, bytes=made.stat().st_size))
    desk = at(tmp_path)
    after = found(desk, card, questions)
    assert {one.engine for one in after} == {"ONNX Runtime"} and not desk.improve()
    for one, other in zip(before, after, strict=True):
        same(one, other)
        assert one.prototypes is not None and other.prototypes is not None
        assert np.abs(one.prototypes - other.prototypes).max() < 0.01
        assert any(thing.mask for thing in things(other, Thresholds(0.3)))
    assert desk.standing()[0].bytes > told.bytes

    tiny_yolo.put(tmp_path, "other", "segment", seed=1)
    shutil.copy(tmp_path / "other.pt", tmp_path / "tiny.pt")  # other weights: the copy no longer counts
    assert found(at(tmp_path), card, questions[:1])[0].engine == "PyTorch"


@pytest.mark.parametrize(("task", "end_to_end"), [("pose", False), ("detect", True)])
def test_other_heads_have_quicker_copies_too(tmp_path: Path, task: str, end_to_end: bool) -> None:
    card = tiny_yolo.put(tmp_path, task=task, end_to_end=end_to_end)
    made = tmp_path / "made.onnx"
    told = exporting.make(fast.Order(card, tmp_path, made, tmp_path / "told", threads=1))
    assert told.problem == "" and told.difference <= quicker.SCORES
    model = quicker.load(card, tmp_path).model
    assert quicker.adopt(model, made) > 0 and model.fast is not None
    (fed,) = model.prepare([drawn(1, (160, 120))], 320)
    scores, pixels = quicker.apart(model.by_torch(fed.pixels), model.raw(fed.pixels), tiny_yolo.CLASSES)
    assert scores <= quicker.SCORES and pixels <= quicker.PIXELS


def test_a_copy_of_something_else_never_answers(tmp_path: Path, models: Path, card: Card) -> None:
    timm_folder(tmp_path, "ten")
    model = quicker.load(card, models).model
    assert quicker.adopt(model, tmp_path / "ten" / "config.json") == 0 and model.fast is None
    assert quicker.apart((np.zeros((1, 7, 4)), None), (np.zeros((1, 7, 5)), None), 3) == (np.inf, np.inf)  # type: ignore[arg-type]
