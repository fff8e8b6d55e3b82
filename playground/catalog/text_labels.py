"""What a text model's classes are called, in words a person reads.

A configuration says ``NEGATIVE``, ``LABEL_1`` or ``5 stars``; here that becomes a word, a tone between -1 and 1 where it has
one, and a number of stars where it is one. No torch here: the page reads it as well as the worker does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.catalog import folder as on_disk
from playground.catalog import settings_file
from playground.catalog.card import Card, Hub

MOST_CLASSES = 1000
"""A configuration that names more is no classifier of texts that anybody could read."""

LONGEST_NAME = 60
"""Characters of a class's name that are shown."""

SPACES: Mapping[str, tuple[str, ...]] = {
    "polarity": ("NEGATIVE", "POSITIVE"),
    "polarity-3": ("negative", "neutral", "positive"),
    "stars": ("1 star", "2 stars", "3 stars", "4 stars", "5 stars"),
}
"""Label spaces by name: what a card says before its files are on disk."""

_TONES = {
    "very negative": -1.0,
    "negative": -1.0,
    "neg": -1.0,
    "neutral": 0.0,
    "neu": 0.0,
    "positive": 1.0,
    "pos": 1.0,
    "very positive": 1.0,
}
_SHORT = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_STARS = re.compile(r"(?:([1-5])[ _-]?stars?|stars?[ _-]?([1-5]))", re.IGNORECASE)
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)
"""Control characters, halves of characters, and signs without a look that change how what stands beside them is read."""
_NUMBERED = re.compile(r"label[ _-]?\d+", re.IGNORECASE)

_UNNAMED: Mapping[str, tuple[str, ...]] = {
    "twitter-roberta-base-sentiment": SPACES["polarity-3"],
    "bert-base-uncased-SST-2": SPACES["polarity"],
    "distilbert-base-uncased-SST-2": SPACES["polarity"],
    "roberta-base-SST-2": SPACES["polarity"],
    "albert-base-v2-SST-2": SPACES["polarity"],
}
"""Published checkpoints whose configuration numbers its classes, and the names that their makers give (F. Barbieri et al.: TweetEval,
2020; the SST-2 ones of textattack follow GLUE's order), by the last part of the repository's name."""


@dataclass(frozen=True)
class Label:
    """One class of a text model.

    Attributes:
        index: Its number in the model's answer.
        words: How it is shown.
        tone: From -1 (as negative as this model can say) to 1; ``None`` for classes that are about something else.
        stars: 1 to 5 where the class is a number of stars.
    """

    index: int
    words: str
    tone: float | None = None
    stars: int | None = None


def words(raw: Sequence[str], model: Card | str = "") -> tuple[Label, ...]:
    """The classes of a model, readable.

    Args:
        raw: As its configuration names them, in the order of its answer.
        model: Which model that is, or the name of its folder or repository: some number their classes and name them elsewhere.
    """
    if _all_numbered(raw):
        known = next((_UNNAMED[name] for name in _names(model) if name in _UNNAMED), ())
        if len(known) != len(raw):
            return tuple(Label(index, f"class {index + 1}") for index in range(len(raw)))
        raw = known
    plain = [" ".join(clean(str(name)).replace("_", " ").split()) for name in raw]
    two_steps = any(name.lower().startswith("very ") for name in plain)
    found = [_label(index, name, two_steps) for index, name in enumerate(plain)]
    shown = Counter(label.words for label in found)
    taken = {word for word, count in shown.items() if count == 1}
    for index, label in enumerate(found):  # two that would look alike get what tells them apart
        if shown[label.words] > 1:
            found[index] = Label(index, _apart(f"{plain[index]} ({index + 1})", taken))
    return tuple(found)


def note(raw: Sequence[str], model: Card | str = "") -> str:
    """What has to be said of the names, in a sentence; empty where nothing has."""
    if _all_numbered(raw) and words(raw, model)[0].words == "class 1":
        return "The model's configuration numbers its classes and does not name them, so what they stand for is not known here."
    return ""


def of_card(card: Card, folder: Path) -> tuple[Label, ...]:
    """The classes of a text model by its files on disk, else by the label space that its card names; empty where neither tells."""
    try:
        return words(raw_labels(settings_file.read(on_disk.place(card, folder) / "config.json")), card)
    except (OSError, ValueError, RecursionError):
        return words(SPACES.get(card.labels, ()), card)


def raw_labels(said: Any) -> tuple[str, ...]:
    """The names of the classes as a configuration has them, cleaned, in the order of the answer; no two are equal.

    Raises:
        ValueError: It has none, or they are not numbered from 0 on; says so.
    """
    if not isinstance(said, Mapping):
        raise ValueError("it holds no settings")
    named = said.get("id2label")
    if named is None:
        count = said.get("num_labels", 2)
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_CLASSES:
            raise ValueError(f"num_labels is no number from 1 to {MOST_CLASSES}")
        return tuple(f"LABEL_{index}" for index in range(count))
    if not isinstance(named, Mapping) or not 1 <= len(named) <= MOST_CLASSES:
        raise ValueError(f"id2label does not name 1 to {MOST_CLASSES} classes")
    by_number = {str(key): name for key, name in named.items()}
    if any(str(index) not in by_number for index in range(len(named))):
        raise ValueError("the classes in id2label are not numbered from 0 on")
    names, taken = [clean(str(by_number[str(index)])) for index in range(len(named))], set[str]()
    return tuple(_apart(name or f"class {index + 1}", taken) for index, name in enumerate(names))


def clean(name: str) -> str:
    """A name from outside, fit to be printed: one line, whole characters, nothing that turns the text beside it around."""
    name = " ".join(_UNFIT.sub(" ", name[: 10 * LONGEST_NAME]).split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _apart(name: str, taken: set[str]) -> str:
    """The name, or the same with a number where it is taken; from then on it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


def _label(index: int, name: str, two_steps: bool) -> Label:
    stars = _STARS.fullmatch(name)
    if stars:
        count = int(stars.group(1) or stars.group(2))
        return Label(index, f"{count} star" if count == 1 else f"{count} stars", (count - 3) / 2, count)
    lower = name.lower()
    if lower not in _TONES:
        return Label(index, name or f"class {index + 1}")
    tone = _TONES[lower]
    return Label(index, _SHORT.get(lower, lower), tone / 2 if two_steps and not lower.startswith("very ") else tone)


def _all_numbered(raw: Sequence[str]) -> bool:
    return bool(raw) and all(_NUMBERED.fullmatch(str(name).strip()) for name in raw)


def _names(model: Card | str) -> tuple[str, ...]:
    """What a model may be known by: the last parts of its names."""
    if isinstance(model, str):
        return (model.rsplit("/", 1)[-1],)
    repository = model.source.repository if isinstance(model.source, Hub) else ""
    return repository.rsplit("/", 1)[-1], model.name
