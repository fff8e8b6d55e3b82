"""The words of the page Draw a digit, its code and its papers."""

from __future__ import annotations

import streamlit as st

from playground.ui.page import prose, references, show_source

PAPERS = (
    "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: *Gradient-based learning applied to document recognition*, 1998: LeNet-5, and MNIST.",
    "Y. LeCun, C. Cortes, C. Burges: *The MNIST database of handwritten digits*, 1998: how its digits were prepared.",
    "P. Y. Simard, D. Steinkraus, J. C. Platt: *Best practices for convolutional neural networks applied to visual document analysis*, "
    "2003: rubbing the sheet, as these readers were trained.",
    "A. Azulay, Y. Weiss: *Why do deep convolutional networks generalize so poorly to small image transformations?*, 2019: shifts.",
    "K. Fukushima: *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by shift in "
    "position*, 1980.",
)


def what_to_try() -> str:
    """Beside the pad."""
    return (
        "Both readers learnt from the same digits of MNIST, by the same recipe, and both are given the fourth picture: whatever you "
        "draw is cut out, scaled and centred first. **Move the slider** and that picture is shifted just before it is read. The "
        "multilayer perceptron learnt which *pixels* make a digit, so a few pixels to the side it sees something else. The "
        "convolutional network looks for *strokes* wherever they are and holds out longer. **Then draw one badly**: too thin, "
        "slanted, in a corner, with a stroke missing."
    )


def photographed(note: str) -> str:
    """Beside a photograph."""
    return (
        f"{note} What differs from the ground around it is taken for ink, so light that falls from one side, a shadow or the lines "
        "of the paper do not matter much; what is written beside the digit does. Photograph one of your own: a single digit, large, "
        "with a dark pen."
    )


def tabs(key: str) -> None:
    """Code and papers."""
    line, code, papers = st.tabs(["Command line", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if line.open:
        with line:
            prose("The same reader, for files. `digit` is null where a picture shows none.")
            st.code("playground predict digit FILE... --json", language="bash")
            prose("With `--model`, a network that you trained and took along.")
    if code.open:
        with code:
            prose("What prepares a picture, and what tells ink from its ground:")
            show_source("playground.functional.mnist_style:steps")
            show_source("playground.functional.ink:found")
            prose("What reads it, block by block:")
            show_source("playground.functional.convnet:forward")
    if papers.open:
        with papers:
            references(*PAPERS)
