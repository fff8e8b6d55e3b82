"""What a run of a generator has learnt, taken along as a zip. A task of the inference worker, which needs no torch for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from playground.catalog.card import Card
from playground.core.errors import PlaygroundError
from playground.core.gan_use import Pack, Packed
from playground.training.gan_package import package
from playground.training.gan_stored import unpack_run

if TYPE_CHECKING:  # torch, which none of this needs
    from playground.hub.desk import Desk

Say = Callable[[str], None]


def pack(desk: Desk, card: Card | None, questions: Sequence[Pack], say: Say) -> list[Packed | PlaygroundError]:
    """Write stored runs down as zips (see ``gan_package.package``); each gets its own, or its own error in words."""
    answers: list[Packed | PlaygroundError] = []
    for question in questions:
        try:
            say("Packing")
            answers.append(Packed(package(unpack_run(question.state))))
        except PlaygroundError as error:
            answers.append(error)
    return answers
