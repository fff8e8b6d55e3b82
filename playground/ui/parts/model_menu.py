"""Which model: those that are on disk first, the others with what fetching them costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from playground.catalog.card import Asset, Card, Hub, Starter
from playground.catalog.listing import Catalog
from playground.core.errors import UnknownName
from playground.core.quoting import harmless
from playground.specs.spec import Spec
from playground.ui import controls, lesson, provider
from playground.ui.state import state
from playground.ui.words import plain

S = TypeVar("S", bound=Spec)

_SECONDS = 0.5


@dataclass
class _Used:
    """The model that answered last."""

    name: str = ""


def size(card: Card) -> str:
    """How much there is to fetch: known, or reckoned from the number of weights (four bytes each)."""
    if card.bytes:
        return f"{card.bytes / 1e6:,.0f} MB"
    return f"about {4 * card.parameters / 1e6:,.0f} MB" if card.parameters else "of unknown size"


@dataclass(frozen=True)
class Menu:
    """The choice of a model on a page whose experiment names it.

    Attributes:
        tasks: What the models do.
        cannot: What is said of a model that does something else.
        alone: What is said where only the model that comes with the playground is there.
        fields: The fields that name a model; the first is never empty.
        resets: Fields that go back to these values with another model.
        usual: The model to take where a link names none that is known; empty is the best on disk.
    """

    tasks: tuple[str, ...]
    cannot: str
    alone: str
    fields: tuple[str, ...] = ("model",)
    resets: Mapping[str, Any] = field(default_factory=dict)
    usual: str = ""

    def settle(self, spec: S, key: str) -> S:
        """The experiment with models that there are. What a link names and nobody here knows is said in words, and the rest kept.

        What belongs to one model alone (``resets``) goes with it.
        """
        catalog, changes = provider.catalog(), dict[str, Any]()
        for name in self.fields:
            wanted, first = getattr(spec, name), name == self.fields[0]
            if wanted in self._names(catalog) or (not first and not wanted):
                continue
            known = catalog.known(wanted) if wanted else None
            fits = known is not None and known.task in self.tasks
            changes[name] = known.name if known and fits else self._instead(catalog).name if first else ""
            if wanted and not fits:
                changes |= self.resets if first else {}
                st.warning(plain(self._unknown(catalog, wanted, spec.label(name), first)))
        if changes:
            controls.assign(key, **changes)
        return spec.replace(**changes)

    def used(self, spec: Spec, key: str) -> Card:
        """The model that answers: the wanted one where it is ready, else the one that answered before, else the best there is."""
        catalog, kept = provider.catalog(), state(_Used, key)
        for name in (getattr(spec, self.fields[0]), kept.name):
            card = catalog.cards.get(name)
            if card is not None and catalog.here(card):
                kept.name = name
                return card
        return catalog.best(self.tasks)

    def draw(self, spec: Spec, key: str, instead: Card | None, name: str = "model", *, without: str = "") -> None:
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
        options = [one for one in self._names(catalog) if one != without]
        value = getattr(spec, name) or None
        st.session_state[widget] = value if value in options else None
        first = name == self.fields[0]

        def chosen() -> None:
            controls.assign(key, **{name: st.session_state[widget] or "", **(self.resets if first else {})})

        st.selectbox(
            bound.label, options, key=widget, help=bound.help, format_func=lambda one: _title(catalog, one), on_change=chosen,
            disabled=name in told.lock, placeholder="Choose a model", index=0 if value in options else None,
        )  # fmt: skip
        if value:
            _about(catalog, value, instead, key)
        if first and [card.name for card in catalog.ready(self.tasks)] == [value]:
            st.caption(self.alone)

    def _names(self, catalog: Catalog) -> list[str]:
        """All that the menu holds: ready ones, the best of them first; those to be fetched; what lies there and is of no use."""
        ready = [card.name for card in catalog.ready(self.tasks)]
        best = catalog.best(self.tasks).name
        others = [card for card in catalog.cards.values() if card.task in self.tasks and card.name not in ready]
        absent = [card.name for card in others if isinstance(card.source, Hub | Asset)]
        wrong = [one.path for one in catalog.problems if one.path not in catalog.cards]
        return [best, *(name for name in ready if name != best), *absent, *wrong]

    def _instead(self, catalog: Catalog) -> Card:
        card = catalog.cards.get(self.usual)
        return card if card is not None and catalog.here(card) else catalog.best(self.tasks)

    def _unknown(self, catalog: Catalog, wanted: str, label: str, first: bool) -> str:
        words = f"'{harmless(wanted)}' {self.cannot}"
        if wanted not in catalog.cards:
            able = [card.name for card in catalog.cards.values() if card.task in self.tasks]
            words = str(UnknownName("model", harmless(wanted, 80), able))
        return f"In the link, {label}: {words}" + (f" The page uses {self._instead(catalog).title}." if first else "")


def _title(catalog: Catalog, name: str) -> str:
    card = catalog.cards.get(name)
    if card is None:
        return f"{name}: cannot be used"
    if catalog.here(card):
        return card.title
    public = provider.settings().mode == "public"
    return f"{card.title}: not on this server" if public else f"{card.title}, {size(card)}"


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
