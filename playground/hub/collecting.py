"""Answers to ``Collect``: a visitor's zip of class folders, decoded within this server's limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playground.catalog.card import Card
from playground.core.collecting import Collect, Collected
from playground.core.errors import InputError, PlaygroundError
from playground.core.progress import Progress
from playground.data.own_pictures import pack
from playground.data.picture_folders import Limits, from_zip
from playground.hub.desk import Desk

SIDES = range(16, 257)


def collect(
    desk: Desk, card: Card | None, questions: Sequence[Collect], say: Callable[[str], None]
) -> list[Collected | PlaygroundError]:
    """Decode zips one after the other; what cannot be used gets its worded error."""
    answers: list[Collected | PlaygroundError] = []
    for question in questions:
        try:
            answers.append(_collect(desk, question, say))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def _collect(desk: Desk, question: Collect, say: Callable[[str], None]) -> Collected:
    if question.side not in SIDES:
        raise InputError(f"Pictures of {question.side} pixels were asked for; {SIDES[0]} to {SIDES[-1]} can be kept.")

    def tell(done: int, total: int) -> None:
        say(Progress(f"Reading pictures: {done:,} of {total:,}", done / total))

    limits = Limits(
        question.most, question.megabytes, question.picture_megabytes, question.picture_megapixels, question.megapixels
    )
    own = from_zip(question.content, question.name, side=question.side, limits=limits, tell=tell, hands=desk.hands)
    return Collected(pack(own), own.about)
