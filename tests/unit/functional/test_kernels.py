"""Kernels by hand: each does at every size what its words say."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.convolution import convolve
from playground.functional.kernels import KERNELS

SIZES = range(1, 8)
RAMP = np.tile(np.arange(12.0), (12, 1))


def slid(name: str, size: int, picture: np.ndarray, angle: float = 0.0) -> np.ndarray:
    """What a kernel makes of a picture, where the window lies inside it."""
    return convolve(picture[None], KERNELS[name].weights(size, angle, 1)[None, None])[0]


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("size", SIZES)
def test_every_kernel_is_finite_at_every_size(name: str, size: int) -> None:
    kernel = KERNELS[name].weights(size, 30.0, 3)
    assert kernel.shape == (size, size) and np.isfinite(kernel).all()
    assert not np.signbit(kernel[kernel == 0]).any()


@pytest.mark.parametrize("size", SIZES)
def test_an_even_grey_becomes_what_the_words_promise(size: int) -> None:
    grey = np.full((9, 9), 0.5)
    for name, wanted in {
        "identity": 0.5,
        "blur": 0.5,
        "box": 0.5,
        "sharpen": 0.5,
        "edges": 0.0,
        "laplace": 0.0,
    }.items():
        np.testing.assert_allclose(slid(name, size, grey), wanted, atol=2e-3, err_msg=name)
    for name in ("sobel_x", "sobel_y", "gabor"):
        if size > 1:
            np.testing.assert_allclose(slid(name, size, grey), 0, atol=2e-3, err_msg=name)


@pytest.mark.parametrize("size", range(2, 8))
def test_sobel_answers_to_its_own_direction(size: int) -> None:
    assert (slid("sobel_x", size, RAMP) > 0).all() and (slid("sobel_y", size, RAMP.T) > 0).all()
    np.testing.assert_allclose(slid("sobel_x", size, RAMP.T), 0)


def test_known_ones() -> None:
    assert KERNELS["sobel_x"].weights(3, 0, 0).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert KERNELS["laplace"].weights(3, 0, 0).tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert KERNELS["sharpen"].weights(3, 0, 0).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert KERNELS["emboss"].weights(3, 0, 0).tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]


def test_gabor_prefers_stripes_of_its_direction_and_random_follows_its_seed() -> None:
    down, across = np.mgrid[:21, :21]
    upright, level = (np.cos(2 * np.pi * at / 5.25) for at in (across, down))
    assert np.abs(slid("gabor", 7, upright)).max() > 3 * np.abs(slid("gabor", 7, level)).max()
    assert np.abs(slid("gabor", 7, level, 90)).max() > 3 * np.abs(slid("gabor", 7, upright, 90)).max()
    one, same, other = (KERNELS["random"].weights(3, 0, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)
