"""The view Photograph: a picture with a digit, ours or a visitor's own, decoded by the worker and read here."""

from __future__ import annotations

import base64
import functools
import io
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from playground.core.vision import Look, Looked
from playground.data.digit_examples import DIGIT_EXAMPLES
from playground.functional.mnist_style import Steps, steps
from playground.specs.draw_digit import PhotographedDigitSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place, present_switch, prose
from playground.ui.parts import draw_digit_words as words
from playground.ui.parts import pictured, pictured_answers
from playground.ui.parts.draw_digit import OnPad, obey
from playground.ui.parts.draw_digit_answer import answer, frame
from playground.ui.parts.pictured import Pictured
from playground.ui.parts.tray import tray
from playground.ui.share import share
from playground.ui.state import state

HEIGHT = 640
SIDE = 1024
"""Of a larger picture no more pixels a side are looked at."""


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    page = Pictured(key, DIGIT_EXAMPLES)
    spec = pictured_answers.settle(page, controls.begin(PhotographedDigitSpec, key), "shadow")
    mine = tray(key)
    with st.container(key="pictured"):
        strip = st.container(key="pictured-strip")
        shown_at = st.container(key="pictured-answer")
        rail = st.container(key="pictured-rail")
    with rail:
        pictured.uploader(page)
    picture = pictured_answers.shown(page, spec.example)
    answers = pictured_answers.Answers(None)
    if mine.pictures:  # ours need no worker
        answers = pictured_answers.ask(page, picture, None, "look", lambda photo: Look(photo, SIDE))
    shown = answers.shown if picture.own else Looked(picture.photo.content, 0, 0)  # ours are read as they are, at once
    with strip:
        pictured.strip(
            page, spec.example, pictured_answers.captions(answers, _caption), answers.thumbnails, answers.wrong
        )
    with shown_at:
        if mine.camera:
            pictured.camera(page)
        else:
            _canvas(key, spec, shown)
    pictured_answers.say_wrong(picture, answers)
    with corner:
        present_switch()
    share(spec, corner)
    prose(words.photographed(DIGIT_EXAMPLES[spec.example].summary if spec.example else "Your own picture."))
    words.tabs(key)
    asking.look_again()


def prepared(jpeg: bytes) -> Steps:
    """A picture that the worker decoded and wrote anew, prepared for the readers."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        return steps(np.asarray(image.convert("RGB")))


def _caption(looked: Any) -> str:
    """What stands on one of the visitor's own pictures: the digit that the CNN reads."""
    return _read(looked.jpeg) if isinstance(looked, Looked) else ""


@functools.lru_cache(maxsize=32)
def _read(jpeg: bytes) -> str:
    said = answer(prepared(jpeg), 0, False)
    return "no digit" if said.steps.empty else str(int(said.sure[-1].argmax()))


def _canvas(key: str, spec: PhotographedDigitSpec, looked: Any) -> None:
    """The picture and what both readers make of it."""
    told, name, mine = lesson.current(), f"{key}-read", state(OnPad, key)
    edits = {"shift"} - told.hide - told.lock

    def edited() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict):
            obey(key, mine, said, edits)

    made = prepared(looked.jpeg) if isinstance(looked, Looked) else steps(np.zeros((2, 2), np.uint8))
    data = {
        "frame": base64.b64encode(frame(answer(made, spec.shift, not made.empty))).decode(),
        "present": told.present,
        "views": state(lesson.Here).views,
        "edits": sorted(edits),
        "pad": False,
        "photo": pictured_answers.data_url(looked.jpeg) if isinstance(looked, Looked) else "",
        "words": "" if isinstance(looked, Looked) else looked.words or "Reading the picture.",
        "shift": spec.shift,
        "heard": mine.heard,
        "waiting": isinstance(looked, asking.Waiting),
    }
    with place(HEIGHT, "photo"):
        component("draw_digit")(key=name, data=[data], on_edit_change=edited)
