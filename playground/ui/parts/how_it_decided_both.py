"""The view "With and without NMS": a model that needs suppression and one that does not, on the same picture."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from playground.catalog.card import Card, Starter
from playground.core.detection import Detect, Detected
from playground.core.vision import Photo
from playground.specs.detection import DetectionSpec
from playground.ui import asking, provider
from playground.ui.page import page_object, prose
from playground.ui.parts import opened_up
from playground.ui.parts.how_it_decided_frame import drawn, thresholds
from playground.ui.state import state
from playground.ui.visual import visual
from playground.ui.words import minus, plain

HEIGHT, ALONE = 470, 560
"""Of the place for two pictures side by side, and for one."""
ONCE = ("yolo26", "yolov10")
"""Models whose names begin so are taken for end-to-end until they have answered."""
_TASKS = ("detect", "segment", "pose")
_FETCH = {True: "yolo11n", False: "yolo26n"}
"""What to fetch where the other kind is missing."""


@dataclasses.dataclass
class _Known:
    """Whether a model is end-to-end, by its name, as its answers said."""

    once: dict[str, bool] = dataclasses.field(default_factory=dict)


def show(photo: Photo, card: Card, spec: DetectionSpec, answer: Any, key: str) -> None:
    """Draw the view.

    Args:
        photo: The picture.
        card: The page's model.
        spec: The page's experiment.
        answer: What it says of the picture, in whatever state.
        key: The page's key.
    """
    known = state(_Known, key).once
    if isinstance(answer, Detected):
        known[card.name] = answer.end_to_end
    once = end_to_end(card, known)
    other, reply = _other(photo, card, known, once=once)
    sides = [(card, answer), (other, reply)]
    if once:
        sides.reverse()
    header: dict[str, Any] = {"sides": []}
    blocks: dict[str, Any] = {}
    for place, (whose, said) in enumerate(sides):
        if not isinstance(said, Detected) or whose is None:
            header["sides"].append(None)
            continue
        told, arrays = drawn(said)
        wanted = list(thresholds(spec, said).classes)
        header["sides"].append({**told, "model": whose.title, "seconds": said.seconds, "wanted": wanted})
        blocks |= {f"{place}-{name}": array for name, array in arrays.items()}
    answers = {"photo": opened_up.looked(photo), "answer": answer, **({"reply": reply} if other is not None else {})}
    if isinstance(answer, Detected) and isinstance(reply, asking.Refused):
        answers.pop("reply")
    missing = reply.words if isinstance(reply, asking.Refused) else ""
    beside = st.columns([3, 2], gap="medium") if other is None else None
    with beside[0] if beside else st.container():
        visual(
            "decided_both", opened_up.frame("detection.both", photo, answers, header, blocks), key=key, part="both",
            height=ALONE if beside else HEIGHT, edits=("confidence", "iou"), confidence=spec.confidence, iou=spec.iou,
            agnostic=spec.agnostic, most=spec.most, missing=missing, alone=other is None,
        )  # fmt: skip
    if beside:
        with beside[1]:
            st.markdown(f"**{_missing(once=once)}**")
            _offer(_FETCH[once])
    elif isinstance(answer, Detected) and isinstance(reply, Detected):
        prose(minus(what_you_see(dict(sides))))


def end_to_end(card: Card, known: Mapping[str, bool]) -> bool:
    """Whether a model needs no suppression: as its answers said, or until then as its name says."""
    return known.get(card.name, card.name.startswith(ONCE))


def _other(photo: Photo, card: Card, known: dict[str, bool], *, once: bool) -> tuple[Card | None, Any]:
    """A model of the other kind and what it says; one whose answer shows that its name misled is passed over."""
    while (other := partner(card, provider.catalog().cards.values(), known, once=once)) is not None:
        reply = asking.ask("detect", other, Detect(photo))
        if not isinstance(reply, Detected) or reply.end_to_end != once:
            return other, reply
        known[other.name] = reply.end_to_end
    return None, None


def partner(card: Card, cards: Iterable[Card], known: Mapping[str, bool], *, once: bool) -> Card | None:
    """A model of the other kind that needs no download: one that does the same first, a starter last; ``None`` where there is none."""
    catalog = provider.catalog()
    fits = [
        one
        for one in cards
        if one.task in _TASKS and one != card and end_to_end(one, known) != once and catalog.here(one)
    ]
    size = card.name.removesuffix("-seg").removesuffix("-pose")[-1:]

    def rank(one: Card) -> tuple[bool, bool, bool, bool]:
        known = one.name in (_FETCH[True], _FETCH[False]) or one.architecture == card.architecture
        alike = one.name.removesuffix("-seg").removesuffix("-pose")[-1:] == size
        return (one.task == card.task, not isinstance(one.source, Starter), known, alike)

    return max(fits, key=rank, default=None)


def _missing(*, once: bool) -> str:
    kind = "A model that needs NMS" if once else "An end-to-end model, which needs no NMS,"
    return f"{kind} would answer beside it: none is on disk."


def _offer(name: str) -> None:
    """Say which model is missing, and where it can be fetched."""
    card = provider.catalog().cards.get(name)
    if card is None:
        return
    public = provider.settings().mode == "public"
    way = (
        f"Who runs this server can fetch it: `playground models pull {name}`." if public else "It is one download away:"
    )
    prose(f"{plain(card.title)} is such a model. {plain(card.summary)} {way}")
    if not public:
        st.page_link(page_object("models"), label="Models", icon=":material/download:")


def what_you_see(sides: dict[Card | None, Any]) -> str:
    """Two or three sentences about how both kinds work."""
    titles = [plain(card.title) for card in sides if card is not None]
    first, second = titles[0], titles[-1]
    return (
        f"**{first} lets many cells answer for one object and drops all but one afterwards; {second} learned to let one cell answer.** In "
        "training, each object was given to one cell alone, and the others near it were told to keep silent (Wang et al. 2024). So there "
        "is no IoU threshold to choose, and nothing that could drop one of two people who stand close together."
    )
