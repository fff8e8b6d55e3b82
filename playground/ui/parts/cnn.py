"""What the page of convolutional networks needs beyond generic controls: pictures to choose by, words about this state."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping

import streamlit as st

from playground.core.errors import SpecError
from playground.specs.bounds import Range
from playground.specs.cnn import OWN, PRESETS, CNNSpec
from playground.ui import controls, lesson
from playground.ui.page import page_object
from playground.ui.parts import image_sets
from playground.ui.state import state

# The page draws these by itself: tiles that find a network that fits, and the canvas.
DRAWN_HERE = ("dataset", "pictures", "blocks")


BY_HEART = 30
"""Epochs in which LeNet-5 learns 3,000 shuffled answers by heart; on a public server there are no more."""

MEASURED: Mapping[str, str] = {
    "mnist": "LeNet-5 99.25 % with 5 epochs (32 s of training steps on one core), Small VGG 99.46 % with 5 (105 s)",
    "fashion": "Small VGG 92.2 % with 6 epochs, mirrored pictures and learning rate 0.01 (2 min of training steps on one core)",
    "cifar10": "Small ResNet 81.9 % with 10 epochs, shifted and mirrored pictures (12 min of training steps on one core)",
}
"""What a network reached on the test pictures of a set."""


@dataclasses.dataclass
class Shuffled:
    """What turning *Shuffle the labels* on changed beside, so that turning it off changes it back.

    Attributes:
        on: Whether it was on when the page was drawn last; ``None`` before that.
        started: Which link the experiment came from.
        before: Augmentation and epochs as they were; ``None`` where nothing was changed.
    """

    on: bool | None = None
    started: str = ""
    before: tuple[tuple[str, ...], int] | None = None


def by_heart(spec: CNNSpec, key: str) -> CNNSpec:
    """Where the visitor has just shuffled the labels: no augmentation and enough epochs, for else nothing is learnt by heart.

    A link or a stored run that says otherwise is obeyed, and so is whatever the visitor sets afterwards.
    """
    kept, edited = state(Shuffled, key), state(controls.Edited, key)
    was, same = kept.on, kept.started == edited.started
    kept.on, kept.started = spec.shuffle_labels, edited.started
    if was is None or not same:
        kept.before = None
    elif spec.shuffle_labels and not was:
        kept.before = (spec.augment, spec.epochs)
        _let(key, augment=(), epochs=max(spec.epochs, BY_HEART))
    elif was and not spec.shuffle_labels and kept.before is not None:
        augment, epochs = kept.before
        _let(
            key,
            augment=augment if spec.augment == () else spec.augment,
            epochs=epochs if spec.epochs == BY_HEART else spec.epochs,
        )
        kept.before = None
    assert isinstance(edited.spec, CNNSpec)
    return edited.spec


def say_by_heart(spec: CNNSpec, key: str) -> None:
    """What turning the switch on has set, as long as it stands."""
    before = state(Shuffled, key).before
    if before is not None and spec.shuffle_labels and not spec.augment and (before[0] or before[1] < spec.epochs):
        off = "Augmentation is off and" if before[0] else "With"
        tail = f"there are {spec.epochs} epochs now" if before[0] else f"{spec.epochs} epochs there is time"
        st.caption(
            f"{off} {tail}: learning by heart takes the very same pictures, many times. Off again sets this back."
        )


def _let(key: str, **values: object) -> None:
    told = lesson.current()
    controls.assign(key, **{name: value for name, value in values.items() if name not in told.lock | told.hide})


def say_measured(spec: CNNSpec) -> None:
    """What networks reached on the chosen pictures, and how long that took."""
    if spec.dataset in MEASURED and "preset" not in lesson.current().hide:
        st.caption(f"Test accuracy as measured: {MEASURED[spec.dataset]}.")


def beside(spec: CNNSpec) -> None:
    """Below the network: where else such pictures can be read."""
    if spec.given()[0] == 1 and spec.dataset in ("digits", "mnist"):
        st.page_link(page_object("draw_digit"), label="Read a photographed digit: Draw a digit", icon=":material/draw:")


def data_tiles(spec: CNNSpec, key: str) -> None:
    """The sets of pictures, each with some of its own; a network that is too deep for the chosen one makes room."""
    image_sets.tiles(spec.dataset, OWN, key, lambda name: choose(name, key))


def choose(name: str, key: str) -> None:
    """Learn from another set of pictures, with the first preset that fits it where the present network does not."""
    edited = state(controls.Edited, key)
    assert isinstance(edited.spec, CNNSpec)
    try:
        edited.spec.replace(dataset=name).checked(controls.mode())
    except SpecError:
        before, wished = edited.spec, edited.spec.replace(dataset=name)
        for preset, entry in PRESETS.items():
            try:
                edited.spec = wished.replace(preset=preset).checked(controls.mode())
            except SpecError:
                continue
            title = "Your own network" if before.preset == OWN else PRESETS[before.preset].title
            edited.notes.append(f"{title} does not fit pictures this small; {entry.title} stands in its place.")
            edited.problems.pop("dataset", None)
            return
    controls.assign(key, dataset=name)


def epochs(spec: CNNSpec) -> dict[str, int | bool]:
    """How many epochs are wanted, how many may be, and whether this visitor may ask for more, for the canvas."""
    told, bound = lesson.current(), spec.bounds()["epochs"]
    assert isinstance(bound, Range)
    free = "epochs" not in told.hide | told.lock
    return {"now": spec.epochs, "most": int(bound.top(controls.mode())), "free": free}


def command(spec: CNNSpec) -> str:
    """The command line that runs the same experiment; only what differs from the defaults is written."""
    words = ["playground", "run", "cnn"]
    usual = CNNSpec()
    for name, bound in spec.bounds().items():
        value = getattr(spec, name)
        if name == "dataset" and value == OWN:
            words += ["--dataset", "PICTURES.zip"]
        elif name == "pictures" or not spec.relevant(name) or (value == getattr(usual, name) and name != "dataset"):
            continue
        else:
            words += ["--" + name.replace("_", "-"), bound.write(value)]
    return shlex.join([*words, "--json", "--save", "trained"])


def what_you_see(spec: CNNSpec) -> str:
    """Two or three sentences about this very experiment, and a thing to try."""
    plan = spec.plan()
    maps = sum(stage.block.kind in ("conv", "res") for stage in plan.stages)
    if maps:
        start = (
            f"The picture on the left passes {maps} convolution{'s' if maps > 1 else ''}: each small square is one map, dark where "
            "its filter found nothing and bright where it did. Early maps answer to edges; later ones, coarser, to parts."
        )
    else:
        start = (
            "There is no convolution here: every unit looks at all pixels at once and knows nothing of neighbours. "
            "Each cell is one unit, bright where it fires."
        )
    return f"{start} {_try(spec, maps)}"


def _shuffled(spec: CNNSpec) -> str:
    start = "The answers are shuffled, so there is nothing to learn but each picture by heart."
    if spec.augment:
        return f"{start} Augmentation shows each one differently every time, which hinders even that: take it away."
    if spec.epochs < BY_HEART:
        return f"{start} {spec.epochs} epochs may be too few for that: set {BY_HEART} under All controls."
    return (
        f"{start} The training accuracy climbs all the same, and the validation accuracy stays at chance (Zhang et al., 2017): "
        "a network large enough to learn can also learn nonsense."
    )


def _try(spec: CNNSpec, maps: int) -> str:
    fixed = lesson.current().hide | lesson.current().lock
    if spec.shuffle_labels:
        return _shuffled(spec)
    if spec.shuffle_pixels and maps:
        return "The pixels are shuffled, so neighbours mean nothing: compare the multilayer perceptron, which does not mind."
    if spec.shuffle_pixels:
        return "The pixels are shuffled, the same way for all: this network does not mind, for it never knew who was next to whom."
    if spec.shift:
        return f"Validation pictures are moved by {spec.shift} pixels. Compare how much a network with and without convolutions loses."
    if not maps and "preset" not in fixed:
        return (
            "Train it, then choose LeNet-5 on the same pictures and compare the validation accuracy. *Shift test pictures*, under "
            "All controls, moves what both are asked: see which loses more."
        )
    if "dataset" not in fixed and spec.dataset == "shapes":
        return "Press Play, then open Confusion and click a cell to see which pictures are taken for which, and where it looked."
    if spec.given()[0] == 1 and spec.dataset in ("digits", "mnist"):
        return "Open Draw and write a digit: every map follows the stroke, during training, too."
    return "Click a block above the network to change it; point at a map to see it large, with its kernels."
