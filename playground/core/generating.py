"""Questions about generators of pictures and their answers, as they travel between web process and inference worker. All plain.

Latents are float32 rows ``(n, latents)``; pictures are uint8 ``(n, h, w, c)`` with one channel or three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

MOST_PICTURES = 1024
"""So many pictures may be asked for in one go."""

MOST_FRAMES = 240
"""So many pictures a clip may have."""

ClipFormat: TypeAlias = Literal["gif", "mp4"]


@dataclass(frozen=True, slots=True)
class Whose:
    """Which generator, beyond its card.

    Attributes:
        own: What a visitor's own run has learnt, as ``training.gan_package`` packs it; empty for a model of the registry.
        reading: How a foreign file is to be read where its shapes leave several ways open: the name of one of
            ``functional.gan_guess``'s readings; empty takes the card's word, or the likeliest.
    """

    own: bytes = b""
    reading: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """Which pictures come of these latents?

    Attributes:
        latents: ``(n, latents)``, 1 to ``MOST_PICTURES`` of them.
        classes: Number of the class of each, ``(n,)``; None for a generator without classes.
        opinion: Whether the discriminator is asked, too.
        whose: Which generator.
    """

    latents: NDArray[np.float32]
    classes: NDArray[np.int64] | None = None
    opinion: bool = False
    whose: Whose = Whose()


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The answer to ``Draw``.

    Attributes:
        pictures: ``(n, h, w, c)`` uint8.
        opinions: What the discriminator says of each, ``(n,)`` float32: the probability that it is real, 0 to 1, or a
            critic's score; None where it was not asked, or there is none.
        critic: The opinions are a critic's scores.
        seconds: In the worker.
        device: Where it ran, as a person reads it.
        engine: What ran it (``PyTorch``, ``ONNX Runtime``).
    """

    pictures: NDArray[np.uint8]
    opinions: NDArray[np.float32] | None
    critic: bool
    seconds: float
    device: str
    engine: str


@dataclass(frozen=True, slots=True)
class Meet:
    """What is to be known of a generator before anything is drawn?

    Attributes:
        whose: Which generator.
    """

    whose: Whose = Whose()


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """The answer to ``Meet``.

    Attributes:
        card: The pair as ``functional.gan_card.to_json`` writes it.
        directions: Principal directions of its latents, unit vectors, ``(k, latents)`` float32, the strongest first.
        shares: How much of the change in pictures each stands for, ``(k,)``, 0 to 1.
        readings: Names of the ways in which a foreign file can be read, the one used first; one where there is no doubt.
        parameters: Of the generator.
        notes: What has to be said of it, in sentences.
    """

    card: dict[str, object]
    directions: NDArray[np.float32]
    shares: NDArray[np.float32]
    readings: tuple[str, ...]
    parameters: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Which training pictures are these most like: is the generator copying?

    Attributes:
        pictures: ``(n, h, w, c)`` uint8, at most 64.
        dataset: Name in ``data.image_registry.IMAGE_SETS``.
        classes: Number of the class of each in that set, ``(n,)``; None where they are not known.
    """

    pictures: NDArray[np.uint8]
    dataset: str
    classes: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The answer to ``Nearest``. Distances are root mean squares over pixels from 0 to 1.

    Attributes:
        rows: Number of the nearest training picture of each, ``(n,)``.
        pictures: These, ``(n, h, w, c)`` uint8.
        distances: To each, ``(n,)`` float32.
        usual: The same for test pictures, which nobody can have copied: the 1st, 25th, 50th, 75th and 99th percentile.
        ranks: The share of test pictures that lie closer to their nearest than this one, ``(n,)`` float32 from 0.01 to 0.99; 0 below the
            1st percentile, 1 above the 99th. Each is held against its own class where that is known.
        kinds: Of how many classes these test pictures are, the samples' own, each as often as among the samples; 0 where they are of
            all classes, because a sample's class is not known or too few test pictures have it.
        looked_at: Among how many training pictures was looked.
        all_of_them: Whether these are all that the set has.
        words: What they are, for a caption.
    """

    rows: NDArray[np.int64]
    pictures: NDArray[np.uint8]
    distances: NDArray[np.float32]
    usual: tuple[float, float, float, float, float]
    ranks: NDArray[np.float32]
    kinds: int
    looked_at: int
    all_of_them: bool
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class MakeClip:
    """A clip of pictures in a row: each frame shows one row of latents, or several side by side.

    Attributes:
        latents: ``(frames, across, latents)``, at most ``MOST_FRAMES`` frames.
        classes: ``(frames, across)`` or None.
        format: GIF or MP4.
        side: Pixels of each picture's longer side at least; each pixel becomes a whole number of pixels.
        rate: Frames a second.
        whose: Which generator.
    """

    latents: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    format: ClipFormat
    side: int = 224
    rate: int = 12
    whose: Whose = Whose()


@dataclass(frozen=True, slots=True)
class Clip:
    """The answer to ``MakeClip``: a file.

    Attributes:
        content: Its bytes.
        frames: How many pictures.
        width: In pixels.
        height: In pixels.
    """

    content: bytes
    frames: int
    width: int
    height: int
