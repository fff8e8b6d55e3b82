"""What was trained, put to use: on a new picture at once, or downloaded. The inference worker decodes, computes and packs."""

from __future__ import annotations

import dataclasses
import html

import streamlit as st

from playground.core.cnn_use import Read, Reading, TakeAlong
from playground.jobs.job import Job
from playground.specs.spec import Spec
from playground.training.archive import in_use
from playground.ui import live_view, provider
from playground.ui.parts.wish import Wish, take_along
from playground.ui.state import state
from playground.ui.words import plain
from playground.viz import maps

_MOST = 10
_TYPES = ["png", "jpg", "jpeg", "webp", "gif", "bmp"]


@dataclasses.dataclass
class Used:
    """What this session wants of one run.

    Attributes:
        run: Which one.
        spec: Its experiment: with another one it is another network.
        given: Which picture was asked about.
        reading: What the network says of it.
        package: The download.
    """

    run: str = ""
    spec: Spec | None = None
    given: str = ""
    reading: Wish | None = None
    package: Wish | None = None

    def of(self, job: Job) -> bool:
        """Whether what is here is of this run, and that has not begun anew since; from now on it is."""
        same = self.run == job.id and self.spec is not None and self.spec.live_changes(job.spec) is not None
        later = all(wish is None or job.at[1] >= wish.at[1] for wish in (self.reading, self.package))
        self.run, self.spec = job.id, job.spec
        return same and later


def show(job: Job | None, key: str) -> None:
    """Draw the tab: a picture to ask about on the left, what the network says of it, and the download."""
    used = state(Used, f"{key}.use")
    if job is not None and not used.of(job):
        used.given, used.reading, used.package = "", None, None
    if job is None or job.at[1] == 0:
        st.markdown(
            "The network has learnt nothing yet. Press Play; after the first epoch it can be used here and downloaded."
        )
        return
    for wish in (used.reading, used.package):
        if wish is not None:
            wish.follow()
    ask, answer, take = st.columns([3, 5, 3], gap="medium")
    with ask:
        st.markdown("**On a new picture**")
        _ask(job, used, key)
    with answer:
        _answer(used.reading)
    with take:
        st.markdown("**Take it with you**")
        _take(job, used, key)


def _ask(job: Job, used: Used, key: str) -> None:
    limits = provider.settings()
    given = st.file_uploader("Picture", type=_TYPES, key=f"{key}.use.picture", max_upload_size=limits.picture_megabytes)
    again = st.button(
        "Ask again", key=f"{key}.use.again", help="With the weights as they are by now",
        disabled=given is None or (used.reading is not None and used.reading.open and given.file_id == used.given),
    )  # fmt: skip
    if given is None or not (again or given.file_id != used.given):
        return
    picture, name = given.getvalue(), given.name
    used.given = given.file_id

    def question(learnt: bytes) -> Read:
        return Read(in_use(learnt), picture, name, limits.picture_megabytes, limits.picture_megapixels)

    used.reading = Wish("cnn_predict", job.at, (live_view.Learnt(job), question))
    used.reading.follow()


def _answer(wish: Wish | None) -> None:
    if wish is None:
        st.markdown(
            "Upload a picture: it is made small as the network's own pictures are, and read with the weights that did best on "
            "the validation pictures. It stays in this session."
        )
        return
    if isinstance(wish.answer, Reading):
        _show(wish.answer)
    elif wish.problem:
        st.error(plain(wish.problem))
    else:
        st.markdown(wish.words or "Reading the picture.")


def _take(job: Job, used: Used, key: str) -> None:
    st.markdown(
        "A zip: weights (safetensors), a card, a script that loads them and names a picture without this playground, and ONNX with "
        "a self-check."
    )
    used.package = take_along(
        used.package, "cnn_package", job, lambda learnt: TakeAlong(in_use(learnt)), "network.zip", key
    )


def _show(reading: Reading) -> None:
    """The picture as the network was given it, its answer, and what its maps show."""
    order = [int(one) for one in (-reading.probabilities).argsort()[:_MOST]]
    best = order[0]
    st.markdown(
        f"**{plain(reading.classes[best])}**, {100 * reading.probabilities[best]:.1f} % sure, by the weights of epoch {reading.epoch}."
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
        f'<span style="text-align:right;font-variant-numeric:tabular-nums">{100 * share:.1f} %</span></div>'
    )
