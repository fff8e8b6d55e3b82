"""Shaking a picture: unchanged it is answered as ever, what changes is what was asked for, and edges bring nothing in."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from playground.catalog.listing import Catalog
from playground.core.errors import InputError
from playground.core.vision import SHAKINGS, Classified, Classify, Photo, Shake, Shaken, Shaking
from playground.hub import answers
from playground.hub.answering import MOST_CLASSES, followed
from playground.hub.desk import Desk
from playground.hub.shake import WAYS, rotate, shake, shift
from tests.looking import CARD, Corner, Here, quiet
from tests.timm_folder import drawn, png, timm_folder

PHOTO = Photo(png(drawn(3, (200, 120))), "drawn.png")
LARGE = Photo(png(drawn(4, (1500, 900))), "large.png")


@pytest.mark.parametrize("kind", SHAKINGS)
@pytest.mark.parametrize("photo", [PHOTO, LARGE], ids=["small", "large"])
def test_unchanged_it_is_answered_as_ever(tmp_path: Path, kind: Shaking, photo: Photo) -> None:
    timm_folder(tmp_path, "small")
    desk, card = Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50), Catalog.read(tmp_path)["small"]
    (found,) = shake(desk, card, [Shake(photo, kind)], quiet)
    (plain,) = answers.classify(desk, card, [Classify(photo, 10)], quiet)
    assert isinstance(found, Shaken) and isinstance(plain, Classified)
    scores = {one.index: one.score for one in plain.predictions}
    for column, one in enumerate(found.classes):
        assert found.scores[found.unchanged, column] == pytest.approx(scores[one.index], abs=1e-5)
        assert one.score == found.scores[found.unchanged, column]
    assert found.values[found.unchanged] == (1 if kind == "brightness" else 0)
    assert found.values == tuple(sorted(found.values)) and 15 <= len(found.values) <= 21
    assert len(found.pictures) == len(found.values) == len(found.scores) and len(found.classes) <= MOST_CLASSES
    assert not np.allclose(found.scores[0], found.scores[-1], atol=1e-4)  # something does change
    assert bool(found.notes) or kind == "blur"
    assert any("copy" in note for note in found.notes) == (photo is LARGE)
    for content in found.pictures:
        assert max(Image.open(io.BytesIO(content)).size) <= 160


@pytest.mark.parametrize("kind", SHAKINGS)
def test_the_pictures_show_what_was_done(tmp_path: Path, kind: Shaking) -> None:
    (found,) = shake(Here(Corner(), 5, tmp_path), CARD, [Shake(PHOTO, kind)], quiet)
    assert isinstance(found, Shaken)
    shown = [np.asarray(Image.open(io.BytesIO(one)), dtype=float) for one in found.pictures]
    apart = [np.abs(one - shown[found.unchanged]).mean() for one in shown]
    assert all(value > 1 for number, value in enumerate(apart) if number != found.unchanged) or kind == "blur"
    assert apart[0] > 10 or apart[-1] > 10
    if kind == "blur":
        edges = [np.abs(np.diff(one, axis=0)).mean() for one in shown]
        assert np.diff(edges).max() < 0.01 and edges[-1] < edges[0] / 2
    if kind == "brightness":
        means = [one.mean() for one in shown]
        assert means == sorted(means)


def test_a_shift_moves_what_is_seen_and_mirrors_at_the_edge() -> None:
    source = np.arange(10 * 8 * 3, dtype=np.uint8).reshape(8, 10, 3)
    moved = np.asarray(shift(Image.fromarray(source), 0.2, -0.25))
    assert np.array_equal(moved[:6, 2:], source[2:, :8])  # two to the right, two up
    assert np.array_equal(moved[:6, 1::-1], source[2:, :2])  # beyond the left edge its mirror image
    assert np.array_equal(moved[6:, 2:], source[:5:-1, :8])


@pytest.mark.parametrize("size", [(60, 60), (90, 50), (51, 80)])
def test_a_quarter_turn_goes_clockwise_about_the_middle(size: tuple[int, int]) -> None:
    image = drawn(1, (150, 150)).resize(size)
    width, height = size
    whole = (0, 0, width, height)
    back = rotate(rotate(image, 90, whole), -90, whole)
    side, left, top = min(size), (width - min(size)) // 2, (height - min(size)) // 2
    middle = (left + 8, top + 8, left + side - 8, top + side - 8)
    assert np.abs(np.asarray(back.crop(middle), float) - np.asarray(image.crop(middle), float)).mean() < 6
    if width == height:
        assert (
            np.abs(np.asarray(rotate(image, 90, whole), float) - np.rot90(np.asarray(image, float), -1)).mean() < 0.01
        )


def test_turning_only_what_is_seen_gives_the_same_there() -> None:
    image, box = drawn(2, (400, 120)), (140, 10, 260, 110)
    part, whole = (np.asarray(rotate(image, 35, some)) for some in (box, (0, 0, 400, 120)))
    assert np.abs(part[10:110, 140:260].astype(int) - whole[10:110, 140:260]).max() <= 1
    assert np.array_equal(part[:, :140], np.asarray(image)[:, :140])


def test_no_black_moves_in(tmp_path: Path) -> None:
    white = Image.new("RGB", (90, 60), "white")
    assert np.asarray(shift(white, 0.3, -0.3)).min() == 255
    assert np.asarray(rotate(white, 40, (0, 0, 90, 60))).min() == 255


def test_a_very_long_picture_is_turned_in_bounded_memory(tmp_path: Path) -> None:
    desk = Here(Corner(), 5, tmp_path)
    photo = Photo(png(Image.new("RGB", (6000, 300), "teal")), "long.png")
    (found,) = shake(desk, CARD, [Shake(photo)], quiet)
    assert isinstance(found, Shaken)
    assert np.abs(found.scores - found.scores[0]).max() < 1e-3  # one colour is one colour however it is turned


def test_the_classes_that_win_somewhere_are_followed_then_the_likeliest() -> None:
    scores = np.full((3, 12), 0.01, np.float32)
    scores[0, 7], scores[1, 2], scores[2, 11] = 0.9, 0.8, 0.7
    scores[1, [5, 3, 4, 1, 0]] = 0.06, 0.05, 0.04, 0.03, 0.02
    classes, along = followed(scores, [f"class {n}" for n in range(12)], unchanged=1)
    assert [one.index for one in classes] == [2, 5, 3, 4, 7, 11]
    assert np.array_equal(along, scores[:, [2, 5, 3, 4, 7, 11]]) and classes[0].label == "class 2"
    winners = np.eye(9, dtype=np.float32) * np.linspace(0.5, 0.9, 9, dtype=np.float32)[:, None]
    classes, along = followed(winners, list("abcdefghi"), unchanged=0)
    assert len(classes) == MOST_CLASSES and {one.label for one in classes} == set("aefghi")  # the highest of too many


def test_another_way_to_shake_is_refused_in_words(tmp_path: Path) -> None:
    (found,) = shake(Here(Corner(), 5, tmp_path), CARD, [Shake(PHOTO, "stir")], quiet)  # type: ignore[arg-type]
    assert isinstance(found, InputError) and "Known: shift_x" in str(found)
    assert set(WAYS) == set(SHAKINGS) and torch.is_grad_enabled()
