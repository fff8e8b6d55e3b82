"""Draw a Spec: one widget for each field, made from the field's bound.

The experiment itself is what is kept; widgets only show it. So a control that is hidden, or left behind on another page,
loses nothing, and a value from a link, a canvas or a stored run appears in the widgets as if it had been set there.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import streamlit as st

from playground.core.errors import SpecError
from playground.core.registry import Named
from playground.specs.bounds import Bound, Choice, Mode, Numbers, Range, Several, Sizes, Toggle
from playground.specs.spec import Spec
from playground.ui import lesson, provider
from playground.ui.picker import Tile, pick
from playground.ui.state import state
from playground.ui.words import plain

S = TypeVar("S", bound=Spec)


@dataclasses.dataclass
class Edited:
    """One page's experiment as it stands, and what could not be used of what was typed or linked."""

    spec: Spec | None = None
    started: str = ""
    problems: dict[str, str] = dataclasses.field(default_factory=dict)
    notes: list[str] = dataclasses.field(default_factory=list)
    taken: tuple[str, Spec | None] = ("", None)
    said: set[str] = dataclasses.field(default_factory=set)
    passing: set[str] = dataclasses.field(default_factory=set)


def begin(cls: type[S], key: str, opened: S | None = None) -> S:
    """The page's experiment before any control is drawn.

    At a session's first visit it comes from a stored run that was opened, else from the link, else it is the default;
    afterwards it is what the visitor made of it, unless a card of this app opens the page anew (``visit`` in its link).
    What a link said wrongly is said in words above the page.
    """
    edited, start = state(Edited, key), st.query_params.get("visit", "")
    if edited.spec is None and opened is not None:
        edited.spec = opened
    elif edited.spec is None or start not in ("", edited.started):
        edited.spec, edited.notes = cls.from_query(dict(st.query_params), mode())
        edited.problems = {}
    edited.started = start or edited.started
    for note in edited.notes:
        st.warning(plain(note))
    edited.notes, edited.said, edited.passing = [], set(), set()
    return cast(S, edited.spec)


def say_problems(key: str, *fields: str) -> None:
    """Say what could not be used of these fields, each once in a run of the page.

    Without fields: of all that nobody spoke for. No control shows them, so nothing is left of the value that was refused
    (on a canvas, say), and the next change that is taken ends the matter.
    """
    edited = state(Edited, key)
    for field in fields or [*edited.problems]:
        if field in edited.problems and field not in edited.said:
            edited.said.add(field)
            edited.passing |= set() if fields else {field}
            st.error(plain(edited.problems[field]))


def take(key: str, said: Any, apply: Callable[[], None]) -> None:
    """Take what was done on a canvas, unless it is what was taken last and nothing changed since.

    One message of a browser may hold thousands of events, and Streamlit calls back for each of them; what each of them
    says is the same, and checking it once is enough.
    """
    edited, words = state(Edited, key), repr(said)
    if edited.taken[0] == words and edited.taken[1] is edited.spec:
        return
    apply()
    edited.taken = words, edited.spec


def assign(key: str, **values: Any) -> None:
    """Set fields from elsewhere than their widgets (a canvas, a chosen column), checked as theirs are."""
    edited = state(Edited, key)
    for field, value in values.items():
        _set(edited, field, value)


def edit(
    spec: S,
    *,
    key: str,
    groups: Iterable[str] = (),
    tiles: Mapping[str, list[Tile]] | None = None,
    skip: Iterable[str] = (),
) -> S:
    """Draw the controls of an experiment and return it as the visitor wants it.

    Args:
        spec: What ``begin`` returned.
        key: The page's key; state and widgets of one page never meet another's.
        groups: Draw only fields of these groups; all where empty.
        tiles: Pictures for the fields that are chosen by picture.
        skip: Fields that the page draws by itself.
    """
    told, edited, group = lesson.current(), state(Edited, key), ""
    for field, bound in spec.bounds().items():
        drawn = (not groups or bound.group in groups) and field not in skip and field not in told.hide
        if not drawn or (bound.advanced and not told.all_controls) or not spec.relevant(field):
            continue
        if told.all_controls and bound.group not in (group, "data"):
            group = bound.group
            st.markdown(f"**{group.capitalize()}**")
        _draw(spec, field, bound, key, locked=field in told.lock, tiles=(tiles or {}).get(field, []))
        say_problems(key, field)
    return cast(S, edited.spec)


