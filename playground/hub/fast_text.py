"""A text network run by ONNX Runtime instead of PyTorch, for batches of any size and texts of any length."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from playground.catalog import exports
from playground.hub.fast import EQUAL, onnxruntime

__all__ = ["EQUAL", "INPUTS", "FastText", "opened"]

log = logging.getLogger("playground")

INPUTS = ("ids", "mask")
"""What the inputs of a copy are called."""


class FastText:
    """A text network that ONNX Runtime runs. Several threads may use it at once.

    Attributes:
        bytes: Memory that it takes, roughly.
    """

    def __init__(self, path: Path) -> None:
        """Open a copy; raises what ONNX Runtime raises of a file that is none."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.log_severity_level = 3  # errors alone: its warnings are for whoever made the file
        # Threads that spin while they wait take the cores from everybody else on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.bytes = path.stat().st_size

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Logits ``(n, classes)`` of pieces ``(n, t)`` with their marks, and 1 where something stands."""
        (found,) = self._session.run(None, dict(zip(INPUTS, (ids, mask), strict=True)))
        return np.asarray(found, dtype=np.float32)


def opened(path: Path) -> FastText | None:
    """A copy on disk, ready to answer; ``None`` where it is missing or broken."""
    try:
        return FastText(path)
    except OSError:
        return None
    except Exception as error:  # noqa: BLE001
        # Its errors have no common ancestor. Whatever is wrong with the copy, PyTorch answers, and the copy is made anew.
        log.warning("%s cannot be used: %s", path, " ".join(str(error).split())[:200])
        with contextlib.suppress(OSError):
            path.with_name(exports.NOTE).unlink(missing_ok=True)
        return None
