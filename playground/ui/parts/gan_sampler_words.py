"""What a sheet of samples means: sentences in its own numbers, the files to take along, the code that ran, the papers."""

from __future__ import annotations

import io
import shlex
from typing import Any

import numpy as np
import streamlit as st

from playground.functional.gan import Pair
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui.page import prose, references, show_source
from playground.ui.parts.gan_sheet import Sheet
from playground.ui.words import minus, plain
from playground.viz.thumbnails import png

_MOST_CLASSES = 16
"""More classes than these make no row."""
_SMALLEST = 640
"""A picture of the sheet is at least so many pixels wide, each of its pixels a whole number of them."""


def what_you_see(sheet: Sheet | None, spec: GANSamplerSpec) -> str:
    """Two or three sentences about this very sheet, and a thing to try."""
    if sheet is None:
        return "A generator makes a picture from random numbers, its latents."
    pair = sheet.pair
    channels, high, wide = pair.picture
    n = len(sheet.latents)
    start = (
        f"**{n} {'picture' if n == 1 else 'pictures'} that nobody drew.** {'It' if n == 1 else 'Each'} comes of {pair.latents} random "
        f"numbers, its latents, and of nothing else: the generator turns them into {high * wide * channels:,} values."
    )
    if any(spec.moves):
        number = max(range(len(spec.moves)), key=lambda at: abs(spec.moves[at]))
        return minus(
            f"{start} All are moved by {spec.moves[number]:g} along direction {number + 1}: what changes in every one of them the same "
            "way is what this direction stands for. Nobody told the network of it."
        )
    if spec.edited():
        return f"{start} Some latents are set by hand: one number alone seldom means anything a person has a word for."
    if pair.classes and spec.of_class < 0:
        return (
            f"{start} Beside them it is told a class. Choose one above the sheet, or drag a direction: the class stays."
        )
    if pair.classes:
        return f"{start} All are asked to be “{plain(pair.classes[spec.of_class])}”. Drag a direction: the style moves, the class stays."
    return f"{start} Drag a direction and watch all of them change at once; tap one to see its own numbers."


def command(spec: GANSamplerSpec, sheet: Sheet, run: bool) -> str:
    """The command line that draws the same."""
    name = "generator.zip" if run or sheet.card is None else sheet.card.name
    words = [
        "playground",
        "predict",
        "generate",
        "--model",
        name,
        "--seed",
        str(spec.seed),
        "--n",
        str(len(sheet.latents)),
    ]
    if sheet.pair.classes and spec.of_class >= 0:
        words += ["--class", sheet.pair.classes[spec.of_class]]
    if any(spec.moves):
        words.append(f"--moves={','.join(f'{move:g}' for move in spec.moves)}")
    if spec.reading and not run:
        words += ["--reading", spec.reading]
    return shlex.join([*words, "--out", "sheet.png", "--json"])


def take_along(sheet: Sheet, spec: GANSamplerSpec, key: str) -> None:
    """The sheet as a picture, and its numbers."""
    if sheet.pictures is None:
        return
    name = f"samples_seed_{spec.seed}"
    with st.container(horizontal=True, gap="small", key=f"{key}-take"):
        st.download_button(
            "PNG", lambda: picture(sheet, spec), f"{name}.png", "image/png", icon=":material/download:", key=f"{key}-png",
            on_click="ignore", help="The sheet as a picture",
        )  # fmt: skip
        st.download_button(
            "NPZ", lambda: arrays(sheet), f"{name}.npz", "application/octet-stream", icon=":material/download:", key=f"{key}-npz",
            on_click="ignore", help="Pictures from 0 to 1, latents and classes as NumPy arrays",
        )  # fmt: skip


