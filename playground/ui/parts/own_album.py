"""A visitor's own classes with their pictures: kept in this session only, so many of them and so small.

A browser cuts each picture to a small square before it sends it; what arrives is bytes that nobody here decodes: what its
header says is judged, no more. What is done comes as numbered operations, each carried out once however often it is sent.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from playground.core.errors import InputError
from playground.core.transfer import Lesson, Way
from playground.data.cut_pictures import check_cut
from playground.data.own_example import own_example
from playground.specs.bounds import Mode
from playground.training.held_out import held_out

CLASSES: dict[Mode, int] = {"local": 8, "public": 6}
EACH: dict[Mode, int] = {"local": 120, "public": 72}
"""So many classes, and pictures of each, one visitor may have."""

BYTES = 80_000
"""Of one picture; a browser's are a quarter of that."""

LONGEST = 40
TITLES: dict[Way, str] = {"last": "Last layer only", "scratch": "From scratch", "tuned": "Fine-tuned"}
_ID = re.compile(r"[0-9a-z-]{4,40}")


@dataclass(frozen=True)
class Kept:
    """One picture.

    Attributes:
        id: What it is called between the browser and this session.
        content: The file.
        at: Its row and column in the sheet of the example; ``None`` for a visitor's own.
        src: A small copy as the worker made it, as an address; empty where the browser has its own.
    """

    id: str
    content: bytes
    at: tuple[int, int] | None = None
    src: str = ""


@dataclass
class OwnClass:
    """A class with its pictures, in the order they came."""

    id: str
    name: str
    pictures: list[Kept] = field(default_factory=list)


