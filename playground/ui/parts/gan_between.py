"""The tab "Between": from sample to sample on two ways, a straight line and an arc, and how long latents are on each."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import SpecError
from playground.core.frames import pack
from playground.core.generating import Draw, Drawn
from playground.functional.interpolation import length_density, lengths
from playground.specs.gan_sampler import MOST_PINS, GANSamplerSpec, Pin
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts import gan_between_clip
from playground.ui.parts import gan_between_way as ways
from playground.ui.parts.gan_between_way import Walk
from playground.ui.parts.gan_sheet import Held, Sheet
from playground.ui.visual import visual
from playground.ui.words import minus

HEIGHT = 484
PICKS = 64
"""So many of the sheet's samples can be pinned from here."""
MOST_BYTES, SMALL = 700_000, 48
"""What the pictures of a way may take on their way to the browser, and the side of those to choose from; larger ones are shrunk."""
BINS = 80
TITLES = ("Straight line", "Arc (spherical)")


def show(sheet: Sheet, spec: GANSamplerSpec, key: str) -> None:
    """Draw the tab.

    Args:
        sheet: What stands on the page.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    stops = ways.ends(sheet)
    if len(stops) < 2:
        prose("There is one sample on the sheet: draw two or more, and this goes from one to the other.")
        return
    walk = ways.walk(stops, spec.loop)
    latents, classes = walk.question
    answer = sheet.ask("generate", Draw(latents, classes, whose=sheet.whose))
    visual("gan_between", frame(sheet, spec, walk, answer), key=key, part="between", height=HEIGHT, edits=["pins"])
    if isinstance(answer, Drawn):
        gan_between_clip.show(sheet, spec, walk, key)
        prose(minus(ways.words(walk, sheet.pair, answer.pictures)))


def frame(sheet: Sheet, spec: GANSamplerSpec, walk: Walk, answer: Any) -> bytes:
    """What the browser draws: both ways with their lengths as soon as they are there, and what can be gone between."""
    stops, there = walk.ends, isinstance(answer, Drawn)
    texts = pin_texts(sheet, spec)
    pinned = _pinned(spec)
    header: dict[str, Any] = {
        "id": hashlib.sha256(walk.linear.tobytes() + repr(walk.classes).encode()).hexdigest()[:12],
        "state": "there" if there else "refused" if isinstance(answer, asking.Refused) else "waiting",
        "words": "" if there else getattr(answer, "words", "") or "Drawing both ways.",
        "ends": [{"name": stop.name, "pin": pinned[at] if at < len(pinned) else ""} for at, stop in enumerate(stops)],
        "pinned": [pinned.index(text) + 1 if text in pinned else 0 for text in texts],
        "pins": pinned,
        "texts": texts,
        "room": len(pinned) < MOST_PINS,
    }
    blocks: dict[str, NDArray[Any]] = {}
    if (small := choices(sheet, stops)) is not None:
        blocks["sheet"] = small
    if isinstance(answer, Drawn):
        n, (low, middle, high) = len(walk.linear), ways.shell(sheet.pair.latents, sheet.pair.noise)
        long = np.stack([lengths(walk.linear), lengths(walk.spherical)])
        top = ways.ceiling(float(long.max()), high)
        bins = (np.arange(BINS) + 0.5) * top / BINS
        header |= {
            "titles": TITLES, "stops": list(walk.stops), "shell": [low, middle, high], "top": top, "tiles": spec.steps - 1,
            "endless": walk.endless, "there_and_back": walk.endless and not walk.closed,
        }  # fmt: skip
        pictures = shrunk(answer.pictures, MOST_BYTES)
        blocks |= {
            "linear": pictures[:n],
            "spherical": pictures[n:],
            "lengths": long,
            "density": length_density(bins, sheet.pair.latents, sheet.pair.noise).astype(np.float32),
        }
    return pack("gan.between", header, blocks)


def pin_texts(sheet: Sheet, spec: GANSamplerSpec) -> list[str]:
    """What each of the first samples is called as a pin of the link."""
    edits = spec.edited()
    return [
        str(
            Pin(
                spec.seed,
                index,
                -1 if sheet.classes is None else int(sheet.classes[index]),
                spec.moves,
                tuple(edits.get(index, {}).items()),
            )
        )
        for index in range(min(PICKS, len(sheet.latents)))
    ]


def choices(sheet: Sheet, stops: tuple[Held, ...]) -> NDArray[np.uint8] | None:
    """Small pictures: of the stops, then of the samples that can be pinned; None while there are none."""
    if sheet.pictures is None:
        return None
    blank = np.zeros_like(sheet.pictures[0])
    held = np.stack([blank if stop.picture is None else stop.picture for stop in stops])
    both = np.concatenate([held, sheet.pictures[:PICKS]])
    return shrunk(both, len(both) * both.shape[3] * SMALL**2)


def shrunk(pictures: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    """Pictures ``(n, h, w, c)`` that take at most so many bytes: squares of pixels become one of their mean."""
    n, high, wide, channels = pictures.shape
    times = 1
    while n * (high // times) * (wide // times) * channels > most and min(high, wide) // times > 16:
        times += 1
    if times == 1:
        return pictures
    cut = pictures[:, : high // times * times, : wide // times * times]
    squares = cut.reshape(n, high // times, times, wide // times, times, channels)
    made: NDArray[np.uint8] = squares.mean(axis=(2, 4), dtype=np.float32).round().astype(np.uint8)
    return made


def _pinned(spec: GANSamplerSpec) -> list[str]:
    try:
        return [str(pin) for pin in spec.pinned()]
    except SpecError:  # said above the page; nothing is pinned
        return []
