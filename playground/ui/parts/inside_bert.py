"""The page Inside BERT: the sentence is asked about, and what comes back is put on the canvas."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from playground.catalog.card import Card
from playground.core.language import Opened, ReadInside, Weigh, Weighed
from playground.specs.inside_bert import InsideBertSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.parts import inside_bert_frame as frames
from playground.ui.parts import inside_bert_text as texts
from playground.ui.parts.inside_bert_heads import clearest, heads_said
from playground.ui.parts.inside_bert_reason import Reason, reason
from playground.ui.parts.model_menu import Menu
from playground.ui.state import state

EDITS = ("depth", "look", "layer", "head", "piece", "measure", "example")
HEIGHT = 580
NO_WORDS = "There are too few words to compare. Type a sentence with some more."
MENU = Menu(
    ("sentiment",),
    "is no model of sentiment; this page opens those.",
    "Only this model is here. Larger ones can be fetched under Models.",
    resets={"layer": -1, "head": -1},
)


@dataclass
class Kept:
    """What was opened last, which stays on the screen until the next is there.

    Attributes:
        opened: What happened inside; ``None`` at first.
        text: Of which text.
        model: In which model.
    """

    opened: Opened | None = None
    text: str = ""
    model: str = ""


@dataclass(frozen=True)
class Found:
    """What the page knows at this run.

    Attributes:
        opened: What happened inside, of the text that is asked about or of the one before; ``None`` where nothing is known.
        text: Of which text that is.
        current: Whether it is the one that is asked about, in all.
        words: Why it is not, for a person; empty where nobody has to know.
        refused: There will be none.
        other: What is known is of another text, or of another model, than what is asked about.
        reason: Attention beside effect; words where it is not there, empty where nobody asked.
    """

    opened: Opened | None
    text: str
    current: bool
    words: str = ""
    refused: bool = False
    other: bool = False
    reason: Reason | str = ""


def place_of(spec: InsideBertSpec, opened: Opened) -> tuple[int, int, int]:
    """Layer, head and piece that are looked at: those of the experiment, as far as this model and text have them."""
    layers, heads, pieces, _ = opened.attention.shape
    return max(0, min(spec.layer, layers - 1)), max(0, min(spec.head, heads - 1)), min(spec.piece, pieces - 1)


def settle(spec: InsideBertSpec, card: Card, key: str) -> InsideBertSpec:
    """The experiment with a head that was chosen: by hand, or, once the model has answered, the one that is told at a glance."""
    kept = state(Kept, key)
    if (spec.layer >= 0 and spec.head >= 0) or kept.opened is None or kept.model != card.name:
        return spec
    layer, head = clearest(heads_said(kept.opened.attention, frames.words_of(kept.opened, kept.text)))
    controls.assign(key, layer=layer, head=head)
    return spec.replace(layer=layer, head=head)


def find(spec: InsideBertSpec, card: Card, key: str) -> tuple[InsideBertSpec, Found]:
    """Ask what the view needs; what was there before stands in for what is not there yet.

    Returns:
        The experiment with a head that this model has, and what is known.
    """
    found = _find(spec, card, key)
    settled = settle(spec, card, key)
    return settled, found if settled == spec else _find(settled, card, key)


def _find(spec: InsideBertSpec, card: Card, key: str) -> Found:
    kept, text = state(Kept, key), texts.shown(spec, key)
    if wrong := texts.problem(key):
        return Found(kept.opened, kept.text, False, wrong, refused=True, other=True)
    same = kept.opened is not None and kept.model == card.name
    layer, head = place_of(spec, kept.opened)[:2] if same and kept.opened is not None else (0, 0)
    answer = asking.ask("read_inside", card, ReadInside(text, layer, head))
    if isinstance(answer, Opened) and (answer.layer, answer.head) != (wanted := place_of(spec, answer)[:2]):
        kept.opened, kept.text, kept.model = answer, text, card.name  # now it is known how many layers there are
        later = asking.ask("read_inside", card, ReadInside(text, *wanted))
        answer = later if isinstance(later, Opened) else answer
    other = kept.text != text or kept.model != card.name
    if isinstance(answer, asking.Refused):
        return Found(kept.opened, kept.text, False, answer.words, refused=True, other=other)
    if isinstance(answer, asking.Waiting):
        words = answer.words or ("" if kept.opened else "The model is being read.")
        return Found(kept.opened, kept.text, False, words, other=other)
    kept.opened, kept.text, kept.model = answer, text, card.name
    return Found(answer, text, True, reason=_reason(spec, card, answer, text))


def _reason(spec: InsideBertSpec, card: Card, opened: Opened, text: str) -> Reason | str:
    """Attention beside effect, where the view shows it."""
    if spec.depth != "reason":
        return ""
    part = text[: max((one.end for one in opened.pieces), default=0)]  # what was opened, so that both speak of the same
    weighed = asking.ask("weigh", card, Weigh(part, "occlusion"))
    if isinstance(weighed, asking.Refused):
        return weighed.words
    if isinstance(weighed, asking.Waiting):
        return weighed.words or "Each word is hidden once, and the model reads the rest."
    assert isinstance(weighed, Weighed)
    return reason(opened, weighed) or NO_WORDS


def show(spec: InsideBertSpec, found: Found, card: Card, key: str) -> None:
    """Draw the canvas with its text box.

    Args:
        spec: The experiment.
        found: What is known.
        card: The model that is looked into.
        key: The page's key.
    """
    told, name = lesson.current(), f"{key}-visual"
    allowed = set(EDITS) - told.hide - told.lock

    def edited() -> None:
        changes = told_by(name, "edit")
        if isinstance(changes, dict):
            wished = {field: value for field, value in changes.items() if field in allowed}
            controls.take(key, wished, lambda: controls.assign(key, **wished))

    def typed() -> None:
        if "example" in allowed:
            texts.take(key, told_by(name, "text"))

    shown: dict[str, Any] = {
        "frame": base64.b64encode(packed(found, texts.shown(spec, key))).decode(),
        "present": told.present,
        "height": HEIGHT,
        "edits": sorted(allowed),
        "waiting": not found.current and not found.refused,
        "reader": card.title.partition(":")[0],
        **{field: getattr(spec, field) for field in EDITS if field != "example"},
        **texts.box(spec, key, locked="example" not in allowed),
        "hidden": "example" in told.hide,
    }
    controls.say_problems(key)
    with place(HEIGHT):
        component("inside_bert")(key=name, data=[shown], on_edit_change=edited, on_text_change=typed)


def packed(found: Found, text: str) -> bytes:
    """The frame of what is known of a text."""
    if found.opened is None:
        state = "refused" if found.refused else "waiting"
        return frames.waiting(found.words or "The model is being read.", text[:200], state)
    stale = "" if found.current else found.words if found.refused else "waiting"
    return frames.frame(found.opened, found.text, stale=stale, other=found.other, reason=found.reason)
