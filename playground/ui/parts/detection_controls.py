"""The thresholds beside the picture, and which classes are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.detection import Detected
from playground.core.errors import UnknownName
from playground.specs.detection import LONGEST_CLASSES, DetectionSpec
from playground.ui import controls, lesson
from playground.ui.parts import detection_models as models
from playground.ui.words import plain

_NMS = ("iou", "agnostic")


def draw(spec: DetectionSpec, answer: Any, card: Card, key: str, *, slider: bool) -> DetectionSpec:
    """Draw the controls of the rail and return the experiment as the visitor wants it.

    Args:
        spec: The page's experiment.
        answer: To the picture that is shown, in whatever state.
        card: The model.
        key: The page's key.
        slider: Draw the confidence, too: what is open has no slider of its own for it.
    """
    told, free = lesson.current(), not models.has_nms(answer)
    models.offer(card, key)
    skip = ["classes", *([] if slider else ["confidence"]), *(_NMS if free else ())]
    spec = controls.edit(spec, key=key, groups=["boxes"], skip=skip)
    if told.all_controls and free:
        st.caption(
            f"{plain(card.title)} proposes each object once, so nothing has to be suppressed: it has no IoU to choose and no "
            "suppression across classes."
        )
    if isinstance(answer, Detected):
        return _classes(spec, answer.names, key)
    return spec


def numbers(words: str, names: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The classes that a comma text names: their numbers, and what names none of them."""
    known = {name.casefold(): number for number, name in enumerate(names)}
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    found = [known[word.casefold()] for word in wanted if word.casefold() in known]
    return tuple(dict.fromkeys(found)), tuple(word for word in wanted if word.casefold() not in known)


def _classes(spec: DetectionSpec, names: tuple[str, ...], key: str) -> DetectionSpec:
    """Which classes are shown. What another model or a link named, and this model does not know, is said."""
    told, widget = lesson.current(), f"{key}.classes"
    chosen, unknown = numbers(spec.classes, names)
    if unknown:
        words = str(UnknownName("class", unknown[0], names))
        st.warning(plain(f"Classes: {words}"))
    if not told.all_controls or "classes" in told.hide:
        return spec
    bound = spec.bounds()["classes"]
    st.session_state[widget] = [names[number] for number in chosen]

    def picked() -> None:
        controls.assign(key, classes=fitting(st.session_state[widget]))

    st.multiselect(
        bound.label, names, key=widget, help=bound.help, placeholder=f"All {len(names):,}", on_change=picked,
        disabled="classes" in told.lock,
    )  # fmt: skip
    controls.say_problems(key, "classes")
    return spec


def fitting(names: Sequence[str]) -> str:
    """Names with commas between, as many as the experiment holds."""
    text = ""
    for name in names:
        longer = f"{text},{name}" if text else name
        if len(longer) > LONGEST_CLASSES:
            break
        text = longer
    return text
