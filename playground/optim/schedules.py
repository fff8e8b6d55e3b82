"""Schedules: how the learning rate changes while training goes on, as a factor on the rate that was set.

``factor(step, total)`` is what the learning rate is multiplied by at a step, counted from 0, of ``total``. Lengths of
phases are shares of the whole, so that a schedule keeps its shape when a run is made longer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry, Span, first_line

Factor: TypeAlias = Callable[..., float]


@dataclass(frozen=True, kw_only=True)
class Schedule(Entry):
    """A learning-rate schedule.

    Attributes:
        factor: From the number of a step (from 0), the number of all steps and the parameters, by name, to the factor.
        parameters: Each parameter's bounds and default.
        torch: The class in ``torch.optim.lr_scheduler``.
        formula: The factor at step t of T, for KaTeX.
    """

    factor: Factor
    torch: str
    formula: str
    parameters: Mapping[str, Span] = field(default_factory=dict)

    def factors(self, total: int, **params: float) -> NDArray[np.float64]:
        """The factor of every step, ``(total,)``."""
        return np.array([self.factor(step, total, **params) for step in range(total)])


SCHEDULES: Registry[Schedule] = Registry("schedule")


def schedule(
    title: str, formula: str, source: str, *, torch: str, **parameters: tuple[float, float, float]
) -> Callable[[Factor], Factor]:
    """Registers the decorated factor; its docstring's first line is the summary. Parameters: low, high, default."""

    def decorate(factor: Factor) -> Factor:
        SCHEDULES.add(
            Schedule(
                name=factor.__name__,
                title=title,
                summary=first_line(factor.__doc__),
                source=source,
                factor=factor,
                torch=torch,
                formula=formula,
                parameters=MappingProxyType({name: Span(*span) for name, span in parameters.items()}),
            )
        )
        return factor

    return decorate


@schedule(
    "Constant",
    "1",
    "L. Bottou, F. E. Curtis, J. Nocedal: Optimization methods for large-scale machine learning, 2018",
    torch="ConstantLR",
)
def constant(step: int, total: int) -> float:
    """The same from the first step to the last."""
    return 1.0


@schedule(
    "Step",
    r"\gamma^{\lfloor t / s \rfloor}",
    "A. Krizhevsky, I. Sutskever, G. E. Hinton: ImageNet classification with deep convolutional neural networks, 2012",
    torch="StepLR",
    every=(0.05, 1.0, 0.25),
    gamma=(0.05, 1.0, 0.5),
)
def step(step: int, total: int, every: float = 0.25, gamma: float = 0.5) -> float:
    """Falls at once by a fixed ratio, each time a share of the run has passed."""
    size = max(1, round(every * total))
    return gamma ** (step // size)


@schedule(
    "Exponential",
    r"f^{\,t / T}",
    "A. Senior, G. Heigold, M. Ranzato, K. Yang: An empirical study of learning rates in deep neural networks for "
    "speech recognition, 2013",
    torch="ExponentialLR",
    final=(0.001, 1.0, 0.01),
)
def exponential(step: int, total: int, final: float = 0.01) -> float:
    """Falls by the same ratio at every step, down to a share of the start."""
    return float(final ** (step / total))


@schedule(
    "Cosine",
    r"f + (1 - f)\,\frac{1 + \cos(\pi t / T)}{2}",
    "I. Loshchilov, F. Hutter: SGDR: stochastic gradient descent with warm restarts, 2017",
    torch="CosineAnnealingLR",
    final=(0.0, 1.0, 0.0),
)
def cosine(step: int, total: int, final: float = 0.0) -> float:
    """Half a wave: slow at first, fast in the middle, and gently towards its end."""
    return final + (1.0 - final) * 0.5 * (1.0 + math.cos(math.pi * step / total))


@schedule(
    "Linear warm-up",
    r"\min\left(1,\ f + (1 - f)\,\tfrac{t}{w}\right)",
    "P. Goyal et al.: Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017",
    torch="LinearLR",
    share=(0.01, 1.0, 0.2),
    first=(0.001, 1.0, 0.01),
)
def warm_up(step: int, total: int, share: float = 0.2, first: float = 0.01) -> float:
    """Starts small and rises evenly to the full rate, where it stays."""
    length = max(1, round(share * total))
    return first + (1.0 - first) * min(1.0, step / length)


@schedule(
    "One cycle",
    r"\begin{cases} \tfrac1d \to 1 & t \le pT \\ 1 \to \tfrac{1}{d\,e} & t > pT \end{cases}\quad \text{along half waves}",
    "L. N. Smith, N. Topin: Super-convergence: very fast training of neural networks using large learning rates, 2018",
    torch="OneCycleLR",
    peak=(0.05, 0.95, 0.3),
    start=(1.0, 100.0, 25.0),
    end=(1.0, 10_000.0, 10_000.0),
)
def one_cycle(step: int, total: int, peak: float = 0.3, start: float = 25.0, end: float = 10_000.0) -> float:
    """Up to a high rate and down again to almost nothing, once in a run."""
    top, last = peak * total - 1.0, total - 1.0
    if step <= top or last <= top:
        low, share = 1.0 / start, step / top if top > 0 else 1.0
    else:
        low, share = 1.0 / (start * end), 1.0 - (step - top) / (last - top)
    return low + (1.0 - low) * 0.5 * (1.0 - math.cos(math.pi * min(1.0, share)))
