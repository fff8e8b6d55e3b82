"""The tab "Copying?": beside each sample the training picture it is most like, and how close test pictures come to theirs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.core.generating import Nearest, Neighbours
from playground.core.numbers import decimal
from playground.data.image_registry import IMAGE_SETS
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts.gan_between import shrunk
from playground.ui.parts.gan_sheet import Sheet
from playground.ui.state import state
from playground.ui.visual import visual
from playground.ui.words import plain

HEIGHT = 470
MOST = 64
"""So many samples are looked at, the first ones of the sheet."""
MOST_BYTES = 600_000
PATIENCE = 120.0
SAME = 0.02
"""A distance below which two pictures are the same to the eye."""
MANY = 0.05
"""A larger share of samples beyond the usual ones is more than chance."""


@dataclass
class Against:
    """Which set of pictures a generator is held against of which nobody says what it learnt from.

    Attributes:
        name: In ``IMAGE_SETS``; empty until one is proposed.
    """

    name: str = ""


def show(sheet: Sheet, spec: GANSamplerSpec, key: str) -> None:
    """Draw the tab.

    Args:
        sheet: What stands on the page.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    if not sheet.dataset and sheet.card is None:
        prose(
            "This generator learnt from pictures of your own, and those are not kept where it is used: there is nothing to look among. "
            "A run on one of the sets with a name can be looked at here."
        )
        return
    dataset = sheet.dataset or _choose(sheet, key)
    if sheet.pictures is None or sheet.drawn is None:
        answer: Any = asking.Refused(sheet.problem) if sheet.problem else asking.Waiting(sheet.waiting)
    else:
        answer = asking.ask("nearest", None, Nearest(sheet.pictures[:MOST], dataset, labels(sheet, dataset)), PATIENCE)
    visual("gan_copying", frame(sheet, answer), key=key, part="copying", height=HEIGHT)
    if isinstance(answer, Neighbours):
        prose(words(answer))
        st.caption(plain(answer.words))


def likely(sheet: Sheet) -> str:
    """The set whose pictures have this generator's shape, the best known first; else one with as many channels."""
    order = sorted(IMAGE_SETS, key=["mnist", "fashion", "digits", "cifar10", "shapes"].index)
    alike = [name for name in order if IMAGE_SETS[name].shape == sheet.pair.picture]
    coloured = [name for name in order if IMAGE_SETS[name].shape[0] == sheet.pair.picture[0]]
    return (alike or coloured or order)[0]


def labels(sheet: Sheet, dataset: str) -> NDArray[np.int64] | None:
    """Number of each sample's class among those of a set, by its name; None where a class is not known, or the set has no such."""
    if sheet.classes is None:
        return None
    names = [name.casefold() for name in IMAGE_SETS[dataset].classes]
    asked = [sheet.pair.classes[int(k)].casefold() for k in sheet.classes[:MOST]]
    return np.array([names.index(one) for one in asked], np.int64) if set(asked) <= set(names) else None


def frame(sheet: Sheet, answer: Any) -> bytes:
    """What the browser draws: the samples, and beside each its neighbour as soon as that is known."""
    there = isinstance(answer, Neighbours)
    header: dict[str, Any] = {
        "state": "there" if there else "refused" if isinstance(answer, asking.Refused) else "waiting",
        "words": "" if there else getattr(answer, "words", "") or "Looking through the training pictures.",
    }
    blocks: dict[str, NDArray[Any]] = {}
    if isinstance(answer, Neighbours) and sheet.pictures is not None:
        shown = sheet.pictures[: len(answer.rows)]
        header |= {
            "id": hashlib.sha256(shown.tobytes()).hexdigest()[:12],
            "rows": [int(row) for row in answer.rows],
            "distances": [round(float(one), 4) for one in answer.distances],
            "order": np.argsort(answer.distances, kind="stable").tolist(),
            "usual": [round(one, 4) for one in answer.usual],
            "ranks": [round(float(one), 2) for one in answer.ranks],
            "alarms": alarms(answer),
            "kinds": answer.kinds,
            "top": top(max(float(answer.distances.max()), answer.usual[4])),
        }
        both = shrunk(np.concatenate([shown, answer.pictures]), MOST_BYTES)
        blocks = {"samples": both[: len(shown)], "neighbours": both[len(shown) :]}
    return pack("gan.copying", header, blocks)


