"""What the boxes on a picture mean, and what they do not: sentences in their own numbers, the code that ran, the papers."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from playground.catalog.card import Card
from playground.core.detection import FLOOR, MOST_OBJECTS, Detected, Thing, Thresholds
from playground.functional.things import kept
from playground.specs.detection import DetectionSpec
from playground.ui.page import prose, references, show_source
from playground.ui.parts import detection_models as models
from playground.ui.parts import how_it_decided, score_boxes_words
from playground.ui.parts.classification_models import in_words, percent
from playground.ui.parts.detection_controls import numbers
from playground.ui.parts.pictured_answers import Shown
from playground.ui.words import plain

_FEW = 3
_LOOSE = 0.9
"""Above this IoU hardly any two boxes overlap so much, not even two of one object."""

_PAPERS = (
    "J. Redmon, S. Divvala, R. Girshick, A. Farhadi: *You only look once: unified, real-time object detection*, 2016.",
    "G. Jocher, J. Qiu: *Ultralytics YOLO11*, 2024; *YOLOv8*, 2023; *YOLO26*, 2026: the networks and their weights.",
    "T.-Y. Lin et al.: *Feature pyramid networks for object detection*, 2017: grids of several sizes, for objects of several sizes.",
    "N. Bodla, B. Singh, R. Chellappa, L. S. Davis: *Soft-NMS: improving object detection with one line of code*, 2017: what "
    "suppression drops wrongly.",
    "D. Bolya, C. Zhou, F. Xiao, Y. J. Lee: *YOLACT: real-time instance segmentation*, 2019: masks mixed from prototypes.",
    "Y. Zhang et al.: *ByteTrack: multi-object tracking by associating every detection box*, 2022: objects followed through a clip.",
    *how_it_decided.PAPERS,
    *score_boxes_words.PAPERS,
)


def objects(answer: Detected, thresholds: Thresholds) -> int:
    """How many objects pass the thresholds."""
    return len(kept(answer, thresholds))


def listed(shown: Sequence[Thing], most: int = _FEW) -> str:
    """``4 x “person”, 1 x “bus” and 2 of other classes``: the counts of each class, the most first, as Markdown."""
    counts = dict[str, int]()
    for one in shown:
        counts[one.label] = counts.get(one.label, 0) + 1
    order = sorted(counts.items(), key=lambda item: -item[1])
    parts = [f"{count:,} × “{plain(name)}”" for name, count in order[:most]]
    rest = sum(count for _, count in order[most:])
    parts += [f"{rest:,} of other classes"] if rest else []
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def what_you_see(found: Sequence[Thing], answer: Any, spec: DetectionSpec, card: Card) -> str:
    """Two or three sentences about these very boxes, and a thing to try; about the model while there are none."""
    if not isinstance(answer, Detected):
        return f"**{plain(card.title)}.** {plain(card.summary)}"
    shown = [one for one in found if one.score >= spec.confidence][: spec.most]
    known = _known(answer, card)
    if not found:
        return f"**It sees nothing here, however little sureness is enough.** {known}"
    if not shown:
        best = found[0]
        return (
            f"**Nothing here is as sure as {percent(spec.confidence, 0)}.** The surest of {len(found):,} boxes, “{plain(best.label)}”, has "
            f"{percent(best.score)}: pull the confidence below that to see it. {known}"
        )
    many = len(shown)
    start = f"**{in_words(many).capitalize()} detection{'s' if many != 1 else ''}: {listed(shown)}.**"
    weakest = shown[-1]
    edge = ""
    if many < len(found):
        after = found[many]
        name = f"“{plain(after.label)}” with {percent(after.score)}"
        cut = after.score >= spec.confidence
        edge = f"The least sure of them, “{plain(weakest.label)}”, has {percent(weakest.score)}; the next one, " + (
            f"{name}, is cut by the maximum of {in_words(spec.most)}. "
            if cut
            else f"{name}, lies below the confidence threshold. "
        )
    return f"{start} {_from(answer, spec, found)} {edge}{known}"


def _from(answer: Detected, spec: DetectionSpec, found: Sequence[Thing]) -> str:
    """Where the boxes come from: cells, candidates, suppression."""
    cells = sum(one.rows * one.columns for one in answer.grids)
    classes, _ = numbers(spec.classes, answer.names)
    among = np.isin(answer.candidates.labels, classes) if classes else True
    above = int(((answer.candidates.scores >= spec.confidence) & among).sum())
    if answer.end_to_end:
        return f"The network proposes each object once, so nothing is suppressed: of {cells:,} cells {in_words(above)} speak up."
    are = "are" if above != 1 else "is"
    start = f"Each of {cells:,} cells proposes a box; {above:,} of them {are} that sure" + (
        " and of these classes" if classes else ""
    )
    left = sum(one.score >= spec.confidence for one in found)
    if left >= MOST_OBJECTS:
        return f"{start}; no more than {MOST_OBJECTS} are shown."
    lost = above - left
    if not lost:
        return f"{start}, and at an IoU threshold of {spec.iou:.2f} NMS suppresses none of them."
    if spec.iou > _LOOSE:
        return f"{start}; at an IoU threshold as high as {spec.iou:.2f}, NMS suppresses only {in_words(lost)} of them."
    overlap, other = "overlap" if lost != 1 else "overlaps", "any" if spec.agnostic else "the same"
    return f"{start}; NMS suppresses {in_words(lost)} that {overlap} a surer box of {other} class by an IoU above {spec.iou:.2f}."


def _known(answer: Detected, card: Card) -> str:
    if models.is_starter(card):
        return "It was trained on drawn scenes and knows ten digits and eight shapes: anything else is nothing to it, or is taken for one."
    return (
        f"It can only find the {len(answer.names):,} classes that it was trained on; the number is how sure it is, not how often it is "
        "right."
    )


def command(spec: DetectionSpec, picture: Shown, card: Card) -> str:
    """The command line that answers the same."""
    file = picture.photo.name
    said = ["playground", "predict", "detect", "--model", card.name, file, "--conf", f"{spec.confidence:g}"]
    said += ["--iou", f"{spec.iou:g}"] if spec.iou != DetectionSpec().iou else []
    said += ["--classes", spec.classes] if spec.classes else []
    return shlex.join([*said, "--json"])


def code() -> None:
    """The functions that ran."""
    prose(
        f"This is what ran, in this order: the picture is brought to what the network wants (letterbox), the network proposes boxes, "
        f"those are decoded and kept from {percent(FLOOR)} on, and the thresholds and non-maximum suppression are applied to those. "
        "Moving one never runs the network again."
    )
    show_source("playground.hub.letterbox:letterbox")
    show_source("playground.hub.detector:Detector.by_torch")
    show_source("playground.hub.detector:Detector.candidates")
    show_source("playground.functional.suppression:suppress")
    show_source("playground.functional.things:things")
    prose("In a clip every object is followed from frame to frame, and your own boxes are matched with the model's:")
    show_source("playground.hub.tracking:Tracks.follow")
    show_source("playground.functional.average_precision:match")
    prose("What joins these, and how a file becomes a picture:")
    show_source("playground.hub.detect:detect")
    show_source("playground.data.pictures:read_picture")


def papers(card: Card) -> None:
    """What these boxes stand on."""
    title = card.paper.partition(": ")[2].rpartition(",")[0].removeprefix("Ultralytics ")
    known = not title or any(title in paper for paper in _PAPERS)
    references(*([] if known else [plain(card.paper)]), *dict.fromkeys(_PAPERS))
    st.caption(plain(f"{card.title}: {card.source}. Licence of the weights: {card.licence or 'not said'}."))
