"""Which generator draws: one of the registry, a file read in one way or another, or what a run of the visitor's own has learnt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.errors import PlaygroundError, RunNotFound
from playground.core.generating import Meet, Met, Whose
from playground.core.quoting import harmless
from playground.functional import gan_file
from playground.functional.gan import Pair
from playground.specs.gan_sampler import GANSamplerSpec
from playground.training import gan_package
from playground.training.archive import in_use
from playground.ui import asking, controls, live_view, provider, visitors
from playground.ui.parts import gan_sampler_first as first
from playground.ui.parts.model_menu import Menu
from playground.ui.state import state
from playground.ui.words import plain

RESETS: dict[str, Any] = {"reading": "", "of_class": -1, "moves": (), "edits": "", "pins": "", "chosen": 0}
"""What belongs to one generator's latents, and goes back with another."""

MENU = Menu(
    ("generate",),
    "does not draw pictures.",
    "Nothing else is on disk, so the small generators that come with the playground are all there is.",
    ("model",),
    RESETS,
    "gan_digits_by_class",
)


@dataclass
class Own:
    """What a run of this visitor's own has learnt, as far as it was handed over.

    Attributes:
        run: Which one; empty for none.
        looked: Whose name in the address has been looked at already.
        learnt: On its way.
        content: The generator, as ``functional.gan_file`` packs it.
        pair: Its layers.
        facts: What is known of it.
        problem: Why there is none.
        note: What is said of an address that names somebody else's.
    """

    run: str = ""
    looked: str = ""
    learnt: live_view.Learnt | None = None
    content: bytes = b""
    pair: Pair | None = None
    facts: dict[str, Any] | None = None
    problem: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return str((self.facts or {}).get("title") or "Your generator")[:120]


@dataclass(frozen=True, eq=False)
class Source:
    """The generator of the page.

    Attributes:
        card: Of the registry; None for a run's.
        whose: Beyond the card.
        title: What it is called.
        pair: Its layers; None while nobody has said.
        facts: What its own file says.
        words: What has to be said while it is not there; empty where it is.
        problem: Why it cannot be had.
    """

    card: Card | None
    whose: Whose
    title: str
    pair: Pair | None
    facts: dict[str, Any]
    words: str = ""
    problem: str = ""


def source(spec: GANSamplerSpec, key: str) -> Source:
    """What draws: the visitor's own run where the address named one, else the model of the menu."""
    mine = state(Own, key)
    if mine.run:
        _follow(mine)
        words = "" if mine.content or mine.problem else "Fetching what your run has learnt"
        return Source(
            None, Whose(own=mine.content), mine.title, mine.pair, mine.facts or {}, words, mine.problem
        )  # fmt: skip
    card = MENU.used(spec, key)
    reading = spec.reading if card.name == spec.model else ""
    pair, facts = first.told(card) if not reading else (None, dict[str, Any]())
    return Source(card, Whose(reading=reading), card.title, pair, facts)


def readable(spec: GANSamplerSpec, key: str) -> GANSamplerSpec:
    """The experiment with a way of reading its file that there is; another one is said, and the likeliest taken."""
    card = MENU.used(spec, key)
    if not spec.reading or state(Own, key).run or card.name != spec.model:
        return spec
    met = asking.ask("meet", card, Meet(Whose()))
    if not isinstance(met, Met) or spec.reading in met.readings:
        return spec
    likeliest = f"the likeliest way is taken: {met.readings[0]}." if met.readings[0] else "there is only one way."
    st.warning(plain(f"In the link, Read as: the file cannot be read as '{harmless(spec.reading)}'; {likeliest}"))
    controls.assign(key, reading="")
    return spec.replace(reading="")


def run(key: str) -> str:
    """The visitor's own run whose generator draws; empty for a model of the registry."""
    return state(Own, key).run


def hand_over(key: str) -> None:
    """Look once whether the address names a run of this visitor's; anybody else's has no effect."""
    mine, run, visit = state(Own, key), st.query_params.get("run", ""), st.query_params.get("visit", "")
    if not run or (run == mine.run and not visit) or f"{run} {visit}" == mine.looked:
        return
    mine.looked = f"{run} {visit}"
    _open(mine, run)


def _open(mine: Own, run: str) -> None:
    """Have what a run has learnt by now handed over; until it is there, nothing is drawn of it."""
    mine.run, mine.content, mine.pair, mine.facts, mine.learnt = "", b"", None, None, None
    mine.problem = mine.note = ""
    try:
        job = provider.manager().open(run, visitors.current())
    except RunNotFound:
        mine.note = "The run that the link names is not kept here, or it is somebody else's: a generator of the list draws instead."
        return
    if job.kind != "gan":
        mine.note = "The run that the link names is none of an image GAN: a generator of the list draws instead."
        return
    mine.run, mine.learnt = job.id, live_view.Learnt(job)


def draw(spec: GANSamplerSpec, key: str) -> None:
    """Draw the choice of a generator."""
    mine = state(Own, key)
    if not mine.run:
        MENU.draw(spec, key, MENU.used(spec, key))
        if mine.note:
            st.warning(plain(mine.note))
        return
    _follow(mine)
    st.markdown(f"**{plain(mine.title)}**")
    st.caption("What your own run has learnt. It is in no link and nobody else sees it.")

    def other() -> None:
        mine.run, mine.content, mine.pair, mine.facts, mine.learnt = "", b"", None, None, None
        mine.problem = ""
        controls.assign(key, **RESETS)

    def newest() -> None:
        _open(mine, mine.run)

    with st.container(horizontal=True, gap="small"):
        st.button(
            "Newest weights",
            key=f"{key}-newest",
            icon=":material/refresh:",
            on_click=newest,
            help="As the run stands now",
        )
        st.button("Other generators", key=f"{key}-other", on_click=other)


def _follow(mine: Own) -> None:
    """Go on with what is being handed over, without waiting."""
    if mine.learnt is None:
        return
    try:
        learnt = mine.learnt.state
        if learnt is None:
            asking.later()
            return
        content = gan_package.own(in_use(learnt))
        pair, _, facts = gan_file.unpack(content)
    except PlaygroundError as error:
        mine.problem, mine.learnt = str(error), None
        return
    mine.content, mine.pair, mine.facts, mine.learnt = content, pair, facts, None
