"""The view "Cover it": a grey patch, or a piece of the picture itself, is laid over the picture, and the network looks again."""

from __future__ import annotations

import hashlib
import math
from dataclasses import astuple, dataclass
from typing import Any

from playground.catalog.card import Card
from playground.core.detection import MOST_COVERS, Cover, Detect, Detected
from playground.core.vision import Box, Photo
from playground.functional.suppression import follow
from playground.functional.things import kept
from playground.specs.detection import DetectionSpec
from playground.ui import asking, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import prose
from playground.ui.parts import opened_up
from playground.ui.parts.how_it_decided_frame import classes, thresholds
from playground.ui.state import state
from playground.ui.visual import visual
from playground.ui.words import minus, plain

HEIGHT = 500
MOST_OBJECTS = 40
"""So many objects, the surest, are followed."""
SHARE = 0.5
"""The first patch is so wide and high as this part of the surest object."""
_PLACES = 4


@dataclass
class _Covered:
    """What lies over a picture: nobody has touched it yet where that is ``None``."""

    question: str = ""
    covers: tuple[Cover, ...] | None = None


def show(photo: Photo, card: Card, spec: DetectionSpec, answer: Any, key: str) -> None:
    """Draw the view.

    Args:
        photo: The picture.
        card: The model.
        spec: The page's experiment.
        answer: What the model says of the uncovered picture, in whatever state.
        key: The page's key.
    """
    kept_here = state(_Covered, key)
    question = hashlib.sha256(photo.content).hexdigest()[:12]
    if kept_here.question != question:
        kept_here.question, kept_here.covers = question, None
    answers: dict[str, Any] = {"photo": opened_up.looked(photo), "answer": answer}
    header: dict[str, Any] = {}
    start: tuple[Cover, ...] = ()
    if isinstance(answer, Detected):
        chosen = _shown(answer, spec)
        start = first(answer, chosen)
        header = {
            "classes": classes(answer, answer.candidates.labels),
            "objects": _objects(answer, chosen),
            "most": MOST_COVERS,
            "about": f"{question} {card.name}",
        }
    packed = opened_up.frame("detection.cover", photo, answers, header, {})
    part = f"{key}-cover"
    visual("cover", packed, key=key, part="cover", height=HEIGHT, confidence=spec.confidence, answers=part)

    covers = start if kept_here.covers is None else kept_here.covers
    again = answer
    if covers and isinstance(answer, Detected):
        again = asking.ask("detect", card, Detect(photo, covers=covers))

    def covered() -> None:
        said = told_by(part, "covers")
        wished = read(said)
        if wished is not None:
            kept_here.covers = wished

    data = {"to": part, "about": f"{question} {card.name}", **told(answer, again, covers, spec)}
    component("cover_answer")(key=part, data=[data], on_covers_change=covered, on_edit_change=lambda: None)
    if isinstance(answer, Detected):
        prose(minus(what_you_see(answer, again, covers, spec)))


def first(answer: Detected, chosen: tuple[int, ...]) -> tuple[Cover, ...]:
    """The patch that lies there at the beginning: over the middle of the surest object; none where there is no object."""
    if not chosen:
        return ()
    left, top, right, bottom = answer.candidates.boxes[chosen[0]].tolist()
    x, y = (left + right) / 2 / answer.width, (top + bottom) / 2 / answer.height
    wide, high = SHARE * (right - left) / answer.width / 2, SHARE * (bottom - top) / answer.height / 2
    box = (x - wide, y - high, x + wide, y + high)
    return (Cover(Box(*(round(min(1.0, max(0.0, place)), _PLACES) for place in box))),)


def read(said: Any) -> tuple[Cover, ...] | None:
    """The covers that a browser tells of, each as four or eight numbers; ``None`` where that cannot be."""
    if not isinstance(said, list) or len(said) > MOST_COVERS:
        return None
    made = []
    for one in said:
        if not isinstance(one, list) or len(one) not in (4, 8):
            return None
        if not all(
            isinstance(place, int | float) and not isinstance(place, bool) and math.isfinite(place) for place in one
        ):
            return None
        places = [round(min(1.0, max(0.0, float(place))), _PLACES) for place in one]
        boxes = [Box(*places[at : at + 4]) for at in range(0, len(places), 4)]
        if any(box.left >= box.right or box.top >= box.bottom for box in boxes):
            return None
        made.append(Cover(*boxes))
    return tuple(made)


