"""Questions that wait for the inference worker: in turn by visitor, in batches by model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.catalog.card import Card
from playground.jobs.asked import Asked
from playground.jobs.names import Lane, Task

MOST_BYTES = 32_000_000
"""Pictures of one batch take no more than this together, so that packing them holds nobody else up for long."""


@dataclass(eq=False)
class Question:
    """One question, whoever asks it.

    Attributes:
        key: Its fingerprint.
        kind: What is known of its task.
        bytes: How many it takes on its way.
        about: What it is about, where several questions are about the same (see ``asked.subject``); may be empty.
        askers: Who waits for the answer; a visitor who asks twice waits once.
    """

    key: str
    task: str
    kind: Task
    card: Card | None
    question: Any
    bytes: int
    about: str = ""
    askers: dict[str, Asked] = field(default_factory=dict)

    @property
    def visitor(self) -> str:
        """Whose turn it takes."""
        return next(iter(self.askers), "")

    def goes_with(self, other: Question) -> bool:
        """Whether both can be answered in one call."""
        return (self.task, self.card) == (other.task, other.card)


class Line:
    """All questions that wait. Not thread-safe: its owner has a lock."""

    def __init__(self) -> None:
        self._waiting: list[Question] = []
        self._served: dict[str, int] = {}
        self._turns = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._waiting)

    def join(self, question: Question) -> None:
        """Wait as the last."""
        self._waiting.append(question)

    def rejoin(self, questions: list[Question]) -> None:
        """Wait as the first, for those who were sent away without an answer through no fault of theirs."""
        self._waiting[:0] = questions

    def leave(self, question: Question) -> None:
        """Wait no more."""
        if question in self._waiting:
            self._waiting.remove(question)

    def before(self, question: Question) -> int:
        """How many of its lane came earlier."""
        lane = [one for one in self._waiting if one.kind.lane == question.kind.lane]
        return lane.index(question) if question in lane else 0

    def take(self, lane: Lane) -> list[Question]:
        """The next batch of a lane; empty where nobody waits.

        It is the turn of the visitor who was served longest ago, with the oldest question; whatever goes with that comes
        along, every visitor's first before anybody's second.
        """
        waiting = [one for one in self._waiting if one.kind.lane == lane]
        if not waiting:
            return []
        first = min(waiting, key=self._last_served)
        company = [one for one in waiting if one is not first and one.goes_with(first)]
        own = Counter({first.visitor: 1})
        ranked = list[tuple[int, int, int, Question]]()
        for one in company:
            ranked.append((own[one.visitor], self._last_served(one), len(ranked), one))
            own[one.visitor] += 1
        batch = [first]
        for *_, one in sorted(ranked, key=lambda item: item[:3]):
            if len(batch) < first.kind.most and sum(other.bytes for other in batch) + one.bytes <= (
                first.kind.bytes or MOST_BYTES
            ):
                batch.append(one)
        for one in batch:
            self._waiting.remove(one)
            self._turns += 1
            self._served[one.visitor] = self._turns
        self._forget_those_who_left()
        return batch

    def _last_served(self, question: Question) -> int:
        return self._served.get(question.visitor, 0)

    def _forget_those_who_left(self) -> None:
        if len(self._served) > 1000:
            newest = sorted(self._served.items(), key=lambda item: item[1])[-500:]
            self._served = dict(newest)
