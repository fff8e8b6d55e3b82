"""A walk down a surface as a frame: the map, every path, what each optimizer remembered, and how each run ended."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.optim.descent import Paths
from playground.optim.landscape import Floats, Landscape, Scale
from playground.optim.outcome import Kind
from playground.optim.rules import RULES
from playground.optim.telling import tell
from playground.viz.relief import FLAT, Relief

KEPT, WHOLE = 440, 150
"""So many steps of a run are sent at most; so many of its first ones are all among them."""

SAMPLES = 401
_LONGEST_AXIS = 12
# What lies further from 0 is off the picture: the difference of two such heights need not be a number.
_HIGHEST = 1e300

Blocks: TypeAlias = dict[str, NDArray[Any]]


def kept(steps: int, needed: Sequence[int] = ()) -> NDArray[np.int64]:
    """Which positions of a run of so many steps are sent, from 0: the first ones all, then evenly, and those needed."""
    if steps < KEPT:
        return np.arange(steps + 1)
    later = np.linspace(WHOLE, steps, KEPT - WHOLE).round().astype(np.int64)
    return np.unique(np.concatenate([np.arange(WHOLE), later, np.asarray(needed, np.int64)]))


def frame(
    paths: Paths,
    relief: Relief | None,
    *,
    noisy: bool = False,
    about: Mapping[str, Any],
    racers: Sequence[Mapping[str, Any]],
) -> bytes:
    """Pack a walk.

    Args:
        paths: One run for each racer.
        relief: The map of a surface of two dimensions; ``None`` for a curve.
        noisy: Whether the gradients were given noise.
        about: Further header entries.
        racers: Further entries for each racer's header.
    """
    steps, surface = len(paths.factors), paths.surface
    outcomes = paths.outcomes
    at = kept(steps, [*paths.ended, *(outcome.step for outcome in outcomes)])
    blocks: Blocks = {"steps": at.astype(np.uint16)}
    said, upright = [], axis(paths)
    with np.errstate(over="ignore"):  # of runs that diverge
        for run, more in enumerate(racers):
            made, found = _racer(paths, run, at, noisy)
            if relief is not None:
                found["share"] = relief.share(paths.losses[run, at])
            if upright["floor"]:  # subtracted here, in double precision
                found["rise"] = (paths.losses[run, at] - upright["floor"]).astype(np.float32)
            blocks |= {f"{run}.{name}": block for name, block in found.items()}
            said.append({**made, **more})
    header = {
        **about,
        "dimensions": surface.dimensions,
        "domain": surface.domain,
        "places": places(surface),
        "axis": upright,
        "noisy": noisy,
        "racers": said,
    }
    if relief is None:
        x = np.linspace(*surface.domain[0], SAMPLES)
        with np.errstate(all="ignore"):
            y = np.asarray(surface.function(x, np.zeros(SAMPLES)), np.float64)
            blocks |= {"curve.x": x.astype(np.float32), "curve.y": y.astype(np.float32)}
        header["heights"] = _around(y[np.isfinite(y)])
    else:
        blocks |= {"shares": relief.shares, "levels": relief.levels}
        header |= {"values": [float(value) for value in relief.values], "range": [relief.lowest, relief.highest]}
    return pack("descent", header, blocks)


def _racer(paths: Paths, run: int, at: NDArray[np.int64], noisy: bool) -> tuple[dict[str, Any], Blocks]:
    """One racer's header and blocks."""
    racer, outcome, telling = paths.racers[run], paths.outcomes[run], tell(paths, run, noisy=noisy)
    numbers, constants = dict(telling.numbers), dict(telling.constants)
    if np.ptp(paths.factors) == 0:
        constants["rate"] = float(numbers.pop("rate")[0, 0])
    after = np.full((1, 2), np.nan)  # from the last position no step was taken
    blocks: Blocks = {
        "x": paths.positions[run, at, 0].astype(np.float32),
        "y": paths.positions[run, at, 1].astype(np.float32),
        "loss": paths.losses[run, at].astype(np.float32),
    }
    for name, values in numbers.items():
        columns = min(values.shape[1], paths.surface.dimensions)
        blocks[name] = np.concatenate([values[:, :columns], after[:, :columns]])[at].astype(np.float32)
    return {
        "rule": racer.rule,
        "title": RULES[racer.rule].title,
        "rate": racer.rate,
        "end": int(np.searchsorted(at, paths.ended[run])),
        "constants": constants,
        "forms": [{"since": since, "lines": lines} for since, lines in telling.forms],
        "outcome": {
            "kind": outcome.kind.value,
            "at": int(np.searchsorted(at, outcome.step)),
            "step": outcome.step,
            "place": outcome.place,
            "loss": outcome.loss,
            "words": _minus(outcome.words),
            "advice": _minus(outcome.advice),
            "mark": _MARKS.get(outcome.kind, ""),
        },
    }, blocks


