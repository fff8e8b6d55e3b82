"""What the gradient descent page needs beyond generic controls: the first example, the walk as a frame, and words about it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.core.numbers import decimal
from playground.functional.formula import Formula
from playground.functional.surfaces import SURFACES, Surface
from playground.optim.descent import Paths
from playground.optim.endings import coordinate
from playground.optim.outcome import Kind
from playground.optim.rules import RULES
from playground.specs.bounds import Range
from playground.specs.descent import OWN, DescentSpec
from playground.ui import controls, lesson
from playground.ui.computing import once
from playground.ui.parts.racers import hues, rates_of
from playground.viz.descent import frame
from playground.viz.relief import Relief, relief

EDITS = ("start", "lr", "steps", "schedule")

DAUPHIN = "With many weights most flat places are saddles, not minima (Dauphin et al., 2014)."


@dataclass(frozen=True)
class Walk:
    """One experiment, walked: its frame, and what is said about it."""

    frame: bytes
    words: str
    idea: str


def first_sight() -> DescentSpec | None:
    """The example that the page opens with, unless the link holds an experiment: both arrive, and differ on the way."""
    if set(st.query_params) & {*DescentSpec.bounds(), "v"}:
        return None
    return DescentSpec(lr=(0.001, 0.1), steps=800)


def walk(spec: DescentSpec) -> Walk:
    """Walk, unless this very walk is still at hand."""
    return _walk(spec, int(_steps_top()))


@once(32)
def _walk(spec: DescentSpec, most_steps: int) -> Walk:
    paths, flat = spec.paths(), spec.landscape().dimensions == 1
    typed = (spec.formula, spec.extent) if spec.surface == OWN else ("x", 1.0)
    packed = frame(
        paths,
        None if flat else _relief(spec.surface, *typed),
        noisy=spec.noise > 0,
        about={
            "title": _title(spec),
            "ground": " ".join(map(str, (spec.surface, *typed))),
            "start": spec.place(),
        },
        racers=[
            {"hue": hue, "fix": fix(spec, paths, run, most_steps), "more": DAUPHIN if _at_saddle(paths, run) else ""}
            for run, hue in enumerate(hues(spec.optimizer))
        ],
    )
    return Walk(packed, what_happened(spec, paths), what_to_try(spec, paths))


@once(32)
def _relief(surface: str, formula: str, extent: float) -> Relief:
    return relief(DescentSpec(surface=surface, formula=formula, extent=extent).landscape())


def _at_saddle(paths: Paths, run: int) -> bool:
    return paths.outcomes[run].kind == Kind.SADDLE


def _steps_top() -> float:
    bound = DescentSpec.bounds()["steps"]
    assert isinstance(bound, Range)
    return bound.top(controls.mode())


def _title(spec: DescentSpec) -> str:
    surface = spec.landscape()
    return surface.title if isinstance(surface, Surface) else "Your formula"


# -- what to press


def fix(spec: DescentSpec, paths: Paths, run: int, most_steps: int) -> dict[str, Any] | None:
    """One press that helps a run that did not arrive: a label, and the fields it changes."""
    reason, racer = paths.verdict.reasons[run], paths.racers[run]
    if reason in ("overshot", "left"):
        return _rate(spec, run, max(1e-6, racer.rate / 10))
    if reason == "plateau" and racer.rate < 1:
        return _rate(spec, run, racer.rate * 10)
    if reason == "moving" and spec.steps < most_steps:
        steps = min(most_steps, spec.steps * 3)
        return {"label": f"Take {steps:,} steps", "changes": {"steps": steps}}
    if reason.startswith("circling") and spec.schedule == "constant":
        return {"label": "Let the rate fall", "changes": {"schedule": "cosine"}}
    if reason in ("saddle", "top"):
        aside = tuple(
            float(f"{min(high, max(low, at + 0.02 * (high - low))):.3g}")
            for at, (low, high) in zip(spec.place(), paths.surface.domain, strict=True)
        )
        return {"label": "Start a little aside", "changes": {"start": list(aside[: paths.surface.dimensions])}}
    return None


def _rate(spec: DescentSpec, run: int, rate: float) -> dict[str, Any]:
    rates = list(rates_of(spec))
    rates[run] = float(f"{rate:.1g}")
    return {"label": f"Use {rates[run]:g}", "changes": {"lr": rates}}


# -- what to say


def what_happened(spec: DescentSpec, paths: Paths) -> str:
    """Who came near the bottom first and what became of the others, with this run's numbers."""
    start = f"({', '.join(f'{value:g}' for value in spec.place()[: paths.surface.dimensions])})".replace("-", "−")
    arrived, others = [], []
    for name, outcome, reason in zip(spec.optimizer, paths.outcomes, paths.verdict.reasons, strict=True):
        title = RULES[name].title
        if reason == "minimum":
            arrived.append((outcome.step, title, f"{decimal(outcome.loss)} at step {outcome.last:,}"))
        else:
            told = {"step": f"{outcome.step:,}", "last": f"{outcome.last:,}", "loss": decimal(outcome.loss)}
            others.append(_REST[outcome.kind].format(name=title, slope=decimal(outcome.slope), **told))
    said = [f"**{_title(spec)}, from {start}.**"]
    if arrived:
        (step, first, end), *later = sorted(arrived)
        stays = "stays" if len(spec.optimizer) == 1 else "is the first to stay"
        near = f"within {paths.verdict.reach:g} of the bottom"
        said.append(f"{first} {stays} {near}, from step {step:,} on; its loss is {end}.")
        said += [f"{name} stays there from step {step:,} on; its loss is {end}." for step, name, end in later]
    said += others
    if spec.noise:
        said.append(
            f"Every gradient is the true one plus noise of {spec.noise:g}, as a mini-batch measures it: that is what makes "
            "gradient descent stochastic. All optimizers meet the same noise."
        )
    return " ".join(said).replace(" -", " −")