@dataclass
class Album:
    """All classes of one visitor.

    Attributes:
        classes: In the order they are shown.
        example: Whether they are those that come with the playground, as they came.
        tried: The picture that the classifiers are asked about.
        tag: Which mounted canvas speaks.
        heard: Number of the last of its operations that was carried out.
        problems: What was not taken, in words.
        notes: What has to be said of what was taken.
        began: Whether there has been anything in it.
        fresh: Whether all of it is new, so that nothing that was learnt before is about it.
    """

    classes: list[OwnClass] = field(default_factory=list)
    example: bool = False
    tried: Kept | None = None
    tag: str = ""
    heard: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    began: bool = False
    fresh: bool = False

    def begin(self) -> None:
        """Put the example in, where there has been nothing yet."""
        if not self.began:
            self.take_example()

    def take_example(self) -> None:
        """Two classes of drawn pictures; one of the held-out ones is asked about."""
        found = own_example()
        self.classes = [
            OwnClass(f"example-{row}", name, [Kept(f"example-{row}-{at}", one, (row, at)) for at, one in enumerate(kind)])
            for row, (name, kind) in enumerate(zip(found.names, found.pictures, strict=True))
        ]  # fmt: skip
        self.example = self.began = self.fresh = True
        self.problems, self.notes = [], []
        self.tried = self.classes[1].pictures[-1]

    def start_anew(self) -> None:
        """Two empty classes."""
        self.classes = [OwnClass(_new(), f"Class {number}") for number in (1, 2)]
        self.example, self.began, self.fresh, self.tried = False, True, True, None
        self.problems, self.notes = [], []

    def take(self, classes: list[OwnClass], notes: list[str], mode: Mode) -> None:
        """Classes from a zip take the place of all there were."""
        most = CLASSES[mode]
        if len(classes) > most:
            notes = [*notes, f"It holds {len(classes)} classes; the first {most} are taken."]
        self.start_anew()
        self.classes, self.notes = classes[:most], notes

    def find(self, id: str) -> OwnClass | None:
        """A class; ``None`` where it is gone."""
        return next((one for one in self.classes if one.id == id), None)

    def picture(self, id: str) -> Kept | None:
        """A picture of any class; ``None`` where it is gone."""
        return next((one for kind in self.classes for one in kind.pictures if one.id == id), None)

    def lesson(self) -> Lesson:
        """What there is to learn, with the last quarter of each class held out."""
        pictures = tuple(one.content for kind in self.classes for one in kind.pictures)
        labels = tuple(number for number, kind in enumerate(self.classes) for _ in kind.pictures)
        return Lesson(pictures, labels, held_out(labels), tuple(kind.name for kind in self.classes))

    def lacking(self) -> str:
        """Why this cannot be learnt yet; empty where it can."""
        if len(self.classes) < 2:
            return "Telling apart takes two classes. Add one."
        few = [kind.name for kind in self.classes if len(kind.pictures) < 2]
        if few:
            more = f" and {len(few) - 1} more" if len(few) > 1 else ""
            return f"{few[0]}{more}: two pictures at the least, ten are better."
        return ""

    def obey(self, tag: str, operations: list[Any], mode: Mode) -> list[str]:
        """Carry out what was done on the canvas; all of it is checked, as any browser may say anything.

        Returns:
            What else was asked for: ``train``, ``stop``, ``tune``, ``pack:<way>``.
        """
        wishes: list[str] = []
        if tag != self.tag:
            self.tag, self.heard = tag, 0
        for one in operations[:200]:
            number = one.get("n") if isinstance(one, dict) else None
            if not isinstance(number, int) or number <= self.heard:
                continue
            self.heard = number
            wish = one.get("wish")
            if isinstance(wish, str) and wish in ("train", "stop", "tune", "pack:last", "pack:scratch", "pack:tuned"):
                wishes.append(wish)
            else:
                self._carry_out(str(one.get("do", "")), one, mode)
        return wishes

    def _carry_out(self, do: str, said: dict[str, Any], mode: Mode) -> None:
        kind = self.find(str(said.get("class", "")))
        if do == "example":
            self.take_example()
        elif do == "anew":
            self.start_anew()
        elif do == "class":
            self._add_class(str(said.get("id", "")), mode)
        elif do == "try":
            self._try(said)
        elif kind is None:
            return
        elif do == "name":
            kind.name = _clean(said.get("name")) or kind.name
        elif do == "drop":
            self.classes.remove(kind)
        elif do == "empty":
            kind.pictures.clear()
        elif do == "remove":
            kind.pictures = [one for one in kind.pictures if one.id != said.get("picture")]
        elif do == "add":
            self._add(kind, said, mode)
        if do in ("name", "drop", "empty", "remove", "add"):
            self.example = False

    def _add_class(self, id: str, mode: Mode) -> None:
        if len(self.classes) >= CLASSES[mode]:
            self._say(f"{CLASSES[mode]} classes are the most here.")
        elif _ID.fullmatch(id) and not self.find(id):
            self.classes.append(OwnClass(id, f"Class {len(self.classes) + 1}"))
            self.example = False

    def _add(self, kind: OwnClass, said: dict[str, Any], mode: Mode) -> None:
        id, (content, problem) = str(said.get("picture", "")), _arrived(said.get("data"))
        if not _ID.fullmatch(id) or self.picture(id):
            return
        if content is None:
            self._say(f"A picture was not taken. {problem}")
        elif len(kind.pictures) >= EACH[mode]:
            self._say(f"{kind.name} is full: {EACH[mode]} pictures a class are the most here. Remove some first.")
        elif not any(one.content == content for one in kind.pictures):
            kind.pictures.append(Kept(id, content))

    def _try(self, said: dict[str, Any]) -> None:
        id = str(said.get("picture", ""))
        found = self.picture(id)
        if found is not None:
            self.tried = found
        elif _ID.fullmatch(id):
            content, problem = _arrived(said.get("data"))
            if content is None:
                self._say(f"The picture was not taken. {problem}")
            else:
                self.tried = Kept(id, content)

    def _say(self, words: str) -> None:
        if words not in self.problems:
            self.problems = [*self.problems[-2:], words]


def _arrived(data: Any) -> tuple[bytes | None, str]:
    """A picture's bytes; or ``None``, and why it is not taken: no picture, too many bytes, or too many pixels by its header."""
    if not isinstance(data, str) or len(data) > 4 * BYTES / 3 + 8:
        return None, "It did not arrive whole."
    try:
        content = base64.b64decode(data, validate=True)
        check_cut(content, "It")
    except InputError as error:
        return None, str(error)
    except (binascii.Error, ValueError):
        return None, "It did not arrive whole."
    return content, ""


def _clean(name: Any) -> str:
    """A class's name, short and without characters that nobody sees."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(name or ""))
    return " ".join(text.split())[:LONGEST]


def _new() -> str:
    return secrets.token_hex(6)
