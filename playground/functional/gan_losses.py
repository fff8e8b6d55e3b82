"""What the two networks of a GAN make small: each loss picture by picture, from the discriminator's number for it, with its slope.

The discriminator's loss is the mean of ``real`` over real pictures plus the mean of ``made`` over made ones; the generator's is
the mean of ``wanted`` over made ones. The number ``s`` is raw: a logit, or a score. ``smoothing`` is what is taken off the answer
for real pictures, and off it alone (Salimans et al., 2016), so that the discriminator is never quite sure.

The slope of ``wanted`` is all that a generator learns from: where it is flat, nothing is learnt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry
from playground.functional.activations import sigmoid, softplus

Array: TypeAlias = NDArray[np.floating]
Of: TypeAlias = Callable[[Array], Array]
OfReal: TypeAlias = Callable[[Array, float], Array]
Says: TypeAlias = Literal["probability", "score", "critic"]


@dataclass(frozen=True, kw_only=True)
class GANLoss(Entry):
    """Two losses that belong together.

    Attributes:
        real: Loss of a real picture, from its number and the smoothing.
        made: Loss of a made picture.
        wanted: What the generator makes small, of a made picture.
        slopes: Derivatives of the three in the number.
        says: What the number is: the logit of a probability, a score with a middle, or a critic's score of no fixed scale.
        middle: A picture is taken for real above it; ``None`` where there is no such place.
        smooth: Whether smoothing means anything to it.
        discriminator: The discriminator's loss, for KaTeX.
        generator: The generator's.
    """

    real: OfReal
    made: Of
    wanted: Of
    slopes: tuple[OfReal, Of, Of]
    says: Says
    middle: float | None
    smooth: bool
    discriminator: str
    generator: str


LOSSES: Registry[GANLoss] = Registry("GAN loss")


def cross_entropy_real(s: Array, smoothing: float = 0.0) -> Array:
    """Surprise that a real picture is real, of a probability ``sigmoid(s)``; smoothed: that it is, 1 - smoothing times."""
    return (1 - smoothing) * softplus(-s) + smoothing * softplus(s)


def cross_entropy_real_slope(s: Array, smoothing: float = 0.0) -> Array:
    """What is said, less what should be."""
    return sigmoid(s) - (1 - smoothing)


def cross_entropy_made(s: Array) -> Array:
    """Surprise that a made picture is made."""
    return softplus(s)


def nonsaturating_wanted(s: Array) -> Array:
    """Surprise that a made picture is taken for real: steepest where the discriminator is sure that it is made."""
    return softplus(-s)


def nonsaturating_wanted_slope(s: Array) -> Array:
    """Goes to -1 where the discriminator is sure that the picture is made."""
    return sigmoid(s) - 1


def minimax_wanted(s: Array) -> Array:
    """The discriminator's own loss on made pictures, turned round: flat where it is sure that they are made."""
    return -softplus(s)


def minimax_wanted_slope(s: Array) -> Array:
    """Goes to 0 where the discriminator is sure that the picture is made: the generator's gradient vanishes."""
    return -sigmoid(s)


def hinge_real(s: Array, smoothing: float = 0.0) -> Array:
    """Nothing once a real picture scores 1 or more."""
    return np.maximum(1 - s, 0)


def hinge_real_slope(s: Array, smoothing: float = 0.0) -> Array:
    """-1 until then."""
    return -(s < 1).astype(s.dtype)


def hinge_made(s: Array) -> Array:
    """Nothing once a made picture scores -1 or less."""
    return np.maximum(1 + s, 0)


def hinge_made_slope(s: Array) -> Array:
    """1 until then."""
    return (s > -1).astype(s.dtype)


def score_wanted(s: Array) -> Array:
    """The higher a made picture scores, the better."""
    return -s


def score_wanted_slope(s: Array) -> Array:
    """The same everywhere: it never vanishes."""
    return -np.ones_like(s)


def squares_real(s: Array, smoothing: float = 0.0) -> Array:
    """Half the squared distance from 1, or from a little less."""
    return (s - (1 - smoothing)) ** 2 / 2


def squares_real_slope(s: Array, smoothing: float = 0.0) -> Array:
    """The distance."""
    return s - (1 - smoothing)


