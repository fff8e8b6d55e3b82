"""How a descent ended, in words: by the slope where it stands, by how that slope changes around it, and by its path.

The curvatures are the eigenvalues of the Hessian, measured with differences of the gradient. Both up: a minimum. One up
and one down: a saddle, which is what most flat places are when there are many weights (Y. N. Dauphin et al.: Identifying
and attacking the saddle point problem in high-dimensional non-convex optimization, 2014). Both nearly none: a plateau.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.numbers import decimal
from playground.optim.endings import SAID, coordinate, rounded_up
from playground.optim.landscape import Floats, Landscape, Point, Scale, eigenvalues, hessian

CLOSE = 0.01
"""A run is near a place within this share of the domain's longer side."""

_NEWTON = 4
"""So many steps of Newton's find the place that a run is near."""


RESTING = 5
"""As many last positions must lie there, so that who only passes by is still moving."""


class Kind(StrEnum):
    """How a run ended."""

    CONVERGED = "converged"
    LOCAL = "local minimum"
    SADDLE = "saddle"
    PLATEAU = "plateau"
    MOVING = "still moving"
    DIVERGED = "diverged"


@dataclass(frozen=True)
class Outcome:
    """The end of one run.

    Attributes:
        kind: What it is.
        step: The step from which on it stays near the place; of a diverged run the one that left the picture for good.
        place: The minimum or saddle that it stays near; of any other run where it ended.
        last: The last step that counts.
        end: Where it was then.
        loss: Its last finite loss.
        slope: The length of the gradient at its end.
        curvatures: The lower and the higher one at the place.
        words: What happened, in a sentence or two.
        advice: What to try; empty where nothing is amiss.
    """

    kind: Kind
    step: int
    place: Point
    last: int
    end: Point
    loss: float
    slope: float
    curvatures: tuple[float, float]
    words: str
    advice: str


@dataclass(frozen=True)
class Verdict:
    """How every run of a descent ended, as arrays; ``outcome`` says one of them in words.

    Attributes:
        kinds: What each end is.
        steps: See ``Outcome.step``; so too ``places``, ``last``, ``ends``, ``losses``, ``slopes`` and ``curvatures``.
        strays: How far each was from its end at most, in its last fifth.
        reasons: Why each is called what it is.
        lowest: The lowest height that is known.
        reach: What counts as near, a length in the plane.
    """

    kinds: tuple[Kind, ...]
    steps: NDArray[np.int64]
    places: Floats
    last: NDArray[np.int64]
    ends: Floats
    losses: Floats
    slopes: Floats
    curvatures: Floats
    strays: Floats
    reasons: tuple[str, ...]
    lowest: float
    reach: float

    def outcome(self, run: int) -> Outcome:
        """One run's end in words."""
        low, high = (float(value) for value in self.curvatures[run])
        place = float(self.places[run, 0]), float(self.places[run, 1])
        end = float(self.ends[run, 0]), float(self.ends[run, 1])
        loss, slope, step, last = (float(self.losses[run]), float(self.slopes[run]), int(self.steps[run]),
                                   int(self.last[run]))  # fmt: skip
        words, advice = SAID[
            self.reasons[run] + (" unnamed" if self.reasons[run] == "minimum" and place == end else "")
        ]
        told = {
            "at": f"({coordinate(place[0])}, {coordinate(place[1])})",
            "end": f"({decimal(end[0])}, {decimal(end[1])})",
        }
        told |= {"loss": decimal(loss), "slope": decimal(slope), "step": f"{step:,}", "last": f"{last:,}"}
        told |= {"low": decimal(low), "high": decimal(high), "lowest": decimal(self.lowest), "reach": f"{self.reach:g}"}
        told |= {"stray": rounded_up(float(self.strays[run])), "window": f"{_window(last):,}"}
        return Outcome(
            self.kinds[run], step, place, last, end, loss, slope, (low, high),
            words.format(**told), advice.format(**told),
        )  # fmt: skip


