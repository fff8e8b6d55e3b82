"""The two ways from sample to sample: their latents, what the pictures show, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.generating import MOST_FRAMES, MOST_PICTURES
from playground.core.numbers import decimal, percent
from playground.functional.gan import Array, Pair
from playground.functional.interpolation import Noise, length_density, lengths, tour
from playground.ui.parts.gan_sheet import Held, Sheet

FINEST, COARSEST, ALL = 48, 8, 96
"""So many steps from stop to stop: of a way between two, at least, and of the whole way about."""
ALIKE, APART = 0.02, 0.04
"""Pictures that differ by less, as a mean over pixels from 0 to 1, look the same; from the second on anybody sees it."""
_GRID = 4096


@dataclass(frozen=True, eq=False)
class Walk:
    """Both ways, place by place.

    Attributes:
        ends: The stops; a closed walk comes back to the first.
        linear: ``(n, latents)`` along the straight lines.
        spherical: The same along the arcs.
        classes: ``(n,)``, or None for a generator without classes.
        stops: At which places the stops are.
        closed: Whether it ends where it began.
        endless: Whether it is gone through again and again: closed, or there and back.
    """

    ends: tuple[Held, ...]
    linear: Array
    spherical: Array
    classes: NDArray[np.int64] | None
    stops: tuple[int, ...]
    closed: bool
    endless: bool

    @property
    def question(self) -> tuple[Array, NDArray[np.int64] | None]:
        """Latents and classes of everything that is to be drawn: the straight ways, then the arcs."""
        both = np.concatenate([self.linear, self.spherical])
        return both, None if self.classes is None else np.concatenate([self.classes, self.classes])

    def frames(self, ways: Sequence[str]) -> tuple[Array, NDArray[np.int64] | None]:
        """Latents of a clip ``(frames, across, latents)`` that can be repeated without a jump, and their classes ``(frames, across)``.

        Args:
            ways: ``linear``, ``spherical`` or both: side by side.
        """
        last = len(self.linear) - 1
        order = list(range(last + 1))
        if self.closed:
            order = order[:-1]
        elif self.endless:
            order += order[-2:0:-1]
        order = order[:: -(-len(order) // MOST_FRAMES)]
        rows = np.stack([getattr(self, way)[order] for way in ways], axis=1)
        return rows, None if self.classes is None else np.repeat(self.classes[order][:, None], len(ways), axis=1)


def ends(sheet: Sheet) -> tuple[Held, ...]:
    """Two stops or more: the pins; as long as there are not two of them the first other samples, of the same class if there is one."""
    found, rest = list(sheet.pins), [sheet.sample(index) for index in range(len(sheet.latents))]
    while len(found) < 2:
        others = [one for one in rest if not any(np.array_equal(one.latents, end.latents) for end in found)]
        if not others:
            break
        found.append(next((one for one in others if found and one.label == found[0].label), others[0]))
    return tuple(found)


def walk(stops: tuple[Held, ...], loop: bool) -> Walk:
    """Both ways through two stops or more; of three and more a loop comes back to the first, between two it goes there and back."""
    closed = loop and len(stops) > 2
    legs = len(stops) if closed else len(stops) - 1
    steps = min(FINEST, max(COARSEST, ALL // legs))
    pins = np.stack([stop.latents for stop in stops])
    rows = {way: tour(pins, steps, way, closed=closed) for way in ("linear", "spherical")}
    if closed:
        rows = {way: np.concatenate([found, found[:1]]) for way, found in rows.items()}
    at = np.arange(legs * steps + 1)
    labels = [stop.label for stop in (*stops, stops[0])]
    classes = None
    if stops[0].label is not None:
        classes = np.array([labels[(place + steps // 2) // steps] for place in at], np.int64)
    marks = tuple(range(0, legs * steps + 1, steps))
    assert 2 * len(at) <= MOST_PICTURES
    return Walk(stops, rows["linear"], rows["spherical"], classes, marks, closed, loop)


def shell(d: int, noise: Noise) -> tuple[float, float, float]:
    """Between which lengths 98 of 100 latents lie that are drawn by chance, and the middle: lowest, median, highest."""
    at = np.linspace(0, 2 * np.sqrt(d) + 4, _GRID)
    share = np.cumsum(length_density(at, d, noise))
    low, middle, high = np.interp([0.01, 0.5, 0.99], share / share[-1], at)
    return float(low), float(middle), float(high)


def ceiling(longest: float, shell_high: float) -> float:
    """Where the axis of lengths ends: a fixed room over the shell, doubled while something is longer."""
    top = 1.25 * shell_high
    while top < longest:
        top *= 2
    return top


def halfway(way: Walk) -> int:
    """The place in the middle of the first leg."""
    return way.stops[1] // 2


def words(way: Walk, pair: Pair, pictures: NDArray[np.uint8]) -> str:
    """What is seen on these two ways, measured.

    Args:
        way: The ways.
        pair: The generator's card.
        pictures: All that were drawn, ``(2 n, h, w, c)``: the straight ways', then the arcs'.
    """
    middle, n = halfway(way), len(way.linear)
    low, _, high = shell(pair.latents, pair.noise)
    straight, arc = (float(lengths(rows[middle : middle + 1])[0]) for rows in (way.linear, way.spherical))
    start = (
        f"**Halfway from stop 1 to stop 2 the latent on the straight line is {decimal(straight)} long, on the arc {decimal(arc)};** "
        f"of latents drawn by chance, 98 of 100 are between {decimal(low)} and {decimal(high)} long. "
    )
    if straight < low:
        reason = "The straight line cuts through the inside, where the generator hardly ever had to draw in training. "
    elif arc > high:
        reason = "Both ends are further out than chance goes, and the arc stays there. "
    else:
        reason = (
            f"With {pair.latents} numbers a latent the straight line stays among lengths that chance draws, too. "
            if pair.latents > 1
            else ""
        )
    inside = float(np.abs(way.spherical[middle]).max())
    if pair.noise == "uniform" and inside > 1:
        reason += (
            f"But this generator's latents were drawn evenly from -1 to 1: the arc leaves that cube (its largest number is "
            f"{decimal(inside)}), the straight line never does. "
        )
    difference = float(np.abs(pictures[middle].astype(float) - pictures[n + middle]).mean() / 255)
    by = f"{percent(difference, 1)} of full scale on average"
    if difference < ALIKE:
        seen = f"The two halfway pictures look the same (they differ by {by}): this generator takes short latents well."
    elif difference < APART:
        seen = f"The two halfway pictures differ a little ({by}): compare their shapes, and how sharp they are."
    else:
        seen = f"The two halfway pictures differ plainly ({by}). Which looks more like a real one is yours to judge."
    if way.classes is not None and len(set(way.classes.tolist())) > 1:
        seen += " The class is not mixed here: it changes halfway between two stops."
    return start + reason + seen
