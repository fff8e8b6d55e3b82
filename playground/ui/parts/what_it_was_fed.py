"""The tab "What it was fed": the picture as the network gets it, how it came about, and what each stage makes of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from playground.catalog.card import Card
from playground.core.vision import Fed, Feed, Looked, Photo
from playground.specs.classification import ClassificationSpec
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts import opened_up
from playground.ui.visual import visual
from playground.ui.words import minus, plain

_HEIGHT = 490
MOST = 24
"""So many feature maps are shown."""


def show(photo: Photo, card: Card, spec: ClassificationSpec, key: str) -> None:
    """Draw the tab.

    Args:
        photo: The picture.
        card: The model.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    fed = asking.ask("feed", card, Feed(photo, spec.stage, MOST))
    if isinstance(fed, asking.Refused) and spec.stage:
        fed = asking.ask("feed", card, Feed(photo, -1, MOST))  # a stage of another, deeper network
    answers: dict[str, Any] = {"photo": opened_up.looked(photo), "fed": fed}
    header, blocks = _drawn(fed) if isinstance(fed, Fed) else ({}, {})
    visual(
        "fed", opened_up.frame("classification.fed", photo, answers, header, blocks), key=key, part="fed", height=_HEIGHT,
        edits=("stage",),
    )  # fmt: skip
    if isinstance(fed, Fed) and isinstance(answers["photo"], Looked):
        prose(minus(what_you_see(fed, answers["photo"])))


def _drawn(fed: Fed) -> tuple[dict[str, Any], dict[str, Any]]:
    header = {
        "seen": list(dataclasses.astuple(fed.seen)),
        "steps": list(fed.steps),
        "stages": [split(stage) for stage in fed.stages],
        "stage": fed.stage,
        "channels": list(fed.channels),
        "notes": list(fed.notes),
        "seconds": fed.seconds,
    }
    blocks = {"picture": fed.picture, "maps": fed.maps, "scales": fed.scales.astype(np.float32)}
    return header, blocks


def split(stage: str) -> tuple[str, str]:
    """A stage's name and its shape."""
    name, _, shape = stage.partition(":")
    return name.strip(), shape.strip().replace(" x ", " × ")


def what_you_see(fed: Fed, shown: Looked) -> str:
    """Two or three sentences about this very input and stage."""
    high, wide = fed.picture.shape[:2]
    seen = fed.seen
    kept = (seen.right - seen.left) * (seen.bottom - seen.top)
    lost = (
        "All of it is in there"
        if kept > 0.995
        else f"{100 * (1 - kept):.0f} % of its area lies outside the frame and is never seen"
    )
    start = f"**Of {shown.width:,} × {shown.height:,} pixels the network gets {wide:,} × {high:,}.** {lost}. "
    if not fed.channels:
        return start + " ".join(map(plain, fed.notes))
    name, shape = split(fed.stages[fed.stage])
    count, depth = len(fed.stages), fed.stage / max(1, len(fed.stages) - 1)
    size = shape.split("×")
    grid = f"a grid of {size[-1].strip()} × {size[-2].strip()}" if len(size) == 3 else f"the shape {shape}"
    if depth < 0.34:
        about = "Early stages keep the picture's layout: their maps answer to edges and colours"
    elif depth < 0.67:
        about = "Stages in the middle answer to corners, textures and parts; the layout grows coarse"
    else:
        about = "Late stages answer to whole objects and their parts on a coarse grid"
    return start + (
        f"Stage {fed.stage + 1} of {count}, {plain(name)}, turns them into {grid}; its {len(fed.channels)} strongest maps are shown, "
        f"each on a scale of its own. {about} (Zeiler and Fergus 2014)."
    )
