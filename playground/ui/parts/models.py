"""The page Models: what there is, what is on disk and in memory, and what the owner may do about it.

Whatever the browser sends comes through ``act``, and on a public server that refuses all of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.catalog.typed import parse
from playground.core.errors import InputError, PlaygroundError
from playground.jobs.pulls import IN_PUBLIC
from playground.ui import lesson, provider, visitors
from playground.ui.assets import component, told_by
from playground.ui.parts import models_rows
from playground.ui.parts.models_rows import megabytes
from playground.ui.state import state

QUICK, SLOW = 0.4, 5.0
"""Seconds between two looks: while something is under way, and while nothing is."""


@dataclass
class Told:
    """What this visitor was told last, and the model that is being asked about.

    Attributes:
        words: How the last wish ended.
        wrong: Whether that is a refusal.
        asking: A name that timm is asked about.
        proposed: What timm said of it.
    """

    words: str = ""
    wrong: bool = False
    asking: str = ""
    proposed: Card | None = None


def show(key: str) -> None:
    """The whole page below its heading; looks again by itself, often while something is under way."""
    busy = _busy()

    @st.fragment(run_every=QUICK if busy else SLOW)
    def body() -> None:
        _find()
        _draw(key)
        if _busy() != busy:
            st.rerun()

    body()


def act(wish: Any) -> str:
    """Do what the owner asked for on the page.

    Args:
        wish: ``{"do": "pull", "name": "resnet18"}``, as the browser sent it.

    Returns:
        What happened, in a sentence; empty where the row itself shows it.

    Raises:
        PlaygroundError: It may not be, or cannot be; says why.
    """
    provider.pulls().refuse()
    deed = _DEEDS.get(str(wish.get("do"))) if isinstance(wish, dict) else None
    if deed is None:
        raise InputError("The page sent a wish that it does not know; reload it.")
    return deed(str(wish.get("name", "")))


def _card(name: str) -> Card:
    """A model that the page shows: from the catalog, or one that is being fetched or proposed."""
    told, catalog = state(Told), provider.catalog()
    extra = [pull.card for pull in provider.pulls().states()] + ([told.proposed] if told.proposed else [])
    return next((card for card in extra if card.name == name and name not in catalog.cards), None) or catalog[name]


def _pull(name: str) -> str:
    card, told = _card(name), state(Told)
    provider.pulls().start(card)
    told.proposed = None if told.proposed == card else told.proposed
    return ""


def _verify(name: str) -> str:
    provider.pulls().start(_card(name), "verify")
    return ""


def _cancel(name: str) -> str:
    provider.pulls().cancel(name)
    return ""


def _forget(name: str) -> str:
    told = state(Told)
    told.proposed = None if told.proposed and told.proposed.name == name else told.proposed
    provider.pulls().forget(name)
    return ""


def _remove(name: str) -> str:
    card, pull = provider.catalog()[name], provider.pulls().state(name)
    if pull is not None and not pull.finished:
        raise InputError(f"{card.title} is being fetched or read; stop that first.")
    freed = provider.catalog().remove(card)
    provider.inference().evict(name)
    provider.pulls().forget(name)
    provider.rescan()
    return f"{card.title} is removed: {megabytes(freed)} are free again."


def _evict(name: str) -> str:
    provider.inference().evict(provider.catalog()[name].name)
    return f"{provider.catalog()[name].title} leaves memory as soon as nobody uses it."


def _pin(name: str, pinned: bool = True) -> str:
    provider.inference().pin(provider.catalog()[name].name, pinned)
    return f"{provider.catalog()[name].title} {'stays in' if pinned else 'may leave'} memory."


def _rescan(_: str) -> str:
    before = provider.catalog()
    after = provider.rescan()
    new = [after[name].title for name in after.cards if name not in before.cards]
    gone = [before[name].title for name in before.cards if name not in after.cards]
    told = [f"New: {', '.join(new)}." if new else "", f"Gone: {', '.join(gone)}." if gone else ""]
    return " ".join(part for part in told if part) or "The models folder was looked through; nothing is new."


def _find_named(text: str) -> str:
    told, catalog = state(Told), provider.catalog()
    known = catalog.known(text)
    if known is None:
        parse(text)
        told.asking = text.strip()
        return ""
    if catalog.here(known):
        raise InputError(f"{known.title} is on disk already.")
    provider.pulls().start(known)
    return ""


_DEEDS: Mapping[str, Callable[[str], str]] = {
    "pull": _pull, "cancel": _cancel, "verify": _verify, "remove": _remove, "forget": _forget, "evict": _evict,
    "pin": _pin, "unpin": lambda name: _pin(name, False), "rescan": _rescan, "find": _find_named,
}  # fmt: skip


def _find() -> None:
    """Go on asking timm about a name that was typed."""
    told = state(Told)
    if not told.asking:
        return
    asked = provider.inference().ask("named", None, told.asking, visitor=visitors.current())
    if not asked.done():
        told.words, told.wrong = asked.words or f"Asking timm about '{told.asking}'", False
        return
    told.asking, told.words, told.wrong = "", "", False
    try:
        card: Card = asked.result(0)
        if provider.catalog().known(card.name) and provider.catalog().here(card):
            raise InputError(f"{card.title} is on disk already.")
        told.proposed = card
    except CancelledError:
        told.words, told.wrong = "The question was taken back; ask again.", True
    except PlaygroundError as error:
        told.words, told.wrong = str(error), True


def _busy() -> bool:
    """Whether anything that the page shows is under way."""
    return provider.pulls().busy() or bool(state(Told).asking)


def _draw(key: str) -> None:
    name = f"{key}-table"

    def wished() -> None:
        told = state(Told)
        try:
            told.words, told.wrong = act(told_by(name, "wish")), False
        except PlaygroundError as error:
            told.words, told.wrong = str(error), True

    component("models")(key=name, data=[table()], on_wish_change=wished)


def table() -> dict[str, Any]:
    """All that the page shows, JSON-ready."""
    catalog, pulls, told = provider.catalog(), provider.pulls(), state(Told)
    standing = {one.name: one for one in provider.inference().standing()}
    under_way = {pull.card.name: pull for pull in pulls.states()}
    cards = dict(catalog.cards)
    for card in [*(pull.card for pull in under_way.values()), *([told.proposed] if told.proposed else [])]:
        cards.setdefault(card.name, card)
    may = pulls.allowed
    return {
        "rows": [
            {
                **models_rows.row(catalog, card, standing.get(name), under_way.get(name) if may else None, may=may),
                "proposed": told.proposed is not None and told.proposed.name == name and name not in catalog.cards,
            }
            for name, card in cards.items()
            if may or name in catalog.cards
        ],
        "tasks": [[task, models_rows.TASKS.get(task, task)] for task in dict.fromkeys(c.task for c in cards.values())],
        "problems": [[found.path, found.problem] for found in catalog.problems],
        "disk": _disk(),
        "may": may,
        "public": "" if may else IN_PUBLIC,
        "words": told.words,
        "wrong": told.wrong,
        "asking": bool(told.asking),
        "present": lesson.current().present,
    }


def _disk() -> dict[str, Any]:
    """What the models folder takes, of what it may."""
    folder, quota = provider.catalog().folder, provider.settings().models_gigabytes * 1e9
    used, free = on_disk.size(folder), shutil.disk_usage(folder).free
    words = (
        f"Models, and what was made of them, take {megabytes(used)} of the {megabytes(quota)} they may; "
        f"{megabytes(free)} of disk are free."
    )
    offline = " This server is set to stay offline: nothing is fetched." if provider.settings().offline else ""
    return {"share": min(1.0, used / quota), "words": words + offline}
