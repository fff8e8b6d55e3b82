"""What the first bytes of a picture's file say: whether it is one, how large, and how much work it would be. Nothing is decoded."""

from __future__ import annotations

import io
import re
import struct
import warnings

from PIL import Image

from playground.data.pictures import FORMATS

PASSES = 16
"""So many passes over the picture no JPEG has that a camera or a program wrote; each is decoded over all of it."""

_BEGINNINGS = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0|II\*\0|MM\0\*|....ftypavi[fs]|P[1-6]\s",
    re.DOTALL,
)
_SIZES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_BARE = {0x01, *range(0xD0, 0xD9)}


def looks_like_picture(head: bytes) -> bool:
    """Whether a file that begins so, with 16 bytes, says that it is a picture."""
    return _BEGINNINGS.match(head) is not None


def effort(content: bytes, megapixels: float) -> float:
    """Pixels that decoding a file has to go over; 0 where it would not be decoded.

    A JPEG in more than ``PASSES`` passes over the picture counts as many times more.

    Args:
        content: The whole file.
        megapixels: Larger pictures are passed over.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which are judged here
            Image.init()
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                pixels, format = image.width * image.height, image.format
    except (OSError, SyntaxError, ValueError, TypeError, IndexError, struct.error, EOFError, MemoryError):
        return 0.0  # broken: said where it is read
    except Image.DecompressionBombError:
        return 0.0
    if pixels > megapixels * 1e6:
        return 0.0
    return pixels * max(1.0, content.count(b"\xff\xda") / PASSES) if format in ("JPEG", "MPO") else float(pixels)


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height as the header of a PNG, JPEG or WebP says; ``None`` where it is none of these. Nothing is decoded."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return struct.unpack(">II", content[16:24])
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        pass  # it ends too early
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """The largest size that is said before the picture's data begin."""
    at, found = 2, (0, 0)
    while content[at] == 0xFF:
        kind = content[at + 1]
        if kind == 0xFF:
            at += 1
        elif kind in _BARE:
            at += 2
        elif kind in (0xD9, 0xDA):
            break
        else:
            if kind in _SIZES:
                high, wide = struct.unpack(">HH", content[at + 5 : at + 9])
                found = (max(found[0], wide), max(found[1], high))
            at += 2 + max(2, *struct.unpack(">H", content[at + 2 : at + 4]))
    return found if min(found) > 0 else None


def _webp(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8 ":
        wide, high = struct.unpack("<HH", content[26:30])
        return wide & 0x3FFF, high & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", content[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
