"""Which words of a text spoke for a class and which against it, estimated in two ways that need not agree.

Integrated gradients follow the class's logit from a text that says nothing to this one and share out what it gains
(Sundararajan, Taly and Yan, 2017). Occlusion hides one word after the other and sees what becomes of the class's probability
(Zeiler and Fergus, 2014). Both compare with the same: mask pieces, by which such a network was taught that something
stands here and is not told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError
from playground.core.language import ATTRIBUTIONS, Weigh, Weighed, Word
from playground.functional import text_windows
from playground.functional.losses import softmax
from playground.functional.word_spans import Span, assigned, word_spans
from playground.hub import integrated_text
from playground.hub.desk import Desk
from playground.hub.sentiment import Reading, reading, scored
from playground.hub.text_answering import each
from playground.hub.text_model import TextModel

WORK = 6e11
"""Weights times pieces times words that may be multiplied for one answer: some 10 seconds of one core."""

PATIENCE = 20.0
"""So many seconds at most are spent on a finer way of integrated gradients."""

AT_ONCE = 4_096
"""So many pieces go through the network together when words are hidden."""

LITTLE = 0.01
"""A word that moves the score by less says little."""


@dataclass(frozen=True)
class _Part:
    """What is explained: all of a short text, one window of a long one."""

    start: int
    end: int
    ids: tuple[int, ...]
    words: tuple[Span, ...]
    which: NDArray[np.int64]  # (pieces,): the number of each piece's word, or -1


def weigh(
    desk: Desk, card: Card | None, questions: Sequence[Weigh], say: Callable[[str], None]
) -> list[Weighed | PlaygroundError]:
    """For each text and class, what every word added; a question that makes no sense gets its error in words."""
    return each(desk, card, questions, say, _weighed)


def _weighed(model: TextModel, question: Weigh, say: Callable[[str], None]) -> Weighed:
    began = time.perf_counter()
    _check(question, len(model.labels))
    given = reading(model, question.text)
    part, target, score, notes = _part(model, given, question.target, say)
    stand_in, name = _stand_in(model)
    hidden = [stand_in] * len(part.ids)
    if question.method == "occlusion":
        values, logit, ground = _occlusion(model, part, target, stand_in, say)
        if np.abs(values).max(initial=0.0) < LITTLE:
            notes.append("Hiding any one word moves the score by less than a point: no single word decides.")
        rest, error, baseline = 0.0, 0.0, f"the same text with as many {name} pieces in the word's place"
    else:
        found = _integrated(model, part, hidden, target, say)
        values = _summed(part, found.added)
        logit, ground, error = found.logit, found.baseline, found.error
        rest = float(found.added.sum() - values.sum())
        baseline = f"a text of as many {name} pieces"
        if error >= integrated_text.ENOUGH:
            notes.append(
                f"After {found.steps} steps the words still sum to {error:.2f} more or less than the logit rose: "
                "read small numbers with care."
            )
    words = tuple(Word(start, end, float(value)) for (start, end), value in zip(part.words, values, strict=True))
    return Weighed(
        words=words,
        method=question.method,
        target=target,
        label=model.labels[target],
        score=score,
        logit=logit,
        baseline_logit=ground,
        baseline=baseline,
        rest=rest,
        error=error,
        start=part.start,
        end=part.end,
        seconds=time.perf_counter() - began,
        notes=(*given.notes, *notes),
    )


def _check(question: Weigh, classes: int) -> None:
    if question.method not in ATTRIBUTIONS:
        raise InputError(
            f"There is no way '{str(question.method)[:40]}' to weigh words. Known: {', '.join(ATTRIBUTIONS)}."
        )
    if not -1 <= question.target < classes:
        raise InputError(
            f"Class {question.target} was asked for; this model's classes are 0 to {classes - 1}, and -1 is the likeliest."
        )


def _part(
    model: TextModel, given: Reading, target: int, say: Callable[[str], None]
) -> tuple[_Part, int, float, list[str]]:
    """What is explained, the class, how sure the model is of it for the whole text, and what has to be said of that."""
    pieces = given.pieces
    windows = text_windows.cut(given.text, pieces.spans, min(model.room, _most(model)))
    rows = [pieces.ids[window.start : window.stop] for window in windows]
    alone = np.empty((len(rows), len(model.labels)))  # (windows, classes)
    done = 0
    for places, found in scored(model, rows):
        alone[places] = found
        done += len(places)
        say(f"Read {done:,} of {len(rows):,} parts")
    tones = [label.tone for label in model.classes]
    counts = text_windows.weights(alone, [len(row) for row in rows], tones)  # (windows,)
    fits = len(pieces) <= model.room
    whole = counts @ alone if not fits else alone[0] if len(rows) == 1 else model.probabilities([pieces.ids])[0]
    target = target if target >= 0 else int(whole.argmax())
    chosen = int((counts * alone[:, target]).argmax())
    window = windows[chosen]
    spans = pieces.spans[window.start : window.stop]
    start, end = (0, len(given.text)) if len(rows) == 1 else (spans[0][0], max(span[1] for span in spans))
    inside = [(max(a, start), min(b, end)) for a, b in word_spans(given.text) if a < end and b > start]
    words, which = assigned(inside, spans)
    notes = []
    if len(rows) > 1:
        why = (
            f"To weigh all {len(pieces):,} pieces together would take a model of this size too long."
            if fits
            else "The text is longer than the model reads at once."
        )
        notes.append(
            f"{why} Of {len(rows)} parts the one that says most for '{model.labels[target]}' is explained, as if it stood alone: "
            f"by itself it gets {alone[chosen, target]:.0%}."
        )
    return _Part(start, end, tuple(rows[chosen]), words, which), target, float(whole[target]), notes


def _most(model: TextModel) -> int:
    """So many pieces are explained at once: each word is hidden in turn, so twice as long a text takes four times as long."""
    inside = sum(one.numel() for one in model.network.parameters())
    table = integrated_text.table(model.network).numel()  # of pieces: looked up, not multiplied
    return max(text_windows.LENGTH, int((WORK / max(inside - table, 1)) ** 0.5))


def _stand_in(model: TextModel) -> tuple[int, str]:
    """The piece that stands for a word of which nothing is told, and its name."""
    number = next((one for one in (model.mask, model.unknown) if one >= 0), model.padding)
    return number, str(model.tokenizer.id_to_token(number) or "empty")


def _integrated(
    model: TextModel, part: _Part, hidden: Sequence[int], target: int, say: Callable[[str], None]
) -> integrated_text.Along:
    before, _ = model.marks()
    ids = torch.from_numpy(model.batch([part.ids, hidden])[0]).to(
        model.device
    )  # (2, t): one long as the other, no padding
    both = integrated_text.vectors(model.network, ids)  # (2, t, m)
    found = integrated_text.along(
        integrated_text.logits_of(model.network),
        both[:1],
        both[1:],
        target,
        seconds=PATIENCE,
        say=lambda steps: say(f"Adding up gradients: {steps} of at most {integrated_text.MOST_STEPS} steps"),
    )
    # The marks are the same in both texts, so they added nothing.
    inner = found.added[len(before) : len(before) + len(part.ids)]
    return integrated_text.Along(inner, found.logit, found.baseline, found.error, found.steps)


def _summed(part: _Part, added: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the pieces of each word added together, ``(words,)``."""
    on = part.which >= 0
    return np.bincount(part.which[on], added[on], minlength=len(part.words)).astype(np.float64)


def _occlusion(
    model: TextModel, part: _Part, target: int, stand_in: int, say: Callable[[str], None]
) -> tuple[NDArray[np.float64], float, float]:
    """By how much the class's probability falls without each word ``(words,)``; logits of the text, and of one without words."""
    ids = np.array(part.ids)
    rows = [ids, np.full_like(ids, stand_in)]
    rows += [np.where(part.which == word, stand_in, ids) for word in range(len(part.words))]
    at_once = max(1, AT_ONCE // (len(ids) + 2))
    found = []
    for place in range(0, len(rows), at_once):
        if len(rows) > 2 * at_once:
            say(f"Hiding words: {min(place, len(part.words)):,} of {len(part.words):,}")
        found.append(model.logits(*model.batch([row.tolist() for row in rows[place : place + at_once]])))
    logits = np.concatenate(found).astype(np.float64)  # (2 + words, classes)
    scores = np.asarray(softmax(logits)[:, target], np.float64)
    return np.asarray(scores[0] - scores[2:]), float(logits[0, target]), float(logits[1, target])
