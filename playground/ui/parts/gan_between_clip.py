"""A clip of the way from sample to sample, to take along: made when it is asked for, then downloaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.core.generating import Clip, ClipFormat, MakeClip
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import asking, controls, lesson
from playground.ui.parts.gan_between_way import Walk
from playground.ui.parts.gan_sheet import Sheet
from playground.ui.state import state
from playground.ui.words import plain

PATIENCE = 120.0
"""So many seconds a clip waits for its turn."""
RATE, SIDE = 12, 224
WAYS = {"spherical": "Arc", "linear": "Straight line", "both": "Both, side by side"}
KINDS: dict[ClipFormat, tuple[str, str]] = {"gif": ("GIF", "image/gif"), "mp4": ("MP4", "video/mp4")}


@dataclass
class Made:
    """What one session has made of the way.

    Attributes:
        way: Which way the clip shows: a name in ``WAYS``.
        wanted: Format and digest of what is under way; empty where nothing is.
        clips: Of each format, the digest of its question and the file; one each.
        problem: Why there is none.
    """

    way: str = "spherical"
    wanted: tuple[str, str] = ("", "")
    clips: dict[str, tuple[str, Clip]] = field(default_factory=dict)
    problem: str = ""


def show(sheet: Sheet, spec: GANSamplerSpec, walk: Walk, key: str) -> None:
    """Draw the row: whether it comes back, which way, and a button for each format that makes the clip and then holds it."""
    mine, name = state(Made, f"{key}-clip"), f"{key}-clip-way"
    st.session_state[name] = mine.way

    def chosen() -> None:
        mine.way = st.session_state[name]

    with st.container(key=f"{key}-clip", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "A clip of", list(WAYS), key=name, format_func=WAYS.__getitem__, required=True, on_change=chosen, wrap=True
        )
        _loop(spec, key)
        for kind in KINDS:
            _button(sheet, walk, mine, kind, key)
    if mine.problem:
        st.error(plain(mine.problem))


def _loop(spec: GANSamplerSpec, key: str) -> None:
    """Whether the walk comes back to its start."""
    told, name, bound = lesson.current(), f"{key}-clip-loop", spec.bounds()["loop"]
    if "loop" in told.hide:
        return
    st.session_state[name] = spec.loop
    st.toggle(
        bound.label, key=name, help=bound.help, disabled="loop" in told.lock,
        on_change=lambda: controls.assign(key, loop=st.session_state[name]),
    )  # fmt: skip


def question(sheet: Sheet, walk: Walk, way: str, kind: ClipFormat) -> MakeClip:
    """What is asked for."""
    latents, classes = walk.frames(("linear", "spherical") if way == "both" else (way,))
    return MakeClip(latents, classes, kind, SIDE, RATE, sheet.whose)


def digest(sheet: Sheet, asked: MakeClip) -> str:
    """Tells one clip from another."""
    found = hashlib.sha256(asked.latents.tobytes())
    found.update(b"" if asked.classes is None else asked.classes.tobytes())
    found.update(sheet.whose.own)
    found.update(
        repr((asked.latents.shape, asked.format, sheet.card and sheet.card.name, sheet.whose.reading)).encode()
    )
    return found.hexdigest()


def _button(sheet: Sheet, walk: Walk, mine: Made, kind: ClipFormat, key: str) -> None:
    """Make it; wait for it; hand it over."""
    title, mime = KINDS[kind]
    asked = question(sheet, walk, mine.way, kind)
    known = digest(sheet, asked)
    if mine.wanted == (kind, known):
        answer: Any = sheet.ask("clip", asked, PATIENCE)
        if isinstance(answer, Clip):
            mine.clips[kind], mine.wanted, mine.problem = (known, answer), ("", ""), ""
        elif isinstance(answer, asking.Refused):
            mine.wanted, mine.problem = ("", ""), answer.words
    made = mine.clips.get(kind)

    def begin() -> None:
        mine.wanted, mine.problem = (kind, known), ""

    def stop() -> None:
        mine.wanted = ("", "")
        asking.stop("clip", sheet.card, asked)

    if mine.wanted == (kind, known):
        st.button(f"Stop making the {title}", key=f"{key}-clip-{kind}-stop", icon=":material/stop:", on_click=stop)
    elif made is not None and made[0] == known:
        clip = made[1]
        size = f"{len(clip.content) / 1000:,.0f} kB"
        st.download_button(
            f"Download {title}, {size}", clip.content, f"between.{kind}", mime, key=f"{key}-clip-{kind}-save", type="primary",
            icon=":material/download:", on_click="ignore", width="content",
            help=f"{clip.frames} pictures, {clip.width} × {clip.height} pixels, {RATE} a second.",
        )  # fmt: skip
    else:
        st.button(
            f"Make a {title}" if kind == "gif" else f"Make an {title}", key=f"{key}-clip-{kind}", icon=":material/movie:",
            on_click=begin, help=f"{len(asked.latents)} pictures, {RATE} a second.",
        )  # fmt: skip
