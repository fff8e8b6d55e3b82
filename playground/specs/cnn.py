"""The convolutional network: what may be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from playground.core.errors import InputError, SpecError
from playground.core.registry import Named, Registry
from playground.data.image_registry import IMAGE_SETS
from playground.functional import blocks as grammar
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES
from playground.specs.bounds import Bound, Choice, Mode, Range, Several, Toggle, Words
from playground.specs.mlp import trainable
from playground.specs.quoted import shown
from playground.specs.spec import Spec

OWN = "own"
PARAMETERS: Mapping[Mode, int] = {"local": 5_000_000, "public": 1_000_000}
"""The largest network, by what it learns."""
PRODUCTS: Mapping[Mode, int] = {"local": 2_000_000_000, "public": 60_000_000}
"""The largest network, by its multiplications for one picture."""
VALUES: Mapping[Mode, int] = {"local": 8_000_000, "public": 2_000_000}
"""The largest network, by the numbers that one picture fills on its way."""
BATCH_VALUES: Mapping[Mode, int] = {"local": 256_000_000, "public": 128_000_000}
"""The same for all pictures of one batch, which are held together: four bytes each, and once more for the gradients."""
BATCH_PRODUCTS: Mapping[Mode, int] = {"local": 80_000_000_000, "public": 8_000_000_000}
"""Multiplications of one batch forwards: a step cannot be interrupted, and others wait for it."""

AUGMENTATIONS: Mapping[str, str] = {
    "shift": "Shift", "turn": "Turn", "scale": "Scale", "flip": "Mirror", "light": "Light", "erase": "Erase a patch",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Preset(Named):
    """A network to start from.

    Attributes:
        source: Paper or page, with author and year.
        blocks: See ``playground.functional.blocks``.
    """

    source: str
    blocks: tuple[str, ...]


PRESETS: Registry[Preset] = Registry("preset")


def _preset(name: str, title: str, summary: str, source: str, *words: str) -> None:
    PRESETS.add(Preset(name=name, title=title, summary=summary, source=source, blocks=words))


_preset(
    "lenet", "LeNet-5", "Two convolutions and three dense layers: the network that read cheques.",
    "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition, 1998",
    "conv:6:5:1:2", "max:2", "conv:16:5:1:0", "max:2", "dense:120", "dense:84",
)  # fmt: skip
_preset(
    "vgg", "Small VGG", "Convolutions of 3 x 3 in pairs, pooling after each pair.",
    "K. Simonyan, A. Zisserman: Very deep convolutional networks for large-scale image recognition, 2014",
    "conv:16:3:1:1:bn", "conv:16:3:1:1:bn", "max:2", "conv:32:3:1:1:bn", "conv:32:3:1:1:bn", "max:2",
    "conv:64:3:1:1:bn", "gap", "dense:64",
)  # fmt: skip
_preset(
    "resnet", "Small ResNet", "Residual blocks: each adds a correction to what it is given.",
    "K. He, X. Zhang, S. Ren, J. Sun: Deep residual learning for image recognition, 2015",
    "conv:32:3:1:1:bn", "max:2", "res:32", "res:64:2", "res:128:2", "gap",
)  # fmt: skip
_preset(
    "convnetjs", "ConvNetJS", "The network of ConvNetJS' page on MNIST.",
    "A. Karpathy: ConvNetJS, 2014",
    "conv:8:5:1:2", "max:2", "conv:16:5:1:2", "max:3",
)  # fmt: skip
_preset(
    "mlp", "Multilayer perceptron", "Dense layers only, for comparison: it knows nothing of neighbouring pixels.",
    "D. E. Rumelhart, G. E. Hinton, R. J. Williams: Learning representations by back-propagating errors, 1986",
    "dense:256", "dense:128",
)  # fmt: skip


@dataclass(frozen=True)
class Blocks(Bound):
    """The blocks of a network, first to last."""

    def check(self, value: Any, mode: Mode) -> tuple[str, ...]:
        """See ``Bound.check``."""
        words = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else (value,)
        if len(words) > grammar.LONGEST:
            raise SpecError(f"{len(words)} blocks are too many; choose at most {grammar.LONGEST}.")
        try:
            return tuple(grammar.read(word if isinstance(word, str) else shown(word)).word for word in words)
        except InputError as error:
            raise SpecError(str(error)) from None

    def write(self, value: Any) -> str:
        """Words joined by commas; none at all is written ``-``."""
        return ",".join(value) or "-"

    def read(self, text: str) -> tuple[str, ...]:
        """See ``Bound.read``."""
        return () if text.strip() in ("", "-") else tuple(part.strip() for part in text.split(","))


def _sets() -> Mapping[str, Any]:
    return {**IMAGE_SETS, OWN: "Your pictures"}


def _presets() -> Mapping[str, Any]:
    return {**PRESETS, OWN: "Your own blocks"}


@dataclass(frozen=True)
class CNNSpec(Spec):
    """A convolutional network trained on pictures. The defaults are an experiment that works, and is always there."""

    KIND: ClassVar[str] = "cnn"
    VERSION: ClassVar[int] = 1

    dataset: Annotated[
        str, Choice(_sets, look="thumbnails", label="Data", help="The pictures it learns from.", group="data")
    ] = "shapes"
    pictures: Annotated[str, Words(label="Uploaded pictures", advanced=True, group="data")] = ""
    side: Annotated[
        int,
        Range(16, 64, whole=True, step=4, label="Side in pixels", advanced=True, group="data",
              help="Your own pictures are cut square and made this small."),
    ] = 32  # fmt: skip
    most: Annotated[
        int,
        Range(0, 60_000, whole=True, step=100, label="Training pictures at most (0: all)", advanced=True, group="data",
              help="Learn from fewer pictures, evenly from all classes; 0, the default, takes all of them."),
    ] = 0  # fmt: skip
    augment: Annotated[
        tuple[str, ...],
        Several(lambda: AUGMENTATIONS, least=0, label="Augmentation", group="data",
                help="Each picture is changed a little, at random, whenever it is learnt from."),
    ] = ("shift",)  # fmt: skip
    shuffle_labels: Annotated[
        bool,
        Toggle(label="Shuffle the labels", group="data",
               help="Every training picture gets the answer of another one, at random: there is nothing left to learn but by heart."),
    ] = False  # fmt: skip
    shuffle_pixels: Annotated[
        bool,
        Toggle(label="Shuffle the pixels", group="data",
               help="The pixels of all pictures change places, in the same way for all: neighbours are neighbours no more."),
    ] = False  # fmt: skip
    shift: Annotated[
        int,
        Range(0, 8, whole=True, step=1, label="Shift test pictures (pixels)", advanced=True, live=True, group="data",
              help="Validation and test pictures are moved right and down by so many pixels before they are measured."),
    ] = 0  # fmt: skip

    preset: Annotated[str, Choice(_presets, label="Network", help="The blocks to start from.", group="network")] = (
        "lenet"
    )
    blocks: Annotated[
        tuple[str, ...],
        Blocks(label="Blocks", advanced=True, group="network", help="First to last, such as conv:32:3, max:2, dense:64."),
    ] = ()  # fmt: skip
    activation: Annotated[
        str, Choice(trainable, label="Activation", help="What bends each sum.", advanced=True, group="network")
    ] = "relu"
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", advanced=True, group="network",
              help="The same seed gives the same weights, order and augmentation."),
    ] = 1  # fmt: skip

    lr: Annotated[
        float,
        Range(1e-5, 1, log=True, label="Learning rate", live=True, group="training",
              help="Length of each step against the gradient; the schedule starts from it."),
    ] = 0.005  # fmt: skip
    optimizer: Annotated[
        str,
        Choice(lambda: RULES, label="Optimizer", help="How a gradient becomes a step.", advanced=True, group="training"),
    ] = "adam"  # fmt: skip
    schedule: Annotated[
        str,
        Choice(lambda: SCHEDULES, label="Schedule", advanced=True, live=True, group="training",
               help="How the learning rate changes over the epochs asked for."),
    ] = "one_cycle"  # fmt: skip
    batch_size: Annotated[
        int,
        Range(1, 512, whole=True, step=1, label="Batch size", advanced=True, live=True, group="training",
              help="Pictures whose gradients are averaged in one step."),
    ] = 64  # fmt: skip
    weight_decay: Annotated[
        float,
        Range(0, 0.1, log=True, label="Weight decay", advanced=True, live=True, group="training",
              help="Pulls every weight towards zero, at each step."),
    ] = 0.0  # fmt: skip
    label_smoothing: Annotated[
        float,
        Range(0, 0.5, step=0.05, label="Label smoothing", advanced=True, live=True, group="training",
              help="So much of each answer is spread over all classes (Szegedy et al., 2016)."),
    ] = 0.0  # fmt: skip
    epochs: Annotated[
        int,
        Range(1, 200, whole=True, step=1, public=30, label="Epochs", advanced=True, live=True, group="training",
              help="Training ends after so many passes over the training pictures."),
    ] = 10  # fmt: skip
    patience: Annotated[
        int,
        Range(0, 50, whole=True, step=1, label="Early stopping after", advanced=True, live=True, group="training",
              help="Stop when so many epochs brought nothing better on the validation pictures; 0 never does. The best weights are "
                   "kept in any case."),
    ] = 0  # fmt: skip

    @property
    def words(self) -> tuple[str, ...]:
        """The blocks: those of the preset, or one's own."""
        return self.blocks if self.preset == OWN else PRESETS[self.preset].blocks

    def given(self) -> grammar.Shape:
        """Shape of a picture, ``(channels, height, width)``."""
        return (3, self.side, self.side) if self.dataset == OWN else IMAGE_SETS[self.dataset].shape

    def plan(self, classes: int | None = None) -> grammar.Plan:
        """The network in its places; raises ``SpecError`` where it is impossible.

        Args:
            classes: Of the visitor's own pictures; ten where it is not known yet. Known for every other set.
        """
        outputs = len(IMAGE_SETS[self.dataset].classes) if self.dataset != OWN else classes or 10
        try:
            return grammar.plan(self.words, self.given(), outputs)
        except InputError as error:
            raise SpecError(str(error), field="blocks" if self.preset == OWN else "preset") from None

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        if field in ("pictures", "side"):
            return self.dataset == OWN
        return field != "blocks" or self.preset == OWN

    def cross_check(self, mode: Mode) -> None:
        """The blocks must fit the pictures and each other, and the network must be small enough for this server."""
        plan = self.plan()
        for what, found, most in (
            ("parameters", plan.parameters, PARAMETERS[mode]),
            ("multiplications a picture", plan.products, PRODUCTS[mode]),
            ("numbers in its maps a picture", plan.values, VALUES[mode]),
        ):
            if found > most:
                raise SpecError(
                    f"This network has {found:,} {what}; allowed are {most:,}. Take fewer filters or units, or pool earlier.",
                    field="blocks" if self.preset == OWN else "preset",
                )
        most = min(BATCH_VALUES[mode] // max(1, plan.values), BATCH_PRODUCTS[mode] // max(1, plan.products))
        if self.batch_size > most:
            raise SpecError(
                f"A batch of {self.batch_size} pictures is too large for this network; allowed are {most}.",
                field="batch_size",
            )
