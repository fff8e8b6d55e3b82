"""What the page of image GANs needs beyond generic controls: presets, sets of pictures, the doctor's remedy, words."""

from __future__ import annotations

import shlex
from typing import Any

import streamlit as st

from playground.core.errors import SpecError
from playground.data.image_registry import IMAGE_SETS
from playground.functional.gan_losses import LOSSES
from playground.specs.bounds import Range
from playground.specs.gan import EPOCHS, OWN, PRESETS, TOO_STRONG, GANSpec
from playground.ui import controls, lesson
from playground.ui.page import prose
from playground.ui.parts import image_sets
from playground.ui.picker import Tile, pick
from playground.ui.state import state
from playground.ui.words import plain
from playground.viz.gan_tiles import TILES

# The page draws these by itself: tiles, and an upload.
DRAWN_HERE = ("dataset", "pictures")
FEW = 500
"""A set of so few pictures says little about what lies between them."""


def presets(spec: GANSpec, key: str) -> None:
    """The three ways to begin with; none is marked where the settings are of no preset."""
    told, fields = lesson.current(), {field for entry in PRESETS.values() for field in entry.settings}
    if {"preset", "loss"} & told.hide:
        return
    tiles = [Tile(name, entry.title, TILES.get(name, "")) for name, entry in PRESETS.items()]
    pick(
        "Kind", tiles, chosen_preset(spec), key=f"{key}.preset", locked=bool((fields | {"preset"}) & told.lock),
        on_pick=lambda name: take(dict(PRESETS[name].settings), key),
    )  # fmt: skip


def chosen_preset(spec: GANSpec) -> str:
    """The preset whose settings these are; empty where they are of none."""
    for name, entry in PRESETS.items():
        if all(getattr(spec, field) == value for field, value in entry.settings.items()):
            return name
    return ""


def data_tiles(spec: GANSpec, key: str) -> None:
    """The sets of pictures, each with some of its own."""
    image_sets.tiles(spec.dataset, OWN, key, lambda name: choose(name, key))


def choose(name: str, key: str) -> None:
    """Learn from another set of pictures, for as many epochs as are worth it where none were chosen."""
    told, spec = lesson.current(), state(controls.Edited, key).spec
    assert isinstance(spec, GANSpec)
    values: dict[str, Any] = {"dataset": name}
    if spec.epochs in (EPOCHS[spec.dataset], GANSpec().epochs) and "epochs" not in told.lock | told.hide:
        bound = spec.bounds()["epochs"]
        assert isinstance(bound, Range)
        values["epochs"] = min(EPOCHS[name], int(bound.top(controls.mode())))
    take(values, key)


def take(values: dict[str, Any], key: str) -> None:
    """Set several fields together, so that none of them is refused because another has not come yet."""
    edited = state(controls.Edited, key)
    assert edited.spec is not None
    try:
        edited.spec = edited.spec.replace(**values).checked(controls.mode())
    except SpecError:
        controls.assign(key, **values)  # one by one: what does not fit is said at its control
    else:
        for field in values:
            edited.problems.pop(field, None)


def fixed() -> list[str]:
    """Fields that a lesson hides or locks: no remedy may change them."""
    told = lesson.current()
    return sorted(told.hide | told.lock)


def take_remedy(change: Any, key: str) -> None:
    """The doctor's remedy, pressed on the canvas: settings of this experiment, none of them hidden or locked."""
    fields = GANSpec.bounds()
    if isinstance(change, dict) and change and set(change) <= set(fields) - set(fixed()):
        take({str(field): value for field, value in change.items()}, key)


def epochs(spec: GANSpec) -> dict[str, int | bool]:
    """How many epochs are wanted, how many may be, and whether this visitor may ask for more, for the canvas."""
    told, bound = lesson.current(), spec.bounds()["epochs"]
    assert isinstance(bound, Range)
    free = "epochs" not in told.hide | told.lock
    return {"now": spec.epochs, "most": int(bound.top(controls.mode())), "free": free}


def waiting(spec: GANSpec) -> None:
    """Hold the picture's place while there is nothing to learn from yet: what happens here, and what to do."""
    with st.container(border=True, height=560, vertical_alignment="center"):
        if spec.dataset == OWN:
            st.markdown("### Your own pictures")
            st.markdown(
                "Upload a zip on the left: pictures in folders, one for each class, or all of them in one. They are cut square and made "
                "small; the generator learns to make more like them here, and only you can see them."
            )
            st.markdown(
                f"A few hundred pictures of one kind are a beginning; with fewer than {FEW} it soon knows them by heart."
            )
            return
        entry = IMAGE_SETS[spec.dataset]
        st.markdown(f"### {plain(entry.title)}")
        st.markdown(plain(entry.summary))
        st.markdown(
            "It is not ready on this server yet: see what the left side says. *Shapes* and *Small digits* are always there."
        )


