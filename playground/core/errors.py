"""The one tree of errors that are meant to be read by people.

Every message says what was given, what is allowed and what to do. A page shows it as it is; the command line prints it
as one line and ends with status 2. Anything outside this tree is a defect: the visitor sees a reference number and the
log keeps the traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PlaygroundError(Exception):
    """Something a person can understand and act on."""


class SpecError(PlaygroundError):
    """A setting of an experiment is outside what is allowed."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


_NAMED = 24
"""So many names of a registry are told where none is near; more would be no sentence."""


class UnknownName(PlaygroundError, KeyError):
    """A name that no registry entry carries; the message suggests the nearest one."""

    def __init__(self, kind: str, given: str, known: Iterable[str]) -> None:
        names, given = list(known), given.strip("'\"") or given  # it is quoted here
        # Letters in the wrong order are the commonest slip: such a name goes before a merely similar one.
        near = sorted(difflib.get_close_matches(given, names), key=lambda name: sorted(name) != sorted(given))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(names[:_NAMED])}{more}."
        self.message = f"Unknown {kind} '{given}'. {hint}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class InputError(PlaygroundError):
    """A file or a value from outside cannot be used."""


class QueueFull(PlaygroundError):
    """More runs are waiting than the server is willing to line up."""


class QuotaReached(PlaygroundError):
    """One visitor holds as many runs as one visitor may."""


class TimeLimit(PlaygroundError):
    """A run used the time it was given."""


class RunNotFound(PlaygroundError):
    """No such run, or not this visitor's."""


class Stopped(PlaygroundError):
    """Nobody wants the answer any more."""


class WorkerLost(PlaygroundError):
    """The process that carried a run ended without being asked to."""


class ModelUnavailable(PlaygroundError):
    """A pretrained model cannot be had or used: not on disk, not to be downloaded, or not what it says it is."""
