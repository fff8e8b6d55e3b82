"""Photos from outside: decoded within limits, upright, in three channels, or refused in words.

Size and format are read from the header first, and nothing is decoded that says it is too large: a few hundred bytes can
claim ten thousand million pixels. What is decoded is what a person sees in a viewer: rotated as the camera noted it,
transparent parts on white, the first picture of an animation.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from playground.core.errors import InputError

MEGAPIXEL_SCANS = 1000
"""A progressive JPEG is decoded scan by scan, each over all of the picture; this many take about two seconds."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM")
MEGABYTES, MEGAPIXELS = 20, 50
SMALLEST = 8
"""Fewer pixels a side than this show nothing to anybody."""
BAND = 1_000_000
"""So many pixels are computed with at once."""
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Picture:
    """A decoded photo.

    Attributes:
        image: RGB, upright.
        name: As the visitor's file was called.
        notes: What was done to it, in sentences, where that may surprise.
    """

    image: Image.Image
    name: str
    notes: tuple[str, ...] = ()


def read_picture(
    content: bytes, name: str, *, megabytes: float = MEGABYTES, megapixels: float = MEGAPIXELS, near: int = 0
) -> Picture:
    """Decode a file that came from outside.

    Args:
        content: The whole file.
        name: What it is called, for the words of an error.
        megabytes: Larger files are not looked at.
        megapixels: Pictures with more pixels are not decoded.
        near: A large JPEG may be decoded smaller, which is many times faster, as long as each side keeps twice so many pixels;
            0 decodes all of it.

    Raises:
        InputError: It is no picture, a broken one, or too large or small; says which, and what is allowed.
    """
    shown = name[:80] or "The file"
    if not content:
        raise InputError(f"{shown} is empty.")
    if len(content) > megabytes * 1e6:
        raise InputError(f"{shown} has {len(content) / 1e6:,.1f} MB; at most {megabytes:g} MB are taken.")
    if b"<svg" in content[:2000].lower():
        raise InputError(f"{shown} is a drawing (SVG), not a photo. Save it as PNG first.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the sizes that are judged here, and of odd metadata
            Image.init()  # all plugins, whatever was opened before
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_effort(image, content, shown)
            return _decoded(image, shown, megapixels, near)
    except UnidentifiedImageError:
        raise InputError(
            f"{shown} is not a picture that can be read here. Use JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF."
        ) from None
    except (OSError, SyntaxError, ValueError, TypeError, IndexError, struct.error, EOFError, MemoryError) as error:
        # Pillow's decoders raise all of these on broken files.
        raise InputError(f"{shown} is a broken picture: it cannot be decoded ({_reason(error)}).") from None
    except Image.DecompressionBombError:
        raise InputError(f"{shown} claims more pixels than can be decoded; at most {megapixels:g} million.") from None


def _check_effort(image: Image.Image, content: bytes, shown: str) -> None:
    """Refuse a file that is small, and would take minutes or gigabytes to decode all the same."""
    pixels = image.width * image.height
    if image.format in ("JPEG", "MPO"):
        scans = content.count(b"\xff\xda")
        if scans * pixels > MEGAPIXEL_SCANS * 1e6:
            raise InputError(
                f"{shown} is stored in {scans:,} passes over the picture, too many to decode. Save it anew."
            )
    if image.format == "TIFF":
        tags = image.tag_v2  # type: ignore[attr-defined]
        tile = int(tags.get(322, 0)) * int(tags.get(323, 0))
        if tile > 4 * pixels + 1_000_000:
            raise InputError(
                f"{shown} is stored in tiles much larger than the picture, and is not decoded. Save it anew."
            )


def _decoded(image: Image.Image, shown: str, megapixels: float, near: int) -> Picture:
    width, height = image.size
    if width * height > megapixels * 1e6:
        raise InputError(
            f"{shown} has {width:,} x {height:,} pixels; at most {megapixels:g} million are decoded. Make it smaller first."
        )
    if min(width, height) < SMALLEST:
        raise InputError(
            f"{shown} has only {width} x {height} pixels; a picture needs {SMALLEST} x {SMALLEST} at the least."
        )
    notes = []
    if getattr(image, "is_animated", False) and image.format != "MPO":  # cameras put a preview into those
        notes.append("Of this animation, the first picture is used.")
    image.seek(0)
    if near:
        image.draft(None, (2 * near, 2 * near))
    image.load()
    turned = image.getexif().get(0x0112) in range(2, 9)
    upright = ImageOps.exif_transpose(image) if turned or image.mode == "RGB" else image  # which copies, turned or not
    if turned:
        notes.append("Turned upright, as the camera noted.")
    return Picture(_rgb(upright, notes), shown, tuple(notes))


def _rgb(image: Image.Image, notes: list[str]) -> Image.Image:
    """Three channels of eight bits."""
    if image.mode == "RGB":
        return image
    if image.mode.startswith(("I", "F")):
        notes.append("Its 16 or more bits were brought to 8.")
        return _eight_bits(image)
    if image.has_transparency_data:
        notes.append("Transparent parts are shown on white.")
        solid = image.convert("RGBA")
        ground = Image.new("RGBA", solid.size, "white")
        return Image.alpha_composite(ground, solid).convert("RGB")
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """A picture of one channel with more bits, in three of eight: band by band, for a band takes eight times the memory."""
    rows = max(1, BAND // image.width)
    bands = [(0, top, image.width, min(top + rows, image.height)) for top in range(0, image.height, rows)]
    low, high = 0.0, 65535.0
    if not image.mode.startswith("I;16"):
        found = [(float(band.min()), float(band.max())) for band in (_numbers(image, box) for box in bands)]
        least, most = min(one for one, _ in found), max(one for _, one in found)
        if not (image.mode == "I" and least >= 0 and 255 < most <= high):
            low, high = least, most
    made = Image.new("RGB", image.size)
    for box in bands:
        scaled = (_numbers(image, box) - low) / max(high - low, 1e-12) * 255
        made.paste(Image.fromarray(scaled.round().astype(np.uint8)).convert("RGB"), box)
    return made


def _numbers(image: Image.Image, box: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """A part of a picture of one channel, as finite numbers."""
    values = np.asarray(image.crop(box), dtype=np.float64)
    return np.nan_to_num(values, copy=False, posinf=_LARGEST, neginf=-_LARGEST)


def _reason(error: BaseException) -> str:
    """Pillow's own words, short and in one line."""
    return " ".join(str(error).split())[:80] or type(error).__name__
