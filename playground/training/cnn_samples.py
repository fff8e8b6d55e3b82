"""Which pictures are offered to look at: the first validation pictures of each class, mixed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.data.image_set import IMAGE_SETS, Labelled
from playground.specs.cnn import OWN, PRESETS, CNNSpec

DIGITS = tuple("0123456789")
MOST, AMONG = 48, 480
"""So many are offered, of so many first ones."""


def samples(val: Labelled) -> NDArray[np.intp]:
    """Numbers of the offered validation pictures: one of each class in turn, in their order."""
    labels = val.y[:AMONG]
    turn = np.zeros(len(labels), dtype=np.int64)  # how many of its class came before
    for label in np.unique(labels):
        rows = labels == label
        turn[rows] = np.arange(np.count_nonzero(rows))
    order = np.lexsort((np.arange(len(labels)), turn))
    return np.asarray(order[:MOST], dtype=np.intp)


def title(spec: CNNSpec) -> str:
    """Network and data in a few words."""
    network = "Your own blocks" if spec.preset == OWN else PRESETS[spec.preset].title
    return f"{network} on {'your pictures' if spec.dataset == OWN else IMAGE_SETS[spec.dataset].title}"
