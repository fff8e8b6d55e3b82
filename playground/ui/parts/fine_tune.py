"""What the page of fine-tuning needs beyond generic controls: which model, how much of it stays frozen."""

from __future__ import annotations

import functools
from typing import Any

import streamlit as st

from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable
from playground.specs.bounds import Range
from playground.specs.finetune import ALL, FinetuneSpec
from playground.training.finetune_layers import facts
from playground.training.finetune_standing import Facts
from playground.ui import controls, lesson, provider
from playground.ui.parts.model_menu import Menu

# The page draws these by itself: tiles, an upload and its columns, a menu of models, a slider over the layers of that model.
DRAWN_HERE = ("dataset", "table", "text_column", "label_column", "base", "freeze")

MENU = Menu(
    ("sentiment",),
    "does not read texts.",
    "Nothing else is on disk, so this starts from the small model that comes with the playground.",
    ("base",),
    usual=FinetuneSpec().base,
)


def settle(spec: FinetuneSpec, key: str) -> FinetuneSpec:
    """The experiment with a model that there is, and no more frozen layers than that has."""
    spec = MENU.settle(spec, key)
    most = layers(spec)
    if most and spec.freeze > most:
        controls.assign(key, freeze=most)
        spec = spec.replace(freeze=most)
    return spec


def layers(spec: FinetuneSpec) -> int:
    """Encoder layers of the pretrained model; 0 where its files do not tell."""
    found = known(spec.base)
    return sum(part.kind == "layer" for part in found.parts) if found else 0


def freeze_slider(spec: FinetuneSpec, key: str) -> None:
    """How many layers stay as they are, in words."""
    told, widget = lesson.current(), f"{key}.freeze"
    if "freeze" in told.hide:
        return
    most = layers(spec) or max(1, spec.freeze)
    options = [*range(most + 1), ALL]
    st.session_state[widget] = spec.freeze if spec.freeze in options else 0
    st.select_slider(
        spec.label("freeze"), options, key=widget, format_func=lambda one: frozen_words(one, most), help=spec.bounds()["freeze"].help,
        disabled="freeze" in told.lock, on_change=lambda: controls.assign(key, freeze=st.session_state[widget]),
    )  # fmt: skip
    controls.say_problems(key, "freeze")


def frozen_words(freeze: int, most: int) -> str:
    """``none``, ``lower 2 of 4``, ``all 4``, ``all but the classifier``."""
    if freeze == ALL:
        return "all but the classifier"
    if not freeze:
        return "none"
    return f"all {most} layers" if freeze >= most else f"lower {freeze} of {most}"


def may_freeze() -> bool:
    """Whether layers may be frozen on the canvas: not where a lesson hides or locks it."""
    told = lesson.current()
    return "freeze" not in told.hide | told.lock


def take_freeze(wanted: Any, key: str) -> None:
    """What was clicked on the canvas: so many layers are to be frozen."""
    if may_freeze() and isinstance(wanted, int) and not isinstance(wanted, bool):
        controls.assign(key, freeze=wanted)


def epochs(spec: FinetuneSpec) -> dict[str, int | bool]:
    """How many epochs are wanted, how many may be, and whether this visitor may ask for more, for the canvas."""
    told, bound = lesson.current(), spec.bounds()["epochs"]
    assert isinstance(bound, Range)
    free = "epochs" not in told.hide | told.lock
    return {"now": spec.epochs, "most": int(bound.top(controls.mode())), "free": free}


def known(base: str) -> Facts | None:
    """What is known of a model that is on disk; ``None`` of any other."""
    catalog = provider.catalog()
    card = catalog.cards.get(base)
    if card is None or not catalog.here(card):
        return None
    place = on_disk.place(card, catalog.folder) / "config.json"
    return _read(card, str(place.parent), place.stat().st_mtime_ns if place.is_file() else 0)


@functools.lru_cache(maxsize=32)
def _read(card: Card, folder: str, version: int) -> Facts | None:
    from pathlib import Path

    try:
        return facts(Path(folder), card.name, card.title, 2, 0)
    except ModelUnavailable:
        return None  # its own menu says what is wrong with it
