"""What every page is made of: heading, instrument, prose, source, references."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib.util
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from playground.ui import lesson
from playground.ui.nav import parse, split_doc
from playground.ui.state import state
from playground.ui.words import plain

_STYLE = Path(__file__).with_name("page.css")


@dataclasses.dataclass
class _Menu:
    scripts: Mapping[str, Page] = dataclasses.field(default_factory=dict)


def apply_style() -> None:
    """Lay the page out as an instrument: tight margins, rails, phone order. One sheet for all pages."""
    st.html(_STYLE)


def publish(scripts: Mapping[str, Page]) -> None:
    """Tell this rerun's pages which pages there are (``page_link`` wants Streamlit's own page objects)."""
    state(_Menu).scripts = scripts


def page_object(name: str) -> Page:
    """Streamlit's object for a page, for links between pages."""
    return state(_Menu).scripts[name]


def heading(doc: str | None, name: str) -> DeltaGenerator:
    """Draw a page's head from its docstring: title, what to try, Simple or All controls.

    Args:
        doc: The page's ``__doc__``.
        name: The page's name (``mlp``), which keeps its state apart from other pages'.

    Returns:
        The corner on the right, for the link (``share.share``).
    """
    here = state(lesson.Here)
    here.name, here.views = name, False
    told = lesson.current()
    title, summary = split_doc(doc or "")
    if told.present:
        st.html("<style>:root{--present:1.4} html{font-size:140%}</style>")
    with st.container(key="heading", horizontal=True, vertical_alignment="center", gap="small"):
        words = st.container(key="heading-words", gap=None)
        corner = st.container(key="heading-tools", horizontal=True, vertical_alignment="center", width="content")
    with words:
        st.markdown(f"# {plain(told.title or title)}")
        if told.question:
            st.markdown(f"**{plain(told.question)}**")
        elif not told.present:
            st.markdown(summary)
    return corner


def detail_switch() -> None:
    """The switch between at most six controls and all of them, and the one for presenting; the link keeps both."""
    told = lesson.current()
    key = f"detail-{state(lesson.Here).name}"
    # At each run: what only the first one says is lost where the second begins before it was sent.
    st.session_state[key] = "All controls" if told.all_controls else "Simple"

    def switched() -> None:
        lesson.change(dataclasses.replace(lesson.current(), all_controls=st.session_state[key] == "All controls"))

    st.segmented_control(
        "Controls",
        ["Simple", "All controls"],
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=switched,
    )
    present_switch()


def present_switch() -> None:
    """The switch for presenting alone, for a page that has no more controls to show."""
    told = lesson.current()
    st.button(
        "Leave" if told.present else "Present",
        icon=":material/close_fullscreen:" if told.present else ":material/slideshow:",
        key=f"present-{state(lesson.Here).name}",
        help="Back to the ordinary page" if told.present else "Larger type, no prose: for a projector",
        on_click=lambda: lesson.change(dataclasses.replace(lesson.current(), present=not told.present)),
    )


def instrument() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The rail of controls and the place of the picture beside it; on a phone the picture comes first."""
    with st.container(key="instrument"):
        rail, picture = st.columns([22, 104], gap="small")
    return rail, picture


def place(height: int, part: str = "") -> DeltaGenerator:
    """A place whose height (CSS pixels) is held before there is a picture in it, so that nothing below jumps.

    Args:
        height: How high the picture will be.
        part: Tells several places of one page apart.
    """
    name = "-".join(word for word in (state(lesson.Here).name, part) if word)
    kind = "tall" if height >= 500 else "low" if height >= 470 else "slim"
    return st.container(key=f"place-{kind}-{name}")


def prose(text: str) -> None:
    """A short explanation in Markdown; left out while presenting."""
    if not lesson.current().present:
        st.markdown(text)


def references(*papers: str) -> None:
    """The papers that this page stands on, as a list."""
    st.markdown("\n".join(f"- {paper}" for paper in papers))


def show_source(name: str) -> None:
    """Show the very function that runs, found without importing its module (which may need torch).

    Args:
        name: ``"package.module:function"`` or ``"package.module:Class.method"``.

    Raises:
        ValueError: No such function.
    """
    module, _, qualname = name.partition(":")
    st.caption(f"`{module}`, {qualname}")
    st.code(source_of(module, qualname), language="python")


@functools.cache
def source_of(module: str, qualname: str) -> str:
    """The text of one function or class of an installed module; raises ``ValueError`` where there is none."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"no module {module}")
    text = Path(spec.origin).read_text(encoding="utf-8")
    node: ast.AST = parse(text)
    for part in qualname.split("."):
        node = next((child for child in ast.iter_child_nodes(node) if getattr(child, "name", "") == part), ast.Pass())
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        raise ValueError(f"no {qualname} in {module}")
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
