"""How much may come in for one run: so many connections, and so many commands a second over all of them together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

SOCKETS_PER_RUN = 4
COMMANDS_PER_SECOND, COMMANDS_AT_ONCE = 50.0, 50
_KINDS = 16

Obey = Callable[[str, dict[str, Any]], None]


class Valve:
    """Lets the commands to one run through at a measured pace.

    A command that comes too soon is held back; of each kind only the newest is kept, and carried out as soon as its turn
    comes. Nothing is refused: whoever drags a slider ends where the slider ends.

    Args:
        obey: Carries a command out; returns at once and raises nothing.
        clock: Seconds, from any origin.
    """

    def __init__(self, obey: Obey, clock: Callable[[], float] = time.monotonic) -> None:
        self._obey, self._clock = obey, clock
        self._allowed, self._since = float(COMMANDS_AT_ONCE), clock()
        self._held: dict[str, dict[str, Any]] = {}
        self._pump: asyncio.Task[None] | None = None

    def put(self, name: str, message: dict[str, Any]) -> None:
        """Carry a command out, now or as soon as it may be."""
        if not self._held and self._may():
            self._obey(name, message)
            return
        self._held.pop(name, None)
        self._held[name] = message
        if len(self._held) > _KINDS:  # names that somebody made up
            del self._held[next(iter(self._held))]
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._let_through())

    @property
    def rested(self) -> bool:
        """Whether nothing is held back and a burst is allowed again."""
        self._refill()
        return not self._held and self._allowed >= COMMANDS_AT_ONCE

    async def _let_through(self) -> None:
        while self._held:
            await asyncio.sleep(1 / COMMANDS_PER_SECOND)
            while self._held and self._may():
                name = next(iter(self._held))
                self._obey(name, self._held.pop(name))

    def _refill(self) -> None:
        now = self._clock()
        gained = (now - self._since) * COMMANDS_PER_SECOND
        self._allowed, self._since = min(float(COMMANDS_AT_ONCE), self._allowed + gained), now

    def _may(self) -> bool:
        self._refill()
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True


class Doors:
    """Counts the connections to each run, which all are its one visitor's, and gives them one valve in common."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}
        self._valves: dict[str, Valve] = {}

    def enter(self, run_id: str, obey: Obey) -> Valve | None:
        """Take a connection in; ``None`` where the run has as many as it may have."""
        if self._open.get(run_id, 0) >= SOCKETS_PER_RUN:
            return None
        # A valve outlives its last connection until it has come to rest: coming back buys no new burst.
        for gone in [name for name, valve in self._valves.items() if name not in self._open and valve.rested]:
            del self._valves[gone]
        self._open[run_id] = self._open.get(run_id, 0) + 1
        return self._valves.setdefault(run_id, Valve(obey))

    def leave(self, run_id: str) -> None:
        """A connection is gone."""
        self._open[run_id] -= 1
        if not self._open[run_id]:
            del self._open[run_id]
