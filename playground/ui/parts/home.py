"""The home page's cards: one for each page, and experiments that open with their settings made."""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass

import numpy as np
import streamlit as st

from playground.core import paths
from playground.data.registry import DATASETS
from playground.specs.mlp import OWN, MLPSpec
from playground.ui import nav, page, provider
from playground.ui.parts.home_cards import DRAWN
from playground.ui.theme import current_theme
from playground.viz import thumbnails


@dataclass(frozen=True)
class Experiment:
    """A multilayer perceptron worth opening: what it shows, in a sentence, its settings; which two inputs its card shows."""

    title: str
    sentence: str
    spec: MLPSpec
    look: tuple[int, int] | None = None


EXPERIMENTS = (
    Experiment("A ring around a disc", "Six units close a boundary round the middle within seconds.", MLPSpec()),
    Experiment(
        "Why a line is not enough",
        "Without an activation the network stays one straight line; choose tanh and it bends.",
        MLPSpec(dataset="xor", activation="identity", hidden=(4, 4)),
    ),
    Experiment(
        "The spiral",
        "Two arms wound into each other: three layers of eight tanh units unwind them.",
        MLPSpec(dataset="spiral", noise=0, hidden=(8, 8, 8)),
    ),
    Experiment(
        "Three classes",
        "One output for each class; softmax makes them probabilities, and the surest one wins.",
        MLPSpec(dataset="blobs", activation="relu", hidden=(6,)),
    ),
    Experiment(
        "A number to predict",
        "Regression: the surface is the value itself, hills and hollows fitted by squared error.",
        MLPSpec(dataset="multi_gauss", hidden=(8, 4)),
    ),
    Experiment(
        "Real flowers",
        "Fisher's irises: four measurements, three species, seen on the plane of any two.",
        MLPSpec(dataset="iris", activation="relu", hidden=(8,)),
        look=(2, 3),
    ),
    Experiment(
        "Your own spreadsheet",
        "Upload a CSV file, pick a column to predict, and train on it. Only you see it.",
        MLPSpec(dataset=OWN, activation="relu", hidden=(8, 4)),
    ),
)


def cards() -> None:
    """Draw the cards, by section of the menu; the trainer's page is there as several experiments."""
    pages = nav.discover()
    for section in dict.fromkeys(header.section for header in pages if header.section != "Home"):
        st.markdown(f"## {section}")
        with st.container(key=f"cards-{section.lower()}", horizontal=True, gap="small"):
            for header in pages:
                if header.section == section and header.name == "mlp":
                    for number, experiment in enumerate(EXPERIMENTS):
                        _experiment(number, experiment)
                elif header.section == section:
                    _page(header)


def _experiment(number: int, experiment: Experiment) -> None:
    with st.container(key=f"card-{number}", border=True, width=292):
        st.image(_picture(experiment), width=110, alt=f"The data: {experiment.title}")
        st.markdown(f"### {experiment.title}")
        st.markdown(experiment.sentence)
        # `visit` makes the page read the link even where this session has been there before.
        query = {**experiment.spec.to_query(), "visit": secrets.token_hex(3)}
        st.page_link(page.page_object("mlp"), label="Open", icon=":material/play_arrow:", query_params=query)


def _page(header: nav.PageHeader) -> None:
    with st.container(key=f"card-{header.name}", border=True, width=292):
        if header.name in DRAWN:
            st.image(DRAWN[header.name](current_theme()), width=110, alt=f"A picture of the page {header.title}")
        st.markdown(f"### {header.title}" if header.name in DRAWN else f"### {header.icon} {header.title}")
        st.markdown(header.summary)
        st.page_link(page.page_object(header.name), label="Open", icon=":material/play_arrow:")


@functools.cache
def _picture(experiment: Experiment) -> str:
    """What the card's network learnt (``recipes/home_cards.py``), under its data."""
    name = experiment.spec.dataset
    if name not in DATASETS:
        return thumbnails.table()
    with np.load(paths.SAMPLES / "home_cards.npz") as kept:
        surfaces = [kept.get(f"{name}.{part}") for part in ("output", "winner", "sure")]
        extent = kept[f"{name}.extent"]
    return thumbnails.learned(DATASETS[name].make(400, 5, 3), extent, *surfaces, axes=experiment.look or (0, 1))


def where_it_runs() -> str:
    """One line on the machine behind the page."""
    health = provider.manager().health()
    device = health.get("device") or "worker processes that are just starting"
    return (
        f"Networks train with PyTorch on this server: {device}. Runs training now: "
        f"{health['training']} of at most {health['places']}. Nothing you upload is shown to anyone else, and nothing is tracked."
    )
