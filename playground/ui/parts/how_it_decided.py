"""The tab "How it decided": all that was proposed, how most of it was dropped, which cells saw what, and what a patch does to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.detection import Detect, Detected
from playground.core.vision import Photo
from playground.functional.suppression import KEPT, TOO_MANY, suppress
from playground.specs.detection import DetectionSpec
from playground.ui import asking, lesson
from playground.ui.page import prose
from playground.ui.parts import how_it_decided_both, how_it_decided_cover, opened_up
from playground.ui.parts.how_it_decided_frame import drawn, thresholds
from playground.ui.state import state
from playground.ui.visual import visual
from playground.ui.words import minus

HEIGHT = 500
LOWEST = 0.01
"""The lowest confidence that can be chosen."""
VIEWS: Mapping[str, str] = {
    "candidates": "Candidates",
    "steps": "NMS step by step",
    "grids": "Grids",
    "heat": "Heat",
    "cover": "Cover it",
    "both": "With and without NMS",
}
"""What there is to look at, one at a time."""

PAPERS = (
    "P. F. Felzenszwalb et al.: *Object detection with discriminatively trained part-based models*, 2010: greedy non-maximum suppression.",
    "P. Jaccard: *Étude comparative de la distribution florale*, 1901: intersection over union.",
    "Z. Tian et al.: *FCOS: fully convolutional one-stage object detection*, 2019: each cell says how far it is to the four sides.",
    "C. Feng et al.: *TOOD: task-aligned one-stage object detection*, 2021: an object goes to the cells that predict it best.",
    "A. Wang et al.: *YOLOv10: real-time end-to-end object detection*, 2024: one-to-one training, so that nothing has to be suppressed.",
    "M. D. Zeiler, R. Fergus: *Visualizing and understanding convolutional networks*, 2014: covering parts of a picture.",
    "A. Rosenfeld, R. Zemel, J. K. Tsotsos: *The elephant in the room*, 2018: pasting copies of objects into a picture.",
)
"""What the views stand on."""


@dataclasses.dataclass
class _Open:
    """Which view is open."""

    view: str = "candidates"


def show(photo: Photo, card: Card, spec: DetectionSpec, key: str) -> None:
    """Draw the tab.

    Args:
        photo: The picture.
        card: The model.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    answer = asking.ask("detect", card, Detect(photo))
    once = isinstance(answer, Detected) and answer.end_to_end
    view = _choose(key, once=once)
    if view == "cover":
        how_it_decided_cover.show(photo, card, spec, answer, key)
        return
    if view == "both":
        how_it_decided_both.show(photo, card, spec, answer, key)
        return
    answers: dict[str, Any] = {"photo": opened_up.looked(photo), "answer": answer}
    header, blocks = drawn(answer) if isinstance(answer, Detected) else ({}, {})
    packed = opened_up.frame("detection.decided", photo, answers, {**header, "model": card.title}, blocks)
    classes = thresholds(spec, answer).classes if isinstance(answer, Detected) else ()
    visual(
        "decided", packed, key=key, part="decided", height=HEIGHT, edits=("confidence", "iou"), view=view,
        confidence=spec.confidence, iou=spec.iou, classes=list(classes), agnostic=spec.agnostic, most=spec.most,
    )  # fmt: skip
    if isinstance(answer, Detected):
        prose(minus(what_you_see(answer, spec, view)))


def _choose(key: str, *, once: bool) -> str:
    """The row of views, and the one that is open. What a model does not do is not offered."""
    opened, name = state(_Open, key), f"{key}-decided-view"
    views = {view: title for view, title in VIEWS.items() if not (once and view == "steps")}
    shown = opened.view if opened.view in views else next(iter(views))
    st.session_state[name] = shown

    def picked() -> None:
        opened.view = st.session_state[name] or opened.view

    if "view" not in lesson.current().hide:
        st.segmented_control(
            "What is shown", list(views), key=name, format_func=views.__getitem__, required=True, on_change=picked,
            label_visibility="collapsed", disabled="view" in lesson.current().lock, wrap=True,
        )  # fmt: skip
    return shown


