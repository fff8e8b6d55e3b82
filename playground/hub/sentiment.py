"""What a text model says of texts: one, or thousands.

A text that fits the model goes through it whole, and the answer is that of ``transformers.pipeline``; a test holds the two
together. A longer one is read in windows, and the verdict is the mean of their scores by ``text_windows.weights``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.language import LONGEST_TEXT, MOST_TEXTS, Judge, Judged, JudgedMany, JudgeMany, Window
from playground.core.progress import Progress
from playground.data.text_cleaning import readable
from playground.functional.text_windows import cut, weights
from playground.hub.desk import Desk, device_of, engine_of
from playground.hub.text_model import Pieces, TextModel

AT_ONCE = 1024
"""Pieces that go through a network in one batch, filled up ones included; more save no time, and one who gives way is asked less often."""

ROWS = 64
"""Windows in one batch at most."""

HELD_TEXTS, HELD_CHARACTERS = 256, 200_000
"""So many texts, or characters of them, are cut into pieces at a time."""

SHOWN_UNKNOWN = 8
"""So many parts of a text that the model has no piece for are named."""


@dataclass(frozen=True)
class Reading:
    """A text, cut for a model.

    Attributes:
        text: What is read: as typed, but for control characters.
        pieces: All of it, as pieces.
        windows: Which pieces go through the model together.
        notes: What was done to it, in sentences.
    """

    text: str
    pieces: Pieces
    windows: tuple[range, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[int, ...]]:
        """The pieces of each window."""
        return [self.pieces.ids[window.start : window.stop] for window in self.windows]

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it to read."""
        return len(self.pieces) == 0


def judge(
    desk: Desk, card: Card | None, questions: Sequence[Judge], say: Callable[[str], None]
) -> list[Judged | PlaygroundError]:
    """Judge texts, all of them in one go through the network; each gets its own answer, or its own error in words."""
    if card is None:
        return [ModelUnavailable("Choose a model first: it is the model that judges a text.") for _ in questions]
    try:
        with desk.reader(card, say) as model:
            return judged(model, [question.text for question in questions], say)
    except PlaygroundError as error:
        return [error for _ in questions]


def judge_many(
    desk: Desk, card: Card | None, questions: Sequence[JudgeMany], say: Callable[[str], None]
) -> list[JudgedMany | PlaygroundError]:
    """Judge many texts for each question, telling how far it is."""
    answers: list[JudgedMany | PlaygroundError] = []
    for question in questions:
        try:
            if card is None:
                raise ModelUnavailable("Choose a model first: it is the model that judges the texts.")
            _checked(question.texts)
            with desk.reader(card, say) as model:
                answers.append(judged_many(model, question.texts, say))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def judged(
    model: TextModel, texts: Sequence[str], say: Callable[[str], None] = lambda words: None
) -> list[Judged | PlaygroundError]:
    """An answer for each text, or its error in words; all their windows share batches, and several batches are told."""
    began = time.perf_counter()
    readings: list[Reading | PlaygroundError] = []
    for text in texts:
        try:
            readings.append(reading(model, text))
        except PlaygroundError as error:
            readings.append(error)
    whole = [one for one in readings if isinstance(one, Reading)]
    rows = [row for one in whole for row in one.rows]
    scores = np.empty((len(rows), len(model.labels)), np.float32)
    read = 0
    for places, found in scored(model, rows):
        scores[places] = found
        read += len(places)
        if len(rows) > ROWS:
            say(Progress(f"Read {read:,} of {len(rows):,} parts", read / len(rows)))
    pace = (time.perf_counter() - began) / max(1, sum(map(len, rows)))
    answers: list[Judged | PlaygroundError] = []
    done = 0
    for one in readings:
        if isinstance(one, PlaygroundError):
            answers.append(one)
            continue
        count = len(one.windows)
        answers.append(_answer(model, one, scores[done : done + count], pace))
        done += count
    return answers


