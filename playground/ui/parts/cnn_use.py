"""What was trained, put to use: on a new picture at once, or downloaded. A worker decodes, computes and packs."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import html
from typing import Any

import streamlit as st

from playground.core.errors import InputError, PlaygroundError, TimeLimit
from playground.jobs.job import Job
from playground.training.cnn_use import Reading
from playground.ui import live_view, provider
from playground.ui.state import state
from playground.ui.words import plain
from playground.viz import maps

_SECONDS = 60.0
_MOST = 10
_TYPES = ["png", "jpg", "jpeg", "webp", "gif", "bmp"]


@dataclasses.dataclass
class Used:
    """What this session asked of one run.

    Attributes:
        run: Which run, and at which step.
        asked: Which picture was asked about.
        reading: What the network said of it.
        package: The download, once it is packed.
        problem: Why there is none.
    """

    run: tuple[str, int] = ("", 0)
    asked: str = ""
    reading: Reading | None = None
    package: bytes = b""
    problem: str = ""


def show(job: Job | None, key: str) -> None:
    """Draw the tab: a picture to ask about on the left, what the network says of it, and the download."""
    used = state(Used, f"{key}.use")
    step = job.at[1] if job else 0
    if job is None or step == 0:
        st.markdown(
            "The network has learnt nothing yet. Press Play; after the first epoch it can be used here and downloaded."
        )
        return
    if used.run[0] != job.id or step < used.run[1]:
        used.package, used.reading, used.asked, used.problem = b"", None, "", ""
    used.run = (job.id, step)
    ask, answer, take = st.columns([3, 5, 3], gap="medium")
    with ask:
        st.markdown("**On a new picture**")
        _ask(job, used, key)
    with answer:
        if used.reading is not None:
            _show(used.reading)
        else:
            st.markdown(
                "Upload a picture: it is made small as the network's own pictures are, and read with the weights that did best on "
                "the validation pictures. It stays in this session."
            )
    with take:
        st.markdown("**Take it with you**")
        _take(job, used, key)
    if used.problem:
        st.error(plain(used.problem))


def _ask(job: Job, used: Used, key: str) -> None:
    limits = provider.settings()
    given = st.file_uploader("Picture", type=_TYPES, key=f"{key}.use.picture", max_upload_size=limits.picture_megabytes)
    again = st.button(
        "Ask again", key=f"{key}.use.again", help="With the weights as they are by now", disabled=given is None
    )
    if given is not None and (again or given.file_id != used.asked):
        used.asked, used.reading, used.problem = given.file_id, None, ""
        with st.spinner("Reading it"):
            used.reading = _computed(job, used, "cnn_predict", given.getvalue(), given.name)


def _take(job: Job, used: Used, key: str) -> None:
    st.markdown(
        "A zip: weights (safetensors), a card, a script that loads them and names a picture without this playground, and ONNX with "
        "a self-check."
    )
    if st.button("Pack it", key=f"{key}.use.pack", icon=":material/package_2:", help="The best weights so far"):
        used.package, used.problem = b"", ""
        with st.spinner("Packing"):
            used.package = _computed(job, used, "cnn_package") or b""
    if used.package:
        st.download_button(
            f"Download ({size(len(used.package))})", used.package, "network.zip", "application/zip",
            icon=":material/download:", key=f"{key}.use.download", on_click="ignore",
        )  # fmt: skip


def size(count: int) -> str:
    """``41 kB``, ``2.4 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def _computed(job: Job, used: Used, name: str, *arguments: Any) -> Any:
    """What a worker makes of the run as it is now; ``None`` where it cannot, and ``used.problem`` says why."""
    try:
        learnt = live_view.learnt(job)
        if learnt is None:
            raise InputError("The network has learnt nothing yet: train it first.")
        done = provider.manager().pool.compute(name, (learnt, *arguments)).result(_SECONDS)
        if done.value is None:
            raise InputError(done.words or "The worker could not do this. Its log says why; try again.")
    except concurrent.futures.TimeoutError:
        used.problem = str(
            TimeLimit(f"The worker has not answered within {_SECONDS:g} seconds; pause the run, then try again.")
        )
    except PlaygroundError as error:
        used.problem = str(error)
    else:
        return done.value
    return None


def _show(reading: Reading) -> None:
    """The picture as the network was given it, its answer, and what its maps show."""
    order = [int(one) for one in (-reading.probabilities).argsort()[:_MOST]]
    best = order[0]
    st.markdown(
        f"**{plain(reading.classes[best])}**, {reading.probabilities[best]:.1%} sure, by the weights of epoch {reading.epoch}."
    )
    seen, bars = st.columns([2, 3], gap="small")
    with seen:
        st.image(maps.enlarged(reading.picture), caption="as the network is given it", width=140)
    with bars:
        st.html("".join(_bar(reading.classes[one], float(reading.probabilities[one])) for one in order))
    for note in reading.notes:
        st.caption(plain(note))
    if reading.steps is not None:
        names = ["as drawn", "cut out", "20 pixels", "centred"]
        st.image([maps.enlarged(one, 84) for one in reading.steps], caption=names[: len(reading.steps)], width=84)
    for title, found in zip(reading.titles, reading.maps, strict=True):
        st.caption(plain(title))
        st.image(maps.strip(found[:12], 40))


def _bar(name: str, share: float) -> str:
    return (
        '<div style="display:grid;grid-template-columns:7em 1fr 3.6em;gap:8px;align-items:center;font-size:.93rem">'
        f'<span style="overflow:hidden;text-overflow:ellipsis;white-space:nowrap">{html.escape(name)}</span>'
        '<span style="background:color-mix(in srgb,currentColor 12%,transparent);height:.7em">'
        f'<i style="display:block;height:100%;width:{100 * share:.1f}%;background:currentColor"></i></span>'
        f'<span style="text-align:right;font-variant-numeric:tabular-nums">{share:.1%}</span></div>'
    )
