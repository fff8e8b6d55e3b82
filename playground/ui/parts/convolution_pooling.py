"""The view Pooling: max and average over the same windows, and what a shift of the picture leaves as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.convolution import Slide, average_pool, max_pool
from playground.specs.convolution import PoolingSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts import convolution_pictures as pictures
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus, plain

HEIGHT = 520
ALIKE = 0.1
"""Values that differ by less count as the same."""
Floats = NDArray[np.float64]


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view.

    Args:
        key: The view's key.
        corner: What ``page.heading`` returned.
    """
    spec = controls.begin(PoolingSpec, key)
    pictures.settle(key, spec.picture)
    rail, canvas = instrument()
    with rail:
        spec = controls.edit(spec, key=key, groups=["pooling"])
        spec = controls.edit(spec, key=key, groups=["picture"], tiles={"picture": pictures.tiles()})
        pictures.uploader(key)
    picture = pictures.pixels(spec.picture, spec.side)
    with canvas:
        visual("pooling", frame(spec, picture), key=key, height=HEIGHT)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(plain(picture) if isinstance(picture, str) else minus(what_you_see(spec, picture)))
    formulas, code, papers = st.tabs(["Formulas", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if formulas.open:
        with formulas:
            k, s, p = spec.size, spec.stride, spec.padding
            st.latex(
                rf"\max_{{1 \le i, j \le {k}}} a[{s}(y - 1) + i - {p},\ {s}(x - 1) + j - {p}] \qquad "
                rf"\frac{{1}}{{{k * k}}} \sum_{{i,j=1}}^{{{k}}} a[{s}(y - 1) + i - {p},\ {s}(x - 1) + j - {p}] \qquad "
                rf"n' = \left\lfloor \frac{{{spec.side} + 2 \cdot {p} - {k}}}{{{s}}} \right\rfloor + 1 = {_slide(spec).output[0]}"
            )
    if code.open:
        with code:
            show_source("playground.functional.convolution:max_pool")
            show_source("playground.functional.convolution:average_pool")
    if papers.open:
        with papers:
            references(
                "Fukushima (1980), *Neocognitron*, Biological Cybernetics 36.",
                "Scherer, Müller and Behnke (2010), *Evaluation of pooling operations in convolutional architectures for object "
                "recognition*, ICANN.",
                "Zhang (2019), *Making convolutional networks shift-invariant again*, ICML: what a stride costs.",
            )
    asking.look_again()


def shifted(picture: Floats, by: int) -> Floats:
    """A picture moved to the right; what leaves it is lost, and black comes after it."""
    found = np.zeros_like(picture)
    found[:, by:] = picture[:, : picture.shape[1] - by]
    return found


def kept(spec: PoolingSpec, picture: Floats) -> dict[str, float]:
    """Which share of the values is as it was before the shift: of the picture, and after each pooling.

    Only places count that are not black before and after: black on black says nothing.
    """
    moved = shifted(picture, spec.shift)
    pairs = {"picture": (picture, moved)}
    for name, pool in (("max", max_pool), ("avg", average_pool)):
        before, after = (
            pool(one[None], (spec.size,) * 2, stride=(spec.stride,) * 2, padding=(spec.padding,) * 2)[0]
            for one in (picture, moved)
        )
        pairs[name] = (before, after)
    found = {}
    for name, (before, after) in pairs.items():
        counts = (before > ALIKE) | (after > ALIKE)
        same = np.abs(before - after) < ALIKE
        found[name] = float(same[counts].mean()) if counts.any() else 1.0
    return found


def frame(spec: PoolingSpec, picture: Floats | str) -> bytes:
    """What the browser draws."""
    if isinstance(picture, str):
        return pack("pooling", {"state": "waiting", "words": picture}, {})
    header: dict[str, Any] = {
        "state": "there",
        "picture": spec.picture,
        "side": len(picture),
        "size": spec.size,
        "stride": spec.stride,
        "padding": spec.padding,
        "shift": spec.shift,
        "kept": kept(spec, picture),
    }
    return pack("pooling", header, {"picture": shifted(picture, spec.shift).astype(np.float32)})


def what_you_see(spec: PoolingSpec, picture: Floats) -> str:
    """A few sentences about this very state, and a thing to try."""
    down = _slide(spec).output[0]
    start = (
        f"**Each window of {spec.size} × {spec.size} becomes one number:** of {spec.side**2:,} pixels {down**2:,} are left. Max "
        "keeps the strongest answer and forgets where in the window it was; average keeps a little of all. Nothing is learnt here."
    )
    if spec.shift == 0:
        return f"{start} Raise Shift by 1, and see which of them changes less."
    share = kept(spec, picture)
    better = max(("max", "avg"), key=lambda name: share[name])
    name = {"max": "max pooling", "avg": "average pooling"}[better]
    return (
        f"{start} The picture moved by {spec.shift}: {100 * share['picture']:.0f} % of its pixels are as they were, and "
        f"{100 * share[better]:.0f} % after {name}. Wider windows with a smaller stride keep more."
    )


def _slide(spec: PoolingSpec) -> Slide:
    return Slide((spec.side,) * 2, (spec.size,) * 2, (spec.stride,) * 2, (spec.padding,) * 2)
