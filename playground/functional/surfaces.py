"""Surfaces: losses of two weights (or of one), drawn whole, on which optimizers can be watched.

Each is written once, elementwise, with its gradient beside it. They are finite on their domain and some way beyond;
far out, where a diverging run goes, they may overflow.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from playground.core.registry import Registry
from playground.functional import ops
from playground.functional.ops import Array
from playground.functional.surface import Surface as Surface
from playground.functional.surface import register

SURFACES: Registry[Surface] = Registry("surface")

gradient_of = partial(register, SURFACES)

# Where the derivative along one axis is 0: beside the middle of rastrigin, in styblinski_tang's wells and in two_wells'.
_DENT = 0.9949586376523348
_DEEP, _HIGH = -2.903534027771177, 2.746802770990837
_LEFT, _RIGHT = -1.0355787140888537, 0.9601495555191055


def bowl(x: Array, y: Array) -> Array:
    """Round, with one lowest point: every step straight down leads there."""
    return 0.5 * (x * x + y * y)


@gradient_of(
    bowl,
    "Bowl",
    r"\tfrac12 (x^2 + y^2)",
    "A.-L. Cauchy: Méthode générale pour la résolution des systèmes d'équations simultanées, 1847",
    domain=((-4, 4), (-4, 4)), start=(-3.2, 2.4), minima=((0.0, 0.0),),
)  # fmt: skip
def bowl_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """Straight away from the middle; both curvatures are 1."""
    return x * 1.0, y * 1.0


def ravine(x: Array, y: Array) -> Array:
    """Steep across and flat along: plain steps bounce from wall to wall and hardly advance."""
    return 0.5 * (x * x + 25.0 * y * y)


@gradient_of(
    ravine,
    "Ravine",
    r"\tfrac12 (x^2 + 25 y^2)",
    "B. T. Polyak: Some methods of speeding up the convergence of iteration methods, 1964",
    domain=((-4, 4), (-1.6, 1.6)), start=(-3.6, 1.0), minima=((0.0, 0.0),),
)  # fmt: skip
def ravine_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """The curvatures are 1 along and 25 across."""
    return x * 1.0, 25.0 * y


def rosenbrock(x: Array, y: Array) -> Array:
    """A bent, narrow valley: finding its floor is easy, following it to the end is slow."""
    across = y - x * x
    return (1.0 - x) * (1.0 - x) + 100.0 * across * across


@gradient_of(
    rosenbrock,
    "Rosenbrock's valley",
    r"(1 - x)^2 + 100\,(y - x^2)^2",
    "H. H. Rosenbrock: An automatic method for finding the greatest or least value of a function, 1960",
    domain=((-2, 2), (-1, 3)), start=(-1.2, 1.0), minima=((1.0, 1.0),),
)  # fmt: skip
def rosenbrock_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """Hundreds across the valley, about one along its floor."""
    across = 200.0 * (y - x * x)
    return -2.0 * ((1.0 - x) + across * x), across


def saddle(x: Array, y: Array) -> Array:
    """Up on two sides and down on the others: flat in the middle, and no minimum there."""
    square = y * y
    return x * x - square + 0.1 * square * square


@gradient_of(
    saddle,
    "Saddle",
    r"x^2 - y^2 + \tfrac{1}{10} y^4",
    "Y. N. Dauphin, R. Pascanu, C. Gulcehre, K. Cho, S. Ganguli, Y. Bengio: Identifying and attacking the saddle point "
    "problem in high-dimensional non-convex optimization, 2014",
    domain=((-3, 3), (-3, 3)), start=(2.6, 0.01), minima=((0.0, math.sqrt(5.0)), (0.0, -math.sqrt(5.0))),
)  # fmt: skip
def saddle_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """0 at the saddle (0, 0) and at the two minima."""
    return 2.0 * x, (0.4 * y * y - 2.0) * y


def himmelblau(x: Array, y: Array) -> Array:
    """Four minima, all equally low: where one starts decides where one ends."""
    a, b = x * x + y - 11.0, x + y * y - 7.0
    return a * a + b * b


@gradient_of(
    himmelblau,
    "Himmelblau",
    r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "D. M. Himmelblau: Applied nonlinear programming, 1972",
    domain=((-5, 5), (-5, 5)), start=(0.0, 0.0),
    minima=(
        (3.0, 2.0), (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286169), (3.5844283403304917, -1.8481265269644036),
    ),
)  # fmt: skip
def himmelblau_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """Both squares, by the chain rule."""
    a, b = x * x + y - 11.0, x + y * y - 7.0
    return 4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b


def beale(x: Array, y: Array) -> Array:
    """A flat floor between walls that rise steeply in the corners."""
    square = y * y
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * square, 2.625 - x + x * square * y
    return a * a + b * b + c * c


@gradient_of(
    beale,
    "Beale",
    r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    "E. M. L. Beale: On an iterative method for finding a local minimum of a function of more than one variable, 1958",
    domain=((-4.5, 4.5), (-4.5, 4.5)), start=(1.0, 1.5), minima=((3.0, 0.5),),
)  # fmt: skip
def beale_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """The three squares, by the chain rule."""
    square = y * y
    cube = square * y
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * square, 2.625 - x + x * cube
    along_x = 2.0 * (a * (y - 1.0) + b * (square - 1.0) + c * (cube - 1.0))
    return along_x, 2.0 * x * (a + 2.0 * b * y + 3.0 * c * square)


def rastrigin(x: Array, y: Array) -> Array:
    """A bowl full of dents: a local minimum near every pair of whole numbers."""
    waves: Array = np.cos(2.0 * np.pi * x) + np.cos(2.0 * np.pi * y)
    return 20.0 + x * x + y * y - 10.0 * waves


@gradient_of(
    rastrigin,
    "Rastrigin",
    r"20 + x^2 + y^2 - 10 \cos 2\pi x - 10 \cos 2\pi y",
    "L. A. Rastrigin: Systems of extremal control, 1974",
    domain=((-5.12, 5.12), (-5.12, 5.12)), start=(2.4, -1.6),
    minima=((0.0, 0.0), (_DENT, 0.0), (0.0, _DENT), (-_DENT, 0.0), (0.0, -_DENT)),
)  # fmt: skip
def rastrigin_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """The waves are steeper than the bowl nearly everywhere."""
    waves = 20.0 * np.pi
    return 2.0 * x + waves * np.sin(2.0 * np.pi * x), 2.0 * y + waves * np.sin(2.0 * np.pi * y)


def ackley(x: Array, y: Array) -> Array:
    """A wavy plain with one deep funnel, pointed at its bottom."""
    r = np.sqrt(0.5 * (x * x + y * y))
    waves = 0.5 * (np.cos(2.0 * np.pi * x) + np.cos(2.0 * np.pi * y))
    return 20.0 + math.e - 20.0 * ops.exp(-0.2 * r) - ops.exp(waves)


@gradient_of(
    ackley,
    "Ackley",
    r"20 + e - 20\, e^{-\frac15 \sqrt{(x^2 + y^2) / 2}} - e^{(\cos 2\pi x + \cos 2\pi y) / 2}",
    "D. H. Ackley: A connectionist machine for genetic hillclimbing, 1987",
    domain=((-5, 5), (-5, 5)), start=(-3.4, 2.7), minima=((0.0, 0.0),),
)  # fmt: skip
def ackley_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """At the very tip, where there is no slope, it is taken as 0."""
    r = np.sqrt(0.5 * (x * x + y * y))
    funnel = 2.0 * ops.exp(-0.2 * r) / np.where(r > 0, r, 1.0)
    waves = np.pi * ops.exp(0.5 * (np.cos(2.0 * np.pi * x) + np.cos(2.0 * np.pi * y)))
    return funnel * x + waves * np.sin(2.0 * np.pi * x), funnel * y + waves * np.sin(2.0 * np.pi * y)


def styblinski_tang(x: Array, y: Array) -> Array:
    """Four wells of which one is the lowest: a good start matters."""
    a, b = x * x, y * y
    return 0.5 * (a * a - 16.0 * a + 5.0 * x + b * b - 16.0 * b + 5.0 * y)


@gradient_of(
    styblinski_tang,
    "Styblinski-Tang",
    r"\tfrac12 (x^4 - 16 x^2 + 5 x + y^4 - 16 y^2 + 5 y)",
    "M. A. Styblinski, T.-S. Tang: Experiments in nonconvex optimization, 1990",
    domain=((-5, 5), (-5, 5)), start=(0.6, 4.2), minima=((_DEEP, _DEEP), (_DEEP, _HIGH), (_HIGH, _DEEP), (_HIGH, _HIGH)),
)  # fmt: skip
def styblinski_tang_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """Each axis by itself."""
    return (2.0 * x * x - 16.0) * x + 2.5, (2.0 * y * y - 16.0) * y + 2.5


def plateau(x: Array, y: Array) -> Array:
    """A hole in a plain: a few steps away from it there is nearly no slope to follow."""
    return 1.0 - ops.exp(-0.5 * (x * x + y * y))


@gradient_of(
    plateau,
    "Plateau",
    r"1 - e^{-(x^2 + y^2) / 2}",
    "E. E. Easom: A survey of global optimization techniques, 1990 (here without its cosines)",
    domain=((-5, 5), (-5, 5)), start=(-3.0, 2.8), minima=((0.0, 0.0),),
)  # fmt: skip
def plateau_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """Fades with the square of the distance in the exponent."""
    bell = ops.exp(-0.5 * (x * x + y * y))
    return x * bell, y * bell


def two_wells(x: Array, y: Array) -> Array:
    """Two hollows with a pass between them; the left one is deeper."""
    a = x * x - 1.0
    return a * a + 0.3 * x + y * y


@gradient_of(
    two_wells,
    "Two wells",
    r"(x^2 - 1)^2 + \tfrac{3}{10} x + y^2",
    "H. A. Kramers: Brownian motion in a field of force and the diffusion model of chemical reactions, 1940",
    domain=((-2, 2), (-1.5, 1.5)), start=(1.8, 1.2), minima=((_LEFT, 0.0), (_RIGHT, 0.0)),
)  # fmt: skip
def two_wells_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """Along x that of the double well, across it that of a bowl."""
    return 4.0 * x * (x * x - 1.0) + 0.3, 2.0 * y


def six_hump_camel(x: Array, y: Array) -> Array:
    """Six dents between steep flanks, two of them the lowest, opposite each other."""
    a, b = x * x, y * y
    return (4.0 - 2.1 * a + a * a / 3.0) * a + x * y + 4.0 * (b - 1.0) * b


@gradient_of(
    six_hump_camel,
    "Six-hump camel",
    r"\left(4 - 2.1 x^2 + \tfrac{x^4}{3}\right) x^2 + xy + (4 y^2 - 4) y^2",
    "L. C. W. Dixon, G. P. Szegő: The global optimization problem: an introduction, 1978",
    domain=((-2, 2), (-1.1, 1.1)), start=(1.2, -0.2),
    minima=(
        (0.08984201310031807, -0.7126564030207396), (-0.08984201310031807, 0.7126564030207396),
        (1.7036067149699807, -0.7960835686726252), (-1.7036067149699807, 0.7960835686726252),
        (1.6071047529201972, 0.5686514548841314), (-1.6071047529201972, -0.5686514548841314),
    ),
)  # fmt: skip
def six_hump_camel_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """The powers, term by term."""
    a = x * x
    return (8.0 - 8.4 * a + 2.0 * a * a) * x + y, x + (16.0 * y * y - 8.0) * y


def parabola(x: Array, y: Array) -> Array:
    """A bowl cut through the middle: the curve on which the limits of the step size can be read."""
    return 0.5 * x * x + 0.0 * y


@gradient_of(
    parabola,
    "Parabola (1-D)",
    r"\tfrac12 x^2",
    "A.-L. Cauchy: Méthode générale pour la résolution des systèmes d'équations simultanées, 1847",
    domain=((-4, 4), (-1, 1)), start=(-3.2, 0.0), minima=((0.0, 0.0),), dimensions=1,
)  # fmt: skip
def parabola_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """The place itself: the curvature is 1."""
    return x * 1.0, 0.0 * y


def double_well(x: Array, y: Array) -> Array:
    """Two hollows of one curve: from the right, a plain descent stops in the higher one."""
    return two_wells(x, 0.0 * y)


@gradient_of(
    double_well,
    "Double well (1-D)",
    r"(x^2 - 1)^2 + \tfrac{3}{10} x",
    "H. A. Kramers: Brownian motion in a field of force and the diffusion model of chemical reactions, 1940",
    domain=((-2, 2), (-1, 1)), start=(1.8, 0.0), minima=((_LEFT, 0.0), (_RIGHT, 0.0)), dimensions=1,
)  # fmt: skip
def double_well_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    """0 in both hollows and on the hill between them."""
    return two_wells_gradient(x, 0.0 * y)