_KIND = {
    "minimum": Kind.CONVERGED, "circling": Kind.CONVERGED, "local": Kind.LOCAL, "circling high": Kind.LOCAL,
    "saddle": Kind.SADDLE, "top": Kind.SADDLE, "plateau": Kind.PLATEAU, "moving": Kind.MOVING,
    "overshot": Kind.DIVERGED, "ran away": Kind.DIVERGED, "left": Kind.DIVERGED,
}  # fmt: skip


def judge(
    surface: Landscape, positions: Floats, losses: Floats, ended: NDArray[np.int64], failed: NDArray[Any]
) -> Verdict:
    """How each run ended.

    Args:
        surface: What was walked on.
        positions: ``(runs, steps + 1, 2)``.
        losses: ``(runs, steps + 1)``.
        ended: The last step of each run that counts, ``(runs,)``.
        failed: Whether that step left for good (too far out, or to where there is no number), ``(runs,)``.
    """
    runs, scale, domain = np.arange(len(positions)), Scale.of(surface), np.array(surface.domain, dtype=np.float64)
    width = np.ptp(domain, axis=1)
    reach = CLOSE * float(width[: surface.dimensions].max())
    end = positions[runs, ended]
    x, y = end[:, 0], end[:, 1]
    with np.errstate(all="ignore"):
        gx, gy = surface.gradient(x, y)
        slope = np.hypot(gx, gy)
        xx, xy, yy = hessian(surface, x, y)
        low, high = eigenvalues(xx, xy, yy)
        det = xx * yy - xy * xy
        # From here to where the slope would be 0 if the curvature stayed as it is (a step of Newton's).
        move = np.stack([-(yy * gx - xy * gy) / det, -(xx * gy - xy * gx) / det], axis=1)
        close = (np.abs(move) < CLOSE * width).all(axis=1) & (np.minimum(np.abs(low), np.abs(high)) > 1e-9 * scale.bend)
        height = losses[runs, ended]
        bottom = np.where(close, height + 0.5 * (gx * move[:, 0] + gy * move[:, 1]), height)
        close &= np.hypot(move[:, 0], move[:, 1]) < reach
        near_lowest = (height - scale.lowest <= 1e-8 * scale.usual) & (slope < 0.01 * scale.slope)
        # At such a slope even the way across the whole domain would win little of what there is to win.
        flat = slope * width.max() < 0.1 * (height - scale.lowest)
        inside = (np.abs(positions - end[:, None]) < CLOSE * width).all(axis=2)
        close &= inside[:, -RESTING:].all(axis=1)
        around = (np.abs(positions - end[:, None]) < 4 * CLOSE * width).all(axis=2)
        circling = _circling(around, losses - scale.lowest, ended)
        off = np.hypot(*np.moveaxis(positions - end[:, None], 2, 0))
        strays = np.nanmax(
            np.where(np.isfinite(off[:, -_window(off.shape[1] - 1) :]), off[:, -_window(off.shape[1] - 1) :], 0.0),
            axis=1,
        )
        lowest = min(scale.lowest, float(np.nanmin(np.where(np.isfinite(losses), losses, np.nan))))
        beyond: NDArray[np.bool_] = np.any((positions < domain[:, 0]) | (positions > domain[:, 1]), axis=2)
        # Outside the picture and much higher than it began: thrown out, even if it has not gone far enough to be stopped.
        thrown = beyond[runs, ended] & (height - scale.lowest > 4 * (losses[:, 0] - scale.lowest) + 1e-3 * scale.usual)
        good = bottom <= scale.lowest + 1e-3 * scale.usual
        good_enough = height <= scale.lowest + 1e-2 * scale.usual
    reasons = np.select(
        [thrown, near_lowest | (close & (low > 0) & good), close & (low > 0), close & (high < 0), close, flat,
         circling & good_enough, circling],
        ["overshot", "minimum", "local", "top", "saddle", "plateau", "circling", "circling high"], "moving",
    )  # fmt: skip
    named = [
        _failure(positions[run], losses[run], int(ended[run]), width) if failed[run] else str(reasons[run])
        for run in runs
    ]
    settled = [name in ("minimum", "local", "saddle", "top") for name in named]
    known = close & settled
    places = np.where(known[:, None], _still(surface, end, move, reach, known), end)
    with np.errstate(all="ignore"):
        low, high = eigenvalues(*hessian(surface, places[:, 0], places[:, 1]))
        near = np.hypot(*np.moveaxis(positions - places[:, None], 2, 0)) <= reach
    arrived = np.where(near.all(axis=1), 0, near.shape[1] - np.argmin(near[:, ::-1], axis=1))
    arrived = np.minimum(np.where(np.isnan(positions[:, -1, 0]), ended, arrived), ended)
    left = beyond.shape[1] - np.argmin(beyond[:, ::-1], axis=1)  # the first step of those outside at the end
    arrived = np.where(thrown & ~failed, np.minimum(left, ended), arrived)
    return Verdict(
        kinds=tuple(_KIND[name] for name in named),
        steps=np.where(failed, ended, np.where(np.array(settled, dtype=bool) | thrown, arrived, ended)).astype(
            np.int64
        ),
        places=places,
        last=ended,
        ends=end,
        losses=_last_finite(losses, ended),
        slopes=slope,
        curvatures=np.stack([low, high], axis=1),
        strays=strays,
        reasons=tuple(named),
        lowest=lowest,
        reach=reach,
    )


