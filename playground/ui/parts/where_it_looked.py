"""The tab "Where it looked": where in the photo the evidence for a class lay, and what is left of that in a scrambled network."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import PurePath
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from playground.catalog.card import Card
from playground.core.vision import METHODS, Classified, Classify, Explain, Explained, Looked, Method, Photo, Scramble
from playground.specs.classification import METHOD_TITLES, SCRAMBLE_TITLES, ClassificationSpec
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts import opened_up
from playground.ui.parts.classification_models import percent
from playground.ui.parts.opened_up import brief
from playground.ui.state import state
from playground.ui.visual import visual
from playground.ui.words import minus, plain
from playground.viz import heat
from playground.viz.theme import DARK, LIGHT, Theme
from playground.viz.thumbnails import png

_HEIGHT = 410
_ABOUT: dict[str, str] = {
    "gradcam": (
        "Grad-CAM weighs the last feature maps by how much each of them raises the class's score: coarse, and it shows only what "
        "speaks for the class (Selvaraju et al. 2017)."
    ),
    "integrated_gradients": (
        "Integrated gradients add up the score's slope in every pixel on the straight way from a black picture to this one: fine, "
        "and with a sign (Sundararajan et al. 2017)."
    ),
    "occlusion": (
        "Occlusion covers one patch after the other and measures how far the score falls: slow, and free of gradients "
        "(Zeiler and Fergus 2014)."
    ),
}
_PARTS: dict[Scramble, str] = {
    "head": "the last layer's weights",
    "half": "the weights of the second half",
    "all": "all weights",
}
_SCRAMBLES: dict[str, str] = dict(SCRAMBLE_TITLES.items())
_ROWS, _COLUMNS = ("upper", "middle", "lower"), ("left", "centre", "right")


@dataclasses.dataclass
class _Known:
    """Which methods each model allows, as far as it has answered."""

    methods: dict[str, tuple[Method, ...]] = dataclasses.field(default_factory=dict)


def show(photo: Photo, card: Card, spec: ClassificationSpec, key: str) -> None:
    """Draw the tab.

    Args:
        photo: The picture.
        card: The model.
        spec: The page's experiment.
        key: Its key, as given to ``controls.begin``.
    """
    allowed = _methods(photo, card, spec, key)
    with st.container(horizontal=True, gap="medium"):
        method = opened_up.choose(spec, "method", {name: METHOD_TITLES[name] for name in allowed}, "Method", key)
        scramble = opened_up.choose(spec, "scramble", _SCRAMBLES, "Weights", key)
    answers = _ask(photo, card, spec, method, scramble)
    trained, other = answers["explained"], answers.pop("scrambled", None)
    header, blocks = _drawn(answers, trained, other, method, scramble)
    visual(
        "heat", opened_up.frame("classification.heat", photo, answers, header, blocks), key=key, part="heat", height=_HEIGHT,
        edits=("target", "opacity"), opacity=spec.opacity,
    )  # fmt: skip
    shown = answers["photo"]
    if not isinstance(trained, Explained) or not isinstance(shown, Looked):
        return
    prose(minus(f"{what_you_see(trained, other, method, scramble)}\n\n{_ABOUT[method]}"))
    _download(photo, card, shown, trained, spec.opacity, method, key)


def _methods(photo: Photo, card: Card, spec: ClassificationSpec, key: str) -> tuple[Method, ...]:
    """The methods that this network allows; all of them until it has said so."""
    known = state(_Known, key).methods
    if card.name not in known:
        for method in dict.fromkeys((spec.method, "integrated_gradients", "occlusion")):
            found = asking.ask("explain", card, Explain(photo, method))  # type: ignore[arg-type]
            if isinstance(found, Explained):
                known[card.name] = found.methods
            if not isinstance(found, asking.Refused):
                break
    return known.get(card.name, METHODS)


def _ask(photo: Photo, card: Card, spec: ClassificationSpec, method: Any, scramble: Any) -> dict[str, Any]:
    """All answers of this tab; a class that is not among the answers on the page gives way to the likeliest."""
    listed = asking.ask("classify", card, Classify(photo, spec.top))
    answers: dict[str, Any] = {"photo": opened_up.looked(photo), "listed": listed}
    if not isinstance(listed, Classified):
        return {**answers, "explained": listed}
    target = spec.target if spec.target in {one.index for one in listed.predictions} else -1
    trained = answers["explained"] = asking.ask("explain", card, Explain(photo, method, target))
    if scramble != "none" and isinstance(trained, Explained):
        # The same class: a scrambled network's own likeliest one is another.
        answers["scrambled"] = asking.ask("explain", card, Explain(photo, method, trained.target.index, scramble))
    return answers


def _drawn(
    answers: dict[str, Any], trained: Any, other: Any, method: Any, scramble: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and blocks of the frame; nothing where there is no map yet."""
    if not isinstance(trained, Explained) or not isinstance(answers["listed"], Classified):
        return {}, {}
    header: dict[str, Any] = {
        "method": METHOD_TITLES[method],
        "signed": trained.signed,
        "seen": list(dataclasses.astuple(trained.seen)),
        "target": _told(trained.target),
        "listed": [_told(one) for one in answers["listed"].predictions],
        "notes": list(trained.notes),
        "seconds": trained.seconds,
        "scrambled": None,
    }
    blocks = {"colours": heat.colours(signed=False), "heat": heat.levels(trained.heat, signed=trained.signed)}
    if scramble != "none":
        there = isinstance(other, Explained)
        header["scrambled"] = {
            "title": SCRAMBLE_TITLES[scramble],
            "state": opened_up.standing({"": other})[0],
            "words": opened_up.standing({"": other})[1],
            "agreement": heat.agreement(trained.heat, other.heat) if there else None,
            "score": other.target.score if there else None,
        }
        if there:
            blocks["scrambled"] = heat.levels(other.heat, signed=other.signed)
    return header, blocks


