"""Which models judge texts, and what each of them can say."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from playground.catalog import folder as on_disk
from playground.catalog import text_labels
from playground.catalog.card import Card
from playground.catalog.text_labels import Label
from playground.ui import provider
from playground.ui.parts.classification_models import percent
from playground.ui.parts.model_menu import Menu

MENU = Menu(
    ("sentiment",),
    "does not judge texts.",
    "Nothing else is on disk, so the small model that comes with the playground answers.",
    ("model", "second"),
    {"target": -1},
)

__all__ = ["MENU", "banded", "classes", "labels", "lean", "percent", "toned"]


def labels(card: Card) -> tuple[Label, ...]:
    """A model's classes in words, in its own order; empty where its files do not say."""
    place = on_disk.place(card, provider.catalog().folder)
    try:
        version = (place / "config.json").stat().st_mtime_ns
    except OSError:
        version = 0
    return _labels(card, provider.catalog().folder, version)


@functools.lru_cache(maxsize=64)
def _labels(card: Card, folder: Path, version: int) -> tuple[Label, ...]:
    return text_labels.of_card(card, folder)


def classes(card: Card, said: Sequence[str]) -> tuple[Label, ...]:
    """The classes of an answer with their tones; by their names alone where the files say something else."""
    known = labels(card)
    return known if tuple(one.words for one in known) == tuple(said) else text_labels.words(said, card)


def toned(known: Sequence[Label]) -> bool:
    """Whether every class has its place on the scale from negative to positive."""
    return bool(known) and all(one.tone is not None for one in known)


def banded(known: Sequence[Label]) -> bool:
    """Whether there are only negative and positive, so that a band in between can count as undecided."""
    return len(known) == 2 and toned(known) and known[0].tone != known[1].tone


def lean(known: Sequence[Label], scores: Sequence[float]) -> float:
    """Where an answer stands between -1, as negative as can be, and 1: the mean of the classes' tones, weighted by their scores."""
    return sum(score * (one.tone or 0.0) for one, score in zip(known, scores, strict=True))
