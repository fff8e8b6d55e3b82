"""Questions about pictures and their answers, as they travel between the web process and the inference worker.

All of it is plain and picklable: bytes, numbers, strings, NumPy arrays. Places on a picture are fractions of its width and
height, from the upper left corner of the upright picture, so that they hold at any size it is shown at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

MOST_ANSWERS = 20

Method: TypeAlias = Literal["gradcam", "integrated_gradients", "occlusion"]
METHODS: tuple[Method, ...] = ("gradcam", "integrated_gradients", "occlusion")

Scramble: TypeAlias = Literal["none", "head", "half", "all"]
SCRAMBLES: tuple[Scramble, ...] = ("none", "head", "half", "all")

Shaking: TypeAlias = Literal["shift_x", "shift_y", "rotate", "blur", "brightness"]
SHAKINGS: tuple[Shaking, ...] = ("shift_x", "shift_y", "rotate", "blur", "brightness")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it came.

    Attributes:
        content: The whole file.
        name: What it was called, for words and downloads.
    """

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in fractions of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """One class of an answer.

    Attributes:
        label: Its name, from the model's own label space.
        index: Its number in it.
        score: How sure the model is, 0 to 1.
    """

    label: str
    index: int
    score: float


@dataclass(frozen=True, slots=True)
class Look:
    """Decode a picture to be shown (needs no model).

    Attributes:
        photo: The picture.
        side: Longest side of what is shown, in pixels.
    """

    photo: Photo
    side: int = 1024


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that was decoded within limits, upright.

    Attributes:
        jpeg: To be shown.
        width: Of the file's picture, upright, in pixels.
        height: The same.
        notes: What was done to it, in sentences, where that may surprise.
    """

    jpeg: bytes
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classify:
    """What is in a picture?

    Attributes:
        photo: The picture.
        top: How many of the likeliest classes are wanted, 1 to ``MOST_ANSWERS``.
    """

    photo: Photo
    top: int = 5


@dataclass(frozen=True, slots=True)
class Classified:
    """The likeliest classes first.

    Attributes:
        predictions: So many as were asked for (or as the model has).
        refused: The model has a threshold for "none of my classes", and this picture does not reach it.
        seconds: From the file's bytes to the answer: this picture's share of its batch.
        device: Where it ran, as a person reads it (``CPU``).
        engine: What ran it (``PyTorch``, ``ONNX Runtime``).
        batch: How many pictures were answered together.
    """

    predictions: tuple[Prediction, ...]
    refused: bool
    seconds: float
    device: str
    engine: str
    batch: int = 1


@dataclass(frozen=True, slots=True)
class Explain:
    """Where in the picture did the evidence for a class lie?

    Attributes:
        photo: The picture.
        method: How that is estimated.
        target: Number of the class; -1 is the likeliest.
        scramble: How much of the network has its weights shuffled first, from the output down (Adebayo et al. 2018).
    """

    photo: Photo
    method: Method = "gradcam"
    target: int = -1
    scramble: Scramble = "none"


@dataclass(frozen=True, slots=True)
class Explained:
    """A map of evidence.

    Attributes:
        heat: ``(h, w)`` float32. Unsigned methods: 0 to 1. Signed ones: -1 to 1, positive speaks for the class.
        signed: Which of both it is.
        seen: The part of the picture that the network was fed, and that the map covers.
        target: The class that is explained, with the score that this (perhaps scrambled) network gives it.
        methods: What this network allows.
        seconds: How long it took.
        notes: What has to be said of it, in sentences (the baseline, the convergence error).
    """

    heat: NDArray[np.float32]
    signed: bool
    seen: Box
    target: Prediction
    methods: tuple[Method, ...]
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """What is the network fed, and what does a stage of it make of that?

    Attributes:
        photo: The picture.
        stage: Number of the stage; -1 is the last.
        most: How many feature maps are wanted: those with the strongest mean response.
    """

    photo: Photo
    stage: int = 0
    most: int = 24


@dataclass(frozen=True, slots=True)
class Fed:
    """The network's input and one stage's feature maps.

    Attributes:
        picture: ``(h, w, 3)`` uint8: the input with the normalisation taken back.
        seen: Which part of the picture that is.
        steps: How the picture became that, one sentence a step.
        stages: Every stage's name with its shape (``layer1: 64 x 56 x 56``).
        stage: The one that is shown.
        maps: ``(n, h, w)`` uint8, each on the scale of ``scales``.
        channels: Their numbers in the stage, the strongest first.
        scales: ``(n, 2)`` float32: the values that 0 and 255 stand for.
        seconds: How long it took.
        notes: What has to be said of it, in sentences (that this network shows no stages).
    """

    picture: NDArray[np.uint8]
    seen: Box
    steps: tuple[str, ...]
    stages: tuple[str, ...]
    stage: int
    maps: NDArray[np.uint8]
    channels: tuple[int, ...]
    scales: NDArray[np.float32]
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shake:
    """How do the scores change while the picture is changed a little at a time?

    Attributes:
        photo: The picture.
        kind: What is done to it.
    """

    photo: Photo
    kind: Shaking = "rotate"


@dataclass(frozen=True, slots=True)
class Shaken:
    """Scores along one change.

    Attributes:
        kind: What was done.
        unit: What ``values`` are in, as a person reads it (``degrees``).
        values: ``(n,)``, in order; the unchanged picture among them.
        pictures: The input at each value, as JPEG.
        classes: The classes that are the likeliest somewhere, and the next few.
        scores: ``(n, classes)``.
        unchanged: Number of the value at which nothing is changed.
        seconds: How long it took.
        refused: At which values the model says "none of my classes"; empty where it never does.
        notes: What has to be said of it, in sentences (what fills the edges).
    """

    kind: Shaking
    unit: str
    values: tuple[float, ...]
    pictures: tuple[bytes, ...]
    classes: tuple[Prediction, ...]
    scores: NDArray[np.float32]
    unchanged: int
    seconds: float
    notes: tuple[str, ...] = ()
    refused: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Attack:
    """How small a change of every pixel makes the network say something else (FGSM, Goodfellow et al. 2015)?"""

    photo: Photo


@dataclass(frozen=True, slots=True)
class Attacked:
    """The fast gradient sign method at growing strength.

    Attributes:
        picture: ``(h, w, 3)`` uint8: the unchanged input.
        sign: ``(h, w, 3)`` int8: in which direction each value of each pixel is pushed.
        epsilons: ``(n,)`` in levels of 255, from 0.
        classes: The classes that are the likeliest somewhere, and the next few.
        scores: ``(n, classes)``.
        flips: Number of the first strength at which the answer is another; -1 where it never is.
        seconds: How long it took.
        refused: At which strengths the model says "none of my classes"; empty where it never does.
        notes: What has to be said of it, in sentences (which strengths an ordinary picture file can hold).
    """

    picture: NDArray[np.uint8]
    sign: NDArray[np.int8]
    epsilons: tuple[float, ...]
    classes: tuple[Prediction, ...]
    scores: NDArray[np.float32]
    flips: int
    seconds: float
    notes: tuple[str, ...] = ()
    refused: tuple[bool, ...] = ()
