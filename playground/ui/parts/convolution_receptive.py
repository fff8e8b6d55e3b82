"""The view Receptive field: how much of the picture a unit sees, and how that grows from layer to layer."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.convolution import fields
from playground.specs.convolution import ReceptiveSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts import convolution_pictures as pictures
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus, plain

EDITS = ("layers", "unit")
HEIGHT = 520


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view.

    Args:
        key: The view's key.
        corner: What ``page.heading`` returned.
    """
    spec = controls.begin(ReceptiveSpec, key)
    pictures.settle(key, spec.picture)
    rail, canvas = instrument()
    with rail:
        spec = controls.edit(spec, key=key, tiles={"picture": pictures.tiles()}, skip=("unit",))
        pictures.uploader(key)
    picture = pictures.pixels(spec.picture, spec.SIDE)
    with canvas:
        visual(
            "receptive", frame(spec, picture), key=key, height=HEIGHT, edits=EDITS, layers=[int(n) for n in spec.layers],
            unit=spec.unit,
        )  # fmt: skip
    with corner:
        detail_switch()
    share(spec, corner)

    prose(plain(picture) if isinstance(picture, str) else minus(what_you_see(spec)))
    formulas, code, papers = st.tabs(["Formulas", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if formulas.open:
        with formulas:
            st.latex(formula(spec))
            prose(
                "*r* is the size of the field, *j* the jump: how many pixels lie between two neighbours of that layer."
            )
    if code.open:
        with code:
            show_source("playground.functional.convolution:fields")
            show_source("playground.functional.convolution:Field")
    if papers.open:
        with papers:
            references(
                "Araujo, Norris and Sim (2019), *Computing receptive fields of convolutional neural networks*, Distill.",
                "Luo, Li, Urtasun and Zemel (2016), *Understanding the effective receptive field in deep convolutional neural "
                "networks*, NeurIPS: what lies at the rim counts for little.",
                "Simonyan and Zisserman (2014), *Very deep convolutional networks for large-scale image recognition*: three of 3 × 3 "
                "see as much as one of 7 × 7, with fewer weights.",
                "van den Oord and others (2016), *WaveNet: a generative model for raw audio*: dilations in doublings.",
            )
    asking.look_again()


def frame(spec: ReceptiveSpec, picture: NDArray[np.float64] | str) -> bytes:
    """What the browser draws."""
    if isinstance(picture, str):
        return pack("receptive", {"state": "waiting", "words": picture, "side": spec.SIDE, "sizes": []}, {})
    sizes = [one.size for one in fields(spec.slides()[0])]
    header = {"state": "there", "side": spec.SIDE, "sizes": sizes, "picture": spec.picture}
    return pack("receptive", header, {"picture": picture.astype(np.float32)})


def formula(spec: ReceptiveSpec) -> str:
    """The recursion, and this stack's numbers, for KaTeX."""
    slides, _ = spec.slides()
    lines = [r"r_l &= r_{l-1} + d_l\,(k_l - 1)\; j_{l-1}, \qquad j_l = s_l\, j_{l-1}, \qquad r_0 = j_0 = 1"]
    before = (1, 1)
    for number, (slide, field) in enumerate(zip(slides, fields(slides), strict=True), 1):
        lines.append(
            rf"r_{number} &= {before[0]} + {slide.dilation[0]} \cdot ({slide.kernel[0]} - 1) \cdot {before[1]} = {field.size}, \qquad "
            rf"j_{number} = {slide.stride[0]} \cdot {before[1]} = {field.jump}"
        )
        before = (field.size, field.jump)
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def what_you_see(spec: ReceptiveSpec) -> str:
    """A few sentences about this very state, and a thing to try."""
    slides, wrong = spec.slides()
    if not slides:
        return f"**Nothing fits.** {wrong}"
    found = fields(slides)
    weights = sum(one.kernel[0] ** 2 for one in slides)
    grown = ", ".join(str(one.size) for one in found)
    size = found[-1].size
    more = f" {wrong}" if wrong else ""
    return (
        f"**A unit of the top layer sees {size} × {size} pixels;** from layer to layer the field grows: {grown}. "
        f"One kernel of {size} × {size} would need {size**2:,} weights for each pair of maps, this stack has {weights}. A stride makes "
        f"every later layer grow faster, a dilation reaches far with few weights.{more}"
    )
