"""The picture that a window slides over: one of ours as a tile, or the visitor's own, made small by a worker."""

from __future__ import annotations

import base64
import functools
import io
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.core.vision import Look, Looked, Photo
from playground.data.pictures import FORMATS
from playground.data.small_pictures import SMALL_PICTURES, square
from playground.specs.convolution import OWN
from playground.ui import asking, controls, lesson, provider
from playground.ui.parts.pictured import free
from playground.ui.parts.tray import too_large
from playground.ui.picker import Tile
from playground.ui.state import state
from playground.ui.words import plain

KEY = "convolution"
SIDE = 256
"""Longest side of what the worker sends back."""


@dataclass
class Brought:
    """What this visitor brought: one picture for all views of the page."""

    photo: Photo | None = None
    problem: str = ""
    turn: int = 0


def brought() -> Brought:
    """This session's own."""
    return state(Brought, KEY)


def tiles() -> list[Tile]:
    """A tile for each picture; the visitor's own comes first once it is there."""
    ours = [Tile(name, one.title, _tile(name)) for name, one in SMALL_PICTURES.items()]
    return ([Tile(OWN, "Your own", _FRAME)] if brought().photo else []) + ours


def uploader(key: str) -> None:
    """Where a visitor brings a picture; what came is shown at once."""
    mine, limits, told = brought(), provider.settings(), lesson.current()
    if "picture" in told.hide | told.lock:
        return
    name = f"{key}-upload-{mine.turn}"

    def came() -> None:
        given = st.session_state.get(name)
        if not isinstance(given, UploadedFile):
            return
        content = given.getvalue()
        mine.turn += 1
        free(given.file_id)
        if len(content) > limits.picture_megabytes * 1e6:
            mine.problem = too_large(given.name, len(content), limits.picture_megabytes)
            return
        mine.photo, mine.problem = Photo(content, given.name), ""
        controls.assign(key, picture=OWN)

    st.file_uploader(
        "Your own picture", key=name, max_upload_size=limits.picture_megabytes, on_change=came,
        help="Made small and grey. Only you see it; it is in no link.",
    )  # fmt: skip
    if mine.problem:
        st.error(plain(mine.problem))


def settle(key: str, picture: str) -> str:
    """The picture that is shown: a link that means somebody's own one shows ours to everybody else, and says so."""
    if picture != OWN or brought().photo:
        return picture
    st.warning("This link was made with somebody's own picture, which stays with them; here is one of ours.")
    first = next(iter(SMALL_PICTURES))
    controls.assign(key, picture=first)
    return first


def pixels(name: str, side: int) -> NDArray[np.float64] | str:
    """A picture ``(side, side)``, 0 to 1; or words about why it is not there (yet)."""
    mine = brought()
    if name != OWN:
        return SMALL_PICTURES[name].make(side)
    assert mine.photo is not None
    answer = asking.ask("look", None, Look(mine.photo, SIDE))
    if isinstance(answer, Looked):
        return _made(answer.jpeg, side)
    words: str = answer.words
    return words or "Your picture is being made small."


def as_digit(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """A visitor's picture as the network knows digits: light on dark, the ground black."""
    rim = np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])
    if float(np.median(rim)) <= 0.5:
        return picture
    turned: NDArray[np.float64] = np.clip((0.85 - picture) / 0.7, 0, 1)
    return turned


@functools.lru_cache(32)
def _made(jpeg: bytes, side: int) -> NDArray[np.float64]:
    """Bytes that our own worker wrote."""
    with Image.open(io.BytesIO(jpeg), formats=FORMATS) as image:
        return square(image.convert("L"), side)


@functools.cache
def _tile(name: str) -> str:
    """A picture as it stands in a menu."""
    small = (SMALL_PICTURES[name].make(28) * 255).round().astype(np.uint8)
    held = io.BytesIO()
    Image.fromarray(small).resize((56, 56), Image.Resampling.NEAREST).save(held, "PNG")
    data = base64.b64encode(held.getvalue()).decode()
    return f"<svg viewBox='0 0 40 40'><image href='data:image/png;base64,{data}' width='40' height='40'/></svg>"


_FRAME = (
    "<svg viewBox='0 0 40 40'><rect x='3' y='6' width='34' height='28' rx='2' fill='none' stroke='currentColor' "
    "stroke-width='2'/><path d='M5 31l10-11 7 7 6-7 8 10' fill='none' stroke='currentColor' stroke-width='2'/>"
    "<circle cx='27' cy='14' r='3' fill='currentColor'/></svg>"
)
