"""The rail of the gradient descent page: surfaces by picture, a typed formula, and who races with which settings."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import numpy as np
import streamlit as st

from playground.functional.formula import LENGTH, FormulaError, parse
from playground.functional.surfaces import SURFACES, Surface
from playground.optim.landscape import fitting_rate
from playground.optim.rules import RULES
from playground.specs.bounds import Numbers, Several
from playground.specs.descent import OWN, DescentSpec
from playground.specs.hyper import setting
from playground.ui import controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.picker import Tile, pick
from playground.ui.state import state
from playground.viz import cards
from playground.viz.relief import relief
from playground.viz.theme import LIGHT

OWN_FIELDS = ("surface", "formula", "optimizer", "lr", "hyper")
"""What is drawn here; all other fields have an ordinary control."""

_HUES = {"momentum": 0, "adam": 1, "sgd": 2, "rmsprop": 3, "nesterov": 5, "adagrad": 4}
_HUES |= {"adadelta": 3, "adamw": 4, "adamax": 2, "nadam": 5, "radam": 0}
_SERIES = 6


def hues(optimizers: Iterable[str]) -> list[int]:
    """A hue and a mark for each, its usual one where that is still free: a newcomer changes nobody else's."""
    taken: list[int] = []
    for name in optimizers:
        hue = _HUES.get(name, len(taken)) % _SERIES
        while hue in taken:
            hue = (hue + 1) % _SERIES
        taken.append(hue)
    return taken


def controls_of(spec: DescentSpec, key: str) -> DescentSpec:
    """Draw the rail and return the experiment as the visitor wants it."""
    told = lesson.current()
    if "surface" not in told.hide:
        _surface(spec, key, told)
    if spec.surface == OWN and "formula" not in told.hide:
        _formula(spec, key, locked="formula" in told.lock)
    spec = controls.edit(spec, key=key, groups=["surface"], skip=OWN_FIELDS)
    if "optimizer" not in told.hide or "lr" not in told.hide:
        _racers(spec, key, told)
    return controls.edit(spec, key=key, groups=["training"], skip=OWN_FIELDS)


# -- surfaces


@functools.cache
def tiles() -> tuple[Tile, ...]:
    """A tile for each surface: seen from above, or as a curve."""
    made = []
    for name, entry in SURFACES.items():
        (x, y), title = entry.domain, entry.title.removesuffix(" (1-D)").removesuffix("'s valley")
        picture = (
            cards.landscape(relief(entry, 33).shares / 65535.0, x, y, [], entry.minima)
            if entry.dimensions == 2
            else _curve(entry)
        )
        made.append(Tile(name, title, picture))
    return tuple(made)


def _curve(entry: Surface) -> str:
    """A surface of one dimension as its curve."""
    x = np.linspace(*entry.domain[0], 81)
    y = entry.function(x, np.zeros(81))
    low, high = float(y.min()), float(np.percentile(y, 90))
    return cards.curves([(x, y, LIGHT.series[4], "")], entry.domain[0], (low - 0.08 * (high - low), high))


def _surface(spec: DescentSpec, key: str, told: lesson.Lesson) -> None:
    def picked(name: str) -> None:
        # A place on one surface means nothing on another.
        controls.assign(key, start=(), **({} if name == OWN else {"surface": name}))
        if name == OWN:
            controls.assign(key, surface=name)

    shown = [*tiles()]
    if told.all_controls or spec.surface == OWN:
        shown.insert(5, Tile(OWN, "Your formula", caption="f(x, y)"))
    pick("Surface", shown, spec.surface, key=f"{key}.surface", locked="surface" in told.lock, on_pick=picked)


def _formula(spec: DescentSpec, key: str, *, locked: bool) -> None:
    name, edited = f"{key}.formula", state(controls.Edited, key)
    problem = edited.problems.get("formula")
    if problem is None:
        st.session_state[name] = spec.formula

    def typed() -> None:
        controls.assign(key, formula=st.session_state[name])

    bound = spec.bounds()["formula"]
    st.text_input(bound.label, key=name, max_chars=LENGTH, help=bound.help, disabled=locked, on_change=typed)
    if problem is not None:
        controls.say_problems(key, "formula")
        if pointed := point(str(st.session_state[name])):
            st.code(pointed, language=None)


