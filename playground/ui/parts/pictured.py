"""Which picture: ours, and those that a visitor brought by dialog, drop, paste or camera. They stay in this session."""

from __future__ import annotations

import base64
import functools
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.core.vision import Photo
from playground.data.examples import Example
from playground.data.pictures import FORMATS
from playground.specs.spec import Spec
from playground.ui import controls, lesson, provider
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.parts.tray import too_large, too_many, too_often, tray
from playground.ui.state import state

HEIGHT, THUMBNAIL = 512, 144
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Pictured:
    """A page that is about one picture: its experiment has the field ``example``, empty for a visitor's own.

    Attributes:
        key: The page's key.
        examples: Ours, by name.
        resets: Fields of the experiment that go back to these values with another picture.
    """

    key: str
    examples: Mapping[str, Example]
    resets: Mapping[str, Any] = field(default_factory=dict)

    def assign(self, example: str) -> None:
        """Show one of ours, or with an empty name the visitor's own that is chosen in the tray."""
        controls.assign(self.key, example=example, **self.resets)


def uploader(page: Pictured) -> None:
    """The uploader that everything goes through. Its place is empty unless it has something to say."""
    key = page.key
    mine, limits = tray(key), provider.settings()
    name = f"{key}-upload-{mine.turn}"

    def came() -> None:
        # What was freed already comes as a stand-in, where the browser says the same once more.
        given = [file for file in st.session_state.get(name) or [] if isinstance(file, UploadedFile)]
        if given:
            _take(page, [Photo(file.getvalue(), _name(file.name)) for file in given])
        for file in given:
            free(file.file_id)

    if "example" in lesson.current().hide | lesson.current().lock:
        return
    with st.container(key=f"{key}-upload"):
        st.file_uploader(
            "Your pictures",
            accept_multiple_files=True,
            key=name,
            max_upload_size=limits.picture_megabytes,
            label_visibility="collapsed",
            on_change=came,
        )


def camera(page: Pictured) -> None:
    """The camera in the picture's place; the browser asks for it only now. What it takes comes by the strip."""
    key = page.key
    mine = tray(key)

    def done() -> None:
        if isinstance(told_by(f"{key}-camera", "edit"), dict):
            mine.camera = False

    with place(HEIGHT):
        data = {"height": HEIGHT, "present": lesson.current().present}
        component("camera")(key=f"{key}-camera", data=[data], on_edit_change=done)


def strip(
    page: Pictured, chosen: str, captions: Mapping[str, str], thumbnails: Mapping[str, bytes], wrong: Collection[str]
) -> None:
    """Draw the pictures to choose from.

    Args:
        page: The page.
        chosen: Which of ours is shown; empty where it is the visitor's own.
        captions: What stands on a visitor's own pictures, by id.
        thumbnails: Small JPEGs of them, by id, as far as they are there.
        wrong: Ids of those that cannot be used.
    """
    key = page.key
    told, mine, limits = lesson.current(), tray(key), provider.settings()
    mine.unreadable = frozenset(wrong)
    if "example" in told.hide:
        return

    def done() -> None:
        said = told_by(f"{key}-strip", "edit")
        if isinstance(said, dict) and "example" not in told.lock:
            controls.take(f"{key}-strip", [mine.turn, said], lambda: _obey(page, said))

    tiles = [
        {
            "id": one.id,
            "name": one.photo.name,
            "caption": captions.get(one.id, ""),
            "src": _data(thumbnails[one.id]) if one.id in thumbnails else "",
            "own": True,
            "wrong": one.id in wrong,
        }
        for one in mine.pictures
    ]
    ours = [
        {"id": name, "name": one.title, "caption": "", "src": _data(_thumbnail(one)), "own": False, "wrong": False}
        for name, one in page.examples.items()
    ]
    data = {
        "tiles": [*tiles, *ours],
        "chosen": chosen or mine.chosen,
        "locked": "example" in told.lock,
        "camera": mine.camera,
        "most": limits.pictures_at_once,
        "megabytes": limits.picture_megabytes,
        "uploader": f"st-key-{key}-upload",
        "turn": mine.turn,
        "present": told.present,
    }
    component("strip")(key=f"{key}-strip", data=[data], on_edit_change=done)


def _obey(page: Pictured, said: dict[str, Any]) -> None:
    """What was done on the strip; everything it says is checked, as any browser may say anything."""
    mine, limits = tray(page.key), provider.settings()
    pick, most = said.get("pick"), limits.pictures_at_once
    if isinstance(pick, str) and pick in page.examples:
        mine.camera = False
        page.assign(pick)
    elif isinstance(pick, str) and mine.find(pick):
        mine.camera = False
        _choose(page, pick)
    if isinstance(said.get("camera"), bool):
        mine.camera = said["camera"]
    if isinstance(said.get("remove"), str):
        mine.remove(said["remove"])
    if said.get("clear") is True:
        mine.pictures.clear()
        mine.chosen = ""
    refused = said.get("refused")
    for one in refused[:most] if isinstance(refused, list) else []:
        if isinstance(one, dict) and isinstance(one.get("size"), int):
            name = _name(str(one.get("name", "")))
            if one.get("why") == "often":
                mine.turn += 1  # the uploader's own words are none for a visitor
                mine.say(name, too_often(name), most)
            elif one.get("why") == "large":
                mine.say(name, too_large(name, one["size"], limits.picture_megabytes), most)
            else:
                mine.say(name, too_many(name, most), most)
    others = said.get("others")
    if isinstance(others, int) and 0 < others < 10_000:
        name = f"{others} more file{'s' * (others > 1)}"
        mine.say(name, f"{name} came with these and {'were' if others > 1 else 'was'} not taken either.", most)
    shown: Spec | None = state(controls.Edited, page.key).spec
    if shown is not None and getattr(shown, "example", "") == "" and not mine.chosen:
        page.assign(next(iter(page.examples)))


def _take(page: Pictured, files: list[Photo]) -> None:
    """Files that arrived: the first that can be taken is shown."""
    mine, limits = tray(page.key), provider.settings()
    mine.turn += 1
    mine.camera = False
    first = mine.add(files[: 4 * limits.pictures_at_once], limits.pictures_at_once, limits.picture_megabytes)
    if first:
        _choose(page, first)


def _choose(page: Pictured, id: str) -> None:
    tray(page.key).chosen = id
    page.assign("")


def free(file_id: str) -> None:
    """Let Streamlit forget a file that is kept elsewhere now: it would keep it until the visitor is gone."""
    running = get_script_run_ctx()
    if running is not None and isinstance(running.uploaded_file_mgr, MemoryUploadedFileManager):
        running.uploaded_file_mgr.remove_file(running.session_id, file_id)


def _name(text: str) -> str:
    """A file's name without folders and control characters."""
    last = re.split(r"[\\/]", text)[-1]
    return (
        " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())[-_LONGEST_NAME:]
        or "picture"
    )


@functools.cache
def _thumbnail(example: Example) -> bytes:
    """One of ours, small: these files are our own, so they may be decoded here."""
    with Image.open(io.BytesIO(example.photo().content), formats=FORMATS) as image:
        small = image.convert("RGB")
    small.thumbnail((2 * THUMBNAIL, THUMBNAIL))
    held = io.BytesIO()
    small.save(held, "JPEG", quality=80)
    return held.getvalue()


def _data(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
