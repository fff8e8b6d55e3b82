"""What the page of convolutional networks needs beyond generic controls: pictures to choose by, words about this state."""

from __future__ import annotations

import functools
import shlex
from pathlib import Path

import numpy as np

from playground.core import paths
from playground.core.errors import SpecError
from playground.data.image_registry import IMAGE_SETS
from playground.specs.cnn import OWN, PRESETS, CNNSpec
from playground.ui import controls, lesson, provider
from playground.ui.parts import image_sets
from playground.ui.picker import Tile, pick
from playground.ui.state import state
from playground.viz import thumbnails

# The page draws these by itself: tiles that find a network that fits, and the canvas.
DRAWN_HERE = ("dataset", "pictures", "blocks")


def data_tiles(spec: CNNSpec, key: str) -> None:
    """The sets of pictures, each with some of its own; a network that is too deep for the chosen one makes room."""
    told = lesson.current()
    if "dataset" in told.hide:
        return
    tiles = [_tile(name) for name in IMAGE_SETS]
    tiles.append(Tile(OWN, "Your own", caption="zip of folders"))
    pick(
        "Data", tiles, spec.dataset, key=f"{key}.dataset", locked="dataset" in told.lock,
        on_pick=lambda name: choose(name, key),
    )  # fmt: skip
    controls.say_problems(key, "dataset")


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


def _tile(name: str) -> Tile:
    title = IMAGE_SETS[name].title
    if caption := image_sets.caption(name):
        return Tile(name, title, caption=caption)
    return Tile(name, title, _mosaic(name, paths.pictures_folder(provider.settings())))


@functools.cache
def _mosaic(name: str, folder: Path) -> str:
    """Four pictures of a set, of different classes, as one."""
    some = IMAGE_SETS[name].some(folder, 40)
    rows = [int(np.flatnonzero(some.y == label)[0]) for label in np.unique(some.y)[:4]]
    x = some.x[rows]
    if x.shape[-1] == 1:
        x = np.repeat(x, 3, axis=3)
    return thumbnails.mosaic(x)


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


def _try(spec: CNNSpec, maps: int) -> str:
    fixed = lesson.current().hide | lesson.current().lock
    if spec.shuffle_labels:
        return (
            "The answers are shuffled: the training accuracy climbs as the network learns each picture by heart, and the "
            "validation accuracy stays at chance (Zhang et al., 2017)."
        )
    if spec.shuffle_pixels and maps:
        return "The pixels are shuffled, so neighbours mean nothing: compare the multilayer perceptron, which does not mind."
    if spec.shuffle_pixels:
        return "The pixels are shuffled, the same way for all: this network does not mind, for it never knew who was next to whom."
    if spec.shift:
        return f"Validation pictures are moved by {spec.shift} pixels. Compare how much a network with and without convolutions loses."
    if not maps and "preset" not in fixed:
        return "Train it, then choose LeNet-5 on the same pictures and compare the validation accuracy."
    if "dataset" not in fixed and spec.dataset == "shapes":
        return "Press Play, then open Confusion and click a cell to see which pictures are taken for which, and where it looked."
    if spec.given()[0] == 1 and spec.dataset in ("digits", "mnist"):
        return "Open Draw and write a digit: every map follows the stroke, during training, too."
    return "Click a block above the network to change it; point at a map to see it large, with its kernels."
