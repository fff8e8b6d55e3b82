"""The block editor's other half: what each block may be, the network as it is being built, why it is impossible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.core.errors import InputError, SpecError
from playground.functional import blocks as grammar
from playground.specs.cnn import OWN, CNNSpec
from playground.ui import controls, lesson
from playground.ui.state import state

_FILTERS = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
_UNITS = [1, 2, 4, 8, 10, 16, 32, 64, 84, 120, 128, 256, 512]


def _number(name: str, least: int, most: int, steps: Sequence[int] | None = None) -> dict[str, Any]:
    return {"name": name, "least": least, "most": most, "steps": steps}


KINDS: Mapping[str, Mapping[str, Any]] = {
    "conv": {
        "start": "conv:16:3:1:1",
        "help": "Slides small filters over all maps; each filter makes one new map.",
        "numbers": [
            _number("filters", 1, grammar.FILTERS, _FILTERS),
            _number("kernel", 1, grammar.KERNEL),
            _number("stride", 1, grammar.STRIDE),
            _number("padding", 0, grammar.PADDING),
        ],
        "norm": True,
    },
    "res": {
        "start": "res:16:1",
        "help": "Two convolutions of 3 x 3 and a way past them: it learns a correction to what it is given.",
        "numbers": [_number("filters", 1, grammar.FILTERS, _FILTERS), _number("stride", 1, grammar.STRIDE)],
    },
    "max": {
        "start": "max:2:2",
        "help": "Keeps the largest value of each window: coarser maps, and a shift of a pixel matters less.",
        "numbers": [_number("kernel", 1, grammar.KERNEL), _number("stride", 1, grammar.STRIDE)],
    },
    "avg": {
        "start": "avg:2:2",
        "help": "Keeps the mean of each window.",
        "numbers": [_number("kernel", 1, grammar.KERNEL), _number("stride", 1, grammar.STRIDE)],
    },
    "gap": {"start": "gap", "help": "One number a map: its mean. What follows is flat.", "numbers": []},
    "drop": {
        "start": "drop:25",
        "help": "While it learns, leaves out this share of what passes, at random.",
        "numbers": [_number("percent", 0, grammar.SHARE, list(range(0, grammar.SHARE + 1, 5)))],
    },
    "dense": {
        "start": "dense:64",
        "help": "Each unit sums up everything before it. What follows is flat.",
        "numbers": [_number("units", 1, grammar.UNITS, _UNITS)],
    },
}
"""Of each kind of block: as it is added, what it does, and its numbers in the order of its word."""


@dataclass
class Draft:
    """Blocks that were asked for on the canvas and cannot be used as they are."""

    words: tuple[str, ...] = ()
    error: str = ""
    of: tuple[Any, ...] = field(default_factory=tuple)


def take(said: Any, key: str) -> None:
    """Take blocks from the canvas: use them, or keep them as a draft that says what is wrong with them."""
    spec, draft = state(controls.Edited, key).spec, state(Draft, key)
    if not isinstance(spec, CNNSpec) or not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        return
    if not may_edit():
        return
    words = tuple(said)
    try:
        checked = spec.replace(preset=OWN, blocks=words).checked(controls.mode())
    except SpecError as error:
        draft.words, draft.error, draft.of = words, str(error).removeprefix("Blocks: "), _of(spec)
        return
    draft.error = ""
    # The blocks first: with the preset still another, they are only looked at one by one.
    if written(checked.words) != written(spec.words):
        controls.assign(key, blocks=checked.blocks)
        controls.assign(key, preset=OWN)


def may_edit() -> bool:
    """Whether blocks may be changed on the canvas: not where a lesson hides or locks them."""
    told = lesson.current()
    return not {"blocks", "preset"} & (told.hide | told.lock)


def described(spec: CNNSpec, key: str, classes: int | None = None) -> dict[str, Any]:
    """The network for the canvas's editor: as it runs, or as it was asked for and why that is impossible.

    Args:
        spec: The experiment.
        key: The page's key.
        classes: Of the visitor's own pictures.
    """
    draft = state(Draft, key)
    if draft.error and draft.of != _of(spec):
        draft.error = ""  # another data set, another preset: the draft is of a network that is gone
    words = draft.words if draft.error else written(spec.words)
    outputs = spec.plan(classes).classes
    return {
        "words": list(words),
        "kept": list(written(spec.words)),
        "stages": stages(words, spec.given(), outputs),
        "error": draft.error,
        "editable": may_edit(),
        "longest": grammar.LONGEST,
        "kinds": {kind: {"title": grammar.TITLES[kind], **one} for kind, one in KINDS.items()},  # type: ignore[index]
    }


def written(words: Sequence[str]) -> tuple[str, ...]:
    """Blocks with every number said, as the canvas and the experiment compare them."""
    return tuple(grammar.read(word).word for word in words)


def stages(words: Sequence[str], given: grammar.Shape, classes: int) -> list[dict[str, Any]]:
    """Each block in its place with shapes and parameters, as far as it is possible; the first impossible one says why."""
    plan, wrong = grammar.plan((), given, classes), ""
    for count in range(1, len(words) + 1):
        try:
            plan = grammar.plan(words[:count], given, classes)
        except InputError as error:
            wrong = str(error).partition(": ")[2] or str(error)
            break
    found = [_told(stage, last=False) for stage in plan.stages[:-1]]
    if not wrong:
        return [*found, _told(plan.stages[-1], last=True)]
    rest: list[dict[str, Any]] = [
        {"word": word, "shape": None, "params": 0, "output": False} for word in words[len(found) :]
    ]
    rest[0]["wrong"] = wrong[:1].upper() + wrong[1:]
    return [*found, *rest]


def _told(stage: grammar.Stage, *, last: bool) -> dict[str, Any]:
    return {
        "word": stage.block.word,
        "title": "Output" if last else stage.block.title,
        "given": list(stage.given),
        "shape": list(stage.shape),
        "params": stage.parameters,
        "products": stage.products,
        "told": counted(stage),
        "output": last,
    }


def counted(stage: grammar.Stage) -> str:
    """How the parameters of a block come about: ``2,416 parameters: 16 x (6 x 5 x 5 + 1)``."""
    block = stage.block
    if not stage.parameters:
        return "Nothing is learnt here."
    told = f"{stage.parameters:,} parameters"
    if block.kind == "conv":
        inner = f"{stage.given[0]} × {block.kernel} × {block.kernel}"
        return f"{told}: {block.filters} × ({inner} + {'2' if block.norm else '1'})."
    if block.kind == "dense":
        inputs = " × ".join(map(str, stage.given))
        return f"{told}: {block.filters} × ({inputs} + 1)."
    return f"{told}, two convolutions with their normalisation."


def show(spec: CNNSpec, classes: int | None) -> None:
    """The network as a table: shapes, parameters, multiplications; and how they are counted."""
    st.table(table(spec.plan(classes)))
    st.markdown(
        "A convolution of *f* filters of *k* × *k* over *c* maps has *f* × (*c* × *k* × *k* + 1) parameters, however large the "
        "pictures are; a dense layer has one for each pair of a value and a unit. The command line takes the words in the "
        "second column: `--preset own --blocks conv:16:3,max:2,dense:64`."
    )


def table(plan: grammar.Plan) -> list[dict[str, str]]:
    """The network as rows of a table."""
    rows = [
        {
            "Block": "Output" if stage is plan.stages[-1] else stage.block.title,
            "Written": "" if stage is plan.stages[-1] else stage.block.word,
            "Takes": shaped(stage.given),
            "Gives": shaped(stage.shape),
            "Parameters": f"{stage.parameters:,}",
            "Multiplications a picture": f"{stage.products:,}",
        }
        for stage in plan.stages
    ]
    total = {"Block": "**All of it**", "Written": "", "Takes": "", "Gives": ""}
    return [
        *rows,
        {**total, "Parameters": f"**{plan.parameters:,}**", "Multiplications a picture": f"**{plan.products:,}**"},
    ]


def shaped(shape: grammar.Shape) -> str:
    """``6 x 28 x 28`` or ``120``."""
    return " × ".join(map(str, shape))


def _of(spec: CNNSpec) -> tuple[Any, ...]:
    """What a draft belongs to."""
    return spec.preset, spec.words, spec.given()
