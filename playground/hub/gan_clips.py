"""Clips of generated pictures: one row of latents a frame, as an animated GIF or as a film that browsers play."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError
from playground.core.generating import MOST_FRAMES, Clip, MakeClip
from playground.data.image_set import Pictures
from playground.functional.gan import pixels
from playground.hub.desk import Desk
from playground.hub.film_writing import Mp4
from playground.hub.generate import BLOCK, checked, drawn_by, each
from playground.hub.generator import Generator

SIDES = (16, 1024)
"""Pixels of one picture's longer side that may be asked for."""
RATES = (1, 50)
"""Frames a second; GIF counts in hundredths of a second, and browsers slow down what is quicker than two of them."""
ACROSS = 16
"""So many pictures may stand side by side."""
WIDEST = 2048
"""Pixels of a clip's longer side."""
LARGEST = 120_000_000
"""Pixels of all frames together."""
GAP = 4
"""Pixels between pictures that stand side by side."""
_COLOURS = 256


def clip(
    desk: Desk, card: Card | None, questions: Sequence[MakeClip], say: Callable[[str], None]
) -> list[Clip | PlaygroundError]:
    """A file for each question; what makes no sense gets its error in words."""
    return each(desk, card, questions, say, lambda generator, question: _clip(generator, question, say))


def enlarged(pictures: Pictures, side: int) -> Pictures:
    """Each pixel becomes a whole number of equal pixels, so many that the longer side has ``side`` at least: ``(n, h, w, c)``."""
    times = max(1, ceil(side / max(pictures.shape[1:3])))
    return pictures.repeat(times, 1).repeat(times, 2)


def frames(pictures: Pictures, across: int, side: int) -> Pictures:
    """Frames ``(n, high, wide, c)`` of ``n * across`` pictures: so many side by side on black, enlarged."""
    large = enlarged(pictures, side)
    _, high, wide, channels = large.shape
    made = np.zeros((len(large) // across, high, across * wide + (across - 1) * GAP, channels), np.uint8)
    for column in range(across):
        left = column * (wide + GAP)
        made[:, :, left : left + wide] = large[column::across]
    return made


def gif(shown: Pictures, rate: int) -> bytes:
    """Frames as a GIF that begins anew for ever; grey stays grey to the bit, colours are the 256 that suit all frames best.

    Args:
        shown: ``(n, h, w, 1 or 3)``.
        rate: Frames a second, as near as hundredths of a second come to it.
    """
    if shown.shape[3] == 1:
        images = [Image.fromarray(one[..., 0]) for one in shown]
    else:
        some = shown[:: ceil(len(shown) / 32)]
        palette = Image.fromarray(np.concatenate(list(some))).quantize(_COLOURS, Image.Quantize.MEDIANCUT)
        images = [Image.fromarray(one).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for one in shown]
    file = io.BytesIO()
    times = [
        10 * round(100 * (i + 1) / rate) - 10 * round(100 * i / rate) for i in range(len(images))
    ]  # of each, in ms
    images[0].save(
        file, "GIF", save_all=True, append_images=images[1:], duration=times, loop=0, disposal=1, optimize=False
    )
    return file.getvalue()


def mp4(shown: Pictures, rate: int) -> bytes:
    """Frames as H.264; a row or column of black goes along an odd side, which that cannot have.

    Args:
        shown: ``(n, h, w, 1 or 3)``.
        rate: Frames a second.
    """
    with Mp4(rate) as film:
        for number, one in enumerate(_even(shown)):
            film.add(Image.fromarray(one.repeat(3, 2) if one.shape[2] == 1 else one), number / rate)
        return film.finish()


def _clip(generator: Generator, question: MakeClip, say: Callable[[str], None]) -> Clip:
    latents = np.asarray(question.latents)
    pair = generator.pair
    if latents.ndim != 3:
        raise InputError(
            f"A clip is made of latents (frames, side by side, {pair.latents}); given was {latents.shape}."
        )
    count, across = latents.shape[:2]
    if not 1 <= count <= MOST_FRAMES:
        raise InputError(f"A clip of {count:,} pictures was asked for; it has 1 to {MOST_FRAMES}.")
    if not 1 <= across <= ACROSS:
        raise InputError(f"{across} pictures side by side were asked for; 1 to {ACROSS} can be.")
    if question.format not in ("gif", "mp4"):
        raise InputError(f"A clip as '{str(question.format)[:20]}' was asked for; there are gif and mp4.")
    if not RATES[0] <= question.rate <= RATES[1]:
        raise InputError(f"{question.rate} frames a second were asked for; {RATES[0]} to {RATES[1]} can be.")
    if not SIDES[0] <= question.side <= SIDES[1]:
        raise InputError(f"Pictures of {question.side} pixels a side were asked for; {SIDES[0]} to {SIDES[1]} can be.")
    _bounded(pair.picture[1:], count, across, question.side)
    classes = question.classes
    if classes is not None and np.shape(classes) != (count, across):
        raise InputError(f"The classes of {count} x {across} pictures are needed; given were {np.shape(classes)}.")
    rows, numbers = latents.reshape(count * across, -1), None if classes is None else np.asarray(classes).reshape(-1)
    say("Drawing")
    parts = []
    for start in range(0, len(rows), BLOCK):
        some = checked(pair, rows[start : start + BLOCK], None if numbers is None else numbers[start : start + BLOCK])
        parts.append(pixels(pair, drawn_by(generator, *some)))
    say("Writing the clip")
    shown = frames(np.concatenate(parts), across, question.side)
    content = gif(shown, question.rate) if question.format == "gif" else mp4(shown, question.rate)
    even = question.format == "mp4"
    return Clip(
        content, count, shown.shape[2] + even * (shown.shape[2] % 2), shown.shape[1] + even * (shown.shape[1] % 2)
    )


def _bounded(picture: Sequence[int], count: int, across: int, side: int) -> None:
    times = max(1, ceil(side / max(picture)))
    high, wide = picture[0] * times, across * picture[1] * times + (across - 1) * GAP
    if max(high, wide) > WIDEST or count * high * wide > LARGEST:
        raise InputError(
            f"A clip of {count} pictures of {wide:,} x {high:,} pixels was asked for; its longer side has {WIDEST:,} at most, and all "
            f"of them together {LARGEST / 1e6:.0f} million. Choose a smaller size, or fewer pictures."
        )


def _even(shown: NDArray[np.uint8]) -> NDArray[np.uint8]:
    high, wide = shown.shape[1:3]
    return np.pad(shown, ((0, 0), (0, high % 2), (0, wide % 2), (0, 0))) if high % 2 or wide % 2 else shown