def judged_many(model: TextModel, texts: Sequence[str], say: Callable[[str], None] = lambda words: None) -> JudgedMany:
    """Scores of many texts: the short ones first, so that a batch holds texts of like length.

    Args:
        model: Who is asked.
        texts: Empty ones, and such without anything to read, get no scores.
        say: Is told how far it is; what it raises ends the work.
    """
    began = time.perf_counter()
    scores = np.full((len(texts), len(model.labels)), np.nan, np.float32)
    counts = np.zeros(len(texts), np.int32)
    tones = [label.tone for label in model.classes]
    total, read, done = max(1, sum(map(len, texts))), 0, 0
    for held in _held(texts):
        readings = [_cut(model, texts[index]) for index in held]
        rows = [row for one in readings for row in one.rows]
        found = np.empty((len(rows), len(model.labels)), np.float32)
        pieces, gone, size = max(1, sum(map(len, rows))), 0, sum(len(texts[index]) for index in held)
        for places, part in scored(model, rows):
            found[places] = part
            gone += sum(len(rows[place]) for place in places)
            share = gone / pieces
            say(Progress(_far(done + int(share * len(held)), len(texts)), (read + share * size) / total))
        at = 0
        for index, one in zip(held, readings, strict=True):
            own = found[at : at + len(one.windows)]
            at += len(own)
            if not one.empty:
                scores[index] = weights(own, [len(row) for row in one.rows], tones) @ own
                counts[index] = len(own)
        read, done = read + size, done + len(held)
        say(Progress(_far(done, len(texts)), read / total))
    seconds = time.perf_counter() - began
    return JudgedMany(model.labels, scores, counts, seconds, device_of(model), engine_of(model))


def _far(done: int, total: int) -> str:
    return f"{done:,} of {total:,} texts"


def _held(texts: Sequence[str]) -> Iterator[list[int]]:
    """Numbers of the texts that are cut into pieces together, from the shortest to the longest."""
    held: list[int] = []
    size = 0
    for index in sorted(range(len(texts)), key=lambda index: len(texts[index])):
        if held and (len(held) == HELD_TEXTS or size + len(texts[index]) > HELD_CHARACTERS):
            yield held
            held, size = [], 0
        held.append(index)
        size += len(texts[index])
    if held:
        yield held


def scored(model: TextModel, rows: Sequence[tuple[int, ...]]) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
    """Rows of pieces through the network, batch by batch: which rows, and their scores ``(n, classes)``."""
    batch: list[int] = []
    marks = model.longest - model.room
    for place in sorted(range(len(rows)), key=lambda place: len(rows[place])):
        if batch and (len(batch) == ROWS or (len(batch) + 1) * (len(rows[place]) + marks) > AT_ONCE):
            yield batch, model.probabilities([rows[one] for one in batch])
            batch = []
        batch.append(place)
    if batch:
        yield batch, model.probabilities([rows[one] for one in batch])


def reading(model: TextModel, text: str) -> Reading:
    """A text, cut for a model; raises ``InputError`` where it is too long or there is nothing in it."""
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"The text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read in one go. Give it in parts."
        )
    if not text.strip():
        raise InputError("There is no text to read: type a sentence.")
    found = _cut(model, text)
    if found.empty:
        raise InputError(
            "There is nothing in the text that can be read: it has no letters, digits or signs. Type a sentence."
        )
    return found


def _cut(model: TextModel, text: str) -> Reading:
    clean, notes = readable(text)
    pieces = model.pieces(clean)
    windows = cut(clean, pieces.spans, model.room) if len(pieces) else ()
    return Reading(clean, pieces, windows, notes)


def _answer(model: TextModel, one: Reading, scores: NDArray[np.float32], pace: float) -> Judged:
    counts = [len(window) for window in one.windows]
    count = weights(scores, counts, [label.tone for label in model.classes])
    spans = one.pieces.spans
    windows = tuple(
        Window(spans[window.start][0], spans[window.stop - 1][1], len(window), tuple(map(float, row)), float(weight))
        for window, row, weight in zip(one.windows, scores, count, strict=True)
    )
    unknown, notes = _unknown(one), (*model.notes, *one.notes)
    if 2 * sum(one.pieces.unknown) > len(one.pieces):
        notes += ("Most of this text is unknown to the model, so its answer says little.",)
    return Judged(
        labels=model.labels,
        scores=tuple(map(float, count @ scores)),
        windows=windows,
        pieces=len(one.pieces),
        unknown=unknown,
        seconds=pace * sum(counts),
        device=device_of(model),
        engine=engine_of(model),
        notes=notes,
    )


def _unknown(one: Reading) -> tuple[str, ...]:
    """What the model has no piece for, as it was typed: each once, the first few."""
    found: dict[str, None] = {}
    for (start, end), unknown in zip(one.pieces.spans, one.pieces.unknown, strict=True):
        if unknown and end > start and len(found) < SHOWN_UNKNOWN:
            found[one.text[start:end][:40]] = None
    return tuple(found)


def _checked(texts: Sequence[str]) -> None:
    if not texts:
        raise InputError("No texts were given.")
    if len(texts) > MOST_TEXTS:
        raise InputError(
            f"{len(texts):,} texts were given; at most {MOST_TEXTS:,} are judged in one go. Give them in parts."
        )
    for number, text in enumerate(texts, 1):
        if len(text) > LONGEST_TEXT:
            raise InputError(
                f"Text {number:,} has {len(text):,} characters; at most {LONGEST_TEXT:,} are read in one go. Shorten or split it."
            )
