"""The one place where an error becomes something on the screen, and a line in the log.

What goes wrong once for a visitor may go wrong a hundred times a second for somebody who tries: the whole traceback of an
error is written at most once a minute, and each time the line that its reference number is found in.
"""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.ui.words import plain

log = logging.getLogger("playground")

EVERY = 60.0
"""Seconds between two tracebacks of the same error."""

KINDS = 200
"""So many errors are told apart; the one that was met longest ago is forgotten first."""


class Tracebacks:
    """Tells whether an error's traceback is due: the same type from the same line is the same error.

    Args:
        clock: Seconds, from any origin.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._met: OrderedDict[tuple[str, str, int], tuple[float, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._met)

    def due(self, error: Exception) -> tuple[bool, str]:
        """Whether to write it now, and in words where the error comes from and how often it was met since the last one."""
        steps = [(step.f_code.co_filename, line) for step, line in traceback.walk_tb(error.__traceback__)]
        key, now = (type(error).__name__, *(steps or [("?", 0)])[-1]), self._clock()
        with self._lock:
            written, since = self._met.pop(key, (-math.inf, 0))
            due = now - written >= EVERY
            self._met[key] = (now, 0) if due else (written, since + 1)
            if len(self._met) > KINDS:
                self._met.popitem(last=False)
        again = f", met {since + (not due)} times since its last traceback" if since or not due else ""
        return due, f"{key[0]} at {key[1]}:{key[2]}{again}"


_tracebacks = Tracebacks()


def show_error(error: Exception) -> bool:
    """Say an error of ours in its own words; anything else as a reference number, with the traceback in the log."""
    if isinstance(error, PlaygroundError):
        st.error(plain(str(error)))
        return True
    reference = secrets.token_hex(4)
    due, what = _tracebacks.due(error)
    log.error("reference %s: %s", reference, what, exc_info=error if due else None)
    st.error(
        f"Something went wrong on this page that is not your doing. Your settings are kept: reload the page to go on. "
        f"If it happens again, tell whoever runs this server the reference number {reference}."
    )
    return True


def log_once() -> None:
    """Keep Streamlit from writing the same traceback a second time; whatever else it has to say stays."""
    logging.getLogger("streamlit.error_util").addFilter(_is_not_ours)


def _is_not_ours(record: logging.LogRecord) -> bool:
    return record.msg != "Uncaught app execution"
