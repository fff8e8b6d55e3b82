"""The page Your own pictures: classes, two ways to learn them side by side, and a picture to try both on."""

from __future__ import annotations

from typing import Any

from playground.catalog.card import Card
from playground.core.transfer import WAYS, Learnt, Measured, Way
from playground.data.own_example import own_example
from playground.specs.transfer import TransferSpec
from playground.training.held_out import held_of
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.parts.model_menu import Menu
from playground.ui.parts.own_album import CLASSES, EACH, TITLES, Album, OwnClass
from playground.ui.parts.own_pictures_files import Wish, locked
from playground.ui.parts.own_training import Course, Training
from playground.ui.parts.pictured_answers import data_url
from playground.ui.state import state

HEIGHT = 520
SHOWN = 24
"""So many pictures of a class are drawn: the latest."""

MENU = Menu(
    ("classify",),
    "does not classify pictures.",
    "Nothing else is on disk, so the features come from the small model that comes with the playground.",
)


def settle(spec: TransferSpec, key: str) -> TransferSpec:
    """The experiment with a model that there is; at a session's first visit the example is there, learnt already."""
    spec = MENU.settle(spec, key)
    album = state(Album, key)
    if not album.began:
        album.begin()
        album.fresh = False
        state(Course, key).begin_with_example(album, spec, MENU.used(spec, key))
    if album.fresh:
        album.fresh = False
        state(Course, key).forget()
    return spec


def show(spec: TransferSpec, card: Card, key: str) -> None:
    """Draw the canvas, and ask for what it is to show."""
    album, course = state(Album, key), state(Course, key)
    if course.training is not None:
        course.training.ask()
    answer = course.tell(album)
    name = f"{key}-canvas"

    def done() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict) and isinstance(said.get("operations"), list) and not locked():
            wishes = album.obey(str(said.get("tag", ""))[:40], said["operations"], controls.mode())
            if album.fresh:
                album.fresh = False
                course.forget()
            for wish in wishes:
                _grant(wish, spec, card, key)

    with place(HEIGHT):
        data = {**drawn(album, course, spec, card, answer), "present": lesson.current().present, "height": HEIGHT}
        component("own_pictures")(key=name, data=[data], on_edit_change=done)


def _grant(wish: str, spec: TransferSpec, card: Card, key: str) -> None:
    album, course = state(Album, key), state(Course, key)
    if wish == "train" and not album.lacking():
        if album.example:
            course.begin_with_example(album, spec, card)
        else:
            course.begin(album.lesson(), spec, card)
    elif wish == "stop" and course.training is not None:
        course.training.stop()
    elif wish == "tune" and course.training is not None:
        course.training.tune(spec.manner)
    elif wish.startswith("pack:"):
        way = wish.removeprefix("pack:")
        state(Wish, key).pack = next((one for one in WAYS if one == way), None)


def drawn(album: Album, course: Course, spec: TransferSpec, card: Card, answer: Any) -> dict[str, Any]:
    """What the canvas shows."""
    mode, training, known = controls.mode(), course.training, own_example()
    lacking, stale = album.lacking(), course.stale(album, spec, card)
    working = training is not None and training.working
    return {
        "ack": album.heard,
        "tag": album.tag,
        "classes": [_drawn_class(one, EACH[mode]) for one in album.classes],
        "most": CLASSES[mode],
        "each": EACH[mode],
        "sheet": [len(known.names), len(known.pictures[0])],
        "example": album.example,
        "locked": locked(),
        "lacking": lacking,
        "stale": stale,
        "working": working,
        "stopped": training is not None and training.stopped,
        "status": _status(training, lacking, stale),
        "part": training.done if training is not None else 0.0,
        "ways": [_drawn_way(way, training, card) for way in WAYS],
        "names": list(training.lesson.classes) if training is not None else [],
        "tried": _drawn_tried(album, course, answer),
        "problems": list(album.problems),
        "notes": list(album.notes),
        "expecting": working or isinstance(answer, asking.Waiting),
    }


def _drawn_class(kind: OwnClass, most: int) -> dict[str, Any]:
    held, count = held_of(len(kind.pictures)), len(kind.pictures)
    tiles = [
        {"id": one.id, "src": one.src, "at": list(one.at) if one.at else None, "held": at >= count - held}
        for at, one in enumerate(kind.pictures)
    ]
    return {
        "id": kind.id,
        "name": kind.name,
        "count": count,
        "held": held,
        "full": count >= most,
        "tiles": tiles[-SHOWN:],
    }


def _drawn_way(way: Way, training: Training | None, card: Card) -> dict[str, Any]:
    pieces = training.of(way) if training is not None else []
    kept = training.kept(way) if training is not None else None
    measured = training.measured(way) if training is not None else []
    problem = next((one.problem for one in pieces if one.problem), "")
    waiting = next((one for one in pieces if one.open and one.pending), None)
    stopped = training is not None and training.stopped
    return {
        "way": way,
        "title": TITLES[way],
        "points": [[one.each, one.accuracy, one.low, one.high, one.draws] for one in measured],
        "state": "there" if kept else "refused" if problem else "waiting" if pieces and not stopped else "none",
        "words": problem or (waiting.words if waiting else ""),
        "result": _result(kept) if kept else None,
        "more": bool(kept) and any(one.pending for one in pieces) and not stopped,
    }


def _result(learnt: Learnt) -> dict[str, Any]:
    last: Measured = max(learnt.measured, key=lambda one: one.each)
    return {
        "right": round(last.accuracy * last.of),
        "of": last.of,
        "accuracy": last.accuracy,
        "seconds": learnt.seconds,
        "trained": learnt.trained,
        "whole": learnt.whole,
        "notes": list(learnt.notes),
    }


def _status(training: Training | None, lacking: str, stale: bool) -> str:
    if training is not None and training.working:
        words = next((one.words for one in training.pieces if one.open and one.pending and one.words), "")
        return words or "Training is about to begin"
    if lacking:
        return lacking
    if training is None:
        return "Ready: press Train."
    if stale:
        return "Something changed since it was trained. Train again."
    return "Stopped before it was done." if training.stopped else "Trained."


def _drawn_tried(album: Album, course: Course, answer: Any) -> dict[str, Any] | None:
    tried = album.tried
    if tried is None:
        return None
    words = answer.words if isinstance(answer, asking.Refused | asking.Waiting) else ""
    id, ways = course.told
    return {
        "id": tried.id,
        "src": data_url(tried.content) if tried.at or tried.src else "",  # bytes of a browser are not handed out again
        "known": album.picture(tried.id) is not None,
        "label": next((kind.name for kind in album.classes if any(one.id == tried.id for one in kind.pictures)), ""),
        "answered": id,
        "state": "refused" if isinstance(answer, asking.Refused) else "there" if course.scores else "none",
        "words": words,
        "seconds": course.seconds,
        "rows": [{"title": TITLES[way], "scores": row} for way, row in zip(ways, course.scores, strict=True)],
    }
