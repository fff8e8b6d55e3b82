"""Answers to the quick questions: how a picture looks, and what is in it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError
from playground.core.vision import MOST_ANSWERS, Classified, Classify, Look, Looked
from playground.hub.classify import Classifier, top
from playground.hub.desk import Desk, device_of, engine_of

SIDES = range(16, 4097)
QUALITY = 90
"""Of the JPEG that a browser shows."""

A = TypeVar("A")
B = TypeVar("B")


def look(
    desk: Desk, card: Card | None, questions: Sequence[Look], say: Callable[[str], None]
) -> list[Looked | PlaygroundError]:
    """Decode pictures to be shown; each gets its own answer, or its own error in words."""
    return _each(desk, lambda question: _look(desk, question), questions)


def classify(
    desk: Desk, card: Card | None, questions: Sequence[Classify], say: Callable[[str], None]
) -> list[Classified | PlaygroundError]:
    """Name what is in pictures, all of them in one go through the network.

    A picture that cannot be read gets its error in words, and the others their answers.
    """
    if card is None:
        return [InputError("No model was named to classify with.") for _ in questions]
    try:
        with desk.classifier(card, say) as model:
            return _classify(desk, model, questions)
    except PlaygroundError as error:
        return [error for _ in questions]


def _classify(desk: Desk, model: Classifier, questions: Sequence[Classify]) -> list[Classified | PlaygroundError]:
    prepared = _each(desk, lambda question: _prepared(desk, model, question), questions)
    fed = [one for one in prepared if not isinstance(one, PlaygroundError)]
    if not fed:
        return [one for one in prepared if isinstance(one, PlaygroundError)]
    began = time.perf_counter()
    scores, refused = model.judge(np.concatenate([pixels for pixels, _ in fed]) if len(fed) > 1 else fed[0][0])
    rows = iter(zip(scores, refused, strict=True))
    share = (time.perf_counter() - began) / len(fed)
    found: list[Classified | PlaygroundError] = []
    for question, one in zip(questions, prepared, strict=True):
        if isinstance(one, PlaygroundError):
            found.append(one)
            continue
        row, no = next(rows)
        predictions = tuple(top(row, model.labels, question.top))
        found.append(Classified(predictions, bool(no), one[1] + share, device_of(model), engine_of(model), len(fed)))
    return found


def _prepared(desk: Desk, model: Classifier, question: Classify) -> tuple[NDArray[np.float32], float]:
    """A picture as the network is fed it, ``(1, 3, h, w)``, and the seconds that took."""
    began = time.perf_counter()
    if not 1 <= question.top <= MOST_ANSWERS:
        raise InputError(f"The {question.top} likeliest classes were asked for; 1 to {MOST_ANSWERS} can be.")
    pixels = model.arrays([desk.picture(question.photo).image])
    return pixels, time.perf_counter() - began


def _look(desk: Desk, question: Look) -> Looked:
    if question.side not in SIDES:
        raise InputError(f"A side of {question.side} pixels was asked for; {SIDES[0]} to {SIDES[-1]} can be shown.")
    picture = desk.picture(question.photo)
    image = picture.image
    scale = question.side / max(image.size)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return Looked(written.getvalue(), picture.image.width, picture.image.height, picture.notes)


def _each(desk: Desk, answer: Callable[[A], B], questions: Sequence[A]) -> list[B | PlaygroundError]:
    """Answer every question by itself, several at once; an error in words is the answer to its own question alone."""

    def safely(question: A) -> B | PlaygroundError:
        try:
            return answer(question)
        except PlaygroundError as error:
            return error

    return [safely(questions[0])] if len(questions) == 1 else list(desk.hands.map(safely, questions))
