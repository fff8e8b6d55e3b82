"""One run as the manager keeps it, and the words a visitor reads when there is no place."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from playground.core.errors import InputError
from playground.core.events import Edit
from playground.jobs import names
from playground.jobs.job import Job
from playground.jobs.snapshot import Status

MAX_SPEED = 1e6
GETTING_READY = "A worker process is getting ready for this run."
LARGEST_NUMBER = 1_000_000_000
LONGEST_SENTENCE = 600
"""Characters of a sentence that a run of a text model is to read as it learns."""

VIEW_KEYS = ("axes", "held", "focus", "image", "wrong", "cell", "pick", "pad", "tab", "text", "snapshot", "class")
PAD = re.compile(r"[A-Za-z0-9+/]{4182}==")
"""A drawing: 56 x 56 bytes in base 64."""


@dataclass(eq=False)
class Held:
    """A job, and who is there for it. Times are ``time.monotonic()``.

    Attributes:
        viewers: Open canvases that show it.
        claims: Sessions whose page holds it, watched or not.
        seen: When somebody was there last.
        watched: When it was looked at last.
        active: When it was playing, or told something, last.
        saved: When its state was asked for last, and at which step.
        until: When its time is used up; ``None`` while it does not play.
        pending: What to do once it has a place.
        storing: Its state is on the way; with it the worker lets go of it. The text is what the visitor reads then.
        written: The store holds it as it is.
        asked: Turn of the run, and answers given, when it was last asked what its next step does; ``None`` once it was
            told anything else.
    """

    job: Job
    now: float
    viewers: int = 0
    claims: set[str] = field(default_factory=set)
    pending: str = ""
    storing: str | None = None
    written: bool = False
    asked: tuple[int, int] | None = None
    until: float | None = None
    saved_step: int = -1
    seen: float = field(init=False)
    watched: float = field(init=False)
    active: float = field(init=False)
    saved: float = field(init=False)

    def __post_init__(self) -> None:
        self.seen = self.watched = self.active = self.saved = self.now

    def told(self, cmd: str) -> None:
        """The run is told something now."""
        self.active = time.monotonic()
        if cmd != "inside":
            self.asked = None

    @property
    def looking(self) -> bool:
        """Whether the run owes an answer to what its next step does, and was told nothing since."""
        return self.job.carried and self.asked == (self.job.turn, self.job.insides)

    @property
    def there(self) -> bool:
        """Whether somebody looks at it, or has it on a page of theirs."""
        return bool(self.viewers or self.claims)

    @property
    def resting(self) -> Status:
        """How it stands without a place."""
        return "stored" if self.job.state else "ready"


def speed_of(value: Any) -> float:
    """A speed that a browser sent: steps a second, 0 for flat out; raises ``InputError``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SPEED:
        raise InputError(
            f"The speed '{str(value)[:40]}' is none; give steps a second from 0 (flat out) to {MAX_SPEED:g}."
        )
    return float(value)


def view_of(value: Any) -> Mapping[str, Any]:
    """A view that a browser sent, as ``{"axes": [0, 1]}``; its computation knows what it means. Raises ``InputError``.

    Only flat forms pass: a pair of small whole numbers, one such number, a word, a drawing, nothing; and a sentence as ``text``.
    """
    view = {key: item for key, item in value.items() if key != "cmd"} if isinstance(value, Mapping) else {}
    flat = all(_sentence(item) if key == "text" else _flat(item) for key, item in view.items())
    if not view or not set(view) <= set(VIEW_KEYS) or not flat:
        raise InputError(f"That is no way to look at a run; give one of {', '.join(VIEW_KEYS)}.")
    return view


def edit_of(value: Any) -> Edit:
    """A number set by hand, as ``{"layer": 0, "to": 1, "from": 0, "value": 0.5}``; raises ``InputError``."""
    if isinstance(value, Mapping):
        layer, to, source, number = (value.get(key) for key in ("layer", "to", "from", "value"))
        places = _whole(layer) and _whole(to) and (source is None or _whole(source))
        if places and (_whole(number) or isinstance(number, float)) and abs(cast(float, number)) <= LARGEST_NUMBER:
            return Edit(cast(int, layer), cast(int, to), cast("int | None", source), float(cast(float, number)))
    raise InputError("That names no weight and value; give layer, to, from (none: the bias) and value.")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER


def _sentence(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= LONGEST_SENTENCE)


def _flat(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) == 2 and all(map(_whole, value))
    return value is None or value == "mean" or _whole(value) or (isinstance(value, str) and bool(PAD.fullmatch(value)))


def heavy(held: Held) -> bool:
    """Whether it is one of the runs that take a core."""
    return held.job.kind in names.HEAVY


def waiting_words(position: int, places: int) -> str:
    """What a waiting visitor reads."""
    ahead = "You are next." if position == 1 else f"You are number {position} in the queue."
    return f"All {places} places are training. {ahead}"


def minutes(seconds: float) -> str:
    """A span as a person says it."""
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"
