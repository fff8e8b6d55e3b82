"""What the slow questions about one picture have in common."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable, PlaygroundError
from playground.core.vision import Prediction
from playground.hub.classify import Classifier
from playground.hub.desk import Desk

Q = TypeVar("Q")
A = TypeVar("A")

MOST_CLASSES = 6
"""So many classes are followed along a change: more lines are not told apart."""


def each(
    desk: Desk,
    card: Card | None,
    questions: Sequence[Q],
    say: Callable[[str], None],
    answer: Callable[[Classifier, Q], A],
) -> list[A | PlaygroundError]:
    """Answer questions one after the other; what cannot be answered gets its worded error."""
    if card is None:
        return [ModelUnavailable("Choose a model first: this question is about one.") for _ in questions]
    answers: list[A | PlaygroundError] = []
    for question in questions:
        try:
            with desk.classifier(card, say) as classifier:
                answers.append(answer(classifier, question))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def followed(
    scores: NDArray[np.float32], labels: Sequence[str], unchanged: int
) -> tuple[tuple[Prediction, ...], NDArray[np.float32]]:
    """The classes that are worth following along a change: the likeliest at each value, then the likeliest unchanged.

    Args:
        scores: ``(n, classes)``, a row for each value.
        labels: A name for each class.
        unchanged: Which row is the picture as it is.

    Returns:
        The classes with their unchanged scores, the likeliest first, and their columns ``(n, k)``.
    """
    base = scores[unchanged]
    winners = {int(row.argmax()): 0.0 for row in scores}
    for index in winners:
        winners[index] = float(scores[:, index].max())
    first = [int(base.argmax())]
    first += sorted(set(winners) - set(first), key=lambda index: (-winners[index], index))
    first += [int(index) for index in np.argsort(-base, kind="stable")[:MOST_CLASSES] if int(index) not in winners]
    chosen = sorted(first[:MOST_CLASSES], key=lambda index: (-base[index], index))
    classes = tuple(Prediction(labels[index], index, float(base[index])) for index in chosen)
    return classes, np.ascontiguousarray(scores[:, chosen])


def pixels(classifier: Classifier, fed: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A prepared picture ``(3, h, w)`` as one looks at it, ``(h, w, 3)``: the normalisation taken back."""
    mean, std = np.array([classifier.mean, classifier.std], dtype=np.float32)
    shown = fed.transpose(1, 2, 0) * std + mean
    return np.asarray((shown * 255).round().clip(0, 255).astype(np.uint8))


def jpeg(picture: NDArray[np.uint8], side: int) -> bytes:
    """A small copy of a picture ``(h, w, 3)``, at most ``side`` pixels wide and high."""
    image = Image.fromarray(picture)
    image.thumbnail((side, side), Image.Resampling.BICUBIC)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=88, subsampling=0)
    return held.getvalue()
