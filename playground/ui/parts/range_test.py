"""The learning-rate range test: where the loss begins to fall, falls most and blows up, and what that suggests."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack, single
from playground.functional.surfaces import SURFACES
from playground.optim.descent import Racer
from playground.optim.outcome import Kind
from playground.optim.range_test import RangeTest, stable_below
from playground.optim.rules import RULES
from playground.specs.range_test import SHARES, RangeTestSpec
from playground.ui import controls
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

QUADRATIC = ("bowl", "ravine", "parabola")
"""Surfaces that are curved the same everywhere, so that the limit is known exactly."""


@dataclass(frozen=True)
class View:
    """What the page shows of one experiment."""

    frame: bytes
    test: RangeTest
    limit: float
    rate: float


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(RangeTestSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    seen = view(spec)
    with picture:
        visual("range_test", seen.frame, key=key, height=470, edits=("lr",))
    with corner:
        detail_switch()
    share(spec, corner)
    prose(minus(_prose(spec, seen)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            show_source("playground.optim.range_test:range_test")
            show_source("playground.optim.range_test:_read")
            show_source("playground.optim.range_test:stable_below")
    with papers:
        references(
            "Smith (2017), *Cyclical learning rates for training neural networks*, WACV.",
            "Smith and Topin (2018), *Super-convergence: very fast training of neural networks using large learning rates*.",
            "Goh (2017), *Why momentum really works*, Distill.",
        )


@once(32)
def view(spec: RangeTestSpec) -> View:
    """Test, try what was found, and pack what is drawn."""
    test = spec.test()
    surface = SURFACES[spec.surface]
    limit = stable_below(surface, Racer(spec.optimizer), min(surface.minima, key=lambda at: _height(spec, at)))
    suggested = _digits(test.suggested)
    rate = spec.lr or suggested
    trial = spec.trial(rate)
    excess = test.losses - test.lowest
    begin = _height(spec, surface.start) - test.lowest
    lowest = min(test.lowest, trial.verdict.lowest)
    runs = trial.losses - lowest
    titles = [f"{_digits(rate * share):g}" for share in SHARES]
    ends = [
        _end(trial.verdict.kinds[k], float(trial.verdict.losses[k]) - lowest, int(trial.ended[k]))
        for k in range(len(SHARES))
    ]
    words = minus(_words(spec, test, limit))
    header = {
        "marks": {"begins": _known(test.begins), "steepest": test.steepest, "best": test.best, "limit": _known(test.limit)},
        "suggested": suggested, "rate": rate, "own": spec.lr > 0, "truth": _known(limit), "exact": spec.surface in QUADRATIC,
        "titles": titles, "ends": ends, "steps": spec.steps, "begin": begin, "words": words, "low": spec.low, "high": spec.high,
        "alt": f"{words} With {', '.join(f'{title}: {end}' for title, end in zip(titles, ends, strict=True))}.",
    }  # fmt: skip
    blocks = {"rates": test.rates.astype(np.float32), "losses": single(excess), "runs": single(runs)}
    return View(pack("range_test", header, blocks), test, limit, rate)


def _height(spec: RangeTestSpec, place: tuple[float, float]) -> float:
    return float(SURFACES[spec.surface].function(np.array(place[0]), np.array(place[1])))


def _digits(value: float) -> float:
    """Two significant digits: nobody sets a rate more exactly."""
    return float(f"{value:.2g}")


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _end(kind: Kind, excess: float, step: int) -> str:
    """How one of the runs that try a rate ended, in a few words."""
    if kind is Kind.DIVERGED:
        return f"diverges at step {step}"
    return f"{kind.value}, {excess:.2g} above the lowest"


def _words(spec: RangeTestSpec, test: RangeTest, limit: float) -> str:
    """What the test says, in a sentence or two."""
    broken = f"blows up past {test.limit:.2g}" if math.isfinite(test.limit) else f"holds up to {spec.high:g}"
    fall = f"falls most at {test.steepest:.2g}, is least at {test.best:.2g}"
    begins = f"begins to fall at {test.begins:.2g}, " if math.isfinite(test.begins) else ""
    truth = ""
    if math.isfinite(limit):
        where = "The true limit is" if spec.surface in QUADRATIC else "At the lowest minimum the limit is"
        truth = f" {where} {limit:.2g}."
    return f"The loss {begins}{fall} and {broken}. Suggested: {_digits(test.suggested):g}.{truth}"


def _prose(spec: RangeTestSpec, seen: View) -> str:
    test, limit = seen.test, seen.limit
    parts = []
    if not math.isfinite(limit):
        parts.append(
            f"{RULES[spec.optimizer].title} divides by the gradient's size, so 2 / curvature is no limit for it: too large a rate "
            "makes it jump about instead of blowing up at once."
        )
    elif math.isfinite(test.limit) and spec.surface in QUADRATIC:
        ratio = test.limit / limit
        if ratio >= 1:
            late = (
                "With no noise, what could blow up has first died down to almost nothing"
                if spec.noise == 0
                else "The blow-up needs a few steps to be seen, and the rate rises meanwhile"
            )
            parts.append(
                f"The test says {test.limit:.2g}, {ratio:.2g} times the true limit of {limit:.2g}. {late}: the reading is late."
            )
        else:
            parts.append(
                f"The test says {test.limit:.2g}, {1 / ratio:.2g} times below the true limit of {limit:.2g}: noise and momentum shake "
                "the run more the larger the rate, before it really diverges."
            )
        parts.append("That is why one takes a tenth of the best rate and not the last one that worked.")
    else:
        parts.append(
            "This surface is not curved the same everywhere, so where a rate is too large depends on the place."
        )
    parts.append(
        "The mean of 16 runs is shown. "
        if spec.noise > 0
        else "Without noise all runs are one; give the gradients some and compare."
    )
    parts.append("Drag the upright line to another rate: the runs on the right use it, a tenth of it and ten times it.")
    return " ".join(parts)
