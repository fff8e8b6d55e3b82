"""Basins of attraction: a grid of starts, coloured by where each ends, for two optimizers side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack, single
from playground.functional.surfaces import SURFACES
from playground.optim.basins import DIVERGED, ELSEWHERE, MOVING, Basins, Shared, together
from playground.optim.landscape import Floats
from playground.optim.outcome import Kind
from playground.optim.rules import RULES
from playground.specs.basins import BasinsSpec
from playground.ui import controls
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts.ground import ground
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

MANY = 6
"""So many families are told apart by a hue of their own."""

_ON_ITS_WAY, _GONE = 254, 255


@dataclass(frozen=True)
class View:
    """What the page shows of one experiment."""

    frame: bytes
    shares: Floats
    changed: float
    words: str


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(BasinsSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    seen = view(spec)
    with picture:
        visual("basins", seen.frame, key=key, height=470, edits=("start",))
    with corner:
        detail_switch()
    share(spec, corner)
    prose(minus(_prose(spec, seen)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            show_source("playground.optim.basins:basins")
            for name in dict.fromkeys((spec.optimizer, spec.rival)):
                show_source(f"playground.optim.rules:{name}")
    with papers:
        references(
            SURFACES[spec.surface].source + ".",
            *dict.fromkeys(RULES[name].source + "." for name in (spec.optimizer, spec.rival)),
            "Sutskever, Martens, Dahl and Hinton (2013), *On the importance of initialization and momentum in deep "
            "learning*, ICML.",
            "Dauphin et al. (2014), *Identifying and attacking the saddle point problem in high-dimensional non-convex "
            "optimization*, NeurIPS.",
        )


@once(8)
def _maps(spec: BasinsSpec) -> tuple[tuple[Basins, ...], Shared]:
    """Both maps of an experiment without a start, which they do not depend on."""
    made = spec.maps()
    return made, together(SURFACES[spec.surface], made, MANY)


@once(64)
def view(spec: BasinsSpec) -> View:
    """Compute everything that is shown."""
    maps, shared = _maps(spec.replace(start=()))
    surface, paths = SURFACES[spec.surface], spec.paths()
    kinds = len(set(shared.families.tolist()))
    codes = _codes(shared)
    counts = [[int((code == k).sum()) for k in (*range(kinds), _ON_ITS_WAY, _GONE)] for code in codes]
    total = codes[0].size
    settled = codes < _ON_ITS_WAY
    pace = np.array([one.steps for one in maps]) / spec.steps
    changed = float((codes[0] != codes[1]).mean())
    words = _words(spec, paths.verdict.kinds, paths.verdict.places, [float(loss) for loss in paths.verdict.losses])
    rows = [_row(shared, k, kinds) for k in range(kinds)]
    land = ground(surface)
    racers = spec.racers()
    names = [_name(spec, k) for k in (0, 1)]
    header: dict[str, Any] = {
        **land.header,
        "titles": names, "rates": [racer.rate for racer in racers], "steps": spec.steps, "rows": rows,
        "counts": counts, "total": total, "places": shared.places, "families": shared.families.tolist(),
        "start": spec.place(), "words": words, "changed": changed,
        "alt": _alt(spec, rows, counts, total, changed, words),
        "median": [float(np.median(one.steps[ok])) if ok.any() else None for one, ok in zip(maps, settled, strict=True)],
    }  # fmt: skip
    header["places"] = shared.places.tolist()
    blocks: dict[str, NDArray[Any]] = {
        "codes": codes, "pace": np.round(255 * np.clip(pace, 0, 1)).astype(np.uint8),
        "paths": single(paths.positions.transpose(0, 2, 1)), **land.blocks,
    }  # fmt: skip
    shares = np.array(counts) / total
    return View(pack("basins", header, blocks), shares, changed, words)


def _codes(shared: Shared) -> NDArray[np.uint8]:
    """For each start of each map its family, or that it is on its way or gone."""
    families = np.append(shared.families, [0, 0, 0])
    last = int(shared.families.max()) if len(shared.families) else 0
    codes = np.where(shared.ends >= 0, families[np.maximum(shared.ends, 0)], last)
    codes = np.where(shared.ends == MOVING, _ON_ITS_WAY, np.where(shared.ends == DIVERGED, _GONE, codes))
    assert ELSEWHERE < 0, "the highest ones count to the last family"
    return codes.astype(np.uint8)


def _row(shared: Shared, family: int, kinds: int) -> str:
    """What a family is called in the table."""
    mine = np.flatnonzero(shared.families == family)
    height = _height(float(shared.losses[mine[0]]))
    if len(mine) == 1:
        x, y = shared.places[mine[0]]
        return f"({_short(x)}, {_short(y)}), height {height}"
    more = family == kinds - 1 and float(np.ptp(shared.losses[mine])) > 0.01 * float(np.ptp(shared.losses))
    return f"{len(mine)} minima{' and more' if more else ''}, height {height}{' and up' if more else ''}"


def _short(value: float) -> str:
    return f"{0.0 if abs(value) < 0.005 else value:.2f}".replace("-", "\N{MINUS SIGN}")


def _height(value: float) -> str:
    return f"{0.0 if abs(value) < 1e-3 else value:.3g}".replace("-", "\N{MINUS SIGN}")


def _name(spec: BasinsSpec, side: int) -> str:
    name = (spec.optimizer, spec.rival)[side]
    extra = f" {spec.momentum:g}" if "momentum" in RULES[name].hyper else ""
    return f"{RULES[name].title}{extra}, rate {spec.racers()[side].rate:g}"


def _words(spec: BasinsSpec, kinds: tuple[Kind, ...], places: Floats, losses: list[float]) -> str:
    """Where the chosen start ends in each map."""
    x, y = spec.place()

    def end(k: int) -> str:
        if kinds[k] is Kind.DIVERGED:
            return "diverges"
        verb = {Kind.CONVERGED: "ends in", Kind.LOCAL: "ends in"}.get(
            kinds[k],
            f"is at a {kinds[k].value} near" if kinds[k] in (Kind.SADDLE, Kind.PLATEAU) else "is still moving at",
        )
        return f"{verb} ({_short(places[k, 0])}, {_short(places[k, 1])}), height {_height(losses[k])}"

    left, right = RULES[spec.optimizer].title, RULES[spec.rival].title
    return f"From ({_short(x)}, {_short(y)}): {left} {end(0)}; {right} {end(1)}."


def _alt(spec: BasinsSpec, rows: list[str], counts: list[list[int]], total: int, changed: float, words: str) -> str:
    listed = "; ".join(
        f"{row}: {100 * counts[0][k] / total:.0f} % left, {100 * counts[1][k] / total:.0f} % right"
        for k, row in enumerate(rows)
    )
    return (
        f"{total:,} starts on {SURFACES[spec.surface].title}, left {_name(spec, 0)}, right {_name(spec, 1)}. They end in: {listed}. "
        f"{100 * changed:.0f} % of the starts end elsewhere on the right than on the left. {words}"
    )


def _prose(spec: BasinsSpec, seen: View) -> str:
    moving, gone = seen.shares[:, -2], seen.shares[:, -1]
    said = f"From {100 * seen.changed:.0f} % of the starts the two end in different places. "
    if gone.max() > 0.02:
        said += (
            f"{100 * gone[0]:.0f} % of the starts diverge on the left, {100 * gone[1]:.0f} % on the right: the rate is too large "
            "where the surface is steep. "
        )
    elif moving.max() > 0.02:
        said += (
            f"{100 * moving[0]:.0f} % on the left and {100 * moving[1]:.0f} % on the right are still on their way after "
            f"{spec.steps} steps. "
        )
    else:
        said += (
            "Small steps go straight down, so their basins have plain borders; what rolls or jumps crosses ridges, and its "
            "borders fray. "
        )
    return said + (
        "Full colours arrive soon, pale ones late. Tap a start to see both paths; then raise the learning rate until the borders break up, "
        "or set Momentum to 0, where the two maps must be the same if their rates are."
    )
