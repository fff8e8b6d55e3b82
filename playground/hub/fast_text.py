"""A text network run by ONNX Runtime instead of PyTorch, for batches of any size and texts of any length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.hub.fast import session

INPUTS = ("ids", "mask")
"""What the inputs of a copy are called."""


class FastText:
    """A text network that ONNX Runtime runs. Several threads may use it at once.

    Attributes:
        bytes: Memory that it takes, roughly.
    """

    def __init__(self, path: Path) -> None:
        """Open a copy; raises what ONNX Runtime raises of a file that is none."""
        self._session = session(path)
        self.bytes = path.stat().st_size

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Logits ``(n, classes)`` of pieces ``(n, t)`` with their marks, and 1 where something stands."""
        (found,) = self._session.run(None, dict(zip(INPUTS, (ids, mask), strict=True)))
        return np.asarray(found, dtype=np.float32)
