"""The tab "Score my own boxes": draw what is really there, and see what precision, recall and average precision count."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import PurePath
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.detection import Detect, Detected
from playground.core.palette import tint
from playground.core.vision import Photo
from playground.data import yolo_txt
from playground.functional.average_precision import THRESHOLDS
from playground.specs.detection import DetectionSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place, prose, references, show_source
from playground.ui.parts import opened_up
from playground.ui.parts import score_boxes_words as words
from playground.ui.parts.detection_controls import numbers
from playground.ui.parts.score_boxes_counts import Scored, score
from playground.ui.parts.score_boxes_kept import MOST, Kept, digest, kept, told
from playground.ui.words import minus

HEIGHT = 610
_OFTEN, _SURE = 6, 0.25
_DIGITS = 5


def show(photo: Photo, card: Card, spec: DetectionSpec, key: str) -> None:
    """Draw the tab.

    Args:
        photo: The picture.
        card: The model.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    mine, picture = kept(key), digest(photo)
    answers = {"photo": opened_up.looked(photo), "detected": asking.ask("detect", card, Detect(photo))}
    detected = answers["detected"]
    if isinstance(detected, Detected):
        mine.names = detected.names
    truths = mine.of(picture, spec.example)
    scored = None
    if isinstance(detected, Detected):
        classes, _ = numbers(spec.classes, detected.names)
        scored = score(detected, spec.thresholds(classes), truths, mine.at)
    if mine.view not in {one.name for one in truths}:
        mine.view = ""
    _canvas(photo, answers, spec, key, mine, scored)
    if scored is not None:
        with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
            with st.container():
                prose(minus(words.what_you_see(scored, spec.confidence, mine.given(picture, spec.example))))
            _download(photo, mine, truths, key)
        if not lesson.current().present:
            with st.expander("How it is counted"):
                prose(words.counted(scored, mine.view))
                show_source("playground.functional.average_precision:match")
                show_source("playground.functional.average_precision:sampled")
                references(*words.PAPERS)


def _canvas(
    photo: Photo, answers: dict[str, Any], spec: DetectionSpec, key: str, mine: Kept, scored: Scored | None
) -> None:
    """The picture to draw on, and the numbers beside it."""
    lesson_, name, picture = lesson.current(), f"{key}-truths", digest(photo)
    edits = {"confidence"} - lesson_.hide - lesson_.lock
    if mine.names:
        edits |= {"boxes", "at", "view", "name"}

    def edited() -> None:
        said = told_by(name, "edit")
        if not isinstance(said, dict):
            return

        def obey() -> None:
            mine.obey(picture, spec.example, said)
            if "confidence" in edits and isinstance(said.get("confidence"), int | float):
                controls.assign(key, confidence=float(said["confidence"]))

        controls.take(name, said, obey)  # each message has a number of its own

    data = {
        "frame": base64.b64encode(opened_up.frame("detection.truths", photo, answers)).decode(),
        "present": lesson_.present,
        "height": HEIGHT,
        "edits": sorted(edits),
        "confidence": spec.confidence,
        "boxes": told(mine.of(picture, spec.example)),
        "given": mine.given(picture, spec.example),
        "heard": mine.heard,
        "said": [mine.said, mine.wrong, mine.files] if mine.about == picture else ["", False, 0],
        "at": mine.at,
        "view": mine.view,
        "name": _next_name(mine, answers["detected"]),
        "names": list(mine.names),
        "often": _often(answers["detected"]),
        "thresholds": list(THRESHOLDS),
        "most": MOST,
        "kilobytes": yolo_txt.MOST_BYTES // 1000,
        "scored": _scored(scored, mine.names) if scored is not None else None,
    }
    with place(HEIGHT, "truths"):
        component("truths")(key=name, data=[data], on_edit_change=edited)


def _scored(scored: Scored, names: Sequence[str]) -> dict[str, Any]:
    """What was counted, for the browser; a class has the colour that it has on all tabs."""
    colours = {name: tint(index).colour for index, name in enumerate(names)}
    return {
        "at": scored.at,
        "found": [
            {
                "box": [round(edge, _DIGITS) for edge in astuple(one.box)],
                "name": one.name,
                "score": round(one.score, _DIGITS),
                "hit": one.hit,
                "why": one.why,
            }
            for one in scored.found
        ],
        "missed": {str(truth.id): why for truth, why in scored.truths if why},
        "classes": [
            {
                "name": one.name,
                "colour": colours.get(one.name, ""),
                "total": one.total,
                "precision": [round(value, _DIGITS) for value in one.curve.precision.tolist()],
                "recall": [round(value, _DIGITS) for value in one.curve.recall.tolist()],
                "envelope": [round(value, _DIGITS) for value in one.curve.envelope.tolist()],
                "scores": list(one.scores),
            }
            for one in scored.classes
        ],
        "scores": list(scored.scores()),
    }


def _often(detected: Any) -> list[str]:
    """The classes that the model finds here, the commonest first: those that a person will want to name."""
    if not isinstance(detected, Detected):
        return []
    said = detected.candidates
    best: dict[str, float] = {}
    for label, sure in zip(said.labels.tolist(), said.scores.tolist(), strict=True):
        if sure < _SURE or len(best) >= _OFTEN:
            break
        best.setdefault(detected.names[label], sure)
    return list(best)


def _next_name(mine: Kept, detected: Any) -> str:
    """The class that the next box gets: the one chosen last, as long as this model has it."""
    if mine.name in mine.names:
        return mine.name
    return next(iter([*_often(detected), *mine.names]), "")


def _download(photo: Photo, mine: Kept, truths: tuple[Any, ...], key: str) -> None:
    """The true boxes as a YOLO file, with this model's numbers for the classes."""
    number = {name: index for index, name in enumerate(mine.names)}
    known = [(number[one.name], one.box) for one in truths if one.name in number]
    left_out = len(truths) - len(known)
    st.download_button(
        "True boxes (YOLO txt)", lambda: yolo_txt.write(known), file_name=file_name(photo), mime="text/plain", icon=":material/download:",
        key=f"{key}-truths-download", on_click="ignore", disabled=not known,
        help=f"{left_out} of a class that this model does not have are left out." if left_out else None,
    )  # fmt: skip


def file_name(photo: Photo) -> str:
    """The picture's name with the ending ``.txt``, of letters, digits, points and hyphens."""
    stem = re.sub(r"[^\w.]+", "-", PurePath(photo.name).stem).strip("-.")[:80]
    return f"{stem or 'picture'}.txt"
