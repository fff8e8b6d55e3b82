"""The tab "Shake it": how the answer holds while the picture is changed a little at a time, by accident or against the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.vision import Attack, Attacked, Photo, Shake, Shaken
from playground.specs.classification import ADVERSARIAL, CHANGE_TITLES, ClassificationSpec
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts import opened_up
from playground.ui.parts.classification_models import percent
from playground.ui.parts.opened_up import brief
from playground.ui.visual import visual
from playground.ui.words import minus, plain

_HEIGHT = 410
MOST = 6
"""So many classes have a curve."""
FAINT = 4
"""A change of so few levels of 255 is hardly seen."""

NONE, _NONE = -1, "none of its classes"

Scores: TypeAlias = NDArray[np.float32]


def show(photo: Photo, card: Card, spec: ClassificationSpec, key: str) -> None:
    """Draw the tab.

    Args:
        photo: The picture.
        card: The model.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    with st.container(horizontal=True):
        kind = opened_up.choose(spec, "shaking", dict(CHANGE_TITLES), "What is done to the picture", key)
    against = kind == ADVERSARIAL
    answer = asking.ask("attack", card, Attack(photo)) if against else asking.ask("shake", card, Shake(photo, kind))  # type: ignore[arg-type]
    answers: dict[str, Any] = {"photo": opened_up.looked(photo), "answer": answer}
    header: dict[str, Any] = {}
    blocks: dict[str, Any] = {}
    if isinstance(answer, Shaken):
        header, blocks = _shaken(answer)
    elif isinstance(answer, Attacked):
        header, blocks = _attacked(answer)
    packed = opened_up.frame(f"classification.{kind}", photo, answers, header, blocks)
    visual("shake", packed, key=key, part="shake", height=_HEIGHT)
    if isinstance(answer, Shaken):
        prose(minus(what_shaking_does(answer)))
    elif isinstance(answer, Attacked):
        prose(minus(what_the_attack_does(answer)))


def _shaken(answer: Shaken) -> tuple[dict[str, Any], dict[str, Any]]:
    sizes = np.cumsum([0, *(len(picture) for picture in answer.pictures)])
    header = {
        "title": CHANGE_TITLES[answer.kind],
        "unit": answer.unit,
        "values": list(answer.values),
        "start": answer.unchanged,
        "notes": list(answer.notes),
        "offsets": sizes.tolist(),
        **_curves(answer, answer.unchanged),
    }
    return header, {
        "pictures": np.frombuffer(b"".join(answer.pictures), np.uint8),
        "scores": _strongest(answer.scores)[1],
    }


def _attacked(answer: Attacked) -> tuple[dict[str, Any], dict[str, Any]]:
    header = {
        "title": CHANGE_TITLES[ADVERSARIAL],
        "unit": "levels of 255",
        "values": list(answer.epsilons),
        "start": 0,
        "notes": list(answer.notes),
        "flips": answer.flips,
        **_curves(answer, 0),
    }
    return header, {"picture": answer.picture, "sign": answer.sign, "scores": _strongest(answer.scores)[1]}


def _curves(answer: Shaken | Attacked, start: int) -> dict[str, Any]:
    """What the browser needs to draw the curves and to say who leads."""
    kept, _ = _strongest(answer.scores)
    leaders = answered(answer)
    return {
        "classes": [{"label": answer.classes[at].label, "brief": brief(answer.classes[at].label)} for at in kept],
        "leaders": [_NONE if at == NONE else brief(answer.classes[at].label) for at in leaders],
        "none": _NONE,
        "changes": changes(leaders, start),
    }


def answered(answer: Shaken | Attacked) -> list[int]:
    """Which class is the first answer at each step; ``NONE`` where the model says that it is none of its classes."""
    best = answer.scores.argmax(axis=1).tolist()
    return [NONE if none else int(at) for at, none in zip(best, answer.refused or (False,) * len(best), strict=True)]


def _strongest(scores: Scores) -> tuple[list[int], Scores]:
    """The few classes whose curves rise highest, in their order, and their scores ``(n, kept)``."""
    kept = sorted(np.argsort(-scores.max(axis=0), kind="stable")[:MOST].tolist())
    return kept, np.ascontiguousarray(scores[:, kept], np.float32)


def changes(leaders: Sequence[int], start: int) -> list[int]:
    """The nearest steps on each side of ``start`` at which the answer is another than there.

    Args:
        leaders: The answer at each step.
        start: Number of the unchanged picture.
    """
    other = np.flatnonzero(np.array(leaders) != leaders[start])
    before, after = other[other < start], other[other > start]
    return [int(side) for side in (*before[-1:], *after[:1])]


def what_shaking_does(answer: Shaken) -> str:
    """Two or three sentences about this very picture and change."""
    leaders, low, high = answered(answer), answer.values[0], answer.values[-1]
    start = _unchanged(answer, answer.unchanged)
    found = changes(leaders, answer.unchanged)
    if found:
        words = " and ".join(f"{_quoted(answer, leaders[at])} at {answer.values[at]:.3g} {answer.unit}" for at in found)
        said = f"Of the {len(leaders)} steps that were tried, the first with another answer: {words}. "
    elif leaders[answer.unchanged] == NONE:
        said = f"That stays so from {low:.3g} to {high:.3g} {answer.unit}. "
    else:
        column = answer.scores[:, leaders[answer.unchanged]]
        least = int(column.argmin())
        said = (
            f"It stays the first answer from {low:.3g} to {high:.3g} {answer.unit}; it is least sure at {answer.values[least]:.3g}, with "
            f"{percent(float(column[least]))}. "
        )
    return start + said + _ADVICE[answer.kind]


def _unchanged(answer: Shaken | Attacked, start: int) -> str:
    """What the picture is said to be before anything is done to it."""
    first = answered(answer)[start]
    sure = "" if first == NONE else f" with {percent(float(answer.scores[start].max()))}"
    return f"**Left alone, the picture is {_quoted(answer, first)}{sure}.** "


def _quoted(answer: Shaken | Attacked, leader: int) -> str:
    return _NONE if leader == NONE else f"“{plain(brief(answer.classes[leader].label))}”"


_ADVICE = {
    "rotate": "A network knows the directions that its training pictures had; nothing in it turns things upright.",
    "shift_x": "Convolutions move with the picture, but coarse grids and edges do not: curves waver even for a few pixels.",
    "shift_y": "Convolutions move with the picture, but coarse grids and edges do not: curves waver even for a few pixels.",
    "blur": "Blur takes the fine texture away first; how fast the score falls tells how much rests on texture.",
    "brightness": "Brightness moves every number that goes in; how little that may matter depends on the exposures it was trained on.",
}


def what_the_attack_does(answer: Attacked) -> str:
    """Two or three sentences about this very picture under attack."""
    start, leaders = _unchanged(answer, 0), answered(answer)
    if answer.flips < 0:
        said = f"Even {answer.epsilons[-1]:g} levels of 255 against it do not change the first answer. "
    else:
        strength = answer.epsilons[answer.flips]
        seen = ", and an eye hardly sees the difference. " if strength <= FAINT else ". "
        said = (
            f"With every value pushed by {strength:g} {'level' if strength == 1 else 'levels'} of 255 against it, the answer is "
            f"{_quoted(answer, leaders[answer.flips])}{seen}"
        )
    return start + said + (
        "Each push is one step along the sign of the loss's gradient in the pixels: small, but in all of them at once and all against the "
        "answer (Goodfellow et al. 2015)."
    )  # fmt: skip
