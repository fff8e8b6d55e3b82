"""What a page wants of a run and does not wait for: what it has learnt is fetched, a question is made of that, and asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from playground.core.errors import PlaygroundError
from playground.jobs.asked import Asked
from playground.ui import asking, live_view


@dataclasses.dataclass
class Wish:
    """Something that is wanted of a run as it was when that was wished.

    Attributes:
        task: A name in ``playground.jobs.names.TASKS``.
        at: Epoch and step of the run.
        source: What the run has learnt, on its way, and what makes the question of it; ``None`` once that is made.
        question: As it is asked.
        asked: The question, asked.
        answer: What came of it.
        words: How far it is.
        problem: Why there is no answer.
    """

    task: str
    at: tuple[int, int]
    source: tuple[live_view.Learnt, Callable[[bytes], Any]] | None
    question: Any = None
    asked: Asked | None = None
    answer: Any = None
    words: str = ""
    problem: str = ""

    @property
    def open(self) -> bool:
        """Whether there is neither an answer nor a reason why not."""
        return self.answer is None and not self.problem

    def follow(self) -> None:
        """Go on with it, without waiting; called at each run of the page."""
        if not self.open:
            return
        try:
            if self.source is not None:
                learnt, make = self.source
                if (found := learnt.state) is None:
                    asking.later()
                    return
                self.question, self.source = make(found), None
        except PlaygroundError as error:
            self.problem = str(error)
            return
        if self.asked is None:
            self.asked = asking.begin(self.task, None, self.question)
        answer = asking.follow(self.asked)
        if isinstance(answer, asking.Waiting):
            self.words = answer.words
            if self.asked.done():  # taken back, or others of this visitor's come first
                self.asked = None
            return
        if isinstance(answer, asking.Refused):
            self.problem = answer.words
        else:
            self.answer = answer
        self.question = self.asked = None
