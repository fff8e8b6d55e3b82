"""Which model: those that are on disk first, the others with what fetching them costs, and what each can say at all."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Hub, Starter
from playground.catalog.listing import Catalog
from playground.core.errors import PlaygroundError
from playground.specs.classification import ClassificationSpec
from playground.ui import controls, lesson, provider
from playground.ui.state import state
from playground.ui.words import plain

TASK = "classify"
_SECONDS = 0.5
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True)
class Space:
    """What a model can say at all.

    Attributes:
        count: How many classes.
        names: Their names where the model brings its own.
        score: What is compared with the threshold for "none of my classes"; empty where there is none.
        threshold: Below it the model says that.
    """

    count: int
    names: tuple[str, ...] = ()
    score: str = ""
    threshold: float = 0.0

    @property
    def words(self) -> str:
        """``ten classes``, ``1,000 classes``."""
        return f"{in_words(self.count)} class{'es' if self.count != 1 else ''}"


@dataclass
class _Used:
    """The model that answered last."""

    name: str = ""


def in_words(number: int) -> str:
    """Small numbers as a word, others in groups of three."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def percent(share: float, places: int = 1) -> str:
    """``71.3 %`` of a share; what is not quite nothing, or not quite all, is not called so."""
    shown, least = 100 * share, 10.0**-places
    if share > 0 and round(shown, places) == 0:
        return f"less than {least:.{places}f} %"
    if share < 1 and round(shown, places) == 100:
        return f"more than {100 - least:.{places}f} %"
    return f"{shown:.{places}f} %"


def size(card: Card) -> str:
    """How much there is to fetch: known, or reckoned from the number of weights (four bytes each)."""
    if card.bytes:
        return f"{card.bytes / 1e6:,.0f} MB"
    return f"about {4 * card.parameters / 1e6:,.0f} MB" if card.parameters else "of unknown size"


def settle(spec: ClassificationSpec, key: str) -> ClassificationSpec:
    """The experiment with models that there are. What a link names and nobody here knows is said in words, and the rest kept."""
    catalog, changes = provider.catalog(), dict[str, str]()
    for name in ("model", "second"):
        wanted = getattr(spec, name)
        if wanted in _names(catalog) or (name == "second" and not wanted):
            continue
        known = catalog.known(wanted) if wanted else None
        changes[name] = known.name if known else catalog.best(TASK).name if name == "model" else ""
        if wanted and known is None:
            st.warning(plain(_unknown(catalog, wanted, name)))
    if changes:
        controls.assign(key, **changes)
    return spec.replace(**changes)


def used(spec: ClassificationSpec, key: str) -> Card:
    """The model that answers: the wanted one where it is ready, else the one that answered before, else the best there is."""
    catalog, kept = provider.catalog(), state(_Used, key)
    for name in (spec.model, kept.name):
        card = catalog.cards.get(name)
        if card is not None and catalog.here(card):
            kept.name = name
            return card
    return catalog.best(TASK)


def menu(spec: ClassificationSpec, key: str, instead: Card | None, name: str = "model", *, without: str = "") -> None:
    """Draw the choice of a model, and below it what has to be said of one that is not ready.

    Args:
        spec: The page's experiment.
        key: The page's key.
        instead: The model that answers as long as the chosen one is not ready.
        name: The field.
        without: A model that is not offered.
    """
    told = lesson.current()
    if name in told.hide:
        return
    catalog, widget, bound = provider.catalog(), f"{key}.{name}", spec.bounds()[name]
    options = [one for one in _names(catalog) if one != without]
    value = getattr(spec, name) or None
    st.session_state[widget] = value if value in options else None

    def chosen() -> None:
        picked = st.session_state[widget] or ""
        controls.assign(key, **{name: picked, **({"target": -1, "stage": 0} if name == "model" else {})})

    st.selectbox(
        bound.label, options, key=widget, help=bound.help, format_func=lambda one: _title(catalog, one), on_change=chosen,
        disabled=name in told.lock, placeholder="Choose a model", index=0 if value in options else None,
    )  # fmt: skip
    if value:
        _about(catalog, value, instead, key)
    if name == "model" and [card.name for card in catalog.ready(TASK)] == [value]:
        st.caption("Nothing else is on disk, so the small model that comes with the playground answers.")


