"""A visitor's own classes as files: a zip of class folders taken in, a classifier written down. Tasks of the inference worker."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable, PlaygroundError
from playground.core.progress import Progress
from playground.core.transfer import SIDE, Pack, Packed, Unzip, Unzipped
from playground.data.image_set import Pictures
from playground.data.own_pictures import shared_out
from playground.data.picture_folders import Limits, from_zip
from playground.hub.desk import Desk
from playground.hub.own_export import Order, written

Say = Callable[[str], None]

MOST = 1500
"""A zip with more pictures is not read here."""

SMALL, SHOWN = 56, 24
"""Height and width of the small copies, and how many of a class there are."""


def unzip(desk: Desk, card: Card | None, questions: Sequence[Unzip], say: Say) -> list[Unzipped | PlaygroundError]:
    """Take pictures out of zips; each gets its own answer, or its own error in words."""
    answers: list[Unzipped | PlaygroundError] = []
    for question in questions:
        try:
            answers.append(_unzip(desk, question, say))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def pack(desk: Desk, card: Card | None, questions: Sequence[Pack], say: Say) -> list[Packed | PlaygroundError]:
    """Write classifiers down; each gets its own answer, or its own error in words."""
    answers: list[Packed | PlaygroundError] = []
    for question in questions:
        try:
            if card is None:
                raise ModelUnavailable("No model was named that this classifier stands on.")
            say("Writing the network down")
            answers.append(Packed(written(Order(question, card, desk.folder))))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def _unzip(desk: Desk, question: Unzip, say: Say) -> Unzipped:
    def tell(done: int, total: int) -> None:
        say(Progress(f"Reading the zip: picture {done} of {total}", done / max(1, total)))

    limits = Limits(
        MOST, question.megabytes, question.picture_megabytes, question.picture_megapixels, question.megapixels
    )
    found = from_zip(question.content, question.name, side=SIDE, limits=limits, tell=tell, hands=desk.hands)
    _, of_shares = shared_out(found.y, found.classes)  # which are held out is decided otherwise here
    notes = [note for note in found.notes if note not in of_shares]
    pictures, small = list[tuple[bytes, ...]](), list[tuple[bytes, ...]]()
    for number, name in enumerate(found.classes):
        rows = np.flatnonzero(found.y == number)
        if len(rows) > question.most:
            notes.append(f"{name} has {len(rows):,} pictures; the first {question.most} are taken.")
        rows = rows[: question.most]
        pictures.append(tuple(_jpeg(found.x[row], SIDE) for row in rows))
        small.append(tuple(_jpeg(found.x[row], SMALL) for row in rows[-SHOWN:]))
    return Unzipped(found.classes, tuple(pictures), tuple(small), tuple(notes))


def _jpeg(picture: Pictures, side: int) -> bytes:
    """A picture ``(h, w, 3)``, made smaller where it is larger than ``side``."""
    image = Image.fromarray(picture)
    if max(image.size) > side:
        image = image.resize((side, side), Image.Resampling.LANCZOS)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=90)
    return held.getvalue()
