"""From a data set to what a network is given: split, standardised, encoded.

Everything a network could learn from is measured on the training part alone: mean and deviation never see a row that
is used to judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.data.dataset import Dataset, Task
from playground.data.toy2d import EDGE

Floats = NDArray[np.float64]

TEST_SHARE = 0.2

# What the first layer may be given of two inputs: a name as read, with {a} and {b} for the inputs, and the numbers.
ENCODINGS: Mapping[str, tuple[str, Callable[[Floats, Floats], Floats]]] = {
    "x1": ("{a}", lambda a, b: a),
    "x2": ("{b}", lambda a, b: b),
    "x1_squared": ("{a}²", lambda a, b: a * a),
    "x2_squared": ("{b}²", lambda a, b: b * b),
    "x1_x2": ("{a}{b}", lambda a, b: a * b),
    "sin_x1": ("sin {a}", lambda a, b: np.sin(a)),
    "sin_x2": ("sin {b}", lambda a, b: np.sin(b)),
}


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows: ``x (n, f)`` as the first layer is given it; ``y (n,)`` and ``raw (n, d)`` as in the data."""

    x: Floats
    y: Floats
    raw: Floats

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set made ready for one experiment.

    Attributes:
        train: What is learnt from.
        val: What the network is judged on while it learns.
        test: What it is judged on at the very end; no rows where points are drawn.
        mean: Mean of each raw input over the training part, ``(d,)``; zeros for drawn points.
        scale: Deviation of each raw input over the training part, ``(d,)``; ones for drawn points, 1 for a constant.
        extent: From and to of each raw input in a picture, ``(d, 2)``.
        inputs: Names of the raw inputs.
        keys: Names of the encodings in use (``ENCODINGS``); empty where inputs go in as they are.
        features: Readable names of what the first layer is given.
        task: See ``Dataset.task``.
        classes: Names of the classes; empty for regression.
        target: Name of what is predicted.
        y_mean: Added to a standardised target after scaling; 0 for classes and drawn points.
        y_scale: Deviation of the target over the training part; 1 for classes and drawn points.
        notes: Sentences a reader should know.
        drawn: Whether the points were drawn on the plane.
    """

    train: Part
    val: Part
    test: Part
    mean: Floats
    scale: Floats
    extent: Floats
    inputs: tuple[str, ...]
    keys: tuple[str, ...]
    features: tuple[str, ...]
    task: Task
    classes: tuple[str, ...]
    target: str
    y_mean: float
    y_scale: float
    notes: tuple[str, ...]
    drawn: bool

    @property
    def outputs(self) -> int:
        """Outputs of a network for this task: one, or one per class where there are three or more."""
        return len(self.classes) if self.task == "classes" else 1

    def encode(self, raw: Floats) -> Floats:
        """What the first layer is given for rows of raw inputs: ``(m, d) -> (m, f)``."""
        return _encode((np.asarray(raw, np.float64) - self.mean) / self.scale, self.keys)

    def targets(self, y: Floats) -> Floats:
        """What a loss compares with: 0 or 1 ``(n, 1)``, one-hot ``(n, K)``, or the standardised value ``(n, 1)``."""
        if self.task == "classes":
            return np.eye(len(self.classes))[np.asarray(y).astype(np.intp)]
        return ((np.asarray(y, np.float64) - self.y_mean) / self.y_scale)[:, None]


def prepare(dataset: Dataset, features: tuple[str, ...], train_share: float, seed: int) -> Prepared:
    """Split a data set, standardise it by its training part and encode it.

    A measured table first lays a fifth of its rows aside as a covered test set; drawn points have none. Of the rest,
    ``train_share`` percent are learnt from. Each class is shared out in these proportions and is in every part where it
    has rows enough, in training first. Points drawn on [-6, 6]^2 are not standardised.

    Args:
        dataset: The rows.
        features: Keys of ``ENCODINGS``; they apply to data with exactly two inputs and are ignored otherwise.
        train_share: Percent, 10 to 90.
        seed: Decides the split, by its own stream.

    Raises:
        InputError: For too few rows, a share outside its range, or features that do not exist or are missing.
    """
    if not 10 <= train_share <= 90:
        raise InputError(f"A training share of {train_share:g} % was asked for; choose from 10 to 90.")
    fewest = 2 if dataset.drawn else 3
    if len(dataset.y) < fewest:
        raise InputError(
            f"There are {len(dataset.y)} rows; at least {fewest} are needed to train on some and judge on others."
        )
    keys, names = _chosen(dataset, features)

    rest = 1 - (0 if dataset.drawn else TEST_SHARE)
    shares = [rest * train_share / 100, rest * (1 - train_share / 100), 1 - rest]
    groups = dataset.y if dataset.classes else np.zeros_like(dataset.y)
    rows = _split(groups, shares[: 2 if dataset.drawn else 3], seed)

    d = dataset.x.shape[1]
    mean, scale, y_mean, y_scale = np.zeros(d), np.ones(d), 0.0, 1.0
    notes = list(dataset.notes)
    if not dataset.drawn:
        learnt = dataset.x[rows[0]]
        mean, scale = learnt.mean(axis=0), _deviation(learnt)
        constant = [name for name, same in zip(dataset.inputs, np.ptp(learnt, axis=0) == 0, strict=True) if same]
        if constant:
            notes.append(f"The same in every training row, so nothing can be learnt from it: {', '.join(constant)}.")
        if dataset.task == "regression":
            y_mean, y_scale = float(dataset.y[rows[0]].mean()), float(_deviation(dataset.y[rows[0], None])[0])
    for number, name in enumerate(dataset.classes):
        if (count := int((dataset.y == number).sum())) < 2:
            notes.append(f"Class '{name}' has {'no row' if count == 0 else 'a single row, which is only learnt from'}.")

    def part(chosen: NDArray[np.intp]) -> Part:
        raw = dataset.x[chosen]
        return Part(_encode((raw - mean) / scale, keys), dataset.y[chosen], raw)

    none = np.zeros(0, np.intp)
    seen = dataset.x[np.concatenate(rows[:2])]
    return Prepared(
        train=part(rows[0]),
        val=part(rows[1]),
        test=part(none if dataset.drawn else rows[2]),
        mean=mean,
        scale=scale,
        extent=np.tile([-EDGE, EDGE], (d, 1)) if dataset.drawn else _extent(seen),
        inputs=dataset.inputs,
        keys=keys,
        features=names,
        task=dataset.task,
        classes=dataset.classes,
        target=dataset.target,
        y_mean=y_mean,
        y_scale=y_scale,
        notes=tuple(notes),
        drawn=dataset.drawn,
    )


def _chosen(dataset: Dataset, features: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the encodings in use, and the readable name of each feature."""
    if len(dataset.inputs) != 2:
        return (), dataset.inputs
    keys = tuple(dict.fromkeys(features))
    if unknown := [key for key in keys if key not in ENCODINGS]:
        raise InputError(f"Unknown feature '{unknown[0]}'; choose from {', '.join(ENCODINGS)}.")
    if not keys:
        raise InputError(
            f"No feature was chosen, so the network would see nothing; choose from {', '.join(ENCODINGS)}."
        )
    a, b = dataset.inputs
    words = {"x1_x2": "{a} · {b}"} if not dataset.drawn else {}
    return keys, tuple(words.get(key, ENCODINGS[key][0]).format(a=a, b=b) for key in keys)


