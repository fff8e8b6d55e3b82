"""The view Draw: a pad whose ink is prepared and read again at each stroke."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.data import digit_strokes
from playground.functional.mnist_style import steps
from playground.specs.draw_digit import DrawDigitSpec
from playground.ui import controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place, present_switch, prose
from playground.ui.parts import draw_digit_words as words
from playground.ui.parts.draw_digit_answer import Answer, answer, frame
from playground.ui.share import share
from playground.ui.state import state

HEIGHT = 640
SIDE = digit_strokes.SIDE
_MOST = 20_000
"""A drawing has at most so many numbers; what is longer is not kept for a return to the page."""


@dataclass
class OnPad:
    """What lies on one session's pad.

    Attributes:
        sample: Which sample was laid there last; -1 before the first.
        ink: ``SIDE * SIDE`` bytes.
        strokes: The same as strokes, for a return to the page.
        settled: Whether the pen is up.
        heard: Number of the newest message.
        again: The whole page is to run, since the experiment has changed.
    """

    sample: int = -1
    ink: bytes = bytes(SIDE * SIDE)
    strokes: list[dict[str, Any]] = field(default_factory=list)
    settled: bool = True
    heard: int = 0
    again: bool = False

    def lay(self, sample: int) -> None:
        """Put one of ours on the pad."""
        self.sample, self.settled = sample, True
        self.ink = digit_strokes.ink(digit_strokes.DIGITS[sample]).tobytes()
        self.strokes = told(sample)

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The ink, ``(SIDE, SIDE)``."""
        return np.frombuffer(self.ink, np.uint8).reshape(SIDE, SIDE)


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(DrawDigitSpec, key)
    mine = state(OnPad, key)
    if mine.sample < 0 or (mine.sample != spec.digit and not mine.again):
        mine.lay(spec.digit)
    mine.again = False
    controls.say_problems(key)
    with place(HEIGHT, "pad"):
        st.fragment(_live)(key)
    with corner:
        present_switch()
    share(spec, corner)
    prose(words.what_to_try())
    words.tabs(key)


def told(sample: int) -> list[dict[str, Any]]:
    """A sample's strokes as the browser has them."""
    return [{"points": list(one.points), "pen": one.pen} for one in digit_strokes.DIGITS[sample]]


def read(ink: NDArray[np.uint8], shift: int, sweep: bool = True) -> Answer:
    """What the readers make of a pad's ink, ``(SIDE, SIDE)``."""
    return answer(steps(ink, pad=True), shift, sweep)


def _live(key: str) -> None:
    """Pad and answers: runs again alone, for each message of the pen."""
    spec = controls.begin(DrawDigitSpec, key)
    mine, lesson_, name = state(OnPad, key), lesson.current(), f"{key}-pad"
    edits = {"digit", "shift"} - lesson_.hide - lesson_.lock

    def edited() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict):
            obey(key, mine, said, edits)

    data = {
        "frame": base64.b64encode(frame(read(mine.picture, spec.shift, mine.settled))).decode(),
        "present": lesson_.present,
        "views": state(lesson.Here).views,
        "edits": sorted(edits),
        "pad": True,
        "samples": [told(sample) for sample in range(10)],
        "strokes": mine.strokes,
        "shift": spec.shift,
        "heard": mine.heard,
    }
    component("draw_digit")(key=name, data=[data], on_edit_change=edited)
    if mine.again:
        st.rerun()


def obey(key: str, mine: OnPad, said: dict[str, Any], edits: set[str]) -> None:
    """What was done on the pad; everything it says is checked, as any browser may say anything."""
    number = said.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number <= mine.heard:
        return
    mine.heard = number
    mine.settled = said.get("settled") is not False
    digit, shift = said.get("digit"), said.get("shift")
    if "digit" in edits and isinstance(digit, int) and 0 <= digit <= 9:
        controls.assign(key, digit=digit)
        mine.sample, mine.again = digit, True
    ink = _bytes(said.get("ink"))
    if ink is not None:
        mine.ink = ink
    if "shift" in edits and isinstance(shift, int):
        controls.assign(key, shift=shift)
        mine.again = mine.again or mine.settled
    strokes = said.get("strokes")
    if isinstance(strokes, list):
        mine.strokes = checked(strokes)


def checked(strokes: list[Any]) -> list[dict[str, Any]]:
    """Strokes as a browser told them, those that are some; none where they are too many."""
    found: list[dict[str, Any]] = []
    count = 0
    for one in strokes:
        points, pen = (one.get("points"), one.get("pen")) if isinstance(one, dict) else (None, None)
        if not isinstance(points, list) or len(points) < 2 or len(points) % 2 or not _share(pen):
            continue
        count += len(points)
        if count > _MOST or not all(_share(value) for value in points):
            return []
        found.append({"points": points, "pen": pen})
    return found


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1


def _bytes(text: Any) -> bytes | None:
    """Ink from base 64; ``None`` where it is none."""
    if not isinstance(text, str) or len(text) > 2 * SIDE * SIDE:
        return None
    try:
        ink = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return ink if len(ink) == SIDE * SIDE else None