_REST = {
    Kind.CONVERGED: "{name} comes near the bottom but keeps circling there, at loss {loss} at step {last}.",
    Kind.LOCAL: "{name} ends near a local minimum, at loss {loss} at step {last}: there is lower ground, and the slope does "
    "not tell.",
    Kind.SADDLE: "{name} stays near a saddle, at loss {loss} at step {last}. " + DAUPHIN,
    Kind.PLATEAU: "{name} is on a plateau at step {last}: the slope is only {slope}.",
    Kind.MOVING: "{name} is still on its way after {last} steps, at loss {loss}.",
    Kind.DIVERGED: "{name} is thrown out at step {step}.",
}


def what_to_try(spec: DescentSpec, paths: Paths) -> str:
    """One experiment that this surface is good for, with its numbers."""
    fixed = lesson.current().hide | lesson.current().lock
    # Only where the minimum itself was found, not just a place near it.
    found = [end for end in paths.outcomes if end.kind in (Kind.CONVERGED, Kind.LOCAL) and end.place != end.end]
    if found and found[0].curvatures[1] > 0 and "lr" not in fixed:
        bend = found[0].curvatures[1]
        # A digit more than elsewhere, so that the quotient can be checked.
        bent = f"{bend:,.1f}" if bend >= 100 else decimal(bend)
        where = f"minimum ({', '.join(coordinate(at) for at in found[0].place[: paths.surface.dimensions])})"
        walker = "raise the rate of SGD" if "sgd" in spec.optimizer else "add SGD and raise its rate"
        return (
            f"**Try:** at the {where} the surface bends by {bent} at most, so plain steps are stable there up to a "
            f"learning rate of 2 ÷ {bent} = {decimal(2 / bend)}: {walker} just past that, and it explodes. "
            "Click anywhere on the map to start there."
        )
    if "start" not in fixed:
        return "**Try:** click anywhere on the map to start there, or drag the start and watch all paths bend."
    return ""


def command(spec: DescentSpec) -> str:
    """The command line that walks the same paths; only what differs from the defaults is written."""
    words, usual, own = ["playground", "run", "descent"], DescentSpec(), spec.surface == OWN
    for name, bound in spec.bounds().items():
        value = getattr(spec, name)
        if name == "hyper":
            value = tuple(item for item in value if item.partition(".")[0] in spec.optimizer)
        needed = own if name == "formula" else value != getattr(usual, name) and (own or name != "extent")
        if needed and not (own and name == "surface"):
            text = bound.write(value)
            words += [f"--{name}={text}"] if text.startswith("-") else [f"--{name}", text]
    return shlex.join([*words, "--json"])


def formulas(spec: DescentSpec) -> Mapping[str, str]:
    """The surface and one step of each optimizer, by their names, for KaTeX."""
    surface = spec.landscape()
    variables = "x, y" if surface.dimensions == 2 else "x"
    assert isinstance(surface, Surface | Formula)
    rules = {RULES[name].title: RULES[name].formula for name in spec.optimizer}
    return {_title(spec): f"f({variables}) = {surface.formula}", **rules}


def sources(spec: DescentSpec) -> tuple[str, ...]:
    """The very functions that ran."""
    surface = () if spec.surface == OWN else (spec.surface, f"{spec.surface}_gradient")
    return (
        *(f"playground.optim.rules:{name}" for name in spec.optimizer),
        *(f"playground.functional.surfaces:{name}" for name in surface),
        "playground.optim.descent:descend",
    )


def papers(spec: DescentSpec) -> tuple[str, ...]:
    """Where the surface, the rules and what is said about saddles come from."""
    surface = () if spec.surface == OWN else (SURFACES[spec.surface].source,)
    saddles = SURFACES["saddle"].source
    return tuple(dict.fromkeys([*surface, *(RULES[name].source for name in spec.optimizer), saddles]))
