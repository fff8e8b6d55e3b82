"""What the slow questions about one text have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.language import LONGEST_TEXT
from playground.data import text_cleaning
from playground.hub.desk import Desk
from playground.hub.text_model import Pieces, TextModel

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


def read(model: TextModel, text: str) -> tuple[str, Pieces, tuple[str, ...]]:
    """A text as a model reads it, its pieces, and what was done to it, in sentences; places stay where they are.

    Raises:
        InputError: It is too long, or there is nothing in it that the model could read.
    """
    if len(text) > LONGEST_TEXT:
        raise InputError(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} can be read. Take a part of it.")
    clean, notes = text_cleaning.readable(text)
    pieces = model.pieces(clean)
    if not pieces.ids:
        raise InputError("There is nothing to read in this text: write a sentence.")
    return clean, pieces, notes
