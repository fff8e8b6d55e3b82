"""Texts that a tiny network can learn to sort, and the network: for tests of fine-tuning."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np

from playground.catalog.card import Card
from playground.core.events import Computation
from playground.data.text_set import LabelledTexts, labelled
from playground.specs.finetune import OWN, FinetuneSpec
from playground.training.finetune_data import from_folder
from tests.text_folder import text_folder

SMALL = FinetuneSpec(dataset=OWN, base="tiny", epochs=2, batch_size=8, lr=1e-3, longest=16)


def sorted_texts(count: int = 60) -> LabelledTexts:
    """Sentences about a film, a plot or a time, that are good, bad or dull; the last is what they are sorted by."""
    rng = np.random.default_rng(5)
    labels = ["good", "bad", "dull"]
    texts = dict[str, str]()
    while len(texts) < count:
        label = labels[len(texts) % 3]
        words = [
            *rng.choice(["the", "a", "film", "plot", "time", "was", "very", "is", "it", "and"], rng.integers(1, 9))
        ]
        words.insert(int(rng.integers(len(words) + 1)), label)
        texts[" ".join(words)] = label
    return labelled(list(texts), list(texts.values()))


def tiny_model(models: Path, family: str = "bert", **said: Any) -> tuple[Card, Path]:
    """A tiny network of a family and its folder."""
    place = text_folder(models, "tiny", family, **said)
    return from_folder(place), place


def until(run: Computation, *kinds: type[Any], most: int = 2_000) -> Any:
    """The next event of some kinds."""
    for event in itertools.islice(run, most):
        if isinstance(event, kinds):
            return event
    raise AssertionError(f"none of {kinds} in {most} events")
