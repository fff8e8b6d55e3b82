"""Update rules: how a gradient becomes a step.

All share one signature, ``step(theta, g, s1, s2, s3, t, lr, *hyper) -> (theta, s1, s2, s3)``, are elementwise and
change nothing in place. ``s1``, ``s2`` and ``s3`` are what a rule remembers between steps, in the shape of ``theta`` and
0 at the start; a rule hands back untouched what it does not need. With Python numbers for ``t``, ``lr`` and the
hyper-parameters, float32 stays float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry, first_line

Array: TypeAlias = NDArray[np.floating[Any]]
State: TypeAlias = tuple[Array, Array, Array, Array]
Step: TypeAlias = Callable[..., State]


@dataclass(frozen=True, kw_only=True)
class Rule(Entry):
    """An update rule.

    Attributes:
        step: From parameters ``theta``, gradient ``g``, three memories, the number ``t`` of this step (from 1), the
            learning rate and the hyper-parameters to the new parameters and memories.
        lr: A learning rate to start from.
        hyper: Default hyper-parameters, in the order in which ``step`` takes them.
        torch: The class in ``torch.optim``.
        torch_args: What that class is given beside ``lr`` to be this rule with the default hyper-parameters. A
            hyper-parameter has the name of torch's argument (``momentum``, ``alpha``, ``weight_decay`` ...), but for
            ``beta1`` and ``beta2``, which torch takes as ``betas``.
        formula: One step, for KaTeX.
    """

    step: Step
    lr: float
    hyper: Mapping[str, float]
    torch: str
    formula: str
    torch_args: Mapping[str, Any] = field(default_factory=dict)


RULES: Registry[Rule] = Registry("optimizer")


def rule(
    title: str,
    formula: str,
    source: str,
    *,
    lr: float,
    hyper: Mapping[str, float] = MappingProxyType({}),
    torch: str,
    torch_args: Mapping[str, Any] = MappingProxyType({}),
) -> Callable[[Step], Step]:
    """Registers the decorated step; its docstring's first line is the summary."""

    def register(step: Step) -> Step:
        RULES.add(
            Rule(
                name=step.__name__,
                title=title,
                summary=first_line(step.__doc__),
                source=source,
                step=step,
                lr=lr,
                hyper=MappingProxyType(dict(hyper)),
                torch=torch,
                torch_args=MappingProxyType(dict(torch_args)),
                formula=formula,
            )
        )
        return step

    return register


@rule(
    "SGD",
    r"\theta \leftarrow \theta - \eta\, g",
    "H. Robbins, S. Monro: A stochastic approximation method, 1951",
    lr=0.03,
    torch="SGD",
)
def sgd(theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float) -> State:
    """A step straight down the gradient of one batch."""
    return theta - lr * g, s1, s2, s3


@rule(
    "Momentum",
    r"v \leftarrow \mu v + g,\quad \theta \leftarrow \theta - \eta\, v",
    "B. T. Polyak: Some methods of speeding up the convergence of iteration methods, 1964",
    lr=0.01,
    hyper={"momentum": 0.9},
    torch="SGD",
    torch_args={"momentum": 0.9},
)
def momentum(theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, momentum: float) -> State:
    """A heavy ball: it keeps a share of its last step, rolls through dips and swings past corners."""
    v = momentum * s1 + g
    return theta - lr * v, v, s2, s3


@rule(
    "Nesterov",
    r"v \leftarrow \mu v + g,\quad \theta \leftarrow \theta - \eta\,(g + \mu v)",
    "Y. Nesterov: A method of solving a convex programming problem with convergence rate O(1/k²), 1983; I. Sutskever, "
    "J. Martens, G. Dahl, G. E. Hinton: On the importance of initialization and momentum in deep learning, 2013",
    lr=0.01,
    hyper={"momentum": 0.9},
    torch="SGD",
    torch_args={"momentum": 0.9, "nesterov": True},
)
def nesterov(theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, momentum: float) -> State:
    """Momentum that looks ahead: it brakes before the slope turns, not after."""
    v = momentum * s1 + g
    return theta - lr * (g + momentum * v), v, s2, s3


