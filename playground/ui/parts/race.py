"""Steps to reach a tolerance: a table of optimizers, and their loss curves beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack, single
from playground.core.numbers import decimal
from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.specs.race import TOLERANCES, RaceSpec
from playground.ui import controls
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

SHARES = {1e-1: "a tenth", 1e-2: "a hundredth", 1e-4: "a ten-thousandth", 1e-8: "a hundred-millionth"}


@dataclass(frozen=True)
class View:
    """What the page shows of one experiment.

    Attributes:
        frame: The packed picture.
        names: The optimizers, the quickest first.
        steps: For each the first step at which it is that low; -1 where it never is, ``(optimizers, tolerances)``.
        rates: Their learning rates.
        ends: How each ended.
        last: The loss above the lowest at the last step, as a share of the first; not-a-number for one that left for good.
    """

    frame: bytes
    names: tuple[str, ...]
    steps: NDArray[np.int64]
    rates: tuple[float, ...]
    ends: tuple[str, ...]
    last: tuple[float, ...]

    @property
    def csv(self) -> str:
        """The table as a spreadsheet reads it."""
        head = ",".join(
            [
                "optimizer",
                "learning_rate",
                *(f"steps_to_{tolerance:g}" for tolerance in TOLERANCES),
                "share_at_the_end",
                "end",
            ]
        )
        rows = [
            ",".join([name, f"{rate:g}", *("" if step < 0 else str(step) for step in steps), f"{last:g}", end])
            for name, rate, steps, last, end in zip(
                self.names, self.rates, self.steps.tolist(), self.last, self.ends, strict=True
            )
        ]
        return "\n".join([head, *rows]) + "\n"


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(RaceSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    seen = view(spec)
    with picture:
        visual("race", seen.frame, key=key, height=470, edits=("shown",))
    with corner:
        detail_switch()
    share(spec, corner)
    prose(minus(_prose(spec, seen)))
    table, code, papers = st.tabs(["Table as CSV", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    with table:
        st.download_button(
            "Download the table", seen.csv, f"steps-{spec.surface}.csv", "text/csv", icon=":material/download:"
        )
    if code.open:
        with code:
            show_source("playground.optim.descent:Paths.steps_to")
            show_source("playground.optim.landscape:fitting_rate")
    with papers:
        references(*(RULES[name].source + "." for name in spec.optimizer))


@once(32)
def view(spec: RaceSpec) -> View:
    """Race, rank, and pack what is drawn."""
    paths = spec.paths()
    reached = paths.steps_to(TOLERANCES)
    never = spec.steps + 1
    order = sorted(
        range(len(spec.optimizer)), key=lambda run: [never if step < 0 else step for step in reversed(reached[run])]
    )
    names = tuple(spec.optimizer[run] for run in order)
    rates = tuple(float(paths.racers[run].rate) for run in order)
    ends = tuple(str(paths.verdict.kinds[run].value) for run in order)
    excess = paths.losses[order] - paths.verdict.lowest
    share = excess / excess[:, :1]
    shown = names.index(spec.shown) if spec.shown in names else 0
    steps = reached[order]
    last = tuple(float(value) for value in share[:, -1])
    words = _words(names, steps, ends, shown, spec.steps) + _left_again(steps[shown], last[shown])
    header = {
        "names": names, "titles": [RULES[name].title for name in names], "rates": rates, "ends": ends, "shown": shown,
        "table": steps.tolist(), "last": [one if math.isfinite(one) else None for one in last],
        "tolerances": TOLERANCES, "steps": spec.steps, "words": words,
        "places": [list(RULES).index(name) for name in names],
        "alt": _alt(spec, names, steps, words),
    }  # fmt: skip
    stride = max(1, spec.steps // 500)
    blocks = {"share": single(share[:, ::stride]), "at": np.arange(0, spec.steps + 1, stride).astype(np.float32)}
    return View(pack("race", header, blocks), names, steps, rates, ends, last)


def _left_again(steps: NDArray[np.int64], last: float) -> str:
    """Says so where a run ends higher than it has been."""
    low = [tolerance for step, tolerance in zip(steps, TOLERANCES, strict=True) if step >= 0]
    if not low or last <= low[-1]:
        return ""
    return (
        f" It does not stay: at the end its loss is {decimal(last)} of the first."
        if math.isfinite(last)
        else " It does not stay."
    )


def _words(names: tuple[str, ...], steps: NDArray[np.int64], ends: tuple[str, ...], shown: int, most: int) -> str:
    """Where the one that is drawn thick stands."""
    title, mine = RULES[names[shown]].title, steps[shown]
    got = [(int(step), tolerance) for step, tolerance in zip(mine, TOLERANCES, strict=True) if step >= 0]
    if not got:
        return f"{title} ({ends[shown]}) never gets below a tenth of what there was to win in {most:,} steps."
    step, tolerance = got[-1]
    ahead = sum(1 for other in steps if 0 <= other[len(got) - 1] < step)
    rank = "before all others" if ahead == 0 else f"after {ahead} other{'s' if ahead > 1 else ''}"
    tail = "" if len(got) == len(TOLERANCES) else f" It does not get to {SHARES[TOLERANCES[len(got)]]} ({ends[shown]})."
    return f"{title} reaches {SHARES[tolerance]} of the first loss at step {step:,}, {rank}.{tail}"


def _alt(spec: RaceSpec, names: tuple[str, ...], steps: NDArray[np.int64], words: str) -> str:
    listed = "; ".join(
        f"{RULES[name].title} " + ", ".join("never" if step < 0 else f"{step:,}" for step in row)
        for name, row in zip(names, steps.tolist(), strict=True)
    )
    told = ", ".join(f"{tolerance:g}" for tolerance in TOLERANCES)
    return f"Steps on {SURFACES[spec.surface].title} until the loss is {told} of what it was at the start: {listed}. {words}"


def _prose(spec: RaceSpec, seen: View) -> str:
    last = seen.steps[:, -1]
    done = int((last >= 0).sum())
    left = sum(1 for step, end in zip(last, seen.last, strict=True) if step >= 0 and not end <= TOLERANCES[-1])
    lead = (
        f"{done} of {len(seen.names)} come to a hundred-millionth of the loss above the lowest, {RULES[seen.names[0]].title} first "
        f"(at step {int(last[0]):,}). "
        if done
        else "None comes to a hundred-millionth of the loss above the lowest. "
    )
    if left:
        lead += f"{left} of these {'is' if left == 1 else 'are'} higher again at the end: see the last column. "
    fair = "" if math.isclose(spec.scale, 1) else f" All rates are multiplied by {spec.scale:g}."
    return (
        f"{lead}A quick start is not a quick finish: compare the columns. Each optimizer has a learning rate that suits the surface, "
        f"not the best one there is, so a rank says little about another surface or rate.{fair} "
        "Multiply all rates by 3, then by 10: who was ahead may be the first to diverge. Click a row to see its curve."
    )
