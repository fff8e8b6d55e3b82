"""The phase diagram of momentum: every learning rate and momentum on a valley, and the run of one pair."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack, single
from playground.optim.quadratic import Floats, Motion, Phase, Regime, digits, measured, motion, phase
from playground.specs.momentum import MomentumSpec
from playground.ui import controls
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts.ground import ground
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

COLUMNS, ROWS, HIGHEST = 160, 100, 4.0
RATES: Floats = (np.arange(COLUMNS) + 0.5) * HIGHEST / COLUMNS
MOMENTA: Floats = np.arange(ROWS) / ROWS
FASTEST, SLOWEST = 3.0, 1000.0
"""Steps for one digit at the two ends of the colour scale."""

EVERY = 4
"""Every so many columns and rows are also run, to see that theory is right."""


@dataclass(frozen=True)
class View:
    """What the page shows of one experiment."""

    frame: bytes
    words: str
    diagram: Phase
    disagreement: float
    motions: tuple[Motion, Motion]
    factor: float
    found: float


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(MomentumSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    seen = view(spec)
    with picture:
        visual("momentum", seen.frame, key=key, height=470, edits=("lr", "momentum"))
    with corner:
        detail_switch()
    share(spec, corner)
    prose(minus(_prose(spec, seen)))
    formula, code, papers = st.tabs(["Theory", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if formula.open:
        with formula:
            _theory(spec, seen)
    if code.open:
        with code:
            prose("The first two make the diagram, the third runs every pair and says whether they are right.")
            for name in ("factor", "optimum", "measured"):
                show_source(f"playground.optim.quadratic:{name}")
            show_source("playground.optim.rules:momentum")
    with papers:
        references(
            "Polyak (1964), *Some methods of speeding up the convergence of iteration methods*, USSR Computational "
            "Mathematics and Mathematical Physics 4.",
            "Nesterov (1983), *A method of solving a convex programming problem with convergence rate O(1/k²)*.",
            "Sutskever, Martens, Dahl and Hinton (2013), *On the importance of initialization and momentum in deep "
            "learning*, ICML.",
            "Goh (2017), *Why momentum really works*, Distill.",
        )


@once(8)
def _diagram(condition: float) -> tuple[Phase, float, NDArray[np.uint16], NDArray[np.uint8]]:
    """Theory for every cell, how far it is from what running gives, and both packed for the browser."""
    curvatures = MomentumSpec(condition=condition).curvatures
    diagram = phase(curvatures, RATES, MOMENTA)
    run = measured(curvatures, RATES[::EVERY], MOMENTA[::EVERY])
    off = float(np.abs(run - diagram.factors[::EVERY, ::EVERY]).max())
    return diagram, off, _table(diagram.factors), _regimes(diagram, curvatures)


def _table(factors: Floats) -> NDArray[np.uint16]:
    """Steps for one digit on a log scale in the lower half of the numbers, growth in the upper half."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.clip(-1.0 / np.log10(np.minimum(np.maximum(factors, 1e-300), 1 - 1e-12)), FASTEST, SLOWEST)
    lower = 32767 * np.log(steps / FASTEST) / math.log(SLOWEST / FASTEST)
    upper = 32768 + 32767 * np.clip((factors - 1.0) / 3.0, 0.0, 1.0)
    return np.round(np.where(factors < 1, lower, upper)).astype(np.uint16)


def _regimes(diagram: Phase, curvatures: tuple[float, float]) -> NDArray[np.uint8]:
    """For each cell how many axes swing: 0, 1 or 2."""
    trace = [1 + diagram.momenta[:, None] - diagram.rates[None, :] * c for c in curvatures]
    swings = [one * one < 4 * diagram.momenta[:, None] for one in trace]
    counted: NDArray[np.uint8] = np.sum(swings, axis=0).astype(np.uint8)
    return counted