def told(answer: Any, again: Any, covers: tuple[Cover, ...], spec: DetectionSpec) -> dict[str, Any]:
    """What the covered picture's answer looks like in the browser, in whatever state it is."""
    said = {"covers": [_flat(cover) for cover in covers], "present": lesson.current().present}
    standing, words = opened_up.standing({"before": answer, "after": again})
    if standing != "there":
        return {**said, "state": standing, "words": words, "waiting": standing == "waiting", "scores": [], "boxes": []}
    chosen = _shown(answer, spec)
    scores, fresh = compare(answer, again, chosen, spec)
    found, shown = again.candidates, kept(again, thresholds(spec, again))
    boxes = [
        [*(round(place, 1) for place in found.boxes[at].tolist()), int(found.labels[at]), float(found.scores[at]), at in fresh]
        for at in shown[:100]
    ]  # fmt: skip
    names = classes(again, found.labels[list(shown[:100])])
    return {
        **said,
        "state": "there",
        "words": "",
        "waiting": False,
        "scores": [float(score) for score in scores],
        "boxes": boxes,
        "classes": names,
        "seconds": again.seconds,
    }


def compare(answer: Detected, again: Detected, chosen: tuple[int, ...], spec: DetectionSpec) -> tuple[Any, set[int]]:
    """What has become of the objects: their confidences now, and which of the boxes that are shown now stand for none of them."""
    before, after, at = answer.candidates, again.candidates, list(chosen)
    scores, stands = follow(before.boxes[at], before.labels[at], after.boxes, after.scores, after.labels)
    shown = kept(again, thresholds(spec, again))
    return scores, {number for number in shown if stands[number] < 0}


def what_you_see(answer: Detected, again: Any, covers: tuple[Cover, ...], spec: DetectionSpec) -> str:
    """Two or three sentences about what the patches did to this very picture."""
    chosen = _shown(answer, spec)
    if not chosen:
        return "**No box reaches the confidence threshold.** Lower it, or choose another picture."
    why = (
        "A copy is no occlusion where it leaves the original in sight: it shows the same pixels at another place. The same filters run "
        "over every place, so mostly it is found, too; its confidence also depends on what stands around it, and near by it can change "
        "what else is found (Rosenfeld et al. 2018)."
        if any(cover.source for cover in covers)
        else "The picture was changed, not the boxes: the network looked again at what you see. What covers an object also changes what "
        "surrounds it, so a fall shows that these pixels were used, not why (Zeiler and Fergus 2014)."
    )
    if not covers or not isinstance(again, Detected):
        return f"**Drag the patch over an object, and its confidence follows.** {why}"
    scores, fresh = compare(answer, again, chosen, spec)
    gone = [number for number, score in zip(chosen, scores.tolist(), strict=True) if score < spec.confidence]
    found = answer.candidates
    names = [plain(answer.names[int(found.labels[number])]) for number in gone[:4]]
    lost = (
        f"{len(gone)} of {len(chosen)} {'is' if len(gone) == 1 else 'are'} gone ({', '.join(names)}{', …' if len(gone) > 4 else ''})"
        if gone
        else f"All {len(chosen)} are still found"
        if len(chosen) > 1
        else "It is still found"
    )
    more = f", and {len(fresh)} {'is' if len(fresh) == 1 else 'are'} new" if fresh else ""
    return f"**{lost}{more}.** {why}"


def _shown(answer: Detected, spec: DetectionSpec) -> tuple[int, ...]:
    """Numbers of the objects on the uncovered picture that are followed."""
    return kept(answer, thresholds(spec, answer))[:MOST_OBJECTS]


def _objects(answer: Detected, chosen: tuple[int, ...]) -> list[list[Any]]:
    found = answer.candidates
    return [
        [*(round(place, 1) for place in found.boxes[at].tolist()), int(found.labels[at]), float(found.scores[at])]
        for at in chosen
    ]


def _flat(cover: Cover) -> list[float]:
    return [*astuple(cover.at), *(astuple(cover.source) if cover.source else ())]
