"""A file whose shapes leave several ways open: a few samples of each way beside each other, to be chosen by eye."""

from __future__ import annotations

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


def show(sheet: Sheet, spec: GANSamplerSpec, key: str) -> None:
    """Draw the choice where there is one; nothing for a file that says itself how it is to be read."""
    told = lesson.current()
    if sheet.card is None or sheet.whose.own or "reading" in told.hide:
        return
    met = asking.ask("meet", sheet.card, Meet(Whose()))
    if not isinstance(met, Met) or len(met.readings) < 2:
        return
    used = spec.reading if spec.reading in met.readings else met.readings[0]
    with st.expander(f"How this file is read: {plain(used)}", expanded=not spec.reading):
        st.markdown(
            "The file holds numbers and no word on what lies between them. Several networks fit; the wrong ones draw noise. "
            "Choose the one whose samples are pictures. A small JSON card beside the file settles it for good."
        )
        for start in range(0, len(met.readings), COLUMNS):
            places = st.columns(COLUMNS, gap="small")
            for place, name in zip(places, met.readings[start : start + COLUMNS], strict=False):
                with place:
                    _way(sheet, name, name == used, key, "reading" in told.lock)


def _way(sheet: Sheet, name: str, used: bool, key: str, locked: bool) -> None:
    found = asking.ask("generate", sheet.card, question(sheet, name))
    if isinstance(found, Drawn):
        st.image(mosaic(found.pictures), width=150, caption=name)
    else:
        st.caption(plain(found.words or "Being drawn"))

    def choose() -> None:
        controls.assign(key, reading=name)

    st.button("Used" if used else "Use this", key=f"{key}-reading-{name}", disabled=used or locked, on_click=choose)


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
