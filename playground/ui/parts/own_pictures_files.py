"""Files in and out of the page Your own pictures: a zip of class folders, and a classifier to take along."""

from __future__ import annotations

import streamlit as st

from playground.core.collecting import MEGAPIXELS
from playground.core.transfer import Pack, Packed, Unzip, Unzipped, Way
from playground.ui import asking, controls, lesson, provider
from playground.ui.parts.own_album import EACH, TITLES, Album, Kept, OwnClass
from playground.ui.parts.own_training import Course
from playground.ui.parts.pictured import free
from playground.ui.parts.pictured_answers import data_url
from playground.ui.state import state
from playground.ui.words import plain


class Wish:
    """What was asked for beside training; one instance a session (``state``)."""

    def __init__(self) -> None:
        self.pack: Way | None = None
        self.turn = 0
        self.zip: tuple[bytes, str] | None = None
        self.zip_problem = ""


def locked() -> bool:
    """Whether a lesson keeps the pictures as they are."""
    told = lesson.current()
    return "pictures" in told.lock | told.hide


def zip_door(key: str) -> None:
    """A zip of class folders: taken in by the worker, in the place of all classes there were."""
    wish, album, limits = state(Wish, key), state(Album, key), provider.settings()
    if locked():
        return
    name = f"{key}-zip-{wish.turn}"

    def came() -> None:
        file = st.session_state.get(name)
        if file is not None:
            wish.zip, wish.zip_problem = (file.getvalue(), file.name), ""
            wish.turn += 1
            free(file.file_id)

    with st.popover("From a zip", icon=":material/folder_zip:", width="stretch"):
        st.caption(
            "A folder for each class, with its pictures in it. It takes the place of the classes that are there now."
        )
        st.file_uploader(
            "Zip of class folders",
            type=["zip"],
            key=name,
            max_upload_size=limits.own_pictures_megabytes,
            on_change=came,
        )
    if wish.zip is not None:
        content, called = wish.zip
        question = Unzip(
            content, called, limits.own_pictures_megabytes, EACH[controls.mode()], limits.picture_megabytes,
            limits.picture_megapixels, MEGAPIXELS[controls.mode()],
        )  # fmt: skip
        answer = asking.ask("own_zip", None, question, 120.0)
        if isinstance(answer, asking.Waiting):
            st.caption(plain(answer.words or "Reading the zip"))
        elif isinstance(answer, Unzipped):
            wish.zip = None
            album.take(_classes_of(answer), list(answer.notes), controls.mode())
            st.rerun()
        else:
            wish.zip, wish.zip_problem = None, answer.words
    if wish.zip_problem:
        st.error(plain(wish.zip_problem))


def _classes_of(answer: Unzipped) -> list[OwnClass]:
    found = []
    for number, (name, pictures, small) in enumerate(zip(answer.classes, answer.pictures, answer.small, strict=True)):
        first = len(pictures) - len(small)
        kept = [
            Kept(f"zip-{number}-{at}", one, src=data_url(small[at - first]) if at >= first else "")
            for at, one in enumerate(pictures)
        ]
        found.append(OwnClass(f"zip-{number}", name, kept))
    return found


def download(key: str) -> None:
    """The classifier that was asked for, as a zip with ONNX, card and script."""
    wish, training = state(Wish, key), state(Course, key).training
    learnt = training.kept(wish.pack) if training is not None and wish.pack is not None else None
    if learnt is None or training is None or wish.pack is None:
        return
    last = max(learnt.measured, key=lambda one: one.each)
    answer = asking.ask("own_pack", training.card, Pack(learnt.packed, training.lesson.classes, last), 120.0)
    if isinstance(answer, asking.Waiting):
        st.caption(plain(answer.words or "Writing the network down"))
    elif isinstance(answer, Packed):
        st.download_button(
            f"Save {TITLES[wish.pack].lower()} ({len(answer.content) / 1e6:,.1f} MB)",
            answer.content,
            f"own-classes-{wish.pack}.zip",
            "application/zip",
            key=f"{key}-save",
            icon=":material/save:",
            on_click="ignore",
        )
        st.caption("It holds the network as ONNX, what it is, and a script: `python predict.py PICTURE`.")
    else:
        st.error(plain(answer.words))
