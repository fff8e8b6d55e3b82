"""Questions about a visitor's own classes and their answers, as they travel between web process and inference worker.

All of it is plain and picklable. Pictures are small JPEGs as a browser cut them, and are decoded in the worker alone; what a
training gives comes as packed bytes that only the worker unpacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Way: TypeAlias = Literal["last", "scratch", "tuned"]
WAYS: tuple[Way, ...] = ("last", "scratch", "tuned")

Depth: TypeAlias = Literal["quarter", "half", "all"]
DEPTHS: tuple[Depth, ...] = ("quarter", "half", "all")

Augment: TypeAlias = Literal["none", "shift", "mirror"]
AUGMENTS: tuple[Augment, ...] = ("none", "shift", "mirror")

SIDE = 224
"""Pictures are cut to their middle square of so many pixels before they are kept."""

SIZES = (5, 10, 20, 50)
"""So many training pictures a class are tried, as far as there are more than that, and then all of them."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt: pictures with their classes, and which of them are held out.

    Attributes:
        pictures: The files, as they came.
        labels: Number of each one's class.
        held: Whether each one is held out: never learnt from, only measured on.
        classes: Name of each class.
    """

    pictures: tuple[bytes, ...]
    labels: tuple[int, ...]
    held: tuple[bool, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is learnt.

    Attributes:
        augment: What is done to a training picture each time it is seen: ``shift`` also changes its brightness, ``mirror`` does
            both and mirrors every second one.
        side: Height and width that the network of one's own sees, in pixels.
        epochs: Passes over the training pictures of the network of one's own; few pictures are seen more often.
        decay: How strongly the weights of the last layer are held back.
        depth: How much of the pretrained network learns along.
        seed: Draws first weights, order and subsets.
    """

    augment: Augment = "shift"
    side: int = 32
    epochs: int = 40
    decay: float = 0.001
    depth: Depth = "quarter"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Learn:
    """Learn to tell a visitor's classes apart.

    Attributes:
        way: ``last``: a new last layer on the pretrained network's features. ``scratch``: a small network from nothing.
            ``tuned``: that new last layer, and then the last parts of the pretrained network along with it.
        lesson: The pictures.
        manner: How.
        sizes: So many pictures a class are learnt from, one training for each; 0 takes all. The last one is kept.
    """

    way: Way
    lesson: Lesson
    manner: Manner
    sizes: tuple[int, ...] = (0,)

    @property
    def subject(self) -> tuple[bytes, ...]:
        """What it is about, however it is learnt (see ``playground.jobs.asked.subject``)."""
        return self.lesson.pictures


@dataclass(frozen=True, slots=True)
class Measured:
    """How well it went with so many pictures.

    Attributes:
        each: Training pictures a class; on average, where all were taken.
        accuracy: On the held-out pictures, the mean over the draws.
        low: The worst draw.
        high: The best draw.
        draws: So many different choices of the training pictures were tried.
        of: So many pictures were held out.
    """

    each: float
    accuracy: float
    low: float
    high: float
    draws: int
    of: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """A classifier of a visitor's own classes.

    Attributes:
        way: How it was made.
        measured: One for each size that was asked for.
        held: ``(n, classes)`` float32: what the last one says of the held-out pictures, in their order.
        packed: The last one's weights, for ``Tell`` and ``Pack``.
        trained: So many numbers were learnt.
        whole: So many numbers the network has.
        seconds: How long it took, without the pretrained network's loading.
        model: Name of the pretrained model; empty where there is none.
        notes: What has to be said of it, in sentences.
    """

    way: Way
    measured: tuple[Measured, ...]
    held: NDArray[np.float32]
    packed: bytes
    trained: int
    whole: int
    seconds: float
    model: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """Which of a visitor's classes is this?

    Attributes:
        picture: The file.
        packed: The weights of each classifier that is to answer.
    """

    picture: bytes
    packed: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the classifiers say of a picture.

    Attributes:
        scores: ``(classifiers, classes)`` float32; each row sums to 1.
        seconds: From the file's bytes to all answers.
    """

    scores: NDArray[np.float32]
    seconds: float


@dataclass(frozen=True, slots=True)
class Pack:
    """Write a classifier down for use elsewhere.

    Attributes:
        packed: Its weights.
        classes: Name of each class.
        measured: How well it did on the held-out pictures; ``None`` where none were.
    """

    packed: bytes
    classes: tuple[str, ...]
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip with the network as ONNX, what it is, and a script that uses it."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Unzip:
    """Take pictures out of a zip of class folders.

    Attributes:
        content: The whole zip.
        name: What it was called.
        megabytes: A larger zip is not looked at.
        most: So many pictures of each class are taken.
        picture_megabytes: A larger picture is passed over.
        picture_megapixels: One with more pixels, in millions, is passed over.
        megapixels: More pixels of all pictures together, in millions, are refused.
    """

    content: bytes
    name: str
    megabytes: float
    most: int
    picture_megabytes: float = 10
    picture_megapixels: float = 30
    megapixels: float = 400

    @property
    def subject(self) -> tuple[bytes, ...]:
        """What it is about (see ``playground.jobs.asked.subject``)."""
        return (self.content,)


@dataclass(frozen=True, slots=True)
class Unzipped:
    """The classes of a zip.

    Attributes:
        classes: Name of each class.
        pictures: Of each class its pictures, cut to squares of ``SIDE``, as JPEG.
        small: The same pictures, some of them, small.
        notes: What was passed over, in sentences.
    """

    classes: tuple[str, ...]
    pictures: tuple[tuple[bytes, ...], ...]
    small: tuple[tuple[bytes, ...], ...]
    notes: tuple[str, ...] = ()
