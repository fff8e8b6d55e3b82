"""A visitor's own pictures: kept in this session only, so many of them and so many bytes, each removable."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field

from playground.core.vision import Photo
from playground.ui.state import state

BYTES_IN_ALL = 4
"""A session keeps as many bytes of pictures as so many of the largest have."""


@dataclass(frozen=True)
class Own:
    """A picture that a visitor brought, or why it is none.

    Attributes:
        id: What it is called between the browser and this session.
        photo: The file; without content where it was not taken.
        problem: Why it was not taken, in words.
    """

    id: str
    photo: Photo
    problem: str = ""


@dataclass
class Tray:
    """What one visitor brought in this session.

    Attributes:
        pictures: In the order they came.
        chosen: The one that is shown; empty while one of ours is.
        turn: Counts what was handed over; each time there is a new, empty uploader.
        camera: Whether the camera is open.
        unreadable: Ids of those that turned out to be no pictures: they take nobody's place.
    """

    pictures: list[Own] = field(default_factory=list)
    chosen: str = ""
    turn: int = 0
    camera: bool = False
    unreadable: frozenset[str] = frozenset()

    def find(self, id: str) -> Own | None:
        """One of them; ``None`` where it is not there any more."""
        return next((one for one in self.pictures if one.id == id), None)

    def add(self, files: list[Photo], most: int, megabytes: float) -> str:
        """Take files in as far as there is room, say of the others why not, and return the id of the first taken."""
        first = ""
        for photo in files:
            held = [one for one in self.pictures if not self._useless(one)]
            same = next((one for one in held if one.photo == photo), None)
            if same is not None:  # a second try of the browser
                first = first or same.id
                continue
            problem = ""
            if len(photo.content) > megabytes * 1e6:
                problem = too_large(photo.name, len(photo.content), megabytes)
            elif len(held) >= most:
                problem = too_many(photo.name, most)
            elif sum(len(one.photo.content) for one in held) + len(photo.content) > BYTES_IN_ALL * megabytes * 1e6:
                problem = (
                    f"{photo.name} was not taken: your pictures together may have {BYTES_IN_ALL * megabytes:g} MB. "
                    "Remove some first."
                )
            made = Own(secrets.token_hex(6), Photo(b"", photo.name) if problem else photo, problem)
            self._keep(made, most)
            first = first or ("" if problem else made.id)
        return first

    def say(self, name: str, problem: str, most: int) -> None:
        """Remember why a file was not even sent."""
        self._keep(Own(secrets.token_hex(6), Photo(b"", name), problem), most)

    def remove(self, id: str) -> None:
        """Forget one; its neighbour is shown where it was the one shown."""
        at = next((i for i, one in enumerate(self.pictures) if one.id == id), None)
        if at is None:
            return
        del self.pictures[at]
        if self.chosen == id:
            self.chosen = self.pictures[min(at, len(self.pictures) - 1)].id if self.pictures else ""

    def _keep(self, made: Own, most: int) -> None:
        self.pictures.append(made)
        wrong = [one for one in self.pictures if self._useless(one)]
        for old in wrong[: max(0, len(wrong) - most)]:
            self.remove(old.id)

    def _useless(self, one: Own) -> bool:
        return bool(one.problem) or one.id in self.unreadable


def tray(key: str) -> Tray:
    """This session's own pictures on a page."""
    return state(Tray, key)


def too_large(name: str, size: int, megabytes: float) -> str:
    """Why a file is not taken: its size."""
    return (
        f"{name} has {math.ceil(size / 1e5) / 10:,.1f} MB; at most {megabytes:g} MB are taken. Make it smaller first."
    )


def too_often(name: str) -> str:
    """Why a file is not taken: as much as may be was uploaded."""
    return (
        f"{name} was not taken: this page, or all visitors together, uploaded as much as may be for now. Reload the page, or "
        "try again in ten minutes."
    )


def too_many(name: str, most: int) -> str:
    """Why a file is not taken: there are enough."""
    return f"{name} was not taken: {most} pictures of your own are the most here. Remove some first."
