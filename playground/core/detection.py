"""Questions about the objects in pictures and clips, and their answers, as they travel to the inference worker and back.

All of it is plain and picklable. Boxes are ``(left, top, right, bottom)`` in pixels of the upright original picture, as
float32, unless a field says otherwise; fractions of width and height are a ``vision.Box``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from playground.core.vision import Box, Photo

FLOOR = 0.001
"""Candidates with a lower best score are not kept: no control goes below 0.01, and scoring integrates from here."""

MOST_OBJECTS = 300
MOST_COVERS = 8

SKELETON: tuple[tuple[int, int], ...] = (
    (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10),
    (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
)  # fmt: skip
"""Which of COCO's 17 key points a body joins, by number from 0."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A part of the picture that is hidden before the network sees it.

    Attributes:
        at: Where, in fractions.
        source: From where in the same picture what is pasted there comes, in fractions; ``None`` is plain grey.
    """

    at: Box
    source: Box | None = None


@dataclass(frozen=True, slots=True)
class Detect:
    """Which objects are in a picture? Thresholds are no part of it: they are applied to what comes back.

    Attributes:
        photo: The picture.
        side: Longest side of what the network is fed, in pixels; 0 is the model's own.
        covers: What is hidden first, in this order, at most ``MOST_COVERS``.
    """

    photo: Photo
    side: int = 0
    covers: tuple[Cover, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one stride, each of which may propose one box.

    Attributes:
        stride: Pixels of the network's input from cell to cell.
        rows: From top to bottom.
        columns: From left to right.
    """

    stride: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes that a network proposes, before any is dropped, the surest first.

    Attributes:
        boxes: ``(n, 4)`` float32, cut at the picture's edges.
        scores: ``(n,)`` float32: of each box's best class, 0 to 1, at least ``FLOOR``.
        labels: ``(n,)`` int64: that class.
        cells: ``(n,)`` int64: which cell proposed it, counted through all grids, row by row.
        coefficients: ``(n, k)`` float32: how much of each prototype its mask takes; ``None`` for models without masks.
        keypoints: ``(n, points, 3)`` float32: x, y in pixels and how visible, 0 to 1; ``None`` for models without.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    cells: NDArray[np.int64]
    coefficients: NDArray[np.float32] | None = None
    keypoints: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.scores)


@dataclass(frozen=True, slots=True)
class Detected:
    """What a network said of a picture, before any threshold.

    Attributes:
        candidates: Boxes to choose from.
        names: Of the classes.
        end_to_end: The network was trained to propose each object once: nothing has to be suppressed (YOLO26).
        grids: From the finest to the coarsest.
        heat: ``(cells of all grids,)`` float16: each cell's best score.
        fed: Height and width of what the network was fed, in pixels.
        seen: Which part of what it was fed shows the picture (the rest is grey filling), in fractions of that.
        width: Of the upright original, in pixels.
        height: The same.
        prototypes: ``(k, h, w)`` float16: what masks are mixed from, over all that was fed; ``None`` for models without.
        seconds: From the file's bytes to the candidates: this picture's share of its batch.
        device: Where it ran, as a person reads it.
        engine: What ran it.
        batch: How many pictures were answered together.
        notes: What has to be said of it, in sentences.
    """

    candidates: Candidates
    names: tuple[str, ...]
    end_to_end: bool
    grids: tuple[Grid, ...]
    heat: NDArray[np.float16]
    fed: tuple[int, int]
    seen: Box
    width: int
    height: int
    prototypes: NDArray[np.float16] | None
    seconds: float
    device: str
    engine: str
    batch: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """One object that was found.

    Attributes:
        label: Name of its class.
        index: Number of its class.
        score: 0 to 1.
        box: Left, top, right, bottom in pixels of the upright original.
        mask: Its outline in the same pixels, ``((x, y), ...)``; empty where the model has none.
        keypoints: ``((x, y, visible), ...)``; empty where the model has none.
        track: Number that it keeps from frame to frame; 0 where nothing is tracked.
    """

    label: str
    index: int
    score: float
    box: tuple[float, float, float, float]
    mask: tuple[tuple[float, float], ...] = ()
    keypoints: tuple[tuple[float, float, float], ...] = ()
    track: int = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Which of the candidates are shown.

    Attributes:
        confidence: Those that are at least so sure.
        iou: Of two that overlap by more than this, the surer one stays.
        classes: Of these classes; empty is all.
        agnostic: Boxes of different classes suppress each other, too.
        most: At most so many.
    """

    confidence: float = 0.25
    iou: float = 0.7
    classes: tuple[int, ...] = ()
    agnostic: bool = False
    most: int = MOST_OBJECTS


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw objects into a picture at its own size (needs no model).

    Attributes:
        photo: The picture.
        things: What is drawn.
        labels: Whether names and scores are written.
    """

    photo: Photo
    things: tuple[Thing, ...]
    labels: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its objects, as PNG."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """Cut objects out of a picture (needs no model).

    Attributes:
        photo: The picture.
        boxes: What is cut out, in pixels of the upright original.
        side: Longer side at most, in pixels; 0 is as large as it is.
    """

    photo: Photo
    boxes: tuple[tuple[float, float, float, float], ...]
    side: int = 0


@dataclass(frozen=True, slots=True)
class Cuttings:
    """The pieces as JPEG, in the order of the boxes."""

    jpegs: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Film:
    """Which objects are in a clip, and where do they go?

    Attributes:
        path: The file; chosen by this server, never by a visitor.
        name: What the visitor calls it.
        digest: Of its content: tells two clips apart that lie at the same place one after the other.
        rate: So many frames a second are looked at.
        thresholds: Which objects count.
        seconds: No more of it is looked at.
        labels: Whether names and scores are written into the annotated clip.
        megapixels: Clips whose frames have more pixels, in millions, are refused.
    """

    path: str
    name: str
    digest: str
    rate: float = 5.0
    thresholds: Thresholds = field(default_factory=Thresholds)
    seconds: float = 60.0
    labels: bool = True
    megapixels: float = 9.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of a clip that was looked at: seconds from its start, and what is in it."""

    seconds: float
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Filmed:
    """A clip with its objects.

    Attributes:
        mp4: The annotated clip (H.264, plays in browsers).
        moments: Every frame that was looked at, in order.
        tracks: Of each class: how many tracks of at least three frames there are.
        duration: Of the clip, in seconds.
        rate: Frames a second that were looked at.
        width: Of a frame, upright, in pixels.
        height: The same.
        seconds: How long it took.
        device: Where it ran.
        engine: What ran it.
        notes: What has to be said of it, in sentences.
    """

    mp4: bytes
    moments: tuple[Moment, ...]
    tracks: tuple[tuple[str, int], ...]
    duration: float
    rate: float
    width: int
    height: int
    seconds: float
    device: str
    engine: str
    notes: tuple[str, ...] = ()
