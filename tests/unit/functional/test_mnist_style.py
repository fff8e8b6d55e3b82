"""Digits prepared as MNIST's were: whatever they are written on, and with which pen."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.data import digit_strokes
from playground.functional import ink, mnist_style
from playground.functional.digit_readers import starter
from playground.functional.resample import blurred, fitted, resized, widened

DIGITS = range(10)


def drawn(digit: int, side: int = 120) -> NDArray[np.uint8]:
    return digit_strokes.ink(digit_strokes.DIGITS[digit], side)


def on_paper(digit: int, seed: int = 0) -> NDArray[np.uint8]:
    """Dark ink on a page that is lit from one side, with a grain, noise and a shadow's edge."""
    rng = np.random.default_rng(seed)
    high, wide = 220, 300
    cover = np.zeros((high, wide))
    top, left = int(rng.integers(0, 90)), int(rng.integers(0, 160))
    cover[top : top + 120, left : left + 120] = drawn(digit) / 255
    y, x = np.mgrid[0:high, 0:wide]
    light = 0.95 - 0.35 * x / wide - 0.15 * (x + y > 260)
    seen = light * (0.9 - 0.6 * cover) + rng.normal(size=cover.shape) * 0.03
    return np.asarray(np.clip(seen, 0, 1) * 255, np.uint8)


def read(picture: NDArray[np.uint8], pad: bool = False) -> int:
    return int(starter("cnn").read(mnist_style.steps(picture, pad=pad).digit[None])[0].argmax())


def test_a_digit_fills_twenty_pixels_and_its_centre_of_mass_is_in_the_middle() -> None:
    for digit in DIGITS:
        made = mnist_style.steps(drawn(digit, 56), pad=True)
        rows, columns = np.flatnonzero(made.digit.max(1) > 25), np.flatnonzero(made.digit.max(0) > 25)
        assert 19 <= max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1 <= 20
        weight = made.digit / made.digit.sum()
        assert abs(weight.sum(1) @ (np.arange(28) + 0.5) - 14) < 0.6
        assert abs(weight.sum(0) @ (np.arange(28) + 0.5) - 14) < 0.6
        assert made.shown().shape == (4, 28, 28) and np.array_equal(made.shown()[3], made.digit)
        first = made.shown()[0]
        assert first.min() < 60 and np.median(first) == 255, "the pad is shown as it was drawn, dark on white"
        assert len(made.notes) == len(mnist_style.TITLES) == 4 and not made.empty


@pytest.mark.parametrize("digit", DIGITS)
def test_it_is_read_light_or_dark_small_or_large_on_grey_and_off_the_middle(digit: int) -> None:
    ink_ = drawn(digit, 28)
    grey = (100 + 0.5 * ink_).astype(np.uint8)
    page = np.full((300, 400), 255, np.uint8)
    page[150:290, 20:160] = 255 - drawn(digit, 140)
    for picture in (ink_, 255 - ink_, grey, 255 - grey, drawn(digit, 400), page, np.roll(ink_, (2, -3), (0, 1))):
        assert read(picture) == digit
    assert read(ink_, pad=True) == digit
    assert mnist_style.steps(255 - ink_).dark and not mnist_style.steps(ink_).dark


@pytest.mark.parametrize("digit", DIGITS)
def test_uneven_light_a_shadow_and_noise_do_not_hide_it(digit: int) -> None:
    for seed in range(2):
        made = mnist_style.steps(on_paper(digit, seed))
        assert made.dark and read(on_paper(digit, seed)) == digit
        left, top, right, bottom = made.box
        assert right - left < 0.45 and bottom - top < 0.6, "the shadow is not part of it"


def test_a_hair_is_widened_and_a_pen_is_not() -> None:
    thin = tuple(digit_strokes.Stroke(one.points, 0.012) for one in digit_strokes.DIGITS[4])
    hair = mnist_style.steps(digit_strokes.ink(thin, 200), pad=True)
    assert hair.thickened and not mnist_style.steps(drawn(4), pad=True).thickened
    assert read(digit_strokes.ink(thin, 200)) == 4


def test_an_empty_pad_a_blank_page_and_noise_hold_nothing() -> None:
    rng = np.random.default_rng(1)
    for blank in (np.zeros((56, 56), np.uint8), np.full((90, 60), 240, np.uint8), np.zeros((1, 1), np.uint8)):
        made = mnist_style.steps(blank, pad=blank.shape == (56, 56))
        assert made.empty and not made.digit.any() and made.shown().shape == (4, 28, 28)
    noise = np.clip(200 + 6 * rng.normal(size=(200, 200)), 0, 255).astype(np.uint8)
    assert mnist_style.steps(noise).empty


def test_pieces_that_touch_at_a_corner_are_one() -> None:
    mask = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0], [1, 0, 1, 1]], bool)
    found = ink.pieces(mask)
    assert found.max() == 3 and len(set(found[:2][mask[:2]].tolist())) == 1
    assert np.array_equal(found > 0, mask)


def test_sizes_change_and_grey_stays() -> None:
    flat = np.full((30, 50), 0.4, np.float32)
    for made in (resized(flat, 7, 90), fitted(flat, 20), blurred(flat, 3.0), widened(flat, 1.5)):
        assert np.allclose(made, 0.4, atol=1e-5)
    assert fitted(flat, 20).shape == (12, 20)
    dot = np.zeros((9, 9), np.float32)
    dot[4, 4] = 1
    assert widened(dot, 2.0)[4].tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 0]
