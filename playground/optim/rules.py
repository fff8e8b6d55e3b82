"""Update rules: how a gradient becomes a step.

All share one signature, ``step(theta, g, s1, s2, s3, t, lr, *hyper) -> (theta, s1, s2, s3)``, are elementwise and
change nothing in place. ``s1``, ``s2`` and ``s3`` are what a rule remembers between steps, in the shape of ``theta`` and
0 at the start; a rule hands back untouched what it does not need. With Python numbers for ``t``, ``lr`` and the
hyper-parameters, float32 stays float32.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from playground.core.registry import Registry
from playground.optim.rule import Array as Array
from playground.optim.rule import Rule as Rule
from playground.optim.rule import State as State
from playground.optim.rule import register

RULES: Registry[Rule] = Registry("optimizer")

rule = partial(register, RULES)


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
    memory=("velocity",),
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
    memory=("velocity",),
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
    memory=("squared gradient",),
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
    memory=("squared gradient", "squared step"),
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
    memory=("squared gradient",),
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
    memory=("velocity", "squared gradient"),
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
    memory=("velocity", "squared gradient"),
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


@rule(
    "Adamax",
    r"m \leftarrow \beta_1 m + (1 - \beta_1) g,\quad u \leftarrow \max(\beta_2 u, |g| + \epsilon),\quad "
    r"\theta \leftarrow \theta - \frac{\eta}{1 - \beta_1^t}\, \frac{m}{u}",
    "D. P. Kingma, J. Ba: Adam: a method for stochastic optimization, 2015",
    lr=0.002,
    hyper={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    torch="Adamax",
    torch_args={"betas": (0.9, 0.999), "eps": 1e-8},
    memory=("velocity", "largest gradient"),
)
def adamax(
    theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> State:
    """Adam with the largest recent gradient in the place of the mean square: one calm step makes no long one."""
    m = beta1 * s1 + (1.0 - beta1) * g
    u = np.maximum(beta2 * s2, np.absolute(g) + eps)
    return theta - lr / (1.0 - beta1**t) * m / u, m, u, s3


@rule(
    "NAdam",
    r"\mu_t = \beta_1 \left(1 - \tfrac12\, 0.96^{\psi t}\right),\quad \hat m = \frac{\mu_{t+1}\, m}{1 - \prod_{i \le t+1} \mu_i} "
    r"+ \frac{(1 - \mu_t)\, g}{1 - \prod_{i \le t} \mu_i},\quad "
    r"\theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
    "T. Dozat: Incorporating Nesterov momentum into Adam, 2016",
    lr=0.002,
    hyper={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "momentum_decay": 0.004},
    torch="NAdam",
    torch_args={"betas": (0.9, 0.999), "eps": 1e-8, "momentum_decay": 0.004},
    memory=("velocity", "squared gradient", "1 - product of momenta"),
)
def nadam(
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
    momentum_decay: float,
) -> State:
    """Adam that looks ahead as Nesterov does, with a momentum that grows during the first steps."""
    mu = beta1 * (1.0 - 0.5 * 0.96 ** (t * momentum_decay))
    mu_next = beta1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    product = (1.0 - s3) * mu  # of the momenta so far; a memory starts at 0, so what is kept is 1 less the product
    m = beta1 * s1 + (1.0 - beta1) * g
    v = beta2 * s2 + (1.0 - beta2) * g * g
    ahead = mu_next / (1.0 - product * mu_next) * m + (1.0 - mu) / (1.0 - product) * g
    return theta - lr * ahead / (np.sqrt(v / (1.0 - beta2**t)) + eps), m, v, 1.0 - product


@rule(
    "RAdam",
    r"\rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t},\quad \theta \leftarrow \theta - \eta\, \hat m \cdot "
    r"\begin{cases} \sqrt{\frac{(\rho_t - 4)(\rho_t - 2) \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2) \rho_t}}\, "
    r"\frac{\sqrt{1 - \beta_2^t}}{\sqrt{v} + \epsilon} & \rho_t > 5 \\ 1 & \rho_t \le 5 \end{cases}",
    "L. Liu, H. Jiang, P. He, W. Chen, X. Liu, J. Gao, J. Han: On the variance of the adaptive learning rate and "
    "beyond, 2020",
    lr=0.01,
    hyper={"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    torch="RAdam",
    torch_args={"betas": (0.9, 0.999), "eps": 1e-8},
    memory=("velocity", "squared gradient"),
)
def radam(
    theta: Array, g: Array, s1: Array, s2: Array, s3: Array, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> State:
    """Adam that trusts its division only as far as it has seen enough gradients: plain momentum at first."""
    m = beta1 * s1 + (1.0 - beta1) * g
    v = beta2 * s2 + (1.0 - beta2) * g * g
    m_hat = m / (1.0 - beta1**t)
    rho_end = 2.0 / (1.0 - beta2) - 1.0
    rho = rho_end - 2.0 * t * beta2**t / (1.0 - beta2**t)
    if rho <= 5.0:
        return theta - lr * m_hat, m, v, s3
    trust = math.sqrt((rho - 4.0) * (rho - 2.0) * rho_end / ((rho_end - 4.0) * (rho_end - 2.0) * rho))
    return theta - lr * trust * math.sqrt(1.0 - beta2**t) * m_hat / (np.sqrt(v) + eps), m, v, s3
