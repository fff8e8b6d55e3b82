"""What a page wants of a run and does not wait for: what it has learnt is fetched, a question is made of that, and asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import streamlit as st

from playground.core.cnn_use import Taken
from playground.core.errors import PlaygroundError
from playground.core.gan_use import Packed
from playground.jobs.asked import Asked
from playground.jobs.job import Job
from playground.ui import asking, live_view
from playground.ui.words import plain


@dataclasses.dataclass
class Wish:
    """Something that is wanted of a run as it was when that was wished.

    Attributes:
        task: A name in ``playground.jobs.names.TASKS``.
        at: Epoch and step of the run.
        source: What the run has learnt, on its way, and what makes the question of it; ``None`` once that is made.
        question: As it is asked.
        asked: The question, asked.
        answer: What came of it.
        words: How far it is.
        problem: Why there is no answer.
    """

    task: str
    at: tuple[int, int]
    source: tuple[live_view.Learnt, Callable[[bytes], Any]] | None
    question: Any = None
    asked: Asked | None = None
    answer: Any = None
    words: str = ""
    problem: str = ""

    @property
    def open(self) -> bool:
        """Whether there is neither an answer nor a reason why not."""
        return self.answer is None and not self.problem

    def follow(self) -> None:
        """Go on with it, without waiting; called at each run of the page."""
        if not self.open:
            return
        try:
            if self.source is not None:
                learnt, make = self.source
                if (found := learnt.state) is None:
                    asking.later()
                    return
                self.question, self.source = make(found), None
        except PlaygroundError as error:
            self.problem = str(error)
            return
        if self.asked is None:
            self.asked = asking.begin(self.task, None, self.question)
        answer = asking.follow(self.asked)
        if isinstance(answer, asking.Waiting):
            self.words = answer.words
            if self.asked.done():  # taken back, or others of this visitor's come first
                self.asked = None
            return
        if isinstance(answer, asking.Refused):
            self.problem = answer.words
        else:
            self.answer = answer
        self.question = self.asked = None


def take_along(
    wish: Wish | None, task: str, job: Job, make: Callable[[bytes], Any], file: str, key: str
) -> Wish | None:
    """Draw the button that packs the best weights so far, and then the one that downloads them.

    Args:
        wish: What was wished before.
        task: Who packs.
        job: The run.
        make: The question to it, of what the run has learnt.
        file: What the zip is to be called.
        key: Of the buttons.

    Returns:
        What is wished now.
    """
    newest = wish is not None and isinstance(wish.answer, Taken | Packed) and wish.at == job.at
    if not newest and st.button(
        "Pack it", key=f"{key}.use.pack", icon=":material/package_2:", help="The best weights so far",
        disabled=wish is not None and wish.open,
    ):  # fmt: skip
        wish = Wish(task, job.at, (live_view.Learnt(job), make))
        wish.follow()
    if wish is None:
        return None
    if isinstance(wish.answer, Taken | Packed):
        content = wish.answer.content
        st.download_button(
            f"Download ({size(len(content))})", content, file, "application/zip",
            icon=":material/download:", key=f"{key}.use.download", on_click="ignore",
        )  # fmt: skip
        if job.at != wish.at:
            st.caption(f"As it was at step {wish.at[1]:,}; the network has learnt more since.")
    elif wish.problem:
        st.error(plain(wish.problem))
    else:
        st.markdown(wish.words or "Packing.")
    return wish


def size(count: int) -> str:
    """``41 kB``, ``2.4 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
