"""The tab "Video": a clip of ours or one's own, every object in it followed from frame to frame, and how many there are when."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.catalog.card import Card
from playground.core import paths
from playground.core.detection import Detect, Detected, Film, Filmed
from playground.core.errors import PlaygroundError
from playground.core.vision import Photo
from playground.data import objects
from playground.data.clips import SUFFIXES
from playground.specs.detection import DetectionSpec
from playground.store.clips import Kept
from playground.ui import asking, controls, lesson, provider, visitors
from playground.ui.assets import component
from playground.ui.page import place, prose
from playground.ui.parts import detection_video_words as words
from playground.ui.parts.detection_controls import numbers
from playground.ui.parts.pictured import free
from playground.ui.state import state
from playground.ui.words import plain

EXAMPLE = paths.SAMPLES / "clips" / "shapes.mp4"
OURS, OWN = "ours", "own"
HIGH = 270
"""Height of the clip, in CSS pixels."""

PATIENCE = 900.0
"""So many seconds a clip waits for those of others."""

TITLE = "Shapes on paper"


@dataclass
class Video:
    """What one session does with clips on one page.

    Attributes:
        own: The visitor's own clip.
        chosen: ``OURS`` or ``OWN``.
        turn: Counts what was handed over; each time there is a new, empty uploader.
        running: Which question is under way.
        done: What was answered last, and to which question.
        problem: Why there is no newer answer, in words.
        begun: Something was looked through already.
    """

    own: Kept | None = None
    chosen: str = OURS
    turn: int = 0
    running: tuple[Card, Film] | None = None
    done: tuple[Card, Film, Filmed] | None = None
    problem: str = ""
    begun: bool = False

    def begin(self, card: Card, film: Film) -> None:
        """Have a clip looked through; what was under way is not wanted any more."""
        self.stop()
        self.running, self.problem, self.begun = (card, film), "", True

    @property
    def clip(self) -> tuple[str, str, str]:
        """Of the chosen clip: where it lies, what the visitor calls it, its digest."""
        own = self.own if self.chosen == OWN else None
        return (str(EXAMPLE), EXAMPLE.name, _digest()) if own is None else (str(own.path), own.name, own.digest)

    @property
    def shown(self) -> tuple[Card, Film, Filmed] | None:
        """The answer that stands on the page: about the chosen clip, or none, whatever was answered last."""
        done = self.done
        return done if done is not None and (done[1].path, done[1].digest) == self.clip[::2] else None

    def stop(self) -> None:
        """End what is under way."""
        if self.running is not None:
            asking.stop("film", *self.running)
            self.running = None


def show(photo: Photo, card: Card, spec: DetectionSpec, key: str) -> None:
    """Draw the tab.

    Args:
        photo: The page's picture: its answer names the classes that may be chosen among.
        card: The model.
        spec: The page's experiment.
        key: Its key.
    """
    video = state(Video, key)
    if video.own is not None and not provider.clips().use(video.own):
        video.stop()
        video.own, video.chosen, video.done = None, OURS, None
        video.problem = "Your clip is not kept here any more; upload it again."
    with st.container(key=f"{key}-clip-bar", horizontal=True, vertical_alignment="center"):
        bar = st.container(horizontal=True, vertical_alignment="center")
        pressed = st.container(width="content")
    with bar:
        _choose(video, key)
    spec = controls.edit(spec, key=key, groups=["video"])
    film = wanted(video, spec, _classes(photo, card, spec))
    if film is not None and not video.begun:
        video.begin(card, film)
    answer = _collect(video)
    with pressed:
        _press(video, card, film, key)
    if video.problem:
        st.error(plain(video.problem))
    if video.shown is not None:
        _how_far(answer)
        _result(*video.shown, key)
    elif not video.problem:
        with place(HIGH, "clip"):
            if not _how_far(answer):
                st.caption(f"“{plain(_title(video))}” has not been looked through.")


def _how_far(answer: Any) -> bool:
    """Draw how far it is, where something is under way; tells whether that is so."""
    waits = isinstance(answer, asking.Waiting)
    if waits:
        st.progress(getattr(answer.words, "part", 0.0), text=plain(answer.words or "Waiting for its turn"))
    return waits


def wanted(video: Video, spec: DetectionSpec, classes: tuple[int, ...] | None) -> Film | None:
    """The question about the chosen clip as the controls stand; ``None`` until the classes are known."""
    if classes is None:
        return None
    limits = provider.settings()
    return Film(
        *video.clip, spec.rate, spec.thresholds(classes), float(limits.video_seconds), spec.labels,
        float(limits.video_megapixels),
    )  # fmt: skip


def take(video: Video, name: str, content: bytes) -> None:
    """Keep a clip that a visitor brought, in the place of the last one."""
    video.turn += 1
    try:
        kept = provider.clips().put(visitors.current(), content, name)
    except PlaygroundError as error:
        video.problem = str(error)
        return
    video.stop()
    video.own, video.chosen, video.begun, video.problem = kept, OWN, False, ""


def _title(video: Video) -> str:
    """What the chosen clip is called."""
    return video.own.name if video.chosen == OWN and video.own is not None else TITLE


def _choose(video: Video, key: str) -> None:
    """Which clip; the uploader of one's own is behind a button."""
    limits, name, chosen = provider.settings(), f"{key}-clip-file-{video.turn}", f"{key}-clip-chosen"
    bring = f"{key}-clip-bring"

    def came() -> None:
        file = st.session_state.get(name)
        if isinstance(file, UploadedFile):
            take(video, file.name, file.getvalue())
            st.session_state[bring] = False  # closed, so that what is said of it is seen
            free(file.file_id)

    def picked() -> None:
        video.chosen = st.session_state[chosen] or video.chosen
        video.begun, video.problem = False, ""

    if video.own is not None:
        names = {OURS: TITLE, OWN: video.own.name}
        st.session_state[chosen] = video.chosen
        st.segmented_control(
            "Clip", list(names), format_func=lambda one: plain(names[one]), key=chosen, label_visibility="collapsed", on_change=picked,
        )  # fmt: skip
    else:
        st.markdown(f"**{TITLE}**, a clip of ours", width="content")
    if "example" in lesson.current().hide | lesson.current().lock:
        return
    with st.popover("Your own clip", icon=":material/upload:", width="content", key=bring, on_change="rerun"):
        st.file_uploader(
            "Your own clip", type=[suffix[1:] for suffix in SUFFIXES], key=name, max_upload_size=limits.video_megabytes,
            label_visibility="collapsed", on_change=came,
        )  # fmt: skip
        st.caption(
            f"MP4, MOV, WebM, MKV or AVI, at most {limits.video_megabytes} MB; its first {limits.video_seconds} s are looked at. "
            "It goes to this server, only you see it, and it is deleted with the next one or after "
            f"{limits.clip_minutes:g} minutes."
        )