def _encode(x: Floats, keys: tuple[str, ...]) -> Floats:
    """The chosen encodings of two standardised inputs side by side, ``(m, f)``; all inputs as they are without keys."""
    if not keys:
        return x
    return np.column_stack([ENCODINGS[key][1](x[:, 0], x[:, 1]) for key in keys])


def _split(groups: Floats, shares: Sequence[float], seed: int) -> list[NDArray[np.intp]]:
    """Row numbers of each part, in the order of the data.

    Every row draws a number, and each group deals its rows out by those numbers. What a group could not give a part
    because rows are whole is carried over to the next group, so that the parts keep their sizes however many groups
    there are.
    """
    drawn = generator(seed, Stream.SPLIT).random(len(groups))
    parts: list[list[NDArray[np.intp]]] = [[] for _ in shares]
    carry = np.zeros(len(shares))
    for value in np.unique(groups):
        rows = np.flatnonzero(groups == value)
        rows = rows[np.argsort(drawn[rows], kind="stable")]
        wanted = len(rows) * np.asarray(shares) + carry
        counts = _whole(wanted, len(rows))
        carry = wanted - counts
        for part, chosen in zip(parts, np.split(rows, np.cumsum(counts)[:-1]), strict=True):
            part.append(chosen)
    return [np.sort(np.concatenate(part)) for part in parts]


def _whole(wanted: Floats, total: int) -> NDArray[np.intp]:
    """Whole counts near ``wanted`` that add up to ``total``, none empty while ``total`` allows, earlier parts first."""
    least = (np.arange(len(wanted)) < total).astype(np.intp)
    counts = np.maximum(np.floor(wanted).astype(np.intp), least)
    while counts.sum() < total:
        counts[np.argmax(wanted - counts)] += 1
    while counts.sum() > total:
        counts[np.argmax(np.where(counts > least, counts - wanted, -np.inf))] -= 1
    return counts


def _deviation(x: Floats) -> Floats:
    """Standard deviation of each column ``(d,)``; 1 for a column that does not vary beyond rounding."""
    deviation = x.std(axis=0)
    return np.where(deviation > 1e-12 * np.abs(x).max(axis=0), deviation, 1.0)


def _extent(x: Floats) -> Floats:
    """Smallest and largest value of each column with a twentieth of room on either side, ``(d, 2)``."""
    low, high = x.min(axis=0), x.max(axis=0)
    room = np.where(high > low, (high - low) / 20, np.maximum(np.abs(high) / 20, 1.0))
    return np.column_stack([low - room, high + room])
