"""The GAN on pictures: what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from playground.core.errors import InputError, SpecError
from playground.core.registry import Named, Registry
from playground.data.image_registry import IMAGE_SETS
from playground.functional import gan_plans
from playground.functional.gan import Pair
from playground.functional.gan_losses import LOSSES
from playground.specs.bounds import Choice, Mode, Range, Toggle, Words
from playground.specs.spec import Spec

OWN = "own"
PARAMETERS: Mapping[Mode, int] = {"local": 15_000_000, "public": 4_000_000}
"""The largest generator and discriminator together, by what they learn."""
STEP_PRODUCTS: Mapping[Mode, int] = {"local": 80_000_000_000, "public": 9_000_000_000}
"""Multiplications of one update of both: it cannot be interrupted, and others wait for it."""
EPOCHS: Mapping[str, int] = {"digits": 300, "shapes": 40, "mnist": 5, "fashion": 5, "cifar10": 10, OWN: 100}
"""How many epochs are worth waiting for, for each set of pictures; of a small set more."""
TOO_STRONG: Mapping[str, Any] = {"loss": "minimax", "d_lr": 5.0, "r1": 0.0, "spectral": False, "smoothing": 0.0}
"""A discriminator that wins within some hundred steps: the minimax loss then has no slope that the generator could follow."""


@dataclass(frozen=True, kw_only=True)
class Preset(Named):
    """Settings that belong together.

    Attributes:
        source: Paper, with author and year.
        settings: Fields of ``GANSpec``; what is not among them stays as it is.
    """

    source: str
    settings: Mapping[str, Any] = field(default_factory=dict)


PRESETS: Registry[Preset] = Registry("preset")
PRESETS.add(
    Preset(
        name="dcgan",
        title="DCGAN",
        summary="Convolutions alone and the non-saturating loss: two networks, update for update.",
        source="A. Radford, L. Metz, S. Chintala: Unsupervised representation learning with deep convolutional generative "
        "adversarial networks, 2015",
        settings={
            "loss": "nonsaturating", "conditional": False, "lr": 0.001, "critic_steps": 1, "beta1": 0.5, "spectral": False, "r1": 0.1,
        },
    )
)  # fmt: skip
PRESETS.add(
    Preset(
        name="wgan_gp",
        title="WGAN-GP",
        summary="A critic with a penalty on its slope, several updates ahead of the generator: its scores tell how far apart "
        "the pictures are.",
        source="I. Gulrajani et al.: Improved training of Wasserstein GANs, 2017",
        settings={"loss": "wasserstein", "conditional": False, "lr": 0.0005, "critic_steps": 3, "beta1": 0.0, "spectral": False},
    )
)  # fmt: skip
PRESETS.add(
    Preset(
        name="conditional",
        title="Conditional",
        summary="Both networks are told the class: each column of samples is one that was asked for.",
        source="M. Mirza, S. Osindero: Conditional generative adversarial nets, 2014; T. Miyato, M. Koyama: cGANs with "
        "projection discriminator, 2018",
        settings={
            "loss": "hinge", "conditional": True, "lr": 0.001, "critic_steps": 1, "beta1": 0.5, "spectral": False, "r1": 0.1,
        },
    )
)  # fmt: skip


def _sets() -> Mapping[str, Any]:
    return {**IMAGE_SETS, OWN: "Your pictures"}


@dataclass(frozen=True)
class GANSpec(Spec):
    """A generator and a discriminator trained on pictures. The defaults are an experiment that works, and is always there."""

    KIND: ClassVar[str] = "gan"
    VERSION: ClassVar[int] = 1

    dataset: Annotated[
        str,
        Choice(_sets, look="thumbnails", label="Data", help="The pictures that it learns to make.", group="data"),
    ] = "digits"
    pictures: Annotated[str, Words(label="Uploaded pictures", advanced=True, group="data")] = ""
    side: Annotated[
        int,
        Range(16, 64, whole=True, step=4, label="Side in pixels", advanced=True, group="data",
              help="Your own pictures are cut square and made this small; 16, 28, 32 and 64 are quick."),
    ] = 32  # fmt: skip
    most: Annotated[
        int,
        Range(0, 60_000, whole=True, step=100, label="Training pictures at most (0: all)", advanced=True, group="data",
              help="Learn from fewer pictures, evenly from all classes; 0, the default, takes all of them."),
    ] = 0  # fmt: skip

    conditional: Annotated[
        bool,
        Toggle(label="Told the class", group="network",
               help="Both networks are told the class of each picture: the generator can be asked for one."),
    ] = False  # fmt: skip
    latents: Annotated[
        int,
        Range(2, 256, whole=True, label="Latents", advanced=True, group="network",
              help="How many random numbers a picture is made from."),
    ] = 64  # fmt: skip
    width: Annotated[
        int,
        Range(8, 128, whole=True, step=4, public=64, label="Maps", advanced=True, group="network",
              help="Maps at half the picture's side; twice as many at each halving."),
    ] = 32  # fmt: skip
    spectral: Annotated[
        bool,
        Toggle(label="Spectral normalisation", advanced=True, group="network",
               help="Each layer of the discriminator is divided by the most that it can stretch anything (Miyato et al., 2018)."),
    ] = False  # fmt: skip
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", advanced=True, group="network",
              help="The same seed gives the same weights, latents and order."),
    ] = 1  # fmt: skip

    loss: Annotated[
        str,
        Choice(lambda: LOSSES, label="Loss", help="What the two networks make small.", group="training"),
    ] = "nonsaturating"  # fmt: skip
    lr: Annotated[
        float,
        Range(1e-6, 0.1, log=True, label="Learning rate", live=True, group="training",
              help="Length of each step of the generator; the discriminator's is a multiple of it."),
    ] = 0.001  # fmt: skip
    d_lr: Annotated[
        float,
        Range(0.01, 100, log=True, label="Discriminator's rate (times)", advanced=True, live=True, group="training",
              help="The discriminator's learning rate is so many times the generator's (Heusel et al., 2017)."),
    ] = 1.0  # fmt: skip
    critic_steps: Annotated[
        int,
        Range(1, 10, whole=True, step=1, label="Discriminator steps", live=True, group="training",
              help="Updates of the discriminator for each update of the generator."),
    ] = 1  # fmt: skip
    epochs: Annotated[
        int,
        Range(1, 2000, whole=True, step=1, public=600, label="Epochs", live=True, group="training",
              help="Training ends after so many passes over the training pictures; small sets need many."),
    ] = EPOCHS["digits"]  # fmt: skip
    batch_size: Annotated[
        int,
        Range(4, 512, whole=True, step=4, public=256, label="Batch size", advanced=True, group="training",
              help="Real pictures, and as many made ones, in one step."),
    ] = 64  # fmt: skip
    beta1: Annotated[
        float,
        Range(0, 0.95, step=0.05, label="Momentum (beta 1)", advanced=True, live=True, group="training",
              help="How much of the gradients before Adam keeps; GANs want less than the usual 0.9."),
    ] = 0.5  # fmt: skip
    smoothing: Annotated[
        float,
        Range(0, 0.4, step=0.05, label="Label smoothing", advanced=True, live=True, group="training",
              help="The answer for real pictures is so much less than 1; that for made ones stays 0 (Salimans et al., 2016)."),
    ] = 0.0  # fmt: skip
    penalty: Annotated[
        float,
        Range(0, 100, log=True, label="Gradient penalty", advanced=True, live=True, group="training",
              help="Holds the critic's slope near 1 between real and made pictures; without it the scores run away."),
    ] = 10.0  # fmt: skip
    r1: Annotated[
        float,
        Range(0, 100, log=True, label="R1 penalty", advanced=True, live=True, group="training",
              help="Keeps the discriminator flat at real pictures; 0 does without (Mescheder et al., 2018)."),
    ] = 0.1  # fmt: skip
    ema: Annotated[
        float,
        Range(0, 0.9999, label="Averaging", advanced=True, live=True, group="training",
              help="Samples are drawn with a running average of the generator's weights, of which so much stays at each step; 0 "
                   "takes the weights as they are."),
    ] = 0.995  # fmt: skip

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of a picture."""
        return (3, self.side, self.side) if self.dataset == OWN else IMAGE_SETS[self.dataset].shape

    def pair(self, classes: tuple[str, ...] = ()) -> Pair:
        """Generator and discriminator; raises ``SpecError`` where there are none for such pictures.

        Args:
            classes: Of the visitor's own pictures; ten where they are not known yet. Known for every other set.
        """
        names = IMAGE_SETS[self.dataset].classes if self.dataset != OWN else classes or tuple("0123456789")
        try:
            return gan_plans.pair(
                self.shape,
                self.latents,
                self.width,
                names if self.conditional else (),
                critic=LOSSES[self.loss].says != "probability",
            )
        except InputError as error:
            raise SpecError(str(error), field="side" if self.dataset == OWN else "dataset") from None

    def label(self, field: str) -> str:
        """See ``Spec.label``. What scores pictures on no fixed scale is called a critic."""
        usual = super().label(field)
        known = self.loss in tuple(LOSSES)  # a wrong one is being refused in words
        return usual.replace("Discriminator", "Critic") if known and LOSSES[self.loss].says == "critic" else usual

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        if field in ("pictures", "side"):
            return self.dataset == OWN
        if field == "smoothing":
            return LOSSES[self.loss].smooth
        if field in ("penalty", "r1"):
            return (self.loss == "wasserstein") == (field == "penalty")
        return True

    def cross_check(self, mode: Mode) -> None:
        """There must be networks for such pictures, small enough for this server."""
        pair = self.pair()
        assert pair.discriminator is not None
        found = pair.generator.parameters + pair.discriminator.parameters
        if found > PARAMETERS[mode]:
            raise SpecError(
                f"The two networks have {found:,} parameters; allowed are {PARAMETERS[mode]:,}. Take fewer maps.",
                field="width",
            )
        most = STEP_PRODUCTS[mode] // step_products(pair, penalised=self.loss == "wasserstein" or self.r1 > 0)
        if self.batch_size > most:
            raise SpecError(
                f"A batch of {self.batch_size} pictures is too large for these networks; allowed are {most}. Take fewer "
                "pictures a batch, fewer maps or smaller pictures.",
                field="batch_size",
            )


def step_products(pair: Pair, penalised: bool = False) -> int:
    """Multiplications of one update of both networks for each picture of a batch: forwards once, backwards twice that."""
    assert pair.discriminator is not None
    made, judged = gan_plans.products(pair.generator), gan_plans.products(pair.discriminator)
    return 3 * made + (9 + 6 * penalised) * judged