def _minus(text: str) -> str:
    """Signs of numbers as they are printed; hyphens stay."""
    return re.sub(r"-(?=\d)", "\u2212", text)


_MARKS = {Kind.CONVERGED: "minimum", Kind.LOCAL: "local", Kind.SADDLE: "saddle", Kind.PLATEAU: "plateau"}


def places(surface: Landscape) -> list[dict[str, Any]]:
    """Known minima: the lowest are ``minimum``, higher ones ``local``."""
    heights = [float(surface.function(np.float64(x), np.float64(y))) for x, y in surface.minima]
    slack = 1e-6 * max((abs(height) for height in heights), default=0.0) + 1e-9
    return [
        {"x": x, "y": y, "kind": "minimum" if height <= min(heights) + slack else "local", "loss": height}
        for (x, y), height in zip(surface.minima, heights, strict=True)
    ]


def axis(paths: Paths) -> dict[str, Any]:
    """The loss curve's axis: on a log scale, above the lowest place, where losses lie decades apart."""
    scale = Scale.of(paths.surface)
    every = np.clip(paths.losses, -_HIGHEST, _HIGHEST)
    losses = every[np.isfinite(paths.losses)]
    if not losses.size:
        return {"log": False, "low": 0.0, "high": 1.0, "floor": 0.0, "label": "loss"}
    lowest = max(min(scale.lowest, float(losses.min())), -_HIGHEST)
    floor = 0.0 if abs(lowest) <= 1e-9 * scale.usual else lowest
    top = max(float(every[:, 0].max()), min(float(losses.max()), lowest + 100 * scale.usual))
    excess = losses - floor
    least = max(float(excess[excess > 0].min(initial=top - floor)), 1e-12 * (top - floor))
    if lowest < scale.lowest - scale.usual or not top - floor > max(
        100 * least, FLAT
    ):  # no bottom to measure from, or all near
        low, high = _around(np.array([lowest, top]))
        return {"log": False, "low": low, "high": high, "floor": 0.0, "label": "loss"}
    ends = [2 * math.floor(math.log10(least) / 2), math.ceil(math.log10(top - floor) + 1e-9)]
    low = max(ends[0], ends[1] - _LONGEST_AXIS)
    label = "loss" if floor == 0 else f"loss above the lowest, {_minus(f'{floor:.4g}')}"
    return {"log": True, "low": 10.0**low, "high": 10.0 ** ends[1], "floor": floor, "label": label}


def _around(values: Floats) -> list[float]:
    """Round ends of an axis that holds all values with a little room."""
    ends = np.clip([values.min(), values.max()], -_HIGHEST, _HIGHEST) if values.size else np.array([0.0, 1.0])
    low, high = (float(end) for end in ends)
    rise = next(one for one in (high - low, abs(high), 1.0) if one > FLAT)
    unit = 10.0 ** math.floor(math.log10(rise)) / 2
    return [math.floor((low - 0.02 * rise) / unit) * unit, math.ceil((high + 0.02 * rise) / unit) * unit]