@once(64)
def view(spec: MomentumSpec) -> View:
    """Compute everything that is shown."""
    diagram, off, table, swings = _diagram(spec.condition)
    flat, steep = (motion(c, spec.lr, spec.momentum) for c in spec.curvatures)
    factor = max(flat.factor, steep.factor)
    paths = spec.paths()
    losses = paths.losses[0]
    found = _found(losses)
    words = minus(_words(spec, diagram, flat, steep))
    best_plain = 2.0 / sum(spec.curvatures)
    land = ground(spec.landscape())
    plain = (spec.condition - 1) / (spec.condition + 1)
    header: dict[str, Any] = {
        **land.header,
        "start": spec.landscape().start, "highest": HIGHEST, "slowest": SLOWEST, "fastest": FASTEST,
        "lr": spec.lr, "momentum": spec.momentum, "factor": factor, "digits": digits(factor), "found": found,
        "regime": _governing(flat, steep).regime.value,
        "optimum": {"lr": diagram.optimum[0], "momentum": diagram.optimum[1], "digits": digits(diagram.optimum[2])},
        "plain": {"lr": best_plain, "momentum": 0.0, "digits": digits(plain)},
        "beyond": {"lr": min(HIGHEST, 1.02 * diagram.limit(spec.momentum)), "momentum": spec.momentum},
        "overshoots": diagram.overshoots, "diverges": diagram.diverges, "curvatures": spec.curvatures,
        "disagreement": off, "tried": len(RATES[::EVERY]) * len(MOMENTA[::EVERY]),
        "words": words, "alt": _alt(spec, diagram, words), "ended": int(paths.ended[0]),
    }  # fmt: skip
    expected = losses[0] * factor ** (2.0 * np.arange(spec.steps + 1))
    blocks: dict[str, NDArray[Any]] = {
        "table": table, "swings": swings,
        "x": paths.positions[0, :, 0].astype(np.float32), "y": paths.positions[0, :, 1].astype(np.float32),
        "loss": single(losses), "expected": single(expected), **land.blocks,
    }  # fmt: skip
    return View(pack("momentum", header, blocks), words, diagram, off, (flat, steep), factor, found)