@rule(
    "Adagrad",
    r"s \leftarrow s + g^2,\quad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \epsilon}",
    "J. Duchi, E. Hazan, Y. Singer: Adaptive subgradient methods for online learning and stochastic optimization, 2011",
    lr=0.01,
    hyper={"eps": 1e-10},
    torch="Adagrad",
    torch_args={"eps": 1e-10},
)
def adagrad(theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, eps: float) -> State:
    """Smaller steps for each weight the more it has moved: rare features keep long ones."""
    s = s1 + g * g
    return theta - lr * g / (np.sqrt(s) + eps), s, s2, s3


@rule(
    "Adadelta",
    r"s \leftarrow \rho s + (1 - \rho) g^2,\quad d = \frac{\sqrt{u + \epsilon}}{\sqrt{s + \epsilon}}\, g,\quad "
    r"u \leftarrow \rho u + (1 - \rho) d^2,\quad \theta \leftarrow \theta - \eta\, d",
    "M. D. Zeiler: ADADELTA: an adaptive learning rate method, 2012",
    lr=1.0,
    hyper={"rho": 0.9, "eps": 1e-6},
    torch="Adadelta",
    torch_args={"rho": 0.9, "eps": 1e-6},
)
def adadelta(
    theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, rho: float, eps: float
) -> State:
    """Takes the length of its steps from the steps before, so that it hardly needs a learning rate."""
    s = rho * s1 + (1.0 - rho) * g * g
    d = np.sqrt(s2 + eps) / np.sqrt(s + eps) * g
    u = rho * s2 + (1.0 - rho) * d * d
    return theta - lr * d, s, u, s3


@rule(
    "RMSprop",
    r"s \leftarrow \alpha s + (1 - \alpha) g^2,\quad \theta \leftarrow \theta - \eta\, \frac{g}{\sqrt{s} + \epsilon}",
    "T. Tieleman, G. E. Hinton: Lecture 6.5, RMSprop, Neural networks for machine learning, 2012",
    lr=0.01,
    hyper={"alpha": 0.99, "eps": 1e-8},
    torch="RMSprop",
    torch_args={"alpha": 0.99, "eps": 1e-8},
)
def rmsprop(
    theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, alpha: float, eps: float
) -> State:
    """Divides each gradient by its recent size: flat and steep directions advance alike."""
    s = alpha * s1 + (1.0 - alpha) * g * g
    return theta - lr * g / (np.sqrt(s) + eps), s, s2, s3


@rule(
    "Adam",
    r"m \leftarrow \beta_1 m + (1 - \beta_1) g,\quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2,\quad "
    r"\theta \leftarrow \theta - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
    "D. P. Kingma, J. Ba: Adam: a method for stochastic optimization, 2015",
    lr=0.001,
    hyper={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    torch="Adam",
    torch_args={"betas": (0.9, 0.999), "eps": 1e-8},
)
def adam(
    theta: Array,
    g: Array,
    s1: Array,
    s2: Array,
    s3: Array,
    t: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> State:
    """Momentum divided by the gradient's recent size, both corrected for their start at 0."""
    m = beta1 * s1 + (1.0 - beta1) * g
    v = beta2 * s2 + (1.0 - beta2) * g * g
    m_hat = m / (1.0 - beta1**t)
    v_hat = v / (1.0 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, s3


@rule(
    "AdamW",
    r"\theta \leftarrow (1 - \eta \lambda)\,\theta,\quad \text{then a step of Adam}",
    "I. Loshchilov, F. Hutter: Decoupled weight decay regularization, 2019",
    lr=0.001,
    hyper={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
    torch="AdamW",
    torch_args={"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01},
)
def adamw(
    theta: Array,
    g: Array,
    s1: Array,
    s2: Array,
    s3: Array,
    t: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> State:
    """Adam, with weights shrunk apart from the gradient, so that steep directions shrink like flat ones."""
    return adam(theta * (1.0 - lr * weight_decay), g, s1, s2, s3, t, lr, beta1, beta2, eps)
