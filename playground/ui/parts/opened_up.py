"""What the tabs that open the network up share: the photo as it is shown, a row of choices, and a frame for each state."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.core.vision import Look, Looked, Photo
from playground.specs.classification import ClassificationSpec
from playground.ui import asking, controls, lesson

SIDE = 768
"""Longest side of a photo as the tabs show it, in pixels."""

PAPERS = (
    "R. R. Selvaraju et al.: *Grad-CAM: visual explanations from deep networks via gradient-based localization*, 2017.",
    "M. Sundararajan, A. Taly, Q. Yan: *Axiomatic attribution for deep networks*, 2017: integrated gradients.",
    "M. D. Zeiler, R. Fergus: *Visualizing and understanding convolutional networks*, 2014: occlusion, and what stages answer to.",
    "J. Adebayo et al.: *Sanity checks for saliency maps*, 2018: a map that stays the same explains nothing.",
    "I. J. Goodfellow, J. Shlens, C. Szegedy: *Explaining and harnessing adversarial examples*, 2015: the fast gradient sign method.",
)
"""What the tabs stand on."""


def looked(photo: Photo) -> Looked | asking.Waiting | asking.Refused:
    """The photo as it is shown, or why it is not there."""
    answer: Looked | asking.Waiting | asking.Refused = asking.ask("look", None, Look(photo, SIDE))
    return answer


def choose(spec: ClassificationSpec, field: str, options: Mapping[str, str], label: str, key: str) -> str:
    """A row of choices for one field, and the one that holds.

    Args:
        spec: The experiment.
        field: Its field.
        options: Name to title. Where the experiment's own is not among them, the first one holds.
        label: What stands above the row.
        key: The experiment's key.
    """
    value, told, name = getattr(spec, field), lesson.current(), f"{key}-tab-{field}"
    chosen: str = value if value in options else next(iter(options))
    if field in told.hide:
        return chosen
    st.session_state[name] = chosen

    def picked() -> None:
        controls.assign(key, **{field: st.session_state[name]})

    st.segmented_control(
        label, list(options), key=name, format_func=options.__getitem__, required=True, on_change=picked,
        disabled=field in told.lock, wrap=True,
    )  # fmt: skip
    return chosen


def frame(
    kind: str,
    photo: Photo,
    answers: Mapping[str, Any],
    header: Mapping[str, Any] | None = None,
    blocks: Mapping[str, NDArray[Any]] | None = None,
) -> bytes:
    """A frame in the state that the answers are in: ``there``, ``waiting`` or ``refused``, the latter two with their words.

    The photo itself is in it as soon as it is there, so that something is shown while the rest is under way.

    Args:
        kind: What is shown.
        photo: The picture that is asked about.
        answers: What was asked for; ``photo`` is the photo as it is shown.
        header: What goes along once all answers are there.
        blocks: The same.
    """
    state, words = standing(answers)
    shown = answers["photo"]
    own = {"photo": np.frombuffer(shown.jpeg, np.uint8)} if isinstance(shown, Looked) else {}
    said = {
        "id": hashlib.sha256(photo.content).hexdigest()[:12],
        "state": state,
        "words": words,
        "name": photo.name,
        "size": [shown.width, shown.height] if isinstance(shown, Looked) else None,
    }
    there = state == "there"
    return pack(kind, {**said, **((header or {}) if there else {})}, {**own, **((blocks or {}) if there else {})})


def standing(answers: Mapping[str, Any]) -> tuple[str, str]:
    """``there``, ``waiting`` or ``refused``, and the words about it."""
    for answer in answers.values():
        if isinstance(answer, asking.Refused):
            return "refused", answer.words
    for answer in answers.values():
        if isinstance(answer, asking.Waiting):
            return "waiting", answer.words or "Under way."
    return "there", ""


def brief(label: str) -> str:
    """A class's name as it stands in a sentence: the first of its names."""
    return label.split(",")[0].strip() or label
