"""The page Image classification: one picture and its answer, and what has to be said about that answer."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.catalog.card import Card, Starter
from playground.core.errors import UnknownName
from playground.core.vision import Classified, Classify, Look, Looked, Photo, Prediction
from playground.data.examples import EXAMPLES
from playground.specs.classification import ClassificationSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component
from playground.ui.page import place
from playground.ui.parts import classification_input as pictures
from playground.ui.parts import classification_models as models
from playground.ui.parts.classification_models import percent
from playground.ui.parts.classification_tray import tray
from playground.ui.state import state
from playground.ui.words import plain

SIDE = 1024
AT_ONCE = 3
"""So many questions of one visitor are under way besides the one about the picture that is shown."""

WAKING = "The model is waking up."


@dataclass(frozen=True)
class Shown:
    """The picture on the page.

    Attributes:
        id: An example's name, or the id of one of the visitor's own.
        photo: The file; without content where it was not taken.
        own: Whether the visitor brought it.
        problem: Why it cannot be used; empty where it can, or where that is not known yet.
    """

    id: str
    photo: Photo
    own: bool
    problem: str = ""


@dataclass(frozen=True)
class Answers:
    """What is known of the pictures on the page with one model.

    Attributes:
        shown: Of the picture that is shown: an answer, ``asking.Waiting`` or ``asking.Refused``.
        looks: Of the same: how it is shown (``None`` for one of ours, which is its own file).
        own: By id: of each of the visitor's own pictures.
        thumbnails: By id, small JPEGs of them.
        wrong: By id, why one of them is no picture that can be used.
    """

    shown: Any
    looks: Any = None
    own: Mapping[str, Any] = field(default_factory=dict)
    thumbnails: Mapping[str, bytes] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def waiting(self) -> bool:
        """Whether anything is still under way."""
        everything = (self.shown, self.looks, *self.own.values())
        return any(isinstance(one, asking.Waiting) for one in everything)


def settle(spec: ClassificationSpec, key: str) -> ClassificationSpec:
    """The experiment with a picture and a model that there are; what a link says wrongly is said in words, and the rest kept."""
    first = next(iter(EXAMPLES))
    if spec.example not in EXAMPLES and (spec.example or not tray(key).find(tray(key).chosen)):
        if spec.example:
            words = str(UnknownName("example picture", spec.example, EXAMPLES))
            st.warning(plain(f"In the link, Picture: {words} The page shows {EXAMPLES[first].title.lower()}."))
        controls.assign(key, example=first)
        spec = spec.replace(example=first)
    return models.settle(spec, key)


def shown(spec: ClassificationSpec, key: str) -> Shown:
    """The picture that the experiment means."""
    if spec.example:
        return Shown(spec.example, _examples().setdefault(spec.example, EXAMPLES[spec.example].photo()), own=False)
    mine = tray(key)
    own = mine.find(mine.chosen)
    assert own is not None  # settle has seen to it
    return Shown(own.id, own.photo, True, own.problem)


def ask(spec: ClassificationSpec, picture: Shown, card: Card, key: str) -> Answers:
    """Ask for everything that is to be seen; what was answered before is found again.

    The picture that is shown comes first, and few others are under way at a time, so that it never waits for them.
    """
    answer: Any
    looks: Any
    if picture.problem:
        answer = looks = asking.Refused(picture.problem)
    else:
        looks = asking.ask("look", None, Look(picture.photo, SIDE)) if picture.own else None
        bad = isinstance(looks, asking.Refused)
        answer = looks if bad else asking.ask("classify", card, Classify(picture.photo, spec.top))
    own, thumbnails, wrong, waiting = dict[str, Any](), dict[str, bytes](), dict[str, str](), 0
    for one in tray(key).pictures:
        if one.problem:
            own[one.id], wrong[one.id] = asking.Refused(one.problem), one.problem
            continue
        if waiting >= AT_ONCE:
            own[one.id] = asking.Waiting("")
            continue
        small = asking.ask("look", None, Look(one.photo, pictures.THUMBNAIL))
        if isinstance(small, Looked):
            thumbnails[one.id] = small.jpeg
            own[one.id] = (
                answer if one.id == picture.id else asking.ask("classify", card, Classify(one.photo, spec.top))
            )
        else:
            own[one.id] = small
            if isinstance(small, asking.Refused):
                wrong[one.id] = small.words
        waiting += isinstance(own[one.id], asking.Waiting)
    return Answers(answer, looks, own, thumbnails, wrong)


def captions(answers: Answers, card: Card) -> dict[str, str]:
    """What stands on each of the visitor's own pictures."""
    found = {}
    for id, one in answers.own.items():
        if isinstance(one, Classified):
            found[id] = "none of its classes" if one.refused else brief(one.predictions[0], card)
        elif isinstance(one, asking.Refused):
            found[id] = "cannot be used" if id in answers.wrong else "no answer"
    return found


def show(spec: ClassificationSpec, picture: Shown, answers: Answers, card: Card, key: str) -> None:
    """Draw the picture with its answer."""
    data = {
        **said(answers.shown, card, spec.top),
        "picture": _picture(picture, answers),
        "present": lesson.current().present,
        "height": pictures.HEIGHT,
        "expecting": answers.waiting,
    }
    with place(pictures.HEIGHT):
        component("answer")(key=f"{key}-answer", data=[data], on_edit_change=lambda: None)


