"""The true boxes that a visitor drew: kept in this session by picture, so many pictures and so many boxes, never in a link."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.core.errors import InputError
from playground.core.vision import Box, Photo
from playground.data import yolo_txt
from playground.data.true_boxes import true_boxes
from playground.functional.average_precision import THRESHOLDS
from playground.ui.parts.score_boxes_counts import TrueBox
from playground.ui.state import state

MOST_PICTURES = 40
MOST = yolo_txt.MOST_BOXES
_SMALLEST, _LONGEST_NAME = 0.002, 80
_LARGEST_ID = 10**9


@dataclass
class Kept:
    """What one visitor did on this tab.

    Attributes:
        boxes: By picture, the one that was changed last at the end.
        at: The IoU that a true positive is asked for.
        view: The class whose curve is shown; empty is all.
        name: The class that the next box gets.
        names: Of the classes that may be given to the picture on the page.
        said: What has to be said of the last file.
        wrong: Whether that is why it was not taken.
        about: The picture that it was meant for.
        files: How many files came: tells the words about one from the same words about the next.
        heard: The number of the browser's last message; it goes back, so that the browser knows what this answers.
    """

    boxes: dict[str, tuple[TrueBox, ...]] = field(default_factory=dict)
    at: float = THRESHOLDS[0]
    view: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    said: str = ""
    wrong: bool = False
    about: str = ""
    files: int = 0
    heard: int = 0

    def of(self, picture: str, example: str) -> tuple[TrueBox, ...]:
        """The true boxes of a picture; those that come with one of ours until the visitor changes them."""
        if picture in self.boxes:
            return self.boxes[picture]
        ours = true_boxes(example) if example else ()
        usable = not self.names or {name for name, _ in ours} <= set(self.names)
        return tuple(TrueBox(id, name, box) for id, (name, box) in enumerate(ours, 1)) if usable else ()

    def given(self, picture: str, example: str) -> bool:
        """Whether the true boxes are those that come with the example."""
        return picture not in self.boxes and bool(self.of(picture, example))

    def keep(self, picture: str, boxes: Sequence[TrueBox]) -> None:
        """Remember a picture's boxes, and forget those that were changed longest ago where there are too many."""
        self.boxes.pop(picture, None)
        self.boxes[picture] = tuple(boxes)
        while len(self.boxes) > MOST_PICTURES:
            del self.boxes[next(iter(self.boxes))]

    def obey(self, picture: str, example: str, said: dict[str, Any]) -> None:
        """Do what was done on the picture; everything it says is checked, as any browser may say anything."""
        if isinstance(said.get("number"), int):
            self.heard = said["number"]
        if said.get("photo") != picture:  # of a picture that is not shown any more
            return
        if said.get("at") in THRESHOLDS:
            self.at = float(said["at"])
        for what in ("view", "name"):
            if isinstance(said.get(what), str) and len(said[what]) <= _LONGEST_NAME:
                setattr(self, what, said[what])
        if "boxes" in said:
            allowed = {*self.names, *(one.name for one in self.of(picture, example))}
            if (boxes := read(said["boxes"], allowed)) is not None:
                self.keep(picture, boxes)
                self.said = ""
        if isinstance(said.get("file"), dict):
            self.upload(picture, said["file"])

    def upload(self, picture: str, file: dict[str, Any]) -> None:
        """Take the boxes of a YOLO file in place of those that are there, or say why not."""
        self.about, self.files = picture, self.files + 1
        name, size = str(file.get("name", ""))[-_LONGEST_NAME:] or "The file", file.get("size")
        try:
            if isinstance(size, int) and size > yolo_txt.MOST_BYTES:  # the browser did not even send it
                raise yolo_txt.too_large(name, size)
            content = base64.b64decode(str(file.get("content", ""))[: 2 * yolo_txt.MOST_BYTES], validate=True)
            found = yolo_txt.read(content, self.names, name)
        except (InputError, binascii.Error) as error:
            self.said, self.wrong = str(error), True
            return
        self.keep(picture, [TrueBox(id, self.names[label], box) for id, (label, box) in enumerate(found.boxes, 1)])
        count = len(found.boxes)
        self.said, self.wrong = (
            f"{name}: {count} true box{'es' if count != 1 else ''} in place of those that were here.",
            False,
        )
        if found.outlines:
            self.said += f" {found.outlines} of its lines were outlines; the box around each is taken."


def read(said: Any, allowed: set[str]) -> list[TrueBox] | None:
    """Boxes as the browser tells them, ``[id, class, left, top, right, bottom]`` each; ``None`` where they are none."""
    if not isinstance(said, list) or len(said) > MOST:
        return None
    found: dict[int, TrueBox] = {}
    for one in said:
        if not isinstance(one, list) or len(one) != 6:
            return None
        id, name, *edges = one
        right_id = isinstance(id, int) and not isinstance(id, bool) and 0 <= id <= _LARGEST_ID and id not in found
        numbers = all(isinstance(edge, int | float) and math.isfinite(edge) and 0 <= edge <= 1 for edge in edges)
        if not (right_id and isinstance(name, str) and name in allowed and numbers):
            return None
        box = Box(*(float(edge) for edge in edges))
        if min(box.right - box.left, box.bottom - box.top) < _SMALLEST:
            return None
        found[id] = TrueBox(id, name, box)
    return list(found.values())


def told(boxes: Sequence[TrueBox]) -> list[list[Any]]:
    """The same for the browser."""
    return [[one.id, one.name, one.box.left, one.box.top, one.box.right, one.box.bottom] for one in boxes]


def digest(photo: Photo) -> str:
    """What a picture's boxes are kept under."""
    return hashlib.sha256(photo.content).hexdigest()[:12]


def kept(key: str) -> Kept:
    """This session's true boxes on a page."""
    return state(Kept, key)
