"""A teacher's link: any control hidden, any value locked, a title and a question of one's own; and presenting.

The parameters ``hide``, ``lock``, ``title``, ``question``, ``present`` and ``all`` stand in the link beside the experiment's own
and mean the same on every page. They are read once per session and page and written back with every change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from playground.ui.state import state

_LONGEST = 300


@dataclass(frozen=True)
class Lesson:
    """How a page is presented.

    Attributes:
        hide: Fields whose controls are not drawn.
        lock: Fields whose controls are drawn but cannot be changed.
        title: Stands in place of the page's title.
        question: Stands below it.
        present: Larger type, no prose, large transport.
        all_controls: Shows what the Simple view hides.
    """

    hide: frozenset[str] = frozenset()
    lock: frozenset[str] = frozenset()
    title: str = ""
    question: str = ""
    present: bool = False
    all_controls: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Lesson:
        """Read from a link; unknown names have no effect, long texts are cut."""
        return cls(
            hide=_names(query.get("hide", "")),
            lock=_names(query.get("lock", "")),
            title=query.get("title", "")[:_LONGEST],
            question=query.get("question", "")[:_LONGEST],
            present=query.get("present") == "1",
            all_controls=query.get("all") == "1",
        )

    def to_query(self) -> dict[str, str]:
        """Only what differs from an ordinary visit."""
        pairs = {
            "hide": ",".join(sorted(self.hide)),
            "lock": ",".join(sorted(self.lock)),
            "title": self.title,
            "question": self.question,
            "present": "1" if self.present else "",
            "all": "1" if self.all_controls else "",
        }
        return {name: text for name, text in pairs.items() if text}


@dataclass
class _Kept:
    lesson: Lesson | None = None


@dataclass
class Here:
    """Which page this rerun draws, and whether it has a row of views; set by ``page.heading`` and ``views.choose``."""

    name: str = ""
    views: bool = False


def current() -> Lesson:
    """The lesson of this session and page."""
    kept = state(_Kept, state(Here).name)
    if kept.lesson is None:
        kept.lesson = Lesson.from_query(st.query_params)
    return kept.lesson


def change(lesson: Lesson) -> None:
    """Present this page otherwise from the next rerun on."""
    state(_Kept, state(Here).name).lesson = lesson


def _names(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text[:_LONGEST].split(",") if part.strip())