def _found(losses: Floats) -> float:
    """What the distance was multiplied by at each step, as the second half of the run shows it."""
    usable = np.flatnonzero(np.isfinite(losses) & (losses > 1e-250))
    kept = usable[len(usable) // 2 :]
    if len(kept) < 3:
        return math.nan
    return float(np.exp(0.5 * np.polyfit(kept, np.log(losses[kept]), 1)[0]))


def _governing(flat: Motion, steep: Motion) -> Motion:
    """The axis that is slower, or that diverges: the one which in the end counts."""
    return flat if flat.factor >= steep.factor else steep


def _axis(name: str, one: Motion) -> str:
    """What one axis does, as a clause."""
    if one.regime is Regime.DIVERGING:
        return f"the {name} axis grows by {one.factor:.3g} at every step"
    if one.regime is Regime.OSCILLATING:
        return f"the {name} axis swings in {one.period:.3g} steps"
    said = {
        Regime.OVERDAMPED: "creeps in from one side",
        Regime.CRITICAL: "is critically damped",
        Regime.OVERSHOOTING: "jumps to the other side at every step",
    }
    return f"the {name} axis {said[one.regime]}"


def _words(spec: MomentumSpec, diagram: Phase, flat: Motion, steep: Motion) -> str:
    """This state in a sentence or two."""
    slower = _governing(flat, steep)
    if slower.factor >= 1:
        return (
            f"Diverges: with momentum {spec.momentum:g} the limit is {diagram.limit(spec.momentum):.3g}, and "
            f"{spec.lr:g} is not below it; {_axis('steep', steep)}."
        )
    if slower.factor == 0:
        return "Critically damped: one step lands in the minimum."
    need, best = digits(slower.factor), digits(diagram.optimum[2])
    tail = f"{need:.3g} steps a digit" + (
        f", {best:.3g} at the optimum" if need > 1.02 * best else ", as few as can be"
    )
    both = {flat.regime, steep.regime}
    if both == {Regime.OSCILLATING}:
        axes = f"the steep axis swings in {steep.period:.3g} steps, the flat one in {flat.period:.3g}"
    else:
        axes = "both axes at once" if both == {Regime.CRITICAL} else f"{_axis('steep', steep)}, {_axis('flat', flat)}"
    # One name for the run only where both axes go the same way.
    told = f"{slower.regime.value.capitalize()}: {axes}" if len(both) == 1 else axes[0].upper() + axes[1:]
    return f"{told}. A step keeps {slower.factor:.3f} of the distance: {tail}."


def _alt(spec: MomentumSpec, diagram: Phase, words: str) -> str:
    lr, mu, best = diagram.optimum
    return (
        f"Phase diagram for condition number {spec.condition:g}: learning rate 0 to 4 across, momentum 0 to 0.99 up, colour "
        f"for the steps that one decimal digit takes. Best at rate {lr:.3g} and momentum {mu:.3g}: {digits(best):.3g} steps. "
        f"Plain descent overshoots past 1 and diverges past 2, with momentum m past 2(1 + m). Chosen: rate {spec.lr:g}, "
        f"momentum {spec.momentum:g}. {words}"
    )


def _prose(spec: MomentumSpec, seen: View) -> str:
    lr, mu, best = seen.diagram.optimum
    plain = digits((spec.condition - 1) / (spec.condition + 1))
    gain = f"{plain / digits(best):.2g} times" if best > 0 else "no"
    return (
        f"Without momentum the rate is caught between the two axes: past 2 the steep one diverges, and below "
        f"it the flat one, {spec.condition:g} times less curved, creeps; the best is {plain:.3g} steps a digit. Momentum lets "
        f"the flat axis gather speed: at rate {lr:.3g} and momentum {mu:.3g} it takes {digits(best):.3g}, {gain} faster. "
        "Drag the mark upwards and watch the swing begin; then raise the condition number and see the bright spot move "
        "towards more momentum. "
        f"Run at {len(RATES[::EVERY]) * len(MOMENTA[::EVERY]):,} of its cells, the measured factor and the theory's differ by at "
        f"most {seen.disagreement:.2g}."
    )


def _theory(spec: MomentumSpec, seen: View) -> None:
    """The formulas with this page's numbers put in."""
    lr, mu, best = seen.diagram.optimum
    prose("Along an axis of curvature $c$ the place after each step is given by the two before it:")
    st.latex(r"x_{t+1} = (1 + m - \eta c)\,x_t - m\,x_{t-1}, \qquad z^2 - (1 + m - \eta c)\,z + m = 0")
    prose(
        "The larger root in size is the factor. It is real (creeping) or one of a turning pair of size $\\sqrt m$ (swinging):"
    )
    for name, c, one in zip(("flat", "steep"), spec.curvatures, seen.motions, strict=True):
        trace = 1 + spec.momentum - spec.lr * c
        st.latex(
            rf"c_\text{{{name}}} = {c:.3g}:\quad (1 + m - \eta c)^2 - 4m = {trace * trace - 4 * spec.momentum:.3g}"
            rf"\;\Rightarrow\; |z| = {one.factor:.4g}\quad\text{{({one.regime.value})}}"
        )
    prose("Best is what makes both axes critically damped, with $\\kappa$ the condition number (Polyak, 1964):")
    st.latex(
        r"\eta^* = \left(\frac{2}{\sqrt{c_\text{steep}} + \sqrt{c_\text{flat}}}\right)^{\!2} = " + f"{lr:.4g}"
        r",\quad m^* = \left(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\right)^{\!2} = " + f"{mu:.4g}"
        r",\quad |z|^* = \sqrt{m^*} = " + f"{best:.4g}"
    )
    cells = len(RATES[::EVERY]) * len(MOMENTA[::EVERY])
    text = (
        f"Run for 400 steps at {cells:,} of the cells, the largest difference between the measured factor and theory is "
        f"{seen.disagreement:.2g}."
    )
    if math.isfinite(seen.found):
        text += (
            f" The run beside the diagram: theory {seen.factor:.4f}, measured over its second half {seen.found:.4f}."
        )
    prose(
        text + " Where two roots are equal a run takes long to settle on its factor; there the difference is largest."
    )
