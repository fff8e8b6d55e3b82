"""A set of pictures that is not on disk yet: how large it is, a button to fetch it, and how far that is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from playground.core import paths
from playground.core.errors import PlaygroundError
from playground.data.image_registry import IMAGE_SETS, ImageSetEntry
from playground.jobs.set_pulls import SetPull
from playground.ui import controls, lesson, provider
from playground.ui.picker import Tile, pick
from playground.ui.words import plain
from playground.viz import thumbnails

LOOK_SECONDS = 0.5


def here(name: str) -> bool:
    """Whether a set can be learnt from now; costs no more than a look at the disk."""
    return IMAGE_SETS[name].here(paths.pictures_folder(provider.settings()))


def caption(name: str) -> str:
    """What a tile says below the name of a set: nothing, or how large the download is."""
    return "" if here(name) else f"{IMAGE_SETS[name].megabytes:,.0f} MB to fetch"


def tile(name: str) -> Tile:
    """A set to choose by some of its pictures, or by how large the download is."""
    title = IMAGE_SETS[name].title
    if words := caption(name):
        return Tile(name, title, caption=words)
    return Tile(name, title, mosaic(name, paths.pictures_folder(provider.settings())))


def tiles(chosen: str, own: str, key: str, choose: Callable[[str], None]) -> None:
    """The sets to choose from, each with some of its pictures, and one's own.

    Args:
        chosen: The one that is learnt from.
        own: What one's own pictures are called among the names.
        key: Of the page.
        choose: Called with the name of the one that is pressed.
    """
    told = lesson.current()
    if "dataset" in told.hide:
        return
    offered = [*(tile(name) for name in IMAGE_SETS), Tile(own, "Your own", caption="zip of folders")]
    pick("Data", offered, chosen, key=f"{key}.dataset", locked="dataset" in told.lock, on_pick=choose)
    controls.say_problems(key, "dataset")


@functools.cache
def mosaic(name: str, folder: Path) -> str:
    """Four pictures of a set, of different classes, as one."""
    some = IMAGE_SETS[name].some(folder, 40)
    rows = [int(np.flatnonzero(some.y == label)[0]) for label in np.unique(some.y)[:4]]
    x = some.x[rows]
    if x.shape[-1] == 1:
        x = np.repeat(x, 3, axis=3)
    return thumbnails.mosaic(x)


def get(name: str, key: str) -> bool:
    """Draw what a set needs before it can be learnt from; returns whether it needs nothing.

    Args:
        name: In ``IMAGE_SETS``.
        key: Tells this from other widgets.
    """
    entry, pulls = IMAGE_SETS[name], provider.set_pulls()
    folder = paths.pictures_folder(provider.settings())
    pull = pulls.state(name)
    if pull is not None and not pull.finished:
        _running(entry, key)
        return False
    there = entry.here(folder)
    if there and (entry.ready(folder) or not pulls.allowed):  # where visitors may not, the first run does it
        return True
    if pull is not None and pull.state == "failed":
        st.error(plain(pull.words))
    words = _why_not(entry) if not there else ""
    if words:
        st.info(words)
        return False
    st.caption(
        f"{entry.title} is not on this computer yet: a download of {entry.megabytes:,.0f} MB. Licence: {entry.licence}."
        if not there
        else f"{entry.title} is read for the first time: that takes up to half a minute, once."
    )
    st.button(
        "Download" if not there else "Get it ready",
        key=f"{key}.{name}.pull",
        on_click=_start,
        args=(name, key),
        disabled=pulls.busy(),
        help="Another set is on its way." if pulls.busy() else None,
    )
    if refused := st.session_state.pop(f"{key}.{name}.refused", ""):
        st.error(plain(refused))
    return False


def _why_not(entry: ImageSetEntry) -> str:
    """Why no button would help; empty where it does."""
    settings = provider.settings()
    if settings.mode == "public":
        return f"{entry.title} is not on this server. Choose another set."
    if settings.offline:
        return f"{entry.title} is not on disk, and this server is set never to download (`PLAYGROUND_OFFLINE`)."
    if settings.pictures:
        return (
            f"{entry.title} is not in the folder that `PLAYGROUND_PICTURES` names, which is only read. Fetch it there with "
            f"`playground datasets pull {entry.name} --data-dir DIR`."
        )
    return ""


def _start(name: str, key: str) -> None:
    try:
        provider.set_pulls().start(name)
    except PlaygroundError as error:
        st.session_state[f"{key}.{name}.refused"] = str(error)


def _running(entry: ImageSetEntry, key: str) -> None:
    @st.fragment(run_every=LOOK_SECONDS)
    def look() -> None:
        pull = provider.set_pulls().state(entry.name)
        if pull is None or pull.finished:
            st.rerun()
        else:
            st.progress(pull.part, text=_words(entry, pull))
            st.button("Stop", key=f"{key}.{entry.name}.stop", on_click=provider.set_pulls().cancel, args=(entry.name,))

    look()


def _words(entry: ImageSetEntry, pull: SetPull) -> str:
    if pull.unit == "pictures":
        return f"{entry.title}: {pull.arrived:,} of {pull.total:,} pictures read"
    if pull.unit == "bytes":
        return f"{entry.title}: {pull.arrived / 1e6:,.1f} of {pull.total / 1e6:,.1f} MB of this file"
    return f"{entry.title}: starting"
