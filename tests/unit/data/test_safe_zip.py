"""Zip files from outside: what is not to be trusted is refused in words, and nothing is ever written to disk."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import InputError
from playground.data.safe_zip import members


def packed(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """As a zip; names are written as they are."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return held.getvalue()


def of_kind(name: str, mode: int) -> bytes:
    """A zip of one file that is a link, a device or the like."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, "/etc/passwd")
    return held.getvalue()


def locked(content: bytes) -> bytes:
    """The same zip, each file marked as encrypted."""
    changed = bytearray(content)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(sign)
        while place >= 0:
            changed[place + at] |= 1
            place = changed.find(sign, place + 4)
    return bytes(changed)


def read(content: bytes, files: int = 20_000) -> dict[str, bytes]:
    """Everything in a zip."""
    return {"/".join(one.parts): one.read() for one in members(content, "a.zip", megabytes=50, files=files)}


def test_files_are_found_and_leftovers_are_not() -> None:
    files = {
        "pets/cats/1.jpg": b"one", "pets/dogs/2.jpg": b"two", "__MACOSX/pets/cats/._1.jpg": b"x", "pets/.DS_Store": b"x",
        "pets/cats/Thumbs.db": b"x", "./pets/cats/3.jpg": b"three", "pets\\dogs\\4.jpg": b"four",
    }  # fmt: skip
    assert read(packed(files)) == {
        "pets/cats/1.jpg": b"one", "pets/dogs/2.jpg": b"two", "pets/cats/3.jpg": b"three", "pets/dogs/4.jpg": b"four",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["../out.jpg", "cats/../../out.jpg", "/etc/out.jpg", "C:/out.jpg", "c:\\out.jpg", "..\\out.jpg", "\\\\host\\out.jpg"]
)  # fmt: skip
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="leads out of it"):
        read(packed({"cats/1.jpg": b"x", name: b"x"}))


@pytest.mark.parametrize("name", ["Class: cats/1.jpg", "9:30/1.jpg", "cats/c:/1.jpg"])
def test_a_colon_in_a_name_is_no_drive(name: str) -> None:
    assert read(packed({name: b"x"})) == {name: b"x"}


@pytest.mark.parametrize(("mode", "words"), [(0o120777, "a link to another place"), (0o020666, "no plain file")])
def test_links_and_devices_are_refused(mode: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(of_kind("cats/1.jpg", mode))


def test_a_bomb_is_refused_before_anything_is_unpacked() -> None:
    with pytest.raises(InputError, match="times as much"):
        read(packed({"cats/1.bmp": bytes(40_000_000)}))
    with pytest.raises(InputError, match="times as much"):  # many small ones, as in bombs that share their data
        read(packed({f"cats/{i}.bmp": bytes(500_000) for i in range(60)}))


def test_a_size_that_is_a_lie_unpacks_no_further_than_it_said() -> None:
    content = bytearray(packed({"cats/1.bmp": bytes(30_000_000)}))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.find(sign) + at, 1000)
    (found,) = members(bytes(content), "a.zip", megabytes=50, files=10)
    with pytest.raises(InputError, match="broken"):
        found.read()


def test_a_hundred_thousand_files_are_refused_by_their_list() -> None:
    entry = b"PK\x01\x02" + bytes(42) + b"a"
    with pytest.raises(InputError, match="about 100,000 files; at most 20,000"):
        read(entry * 100_000)


def test_locked_zips_are_refused() -> None:
    with pytest.raises(InputError, match="password"):
        read(locked(packed({"cats/1.jpg": b"x"})))


def test_unusual_packing_is_refused() -> None:
    with pytest.raises(InputError, match="unusual way"):
        read(packed({"cats/1.jpg": b"x"}, zipfile.ZIP_LZMA))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("cats/1.jpg", "one")
        archive.writestr("cats/1.jpg", "two")
    with pytest.raises(InputError, match="two files called cats/1.jpg"):
        read(held.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06" + bytes(17), b"\x89PNG and so on", b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="not a zip file"):
        read(content)


def test_too_large_a_zip_is_not_looked_at() -> None:
    with pytest.raises(InputError, match="at most 1 MB"):
        members(bytes(1_100_000), "a.zip", megabytes=1, files=10)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_zip_is_read_or_refused_in_words(data: st.DataObject) -> None:
    content = bytearray(packed({"cats/1.jpg": b"one" * 50, "dogs/2.jpg": b"two" * 50}))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(bytes(content))
    except InputError:
        return
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in found)
