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
from playground.functional.suppression import KEPT, suppress
from playground.specs.detection import DetectionSpec
from playground.ui import asking, lesson
from playground.ui.page import prose
from playground.ui.parts import how_it_decided_both, how_it_decided_cover, opened_up
from playground.ui.parts.how_it_decided_frame import drawn, thresholds
from playground.ui.state import state
from playground.ui.visual import visual
from playground.ui.words import minus, plain

HEIGHT = 500
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
    "A. Wang et al.: *YOLOv10: real-time end-to-end object detection*, 2024: one-to-one training, so that nothing has to be suppressed.",
    "M. D. Zeiler, R. Fergus: *Visualizing and understanding convolutional networks*, 2014: covering parts of a picture.",
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
    found = answer.candidates
    fate = suppress(
        found.boxes, found.scores, found.labels, confidence=spec.confidence, iou=1.0 if answer.end_to_end else spec.iou,
        classes=thresholds(spec, answer).classes, agnostic=spec.agnostic, most=spec.most,
    )  # fmt: skip
    cells = sum(grid.rows * grid.columns for grid in answer.grids)
    sure, kept = int(((fate == KEPT) | (fate >= 0)).sum()), np.flatnonzero(fate == KEPT)
    if view == "heat":
        return (
            f"**{cells:,} cells look at the picture at once, and nearly all of them say nothing.** The scale is logarithmic: from one "
            "colour to the next the score is multiplied. Where several neighbours are sure, several boxes for one object follow, "
            "and that is why the rest of the work is dropping boxes."
        )
    if view == "grids":
        counts = [int((_grid_of(found.cells[kept], answer) == number).sum()) for number, _ in enumerate(answer.grids)]
        told = "; ".join(
            f"{count} from the grid of {grid.rows} × {grid.columns}"
            for count, grid in zip(counts, answer.grids, strict=True)
        )
        return (
            f"**Of the {_boxes(len(kept))} shown: {told}.** A cell of the coarse grid sees a large part of the picture, one of the fine "
            "grid keeps small things apart (Lin et al. 2017). A cell says four distances and a score for each class (Tian et al. 2019)."
        )
    if view == "steps":
        return (
            "**Greedy non-maximum suppression** knows nothing of objects: it only sees that two boxes of one class cover nearly the same "
            "place. Raise the IoU threshold and doubles stay; lower it and people who stand close together lose a box "
            "(Felzenszwalb et al. 2010)."
        )
    if answer.end_to_end:
        return (
            f"**From {cells:,} cells to {_boxes(len(kept))} without suppression.** This model was trained so that one cell alone answers "
            "for each object: only the confidence is left to set. See *With and without NMS* for both kinds side by side."
        )
    rest = f"{sure - len(kept):,} of the {_boxes(sure)} are dropped for lying on a surer one. " if sure else ""
    best = f"The surest is {plain(answer.names[int(found.labels[0])])}. " if len(found) else ""
    return (
        f"**{cells:,} cells propose {cells:,} boxes; {sure:,} are at least {100 * spec.confidence:.0f} % sure, {len(kept):,} are left.** "
        f"{rest}{best}Lower the confidence to 1 % and see what else was proposed; move the IoU and doubles come and go."
    )


def _boxes(count: int) -> str:
    return f"{count:,} box{'es' if count != 1 else ''}"


def _grid_of(cells: NDArray[np.int64], answer: Detected) -> NDArray[np.int64]:
    """Number of the grid that each cell is of."""
    ends = np.cumsum([grid.rows * grid.columns for grid in answer.grids])
    return np.searchsorted(ends, cells, side="right")
