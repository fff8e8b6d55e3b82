"""Classes of a visitor's own: what a browser may say, how much is taken, and that what is sent twice is taken once."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest

from playground.ui.parts.own_album import BYTES, CLASSES, EACH, Album


def data(number: int, size: int = 100) -> str:
    """The head of a picture, and something to tell it from others: nothing here looks further."""
    return base64.b64encode(head(224, 224) + number.to_bytes(4, "little") * (size // 4)).decode()


def head(wide: int, high: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", wide, high)


@pytest.fixture
def album() -> Album:
    made = Album()
    made.start_anew()
    return made


def tell(album: Album, *operations: dict[str, Any], tag: str = "tab") -> list[str]:
    first = album.heard + 1 if tag == album.tag else 1
    return album.obey(tag, [{"n": first + at, **one} for at, one in enumerate(operations)], "public")


def add(album: Album, number: int, at: int = 0, **other: Any) -> dict[str, Any]:
    return {"do": "add", "class": album.classes[at].id, "picture": f"id-{number:04}", "data": data(number), **other}


def test_what_is_sent_twice_is_taken_once(album: Album) -> None:
    operations = [{"n": 1, **add(album, 1)}, {"n": 2, **add(album, 2)}, {"n": 3, "wish": "train"}]
    assert album.obey("tab", operations[:2], "public") == []
    assert album.obey("tab", operations, "public") == ["train"] and album.heard == 3
    assert album.obey("tab", operations, "public") == []
    assert [one.id for one in album.classes[0].pictures] == ["id-0001", "id-0002"]
    tell(album, add(album, 1, picture="id-other"), tag="another tab")
    assert len(album.classes[0].pictures) == 2, "the very same picture is there already"
    assert album.heard == 1


def test_classes_are_named_added_emptied_and_dropped(album: Album) -> None:
    first, second = album.classes
    tell(album, {"do": "name", "class": first.id, "name": "  Cup\n\x00 " + "x" * 90}, {"do": "class", "id": "abcdef"})
    assert first.name.startswith("Cup x") and len(first.name) == 40 and len(album.classes) == 3
    tell(album, {"do": "name", "class": first.id, "name": " \n "}, add(album, 1), add(album, 2))
    assert first.name.startswith("Cup x")
    tell(album, {"do": "remove", "class": first.id, "picture": "id-0001"})
    assert [one.id for one in first.pictures] == ["id-0002"]
    tell(album, {"do": "empty", "class": first.id}, {"do": "drop", "class": second.id})
    assert not first.pictures and second not in album.classes
    tell(album, *({"do": "class", "id": f"more-{number}"} for number in range(20)))
    assert len(album.classes) == CLASSES["public"] and "the most here" in album.problems[0]


def test_a_class_is_full_at_some_point_and_large_pictures_are_refused(album: Album) -> None:
    for number in range(EACH["public"] + 3):
        tell(album, add(album, number))
    assert len(album.classes[0].pictures) == EACH["public"] and "is full" in album.problems[0]
    tell(
        album,
        add(album, 9000, 1, data=data(1, BYTES + 5000)),
        add(album, 9001, 1, data="%%%"),
        add(album, 9002, 1, data=7),
    )
    assert not album.classes[1].pictures and "did not arrive whole" in album.problems[-1]


def test_a_small_file_with_many_pixels_is_refused_by_its_head(album: Album) -> None:
    many = base64.b64encode(head(5470, 5470) + bytes(100)).decode()
    tell(album, add(album, 1, data=many), {"do": "try", "picture": "id-try", "data": many})
    assert not album.classes[0].pictures and album.tried is None
    assert "5,470 x 5,470 pixels; at most 512 x 512" in album.problems[0] and len(album.problems) == 2
    tell(album, add(album, 2, data=base64.b64encode(b"GIF89a" + bytes(50)).decode()))
    assert not album.classes[0].pictures and "Use JPEG, PNG or WebP" in album.problems[-1]


@pytest.mark.parametrize(
    "rubbish",
    [None, 7, "add", {"do": "add"}, {"n": "1"}, {"n": 5, "do": ["add"]}, {"n": 5, "wish": ["train"]},
     {"n": 5, "wish": "pack:everything"},
     {"n": 5, "do": "try", "picture": "../../x", "data": "AAAA"},
     {"n": 5, "do": "add", "class": "no such", "picture": "abcd", "data": "AAAA"}],
)  # fmt: skip
def test_rubbish_changes_nothing(album: Album, rubbish: Any) -> None:
    before = album.lesson()
    assert album.obey("tab", [rubbish], "public") == []
    assert album.lesson() == before and album.tried is None and not album.problems


def test_what_is_lacking_is_said_and_the_last_quarter_is_held_out(album: Album) -> None:
    assert "two pictures at the least" in album.lacking() and "and 1 more" in album.lacking()
    for number in range(4):
        tell(album, add(album, number), add(album, 100 + number, 1))
    assert album.lacking() == "" and album.lesson().held == (False, False, False, True) * 2
    album.classes.pop()
    assert "takes two classes" in album.lacking()


def test_the_example_is_there_until_something_is_changed() -> None:
    album = Album()
    album.begin()
    assert album.example and album.tried is not None and album.lacking() == ""
    tell(album, {"do": "try", "picture": "new-one", "data": data(3)})
    assert album.example and album.tried.content == base64.b64decode(data(3))
    tell(album, {"do": "empty", "class": album.classes[0].id})
    assert not album.example
    album.begin()
    assert not album.classes[0].pictures, "it comes back only when it is asked for"