def _told(one: Any) -> dict[str, Any]:
    return {"label": one.label, "brief": brief(one.label), "index": one.index, "score": one.score}


def what_you_see(trained: Explained, other: Any, method: Any, scramble: Any) -> str:
    """Two or three sentences about this very map."""
    name, sure = plain(brief(trained.target.label)), trained.target.score
    start = f"**{METHOD_TITLES[method]} for “{name}”, which this network gives {percent(sure)}.** "
    share = heat.concentration(trained.heat)
    if share is None:
        said = start + "Nothing in this picture speaks for that class by this method. "
    else:
        said = (
            start
            + f"Half of the evidence for it lies on {_percent(share)} of what the network saw; it is strongest {_place(trained)}. "
        )
    if scramble == "none" or not isinstance(other, Explained):
        return said + (
            "It tells where evidence for the class lay, not why the network decided. Scramble the weights to see whether this map "
            "has anything to do with what was learnt."
        )
    same = heat.agreement(trained.heat, other.heat)
    if same is None:
        return said + f"With {_PARTS[scramble]} shuffled the map is the same everywhere: nothing is left to compare."
    if same > 0.7:
        verdict = (
            "This map hardly depends on them, and a map that stays the same explains nothing about what was learnt"
        )
    elif same > 0.3:
        verdict = "Part of this map comes from the picture and the architecture, not from what was learnt there"
    else:
        verdict = "This map does depend on what was learnt there"
    return said + (
        f"With {_PARTS[scramble]} shuffled, its rank correlation with the map as trained is {same:.2f}. {verdict} "
        f"(Adebayo et al. 2018)."
    )


def _percent(share: float) -> str:
    return "less than 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _place(trained: Explained) -> str:
    """Where in the photo the evidence for the class is strongest, in words."""
    seen, (rows, columns) = trained.seen, trained.heat.shape
    highest = np.unravel_index(int(trained.heat.argmax()), trained.heat.shape)
    down = seen.top + (seen.bottom - seen.top) * (float(highest[0]) + 0.5) / rows
    across = seen.left + (seen.right - seen.left) * (float(highest[1]) + 0.5) / columns
    row, column = (names[min(2, int(3 * share))] for names, share in ((_ROWS, down), (_COLUMNS, across)))
    if (row, column) == ("middle", "centre"):
        return "in the middle of the photo"
    return f"in the {row} {column} of the photo"


def _download(
    photo: Photo, card: Card, shown: Looked, trained: Explained, opacity: float, method: Any, key: str
) -> None:
    """The photo with the map on it as a file, made when somebody wants it."""
    theme = DARK if st.context.theme.type == "dark" else LIGHT
    st.download_button(
        "Picture with the map (PNG)", lambda: overlay_png(shown, trained, opacity, theme),
        file_name=file_name(photo, card, method), mime="image/png", icon=":material/download:", key=f"{key}-heat-download",
        on_click="ignore",
    )  # fmt: skip


def overlay_png(shown: Looked, trained: Explained, opacity: float, theme: Theme) -> bytes:
    """The photo as it is shown with the map on it, as a PNG file."""
    pixels = np.asarray(Image.open(io.BytesIO(shown.jpeg)).convert("RGB"))
    return png(heat.overlay(pixels, trained.heat, trained.seen, opacity, signed=trained.signed, theme=theme))


def file_name(photo: Photo, card: Card, method: str) -> str:
    """``<picture>-<model>-<method>.png``, of letters, digits, points and hyphens."""
    parts = (PurePath(photo.name).stem or "picture", card.name, method)
    return "-".join(re.sub(r"[^\w.]+", "-", part).strip("-.")[:60] or "picture" for part in parts) + ".png"