def _still(surface: Landscape, end: Floats, move: Floats, reach: float, wanted: NDArray[np.bool_]) -> Floats:
    """Where the slope is 0 near each end: Newton's steps from there, as long as they stay near; ``(runs, 2)``."""
    found: Floats = end + move * ([1.0, 0.0] if surface.dimensions == 1 else [1.0, 1.0])
    place = found[wanted]
    with np.errstate(all="ignore"):
        for _ in range(_NEWTON):
            xx, xy, yy = hessian(surface, place[:, 0], place[:, 1])
            gx, gy = surface.gradient(place[:, 0], place[:, 1])
            det = xx * yy - xy * xy
            step = np.stack([-(yy * gx - xy * gy) / det, -(xx * gy - xy * gx) / det], axis=1)
            if surface.dimensions == 1:
                step[:, 1] = 0.0
            ahead = place + step
            good = np.hypot(*(ahead - end[wanted]).T) < reach  # never where there is no number
            place = np.where(good[:, None], ahead, place)
    found[wanted] = place
    return found


def _window(steps: int) -> int:
    """The last fifth of a run, over which it is judged whether it circles."""
    return max(8, steps // 5)


def _circling(around: NDArray[np.bool_], excess: Floats, ended: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a run stayed about where it ended during its last fifth, its loss going up as often as down."""
    steps = excess.shape[1] - 1
    last = _window(steps)
    if steps < last:
        return np.zeros(len(excess), dtype=bool)
    window = excess[:, -last:]
    up = np.diff(window, axis=1) > 0
    falls = window[:, last // 2 :].mean(axis=1) < 0.6 * window[:, : last // 2].mean(axis=1)
    return np.asarray((ended == steps) & around[:, -last:].all(axis=1) & (up.mean(axis=1) > 0.2) & ~falls)


def _failure(path: Floats, losses: Floats, ended: int, width: Floats) -> str:
    """Why a run left for good."""
    kept = losses[: ended + 1]
    if (
        not np.isfinite(kept[-1])
        and np.isfinite(path[ended]).all()
        and (np.abs(path[ended] - path[0]) < 10 * width).all()
    ):
        return "left"
    finite = kept[np.isfinite(kept)]
    return "ran away" if len(finite) > 1 and finite[-1] < finite[0] else "overshot"


def _last_finite(losses: Floats, ended: NDArray[np.int64]) -> Floats:
    """The last loss of each run that is a number."""
    found = np.full(len(losses), np.nan)
    for run, row in enumerate(losses):
        finite = np.flatnonzero(np.isfinite(row[: ended[run] + 1]))
        found[run] = row[finite[-1]] if finite.size else np.nan
    return found
