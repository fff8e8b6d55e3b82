"""Activation functions: what bends each unit's sum, so that layers can do more than one straight line.

Each is written once, elementwise, with its derivative beside it. All are finite and silent for |x| up to 1000, take an
array of any shape and keep its precision. At a kink the derivative is the one that PyTorch takes.
"""

from __future__ import annotations

import math
from functools import partial

from playground.core.registry import Registry
from playground.functional import ops, pieces
from playground.functional.activation import Activation as Activation
from playground.functional.activation import register
from playground.functional.ops import Array

ACTIVATIONS: Registry[Activation] = Registry("activation")

derivative_of = partial(register, ACTIVATIONS)


def relu(x: Array) -> Array:
    """Passes what is positive and silences the rest."""
    return ops.maximum(x, 0.0)


@derivative_of(
    relu,
    "ReLU",
    r"\max(0, x)",
    "V. Nair, G. E. Hinton: Rectified linear units improve restricted Boltzmann machines, 2010",
)
def relu_derivative(x: Array) -> Array:
    """1 on the right of 0, else 0."""
    return ops.where(x > 0, ops.ones_like(x), 0.0)


def tanh(x: Array) -> Array:
    """An S from -1 to 1, steepest at 0."""
    return ops.tanh(x)


@derivative_of(
    tanh,
    "Tanh",
    r"\frac{e^x - e^{-x}}{e^x + e^{-x}}",
    "Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller: Efficient BackProp, 1998",
    init="glorot_uniform",
)
def tanh_derivative(x: Array) -> Array:
    """1 - tanh², which fades on both sides."""
    y = tanh(x)
    return 1.0 - y * y


def sigmoid(x: Array) -> Array:
    """An S from 0 to 1: a sum read as a probability."""
    # The same curve as 1 / (1 + exp(-x)), which would overflow far on the left.
    return 0.5 * (1.0 + ops.tanh(0.5 * x))


@derivative_of(
    sigmoid,
    "Sigmoid",
    r"\frac{1}{1 + e^{-x}}",
    "D. E. Rumelhart, G. E. Hinton, R. J. Williams: Learning representations by back-propagating errors, 1986",
    init="glorot_uniform",
)
def sigmoid_derivative(x: Array) -> Array:
    """At most a quarter, which is why gradients shrink through many such layers."""
    y = sigmoid(x)
    return y * (1.0 - y)


def normal_cdf(x: Array) -> Array:
    """The chance that a standard normal variable is below x."""
    return 0.5 * (1.0 + ops.erf(x * math.sqrt(0.5)))


def normal_density(x: Array) -> Array:
    """The bell curve, of area 1."""
    return ops.exp(-0.5 * x * x) * (1.0 / math.sqrt(2.0 * math.pi))


def gelu(x: Array) -> Array:
    """Passes x times the chance that a normal variable lies below it: a smooth ReLU with a small dip."""
    return x * normal_cdf(x)


@derivative_of(
    gelu,
    "GELU",
    r"x\,\Phi(x) = \frac{x}{2}\left(1 + \operatorname{erf}\frac{x}{\sqrt{2}}\right)",
    "D. Hendrycks, K. Gimpel: Gaussian error linear units (GELUs), 2016",
)
def gelu_derivative(x: Array) -> Array:
    """The normal distribution plus x times its density."""
    return normal_cdf(x) + x * normal_density(x)


def silu(x: Array, beta: float = 1.0) -> Array:
    """Passes x times its own sigmoid: a smooth ReLU with a dip; also called swish."""
    return x * sigmoid(beta * x)


@derivative_of(
    silu,
    "SiLU",
    r"\frac{x}{1 + e^{-x}}",
    "S. Elfwing, E. Uchibe, K. Doya: Sigmoid-weighted linear units for neural network function approximation, 2018",
    parameters={"beta": (0.1, 10.0, 1.0)},
)
def silu_derivative(x: Array, beta: float = 1.0) -> Array:
    """The product rule on x and its sigmoid."""
    y = sigmoid(beta * x)
    return y + beta * x * y * (1.0 - y)


LEAK = 0.01


def leaky_relu(x: Array, slope: float = LEAK) -> Array:
    """Passes what is positive and a hundredth of the rest, so that no unit falls silent for good."""
    return ops.maximum(x, slope * x)


@derivative_of(
    leaky_relu,
    "Leaky ReLU",
    r"\begin{cases} x & x > 0 \\ 0.01\,x & x \le 0 \end{cases}",
    "A. L. Maas, A. Y. Hannun, A. Y. Ng: Rectifier nonlinearities improve neural network acoustic models, 2013",
    parameters={"slope": (0.0, 0.95, LEAK)},
)
def leaky_relu_derivative(x: Array, slope: float = LEAK) -> Array:
    """1 on the right of 0, else 0.01."""
    return ops.where(x > 0, ops.ones_like(x), slope)


def identity(x: Array) -> Array:
    """Passes everything unchanged: a network of such layers stays a straight line."""
    return x * 1.0  # a new array, as every other activation gives


@derivative_of(
    identity,
    "Identity (linear)",
    r"x",
    "B. Widrow, M. E. Hoff: Adaptive switching circuits, 1960",
    torch="",
    init="glorot_uniform",
)
def identity_derivative(x: Array) -> Array:
    """1 everywhere."""
    return ops.ones_like(x)


