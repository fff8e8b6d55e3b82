"""The starter generators: they draw what they say, all of it, and nothing that they have seen."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.core import paths
from playground.data import idx
from playground.functional import digit_readers, gan_file
from playground.functional.gan import Array, Pair, drawn, given, pixels
from playground.functional.gan_forward import forward

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
STARTERS = paths.PACKAGE / "hub" / "starters"
NAMES = ("gan_digits", "gan_fashion", "gan_digits_by_class")
FOLDERS = {"gan_digits": "mnist", "gan_fashion": "fashion-mnist", "gan_digits_by_class": "mnist"}
SEED, SAMPLES = 20, 1000
"""Another seed than the recipe measures with."""
ASKED = np.arange(SAMPLES) % 10


@lru_cache(maxsize=3)
def opened(name: str) -> tuple[Pair, dict[str, Array], dict[str, Any]]:
    """Layers, weights and facts of a starter."""
    config = json.loads((STARTERS / name / gan_file.CONFIG).read_text(encoding="utf-8"))
    return gan_file.unpack((STARTERS / name / gan_file.WEIGHTS).read_bytes(), config)


@lru_cache(maxsize=3)
def samples(name: str) -> NDArray[np.uint8]:
    """A thousand pictures ``(n, 28, 28)``, a hundred of each class where it can be asked for."""
    pair, weights, _ = opened(name)
    asked = given(pair, drawn(pair, SEED, SAMPLES), ASKED)
    held = gan_file.part(weights, "generator")
    parts = [forward(pair.generator, held, part) for part in np.split(asked, 10)]
    return pixels(pair, np.concatenate(parts))[..., 0]


@lru_cache(maxsize=2)
def read(name: str) -> NDArray[np.float32]:
    """How sure the starter reader of digits is of each of the thousand."""
    reader = digit_readers.starter("cnn")
    return np.concatenate([reader.read(part) for part in np.split(samples(name), 10)])


def spread(pictures: NDArray[np.uint8]) -> float:
    """Mean distance of two of the pictures."""
    ink = pictures.reshape(len(pictures), -1) / 255
    square = (ink**2).sum(1)
    apart = np.sqrt(np.maximum(square[:, None] + square - 2 * ink @ ink.T, 0))
    return float(apart.sum() / (len(ink) * (len(ink) - 1)))


def nearest(pictures: NDArray[np.uint8], others: NDArray[np.uint8]) -> Array:
    """Of each picture the distance to the nearest of the others, ink from 0 to 1."""
    a, b = (one.reshape(len(one), -1).astype(np.float32) / 255 for one in (pictures, others))
    square = (b**2).sum(1)
    closest = np.concatenate([(square - 2 * part @ b.T).min(1) for part in np.array_split(a, max(1, len(a) // 100))])
    return np.asarray(np.sqrt(np.maximum((a**2).sum(1) + closest, 0)), np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_its_card_says_where_it_comes_from(name: str) -> None:
    assert sum(one.stat().st_size for one in (STARTERS / name).iterdir()) < 3_000_000
    pair, _, facts = opened(name)
    assert pair.picture == (1, 28, 28) and pair.discriminator is not None and not pair.critic
    assert facts["title"] and facts["licence"] == "AGPL-3.0"
    assert facts["data"]["licence"] in ("MIT", "CC BY-SA 3.0") and facts["data"]["name"] in ("mnist", "fashion")
    assert facts["steps"] > 0 and facts["seconds"] > 0 and facts["seed"] == 1
    assert facts["measured"]["samples"] == SAMPLES
    told = (STARTERS / name / "README.md").read_text(encoding="utf-8")
    assert "recipes/starter_gans.py" in told and facts["data"]["licence"] in told


def test_the_digit_that_is_asked_for_is_drawn() -> None:
    assert (read("gan_digits_by_class").argmax(1) == ASKED).mean() >= 0.95


def test_digits_by_chance_are_all_ten_none_of_them_too_often_and_legible() -> None:
    sure = read("gan_digits")
    share = np.bincount(sure.argmax(1), minlength=10) / SAMPLES
    assert share.min() > 0.02 and share.max() <= 0.2
    assert sure.max(1).mean() >= 0.9


def test_two_digits_of_one_class_differ_as_handwriting_does() -> None:
    drawn_ones = samples("gan_digits_by_class")
    spreads = [spread(drawn_ones[digit == ASKED]) for digit in range(10)]
    assert min(spreads) > 5 and np.mean(spreads) > 8  # real digits of one class: 5.6 (the one) to 10, 8.8 on the mean


def test_clothes_are_of_many_kinds() -> None:
    facts = opened("gan_fashion")[2]["measured"]
    assert facts["smallest_class"] > 0.02 and facts["largest_class"] <= 0.2
    assert spread(samples("gan_fashion")[:200]) > 8


@pytest.mark.parametrize("name", NAMES)
def test_the_discriminator_takes_noise_for_drawn(name: str) -> None:
    pair, weights, _ = opened(name)
    assert pair.discriminator is not None
    noise = np.random.default_rng(0).uniform(-1, 1, (20, 1, 28, 28)).astype(np.float32)
    logits = forward(pair.discriminator, gan_file.part(weights, "discriminator"), noise, ASKED[:20])
    assert logits.shape == (20, 1) and (logits < 0).mean() > 0.9


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")
@pytest.mark.parametrize("name", NAMES)
def test_what_is_drawn_is_no_copy(name: str) -> None:
    train, test = (
        idx.read(DATA / FOLDERS[name] / f"{part}-images-idx3-ubyte.gz", n) for part, n in (("train", -1), ("t10k", 300))
    )
    own, real = nearest(samples(name)[:300], train[5000:]), nearest(test, train[5000:])
    assert np.median(own) > 0.8 * np.median(real)
    assert (own < np.quantile(real, 0.01)).mean() < 0.05
