"""Frames: the bytes that the browser's decoder reads, and that they come back as they went."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.core.frames import pack, unpack

GOLDEN = (
    b"DLP1"
    + (92).to_bytes(4, "little")
    + b'{"kind":"toy","n":1.5,"gap":null,"blocks":[["a","u1",[3]],["b","i2",[2,1]],'
    b'["c","f4",[1]]]} ' + b"\x01\x02\xff\x00" + b"\x00\x80\xff\x7f" + b"\x00\x00\x80\x3f"
)


def test_the_bytes_are_these_and_no_others() -> None:
    blocks = {
        "a": np.array([1, 2, 255], dtype=np.uint8),
        "b": np.array([[-32768], [32767]], dtype=np.int16),
        "c": np.array([1.0], dtype=np.float32),
    }
    frame = pack("toy", {"n": 1.5, "gap": math.nan}, blocks)
    assert frame == GOLDEN


def test_what_is_packed_comes_back() -> None:
    rng = np.random.default_rng(0)
    blocks = {
        name: (rng.random((5, 7)) * 100).astype(dtype)
        for name, dtype in {"a": "u1", "b": "i1", "c": "u2", "d": "i2", "e": "f4"}.items()
    }
    blocks["empty"] = np.zeros((0, 3), dtype=np.float32)
    header, found = unpack(pack("toy", {"words": "ünïcode ₁", "inner": {"list": [1, (2, math.inf)]}}, blocks))
    assert (header["kind"], header["words"], header["inner"]) == ("toy", "ünïcode ₁", {"list": [1, [2, None]]})
    assert list(found) == list(blocks)
    for name, block in blocks.items():
        np.testing.assert_array_equal(found[name], block)


def test_every_block_starts_at_a_multiple_of_four_bytes() -> None:
    frame = pack("toy", {"x": "abc"}, {"a": np.zeros(3, np.uint8), "b": np.ones(1, np.float32)})
    assert int.from_bytes(frame[4:8], "little") % 4 == 0
    assert frame[-4:] == np.float32(1).tobytes()
    assert len(frame) % 4 == 0


@pytest.mark.parametrize("dtype", ["f8", "i8", "i4", "?"])
def test_other_dtypes_are_refused(dtype: str) -> None:
    with pytest.raises(TypeError, match="block 'a'"):
        pack("toy", {}, {"a": np.zeros(2, dtype=dtype)})


def test_a_text_that_is_no_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="not a frame"):
        unpack(b"<html>")
    with pytest.raises(ValueError):  # noqa: PT011  (NumPy's own words)
        unpack(GOLDEN[:-2])
