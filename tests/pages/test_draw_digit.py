"""The page Draw a digit: both views alive at once, links, what a browser may say, a visitor's own photograph."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from playground.core import frames
from playground.data import digit_strokes
from playground.data.digit_examples import DIGIT_EXAMPLES
from playground.ui.parts import draw_digit, draw_digit_answer
from tests.pages.support import open_page, problems

PEN = {"v": "draw_digit1"}
PHOTO = {"v": "photographed_digit1"}
SHOWN = {"shadow": 0, "lined": 3, "board": 2, "marker": 6, "squared": 8}


def canvas(page: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the canvas was given: its data, and the frame's header and blocks."""
    for item in page.get("bidi_component"):
        data = json.loads(item.proto.json)[0]
        if item.proto.component_name.endswith("draw_digit"):
            return (data, *frames.unpack(base64.b64decode(data["frame"])))
    raise AssertionError("no canvas")


@pytest.mark.parametrize("digit", range(10))
def test_each_sample_lies_on_the_pad_and_both_readers_read_it(digit: int) -> None:
    page = open_page("draw_digit", **PEN, digit=str(digit))
    data, header, blocks = canvas(page)
    assert problems(page) == [] and data["pad"] and len(data["samples"]) == 10
    assert blocks["sure"].argmax(1).tolist() == [digit, digit] and not header["empty"]
    assert blocks["swept"].shape == (2, 21, 10) and [len(blocks[f"maps{k}"]) for k in range(4)] == [16, 32, 64, 64]
    assert data["strokes"] == data["samples"][digit]


def test_the_mlp_loses_a_shifted_digit_before_the_cnn_does() -> None:
    held = np.zeros(2)
    for digit in range(10):
        _, _, blocks = canvas(open_page("draw_digit", **PEN, digit=str(digit), shift="0"))
        held += (blocks["swept"].argmax(2) == digit).sum(1)
    assert held[1] > held[0] + 20, "of 210 shifted samples the CNN reads clearly more"


def test_a_shift_is_in_the_link_and_bad_ones_are_said() -> None:
    page = open_page("draw_digit", **PEN, digit="7", shift="-4")
    data, header, blocks = canvas(page)
    assert data["shift"] == header["shift"] == -4 and page.query_params["shift"] in ("-4", ["-4"])
    whole = draw_digit.read(digit_strokes.ink(digit_strokes.DIGITS[7]), 0).seen
    assert np.array_equal(blocks["seen"][:, :24], whole[:, 4:]) and not blocks["seen"][:, 24:].any()
    assert len(problems(open_page("draw_digit", **PEN, digit="11", shift="40"))) == 2


def test_what_a_browser_says_is_checked() -> None:
    mine = draw_digit.OnPad()
    ink = base64.b64encode(bytes(range(56)) * 56).decode()
    strokes = [
        {"points": [0.1, 0.2, 0.3, 0.4], "pen": 0.05},
        {"points": [0.1, 9], "pen": 0.05},
        {"points": [0.5], "pen": 1},
        "no",
    ]
    draw_digit.obey("k", mine, {"number": 1, "ink": ink, "settled": False, "strokes": strokes[:1]}, set())
    assert mine.heard == 1 and mine.picture[3, 7] == 7 and not mine.settled and mine.strokes == strokes[:1]
    for number, said in enumerate(
        ({"ink": "?"}, {"ink": "AAAA"}, {"ink": 5}, {"strokes": "no"}, {"digit": 3, "shift": 2}), 2
    ):
        draw_digit.obey("k", mine, {"number": number, **said}, set())
    draw_digit.obey("k", mine, {"number": 3, "ink": base64.b64encode(bytes(3136)).decode()}, set())  # an old one
    assert mine.picture[3, 7] == 7 and mine.sample == -1
    assert draw_digit.checked(strokes) == [] and draw_digit.checked(strokes[2:]) == []
    assert draw_digit.checked([{"points": [0.5, 0.5] * 20_000, "pen": 0.1}]) == []


def test_an_empty_pad_is_read_as_nothing() -> None:
    said = draw_digit.read(np.zeros((56, 56), np.uint8), 3)
    header, blocks = frames.unpack(draw_digit_answer.frame(said))
    assert header["empty"] and not blocks["sure"].any() and "swept" not in blocks


@pytest.mark.parametrize("name", DIGIT_EXAMPLES)
def test_each_photograph_of_ours_is_read_at_once(name: str) -> None:
    page = open_page("draw_digit", **PHOTO, example=name)
    data, header, blocks = canvas(page)
    assert problems(page) == [] and not data["pad"] and data["photo"].startswith("data:image/jpeg")
    assert blocks["sure"][1].argmax() == SHOWN[name] and not header["empty"]


def test_it_can_be_presented() -> None:
    for view in (PEN, PHOTO):
        page = open_page("draw_digit", **view)
        (button,) = [one for one in page.button if one.label == "Present"]
        button.click().run()
        data, _, _ = canvas(page)
        assert data["present"] and problems(page) == [] and any(one.label == "Leave" for one in page.button)


def test_code_and_papers_are_there() -> None:
    for view in (PEN, PHOTO):
        page = open_page("draw_digit", **view)
        assert [tab.label for tab in page.tabs] == ["Command line", "Code", "References"] and problems(page) == []