def mode() -> Mode:
    """Whether bounds are those of a local or of a public server."""
    return provider.settings().mode


def _draw(spec: Spec, field: str, bound: Bound, key: str, *, locked: bool, tiles: list[Tile]) -> None:
    name, label, value = f"{key}.{field}", spec.label(field), getattr(spec, field)
    edited = state(Edited, key)
    if isinstance(bound, Choice) and bound.look == "thumbnails":
        pick(label, tiles, value, key=name, locked=locked, on_pick=lambda chosen: _set(edited, field, chosen))
        return
    if field not in edited.problems:
        st.session_state[name] = _to_widget(bound, value)
    shared: dict[str, Any] = {
        "key": name,
        "help": bound.help or None,
        "disabled": locked,
        "on_change": _read_widget,
        "args": (key, field, bound),
    }
    if isinstance(bound, Choice):
        options = bound.options()
        st.selectbox(label, list(options), format_func=lambda one: _title(options[one]), **shared)
    elif isinstance(bound, Several):
        options = bound.options()
        st.pills(label, list(options), selection_mode="multi", format_func=lambda one: _title(options[one]), **shared)
    elif isinstance(bound, Toggle):
        st.toggle(label, **shared)
    elif isinstance(bound, Range):
        _draw_range(label, bound, value, shared)
    else:
        st.text_input(label, placeholder="none: a straight line" if isinstance(bound, Sizes) else None, **shared)


def _draw_range(label: str, bound: Range, value: float, shared: dict[str, Any]) -> None:
    top = bound.top(mode())
    shown = f"{label} ({bound.unit})" if bound.unit else label
    if bound.log:
        st.select_slider(shown, log_steps(bound, top, value), format_func=lambda one: f"{one:,g}", **shared)
    elif bound.whole and top - bound.low > 10_000:
        st.number_input(shown, int(bound.low), int(top), step=1, **shared)
    elif bound.whole:
        st.slider(shown, int(bound.low), int(top), step=int(bound.step or 1), **shared)
    else:
        step = bound.step or (top - bound.low) / 100
        places = "%.0f" if step >= 1 else "%.2f" if step >= 0.01 else "%.3f"
        st.slider(shown, float(bound.low), float(top), step=float(step), format=places, **shared)


def log_steps(bound: Range, top: float, value: float) -> list[float]:
    """The stops of a logarithmic slider: 1 and 3 of each decade, the bounds, zero where allowed, and the value itself."""
    low = bound.low if bound.low > 0 else 1e-4
    stops = {
        number * 10.0**power
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(top)) + 1)
        for number in (1, 3)
    }
    inside = {float(f"{stop:.6g}") for stop in stops if low <= stop <= top}
    kind = int if bound.whole else float
    return sorted({kind(stop) for stop in inside | {bound.low, top, value}})


def _to_widget(bound: Bound, value: Any) -> Any:
    if isinstance(bound, Sizes | Numbers):
        return ", ".join(bound.write((item,)) for item in value)
    if isinstance(bound, Several):
        return list(value)
    if isinstance(bound, Range):
        return int(value) if bound.whole else float(value)
    return value


def _read_widget(key: str, field: str, bound: Bound) -> None:
    value = st.session_state[f"{key}.{field}"]
    if isinstance(bound, Sizes | Numbers):
        value = bound.read(value)
    _set(state(Edited, key), field, value)


def _set(edited: Edited, field: str, value: Any) -> None:
    """Take one new value if the experiment stays a valid one; keep the previous experiment and say why if not.

    Where the new value contradicts *another* field (a loss that does not fit the new data), that field goes back to its
    default and the page says so, because the visitor's last wish is the stronger one.
    """
    spec = edited.spec
    assert spec is not None
    if field not in edited.problems and type(value) is type(getattr(spec, field)) and value == getattr(spec, field):
        return
    edited.problems.pop(field, None)
    wished = spec.replace(**{field: value})
    try:
        edited.spec = wished.checked(mode())
    except SpecError as error:
        if error.field in ("", field):
            edited.problems[field] = str(error)
            return
        default = getattr(type(spec)(), error.field)
        try:
            edited.spec = wished.replace(**{error.field: default}).checked(mode())
        except SpecError as second:
            edited.problems[field] = str(second)
            return
        edited.notes.append(f"{error} It was set back to its default.")
    for name in edited.passing:
        edited.problems.pop(name, None)


def _title(option: Any) -> str:
    return option.title if isinstance(option, Named) else str(option)