def elu(x: Array, alpha: float = 1.0) -> Array:
    """Passes what is positive and bends the rest smoothly towards -1."""
    return ops.maximum(x, 0.0) + alpha * ops.expm1(ops.minimum(x, 0.0))


@derivative_of(
    elu,
    "ELU",
    r"\begin{cases} x & x > 0 \\ e^x - 1 & x \le 0 \end{cases}",
    "D.-A. Clevert, T. Unterthiner, S. Hochreiter: Fast and accurate deep network learning by ELUs, 2016",
    parameters={"alpha": (0.1, 3.0, 1.0)},
)
def elu_derivative(x: Array, alpha: float = 1.0) -> Array:
    """1 on the right of 0, else e^x."""
    return ops.where(x > 0, ops.ones_like(x), alpha * ops.exp(ops.minimum(x, 0.0)))


# The two numbers that keep mean 0 and variance 1 a fixed point from layer to layer (equation 14 of the paper).
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def selu(x: Array) -> Array:
    """An ELU scaled so that sums keep mean 0 and variance 1 through many layers."""
    return SELU_SCALE * (ops.maximum(x, 0.0) + SELU_ALPHA * ops.expm1(ops.minimum(x, 0.0)))


@derivative_of(
    selu,
    "SELU",
    r"1.0507\begin{cases} x & x > 0 \\ 1.6733\,(e^x - 1) & x \le 0 \end{cases}",
    "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter: Self-normalizing neural networks, 2017",
    init="lecun_normal",
)
def selu_derivative(x: Array) -> Array:
    """1.0507 on the right of 0, else 1.7581 e^x."""
    return SELU_SCALE * ops.where(x > 0, 1.0, SELU_ALPHA * ops.exp(ops.minimum(x, 0.0)))


def softplus(x: Array) -> Array:
    """A ReLU with its corner rounded; its slope is the sigmoid."""
    # log(1 + exp(x)), taken so that exp never meets a large positive number.
    return ops.maximum(x, 0.0) + ops.log1p(ops.exp(-ops.absolute(x)))


@derivative_of(
    softplus,
    "Softplus",
    r"\ln(1 + e^x)",
    "C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau, R. Garcia: Incorporating second-order functional knowledge, 2001",
)
def softplus_derivative(x: Array) -> Array:
    """The sigmoid."""
    return sigmoid(x)


def softsign(x: Array) -> Array:
    """An S from -1 to 1 that flattens more slowly than tanh."""
    return x / (1.0 + ops.absolute(x))


@derivative_of(
    softsign,
    "Softsign",
    r"\frac{x}{1 + |x|}",
    "J. Turian, J. Bergstra, Y. Bengio: Quadratic features and deep architectures for chunking, 2009",
    init="glorot_uniform",
)
def softsign_derivative(x: Array) -> Array:
    """Falls with the square of the distance from 0, not exponentially."""
    y = 1.0 + ops.absolute(x)
    return 1.0 / (y * y)


def mish(x: Array) -> Array:
    """Passes x times the tanh of its softplus: much like SiLU, with a slightly deeper dip."""
    return x * ops.tanh(softplus(x))


@derivative_of(
    mish, "Mish", r"x \tanh(\ln(1 + e^x))", "D. Misra: Mish: a self regularized non-monotonic activation function, 2019"
)
def mish_derivative(x: Array) -> Array:
    """The product rule on x and the tanh of its softplus."""
    y = ops.tanh(softplus(x))
    return y + x * (1.0 - y * y) * sigmoid(x)


derivative_of(
    pieces.prelu,
    "PReLU",
    r"\begin{cases} x & x > 0 \\ a\,x & x \le 0 \end{cases}",
    "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, 2015",
    parameters={"a": (-0.5, 0.95, 0.25)},
    trainable=False,
)(pieces.prelu_derivative)

derivative_of(
    pieces.hard_tanh,
    "Hard tanh",
    r"\max(-1, \min(1, x))",
    "R. Collobert: Large scale machine learning, PhD thesis, 2004",
    torch="hardtanh",
    init="glorot_uniform",
)(pieces.hard_tanh_derivative)

derivative_of(
    pieces.hard_sigmoid,
    "Hard sigmoid",
    r"\max\left(0, \min\left(1, \tfrac{x + 3}{6}\right)\right)",
    "A. Howard et al.: Searching for MobileNetV3, 2019",
    torch="hardsigmoid",
    init="glorot_uniform",
)(pieces.hard_sigmoid_derivative)

derivative_of(
    pieces.hard_swish,
    "Hard swish",
    r"x \max\left(0, \min\left(1, \tfrac{x + 3}{6}\right)\right)",
    "A. Howard et al.: Searching for MobileNetV3, 2019",
    torch="hardswish",
)(pieces.hard_swish_derivative)

derivative_of(
    pieces.step,
    "Step",
    r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
    "F. Rosenblatt: The perceptron: a probabilistic model for information storage and organization in the brain, 1958",
    torch="",
    init="glorot_uniform",
    trainable=False,
)(pieces.step_derivative)
