"""All questions to pretrained models that are open: who asks, who waits for what, and what is known already.

Everything that does not need the worker itself: the rules of the queue are tested without any process.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from playground.catalog.card import Card
from playground.core.errors import QueueFull, QuotaReached, TimeLimit, WorkerLost
from playground.jobs.answering import outcome
from playground.jobs.asked import Asked, settled, subject
from playground.jobs.inference_messages import Refusal
from playground.jobs.line import Line, Question
from playground.jobs.names import LONG, Lane, Task
from playground.jobs.remembered import HARMFUL_SECONDS, Remembered

MOST_PER_VISITOR = 4
"""So many questions one visitor may have open at once, and one in each lane of ``LONG`` besides."""

GRACE_SECONDS = 5.0
BEGIN_SECONDS = 120.0
"""A batch that has not begun after so long never will: its lane's thread hangs."""

_CLOSED = "The server is shutting down; ask again when it is back."


@dataclass(eq=False)
class Batch:
    """Questions that the worker has been given, to be answered in one call.

    Attributes:
        since: When they were given away, or when the call began.
        allowed: Seconds that they may take from then on.
        words: What the worker said last.
        overdue: They took longer, and their worker is being ended for it.
        stopped: Nobody wants them any more, and the worker has been told.
    """

    number: int
    lane: Lane
    questions: list[Question]
    since: float
    allowed: float = BEGIN_SECONDS
    words: str = ""
    begun: bool = False
    overdue: bool = False
    stopped: bool = False


