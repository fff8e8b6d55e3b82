"""The view Kernel editor: a kernel slid over a picture, its stride, padding and dilation, and settings that do not fit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.convolution import Slide, convolve
from playground.functional.kernels import KERNELS
from playground.specs.convolution import LEARNED, OWN, KernelSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts import convolution_network as network
from playground.ui.parts import convolution_pictures as pictures
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus, plain

EDITS = ("kernel", "numbers", "size", "flip")
HEIGHT = 520
Floats = NDArray[np.float64]


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view.

    Args:
        key: The view's key.
        corner: What ``page.heading`` returned.
    """
    spec = controls.begin(KernelSpec, key)
    pictures.settle(key, spec.picture)
    rail, canvas = instrument()
    with rail:
        spec = controls.edit(spec, key=key, groups=["kernel"], skip=("flip", "numbers"))
        spec = controls.edit(spec, key=key, groups=["picture"], tiles={"picture": pictures.tiles()})
        pictures.uploader(key)
    picture = pictures.pixels(spec.picture, spec.side)
    weights = spec.weights(network.learned())
    with canvas:
        visual(
            "kernel", frame(spec, picture, weights), key=key, height=HEIGHT, edits=EDITS,
            weights=weights.ravel().tolist(), flip=spec.flip,
        )  # fmt: skip
    with corner:
        detail_switch()
    share(spec, corner)

    prose(plain(picture) if isinstance(picture, str) else minus(what_you_see(spec, picture, weights)))
    formulas, code, papers = st.tabs(["Formulas", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if formulas.open:
        with formulas:
            st.latex(sizes(spec, len(weights)))
            st.latex(
                r"\text{cross-correlation: } (w \star a)[y, x] = \sum_{i,j} w[i, j]\, a[y + i, x + j] \qquad "
                r"\text{convolution: } (w * a)[y, x] = \sum_{i,j} w[i, j]\, a[y - i, x - j]"
            )
            prose(
                "Networks learn their kernels, so it does not matter to them whether a kernel is turned over first; libraries leave "
                "it out and call the result convolution. On the picture *One dot* you can read it off: slid as it is, the kernel "
                "comes out turned over; press Flip, and it comes out as it stands."
            )
    if code.open:
        with code:
            prose(
                "This is what ran just now; it equals `torch.nn.functional.conv2d` over a grid of settings (a test compares them)."
            )
            show_source("playground.functional.convolution:convolve")
            show_source("playground.functional.convolution:maps")
            show_source("playground.functional.convolution:Slide")
            show_source("playground.functional.convolution:flipped")
            if spec.kernel in KERNELS:
                show_source(f"playground.functional.kernels:{spec.kernel}")
    if papers.open:
        with papers:
            named = KERNELS[spec.kernel].source if spec.kernel in KERNELS else ""
            references(
                *([f"This kernel: {named}."] if named else []),
                "Dumoulin and Visin (2016), *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285.",
                "Yu and Koltun (2016), *Multi-scale context aggregation by dilated convolutions*, ICLR.",
                "Hubel and Wiesel (1962), *Receptive fields, binocular interaction and functional architecture in the cat's visual "
                "cortex*, Journal of Physiology 160.",
            )
    asking.look_again()


def title(spec: KernelSpec) -> str:
    """What the kernel is called."""
    if spec.kernel == OWN:
        return "Your own kernel"
    if spec.kernel == LEARNED:
        return f"Learned filter {spec.filter % len(network.learned()) + 1} of {len(network.learned())}"
    return KERNELS[spec.kernel].title


def result(spec: KernelSpec, picture: Floats, weights: Floats) -> Floats | str:
    """What comes out, ``(h, w)``; or why no window fits."""
    slide = spec.slide(len(picture), len(weights))
    if isinstance(slide, str):
        return slide
    made: Floats = convolve(
        picture[None], weights[None, None], stride=slide.stride, padding=slide.padding, dilation=slide.dilation
    )[0]
    return made


def frame(spec: KernelSpec, picture: Floats | str, weights: Floats) -> bytes:
    """What the browser draws: the picture, how the window slides, what comes out, and a sum by which it checks its own."""
    if isinstance(picture, str):
        return pack("kernel", {"state": "waiting", "words": picture}, {})
    made = result(spec, picture, weights)
    header: dict[str, Any] = {
        "state": "there",
        "picture": spec.picture,
        "title": title(spec),
        "side": len(picture),
        "stride": spec.stride,
        "padding": spec.padding,
        "dilation": spec.dilation,
        "wrong": made if isinstance(made, str) else "",
        "checksum": None if isinstance(made, str) else checksum(made),
    }
    return pack("kernel", header, {"picture": picture.astype(np.float32)})


def checksum(made: Floats) -> float:
    """A weighted sum of a result, which the browser's own result must have, too."""
    flat = made.ravel()
    return float((flat * (np.arange(len(flat)) % 7 + 1)).sum())


def sizes(spec: KernelSpec, size: int) -> str:
    """The formula of the output's size with this page's numbers, for KaTeX."""
    room = spec.side + 2 * spec.padding - spec.dilation * (size - 1) - 1
    numbers = (
        rf"\left\lfloor \frac{{{spec.side} + 2 \cdot {spec.padding} - {spec.dilation} \cdot ({size} - 1) - 1}}{{{spec.stride}}} "
        rf"\right\rfloor + 1 = {room // spec.stride + 1}"
    )
    wrong = r" \quad \text{(invalid: no window fits)}" if room < 0 else ""
    return rf"n' = \left\lfloor \frac{{n + 2p - d\,(k - 1) - 1}}{{s}} \right\rfloor + 1 = {numbers}{wrong}"


def unread(slide: Slide) -> int:
    """How many rows of the padded picture no window reads."""
    return int((~slide.read(0)).sum())


def what_you_see(spec: KernelSpec, picture: Floats, weights: Floats) -> str:
    """A few sentences about this very state, and a thing to try."""
    slide = spec.slide(len(picture), len(weights))
    if isinstance(slide, str):
        return (
            f"**These settings do not fit together.** {slide} Nothing can be computed, and the formula of its size says so: the "
            "result is below 1."
        )
    total = float(weights.sum())
    if spec.kernel in KERNELS:
        start = f"**{KERNELS[spec.kernel].title}.** {KERNELS[spec.kernel].summary}"
    elif spec.kernel == LEARNED:
        start = "**Nobody wrote this kernel:** a network found it while it learnt to read digits. Try others under All controls."
    else:
        start = "**Your own kernel.**"
    even = (
        "Its weights add up to 0, so an even grey gives 0, however bright." if math.isclose(total, 0, abs_tol=0.02)
        else "Its weights add up to 1, so an even grey stays as bright as it is." if math.isclose(total, 1, abs_tol=0.02)
        else f"Its weights add up to {total:.3g}: that is what becomes of an even white."
    )  # fmt: skip
    left = unread(slide)
    if left:
        more = (
            f"With these settings {left} of the {slide.padded[0]} rows are never read: they are hatched, and nothing there can "
            "change the result."
        )
    elif spec.padding == 0 and len(weights) > 1:
        more = (
            f"Without padding the result is smaller by {slide.size[0] - slide.output[0]}. Raise the padding to "
            f"{(slide.reach[0] - 1) // 2} to keep the size, or type a number into the kernel."
        )
    else:
        more = "Type a number into the kernel, or press Flip: the result follows."
    return f"{start} {even} {more}"