def space(card: Card) -> Space | None:
    """What a model that is on disk can say, by its own configuration; ``None`` where that cannot be read."""
    path = on_disk.place(card, provider.catalog().folder) / "config.json"
    try:
        return _space(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@functools.lru_cache(maxsize=64)
def _space(path: Path, version: int) -> Space | None:
    """The same for one version of the file."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict):
        return None
    inner = said.get("pretrained_cfg")
    both: list[dict[str, Any]] = [said, inner if isinstance(inner, dict) else {}]
    count = next((one["num_classes"] for one in both if isinstance(one.get("num_classes"), int)), 0)
    names: list[Any] = next((one["label_names"] for one in both if isinstance(one.get("label_names"), list)), [])
    refusal = said.get("refusal")
    rule: dict[str, Any] = refusal if isinstance(refusal, dict) else {}
    threshold = rule.get("threshold")
    if not isinstance(threshold, int | float):
        return Space(count, tuple(map(str, names)))
    return Space(count, tuple(map(str, names)), str(rule.get("score", "")), float(threshold))


def _names(catalog: Catalog) -> list[str]:
    """All that the menu holds: ready ones, the best of them first; those to be fetched; what lies there and is of no use."""
    ready = [card.name for card in catalog.ready(TASK)]
    best = catalog.best(TASK).name
    others = [card.name for card in catalog.cards.values() if card.task == TASK and card.name not in ready]
    others = [name for name in others if isinstance(catalog.cards[name].source, Hub)]
    wrong = [one.path for one in catalog.problems if one.path not in catalog.cards]
    return [best, *(name for name in ready if name != best), *others, *wrong]


def _title(catalog: Catalog, name: str) -> str:
    card = catalog.cards.get(name)
    if card is None:
        return f"{name}: cannot be used"
    if catalog.here(card):
        return card.title
    public = provider.settings().mode == "public"
    return f"{card.title}: not on this server" if public else f"{card.title}, {size(card)}"


def _unknown(catalog: Catalog, wanted: str, name: str) -> str:
    label = ClassificationSpec.bounds()[name].label
    try:
        catalog[wanted]
        words = f"'{wanted}' does not classify pictures."
    except PlaygroundError as error:
        words = str(error)
    return f"In the link, {label}: {words}" + (f" The page uses {catalog.best(TASK).title}." if name == "model" else "")


def _about(catalog: Catalog, name: str, instead: Card | None, key: str) -> None:
    """What has to be said of the wanted model; nothing where it is ready."""
    card = catalog.cards.get(name)
    starter = instead is not None and isinstance(instead.source, Starter)
    other = "the small model that comes with the playground" if starter else instead.title if instead else ""
    going_on = f"Meanwhile {other} answers." if other else ""
    if card is None:
        problem = next((one.problem for one in catalog.problems if one.path == name), "It is gone.")
        st.warning(plain(f"{name} lies in the models folder and cannot be used: {problem} {going_on}"))
        return
    if catalog.here(card):
        return
    if provider.settings().mode == "public":
        start = plain(f"{card.title} is not on this server. Who runs it can fetch it:")
        st.caption(f"{start} `playground models pull {card.name}`. {plain(going_on)}")
        return
    pull = provider.pulls().state(card.name)
    if pull is not None and not pull.finished:
        _progress(card.name, card.title, key)
        st.caption(plain(going_on))
        return
    if pull is not None and pull.state != "done":
        (st.error if pull.failed else st.caption)(plain(pull.words))
    st.caption(plain(f"{card.title} is not on disk. {going_on}"))

    def fetch() -> None:
        provider.pulls().start(card)

    again = pull is not None and pull.state != "done"
    st.button(
        f"{'Try again' if again else 'Download'} ({size(card)})", key=f"{key}-fetch-{name}", icon=":material/download:",
        on_click=fetch, width="stretch",
    )  # fmt: skip


@st.fragment(run_every=_SECONDS)
def _progress(name: str, title: str, key: str) -> None:
    """How far a download is; the page runs again at its end."""
    pull = provider.pulls().state(name)
    if pull is None or pull.finished:
        st.rerun()
    share = pull.done / pull.total if pull.total else 0.0
    left = f", {pull.seconds_left:,.0f} s left" if pull.seconds_left >= 1 else ""
    amount = (
        f"{pull.done / 1e6:,.1f} of {pull.total / 1e6:,.1f} MB{left}" if pull.total else "waiting for the model hub"
    )
    st.progress(min(1.0, share), plain(f"{title}: {amount}"))
    st.button(
        "Stop", key=f"{key}-stop-{name}", icon=":material/close:", on_click=lambda: provider.pulls().cancel(name), width="stretch"
    )  # fmt: skip
