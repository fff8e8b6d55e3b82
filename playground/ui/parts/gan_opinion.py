"""The tab "Opinion": what the discriminator says of each sample, from the worst to the best, and what that number means."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.core.generating import Draw, Drawn
from playground.core.numbers import decimal
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts.gan_between import shrunk
from playground.ui.parts.gan_sheet import Sheet
from playground.ui.visual import visual
from playground.ui.words import minus

HEIGHT = 450
MOST_BYTES = 600_000


def show(sheet: Sheet, spec: GANSamplerSpec, key: str) -> None:
    """Draw the tab.

    Args:
        sheet: What stands on the page.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    if sheet.pair.discriminator is None:
        prose(
            "**This is a generator alone: nobody kept the discriminator that it learnt against,** so there is no opinion to ask for. "
            "The models that come with the playground have theirs, and so has every generator that you train under Image GAN."
        )
        return
    answer: Any = sheet.drawn
    if answer is None or answer.opinions is None:
        answer = sheet.ask("generate", Draw(sheet.latents, sheet.classes, True, sheet.whose))
    visual("gan_opinion", frame(sheet, answer), key=key, part="opinion", height=HEIGHT)
    if isinstance(answer, Drawn) and answer.opinions is not None:
        prose(minus(words(answer.opinions, sheet.judge.lower() if answer.critic else "", sheet.classes is not None)))


def frame(sheet: Sheet, answer: Any) -> bytes:
    """What the browser draws: every sample with its number, and the ends of the scale."""
    opinions = answer.opinions if isinstance(answer, Drawn) else None
    there = opinions is not None
    header: dict[str, Any] = {
        "state": "there" if there else "refused" if isinstance(answer, asking.Refused) else "waiting",
        "words": "" if there else getattr(answer, "words", "") or "Asking the discriminator.",
        "critic": sheet.pair.critic,
        "judge": sheet.judge.lower(),
    }
    blocks: dict[str, NDArray[Any]] = {}
    if isinstance(answer, Drawn) and opinions is not None:
        low, high = scale(opinions, answer.critic)
        header |= {
            "id": hashlib.sha256(answer.pictures.tobytes()).hexdigest()[:12],
            "low": low,
            "high": high,
            "classes": None if sheet.classes is None else [sheet.pair.classes[int(k)] for k in sheet.classes],
        }
        blocks = {"pictures": shrunk(answer.pictures, MOST_BYTES), "opinions": np.asarray(opinions, np.float32)}
    return pack("gan.opinion", header, blocks)


def scale(opinions: NDArray[np.float32], critic: bool) -> tuple[float, float]:
    """The ends of the axis: 0 to 1 of a probability; of scores the power of two that holds all, on both sides of 0."""
    if not critic:
        return 0.0, 1.0
    most, end = float(np.abs(opinions).max()), 1.0
    while end < most:
        end *= 2
    return -end, end


def words(opinions: NDArray[np.float32], judge: str, classes: bool) -> str:
    """What these numbers say, and what they do not; ``judge`` is who gives a score, empty of probabilities."""
    n, middle = len(opinions), float(np.median(opinions))
    low, high = (float(one) for one in np.percentile(opinions, (25, 75)))
    if judge:
        learnt = "as far apart as it can" if judge == "critic" else "by a margin that its loss asks for"
        return (
            f"**Half of the {judge}'s scores lie between {decimal(low)} and {decimal(high)}.** It learnt to give real pictures higher "
            f"scores than made ones, {learnt}. They are no probabilities and have no unit: only differences between two pictures under "
            f"the same {judge} mean something, never two {judge}s' scores."
        )
    real = int((opinions > 0.5).sum())
    said = (
        f"**It takes {real} of these {n} for real rather than made (above 0.5); half of its numbers lie between {decimal(low)} and "
        f"{decimal(high)}.** "
    )
    if middle < 0.2:
        said += "It sees through most of them: at the end of training it was still ahead of its generator. "
    elif middle > 0.8:
        said += "It takes most of them for real: its generator was ahead of it when training ended. "
    else:
        lean = "made rather than real" if middle < 0.4 else "real rather than made" if middle > 0.6 else ""
        said += f"It leans towards {lean} without being sure; a" if lean else "A"
        said += "round 0.5 it cannot tell, which is where training wants to end. "
    return said + (
        "The number answers one question: is this a training picture, or one of *this* generator's as it was at the end of training? It "
        "is no grade. What a discriminator never learnt to see it does not mind, and two discriminators' numbers are on no common scale."
        + (" It is told the class, and a good picture of another class counts as made." if classes else "")
    )
