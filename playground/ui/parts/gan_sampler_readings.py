"""A file whose shapes leave several ways open: a few samples of each way beside each other, to be chosen by eye."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.core.generating import Draw, Drawn, Meet, Met, Whose
from playground.functional import gan_latents
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import asking, controls, lesson
from playground.ui.parts.gan_sheet import Sheet
from playground.ui.words import plain
from playground.viz.thumbnails import png

SAMPLES, ACROSS, COLUMNS = 6, 3, 6
LIKELIEST = 6
"""So many ways are shown before all are asked for."""


def show(sheet: Sheet, spec: GANSamplerSpec, key: str) -> None:
    """Draw the choice where there is one, folded: the sheet above shows the likeliest way, and most often that is the right one.

    Nothing for a file that says itself how it is to be read.
    """
    told = lesson.current()
    if sheet.card is None or sheet.whose.own or "reading" in told.hide:
        return
    met = asking.ask("meet", sheet.card, Meet(Whose()))
    if not isinstance(met, Met) or len(met.readings) < 2:
        return
    used = spec.reading if spec.reading in met.readings else met.readings[0]
    title = f"No pictures? This file can be read in {len(met.readings)} ways"
    with st.expander(title, key=f"{key}-readings", on_change="rerun") as folded:
        if not folded.open:
            return
        st.markdown(
            "The file holds numbers and no word on what lies between them. Several networks fit; the wrong ones draw noise. "
            "Choose the one whose samples are pictures. A small JSON card beside the file settles it for good."
        )
        for start in range(0, len(shown := _shown(met.readings, used, key)), COLUMNS):
            places = st.columns(COLUMNS, gap="small")
            for place, name in zip(places, shown[start : start + COLUMNS], strict=False):
                with place:
                    _way(sheet, name, name == used, key, "reading" in told.lock)


def _shown(readings: tuple[str, ...], used: str, key: str) -> list[str]:
    """The likeliest ways and the one in use; all where they are asked for."""
    if len(readings) <= LIKELIEST or st.toggle(f"All {len(readings)} ways", key=f"{key}-readings-all"):
        return list(readings)
    likely = list(readings[:LIKELIEST])
    return likely if used in likely else [*likely[:-1], used]


def _way(sheet: Sheet, name: str, used: bool, key: str, locked: bool) -> None:
    found = asking.ask("generate", sheet.card, question(sheet, name))
    if isinstance(found, Drawn):
        st.image(mosaic(found.pictures), width=150)
        st.caption(plain(in_words(name)))
    else:
        st.caption(plain(found.words or "Being drawn"))

    def choose() -> None:
        controls.assign(key, reading=name)

    st.button("Used" if used else "Use this", key=f"{key}-reading-{name}", disabled=used or locked, on_click=choose)


def in_words(name: str) -> str:
    """A reading's short name (``functional/gan_guess.py``) as a sentence; as it is where it is of another kind.

    >>> in_words("28 x 28, ReLU, tanh, stride/padding 1/0 2/1+1 x2")
    '28 x 28 pixels, ReLU inside, tanh at the end; layer 1: stride 1; layer 2: stride 2, padding 1, 1 added; layer 3: enlarges 2 times'
    """
    parts = name.split(", ")
    if len(parts) < 3 or not re.fullmatch(r"\d+ x \d+", parts[0]):
        return name
    said = [f"{parts[0]} pixels, {parts[1]} inside, {parts[2]} at the end"]
    for part in parts[3:]:
        steps = part.removeprefix("stride/padding ")
        said += [f"layer {at}: {_step(one)}" for at, one in enumerate(steps.split(), 1)] if steps != part else [part]
    return "; ".join(said)


def _step(text: str) -> str:
    """One layer's stride and padding, written ``stride/padding+added`` or ``xscale``, in words."""
    if text.startswith("x"):
        return "keeps its size" if text == "x1" else f"enlarges {text[1:]} times"
    stride, _, rest = text.partition("/")
    padding, _, added = rest.partition("+")
    return (
        f"stride {stride}"
        + (f", padding {padding}" if padding not in ("", "0") else "")
        + (f", {added} added" if added else "")
    )


def question(sheet: Sheet, name: str) -> Draw:
    """A few samples of one way of reading."""
    latents = gan_latents.sheet(sheet.pair, 1, SAMPLES)
    return Draw(latents, gan_latents.classes(sheet.pair, SAMPLES), False, Whose(reading=name))


def mosaic(pictures: NDArray[np.uint8]) -> bytes:
    """A few pictures ``(n, h, w, c)`` in rows of three, each pixel to be seen, as a PNG."""
    _, high, wide, channels = pictures.shape
    down = -(-len(pictures) // ACROSS)
    paper: NDArray[Any] = np.full((down * (high + 1), ACROSS * (wide + 1), channels), 255, np.uint8)
    for at, one in enumerate(pictures):
        top, left = (at // ACROSS) * (high + 1), (at % ACROSS) * (wide + 1)
        paper[top : top + high, left : left + wide] = one
    scale = max(1, 300 // paper.shape[1])
    large = paper.repeat(scale, 0).repeat(scale, 1)
    return png(np.repeat(large, 3, axis=2) if channels == 1 else large)
