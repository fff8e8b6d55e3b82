"""Photos from outside, good and bad: each is decoded as a viewer shows it, or refused in words."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from playground.core.errors import InputError
from playground.data import pictures
from playground.data.pictures import read_picture


def scene(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (size[0] // 2, 0, *size))
    return image.convert(mode)


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    """As a file."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def colours(image: Image.Image) -> tuple[Any, Any]:
    """Of the middle of its left and right half."""
    width, height = image.size
    return image.getpixel((width // 4, height // 2)), image.getpixel((3 * width // 4, height // 2))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM"])
def test_every_format_comes_out_as_it_was_painted(format: str) -> None:
    picture = read_picture(saved(scene(), format), "a.file")
    assert picture.image.mode == "RGB" and picture.image.size == (40, 20)
    left, right = colours(picture.image)
    assert np.allclose(left, (200, 30, 30), atol=12) and np.allclose(right, (30, 30, 200), atol=12)
    assert picture.notes == ()


@pytest.mark.parametrize(
    ("mode", "format"), [("P", "PNG"), ("L", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("CMYK", "JPEG"), ("CMYK", "TIFF")]
)
def test_every_mode_becomes_three_channels(mode: str, format: str) -> None:
    picture = read_picture(saved(scene(mode), format), "a.file")
    assert picture.image.mode == "RGB"
    left, right = colours(picture.image)
    grey = mode in ("L", "1", "LA")
    assert (left[0] == left[1] == left[2]) if grey else left[0] > left[2] + 100
    assert left != right


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_stands_upright_whatever_the_camera_noted(orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # Pillow's transpose that makes such a file
    turned = scene().transpose(Image.Transpose(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = read_picture(saved(turned, "JPEG", exif=exif, quality=95), "photo.jpg")
    assert picture.image.size == (40, 20)
    left, right = colours(picture.image)
    assert left[0] > left[2] + 100 and right[2] > right[0] + 100
    assert picture.notes == ("Turned upright, as the camera noted.",)


def test_transparent_parts_are_white() -> None:
    image = scene("RGBA")
    image.putalpha(0)
    picture = read_picture(saved(image, "PNG"), "a.png")
    assert colours(picture.image) == ((255, 255, 255), (255, 255, 255))
    assert "white" in picture.notes[0]


def test_sixteen_bits_keep_their_brightness() -> None:
    grey = np.linspace(0, 65535, 40 * 20).reshape(20, 40).astype(np.uint16)
    picture = read_picture(saved(Image.fromarray(grey), "PNG"), "a.png")
    assert np.abs(np.asarray(picture.image)[..., 0] - grey / 257).max() <= 1


def test_numbers_of_any_kind_are_spread_over_eight_bits_band_by_band(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "BAND", 100)  # two rows and a half
    ramp = np.linspace(-3, 5, 40 * 21, dtype=np.float32).reshape(21, 40)
    picture = read_picture(saved(Image.fromarray(ramp), "TIFF"), "a.tiff")
    assert picture.image.mode == "RGB" and picture.notes == ("Its 16 or more bits were brought to 8.",)
    assert np.abs(np.asarray(picture.image) - ((ramp + 3) / 8 * 255)[..., None]).max() <= 1
    for most, wanted in ((65535, 65535), (200, 200), (1_000_000, 1_000_000)):  # the second and third by their own range
        values = np.linspace(0, most, 40 * 21).reshape(21, 40).astype(np.int32)
        found = np.asarray(read_picture(saved(Image.fromarray(values), "TIFF"), "a.tiff").image)[..., 0]
        assert np.abs(found - values / wanted * 255).max() <= 1
    half = (np.arange(40 * 21).reshape(21, 40) * 38).astype(np.int32)  # up to 31,882: as dark as it is among 16 bits
    found = np.asarray(read_picture(saved(Image.fromarray(half), "TIFF"), "a.tiff").image)[..., 0]
    assert np.abs(found - half / 257).max() <= 1
    ramp[3, 3], ramp[4, 4] = np.nan, np.inf
    assert read_picture(saved(Image.fromarray(ramp), "TIFF"), "a.tiff").image.getpixel((4, 4)) == (255, 255, 255)


def test_sixteen_bits_are_computed_with_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, numbers = [], pictures._numbers

    def counted(image: Image.Image, box: tuple[int, int, int, int]) -> Any:
        found = numbers(image, box)
        seen.append(found.size)
        return found

    monkeypatch.setattr(pictures, "_numbers", counted)
    content = saved(Image.fromarray(np.full((1200, 2000), 30_000, np.uint16)), "PNG")
    assert read_picture(content, "a.png").image.getpixel((1999, 1199)) == (117, 117, 117)
    assert sum(seen) == 2_400_000 and max(seen) <= pictures.BAND


def test_an_animation_shows_its_first_picture() -> None:
    frames = [scene(), Image.new("RGB", (40, 20), "green")]
    for format in ("GIF", "WEBP"):
        content = saved(frames[0], format, save_all=True, append_images=frames[1:])
        picture = read_picture(content, "a.gif")
        assert colours(picture.image)[0][0] > 150
        assert picture.notes == ("Of this animation, the first picture is used.",)


def claimed(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    parts = [chunk, data, b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts
    )


BAD = {
    "empty": (b"", "is empty"),
    "large": (b"\xff\xd8" + bytes(3_000_000), "at most 2 MB"),
    "bomb": (claimed(50_000, 50_000), "claims more pixels than can be decoded; at most 50 million"),
    "too many pixels": (claimed(8_000, 8_000), "8,000 x 8,000 pixels; at most 50 million"),
    "truncated jpeg": (saved(scene(size=(400, 400)), "JPEG")[:2000], "broken picture"),
    "truncated png": (saved(scene(size=(400, 400)), "PNG")[:200], "broken picture"),
    "html": (b"<!doctype html><html><body>404</body></html>", "not a picture that can be read"),
    "svg": (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'></svg>", "SVG"),
    "pickle": (b"\x80\x04\x95\x1d\x00\x00\x00cposix\nsystem\n", "not a picture that can be read"),
    "text": ("häßlich".encode(), "not a picture that can be read"),
    "tiny": (saved(scene(size=(4, 4)), "PNG"), "only 4 x 4 pixels"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n", "not a picture that can be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_refused_in_words(name: str) -> None:
    content, words = BAD[name]
    with pytest.raises(InputError, match=words):
        read_picture(content, "photo.jpg", megabytes=2)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"]))
def test_damaged_files_are_decoded_or_refused_and_nothing_else_happens(seed: int, format: str) -> None:
    drawn = random.Random(seed)
    content = bytearray(saved(scene(), format))
    for _ in range(drawn.randint(1, 30)):
        content[drawn.randrange(len(content))] = drawn.randrange(256)
    try:
        picture = read_picture(bytes(content[: drawn.randint(1, len(content))]), "a")
    except InputError:
        return
    assert picture.image.mode == "RGB"


def test_a_small_file_that_would_take_minutes_to_decode_is_refused() -> None:
    whole = saved(scene(size=(3000, 2000)), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    read_picture(whole, "progressive.jpg")  # as cameras and the web make them
    with pytest.raises(InputError, match="passes over the picture, too many to decode"):
        read_picture(whole[:-2] + whole[last:-2] * 300 + whole[-2:], "scans.jpg")


def test_tiles_much_larger_than_their_picture_are_refused() -> None:
    entries = [
        (256, 3, 64), (257, 3, 64), (258, 3, 8), (259, 3, 8), (262, 3, 1), (277, 3, 1), (322, 4, 46336), (323, 4, 46336), (324, 4, 200),
        (325, 4, 20),
    ]  # fmt: skip
    body = struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        body += struct.pack("<HHI", tag, kind, 1) + (
            struct.pack("<HH", value, 0) if kind == 3 else struct.pack("<I", value)
        )
    made = b"II*\0" + struct.pack("<I", 8) + body + b"\0" * 4
    with pytest.raises(InputError, match="tiles much larger than the picture"):
        read_picture(made.ljust(200, b"\0") + zlib.compress(bytes(64)), "tiles.tif")
