"""What a run was told and has not carried out yet: a flood of wishes comes down to the newest of each kind."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Hashable

from playground.core import events as e
from playground.jobs import messages as m


class Inbox:
    """Requests to one run, in the order in which they are to be carried out.

    Putting one in costs microseconds, whatever it asks for; carrying it out is left to the run's own turn. What moves the
    run (play, pause, step, keep) and what changes it for good is never dropped.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, m.Request] = {}
        self._numbers = itertools.count()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, request: m.Request) -> None:
        """Take a request in; one that it makes void is dropped, and what it leaves open of that one is kept."""
        if isinstance(request, m.Start | m.Close):
            self._waiting.clear()  # what was asked before was meant for a run that is no more
        kind = _kind(request)
        if kind is None:
            self._waiting[next(self._numbers)] = request
            return
        earlier = self._waiting.pop((request.turn, *kind), None)
        self._waiting[(request.turn, *kind)] = request if earlier is None else _both(earlier, request)

    def take(self) -> m.Request | None:
        """The request that comes next; ``None`` when there is none."""
        if not self._waiting:
            return None
        return self._waiting.pop(next(iter(self._waiting)))


def _kind(request: m.Request) -> tuple[Hashable, ...] | None:
    """What two requests have in common of which the later one makes the earlier void; ``None``: nothing does."""
    match request:
        case m.Want() | m.Speed():
            return (type(request).__name__,)
        case m.Tell(command=e.Edit() as edit):
            return "Edit", edit.layer, edit.to, edit.source
        case m.Tell(command=e.Look() | e.OpenTest() | e.Dissect() as command):
            return (type(command).__name__,)
        case _:
            return None


def _both(earlier: m.Request, later: m.Request) -> m.Request:
    """The later one, with what it does not say of its own."""
    match earlier, later:
        case m.Want(scene=before), m.Want(scene=now):
            return dataclasses.replace(later, scene=before or now)
        case m.Tell(command=e.Look(view=before)), m.Tell(command=e.Look(view=now)):
            return dataclasses.replace(later, command=e.Look({**before, **now}))
        case _:
            return later
