"""Losses: how far an output is from its target, as the one number that training makes small.

A loss takes raw outputs (for classes: logits, before any sigmoid or softmax), so that it stays exact where a
probability rounds to 0 or 1. With one column of outputs the task is binary or regression, with more it is one of K
classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from playground.core.registry import Entry, Registry, Span, first_line
from playground.functional import ops
from playground.functional.activations import sigmoid, softplus
from playground.functional.ops import Array

OfSamples: TypeAlias = Callable[..., Array]  # of outputs and targets, and of parameters by name

CLASSIFICATION = frozenset({"binary", "classes"})
REGRESSION = frozenset({"regression"})


@dataclass(frozen=True, kw_only=True)
class Loss(Entry):
    """A loss function.

    Targets ``t`` are ``(n, 1)`` of 0 and 1 (binary), one-hot ``(n, K)`` (classes) or ``(n, 1)`` numbers (regression).

    Attributes:
        value: From raw outputs ``z`` ``(n, k)`` and targets to the loss of each sample, ``(n,)``.
        gradient: From the same to the slope of each sample's loss in its outputs, ``(n, k)``; not divided by n.
        tasks: Which of ``"binary"``, ``"classes"`` and ``"regression"`` networks may be trained with it here; none for
            one that is only drawn.
        formula: The loss of one sample, for KaTeX.
        parameters: What value and gradient can be given by name beside ``z`` and ``t``; each has a default.
    """

    value: OfSamples
    gradient: OfSamples
    tasks: frozenset[str]
    formula: str
    parameters: Mapping[str, Span] = field(default_factory=dict)


LOSSES: Registry[Loss] = Registry("loss")


def gradient_of(
    value: OfSamples,
    title: str,
    formula: str,
    source: str,
    *,
    tasks: frozenset[str] = frozenset(),
    parameters: Mapping[str, tuple[float, float, float]] = MappingProxyType({}),
) -> Callable[[OfSamples], OfSamples]:
    """Registers ``value`` together with the decorated gradient; its docstring's first line is the summary."""

    def register(gradient: OfSamples) -> OfSamples:
        LOSSES.add(
            Loss(
                name=value.__name__,
                title=title,
                summary=first_line(value.__doc__),
                source=source,
                value=value,
                gradient=gradient,
                tasks=tasks,
                formula=formula,
                parameters=MappingProxyType({name: Span(*span) for name, span in parameters.items()}),
            )
        )
        return gradient

    return register


def total(x: Array) -> Array:
    """The sum over the outputs of each sample: from ``(n, k)`` to ``(n,)``."""
    return ops.row_sum(x)[:, 0]


def softmax(z: Array) -> Array:
    """Probabilities ``(n, K)``, each row of sum 1, from logits ``(n, K)`` (J. S. Bridle, 1990)."""
    e = ops.exp(z - ops.row_max(z))  # the largest exponent is 0: nothing overflows
    return e / ops.row_sum(e)


def log_softmax(z: Array) -> Array:
    """The logarithm of ``softmax(z)``, exact where the probability itself would round to 0."""
    z = z - ops.row_max(z)
    return z - ops.log(ops.row_sum(ops.exp(z)))


def probabilities(z: Array) -> Array:
    """What raw outputs ``(n, k)`` say as probabilities: the sigmoid of one column, the softmax of several."""
    return sigmoid(z) if z.shape[1] == 1 else softmax(z)


def cross_entropy(z: Array, t: Array) -> Array:
    """Minus the logarithm of the probability given to the right class: being sure and wrong costs most."""
    if z.shape[1] == 1:
        return (softplus(z) - t * z)[:, 0]
    return -total(t * log_softmax(z))


