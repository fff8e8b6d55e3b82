"""1,797 handwritten digits of 8 x 8 squares, as scikit-learn installs them: small, real, and always there.

Each square is four pixels here: at 8 x 8 nothing would be left for a second convolution of 5 x 5 to slide over.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from playground.data.image_set import ImageSet, Labelled
from playground.data.installed import numbers

CLASSES = tuple("0123456789")
TRAIN, VAL, TEST = 1257, 270, 270
"""Validation comes first in the file's order, as everywhere; the test pictures are its last ones."""


def load(folder: Path) -> ImageSet:
    """All of them; nothing is looked for in ``folder``."""
    every = _read()
    cut = VAL + TRAIN
    return ImageSet(
        train=Labelled(every.x[VAL:cut], every.y[VAL:cut]),
        val=Labelled(every.x[:VAL], every.y[:VAL]),
        test=Labelled(every.x[cut:], every.y[cut:]),
        classes=CLASSES,
    )


def some(folder: Path, n: int) -> Labelled:
    """The first ``n`` validation pictures."""
    every = _read()
    count = min(n, VAL)
    return Labelled(every.x[:count], every.y[:count])


def _read() -> Labelled:
    """Ink is counted from 0 to 16 in each square; here 16 is white."""
    rows = numbers("digits.csv.gz", ",", 0)
    x = np.rint(rows[:, :64] * (255 / 16)).astype(np.uint8).reshape(-1, 8, 8, 1)
    return Labelled(x.repeat(2, axis=1).repeat(2, axis=2), rows[:, 64].astype(np.int64))
