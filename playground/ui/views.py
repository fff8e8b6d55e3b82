"""Several pictures on one page, one at a time: each is an experiment of its own, and the link says which one it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import streamlit as st

from playground.specs.spec import Spec
from playground.ui import lesson
from playground.ui.state import state


@dataclasses.dataclass
class _Chosen:
    """Which picture a page shows, and by which of the app's own links it was opened."""

    title: str = ""
    started: str = ""


def choose(views: Mapping[str, type[Spec]], key: str) -> str:
    """Draw the row of views and return the title of the chosen one.

    Args:
        views: Title to the experiment behind it; the first is the usual one. A link names a view by its experiment's kind.
        key: The page's key.
    """
    chosen, start = state(_Chosen, key), st.query_params.get("visit", "")
    if not chosen.title or start not in ("", chosen.started):
        chosen.title = _linked(views)
    chosen.started = start or chosen.started
    name = f"{key}-view"
    state(lesson.Here).views = True
    st.session_state[name] = chosen.title

    def picked() -> None:
        chosen.title = st.session_state[name] or chosen.title

    if "view" not in lesson.current().hide:
        st.segmented_control(
            "View", list(views), key=name, label_visibility="collapsed", required=True, on_change=picked,
            disabled="view" in lesson.current().lock,
        )  # fmt: skip
    return chosen.title


def _linked(views: Mapping[str, type[Spec]]) -> str:
    """The view whose experiment the link holds."""
    version = st.query_params.get("v", "")
    for title, spec in views.items():
        if spec.named_by(version):
            return title
    return next(iter(views))