@gradient_of(
    cross_entropy,
    "Cross-entropy",
    r"-\sum_k t_k \ln p_k,\quad p = \operatorname{softmax}(z)",
    "D. R. Cox: The regression analysis of binary sequences, 1958; J. S. Bridle: Probabilistic interpretation of "
    "feedforward classification network outputs, 1990",
    tasks=CLASSIFICATION,
)
def cross_entropy_gradient(z: Array, t: Array) -> Array:
    """Probability less target, ``(n, k)``."""
    return probabilities(z) - t


def mse(z: Array, t: Array) -> Array:
    """The square of the miss: one large miss outweighs many small ones."""
    return total((z - t) * (z - t))


@gradient_of(
    mse,
    "Squared error",
    r"(z - t)^2",
    "A.-M. Legendre: Nouvelles méthodes pour la détermination des orbites des comètes, 1805",
    tasks=REGRESSION,
)
def mse_gradient(z: Array, t: Array) -> Array:
    """Twice the miss, ``(n, k)``."""
    return 2.0 * (z - t)


def mae(z: Array, t: Array) -> Array:
    """The size of the miss: outliers pull no harder than anyone else."""
    return total(ops.absolute(z - t))


@gradient_of(
    mae,
    "Absolute error",
    r"|z - t|",
    "R. J. Boscovich: De litteraria expeditione per pontificiam ditionem, 1757",
    tasks=REGRESSION,
)
def mae_gradient(z: Array, t: Array) -> Array:
    """The sign of the miss, 0 where there is none, ``(n, k)``."""
    return ops.sign(z - t)


def huber(z: Array, t: Array, delta: float = 1.0) -> Array:
    """Half the square of a miss up to 1, then a straight line: calm near the target and deaf to outliers."""
    miss = ops.absolute(z - t)
    near = ops.minimum(miss, delta)
    return total(near * (miss - 0.5 * near))  # miss²/2 where near = miss, else a line of slope delta


@gradient_of(
    huber,
    "Huber",
    r"\begin{cases} \tfrac12 (z - t)^2 & |z - t| \le 1 \\ |z - t| - \tfrac12 & |z - t| > 1 \end{cases}",
    "P. J. Huber: Robust estimation of a location parameter, 1964",
    tasks=REGRESSION,
    parameters={"delta": (0.1, 5.0, 1.0)},
)
def huber_gradient(z: Array, t: Array, delta: float = 1.0) -> Array:
    """The miss, cut off at -1 and 1, ``(n, k)``."""
    return ops.maximum(ops.minimum(z - t, delta), -delta)


def brier(z: Array, t: Array) -> Array:
    """The squared error of the probabilities: mild with being sure and wrong, where learning then stalls."""
    p = probabilities(z)
    return total((p - t) * (p - t))


@gradient_of(
    brier,
    "Brier score",
    r"\sum_k (p_k - t_k)^2,\quad p = \operatorname{softmax}(z)",
    "G. W. Brier: Verification of forecasts expressed in terms of probability, 1950",
    tasks=CLASSIFICATION,
)
def brier_gradient(z: Array, t: Array) -> Array:
    """The slope of the squares through the sigmoid or the softmax, ``(n, k)``; 0 where a probability is 0 or 1."""
    p = probabilities(z)
    if z.shape[1] == 1:
        return 2.0 * (p - t) * p * (1.0 - p)
    miss = 2.0 * (p - t)
    return p * (miss - ops.row_sum(p * miss))


def hinge(z: Array, t: Array) -> Array:
    """Asks the right class to lead by a margin of 1 and then is content.

    With several classes it is the sum over all wrong ones (Weston and Watkins), not the worst of them alone.
    """
    if z.shape[1] == 1:
        return ops.maximum(1.0 - (2.0 * t - 1.0) * z, 0.0)[:, 0]
    return total(ops.maximum(_shortfall(z, t), 0.0))


