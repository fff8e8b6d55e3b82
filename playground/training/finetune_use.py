"""What a run has been fine-tuned to, used: asked about texts, or taken along as a zip. Tasks of the inference worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playground.catalog.card import Card
from playground.core.cnn_use import Taken
from playground.core.errors import InputError, PlaygroundError
from playground.core.language import Tuned, TunedAnswer
from playground.data.text_cleaning import readable
from playground.training.finetune_data import LONGEST_TEXT
from playground.training.finetune_package import package, ready
from playground.training.finetune_stored import unpack_run

if TYPE_CHECKING:  # torch, which importing this module need not cost
    from playground.hub.desk import Desk

Say = Callable[[str], None]

MOST = 64
"""Texts of one question."""


def tell(desk: Desk, card: Card | None, questions: Sequence[Tuned], say: Say) -> list[TunedAnswer | PlaygroundError]:
    """What the best weights of stored runs say of texts; each gets its own answer, or its own error in words."""
    answers: list[TunedAnswer | PlaygroundError] = []
    for question in questions:
        try:
            answers.append(told(question, desk.folder, desk.device))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def pack(desk: Desk, card: Card | None, questions: Sequence[Tuned], say: Say) -> list[Taken | PlaygroundError]:
    """Write stored runs down as zips (see ``finetune_package.package``); each gets its own, or its own error in words."""
    answers: list[Taken | PlaygroundError] = []
    for question in questions:
        try:
            say("Packing")
            answers.append(Taken(packed(question.state, folder=desk.folder)))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def told(question: Tuned, folder: Path | None = None, device: str = "cpu") -> TunedAnswer:
    """What the best weights of a stored run say of texts; raises ``InputError`` where run or texts cannot be read."""
    began = time.perf_counter()
    if not 0 < len(question.texts) <= MOST:
        raise InputError(f"Texts given: {len(question.texts)}; 1 to {MOST} are read at once.")
    stored = unpack_run(question.state)
    tuner = ready(stored, folder=folder, device=device)
    pieces = [tuner.model.pieces(readable(text[:LONGEST_TEXT])[0]) for text in question.texts]
    scores = tuner.ask(pieces)
    tuner.load_weights(tuner.first)
    before = tuner.ask(pieces)
    return TunedAnswer(stored.classes, scores, before, stored.best.epoch, time.perf_counter() - began)


def packed(state: bytes, model: tuple[Card, Path] | None = None, *, folder: Path | None = None) -> bytes:
    """The best weights of a stored run as a zip; raises ``PlaygroundError`` where it, or its pretrained model, cannot be read."""
    stored = unpack_run(state)
    return package(stored, ready(stored, model, folder))
