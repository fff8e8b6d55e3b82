"""True boxes in text files: what is taken, and what is said line by line of what is not."""

from __future__ import annotations

import pytest

from playground.core.errors import InputError
from playground.core.vision import Box
from playground.data import yolo_txt
from playground.data.examples import OBJECTS
from playground.data.true_boxes import true_boxes

NAMES = ("person", "bus", "tie")


def test_boxes_and_outlines_are_read() -> None:
    found = yolo_txt.read(b"\xef\xbb\xbf1 0.5 0.5 0.2 0.4\r\n\r\n0 0.1 0.1 0.3 0.1 0.2 0.5\n", NAMES)
    (bus, at), (person, around) = found.boxes
    assert (bus, person, found.outlines) == (1, 0, 1)
    assert (at.left, at.top, at.right, at.bottom) == pytest.approx((0.4, 0.3, 0.6, 0.7))
    assert (around.left, around.top, around.right, around.bottom) == pytest.approx((0.1, 0.1, 0.3, 0.5))
    assert yolo_txt.read(b"", NAMES).boxes == ()
    assert yolo_txt.read(b"0 0.5 0.5 1.001 1", NAMES).boxes[0][1] == Box(0, 0, 1, 1)


def test_what_is_written_is_read_again() -> None:
    boxes = ((2, Box(0.125, 0.25, 0.5, 0.75)), (0, Box(0, 0, 1, 1)))
    assert yolo_txt.write(boxes).splitlines()[0] == "2 0.312500 0.500000 0.375000 0.500000"
    assert yolo_txt.read(yolo_txt.write(boxes).encode(), NAMES).boxes == boxes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3 .5 .5 .1 .1", "line 1: class 3; this model has 3 classes, numbered 0 to 2"),
        ("0.5 .5 .5 .1 .1", "line 1: class 0.5;"),
        ("-1 .5 .5 .1 .1", "class -1;"),
        ("0 .5 .5 .1 .1\n0 .5 .5 .1", "line 2 has 4 numbers; a box has five"),
        ("0", "line 1 has 1 number; a box"),
        ("0 .5 .5 .1 .1 .9", "six numbers: the sixth is a model's confidence"),
        ("0 .5 .5 .1 .1 .9 .2 .3", "has 8 numbers"),
        ("person .5 .5 .1 .1", "line 1: “person” is no number"),
        ("0 320 240 50 60", "line 1: 320 is no fraction of the picture"),
        ("0 nan .5 .1 .1", "nan is no fraction"),
        ("inf .5 .5 .1 .1", "class inf;"),
        ("0 .5 .5 0 .1", "the box has no size"),
        ("0 .95 .5 .2 .1", "reaches beyond the picture's edge"),
        ("0 .5 .5 .1 .1\n" * 101, "has 101 boxes; at most 100"),
        ("0 .5 .5 .1 .1\n" * 6000, "has 84 kB; at most 64 kB"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        yolo_txt.read(text.encode(), NAMES, "bus.txt")
    assert words in str(error.value) and "bus.txt" in str(error.value)


def test_a_file_that_is_no_text_is_said_to_be_none() -> None:
    with pytest.raises(InputError, match="is not text"):
        yolo_txt.read(b"\x89PNG\r\n\xff\xfe", NAMES)


def test_true_boxes_of_our_own_pictures_lie_on_them() -> None:
    known = [name for name in OBJECTS if true_boxes(name)]
    assert {"two", "car", "cat"} <= set(known)
    for name in known:
        for label, box in true_boxes(name):
            assert label and 0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1
    assert true_boxes("nothing") == ()
