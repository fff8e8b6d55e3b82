"""The view Three depths: a trained network, one of its channels, one of its pixels."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.convolution import Slide, fields
from playground.specs.convolution import OWN, ConvolutionSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts import convolution_network as network
from playground.ui.parts import convolution_pictures as pictures
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus, plain

EDITS = ("depth", "stage", "channel", "row", "column")
HEIGHT = 520


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view.

    Args:
        key: The view's key.
        corner: What ``page.heading`` returned.
    """
    spec = controls.begin(ConvolutionSpec, key)
    pictures.settle(key, spec.picture)
    rail, canvas = instrument()
    with rail:
        spec = controls.edit(spec, key=key, tiles={"picture": pictures.tiles()}, skip=EDITS)
        pictures.uploader(key)
    found = pictures.pixels(spec.picture, network.SIDE)
    digit = pictures.as_digit(found) if spec.picture == OWN and not isinstance(found, str) else found
    said = {name: getattr(spec, name) for name in EDITS}
    with canvas:
        packed = (
            pack("convolution", {"words": digit, "state": "waiting"}, {})
            if isinstance(digit, str)
            else network.frame(digit, {"state": "there"})
        )
        visual("convolution", packed, key=key, height=HEIGHT, edits=EDITS, **said)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(plain(digit) if isinstance(digit, str) else minus(what_you_see(spec, digit)))
    tabs = st.tabs(["Formulas", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    formulas, code, papers = tabs
    if formulas.open:
        with formulas:
            st.latex(formula(spec))
            prose(
                "Each map *c* has a kernel *w* for every map *k* before it, and one bias *b*. The window reads *a* from the upper "
                "left corner on; *s* is the stride, *p* the padding. Maps, rows and columns count from 1, as beside the picture; what is "
                "outside is 0."
            )
    if code.open:
        with code:
            prose("The convolution itself, and the way back from a pixel to what it saw:")
            for name in ("convolve", "maps", "Slide", "fields"):
                show_source(f"playground.functional.convolution:{name}")
            prose("Pooling, and the whole network:")
            show_source("playground.functional.convolution:max_pool")
            show_source("playground.functional.convnet:forward")
    if papers.open:
        with papers:
            references(
                "Fukushima (1980), *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition "
                "unaffected by shift in position*, Biological Cybernetics 36.",
                "LeCun and others (1989), *Backpropagation applied to handwritten zip code recognition*, Neural Computation 1.",
                "Wang and others (2020), *CNN Explainer: learning convolutional neural networks with interactive visualization*, "
                "IEEE TVCG 27.",
                "Dumoulin and Visin (2016), *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285.",
            )
    asking.look_again()


def place(spec: ConvolutionSpec) -> tuple[int, int, int, int]:
    """Layer, map, row and column that are looked at: those of the experiment, as far as the network has them."""
    stages = network.plan().stages
    last = max(index for index, stage in enumerate(stages) if len(stage.shape) == 3)
    stage = min(spec.stage, last)
    channels, rows, columns = stages[stage].shape
    return stage, min(spec.channel, channels - 1), min(spec.row, rows - 1), min(spec.column, columns - 1)


def seen(stage: int) -> int:
    """How many pixels of the picture, across, a pixel of a layer sees."""
    slides = [
        Slide(one.given[1:], (one.block.kernel,) * 2, (one.block.stride,) * 2, (one.block.padding,) * 2)  # type: ignore[arg-type]
        for one in network.plan().stages[: stage + 1]
    ]
    return fields(slides)[-1].size


def formula(spec: ConvolutionSpec) -> str:
    """The definition, with this layer's numbers, for KaTeX."""
    stage, channel, row, column = place(spec)
    one = network.plan().stages[stage]
    k, s, p = one.block.kernel, one.block.stride, one.block.padding
    if one.block.kind != "conv":
        return (
            rf"a'_{{{channel + 1}}}[y, x] = \max_{{1 \le i, j \le {k}}} a_{{{channel + 1}}}[{s}(y - 1) + i,\ {s}(x - 1) + j], \qquad "
            rf"y = {row + 1},\ x = {column + 1}"
        )
    return (
        rf"z_{{c}}[y, x] = b_c + \sum_{{k=1}}^{{{one.given[0]}}} \sum_{{i=1}}^{{{k}}} \sum_{{j=1}}^{{{k}}} "
        rf"w_{{c,k}}[i, j]\; a_k[s (y - 1) + i - p,\ s (x - 1) + j - p], \qquad a'_c = \max(0, z_c), \qquad "
        rf"c = {channel + 1},\ y = {row + 1},\ x = {column + 1},\ s = {s},\ p = {p}"
    )


def what_you_see(spec: ConvolutionSpec, digit: NDArray[np.float64]) -> str:
    """A few sentences about this very state, and a thing to try."""
    stage, channel, row, column = place(spec)
    answer = network.probabilities(digit)
    best = int(answer.argmax())
    field = seen(stage)
    one = network.plan().stages[stage]
    made = network.outputs(digit)[stage][channel, row, column]
    start = (
        f"**A small network trained on handwritten digits reads this as {best}, with {100 * answer[best]:.1f} %.** "
        f"The chosen pixel of layer {stage + 1} holds {made:.3g} and has seen {field} × {field} pixels of the picture"
    )
    if spec.picture not in "0123456789":
        start = start.replace(", with", " (it knows nothing but digits), with")
    match spec.depth:
        case "channel" if one.block.kind == "conv":
            return (
                f"{start}. Its map is the sum of {one.given[0]} kernel map{'s' * (one.given[0] > 1)}, one for each map before, plus a "
                "bias; ReLU then cuts off what is negative. Press Play: the window slides, and the maps fill place by place."
            )
        case "pixel" if one.block.kind == "conv":
            return (
                f"{start}. Its value is {one.given[0] * one.block.kernel**2} products and a bias, added up. Move the window with the "
                "arrow keys, and follow one bright pixel through the kernel."
            )
        case "network":
            return (
                f"{start}. Point at any pixel of any map: what it came from is marked on each layer before and on the picture. "
                "Later layers see more of it, at fewer places."
            )
    return f"{start}. Pooling keeps the largest value of each window: a stroke that moves a little within it changes nothing."