def _press(video: Video, card: Card, film: Film | None, key: str) -> None:
    """The one button: stop what is under way, or look anew with what was changed."""
    if video.running is not None:
        st.button("Stop", key=f"{key}-clip-stop", icon=":material/stop:", on_click=video.stop)
        return
    shown = video.shown
    if film is not None and (shown is None or shown[:2] != (card, film)):
        again = "Look again" if shown is not None else "Look through it"
        st.button(
            again, key=f"{key}-clip-start", icon=":material/play_arrow:", type="primary", on_click=video.begin, args=(card, film),
            help="The model or a control is another than when this clip was looked through." if shown is not None else None,
        )  # fmt: skip


def _collect(video: Video) -> Any:
    """How far it is; takes in the answer when it has come."""
    if video.running is None:
        return None
    card, film = video.running
    answer = asking.ask("film", card, film, PATIENCE)
    if isinstance(answer, Filmed):
        video.done, video.running, video.problem = (card, film, answer), None, ""
    elif isinstance(answer, asking.Refused):
        video.running, video.problem = None, answer.words
    return answer


def _result(card: Card, film: Film, filmed: Filmed, key: str) -> None:
    """The annotated clip, what it shows in words, and the time line that moves with it."""
    wide = round(HIGH * max(0.4, filmed.width / filmed.height))
    with st.container(key=f"{key}-clip", horizontal=True, vertical_alignment="top", gap="medium"):
        st.video(filmed.mp4, format="video/mp4", width=min(wide, 640))
        with st.container(width="stretch"):
            if film.digest == _digest() and (drawn_for := words.drawn_for(filmed, card)):
                st.caption(drawn_for)
            prose(words.what_you_see(filmed, card))
            st.caption(plain(" ".join([f"{card.title}: {words.facts(filmed)}.", *filmed.notes])))
            _downloads(card, film, filmed, key)
    data = {**words.timeline(filmed), "video": f"st-key-{key}-clip", "present": lesson.current().present}
    component("timeline")(key=f"{key}-timeline", data=[data])


def _downloads(card: Card, film: Film, filmed: Filmed, key: str) -> None:
    stem = film.name.rsplit(".", 1)[0] or "clip"
    kinds: dict[str, tuple[bytes | Callable[[], str], str, str]] = {
        "MP4": (filmed.mp4, "mp4", "video/mp4"),
        "CSV": (lambda: "\ufeff" + objects.table([objects.clip(film.name, card.name, filmed)]), "csv", "text/csv"),
        "JSON": (
            lambda: json.dumps(objects.clip(film.name, card.name, filmed), indent=1, ensure_ascii=False),
            "json",
            "application/json",
        ),
    }
    with st.container(horizontal=True):
        for title, (content, suffix, kind) in kinds.items():
            st.download_button(
                title, content, f"{stem}-objects.{suffix}", kind, key=f"{key}-clip-{suffix}", icon=":material/download:",
                on_click="ignore", width="content",
            )  # fmt: skip


def _classes(photo: Photo, card: Card, spec: DetectionSpec) -> tuple[int, ...] | None:
    """The numbers of the classes that are shown; ``None`` while the model has not said yet which it has."""
    if not spec.classes:
        return ()
    answer = asking.ask("detect", card, Detect(photo))
    if isinstance(answer, Detected):
        return numbers(spec.classes, answer.names)[0]
    return None if isinstance(answer, asking.Waiting) else ()


@functools.cache
def _digest() -> str:
    return hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