def point(text: str, around: int = 11) -> str:
    """The part of a formula where it goes wrong, with a mark below the very character; empty where no place is known."""
    try:
        parse(text)
    except FormulaError as error:
        if error.at is None:
            return ""
        low = max(0, error.at - around)
        high = error.at + around
        before, after = "…" if low else "", "…" if high < len(text) else ""
        return f"{before}{text[low:high]}{after}\n{' ' * (len(before) + error.at - low)}^"
    return ""


# -- optimizers


@functools.lru_cache(maxsize=64)
def _fitting(surface: str, formula: str, extent: float) -> dict[str, float]:
    landscape = DescentSpec(surface=surface, formula=formula, extent=extent).landscape()
    return {name: fitting_rate(landscape, name) for name in RULES}


def _racers(spec: DescentSpec, key: str, told: lesson.Lesson) -> None:
    name = f"{key}.racers"
    free = {"optimizer", "lr", "hyper"} - told.hide - told.lock
    fitting = _fitting(spec.surface, *((spec.formula, spec.extent) if spec.surface == OWN else ("x", 1.0)))
    several, rate = spec.bounds()["optimizer"], spec.bounds()["lr"]
    assert isinstance(several, Several)
    assert isinstance(rate, Numbers)

    def changed() -> None:
        changes = told_by(name, "edit")
        if isinstance(changes, dict):
            wished = {field: v for field, v in changes.items() if field in free and isinstance(v, list)}
            controls.take(key, wished, lambda: take(key, wished))

    rates = rates_of(spec)
    shown = {
        "label": several.label,
        "racers": [
            {
                "rule": racer.rule,
                "hue": hue,
                "rate": racer.rate,
                "own": given > 0,
                "settings": _settings(spec, racer.rule) if told.all_controls and "hyper" not in told.hide else [],
            }
            for racer, hue, given in zip(spec.racers(), hues(spec.optimizer), rates, strict=True)
        ],
        "rules": [
            {
                "rule": rule,
                "title": entry.title,
                "summary": entry.summary,
                "fitting": fitting[rule],
                "hue": hues([*(one for one in spec.optimizer if one != rule), rule])[-1],  # if it joined now
            }
            for rule, entry in RULES.items()
        ],
        "most": several.most,
        "top": rate.high,
        "edits": sorted(free),
        "hidden": sorted({"optimizer", "lr"} & told.hide),
        "present": told.present,
    }
    component("racers")(key=name, data=[shown], on_edit_change=changed)
    controls.say_problems(key, "optimizer", "lr", "hyper")


def _settings(spec: DescentSpec, rule: str) -> list[dict[str, Any]]:
    """A rule's own settings with their bounds, for the editor."""
    given = spec.settings(rule)
    return [
        {
            "name": name,
            "label": setting(name).label,
            "help": setting(name).help,
            "value": given.get(name, own),
            "usual": own,
            "low": setting(name).low,
            "high": setting(name).high,
        }
        for name, own in RULES[rule].hyper.items()
    ]


def rates_of(spec: DescentSpec) -> tuple[float, ...]:
    """The learning rate of each optimizer as it was given; 0 where it is to suit the surface."""
    count = len(spec.optimizer)
    return spec.lr * count if len(spec.lr) == 1 else spec.lr or (0.0,) * count


def take(key: str, changes: dict[str, list[Any]]) -> None:
    """Take what was done in the editor: who races, at which rates (0: one that suits), with which settings of their own.

    A newcomer starts with a rate that suits; everyone else keeps theirs.
    """
    spec = state(controls.Edited, key).spec
    assert isinstance(spec, DescentSpec)
    if "optimizer" in changes:
        wished = changes["optimizer"]
        before = dict(zip(spec.optimizer, rates_of(spec), strict=True))
        known = all(isinstance(name, str) and name in RULES for name in wished) and 0 < len(wished) <= 4
        rates = [before.get(name, 0.0) for name in dict.fromkeys(wished)] if known else list(spec.lr)
        controls.assign(key, lr=())
        controls.assign(key, optimizer=tuple(wished), lr=tuple(rates) if any(rates) else ())
    if "lr" in changes:
        controls.assign(key, lr=tuple(changes["lr"]) if any(changes["lr"]) else ())
    if "hyper" in changes:
        controls.assign(key, hyper=tuple(changes["hyper"]))