def said(answer: Any, card: Card, wanted: int) -> dict[str, Any]:
    """One model's answer in words and numbers, in whatever state it is."""
    space = models.space(card)
    starter = isinstance(card.source, Starter)  # its title says how many classes it has
    known = f"{card.title}, {space.words}" if space and space.count and not starter else card.title
    empty = {
        "model": known,
        "name": card.name,
        "rows": [],
        "wanted": min(wanted, space.count) if space and space.count else wanted,
        "grey": False,
        "also": "",
        "notes": "",
        "facts": "",
        "waiting": False,
    }
    if isinstance(answer, asking.Waiting):
        return {**empty, "state": "waiting", "label": answer.words or WAKING, "waiting": True}
    if isinstance(answer, asking.Refused):
        return {**empty, "state": "failed", "label": "No answer", "notes": answer.words}
    found: tuple[Prediction, ...] = answer.predictions[:wanted]
    rows = [
        {"label": name, "full": one.label, "score": one.score}
        for name, one in zip(briefs(found, card), found, strict=True)
    ]
    batch = f", {answer.batch} pictures at once" if answer.batch > 1 else ""
    done = {
        **empty,
        "state": "answered",
        "label": brief(found[0], card),
        "rows": rows,
        "facts": f"{card.title}, {answer.seconds:.3f} s, {answer.device}, {answer.engine}{batch}",
    }
    if answer.refused:
        none = f"None of my {space.words}" if space else "None of my classes"
        return {**done, "state": "none", "label": none, "grey": True, "notes": why_none(answer, card, space)}
    others = found[0].label.split(", ")[1:] if card.labels == "imagenet-1k" else []
    return {**done, "also": f"also called {', '.join(others)}" if others else ""}


def why_none(answer: Classified, card: Card, space: models.Space | None) -> str:
    """Why a model says that a picture is none of its classes, and why the bars do not show that."""
    best = answer.predictions[0]
    start = f"The likeliest of them, {brief(best, card)}, gets {percent(best.score, 0)}. "
    if space and space.score == "max_softmax":
        rule = f"Below {100 * space.threshold:.3g} % this model rather says that it knows none of it."
    elif space and space.score:
        kind = {
            "max_logit": "largest output before the softmax",
            "energy": "logarithm of the sum of all outputs' exponentials (Liu et al. 2020: minus the energy)",
        }
        rule = (
            f"The softmax shares out 100 % whatever comes in and stays sure on nonsense, so the {kind.get(space.score, space.score)} "
            f"is looked at instead: it lies below the threshold of {space.threshold:.2f}."
        )
    else:
        rule = "That is below its threshold."
    return start + rule


def brief(one: Prediction, card: Card) -> str:
    """A class's name as it stands on a picture: ImageNet's list several names for a class, the first is enough."""
    return one.label.split(",")[0].strip() or one.label if card.labels == "imagenet-1k" else one.label


def briefs(found: tuple[Prediction, ...], card: Card) -> list[str]:
    """The same for a list; where two classes would read the same (ImageNet has two cranes), they are written out."""
    short = [brief(one, card) for one in found]
    return [name if short.count(name) == 1 else one.label for name, one in zip(short, found, strict=True)]


def named(picture: Shown, answers: Answers, key: str) -> dict[str, tuple[str, Any]]:
    """Every picture's file name and answer, by id: the visitor's own, and the one that is shown."""
    own = {one.id: (one.photo.name, answers.own[one.id]) for one in tray(key).pictures}
    return own if picture.own else {**own, picture.id: (picture.photo.name, answers.shown)}


def say_wrong(picture: Shown, answers: Answers) -> None:
    """Say of each file that cannot be used why; the one that is shown says so in the picture's place."""
    words = [plain(one) for id, one in answers.wrong.items() if id != picture.id]
    if words:
        st.error("\n".join(f"- {one}" for one in words) if len(words) > 1 else words[0])


def _picture(picture: Shown, answers: Answers) -> dict[str, Any]:
    """How the picture is drawn, in whatever state it is."""
    name = picture.photo.name
    made = {"name": picture.id, "alt": name, "src": "", "credit": "", "words": "", "width": 0, "height": 0}
    if not picture.own:
        example = EXAMPLES[picture.id]
        return {
            **made,
            "alt": example.summary,
            "src": _url(picture.photo.content),
            "credit": f"{example.title}. {example.source}",
        }
    looked = answers.looks
    if isinstance(looked, Looked):
        size = {"width": looked.width, "height": looked.height}
        credit = " ".join([f"{name}, {looked.width:,} x {looked.height:,} pixels.", *looked.notes])
        return {**made, **size, "src": _url(looked.jpeg), "credit": credit}
    return {**made, "words": looked.words or "Reading the picture."}


def _url(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


@dataclass
class _Examples:
    photos: dict[str, Photo] = field(default_factory=dict)


def _examples() -> dict[str, Photo]:
    """Our own pictures as this session has read them."""
    return state(_Examples).photos