def what_you_see(answer: Detected, spec: DetectionSpec, view: str) -> str:
    """Two or three sentences about this very picture, and one thing to try."""
    fate = _fate(answer, spec, spec.confidence)
    cells = sum(grid.rows * grid.columns for grid in answer.grids)
    kept, dropped, cut = np.flatnonzero(fate == KEPT), int((fate >= 0).sum()), int((fate == TOO_MANY).sum())
    if view == "heat":
        many = "one cell alone is to answer" if answer.end_to_end else "NMS has to suppress all but one of their boxes"
        return (
            f"**{cells:,} grid cells look at the picture at once, and nearly all of them say nothing.** The scale is logarithmic: from "
            "one colour to the next the confidence is multiplied. Where several neighbours have a high one, they see the same object, "
            f"and {many}."
        )
    if view == "grids":
        return _grids(answer, spec, kept)
    if view == "steps":
        who = "two boxes of any class (class-agnostic NMS)" if spec.agnostic else "two boxes of one class"
        return (
            f"**Greedy non-maximum suppression** knows nothing of objects: it only sees that {who} cover nearly the same place. Raise the "
            "IoU threshold and doubles stay; lower it and people who stand close together lose a box (Felzenszwalb et al. 2010)."
        )
    maximum = f"at most {spec.most:,} {'is' if spec.most == 1 else 'are'} kept"
    over = f"{_boxes(cut)} more would pass, but {maximum}. " if cut else ""
    if answer.end_to_end:
        return (
            f"**From {cells:,} grid cells to {_boxes(len(kept))} without NMS.** This model was trained so that one cell alone answers "
            f"for each object: only the confidence is left to set. {over}See *With and without NMS* for both kinds side by side."
        )
    rest = f"NMS suppresses {dropped:,} that overlap one of higher confidence. " if dropped else ""
    return (
        f"**{cells:,} grid cells propose {cells:,} boxes; {len(kept) + dropped + cut:,} have a confidence of at least "
        f"{100 * spec.confidence:.0f} %, {len(kept):,} {'is' if len(kept) == 1 else 'are'} left.** {rest}{over}Lower the confidence to "
        "1 % and see what else was proposed; move the IoU threshold and doubles come and go."
    )


def _fate(answer: Detected, spec: DetectionSpec, confidence: float) -> NDArray[np.int64]:
    """What becomes of each candidate from a confidence on."""
    found = answer.candidates
    return suppress(
        found.boxes, found.scores, found.labels, confidence=confidence, iou=1.0 if answer.end_to_end else spec.iou,
        classes=thresholds(spec, answer).classes, agnostic=spec.agnostic, most=spec.most,
    )  # fmt: skip


def _grids(answer: Detected, spec: DetectionSpec, kept: NDArray[np.int64]) -> str:
    """Which grid the boxes that are shown come from, and why that is not a matter of size alone."""
    counts = _of_each(answer, kept)
    told = [f"{count:,} from stride {grid.stride}" for count, grid in zip(counts, answer.grids, strict=True) if count]
    sizes = [f"{grid.columns} × {grid.rows} cells at stride {grid.stride}" for grid in answer.grids]
    start = f"{_boxes(len(kept))}: {', '.join(told)}." if told else "No box reaches the confidence threshold."
    more = ""
    if len(told) == 1:
        own = counts.index(max(counts))
        which = f"All {_boxes(len(kept))} come" if len(kept) > 1 else "The one box comes"
        start = f"{which} from one grid, that of stride {answer.grids[own].stride}."
        low = _of_each(answer, np.flatnonzero(_fate(answer, spec, LOWEST) == KEPT))
        others = sum(low) - low[own]
        more = " So one grid can win them all."
        if others:
            come = "comes" if others == 1 else "come"
            more += f" Lower the confidence to {100 * LOWEST:.0f} % and {_boxes(others)} of other grids {come} in."
    return (
        f"**{start}** Boxes are predicted on {len(answer.grids)} feature maps. The stride is how many pixels of the network's input lie "
        f"from one grid cell to the next: {', '.join(sizes)} (width × height). Fine grids suit small things, coarse ones large things, "
        "for their cells see more of the picture (Lin et al. 2017). But size alone does not decide: in training an object goes to the "
        f"cells that already predict it best (Feng et al. 2021).{more}"
    )


def _of_each(answer: Detected, numbers: NDArray[np.int64]) -> list[int]:
    """How many of some candidates come from each grid."""
    ends = np.cumsum([grid.rows * grid.columns for grid in answer.grids])
    at = np.searchsorted(ends, answer.candidates.cells[numbers], side="right")
    return [int((at == number).sum()) for number in range(len(ends))]


def _boxes(count: int) -> str:
    return f"{count:,} box{'es' if count != 1 else ''}"