class Questions:
    """The open questions of one server. Each method may be called from any thread; none waits.

    Args:
        most: So many may wait.
        clock: Seconds, from any origin.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self.lock = threading.RLock()
        self._line, self._known = Line(), Remembered(clock)
        self._open: dict[str, Question] = {}
        self._batches: dict[Lane, Batch] = {}
        self._numbers = itertools.count(1)
        self._closed = False
        self.stop: Callable[[int], None] = lambda number: None
        """Told the number of a batch that nobody wants any more."""
        self.idle_words = ""
        """What everybody who waits is told instead of a place in the queue."""

    def __len__(self) -> int:
        return len(self._line)

    @property
    def under_way(self) -> bool:
        """Whether the worker has anything to answer."""
        return bool(self._batches)

    def ask(
        self,
        task: str,
        kind: Task,
        card: Card | None,
        question: Any,
        print_: tuple[str, int],
        visitor: str,
        seconds: float,
    ) -> Asked:
        """Take a question in; see ``Inference.ask``.

        Args:
            task: Its task's name.
            kind: The task.
            card: The model.
            question: The question itself.
            print_: Its fingerprint and how many bytes it takes.
            visitor: Who asks.
            seconds: How long it may wait.
        """
        (key, size), about = print_, subject(question)
        with self.lock:
            if (known := self._known.get(key) or self._known.get(about)) is not None:
                return settled(known[0], visitor)
            held = self._open.get(key)
            if held is not None and (own := held.askers.get(visitor)) is not None and not own.cancelled():
                return own
            refusal = self._refusal(visitor, kind.lane, new=held is None)
            if refusal is not None:
                return settled(refusal, visitor)
            if held is None:
                held = self._open[key] = Question(key, task, kind, card, question, size, about)
                self._line.join(held)
            asked = held.askers[visitor] = Asked(visitor, seconds, self._clock() + seconds)
            asked.tell = lambda one, question=held: self._tell(question, one)
            asked.leave = lambda one, question=held: self._leave(question, one)
            if any(held in batch.questions for batch in self._batches.values()):
                asked.begin()
            return asked

    def give(self, lane: Lane) -> Batch | None:
        """The next batch for a lane that has nothing to do; from now on it cannot be taken back."""
        with self.lock:
            if lane in self._batches or not (questions := self._line.take(lane)):
                return None
            for question in questions:
                for asked in question.askers.values():
                    asked.begin()
            batch = self._batches[lane] = Batch(next(self._numbers), lane, questions, self._clock())
            return batch

    def say(self, number: int, words: str) -> None:
        """The worker has begun with a batch, or tells how far it is."""
        with self.lock:
            if (batch := self._numbered(number)) is None:
                return
            if not batch.begun:
                batch.begun, batch.since = True, self._clock()
                batch.allowed = batch.questions[0].kind.seconds + GRACE_SECONDS
            batch.words = words

    def answered(self, number: int, answers: tuple[bytes | Refusal, ...]) -> None:
        """The worker has answered a batch."""
        outcomes = [outcome(answer) for answer in answers]
        with self.lock:
            if (batch := self._numbered(number)) is None:
                return
            del self._batches[batch.lane]
            for question, answer, found in zip(batch.questions, answers, outcomes, strict=True):
                self._close(question)
                if isinstance(answer, bytes) or not batch.stopped:
                    self._known.take(question.key, found, len(answer) if isinstance(answer, bytes) else 0)
        tell(zip(batch.questions, outcomes, strict=True))

    def lost(self, words: str) -> list[tuple[Question, Refusal]]:
        """The worker died. Who waits goes on waiting; what took too long is all that is to blame for its own end.

        Returns:
            Whom to ``tell`` what, once no lock is held.
        """
        failed: list[tuple[Question, Refusal]] = []
        with self.lock:
            batches, self._batches = list(self._batches.values()), {}
            overdue = any(batch.overdue for batch in batches)
            for batch in batches:
                if overdue and not batch.overdue:
                    self._line.rejoin([question for question in batch.questions if question.askers])
                    continue
                kind = TimeLimit if batch.overdue else WorkerLost
                refusal = Refusal(kind.__name__, words if overdue else f"{words} Try again in a minute.")
                for question in batch.questions:
                    self._close(question)
                    self._known.hold(question.key, refusal, HARMFUL_SECONDS)
                    failed.append((question, refusal))
                    if question.about:
                        self._known.hold(question.about, refusal, HARMFUL_SECONDS)
                        failed += [(one, refusal) for one in self._of_one_subject(question.about)]
        return failed

    def end_waits(self) -> None:
        """Tell those who have waited as long as they wanted to; stop what nobody looks at any more."""
        now, late = self._clock(), list[Asked]()
        with self.lock:
            watched = [question for question in self._open.values() if question.kind.watched]
            gone = [
                asked
                for question in watched
                for asked in question.askers.values()
                if now - asked.looked >= question.kind.unwatched
            ]
            for question in list(self._line):
                over = [asked for asked in question.askers.values() if now >= asked.until]
                for asked in over:
                    del question.askers[asked.visitor]
                late += over
                self._drop_if_unwanted(question)
        for asked in late:
            words = (
                f"The turn of your question did not come within {asked.seconds:g} seconds. Try again a little later."
            )
            asked.answer(Refusal(TimeLimit.__name__, words))
        for asked in gone:
            asked.stop()

    def overdue(self) -> Batch | None:
        """A batch that takes longer than it may, told once."""
        with self.lock:
            for batch in self._batches.values():
                if not batch.overdue and self._clock() - batch.since > batch.allowed:
                    batch.overdue = True
                    return batch
        return None

    def close(self) -> None:
        """Tell everybody that there will be no answer."""
        with self.lock:
            self._closed = True
            left, self._open = list(self._open.values()), {}
            self._line, self._batches = Line(), {}
        tell((question, Refusal(WorkerLost.__name__, _CLOSED)) for question in left)

    def _refusal(self, visitor: str, lane: Lane, *, new: bool) -> Refusal | None:
        if self._closed:
            return Refusal(WorkerLost.__name__, _CLOSED)
        own = [question.kind.lane for question in self._open.values() if visitor in question.askers]
        if lane in LONG and lane in own:
            return Refusal(
                QuotaReached.__name__, f"{LONG[lane]} of yours is under way already. Stop it, or wait for it."
            )
        if lane not in LONG and sum(one not in LONG for one in own) >= MOST_PER_VISITOR:
            return Refusal(
                QuotaReached.__name__,
                f"You have {MOST_PER_VISITOR} questions open, which is as many as one visitor may have at once. "
                "Ask again when one of them is answered.",
            )
        if new and len(self._line) >= self._most:
            words = f"{len(self._line)} questions to pretrained models wait already. Try again in a minute."
            return Refusal(QueueFull.__name__, words)
        return None

    def _tell(self, question: Question, asked: Asked) -> str:
        with self.lock:
            asked.looked = self._clock()
            for batch in self._batches.values():
                if question in batch.questions:
                    return batch.words
            if self.idle_words:
                return self.idle_words
            under_way = self._batches.get(question.kind.lane)
            before = self._line.before(question) + (len(under_way.questions) if under_way else 0)
            return f"Waiting: {before} before you" if before else ""

    def _leave(self, question: Question, asked: Asked) -> None:
        with self.lock:
            if question.askers.get(asked.visitor) is asked:
                del question.askers[asked.visitor]
            self._drop_if_unwanted(question)

    def _drop_if_unwanted(self, question: Question) -> None:
        if question.askers:
            return
        self._close(question)  # who asks it from now on asks anew
        if question in self._line:
            self._line.leave(question)
        for batch in self._batches.values():
            if question in batch.questions and not batch.stopped and not any(one.askers for one in batch.questions):
                batch.stopped = True
                self.stop(batch.number)

    def _of_one_subject(self, about: str) -> list[Question]:
        """Those that wait and are about the same, which wait no more."""
        found = [one for one in self._line if one.about == about]
        for one in found:
            self._close(one)
            self._line.leave(one)
        return found

    def _close(self, question: Question) -> None:
        if self._open.get(question.key) is question:
            del self._open[question.key]

    def _numbered(self, number: int) -> Batch | None:
        return next((batch for batch in self._batches.values() if batch.number == number), None)


def tell(outcomes: Iterable[tuple[Question, Any]]) -> None:
    """Tell all who asked. Without the lock: whoever is told may ask again at once."""
    for question, found in outcomes:
        for asked in list(question.askers.values()):
            asked.answer(found)
