"""Small questions to a worker that belong to no run: asked once, answered in milliseconds, remembered for a while.

They take no place and no quota. What keeps them small for everybody is here: few under way at a time, and answers found
again instead of computed again. What may be asked at all is ``names.FUNCTIONS``; the page bounds the size.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from playground.jobs import messages as m

log = logging.getLogger("playground")

MOST_AT_ONCE, MOST_PER_VISITOR, REMEMBERED = 16, 2, 256
PATIENCE = 30.0  # seconds after which a question counts as lost and may be asked again


class Computer(Protocol):
    """What carries questions out; see ``playground.jobs.executors``."""

    def compute(self, name: str, arguments: tuple[Any, ...]) -> Future[m.Computed]:
        """Have a worker call a function of ``names.FUNCTIONS``; returns at once."""


@dataclass
class _Question:
    visitor: str
    asked: float
    answer: Future[m.Computed]


class Errands:
    """All questions of one server, and the answers that are still remembered."""

    def __init__(self, computer: Computer) -> None:
        self._computer, self._lock = computer, threading.Lock()
        self._open: dict[str, _Question] = {}
        self._answers: OrderedDict[str, Any] = OrderedDict()

    def ask(self, visitor: str, name: str, arguments: tuple[Any, ...]) -> Any:
        """The answer as far as it is known; the first to ask sends the question on its way.

        Returns:
            What the function returned; words for a person where it could not be computed; ``None`` while it is on its
            way, or while it must wait because too many others are.
        """
        key = hashlib.blake2b(pickle.dumps((name, arguments), protocol=5), digest_size=16).hexdigest()
        with self._lock:
            self._collect()
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
            if key not in self._open and self._may(visitor):
                self._open[key] = _Question(visitor, time.monotonic(), self._computer.compute(name, arguments))
                self._collect()  # an inline executor has answered already
            return self._answers.get(key)

    def due(self, visitor: str) -> bool:
        """Whether it pays to ask again: nothing of this visitor's is under way any more, and there is room."""
        with self._lock:
            self._collect()
            return len(self._open) < MOST_AT_ONCE and all(one.visitor != visitor for one in self._open.values())

    def _may(self, visitor: str) -> bool:
        own = sum(one.visitor == visitor for one in self._open.values())
        return own < MOST_PER_VISITOR and len(self._open) < MOST_AT_ONCE

    def _collect(self) -> None:
        """Take in what has been answered; forget what a dead or hanging worker took with it."""
        for key, question in list(self._open.items()):
            if question.answer.done():
                del self._open[key]
                self._remember(key, question.answer.result())
            elif time.monotonic() - question.asked > PATIENCE:
                del self._open[key]

    def _remember(self, key: str, answer: m.Computed) -> None:
        if answer.trace:
            reference = secrets.token_hex(4)
            log.error("reference %s: a question to a worker failed\n%s", reference, answer.trace)
            self._answers[key] = f"Something went wrong in this computation (reference {reference})."
        elif answer.words or answer.value is not None:
            self._answers[key] = answer.words or answer.value
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
