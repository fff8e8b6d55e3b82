"""Walking down a surface: many starts and many update rules at once, in double precision, with everything kept.

What a rule does here it does everywhere: these are the same functions that train networks (``rules``), given a gradient
of two numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.optim.landscape import Floats, Landscape
from playground.optim.outcome import Outcome, Verdict, judge
from playground.optim.rule import Array
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES

FAR = 1e6
"""A run that is this many times the domain's width away from its middle has diverged."""


@dataclass(frozen=True)
class Racer:
    """An update rule with its settings.

    Attributes:
        rule: Name in ``RULES``.
        lr: Learning rate; ``None`` takes the rule's own.
        hyper: Hyper-parameters that differ from the rule's own.
    """

    rule: str
    lr: float | None = None
    hyper: Mapping[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """The learning rate it starts with."""
        return RULES[self.rule].lr if self.lr is None else float(self.lr)

    def arguments(self) -> tuple[float, ...]:
        """All hyper-parameters in the order in which the rule takes them; raises ``InputError`` for one it has not."""
        own = RULES[self.rule].hyper
        if unknown := [name for name in self.hyper if name not in own]:
            raise InputError(
                f"{RULES[self.rule].title} has no setting '{unknown[0]}'; it has {', '.join(own) or 'none'}."
            )
        return tuple(float(self.hyper.get(name, value)) for name, value in own.items())


@dataclass(frozen=True)
class Paths:
    """Where every run went. A run is one rule from one start; those of the first rule come first.

    After the last step that counts, positions, losses and gradients are not-a-number.

    Attributes:
        surface: What was walked on.
        racers: The rules, one for each run, ``(runs,)``.
        positions: ``(runs, steps + 1, 2)``, the start first.
        losses: The height at each position, ``(runs, steps + 1)``.
        gradients: What the rule was given at each position but the last, noise included, ``(runs, steps, 2)``.
        memories: The rule's memories after each step, ``(runs, steps, 3, 2)``; ``Rule.memory`` says what they are.
        factors: What the learning rate was multiplied by at each step, ``(steps,)``.
        ended: The last step that counts, ``(runs,)``: all of them, or where the run left for good.
        failed: Whether it left for good, ``(runs,)``.
    """

    surface: Landscape
    racers: tuple[Racer, ...]
    positions: Floats
    losses: Floats
    gradients: Floats
    memories: Floats
    factors: Floats
    ended: NDArray[np.int64]
    failed: NDArray[np.bool_]

    @cached_property
    def verdict(self) -> Verdict:
        """How all runs ended, as arrays."""
        return judge(self.surface, self.positions, self.losses, self.ended, self.failed)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How each run ended, in words."""
        return tuple(self.verdict.outcome(run) for run in range(len(self.racers)))

    @property
    def moves(self) -> Floats:
        """The step taken along each axis, ``(runs, steps, 2)``."""
        return np.diff(self.positions, axis=1)

    def memory(self, run: int, name: str) -> Floats | None:
        """What one run remembers under a name, ``velocity`` for example, ``(steps, 2)``; ``None`` where it has none."""
        names = RULES[self.racers[run].rule].memory
        return self.memories[run, :, names.index(name)] if name in names else None

    def steps_to(self, tolerances: Sequence[float] = (1e-1, 1e-2, 1e-4, 1e-8)) -> NDArray[np.int64]:
        """The first step at which the excess over the lowest loss is that share of what it was at the start.

        Returns:
            ``(runs, tolerances)``; -1 where a run never came so low.
        """
        excess = self.losses - self.verdict.lowest
        with np.errstate(invalid="ignore"):
            low = excess[:, :, None] <= np.asarray(tolerances) * excess[:, :1, None]
        return np.where(low.any(axis=1), np.argmax(low, axis=1), -1)


def descend(
    surface: Landscape,
    racers: Sequence[Racer],
    starts: ArrayLike,
    steps: int,
    *,
    noise: float = 0.0,
    schedule: str | Floats = "constant",
    parameters: Mapping[str, float] | None = None,
    seed: int = 0,
    inside: bool = True,
) -> Paths:
    """Walk down a surface with every rule from every start.

    Args:
        surface: An entry of ``SURFACES``, or a parsed formula.
        racers: The rules.
        starts: One place ``(2,)`` or several ``(n, 2)``.
        steps: How many updates.
        noise: Standard deviation of what is added to each component of each gradient, the same for all rules at a step.
        schedule: A name in ``SCHEDULES``, or the factors themselves, ``(steps,)``.
        parameters: The schedule's parameters that differ from its defaults.
        seed: Seeds the noise.
        inside: Whether gradients and memories are kept too. Where only the ways count they would be four fifths of it all;
            without them both are of no steps.

    Raises:
        UnknownName: A rule or schedule that is not registered.
        InputError: A hyper-parameter that a rule has not.
    """
    begin = np.array(np.atleast_2d(np.asarray(starts, dtype=np.float64)))  # (n, 2)
    if surface.dimensions == 1:
        begin[:, 1] = 0.0
    plans = [(RULES[racer.rule].step, racer.rate, racer.arguments(), len(RULES[racer.rule].memory)) for racer in racers]
    factors = SCHEDULES[schedule].factors(steps, **(parameters or {})) if isinstance(schedule, str) else schedule
    count, n = len(racers), len(begin)
    kept = steps if inside else 0
    path, slopes = np.empty((steps + 1, 2, count, n)), np.empty((kept, 2, count, n))
    memories = np.zeros((kept, 3, 2, count, n))
    path[0] = begin.T[:, None]
    shaken = _shaken(noise, steps, n, surface.dimensions, seed)
    states: list[list[Array]] = [[np.zeros((2, n))] * 3 for _ in racers]
    with np.errstate(all="ignore"):  # of runs that diverge; what became of them is looked up afterwards
        for t, factor in enumerate(np.asarray(factors, dtype=np.float64).tolist()):
            here, ahead = path[t], path[t + 1]
            slope = slopes[t] if inside else np.empty((2, count, n))  # a new one: a rule may remember it as it is
            slope[0], slope[1] = surface.gradient(here[0], here[1])
            if shaken is not None:
                slope += shaken[t]
            for index, (step, lr, hyper, used) in enumerate(plans):
                ahead[:, index], *state = step(
                    here[:, index], slope[:, index], *states[index], t + 1, lr * factor, *hyper
                )
                states[index] = state
                for number in range(used if inside else 0):
                    memories[t, number, :, index] = state[number]
        runs = count * n
        positions = path.transpose(2, 3, 0, 1).reshape(runs, steps + 1, 2)
        del path
        losses = np.asarray(surface.function(positions[..., 0], positions[..., 1]), dtype=np.float64)
    gradients = slopes.transpose(2, 3, 0, 1).reshape(runs, kept, 2)
    ended, failed = _cut(surface, positions, losses, gradients)
    return Paths(
        surface=surface,
        racers=tuple(racer for racer in racers for _ in range(n)),
        positions=positions,
        losses=losses,
        gradients=gradients,
        memories=memories.transpose(3, 4, 0, 1, 2).reshape(runs, kept, 3, 2),
        factors=np.asarray(factors, dtype=np.float64),
        ended=ended,
        failed=failed,
    )


def _shaken(noise: float, steps: int, n: int, dimensions: int, seed: int) -> Floats | None:
    """What is added to the gradients, ``(steps, 2, 1, n)``."""
    if noise <= 0:
        return None
    drawn = generator(seed, Stream.NOISE).normal(0.0, noise, (steps, 2, 1, n))
    drawn[:, dimensions:] = 0.0
    return drawn


def _cut(
    surface: Landscape, positions: Floats, losses: Floats, gradients: Floats
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each run ends and whether it left for good; what comes after is made not-a-number in place."""
    domain = np.array(surface.domain, dtype=np.float64)
    with np.errstate(all="ignore"):
        away = np.abs(positions - domain.mean(axis=1)) > FAR * np.ptp(domain, axis=1)
        lost = ~np.isfinite(positions).all(axis=2) | away.any(axis=2) | ~np.isfinite(losses)
    failed = lost.any(axis=1)
    ended = np.where(failed, np.argmax(lost, axis=1), losses.shape[1] - 1)
    later = np.arange(losses.shape[1]) > ended[:, None]
    positions[later], losses[later] = np.nan, np.nan
    gradients[np.arange(gradients.shape[1]) >= ended[:, None]] = np.nan
    return ended.astype(np.int64), failed
