"""Inside BERT: which text, which model, and where in it one looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.specs.bounds import Choice, Range, Words
from playground.specs.spec import Spec

LONGEST_NAME = 120
DEPTHS: Mapping[str, str] = {
    "pieces": "Pieces",
    "attention": "Attention",
    "steps": "Step by step",
    "reason": "Not a reason",
}
LOOKS: Mapping[str, str] = {"arcs": "Arcs", "matrix": "Matrix", "layers": "Through the layers"}
MEASURES: Mapping[str, str] = {
    "last": "Last layer, from [CLS]",
    "all": "Mean of all layers",
    "rollout": "Attention rollout",
}
"""Three ways to say how much attention a word gets, each of which has been read as its importance."""


@dataclass(frozen=True)
class InsideBertSpec(Spec):
    """One sentence inside one model. A visitor's own sentence is never part of it.

    Models and examples are checked against the catalog and the list of examples by the page, which knows them.
    """

    KIND: ClassVar[str] = "inside_bert"
    VERSION: ClassVar[int] = 1

    model: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Model", group="input",
              help="Those that are ready come first; of the others it says what there is to fetch."),
    ] = ""  # fmt: skip
    example: Annotated[
        str, Words(longest=LONGEST_NAME, linked=True, label="Sentence", help="One of ours; or type your own.", group="input")
    ] = ""  # fmt: skip
    depth: Annotated[
        str, Choice(lambda: DEPTHS, label="View", help="What is looked at.", advanced=True, group="view")
    ] = "attention"
    look: Annotated[
        str, Choice(lambda: LOOKS, label="Attention as", help="How one head is drawn.", advanced=True, group="view")
    ] = "arcs"
    layer: Annotated[
        int,
        Range(
            -1,
            63,
            whole=True,
            label="Layer",
            advanced=True,
            group="view",
            help="Counted from 0; -1 is one that can be told at a glance.",
        ),
    ] = -1
    head: Annotated[
        int,
        Range(
            -1,
            63,
            whole=True,
            label="Head",
            advanced=True,
            group="view",
            help="Of that layer, counted from 0; -1 likewise.",
        ),
    ] = -1
    piece: Annotated[
        int, Range(0, 511, whole=True, label="Piece", help="The one that is followed, counted from 0.", advanced=True, group="view")
    ] = 6  # fmt: skip
    measure: Annotated[
        str,
        Choice(lambda: MEASURES, label="Attention that a word gets", advanced=True, group="view",
               help="Each of them has been read as the word's importance."),
    ] = "last"  # fmt: skip
