"""What an image GAN has learnt, put to use: opened in the sampler, or downloaded."""

from __future__ import annotations

import dataclasses
import secrets

import streamlit as st

from playground.core.gan_use import Pack
from playground.jobs.job import Job
from playground.specs.spec import Spec
from playground.training.archive import in_use
from playground.ui import nav, provider
from playground.ui.page import page_object
from playground.ui.parts.wish import Wish, take_along
from playground.ui.state import state

SAMPLER = "gan_sampler"


@dataclasses.dataclass
class Used:
    """What this session wants of one run.

    Attributes:
        run: Which one.
        spec: Its experiment: with another one they are other networks.
        package: The download.
    """

    run: str = ""
    spec: Spec | None = None
    package: Wish | None = None

    def of(self, job: Job) -> bool:
        """Whether what is here is of this run, and that has not begun anew since; from now on it is."""
        same = self.run == job.id and self.spec is not None and self.spec.live_changes(job.spec) is not None
        later = self.package is None or job.at[1] >= self.package.at[1]
        self.run, self.spec = job.id, job.spec
        return same and later


def show(job: Job | None, key: str) -> None:
    """Draw the tab: the way to the sampler, and the download."""
    used = state(Used, f"{key}.use")
    if job is not None and not used.of(job):
        used.package = None
    if job is None or job.at[1] == 0:
        st.markdown("The generator has learnt nothing yet. Press Play; from the first step on it can be used here.")
        return
    if used.package is not None:
        used.package.follow()
    sample, take = st.columns(2, gap="medium")
    with sample:
        st.markdown("**Keep it and sample from it**")
        st.markdown(
            "The sampler draws as many new pictures as you like: seeds, sliders along its principal directions, ways from one sample to "
            "another, and the nearest real picture to each. It opens this generator as it is by now."
        )
        if SAMPLER in {header.name for header in nav.discover()}:
            # `visit` makes the page read the link even where this session has been there before.
            query = {"run": job.id, "visit": secrets.token_hex(3)}
            st.page_link(
                page_object(SAMPLER),
                label="Keep and open in the sampler",
                icon=":material/grid_view:",
                query_params=query,
            )
        days = provider.settings().keep_days
        st.caption(
            f"This server keeps the generator for {days:g} days, for you alone: the sampler's address brings you back to it. "
            "To keep it for good, pack it."
        )
    with take:
        st.markdown("**Keep it for good**")
        st.markdown(
            "A zip: both networks (safetensors), a card that says how they are built and what was measured, and a script of a few lines "
            "that draws pictures without this playground."
        )
        used.package = take_along(
            used.package, "gan_pack", job, lambda learnt: Pack(in_use(learnt)), "generator.zip", key
        )
        if provider.settings().mode == "local":
            st.markdown(
                "Unpacked into the models folder (`models_cache/` of a checkout) and rescanned under *Models*, it stands among the "
                "generators of the sampler."
            )
            st.page_link(page_object("models"), label="Models", icon=":material/inventory_2:")
