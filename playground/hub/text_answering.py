"""What the slow questions about one text have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable, PlaygroundError
from playground.hub.desk import Desk
from playground.hub.text_model import TextModel

Q = TypeVar("Q")
A = TypeVar("A")


def each(
    desk: Desk,
    card: Card | None,
    questions: Sequence[Q],
    say: Callable[[str], None],
    answer: Callable[[TextModel, Q, Callable[[str], None]], A],
) -> list[A | PlaygroundError]:
    """Answer questions one after the other; what cannot be answered gets its worded error."""
    if card is None:
        return [ModelUnavailable("Choose a model first: this question is about one.") for _ in questions]
    answers: list[A | PlaygroundError] = []
    for question in questions:
        try:
            with desk.reader(card, say) as model:
                answers.append(answer(model, question, say))
        except PlaygroundError as error:
            answers.append(error)
    return answers