def top(farthest: float) -> float:
    """Where the scale of distances ends: the same for nearly every sheet, doubled where something is further out."""
    end = 0.4
    while end < 1.02 * farthest:
        end *= 2
    return end


def alarms(found: Neighbours) -> list[int]:
    """Which samples look like copies: the same to the eye, or nearer than usual where there are more of them than chance makes."""
    near = found.ranks <= 0
    many = near.sum() > allowed(len(near))
    return [int(k) for k in np.flatnonzero((found.distances < SAME) | (near & many))]


def allowed(n: int) -> float:
    """So many of some samples may lie beyond 99 of 100 test pictures by chance."""
    return max(1, MANY * n)


def words(found: Neighbours) -> str:
    """What the distances say of these samples, and what they cannot."""
    n, middle = len(found.distances), found.usual[2]
    close, far = int((found.ranks <= 0).sum()), int((found.ranks >= 1).sum())
    same = int((found.distances < SAME).sum())
    tests = "test pictures" if not found.kinds else f"test pictures of {_their(found.kinds, n)}"
    said = (
        f"**Half of these {n} samples lie within {decimal(float(np.median(found.distances)))} of a training picture; of {tests}, "
        f"which nobody can have copied, half lie within {decimal(middle)}.** "
        if n > 1
        else f"**This sample lies {decimal(float(found.distances[0]))} from the nearest training picture; of {tests}, which nobody "
        f"can have copied, half lie within {decimal(middle)}.** "
    )
    if same:
        said += f"{_count(same, n)} the same as a training picture to the eye: {'that is a copy' if same == 1 else 'those are copies'}. "
    elif close > allowed(n):
        said += (
            f"{_count(close, n)} closer than 99 of 100 {tests} are. Look at these pairs: a copy has the same strokes in the same "
            "places; plain and soft pictures are close to many without being one. "
        )
    else:
        chance = (
            ": by chance about one in 100 is, so this is no sign of copying. " if close else ": no sign of copying. "
        )
        said += f"{_count(close, n)} closer than 99 of 100 {tests} are{chance}"
    if far > allowed(n):
        said += f"{_count(far, n)} further away than 99 of 100 {tests} are: mostly the broken ones. "
    if not found.kinds:
        said += "These are test pictures of all classes, since the class of a sample is not known here: simple pictures are near to many. "
    return said + (
        "Distances are root mean squares over pixels from 0 to 1; they see neither a copy that was shifted nor one that is thinner."
    )


def _their(kinds: int, n: int) -> str:
    return "its class" if n == 1 else "the same class" if kinds == 1 else "their classes"


def _count(k: int, n: int) -> str:
    return f"{'None' if k == 0 else k} of {n} {'is' if k in (0, 1) else 'are'}"


def _choose(sheet: Sheet, key: str) -> str:
    """Draw the choice of a set where the generator's file does not say which it was."""
    mine, name = state(Against, f"{key}-{sheet.card.name if sheet.card else ''}"), f"{key}-copying-set"
    mine.name = mine.name or likely(sheet)
    st.session_state[name] = mine.name

    def chosen() -> None:
        mine.name = st.session_state[name]

    st.selectbox(
        "Look among the training pictures of", list(IMAGE_SETS), key=name, format_func=lambda one: IMAGE_SETS[one].title,
        on_change=chosen, help="This generator's file does not say what it learnt from.", width=320,
    )  # fmt: skip
    return mine.name
