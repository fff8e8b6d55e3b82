"""Ways between latents: ends, lengths, opposite and parallel directions, and how long latents usually are."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import InputError, UnknownName
from playground.functional.interpolation import (
    MOST_STEPS,
    WAYS,
    Noise,
    length_density,
    lengths,
    path,
    spherical,
    tour,
    usual_length,
)

RNG = np.random.default_rng(0)
A, B = RNG.standard_normal((2, 64)).astype(np.float32)


@pytest.mark.parametrize("way", WAYS)
def test_both_ends_are_there_to_the_bit(way: str) -> None:
    found = path(A, B, 9, way)
    assert found.shape == (9, 64) and found.dtype == np.float32
    assert np.array_equal(found[0], A) and np.array_equal(found[-1], B)
    assert np.allclose(path(B, A, 9, way)[::-1], found, atol=1e-5)


def test_the_sphere_keeps_the_length_and_the_chord_does_not() -> None:
    a, b = (8 * one / np.linalg.norm(one) for one in (A, B))
    assert np.allclose(lengths(path(a, b, 21, "spherical")), 8, atol=1e-4)
    angle = np.arccos(a @ b / 64)
    assert lengths(path(a, b, 3, "linear"))[1] == pytest.approx(8 * np.cos(angle / 2), rel=1e-5)
    turns = path(a, b, 21, "spherical").astype(np.float64)
    steps = np.arccos((turns[1:] * turns[:-1]).sum(1) / 64)
    assert np.allclose(steps, angle / 20, atol=1e-4)  # it turns evenly
    assert np.allclose(np.diff(lengths(path(A, 2 * B, 21))), (lengths(2 * B) - lengths(A)) / 20, atol=1e-4)


@pytest.mark.parametrize("end", [-A, -3 * A, -A + np.float32(1e-7), A, 2 * A, A + np.float32(1e-6), 0 * A])
def test_directions_that_do_not_say_where_to_turn(end: np.ndarray) -> None:
    found = path(A, end, 31)
    assert np.isfinite(found).all()
    shortest = min(lengths(A), lengths(end))
    assert lengths(found).min() == pytest.approx(shortest, rel=1e-3, abs=1e-6)  # never through the middle
    assert np.linalg.norm(np.diff(found, axis=0), axis=1).max() < 4 * np.pi * lengths(A) / 30  # and without a jump
    assert np.array_equal(found, path(A, end, 31))


def test_one_number_has_no_way_around() -> None:
    assert spherical(np.array([1.0]), np.array([-1.0]), np.array([0.5])).tolist() == [[0.0]]


def test_a_tour_has_each_pin_once_and_closes() -> None:
    pins = RNG.standard_normal((3, 8)).astype(np.float32)
    found = tour(pins, 10)
    assert found.shape == (30, 8) and np.array_equal(found[::10], pins)
    again = np.concatenate([found, found[:1]])
    steps = np.linalg.norm(np.diff(again, axis=0), axis=1)
    assert steps.min() > 0
    assert np.allclose(found[20:], path(pins[2], pins[0], 11)[:-1])
    open_one = tour(pins, 10, "linear", closed=False)
    assert open_one.shape == (21, 8) and np.array_equal(open_one[-1], pins[-1])


@pytest.mark.parametrize(("noise", "most"), [("normal", 0.01), ("uniform", 0.02)])
@pytest.mark.parametrize("d", [16, 64, 128])
def test_how_long_latents_are(noise: Noise, most: float, d: int) -> None:
    draws = RNG.standard_normal((20_000, d)) if noise == "normal" else RNG.uniform(-1, 1, (20_000, d))
    long = lengths(draws)
    mean, deviation = usual_length(d, noise)
    assert mean == pytest.approx(long.mean(), rel=most / 4)
    assert deviation == pytest.approx(long.std(), rel=0.02 + most)
    at = np.linspace(0, 2 * mean, 4001)
    density = length_density(at, d, noise)
    assert np.trapezoid(density, at) == pytest.approx(1, abs=1e-3)
    share = ((long > mean - deviation) & (long < mean + deviation)).mean()
    inside = np.where(abs(at - mean) < deviation, density, 0)
    assert np.trapezoid(inside, at) == pytest.approx(share, abs=0.02)


def test_the_middle_of_a_straight_line_is_where_no_latent_is() -> None:
    mean, deviation = usual_length(64)
    starts, ends = RNG.standard_normal((2, 200, 64)).astype(np.float32)
    middles = np.array([lengths(path(a, b, 3, "linear"))[1] for a, b in zip(starts, ends, strict=True)])
    assert middles.mean() == pytest.approx(mean / np.sqrt(2), rel=0.03)
    assert (middles < mean - 2 * deviation).mean() > 0.85
    kept = np.array([lengths(path(a, b, 3))[1] for a, b in zip(starts, ends, strict=True)])
    assert (abs(kept - mean) < 2 * deviation).mean() > 0.95


def test_what_makes_no_sense_is_said() -> None:
    for wrong, words in (
        (lambda: path(A, B[:3], 5), "as many numbers"),
        (lambda: path(A, np.full(64, np.nan), 5), "finite"),
        (lambda: path(A, B, 1), "it has 2 to"),
        (lambda: path(A, B, MOST_STEPS + 1), "it has 2 to 4,096"),
        (lambda: tour(A[None], 5), "pin another"),
        (lambda: tour(np.stack([A, B]), MOST_STEPS), "4,096"),
        (lambda: tour(np.stack([A, B]), 0), "0 latents"),
        (lambda: usual_length(0), "one or more"),
    ):
        with pytest.raises(InputError, match=words):
            wrong()
    with pytest.raises(UnknownName, match="spherical"):
        path(A, B, 5, "sperical")