def command(spec: GANSpec) -> str:
    """The command line that runs the same experiment; only what differs from the defaults is written."""
    words = ["playground", "run", "gan"]
    usual = GANSpec()
    for name, bound in spec.bounds().items():
        value = getattr(spec, name)
        if name == "dataset" and value == OWN:
            words += ["--dataset", "PICTURES.zip"]
        elif name == "pictures" or not spec.relevant(name) or (value == getattr(usual, name) and name != "dataset"):
            continue
        else:
            words += ["--" + name.replace("_", "-"), bound.write(value)]
    return shlex.join([*words, "--json", "--save", "generator"])


def what_you_see(spec: GANSpec, learnt: bool = False) -> str:
    """Two or three sentences about this very experiment, and a thing to try.

    Args:
        spec: The experiment.
        learnt: Whether a step is through.
    """
    if LOSSES[spec.loss].says == "critic":
        judge = (
            "The **critic** gives each picture a score: high for real ones, low for made ones. A score is no probability and has no fixed "
            "scale; the gap between the two means estimates how far apart real and made pictures are, and the generator closes it."
        )
    else:
        judge = (
            "The **discriminator** says of each picture whether it is real or made; the **generator** never sees a real picture and learns "
            "only from what the discriminator says of its own. Where both are equally good, it is right half of the time: 50 %."
        )
    grid = (
        "The grid shows the same latents again and again, so what changes is the generator."
        if learnt
        else "The grid is noise still: press Play."
    )
    return f"{judge} {grid} {_try(spec)}"


def _try(spec: GANSpec) -> str:
    free = set(GANSpec.bounds()) - lesson.current().hide - lesson.current().lock
    if spec.conditional:
        return "Each column was asked for one class: press a class above the grid to see more of it."
    if spec.loss == "minimax" and "loss" in free:
        return (
            "With the minimax loss the generator learns nothing once the discriminator is sure: its gradient vanishes. Press Play and wait "
            "for the doctor's word, then take *Non-saturating* with all else as it is: it gives a steep slope exactly there."
            if is_lost(spec)
            else "With the minimax loss the generator learns nothing once the discriminator is sure: its gradient vanishes. Against a "
            "discriminator that is no stronger than the generator it works all the same."
        )
    if spec.loss == "wasserstein" and "critic_steps" in free:
        return "Set *Critic steps* to 1 and watch the gap: a critic that lags behind tells the generator little."
    return "Let it run, then scrub through the film strip below the grid."


def go_wrong(spec: GANSpec, key: str) -> None:
    """A button that lets the discriminator win, where all that belongs to it is free."""
    told = lesson.current()
    if told.present or set(TOO_STRONG) & (told.hide | told.lock) or is_lost(spec) or spec.dataset == OWN:
        return
    st.button(
        "See it fail: minimax loss, a discriminator five times as fast",
        key=f"{key}.fail",
        icon=":material/trending_down:",
        help="Sets the loss to Minimax, the discriminator's learning rate to five times the generator's, and takes away the R1 penalty. "
        "It starts again.",
        on_click=take,
        args=(dict(TOO_STRONG), key),
    )


def is_lost(spec: GANSpec) -> bool:
    """Whether these are the settings with which the discriminator wins."""
    return all(getattr(spec, name) == value for name, value in TOO_STRONG.items())


def losses(spec: GANSpec) -> None:
    """What the two networks make small, written out."""
    entry = LOSSES[spec.loss]
    critic = "critic" if entry.says == "critic" else "discriminator"
    prose(
        f"**{entry.title}.** {entry.summary} The {critic} makes this small, in the mean over real $x$ and latents $z$:"
    )
    st.latex(entry.discriminator)
    prose("and the generator this:")
    st.latex(entry.generator)


def loss_functions(spec: GANSpec) -> list[str]:
    """The functions of the loss, as ``page.show_source`` finds them."""
    entry = LOSSES[spec.loss]
    return [f"{one.__module__}:{one.__name__}" for one in (entry.real, entry.made, entry.wanted)]
