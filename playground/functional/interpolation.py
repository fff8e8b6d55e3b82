"""Ways from one latent to another, and how long latents are on the way.

A latent is a row of ``d`` numbers drawn by chance. Nearly all such rows have nearly the same length: of ``d`` normal numbers it is
about the square root of ``d``, give or take 0.7 whatever ``d`` is. They lie on a thin shell around the origin, and two of them
stand almost at a right angle. A straight line between two points of a shell cuts through the inside: its middle has only about
0.7 of the usual length. In training the generator was given no such latent, so what it draws there was never compared with real
pictures. Turning from one to the other, with the length kept, stays where it has learnt.

Source: K. Shoemake: Animating rotation with quaternion curves, 1985; T. White: Sampling generative networks, 2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.registry import Entry, Registry

Array: TypeAlias = NDArray[np.float32]
Exact: TypeAlias = NDArray[np.float64]
Noise: TypeAlias = Literal["normal", "uniform"]

MOST_STEPS = 4096
"""So many latents a way may have."""
ALMOST = 1e-6
"""Directions closer than this angle (in radians), or to opposite ones, say nothing about where to turn."""


@dataclass(frozen=True, kw_only=True)
class Way(Entry):
    """A way from ``a`` to ``b``, both ``(d,)``.

    Attributes:
        at: ``(a, b, t)`` to the latents at ``t`` of the way, ``(len(t), d)``.
    """

    at: Callable[[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]], Array]


WAYS: Registry[Way] = Registry("way between latents")


def linear(a: NDArray[np.floating], b: NDArray[np.floating], t: NDArray[np.floating]) -> Array:
    """The straight line: each number goes evenly from the one to the other.

    Args:
        a: Where it begins, ``(d,)``.
        b: Where it ends, ``(d,)``.
        t: Shares of the way, 0 to 1, ``(n,)``.

    Returns:
        ``(n, d)``; at 0 and 1 exactly ``a`` and ``b``.
    """
    first, last, share = _ends(a, b, t)
    return _exact_ends(first + share * (last - first), a, b, share)


def spherical(a: NDArray[np.floating], b: NDArray[np.floating], t: NDArray[np.floating]) -> Array:
    """The direction turns evenly from the one to the other, and the length changes evenly: between two of the same length it is kept.

    With the angle ``w`` between both directions ``u`` and ``v``, the direction at ``t`` is
    ``sin((1 - t) w) / sin(w) * u + sin(t w) / sin(w) * v``. Where the directions are the same this is the straight line. Between
    opposite ones every half circle is as short: it is taken over the axis that both have least of.

    Args:
        a: Where it begins, ``(d,)``.
        b: Where it ends, ``(d,)``.
        t: Shares of the way, 0 to 1, ``(n,)``.

    Returns:
        ``(n, d)``; at 0 and 1 exactly ``a`` and ``b``. From or to the origin, which has no direction, it is the straight line.
    """
    first, last, share = _ends(a, b, t)
    long, wide = float(np.linalg.norm(first)), float(np.linalg.norm(last))
    if not long or not wide:
        return linear(a, b, t)
    u, v = first / long, last / wide
    # The angle by both chords: the arc cosine of a product knows nothing of small angles.
    angle = 2 * math.atan2(float(np.linalg.norm(u - v)), float(np.linalg.norm(u + v)))
    if angle < ALMOST or (len(u) < 2 and angle > 1):
        return linear(a, b, t)
    if math.pi - angle < ALMOST:
        axis = np.eye(len(u))[int(np.argmin(np.abs(u)))]
        across = axis - (axis @ u) * u
        across /= np.linalg.norm(across)
        turned = np.cos(share * math.pi) * u + np.sin(share * math.pi) * across
    else:
        turned = (np.sin((1 - share) * angle) * u + np.sin(share * angle) * v) / math.sin(angle)
    return _exact_ends((long + share * (wide - long)) * turned, a, b, share)


WAYS.add(
    Way(
        name="spherical",
        title="Spherical",
        summary="The direction turns evenly and the length is kept: every latent on the way is as long as usual.",
        source="K. Shoemake: Animating rotation with quaternion curves, 1985; T. White: Sampling generative networks, 2016",
        at=spherical,
    )
)
WAYS.add(
    Way(
        name="linear",
        title="Linear",
        summary="Every number changes evenly: the middle of the way is shorter than latents usually are.",
        source="T. White: Sampling generative networks, 2016",
        at=linear,
    )
)


def path(a: NDArray[np.floating], b: NDArray[np.floating], steps: int, way: str = "spherical") -> Array:
    """So many latents from ``a`` to ``b``, both among them, evenly along a way.

    Args:
        a: Where it begins, ``(d,)``.
        b: Where it ends, ``(d,)``.
        steps: How many, 2 to ``MOST_STEPS``.
        way: Name in ``WAYS``.

    Returns:
        ``(steps, d)``.

    Raises:
        InputError: The ends do not fit each other, hold no finite numbers, or there are too few or too many steps.
        UnknownName: There is no such way.
    """
    if not 2 <= steps <= MOST_STEPS:
        raise InputError(f"A way of {steps} latents was asked for; it has 2 to {MOST_STEPS:,}.")
    return WAYS[way].at(a, b, np.linspace(0.0, 1.0, steps))


def tour(pins: NDArray[np.floating], steps: int, way: str = "spherical", *, closed: bool = True) -> Array:
    """From each pinned latent to the next, ``steps`` latents each, and back to the first where it is closed.

    Each pin is there once: a clip of a closed tour that begins anew after its last latent goes on evenly.

    Args:
        pins: ``(k, d)``, two or more.
        steps: Latents from one pin to before the next, 1 and more.
        way: Name in ``WAYS``.
        closed: Whether it goes back to the first; two pins are there and back then.

    Returns:
        ``(k * steps, d)`` of a closed tour, ``((k - 1) * steps + 1, d)`` of an open one.

    Raises:
        InputError: There are too few pins or too many steps.
    """
    rows = np.asarray(pins, np.float32)
    if rows.ndim != 2 or len(rows) < 2:
        raise InputError("A tour needs two latents or more: pin another sample.")
    legs = len(rows) if closed else len(rows) - 1
    if steps < 1 or legs * steps + 1 > MOST_STEPS:
        raise InputError(f"{legs} ways of {steps} latents were asked for; a tour has {MOST_STEPS:,} of them at most.")
    found = [path(rows[i], rows[(i + 1) % len(rows)], steps + 1, way)[:-1] for i in range(legs)]
    return np.concatenate(found if closed else [*found, rows[-1:]])


def lengths(latents: NDArray[np.floating]) -> Array:
    """How long each latent is: the root of the sum of its squares, ``(n, d)`` to ``(n,)``."""
    return np.asarray(np.linalg.norm(np.asarray(latents, np.float64), axis=-1), np.float32)


def usual_length(d: int, noise: Noise = "normal") -> tuple[float, float]:
    """How long latents are that are drawn by chance: the mean, and the standard deviation around it.

    Of normal numbers the length follows the chi distribution with ``d`` degrees of freedom: the mean is close to the root of
    ``d - 1/2``, the deviation close to the root of 1/2. Of numbers drawn evenly from -1 to 1 both are given to the second order
    of their spread, within 2 % from ``d = 16`` on: close to the root of ``d / 3``, and 0.26.

    Args:
        d: How many numbers a latent has, 1 and more.
        noise: How they are drawn.
    """
    if d < 1:
        raise InputError(f"A latent of {d} numbers was asked about; it has one or more.")
    if noise == "uniform":
        mean, spread = d / 3, 4 * d / 45  # of the squared length
        middle = math.sqrt(mean) * (1 - spread / (8 * mean**2))
        return middle, math.sqrt(max(mean - middle**2, 0.0))
    middle = math.sqrt(2) * math.exp(math.lgamma((d + 1) / 2) - math.lgamma(d / 2))
    return middle, math.sqrt(max(d - middle**2, 0.0))


def length_density(at: NDArray[np.floating], d: int, noise: Noise = "normal") -> Exact:
    """How densely the lengths of chance latents lie at each of ``at``: what a histogram of many of them comes close to.

    Of normal numbers exactly (the chi distribution's density), of even ones by the bell curve with their mean and deviation.

    Args:
        at: Lengths, 0 and more, ``(n,)``.
        d: How many numbers a latent has.
        noise: How they are drawn.

    Returns:
        Densities, ``(n,)``; their integral over all lengths is 1.
    """
    x = np.asarray(at, np.float64)
    if noise == "uniform":
        mean, deviation = usual_length(d, noise)
        return np.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * math.sqrt(2 * math.pi))
    seen = np.maximum(x, 1e-12)
    log = (d - 1) * np.log(seen) - seen**2 / 2 - (d / 2 - 1) * math.log(2) - math.lgamma(d / 2)
    return np.where(x < 0, 0.0, np.exp(log))


def _ends(
    a: NDArray[np.floating], b: NDArray[np.floating], t: NDArray[np.floating]
) -> tuple[Exact, Exact, NDArray[np.float64]]:
    first, last, share = np.asarray(a, np.float64), np.asarray(b, np.float64), np.asarray(t, np.float64)
    if first.ndim != 1 or first.shape != last.shape or not len(first):
        raise InputError(
            f"A way goes from one latent to another of as many numbers; given were {first.shape} and {last.shape}."
        )
    if not (np.isfinite(first).all() and np.isfinite(last).all() and np.isfinite(share).all()):
        raise InputError("A way between latents needs finite numbers; one of them is not.")
    return first, last, share.reshape(-1, 1)


def _exact_ends(found: Exact, a: NDArray[np.floating], b: NDArray[np.floating], share: Exact) -> Array:
    """What was found, with both ends as they were given: a pinned sample is drawn to the bit as it was."""
    made = found.astype(np.float32)
    made[share[:, 0] == 0] = a
    made[share[:, 0] == 1] = b
    return made
