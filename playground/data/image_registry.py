"""Every set of pictures that can be chosen by name, in the order of the menu: those that are always there first.

Importing this module fills the registry and reads no picture.
"""

from __future__ import annotations

from pathlib import Path

from playground.data import cifar, drawn_shapes, written_digits
from playground.data.idx import IdxSet
from playground.data.image_set import IMAGE_SETS, ImageSetEntry

__all__ = ["FASHION", "IMAGE_SETS", "MNIST", "ImageSetEntry"]

MNIST = IdxSet("mnist", "MNIST", tuple("0123456789"), ("mnist", "MNIST/raw", "MNIST", "raw"))
FASHION = IdxSet(
    "fashion",
    "Fashion-MNIST",
    ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ("fashion-mnist", "fashion", "FashionMNIST/raw", "FashionMNIST"),
)


def _always(folder: Path) -> bool:
    """It is drawn, or installed along."""
    return True


IMAGE_SETS.add(
    ImageSetEntry(
        name="shapes",
        title="Shapes",
        summary="4,200 drawn shapes on noise, of 28 x 28 pixels: ten kinds, anywhere, in many sizes.",
        source="Drawn here, after the shapes of Y. Bengio, J. Louradour, R. Collobert, J. Weston: Curriculum learning, 2009",
        shape=(1, drawn_shapes.SIDE, drawn_shapes.SIDE),
        classes=drawn_shapes.CLASSES,
        counts={str(share): count for share, count in drawn_shapes.COUNTS.items()},
        licence="As the playground's",
        here=_always,
        load=drawn_shapes.load,
        some=drawn_shapes.some,
    )
)
IMAGE_SETS.add(
    ImageSetEntry(
        name="digits",
        title="Small digits",
        summary="1,797 handwritten digits of 8 x 8 squares, each drawn as 2 x 2 pixels.",
        source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI, 1998",
        shape=(1, 16, 16),
        classes=written_digits.CLASSES,
        counts={"train": written_digits.TRAIN, "val": written_digits.VAL, "test": written_digits.TEST},
        licence="CC BY 4.0",
        here=_always,
        load=written_digits.load,
        some=written_digits.some,
    )
)
IMAGE_SETS.add(
    ImageSetEntry(
        name="mnist",
        title="MNIST",
        summary="70,000 handwritten digits of 28 x 28 pixels: what networks have been compared on since 1998.",
        source="Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition, 1998",
        shape=(1, 28, 28),
        classes=MNIST.classes,
        counts={"train": 55_000, "val": 5_000, "test": 10_000},
        licence="CC BY-SA 3.0",
        here=MNIST.here,
        load=MNIST.load,
        some=MNIST.some,
        megabytes=11.6,
    )
)
IMAGE_SETS.add(
    ImageSetEntry(
        name="fashion",
        title="Fashion-MNIST",
        summary="70,000 pieces of clothing of 28 x 28 pixels: made to be harder than digits.",
        source="H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, a novel image dataset for benchmarking machine learning, 2017",
        shape=(1, 28, 28),
        classes=FASHION.classes,
        counts={"train": 55_000, "val": 5_000, "test": 10_000},
        licence="MIT",
        here=FASHION.here,
        load=FASHION.load,
        some=FASHION.some,
        megabytes=30.9,
    )
)
IMAGE_SETS.add(
    ImageSetEntry(
        name="cifar10",
        title="CIFAR-10",
        summary="60,000 colour photos of animals and vehicles, of 32 x 32 pixels.",
        source="A. Krizhevsky: Learning multiple layers of features from tiny images, 2009",
        shape=(3, 32, 32),
        classes=cifar.CLASSES,
        counts=cifar.COUNTS,
        licence="None is stated",
        here=cifar.here,
        load=cifar.load,
        some=cifar.some,
        megabytes=170.5,
        ready=cifar.ready,
        prepare=cifar.prepare,
    )
)
