"""What happens inside one step of each update rule, in sentences with places for its numbers.

A sentence says ``{velocity}`` where a number or a pair of numbers stands; what stands there is computed here too, from
what the rule remembers, so that a sentence and the step it is about cannot disagree. The browser only fills it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from playground.optim.descent import Paths
from playground.optim.landscape import Floats
from playground.optim.rules import RULES

Sign: TypeAlias = Literal["gradient", "velocity", "size", "step"]
"""What a sentence is about, and which mark on the picture it belongs to."""

Line: TypeAlias = tuple[Sign, str]
Numbers: TypeAlias = dict[str, Floats]


@dataclass(frozen=True)
class Telling:
    """The sentences of one run's steps and the numbers in them.

    Attributes:
        forms: From which step on (counted from 1) which sentences hold.
        numbers: What stands in them at each step, ``(steps, 1)`` or ``(steps, 2)``; ``gradient`` and ``step`` are always
            among them, ``velocity`` and ``size`` where the rule has them.
        constants: What stands in them at every step: the rule's own settings.
    """

    forms: tuple[tuple[int, tuple[Line, ...]], ...]
    numbers: Mapping[str, Floats]
    constants: Mapping[str, float]


@dataclass(frozen=True)
class _Steps:
    """The steps of one run as arrays: ``t`` and ``rate`` are ``(steps, 1)``, the rest ``(steps, 2)``."""

    place: Floats
    gradient: Floats
    before: tuple[Floats, ...]
    after: tuple[Floats, ...]
    t: Floats
    rate: Floats
    own: Mapping[str, float]

    def mean(self) -> Floats:
        """The running mean of gradients, corrected for its start at 0."""
        return self.after[0] / (1.0 - self.own["beta1"] ** self.t)

    def usual(self) -> Floats:
        """The root of the running mean of squares, corrected likewise."""
        corrected: Floats = np.sqrt(self.after[1] / (1.0 - self.own["beta2"] ** self.t)) + self.own["eps"]
        return corrected


_GRADIENT: Line = ("gradient", "Gradient {gradient}; downhill is the opposite way.")
_NOISY: Line = ("gradient", "Noisy gradient {gradient}; the true one is {true}.")
_VELOCITY: Line = ("velocity", "Velocity: {momentum} × {before} + gradient = {velocity}.")
_MEAN: Line = ("velocity", "Velocity, a mean of gradients that keeps {beta1} at each step: {velocity}.")
_SIZE: Line = ("size", "Usual size of the gradient lately: {size}.")
_DIVIDED: Line = ("step", "Step: −{rate} × velocity ÷ size = {step}, axis by axis.")

Told: TypeAlias = tuple[tuple[tuple[int, tuple[Line, ...]], ...], Numbers]


def _always(*lines: Line) -> tuple[tuple[int, tuple[Line, ...]], ...]:
    return ((1, lines),)


def _sgd(_: _Steps) -> Told:
    return _always(("step", "Step: −{rate} × gradient = {step}.")), {}


def _momentum(s: _Steps) -> Told:
    step: Line = ("step", "Step: −{rate} × velocity = {step}.")
    return _always(_VELOCITY, step), {"before": s.before[0], "velocity": s.after[0]}


def _nesterov(s: _Steps) -> Told:
    step: Line = ("step", "Step, looking ahead: −{rate} × (gradient + {momentum} × velocity) = {step}.")
    return _always(_VELOCITY, step), {"before": s.before[0], "velocity": s.after[0]}


def _adagrad(s: _Steps) -> Told:
    size: Line = ("size", "Root of the sum of all squared gradients so far: {size}.")
    step: Line = ("step", "Step: −{rate} × gradient ÷ that root = {step}, axis by axis.")
    return _always(size, step), {"size": np.sqrt(s.after[0]) + s.own["eps"]}


def _rmsprop(s: _Steps) -> Told:
    step: Line = ("step", "Step: −{rate} × gradient ÷ size = {step}, axis by axis.")
    return _always(_SIZE, step), {"size": np.sqrt(s.after[0]) + s.own["eps"]}


def _adadelta(s: _Steps) -> Told:
    size: Line = ("size", "Usual size of the gradient lately: {size}; of its own steps: {stride}.")
    step: Line = ("step", "Step: −{rate} × gradient × {stride} ÷ {size} = {step}, axis by axis.")
    size_of = np.sqrt(s.after[0] + s.own["eps"])
    return _always(size, step), {"size": size_of, "stride": np.sqrt(s.before[1] + s.own["eps"])}


def _adam(s: _Steps) -> Told:
    return _always(_MEAN, _SIZE, _DIVIDED), {"velocity": s.mean(), "size": s.usual()}


def _adamw(s: _Steps) -> Told:
    step: Line = ("step", "Step: the weights shrink by {shrink}, then −{rate} × velocity ÷ size: {step} in all.")
    shrink = -s.rate * s.own["weight_decay"] * s.place
    return _always(_MEAN, _SIZE, step), {"velocity": s.mean(), "size": s.usual(), "shrink": shrink}


def _adamax(s: _Steps) -> Told:
    size: Line = ("size", "Largest gradient lately: {size}.")
    return _always(_MEAN, size, _DIVIDED), {"velocity": s.mean(), "size": s.after[1]}


def _nadam(s: _Steps) -> Told:
    ahead: Line = ("velocity", "Velocity, a mean of gradients that looks one step ahead: {velocity}.")
    mu, after = (s.own["beta1"] * (1.0 - 0.5 * 0.96 ** (t * s.own["momentum_decay"])) for t in (s.t, s.t + 1))
    product = 1.0 - s.after[2]
    velocity = after / (1.0 - product * after) * s.after[0] + (1.0 - mu) / (1.0 - product) * s.gradient
    return _always(ahead, _SIZE, _DIVIDED), {"velocity": velocity, "size": s.usual()}


def _radam(s: _Steps) -> Told:
    beta2 = s.own["beta2"]
    end = 2.0 / (1.0 - beta2) - 1.0
    rho = end - 2.0 * s.t * beta2**s.t / (1.0 - beta2**s.t)
    sure = rho > 5.0
    seen = np.where(sure, rho, 6.0)
    trust = np.sqrt((seen - 4.0) * (seen - 2.0) * end / ((end - 4.0) * (end - 2.0) * seen))
    size = (np.sqrt(s.after[1]) + s.own["eps"]) / np.sqrt(1.0 - beta2**s.t)
    early: Line = ("step", "Step: −{rate} × velocity = {step}; too few gradients seen to divide by their size.")
    late: Line = ("step", "Step: −{rate} × velocity ÷ size × {trust} of trust = {step}, axis by axis.")
    forms: tuple[tuple[int, tuple[Line, ...]], ...] = ((1, (_MEAN, early)),)
    if sure.any():
        forms += ((int(np.argmax(sure)) + 1, (_MEAN, _SIZE, late)),)
    return forms, {"velocity": s.mean(), "size": size, "trust": trust}


def _unknown(_: _Steps) -> Told:
    return _always(("step", "Step: {step}.")), {}


_TOLD: Mapping[str, Callable[[_Steps], Told]] = {
    "sgd": _sgd, "momentum": _momentum, "nesterov": _nesterov, "adagrad": _adagrad, "adadelta": _adadelta,
    "rmsprop": _rmsprop, "adam": _adam, "adamw": _adamw, "adamax": _adamax, "nadam": _nadam, "radam": _radam,
}  # fmt: skip


def tell(paths: Paths, run: int, *, noisy: bool = False) -> Telling:
    """The sentences of one run, with the numbers of all of its steps.

    Args:
        paths: What was walked.
        run: Which run.
        noisy: Whether the gradients were given noise: then the true ones stand beside them.
    """
    racer, steps = paths.racers[run], len(paths.factors)
    entry = RULES[racer.rule]
    after = paths.memories[run].transpose(1, 0, 2)  # (3, steps, 2)
    before = np.concatenate([np.zeros((3, 1, 2)), after[:, :-1]], axis=1)
    own = dict(zip(entry.hyper, racer.arguments(), strict=True))
    made = _Steps(
        place=paths.positions[run, :-1],
        gradient=paths.gradients[run],
        before=tuple(before),
        after=tuple(after),
        t=np.arange(1, steps + 1, dtype=np.float64)[:, None],
        rate=racer.rate * paths.factors[:, None],
        own=own,
    )
    with np.errstate(all="ignore"):  # of runs that diverge
        forms, numbers = _TOLD.get(racer.rule, _unknown)(made)
        numbers |= {"gradient": made.gradient, "step": paths.moves[run], "rate": made.rate}
        if noisy:
            true = paths.surface.gradient(made.place[:, 0], made.place[:, 1])
            numbers["true"] = np.stack([np.asarray(one, np.float64) for one in true], axis=1)
    first = _NOISY if noisy else _GRADIENT
    return Telling(tuple((since, (first, *lines)) for since, lines in forms), numbers, own)