@gradient_of(
    hinge,
    "Hinge",
    r"\sum_{k \ne c} \max(0,\ 1 + z_k - z_c),\quad c \text{ the right class}",
    "C. Cortes, V. Vapnik: Support-vector networks, 1995; J. Weston, C. Watkins: Support vector machines for "
    "multi-class pattern recognition, 1999",
    tasks=CLASSIFICATION,
)
def hinge_gradient(z: Array, t: Array) -> Array:
    """-1 times the side for each margin that is not kept, else 0, ``(n, k)``."""
    if z.shape[1] == 1:
        side = 2.0 * t - 1.0
        return ops.where(side * z < 1, -side, 0.0)
    short = ops.where(_shortfall(z, t) > 0, ops.ones_like(z), 0.0)
    return short - t * ops.row_sum(short)


def _shortfall(z: Array, t: Array) -> Array:
    """How much each wrong class lacks of being 1 below the right one; 0 for the right one, ``(n, K)``."""
    right = ops.row_sum(t * z)
    return (1.0 + z - right) * (1.0 - t)


def focal(z: Array, t: Array, gamma: float = 2.0) -> Array:
    """Cross-entropy that hardly counts what is already right, so that rare, hard cases are heard."""
    wrong = 1.0 - _of_right(probabilities(z), t)
    return wrong**gamma * cross_entropy(z, t)


@gradient_of(
    focal,
    "Focal",
    r"-(1 - p_c)^\gamma \ln p_c,\quad c \text{ the right class}",
    "T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár: Focal loss for dense object detection, 2017",
    parameters={"gamma": (0.0, 5.0, 2.0)},
)
def focal_gradient(z: Array, t: Array, gamma: float = 2.0) -> Array:
    """That of the cross-entropy, times the weight, and what the weight itself changes, ``(n, k)``."""
    right = _of_right(probabilities(z), t)[:, None]
    wrong, entropy = 1.0 - right, cross_entropy(z, t)[:, None]
    share = cross_entropy_gradient(z, t) / ops.where(wrong > 0, wrong, 1.0)  # at most 1: the weight may be 0
    return share * wrong**gamma * (wrong + gamma * right * entropy)


def kl_divergence(z: Array, t: Array) -> Array:
    """How many nats too long a code for the target is that was made for the output; 0 where both agree."""
    return total(t * (ops.log(ops.where(t > 0, t, 1.0)) - log_softmax(z)))


@gradient_of(
    kl_divergence,
    "KL divergence",
    r"\sum_k t_k \ln \frac{t_k}{p_k},\quad p = \operatorname{softmax}(z)",
    "S. Kullback, R. A. Leibler: On information and sufficiency, 1951",
)
def kl_divergence_gradient(z: Array, t: Array) -> Array:
    """Probability less target, as with cross-entropy: the two differ by what no output can change, ``(n, K)``."""
    return softmax(z) * ops.row_sum(t) - t


def smoothed_cross_entropy(z: Array, t: Array, smoothing: float = 0.1) -> Array:
    """Cross-entropy to a target that leaves a little to every class: it never asks for certainty."""
    return cross_entropy(z, smoothed(t, smoothing))


@gradient_of(
    smoothed_cross_entropy,
    "Smoothed cross-entropy",
    r"-\sum_k \left((1 - \varepsilon)\,t_k + \tfrac{\varepsilon}{K}\right) \ln p_k",
    "C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna: Rethinking the inception architecture for computer vision, 2016",
    parameters={"smoothing": (0.0, 0.9, 0.1)},
)
def smoothed_cross_entropy_gradient(z: Array, t: Array, smoothing: float = 0.1) -> Array:
    """Probability less the smoothed target, ``(n, k)``."""
    return cross_entropy_gradient(z, smoothed(t, smoothing))


def _of_right(p: Array, t: Array) -> Array:
    """The probability given to the right class, ``(n,)``."""
    return total(t * p + (1.0 - t) * (1.0 - p)) if p.shape[1] == 1 else total(t * p)


def smoothed(t: Array, smoothing: float) -> Array:
    """Targets with a share spread over all classes; one column stands for two classes."""
    even: float = smoothing / max(2, t.shape[1])
    return (1.0 - smoothing) * t + even
