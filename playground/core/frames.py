"""A live picture as bytes: a small header of numbers and words, then blocks of plain arrays.

Layout, little-endian throughout::

    4 bytes   "DLP1"
    4 bytes   length of the header in bytes, uint32 (a multiple of 4, padded with spaces)
    header    JSON (UTF-8): {"kind": ..., ..., "blocks": [[name, dtype, shape], ...]}
    blocks    the arrays in that order, row-major, each starting at a multiple of 4 bytes

``dtype`` is one of ``u1 i1 u2 i2 f4``. The one decoder in JavaScript is ``ui/live/frame.js``; a golden-bytes test holds the
two together. Numbers that are not finite travel as ``null``.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"DLP1"
_DTYPES = {"u1", "i1", "u2", "i2", "f4"}


def pack(kind: str, header: Mapping[str, Any], blocks: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack a frame.

    Args:
        kind: What is shown (``"mlp.tick"``); the browser picks its drawing code by it.
        header: JSON-ready numbers and words.
        blocks: Arrays of uint8, int8, uint16, int16 or float32, any shape.

    Raises:
        TypeError: A block of another dtype.
    """
    table, body = [], bytearray()
    for name, array in blocks.items():
        dtype = array.dtype.str.lstrip("<>|=")
        if dtype not in _DTYPES:
            raise TypeError(f"block '{name}' has dtype {array.dtype}; allowed: {', '.join(sorted(_DTYPES))}")
        table.append([name, dtype, list(array.shape)])
        body += np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
        body += b"\0" * (-len(body) % 4)
    text = json.dumps(_finite({"kind": kind, **header, "blocks": table}), separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return MAGIC + struct.pack("<I", len(text)) + text + bytes(body)


def unpack(frame: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and blocks of a packed frame (used by tests and the text alternative; the browser has its own).

    Raises:
        ValueError: Not a frame, or cut short.
    """
    if frame[:4] != MAGIC:
        raise ValueError("not a frame: the first four bytes are not 'DLP1'")
    (length,) = struct.unpack_from("<I", frame, 4)
    header = json.loads(frame[8 : 8 + length])
    offset, blocks = 8 + length, {}
    for name, dtype, shape in header["blocks"]:
        count = math.prod(shape)
        blocks[name] = np.frombuffer(frame, np.dtype("<" + dtype), count, offset).reshape(shape)
        offset += -(-blocks[name].nbytes // 4) * 4
    return header, blocks


def single(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Values in single precision, of any shape, as a block holds them; what is too large for it is left out as ``nan``."""
    return np.where(np.abs(values) < 1e38, values, np.nan).astype(np.float32)


def _finite(value: Any) -> Any:
    """The same structure with numbers that JSON does not know (NaN, infinities) as ``None``."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
