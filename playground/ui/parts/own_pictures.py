"""A visitor's own pictures from a zip of class folders: sent, decoded by a worker, kept for this visitor alone, and shown."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from playground.core.collecting import MEGAPIXELS, THUMB, About, Collect, Collected
from playground.core.errors import InputError, PlaygroundError, RunNotFound
from playground.core.progress import Progress
from playground.data import own_pictures
from playground.data.image_set import OwnPictures
from playground.jobs.inference import Asked
from playground.ui import provider, visitors
from playground.ui.state import state
from playground.ui.words import plain
from playground.viz.thumbnails import png

LOOK_SECONDS, PATIENCE_SECONDS = 0.3, 120.0
CLASSES_SHOWN, NOTES_SHOWN = 12, 4


@dataclass(frozen=True)
class Kept:
    """A visitor's own pictures, kept on this server.

    Attributes:
        id: What they are called here; a part of the experiment's settings.
        data: Where they lie, for whoever learns from them.
        about: What is in them.
    """

    id: str
    data: OwnPictures
    about: About


@dataclass
class Reading:
    """A zip on its way.

    Attributes:
        file: Which upload it is.
        name: What the visitor calls it.
        asked: The question to the worker, while there is no answer.
        id: The pictures that came of the last one, once they are kept.
        problem: Why nothing came of it.
        known: What was read of kept pictures, by their id.
    """

    file: str = ""
    name: str = ""
    asked: Asked | None = None
    id: str = ""
    problem: str = ""
    known: tuple[str, About] | None = None


def upload(kept: str, key: str, *, side: int = 64) -> Kept | None:
    """Draw the upload and what was made of it.

    Args:
        kept: Id of the pictures that the experiment names; may be empty.
        key: Tells this from other widgets.
        side: Larger pictures are kept so small.

    Returns:
        The pictures to learn from: those just sent, or else the ones named. ``None`` while there are none (the page says why).
    """
    limits, reading = provider.settings(), state(Reading, key)
    given = st.file_uploader(
        "Zip of class folders",
        type=["zip"],
        key=f"{key}.zip",
        max_upload_size=limits.own_pictures_megabytes,
        help=f"A folder for each class, with its pictures in it. At most {limits.own_pictures_megabytes} MB and "
        f"{limits.own_pictures_most:,} pictures. Only you see them.",
    )
    if given is not None and given.file_id != reading.file:
        _ask(reading, given.file_id, given.name, given.getvalue(), side)
    if reading.asked is not None and reading.asked.done():
        _take(reading)
    if reading.asked is not None:
        _wait(reading)
        return None
    if reading.problem:
        st.error(plain(reading.problem))
    found = reading.id or kept
    if not found:
        if not reading.problem:
            st.caption("Put the pictures of each class into a folder with its name, and pack the folders as a zip.")
        return None
    try:
        made = find(found, key)
    except (RunNotFound, InputError):
        st.info("The pictures of this experiment are no longer kept here. Upload them again to go on.")
        reading.id = ""
        return None
    show(made.about)
    return made


def find(kept: str, key: str) -> Kept:
    """Pictures that were kept before; raises ``RunNotFound`` where they are not this visitor's, or not there any more."""
    place = OwnPictures(provider.picture_sets().place(visitors.current(), kept))
    reading = state(Reading, key)
    if reading.known is None or reading.known[0] != kept:
        reading.known = (kept, own_pictures.about(place))
    return Kept(kept, place, reading.known[1])


def show(about: About) -> None:
    """The classes with some of their pictures, how many there are of each, and what was passed over."""
    counts = about.counts
    st.caption(
        f"{len(about.classes)} classes, {sum(about.pictures):,} pictures: {counts['train']:,} to learn from, {counts['val']:,} to "
        f"choose on, {counts['test']:,} to test."
    )
    of = np.array(about.thumb_classes)
    rows = []
    for number in range(min(len(about.classes), CLASSES_SHOWN)):
        pictures = "".join(_image(one) for one in about.thumbs[of == number])
        name = html.escape(about.classes[number])
        rows.append(
            f'<div style="margin:0 0 .5rem"><div style="overflow-wrap:anywhere"><b>{name}</b> {about.pictures[number]:,}</div>'
            f'<div style="display:flex;flex-wrap:wrap;gap:2px">{pictures}</div></div>'
        )
    st.html("".join(rows))
    if len(about.classes) > CLASSES_SHOWN:
        st.caption(f"And {len(about.classes) - CLASSES_SHOWN} more classes.")
    for note in _first(about.notes):
        st.caption(plain(note))


def _image(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    encoded = base64.b64encode(png(picture)).decode()
    return f'<img alt="" width="{THUMB * 2 // 3}" height="{THUMB * 2 // 3}" src="data:image/png;base64,{encoded}">'


def _first(notes: Iterable[str]) -> list[str]:
    return list(notes)[:NOTES_SHOWN]


def _ask(reading: Reading, file: str, name: str, content: bytes, side: int) -> None:
    if reading.asked is not None:
        reading.asked.stop()
    limits = provider.settings()
    question = Collect(
        content, name, side, limits.own_pictures_most, limits.own_pictures_megabytes, limits.picture_megabytes,
        limits.picture_megapixels, MEGAPIXELS[limits.mode],
    )  # fmt: skip
    reading.file, reading.name, reading.id, reading.problem = file, name, "", ""
    reading.asked = provider.inference().ask(
        "collect", None, question, visitor=visitors.current(), seconds=PATIENCE_SECONDS
    )


def _take(reading: Reading) -> None:
    """Keep what came of it. The answer may be too large to be remembered where it was asked, so it is taken once."""
    asked, reading.asked = reading.asked, None
    try:
        answer = asked.result(0) if asked is not None else None
        if isinstance(answer, Collected):
            reading.id = provider.picture_sets().put(visitors.current(), answer.content, reading.name)
            reading.known = (reading.id, answer.about)
    except PlaygroundError as error:
        reading.problem = str(error)


def _wait(reading: Reading) -> None:
    @st.fragment(run_every=LOOK_SECONDS)
    def look() -> None:
        asked = reading.asked
        if asked is None or asked.done():
            st.rerun()
        else:
            words = asked.words
            part = words.part if isinstance(words, Progress) else 0.0
            st.progress(part, text=words or "Reading pictures")

    look()
