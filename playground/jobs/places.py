"""Places, and the line before them: which runs a worker carries, which wait, and what each visitor may have."""

from __future__ import annotations

import logging
import time

from playground.core.errors import PlaygroundError, QueueFull, QuotaReached
from playground.core.settings import Settings
from playground.jobs.held import GETTING_READY, Held, heavy, waiting_words
from playground.jobs.snapshot import Status

log = logging.getLogger("playground")


class Places:
    """Who has a place and who waits. Every method is called with the manager's lock held.

    Args:
        settings: How many places, how long a line, how many runs a visitor.
        held: All runs in memory.
    """

    def __init__(self, settings: Settings, held: dict[str, Held]) -> None:
        self._settings, self._held = settings, held
        self.waiting: list[Held] = []

    def taken(self) -> int:
        """How many places are taken."""
        return sum(held.job.carried for held in self._held.values())

    def admit(self) -> None:
        """Give free places to those who wait, in their order; tell the others where they stand now."""
        for held in list(self.waiting):
            if self._room(held):
                self.waiting.remove(held)
                self.launch(held, held.pending)
        for position, held in enumerate(self.waiting, 1):
            words = waiting_words(position, self._most(held))
            if held.job.snapshot().message != words:
                held.job.rest("queued", words, position)

    def leave_queue(self, held: Held) -> None:
        """A run no longer waits."""
        if held in self.waiting:
            self.waiting.remove(held)
            held.job.rest(held.resting)
            self.admit()

    def put_away(self, held: Held, words: str = "") -> None:
        """Store a run and free its place; ``words`` are what its visitor reads."""
        if held.job.carried and held.storing is None:
            if held.job.at[1] == 0:
                held.job.cancel()  # nothing is learnt yet
                held.until = None
                if words:
                    held.job.rest(held.resting, words)
                self.admit()
                return
            held.storing, held.saved = words, time.monotonic()
            held.job.save(close=True)

    def go(self, held: Held, action: str) -> None:
        """Play, step or epoch: at once, or when there is a place; raises ``QueueFull`` or ``QuotaReached``."""
        held.pending = action
        if held.storing is not None or held in self.waiting:
            return  # done as soon as it can be
        if held.job.carried:
            if not held.job.opened:
                self._promise(held, action)
            self._act(held, action)
            return
        try:
            self._check_quota(held)
            if self.free(held):
                self.launch(held, action)
            elif len(self.waiting) < self._settings.queue_length:
                self.waiting.append(held)
                self.admit()
            else:
                raise QueueFull(
                    f"All {self._most(held)} places are training and {len(self.waiting)} runs wait already. "
                    "Try again in a few minutes."
                )
        except PlaygroundError as error:
            held.job.rest(held.job.status, str(error), refused=True)
            raise

    def _check_quota(self, held: Held) -> None:
        """Make room among the visitor's own runs where that costs nobody anything, else refuse."""
        active = self._active(held)
        if len(active) < self._settings.runs_per_visitor:
            return
        # The newest wish counts: a run of theirs that nobody looks at steps back, one that stands before one that plays.
        unseen = [one for one in active if one.job.carried and not one.viewers]
        if not unseen:
            raise QuotaReached(
                f"You have {len(active)} runs open in other windows; {self._settings.runs_per_visitor} at once are "
                "allowed. Close one of those windows, then press Play again."
            )
        self.put_away(min(unseen, key=lambda one: (one.job.status == "playing", one.active)))

    def _active(self, held: Held) -> list[Held]:
        """The other runs of a run's visitor that have a place or wait for one."""
        others = [one for one in self._held.values() if one.job.visitor == held.job.visitor and one is not held]
        return [one for one in others if (one.job.carried and one.storing is None) or one in self.waiting]

    def free(self, held: Held) -> bool:
        """Whether there is a place for a run without waiting: nobody waits for one of the same kind."""
        return self._room(held) and not any(heavy(other) == heavy(held) for other in self.waiting)

    def _room(self, held: Held) -> bool:
        """Whether a place is left for a run; heavy ones have fewer among those of all."""
        carried = [other for other in self._held.values() if other.job.carried]
        most = self._settings.heavy_runs_at_once
        return len(carried) < self._settings.runs_at_once and (not heavy(held) or sum(map(heavy, carried)) < most)

    def _most(self, held: Held) -> int:
        """How many runs of its kind there is room for."""
        every = self._settings.runs_at_once
        return min(every, self._settings.heavy_runs_at_once) if heavy(held) else every

    def open(self, held: Held) -> None:
        """Have a worker take a run up without training, if there is a place for it and the visitor has one left."""
        if held.job.status in ("ready", "stored") and not held.job.carried and self.free(held):
            others = len(self._active(held))
            if others < self._settings.runs_per_visitor:
                self.launch(held, "look")

    def launch(self, held: Held, action: str) -> None:
        """Give a run a place and set it going (``look``: only have a worker take it up)."""
        self._promise(held, action)
        held.job.open()
        self._act(held, action)

    def _promise(self, held: Held, action: str) -> None:
        """Said before the worker says it, so that a visitor sees at once that the press was felt."""
        status: Status = "playing" if action in ("play", "epoch") else "paused" if held.job.state else "ready"
        held.job.rest(status, GETTING_READY)

    def _act(self, held: Held, action: str) -> None:
        held.pending, held.written = "", False
        if held.until is None or held.job.status != "playing":  # pressing Play again buys no time
            held.until = time.monotonic() + self._settings.run_seconds
        match action:
            case "play":
                held.job.play()
            case "step":
                held.job.advance("step")
            case "epoch":
                held.job.advance("epoch")

    def take_up(self, held: Held, action: str) -> None:
        """The same for a run that was stored in the meantime, when nobody is there to take the refusal."""
        try:
            self.go(held, action)
        except PlaygroundError as error:
            log.info("run %s was not taken up again: %s", held.job.id, error)