def picture(sheet: Sheet, spec: GANSamplerSpec) -> bytes:
    """The sheet as a PNG: rows of samples, in the order of the screen."""
    assert sheet.pictures is not None
    n, high, wide, channels = sheet.pictures.shape
    across = columns(n, sheet.pair, spec.of_class)
    down = -(-n // across)
    scale = max(1, -(-_SMALLEST // (across * (wide + 1))))
    paper = np.full((down * (high + 1) + 1, across * (wide + 1) + 1, channels), 255, np.uint8)
    for at, one in enumerate(sheet.pictures):
        top, left = (at // across) * (high + 1) + 1, (at % across) * (wide + 1) + 1
        paper[top : top + high, left : left + wide] = one
    large = paper.repeat(scale, 0).repeat(scale, 1)
    return png(np.repeat(large, 3, axis=2) if channels == 1 else large)


def arrays(sheet: Sheet) -> bytes:
    """Pictures ``(n, h, w)`` or ``(n, h, w, 3)`` from 0 to 1, latents ``(n, latents)``, classes ``(n,)``."""
    assert sheet.pictures is not None
    shown = sheet.pictures.astype(np.float32) / 255
    kept: dict[str, Any] = {"pictures": shown[..., 0] if shown.shape[3] == 1 else shown, "latents": sheet.latents}
    file = io.BytesIO()
    np.savez_compressed(file, **(kept if sheet.classes is None else kept | {"classes": sheet.classes}))
    return file.getvalue()


def columns(n: int, pair: Pair, of_class: int) -> int:
    """So many samples stand in a row; the screen's own are in ``live/gan_sampler_sheet.js``.

    Each class has columns of its own where each is drawn in turn; else about a square comes out, the last row full where that can be.
    """
    kinds, root = len(pair.classes), float(np.sqrt(n))
    if of_class < 0 and 1 < kinds <= _MOST_CLASSES and n >= 3 * kinds:
        return kinds * max(1, int(root / kinds + 0.5))
    square = max(1, int(np.ceil(root)))
    return next((one for one in range(square, int(1.5 * square) + 1) if n % one == 0), square)


def usual(n: int, pair: Pair, most: int) -> int:
    """The number of samples from ``n`` on whose last row is full, each class in columns of its own; ``most`` at most."""
    row, kinds = columns(n, pair, -1), len(pair.classes)
    return n if kinds < 2 or row % kinds else min(-(-n // row), most // row) * row


def code(spec: GANSamplerSpec, sheet: Sheet, run: bool) -> None:
    """The functions that ran, and the command that does the same."""
    prose("The same without a browser:")
    st.code(command(spec, sheet, run), language="bash", wrap_lines=True)
    if spec.edited():
        prose(
            "It draws the sheet before latents were set by hand. The NPZ file beside the sheet holds them as they are."
        )
    if run:
        prose("`generator.zip` is what Image GAN lets you download of your run.")
    prose("This is what ran:")
    for name in (
        "playground.functional.gan:drawn",
        "playground.functional.gan_latents:sheet",
        "playground.functional.gan_latents:moved",
        "playground.functional.gan:given",
        "playground.hub.generate:drawn_by",
        "playground.functional.gan_forward:forward",
        "playground.hub.directions:directions",
    ):
        show_source(name)


def papers(sheet: Sheet | None) -> None:
    """What this page stands on."""
    own = sheet.card.paper if sheet is not None and sheet.card is not None else ""
    references(
        *([plain(own)] if own else []),
        "I. Goodfellow et al.: *Generative adversarial nets*, 2014.",
        "A. Radford, L. Metz, S. Chintala: *Unsupervised representation learning with deep convolutional generative adversarial "
        "networks*, 2015: DCGAN, and arithmetic with latents.",
        "M. Mirza, S. Osindero: *Conditional generative adversarial nets*, 2014: asked for a class.",
        "T. Miyato, M. Koyama: *cGANs with projection discriminator*, 2018.",
        "T. White: *Sampling generative networks*, 2016: spherical interpolation of latents.",
        "K. Shoemake: *Animating rotation with quaternion curves*, 1985: where it comes from.",
        "E. Härkönen, A. Hertzmann, J. Lehtinen, S. Paris: *GANSpace: discovering interpretable GAN controls*, 2020: principal directions.",
        "Y. Shen, B. Zhou: *Closed-form factorization of latent semantics in GANs*, 2021: directions from the weights alone.",
        "L. Theis, A. van den Oord, M. Bethge: *A note on the evaluation of generative models*, 2016: why pictures alone prove little.",
    )
    if sheet is not None and sheet.card is not None:
        st.caption(
            plain(
                f"{sheet.card.title}: {sheet.card.source}. Licence of the weights: {sheet.card.licence or 'not said'}."
            )
        )
