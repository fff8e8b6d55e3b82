"""An answer to a text in words and numbers, as the page's pictures want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.catalog.text_labels import Label
from playground.core.language import Judged, Weighed
from playground.ui.parts.sentiment_models import banded, percent, toned

UNDECIDED = "undecided"


@dataclass(frozen=True)
class Verdict:
    """What is said of one text.

    Attributes:
        words: The class's name, or ``undecided``.
        score: How sure the model is of the likeliest class.
        label: That class.
        undecided: Whether it lies within the band.
    """

    words: str
    score: float
    label: Label
    undecided: bool = False


def number(value: float, digits: int = 2) -> str:
    """A number with its sign; what rounds to nothing has none."""
    said = f"{value:+.{digits}f}"
    return said if float(said) else said[1:]


def verdict(known: Sequence[Label], scores: Sequence[float], band: float) -> Verdict:
    """The likeliest class, or that it is undecided.

    Args:
        known: The model's classes.
        scores: How sure it is of each.
        band: With two classes, a winner below 0.5 + band is none.
    """
    best = max(range(len(scores)), key=scores.__getitem__)
    undecided = banded(known) and scores[best] < 0.5 + band
    return Verdict(UNDECIDED if undecided else known[best].words, scores[best], known[best], undecided)


def headline(said: Verdict) -> dict[str, Any]:
    """A verdict as the browser's headline wants it."""
    label = said.label
    if said.undecided:
        also = f"it leans to {label.words}, {percent(said.score)}"
        return {"words": "Undecided", "score": None, "stars": None, "tone": 0, "also": also}
    words = said.words[:1].upper() + said.words[1:]
    return {"words": words, "score": said.score, "stars": label.stars, "tone": label.tone, "also": ""}


def no_headline(words: str) -> dict[str, Any]:
    """The same where there is no verdict."""
    return {"words": words, "score": None, "stars": None, "tone": None, "also": ""}


def opinion(known: Sequence[Label], scores: Sequence[float], band: float) -> dict[str, Any]:
    """An answer as the browser's bar wants it."""
    return {
        "labels": [{"words": one.words, "tone": one.tone, "stars": one.stars} for one in known],
        "scores": [round(float(score), 6) for score in scores],
        "band": band if banded(known) else None,
    }


def explained(known: Sequence[Label], scores: Sequence[float]) -> int:
    """The class whose evidence the words show.

    On a scale from negative to positive it is the good end, so that sign and colour mean the same whatever the verdict; elsewhere
    the likeliest class.
    """
    if not toned(known):
        return max(range(len(scores)), key=scores.__getitem__)
    return max(range(len(known)), key=lambda at: known[at].tone or 0.0)


def pulls(weighed: Weighed, offset: int = 0) -> list[list[float]]:
    """Words as ``[start, end, value]``.

    Args:
        weighed: What each word added.
        offset: Where in the text the part begins that is shown.
    """
    return [[one.start - offset, one.end - offset, round(one.value, 5)] for one in weighed.words]


def meaning(known: Sequence[Label], judged: Judged) -> str:
    """What the colours of the words mean, in a line."""
    target = explained(known, judged.scores)
    name, part = known[target].words, "In the part that counts most: " if len(judged.windows) > 1 else ""
    if not toned(known):
        return f"{part}▲ (blue) speaks for “{name}”, ▼ (orange) against it"
    others = [one.words for one in known if (one.tone or 0.0) < 0]
    down = f"towards {others[0]}" if len(others) == 1 else "away from it"
    return f"{part}▲ (blue) pulls towards {name}, ▼ (orange) {down}"


def in_words(judged: Judged, said: Verdict, words: Sequence[tuple[str, float]]) -> str:
    """The whole answer for who listens.

    Args:
        judged: The answer.
        said: What it comes to.
        words: The strongest words with their pulls.
    """
    shares = ", ".join(f"{name} {percent(score)}" for name, score in zip(judged.labels, judged.scores, strict=True))
    strongest = ", ".join(f"“{word}” {number(value)}" for word, value in words)
    return f"{said.words}. {shares}." + (f" Strongest words: {strongest}." if strongest else "")


def facts(title: str, judged: Judged) -> str:
    """One line on what answered."""
    pieces = f"{judged.pieces:,} word piece{'s' if judged.pieces != 1 else ''}"
    windows = f" in {len(judged.windows)} overlapping windows" if len(judged.windows) > 1 else ""
    took = f"{1000 * judged.seconds:.0f} ms" if judged.seconds < 1 else f"{judged.seconds:.1f} s"
    return f"{title}: {pieces}{windows}, {took}, {judged.device}, {judged.engine}"
