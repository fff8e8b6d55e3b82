"""What is known of the pictures on a page: which one is shown, and every answer as far as it is there."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from playground.catalog.card import Card
from playground.core.errors import UnknownName
from playground.core.vision import Look, Looked, Photo
from playground.specs.spec import Spec
from playground.ui import asking
from playground.ui.parts.pictured import THUMBNAIL, Pictured
from playground.ui.parts.tray import tray
from playground.ui.state import state
from playground.ui.words import plain

S = TypeVar("S", bound=Spec)

AT_ONCE = 3
"""So many questions of one visitor are under way besides the one about the picture that is shown."""

SIDE = 1024


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


def settle(page: Pictured, spec: S, first: str) -> S:
    """The experiment with a picture that there is; what a link says wrongly is said in words.

    Args:
        page: The page.
        spec: Its experiment.
        first: Which of ours is shown where none is named.
    """
    example: str = getattr(spec, "example")  # noqa: B009 (every experiment of such a page has it)
    if example in page.examples or (not example and tray(page.key).find(tray(page.key).chosen)):
        return spec
    if example:
        words = str(UnknownName("example picture", example, page.examples))
        st.warning(plain(f"In the link, Picture: {words} The page shows {page.examples[first].title.lower()}."))
    page.assign(first)
    return spec.replace(example=first)


def shown(page: Pictured, example: str) -> Shown:
    """The picture that the experiment means; ``settle`` has seen to it that there is one."""
    if example:
        photo = state(_Read, page.key).photos.setdefault(example, page.examples[example].photo())
        return Shown(example, photo, own=False)
    mine = tray(page.key)
    own = mine.find(mine.chosen)
    assert own is not None
    return Shown(own.id, own.photo, True, own.problem)


def ask(page: Pictured, picture: Shown, card: Card | None, task: str, question: Callable[[Photo], Any]) -> Answers:
    """Ask for everything that is to be seen; what was answered before is found again.

    The picture that is shown comes first, and few others are under way at a time, so that it never waits for them.

    Args:
        page: The page.
        picture: What is shown.
        card: The model; ``None`` where the task needs none.
        task: What is asked of it.
        question: Makes that of a picture.
    """
    answer: Any
    looks: Any
    if picture.problem:
        answer = looks = asking.Refused(picture.problem)
    else:
        looks = asking.ask("look", None, Look(picture.photo, SIDE)) if picture.own else None
        bad = isinstance(looks, asking.Refused)
        answer = looks if bad else asking.ask(task, card, question(picture.photo))
    own, thumbnails, wrong, waiting = dict[str, Any](), dict[str, bytes](), dict[str, str](), 0
    for one in tray(page.key).pictures:
        if one.problem:
            own[one.id], wrong[one.id] = asking.Refused(one.problem), one.problem
            continue
        if waiting >= AT_ONCE:
            own[one.id] = asking.Waiting("")
            continue
        small = asking.ask("look", None, Look(one.photo, THUMBNAIL))
        if isinstance(small, Looked):
            thumbnails[one.id] = small.jpeg
            own[one.id] = answer if one.id == picture.id else asking.ask(task, card, question(one.photo))
        else:
            own[one.id] = small
            if isinstance(small, asking.Refused):
                wrong[one.id] = small.words
        waiting += isinstance(own[one.id], asking.Waiting)
    return Answers(answer, looks, own, thumbnails, wrong)


def captions(answers: Answers, said: Callable[[Any], str]) -> dict[str, str]:
    """What stands on each of the visitor's own pictures: what is said of an answer, or that there is none."""
    found = {}
    for id, one in answers.own.items():
        if isinstance(one, asking.Refused):
            found[id] = "cannot be used" if id in answers.wrong else "no answer"
        elif not isinstance(one, asking.Waiting):
            found[id] = said(one)
    return found


def named(page: Pictured, picture: Shown, answers: Answers) -> dict[str, tuple[str, Any]]:
    """Every picture's file name and answer, by id: the visitor's own, and the one that is shown."""
    own = {one.id: (one.photo.name, answers.own[one.id]) for one in tray(page.key).pictures}
    return own if picture.own else {**own, picture.id: (picture.photo.name, answers.shown)}


def say_wrong(picture: Shown, answers: Answers) -> None:
    """Say of each file that cannot be used why; the one that is shown says so in the picture's place."""
    words = [plain(one) for id, one in answers.wrong.items() if id != picture.id]
    if words:
        st.error("\n".join(f"- {one}" for one in words) if len(words) > 1 else words[0])


def drawn(page: Pictured, picture: Shown, answers: Answers) -> dict[str, Any]:
    """How the picture is drawn, in whatever state it is."""
    name = picture.photo.name
    made = {"name": picture.id, "alt": name, "src": "", "credit": "", "words": "", "width": 0, "height": 0}
    if not picture.own:
        example = page.examples[picture.id]
        return {
            **made,
            "alt": example.summary,
            "src": data_url(picture.photo.content),
            "credit": f"{example.title}. {example.source}",
        }
    looked = answers.looks
    if isinstance(looked, Looked):
        size = {"width": looked.width, "height": looked.height}
        credit = " ".join([f"{name}, {looked.width:,} x {looked.height:,} pixels.", *looked.notes])
        return {**made, **size, "src": data_url(looked.jpeg), "credit": credit}
    return {**made, "words": looked.words or "Reading the picture."}


def data_url(jpeg: bytes) -> str:
    """A JPEG as an address that a browser shows."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


@dataclass
class _Read:
    """Our own pictures as this session has read them."""

    photos: dict[str, Photo] = field(default_factory=dict)