def squares_made(s: Array) -> Array:
    """Half the squared distance from 0."""
    return s**2 / 2


def squares_made_slope(s: Array) -> Array:
    """The distance."""
    return s


def squares_wanted(s: Array) -> Array:
    """Half the squared distance of a made picture from 1."""
    return (s - 1) ** 2 / 2


def squares_wanted_slope(s: Array) -> Array:
    """The distance: large where a picture is far on either side."""
    return s - 1


def critic_real(s: Array, smoothing: float = 0.0) -> Array:
    """The higher a real picture scores, the better."""
    return -s


def critic_real_slope(s: Array, smoothing: float = 0.0) -> Array:
    """The same everywhere."""
    return -np.ones_like(s)


def critic_made(s: Array) -> Array:
    """The lower a made picture scores, the better."""
    return s


def critic_made_slope(s: Array) -> Array:
    """The same everywhere."""
    return np.ones_like(s)


_SURPRISE = r"-\log D(x) - \log(1 - D(G(z)))"

LOSSES.add(
    GANLoss(
        name="nonsaturating",
        title="Non-saturating",
        summary="Cross entropy; the generator makes it likely that its pictures are taken for real.",
        source="I. Goodfellow et al.: Generative adversarial nets, 2014",
        real=cross_entropy_real, made=cross_entropy_made, wanted=nonsaturating_wanted,
        slopes=(cross_entropy_real_slope, sigmoid, nonsaturating_wanted_slope),
        says="probability", middle=0.0, smooth=True, discriminator=_SURPRISE, generator=r"-\log D(G(z))",
    )
)  # fmt: skip
LOSSES.add(
    GANLoss(
        name="minimax",
        title="Minimax",
        summary="Cross entropy; the generator makes it unlikely that its pictures are found out, and learns nothing once all are.",
        source="I. Goodfellow et al.: Generative adversarial nets, 2014",
        real=cross_entropy_real, made=cross_entropy_made, wanted=minimax_wanted,
        slopes=(cross_entropy_real_slope, sigmoid, minimax_wanted_slope),
        says="probability", middle=0.0, smooth=True, discriminator=_SURPRISE, generator=r"\log(1 - D(G(z)))",
    )
)  # fmt: skip
LOSSES.add(
    GANLoss(
        name="hinge",
        title="Hinge",
        summary="The discriminator stops caring about pictures that it tells with a margin of 1.",
        source="J. H. Lim, J. C. Ye: Geometric GAN, 2017",
        real=hinge_real, made=hinge_made, wanted=score_wanted,
        slopes=(hinge_real_slope, hinge_made_slope, score_wanted_slope),
        says="score", middle=0.0, smooth=False,
        discriminator=r"\max(0, 1 - D(x)) + \max(0, 1 + D(G(z)))", generator="-D(G(z))",
    )
)  # fmt: skip
LOSSES.add(
    GANLoss(
        name="least_squares",
        title="Least squares",
        summary="Squared distances from 1 for real and 0 for made: what is far off pulls hardest, on either side.",
        source="X. Mao et al.: Least squares generative adversarial networks, 2017",
        real=squares_real, made=squares_made, wanted=squares_wanted,
        slopes=(squares_real_slope, squares_made_slope, squares_wanted_slope),
        says="score", middle=0.5, smooth=True,
        discriminator=r"\tfrac12 (D(x) - 1)^2 + \tfrac12 D(G(z))^2", generator=r"\tfrac12 (D(G(z)) - 1)^2",
    )
)  # fmt: skip
LOSSES.add(
    GANLoss(
        name="wasserstein",
        title="Wasserstein",
        summary="A critic whose mean scores lie as far apart as its slope of 1 lets them: an estimate of how far apart the pictures are.",
        source="M. Arjovsky, S. Chintala, L. Bottou: Wasserstein GAN, 2017; I. Gulrajani et al.: Improved training of Wasserstein "
        "GANs, 2017",
        real=critic_real, made=critic_made, wanted=score_wanted,
        slopes=(critic_real_slope, critic_made_slope, score_wanted_slope),
        says="critic", middle=None, smooth=False,
        discriminator=r"D(G(z)) - D(x) + \lambda\,(\lVert\nabla_{\hat x} D(\hat x)\rVert - 1)^2", generator="-D(G(z))",
    )
)  # fmt: skip
