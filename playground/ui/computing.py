"""What a page computes is computed once, and one thing at a time.

Every visitor's script runs in a thread of its own. Numbers in Python do not get ready sooner by being worked on at once:
thirty visitors who ask at once would wait as long, and hold thirty times the memory. So there is one thread that computes,
and scripts wait for their turn. It is one thread, not only one at a time, because memory that a thread has given back
stays with that thread for its next use.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

P = ParamSpec("P")
R = TypeVar("R")

_turn = threading.Lock()
"""Whose turn it is to have something computed, in the whole process."""

_here = threading.local()
_computing = ThreadPoolExecutor(1, "computing", initializer=lambda: setattr(_here, "computes", True))
"""The one thread that computes. What it computes may ask for more, which it then does at once."""


class Once(Generic[P, R]):
    """A function whose last answers are kept, and which computes only when it is its turn.

    Attributes:
        most: So many answers are kept, the ones that were asked for last.
    """

    def __init__(self, function: Callable[P, R], most: int) -> None:
        self.most = most
        self._function = function
        self._kept: OrderedDict[Hashable, R] = OrderedDict()
        self._looking = threading.Lock()
        functools.update_wrapper(self, function, updated=())

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer: the kept one, also where somebody else has found it while this one waited for its turn.

        An error is not kept: who asks next has the answer computed anew. A script that has been overtaken by its visitor's
        next change computes nothing; it ends here, as it would at the next thing that it draws.
        """
        question = (args, tuple(sorted(kwargs.items())))
        if found := self._look(question):
            return found[0]
        if hasattr(_here, "computes"):
            return self._keep(question, self._function(*args, **kwargs))
        with _turn:
            if found := self._look(question):
                return found[0]
            _end_if_overtaken()
            return self._keep(question, _computing.submit(self._function, *args, **kwargs).result())

    def cache_clear(self) -> None:
        """Forget all answers."""
        with self._looking:
            self._kept.clear()

    def _keep(self, question: Hashable, answer: R) -> R:
        with self._looking:
            self._kept[question] = answer
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return answer

    def _look(self, question: Hashable) -> tuple[R] | None:
        with self._looking:
            if question not in self._kept:
                return None
            self._kept.move_to_end(question)
            return (self._kept[question],)


def once(most: int) -> Callable[[Callable[P, R]], Once[P, R]]:
    """Compute each answer of a function once and keep the last ``most``; of all such functions one computes at a time.

    Args:
        most: How many answers are kept.
    """
    return lambda function: Once(function, most)


def _end_if_overtaken() -> None:
    """Let Streamlit end this script if it has another one waiting: it looks whenever the session's state is touched."""
    if get_script_run_ctx(suppress_warning=True) is not None:
        "any key" in st.session_state  # noqa: B015
