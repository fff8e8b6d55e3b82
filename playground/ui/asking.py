"""Questions of pages to pretrained models: asked at each run of a page, answered when it is their turn.

How a page uses it::

    answer = asking.ask("classify", card, Classify(photo))
    if isinstance(answer, asking.Waiting):
        ...  # show answer.words
    elif isinstance(answer, asking.Refused):
        st.error(plain(answer.words))
    else:
        ...  # a Classified
    asking.look_again()  # at the end: runs the page again once there is something new

Nothing here waits. A question that a page no longer asks is taken back, as long as its turn has not come; what a visitor
who left had asked is answered or expires by itself within a minute.
"""

from __future__ import annotations

import time
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.catalog.card import Card
from playground.core.errors import PlaygroundError, QuotaReached, Stopped
from playground.jobs.inference import Asked
from playground.ui import provider, visitors
from playground.ui.state import state

LOOK_SECONDS, LOOK_SECONDS_EACH, LOOK_SECONDS_MOST = 0.2, 0.02, 1.0
"""Pause between two looks for an answer: when nobody else waits, longer for each who does, and at most. A look costs the
server some milliseconds, and where many wait none of them is the next."""

PATIENCE_SECONDS = 60.0
"""So long a question waits for its turn unless its page says otherwise."""

TELL_SECONDS = 1.0
"""So often at most a page runs again only because the words of something that waits have changed."""


@dataclass(frozen=True)
class Waiting:
    """There is no answer yet.

    Attributes:
        words: How far it is (``Waiting: 3 before you``); may be empty.
    """

    words: str = ""


@dataclass(frozen=True)
class Refused:
    """There is no answer.

    Attributes:
        words: Why, for a person.
    """

    words: str


@dataclass
class Session:
    """What one session has asked.

    Attributes:
        fresh: What the run that is under way has asked and not been answered.
        open: The same of the last whole run.
        fresh_held: The run that is under way could not ask everything yet.
        held: The same of the last whole run.
        run: Tells one run of the script from the next.
        told: The words that were shown of what is open.
        since: When they were.
    """

    fresh: list[Asked] = field(default_factory=list)
    open: list[Asked] = field(default_factory=list)
    fresh_held: bool = False
    held: bool = False
    run: object = None
    told: tuple[str, ...] = ()
    since: float = 0.0

    def ended(self, run: object, whole: bool, now: float) -> bool:
        """A run has asked all that it asks.

        Args:
            run: The same object for all calls in one run.
            whole: It was the page's, not a fragment's: what it did not ask, nobody wants any more.
            now: Seconds, from any origin.

        Returns:
            Whether to look out for answers; false where nothing is open, or that is being done already.
        """
        again = run is not None and run is self.run
        before, self.run = self.open, run
        self.open = list(dict.fromkeys([*before, *self.fresh] if again or not whole else self.fresh))
        self.held = self.fresh_held or (again and self.held)
        self.fresh, self.fresh_held = [], False
        for asked in before:
            if asked not in self.open:
                asked.cancel()
        self.told, self.since = tuple(asked.words for asked in self.open), now
        return bool(self.open or self.held) and not again

    def due(self, now: float) -> bool:
        """Whether there is something new to show."""
        if any(asked.done() for asked in self.open):
            return True
        changed = self.held or self.told != tuple(asked.words for asked in self.open)
        return changed and now - self.since >= TELL_SECONDS


def ask(task: str, card: Card | None, question: Any, seconds: float = PATIENCE_SECONDS) -> Any | Waiting | Refused:
    """The answer to a question, as far as there is one; returns at once.

    Args:
        task: A name in ``playground.jobs.names.TASKS``.
        card: The model; ``None`` where the task needs none.
        question: As the task wants it (see ``playground.core.vision``).
        seconds: How long it may wait for its turn.
    """
    return follow(begin(task, card, question, seconds))


def begin(task: str, card: Card | None, question: Any, seconds: float = PATIENCE_SECONDS) -> Asked:
    """Ask what a page keeps hold of and follows, as where an answer may be too large to be found again by its question."""
    return provider.inference().ask(task, card, question, visitor=visitors.current(), seconds=seconds)


def later() -> None:
    """The page has something to ask that is not at hand yet: it runs again in a moment."""
    state(Session).fresh_held = True


def follow(asked: Asked) -> Any | Waiting | Refused:
    """The answer to what was begun, as far as there is one; where it is done and ``Waiting`` all the same, begin it anew."""
    session = state(Session)
    if not asked.done():
        session.fresh.append(asked)
        return Waiting(asked.words)
    try:
        return asked.result(0)
    except (QuotaReached, CancelledError, Stopped):  # the next run asks again: by then another answer may have come
        session.fresh_held = True
        return Waiting("Waiting for your other questions")
    except PlaygroundError as error:
        return Refused(str(error))


def stop(task: str, card: Card | None, question: Any) -> None:
    """Want no answer to a question any more: what is under way for nobody else ends soon."""
    provider.inference().ask(task, card, question, visitor=visitors.current()).stop()


def look_again() -> None:
    """Run the page again as soon as there is an answer to what it asked; call it when everything has been asked.

    While nothing is open it does nothing, and nothing is drawn in any case.
    """
    context, session = get_script_run_ctx(suppress_warning=True), state(Session)
    run = context.cursors if context is not None else None  # Streamlit makes them anew for each run
    whole = context is None or not context.fragment_ids_this_run
    if session.ended(run, whole, time.monotonic()):
        st.fragment(_look, run_every=pause(provider.inference().waiting))()


def pause(waiting: int) -> float:
    """Seconds between two looks for an answer while so many questions wait."""
    return min(LOOK_SECONDS_MOST, LOOK_SECONDS + LOOK_SECONDS_EACH * waiting)


def _look() -> None:
    if state(Session).due(time.monotonic()):
        st.rerun()
