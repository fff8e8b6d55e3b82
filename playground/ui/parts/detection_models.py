"""Which models find objects, and what the one that comes with the playground can see at all."""

from __future__ import annotations

import streamlit as st

from playground.catalog.card import Card, Starter
from playground.core.detection import Detected
from playground.ui import controls, provider
from playground.ui.parts.model_menu import Menu, size
from playground.ui.words import plain

TASKS = ("detect", "segment", "pose")
MENU = Menu(
    TASKS,
    "does not find objects.",
    "Nothing else is on disk, so the small detector that comes with the playground answers: it sees ten digits and eight shapes, "
    "and nothing else.",
)
STARTER, LARGER = "starter_scenes", "yolo11n"


def is_starter(card: Card) -> bool:
    """Whether it is the one that comes with the playground."""
    return isinstance(card.source, Starter)


def has_nms(answer: object) -> bool:
    """Whether boxes are suppressed after the network, as far as is known."""
    return not (isinstance(answer, Detected) and answer.end_to_end)


def offer(card: Card, key: str) -> None:
    """Beside the small detector: one with everyday classes, one press away. Nothing where one is there or on its way."""
    catalog = provider.catalog()
    larger = catalog.cards.get(LARGER)
    if not is_starter(card) or larger is None or catalog.here(larger) or provider.settings().mode == "public":
        return
    pull = provider.pulls().state(LARGER)
    if pull is not None and pull.state != "done":
        return

    def fetch() -> None:
        controls.assign(key, model=LARGER)
        provider.pulls().start(larger)

    st.button(
        f"Get {plain(larger.title)} ({size(larger)})", key=f"{key}-larger", icon=":material/download:", on_click=fetch, width="stretch",
        help="80 classes of everyday things: people, vehicles, animals, furniture, food.",
    )  # fmt: skip
