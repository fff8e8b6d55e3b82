"""The link: copied in one click, and a teacher's variant of it."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.specs.spec import Spec
from playground.ui import lesson
from playground.ui.state import state


def share(spec: Spec, corner: DeltaGenerator, *, run_id: str = "") -> None:
    """Keep the address in the browser equal to the page's state, and offer it with a teacher's options.

    Args:
        spec: The experiment on the page.
        corner: What ``page.heading`` returned.
        run_id: The run on the page; whoever it belongs to gets it back by this link, anyone else gets its settings.
    """
    told = lesson.current()
    wanted = {**spec.to_query(), **told.to_query(), **({"run": run_id} if run_id else {})}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)
    if told.present:
        return
    with corner, st.popover("Share", icon=":material/link:"):
        st.markdown(
            "**This experiment as a link.** It holds every setting of the controls; what you uploaded stays with you."
        )
        link = st.empty()
        with st.expander("Make it a lesson: hide, lock, a title, a question"):
            made = _lesson_form(spec, told)
        link.code(_address({**spec.to_query(), **made.to_query()}), language=None, wrap_lines=True)


def _lesson_form(spec: Spec, told: lesson.Lesson) -> lesson.Lesson:
    """The lesson that the form describes; the link above it follows."""
    name = state(lesson.Here).name
    fields = {field: spec.label(field) for field, bound in spec.bounds().items() if bound.linked}
    title = st.text_input("Title", told.title, max_chars=200, key=f"{name}-lesson-title")
    question = st.text_input("Question", told.question, max_chars=300, key=f"{name}-lesson-question")
    hide = st.multiselect("Hide", list(fields), format_func=fields.__getitem__, key=f"{name}-lesson-hide")
    lock = st.multiselect("Lock", list(fields), format_func=fields.__getitem__, key=f"{name}-lesson-lock")
    present = st.toggle("Presenting: larger type, no prose", key=f"{name}-lesson-present")
    return dataclasses.replace(
        told, title=title, question=question, hide=frozenset(hide), lock=frozenset(lock), present=present
    )


def _address(query: dict[str, str]) -> str:
    here = st.context.url or ""
    return f"{here.split('?')[0]}?{urlencode(query, safe=',')}"
