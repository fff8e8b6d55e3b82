"""What the header of a picture's file says, without decoding it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from playground.core.errors import InputError
from playground.data.cut_pictures import check_cut, read_cut
from playground.data.picture_heads import looks_like_picture, size_of


def saved(format: str, size: tuple[int, int] = (37, 21), mode: str = "RGB", **more: Any) -> bytes:
    held = io.BytesIO()
    Image.new(mode, size).save(held, format, **more)
    return held.getvalue()


@pytest.mark.parametrize(
    ("format", "mode", "more"),
    [("PNG", "RGB", {}), ("PNG", "1", {}), ("JPEG", "RGB", {}), ("JPEG", "L", {"progressive": True, "exif": bytes(900)}),
     ("WEBP", "RGB", {}), ("WEBP", "RGB", {"lossless": True}), ("WEBP", "RGBA", {"exif": Image.Exif()})],
)  # fmt: skip
def test_the_header_says_the_size_that_is_decoded(format: str, mode: str, more: dict[str, Any]) -> None:
    content = saved(format, mode=mode, **more)
    assert size_of(content) == (37, 21) and looks_like_picture(content[:16])
    assert read_cut(content, "It").size == (37, 21)


def test_large_ones_other_kinds_and_many_passes_are_refused() -> None:
    for format in ("PNG", "JPEG", "WEBP"):
        with pytest.raises(InputError, match="513 x 20 pixels; at most 512"):
            check_cut(saved(format, (513, 20)), "It")
    with pytest.raises(InputError, match="not a picture"):
        check_cut(saved("GIF"), "It")
    with pytest.raises(InputError, match="passes over the picture"):
        check_cut(saved("JPEG") + b"\xff\xda" * 40, "It")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([saved("PNG"), saved("JPEG"), saved("WEBP"), b""]), st.integers(0, 60), st.binary(max_size=40))
def test_broken_headers_break_nothing(content: bytes, keep: int, rest: bytes) -> None:
    found = size_of(content[:keep] + rest)
    assert found is None or len(found) == 2
