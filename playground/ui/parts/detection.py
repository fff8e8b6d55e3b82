"""The page Object detection: one picture, every object that a network finds in it, and the threshold that decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.catalog.card import Card
from playground.core.detection import MOST_OBJECTS, SKELETON, Detect, Detected, Thing, Thresholds
from playground.core.palette import tint
from playground.data.examples import OBJECTS, SCENES
from playground.functional.things import things
from playground.specs.detection import TABS, DetectionSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.parts import detection_models as models
from playground.ui.parts import detection_words as words
from playground.ui.parts import pictured_answers
from playground.ui.parts.detection_controls import numbers
from playground.ui.parts.pictured import Pictured
from playground.ui.parts.pictured_answers import Answers, Shown
from playground.ui.state import state

PICTURED = Pictured("detection", OBJECTS)
HEIGHT, PRESENTING = 500, 440
LOWEST, OUTLINED = 0.01, 0.05
"""The browser gets objects from the first confidence on, and the outlines of their masks from the second."""

WAKING = "The model is waking up."


def settle(spec: DetectionSpec, key: str) -> DetectionSpec:
    """The experiment with a model and a picture that there are; what a link says wrongly is said in words, and the rest kept."""
    spec = models.MENU.settle(spec, key)
    starter = models.is_starter(models.MENU.used(spec, key))
    suited = (name for name, one in OBJECTS.items() if (one.folder == SCENES) == starter)
    return pictured_answers.settle(PICTURED, spec, next(suited, next(iter(OBJECTS))))


def opened(spec: DetectionSpec, key: str) -> tuple[DetectionSpec, DeltaGenerator]:
    """Draw the tabs and return the experiment with the open one, and where that is drawn.

    The link opens with its tab; a lesson that hides or locks the choice shows that tab alone.
    """
    told, widget = lesson.current(), f"{key}-tabs"
    alone = "tab" in told.hide | told.lock
    names = {TABS[spec.tab]: spec.tab} if alone else {title: name for name, title in TABS.items()}
    if st.session_state.get(widget) not in names:
        st.session_state[widget] = TABS[spec.tab]
    places = st.tabs(list(names), key=widget, on_change="rerun")
    name, at = next(
        ((name, at) for name, at in zip(names.values(), places, strict=True) if at.open), (spec.tab, places[0])
    )
    controls.assign(key, tab=name)
    return spec.replace(tab=name), at


def ask(picture: Shown, card: Card) -> Answers:
    """Ask what is in all pictures. Thresholds are no part of the question: moving one asks nothing anew."""
    return pictured_answers.ask(PICTURED, picture, card, "detect", Detect)


@dataclass
class _Kept:
    """Objects from the last answers, so that a run of the page that changes no threshold does not sort them out again."""

    key: tuple[Any, ...] = ()
    found: tuple[Thing, ...] = ()


def found(spec: DetectionSpec, picture: Shown, answer: Any, card: Card) -> tuple[Thing, ...]:
    """Every object that any confidence could show, the surest first; none as long as there is no answer.

    Suppression goes from the surest box down, so what a higher confidence shows is the beginning of this.
    """
    if not isinstance(answer, Detected):
        return ()
    classes, _ = numbers(spec.classes, answer.names)
    asked = Thresholds(LOWEST, spec.iou, classes, spec.agnostic, MOST_OBJECTS)
    kept, key = state(_Kept, PICTURED.key), (picture.id, card, answer.seconds, answer.engine, asked)
    if kept.key != key:
        kept.key, kept.found = key, things(answer, asked, outlined=OUTLINED)
    return kept.found


def sure(found: Iterable[Thing], spec: DetectionSpec) -> tuple[Thing, ...]:
    """Those of them that are shown."""
    return tuple(one for one in found if one.score >= spec.confidence)[: spec.most]


def caption(answer: Detected, spec: DetectionSpec) -> str:
    """What stands on one of the visitor's own pictures."""
    classes, _ = numbers(spec.classes, answer.names)
    many = words.objects(answer, spec.thresholds(classes))
    return f"{many:,} detection{'s' if many != 1 else ''}"


def counts(shown: Iterable[Thing]) -> list[tuple[str, int]]:
    """How many of each class, the most first."""
    return Counter(one.label for one in shown).most_common()


def show(spec: DetectionSpec, picture: Shown, answers: Answers, found: tuple[Thing, ...], card: Card, key: str) -> None:
    """Draw the picture with its boxes, the slider of the confidence, and the list of objects."""
    told, name = lesson.current(), f"{key}-boxes"
    edits = {"confidence"} - told.hide - told.lock

    def edited() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict) and said.keys() & edits:
            controls.take(name, said, lambda: controls.assign(key, confidence=said["confidence"]))

    data = {
        **_said(spec, answers.shown, card),
        **drawn(found, answers.shown),
        "picture": pictured_answers.drawn(PICTURED, picture, answers),
        "confidence": spec.confidence,
        "lowest": LOWEST,
        "most": spec.most,
        "labels": spec.labels,
        "hidden": "confidence" in told.hide,
        "edits": sorted(edits),
        "present": told.present,
        "height": PRESENTING if told.present else HEIGHT,
        "expecting": answers.waiting,
    }
    with place(HEIGHT):
        component("boxes")(key=name, data=[data], on_edit_change=edited)


def drawn(found: Iterable[Thing], answer: Any) -> dict[str, Any]:
    """Objects as the browser draws them: one short list each, and what their classes are called and drawn in."""
    objects, classes = [], dict[int, list[str]]()
    for one in found:
        colour = tint(one.index)
        classes.setdefault(one.index, [one.label, colour.colour, colour.ink])
        mask = [round(value) for point in one.mask for value in point]
        points = [round(value, 2) for point in one.keypoints for value in point]
        objects.append([one.index, round(one.score, 4), *(round(value, 1) for value in one.box), mask, points])
    size = {"wide": answer.width, "high": answer.height} if isinstance(answer, Detected) else {"wide": 0, "high": 0}
    seventeen = any(len(one.keypoints) == 17 for one in found)
    return {"things": objects, "classes": classes, "skeleton": SKELETON if seventeen else (), **size}


def _said(spec: DetectionSpec, answer: Any, card: Card) -> dict[str, Any]:
    """The state of the answer in words."""
    made = {"model": card.title, "name": card.name, "facts": "", "words": "", "waiting": False}
    if isinstance(answer, asking.Waiting):
        return {**made, "state": "waiting", "words": answer.words or WAKING, "waiting": True}
    if isinstance(answer, asking.Refused):
        return {**made, "state": "failed", "words": answer.words}
    batch = f", {answer.batch} pictures at once" if answer.batch > 1 else ""
    high, wide = answer.fed
    facts = f"{answer.seconds:.3f} s, {answer.device}, {answer.engine}{batch}, fed {wide} x {high}"
    known = f"{card.title}, {len(answer.names):,} class{'es' if len(answer.names) != 1 else ''}"
    return {**made, "state": "answered", "model": known, "facts": facts, "words": " ".join(answer.notes)}
