"""Sentiment: which model reads which text, when it counts as undecided, and how the answer is looked into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.core.language import Attribution
from playground.data.swap_lists import SWAP_LISTS
from playground.specs.bounds import Choice, Range, Words
from playground.specs.spec import Spec

LONGEST_NAME = 120
WIDEST_BAND = 0.45
ATTRIBUTION_TITLES: Mapping[Attribution, str] = {
    "integrated_gradients": "Integrated gradients",
    "occlusion": "Occlusion",
}


@dataclass(frozen=True)
class SentimentSpec(Spec):
    """One text, one verdict, and what can be asked about it. A visitor's own text is never part of it.

    Models and examples are checked against the catalog and the list of examples by the page, which knows them.
    """

    KIND: ClassVar[str] = "sentiment"
    VERSION: ClassVar[int] = 1

    model: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Model", group="input",
              help="Those that are ready come first; of the others it says what there is to fetch."),
    ] = ""  # fmt: skip
    example: Annotated[
        str, Words(longest=LONGEST_NAME, linked=True, label="Text", help="One of ours; or type your own.", group="input")
    ] = ""  # fmt: skip
    band: Annotated[
        float,
        Range(0, WIDEST_BAND, step=0.05, label="Undecided band", group="input",
              help="With two classes, one of them always has more than 50 %. A winner below 50 % plus this share counts as undecided."),
    ] = 0.1  # fmt: skip
    second: Annotated[
        str, Words(longest=LONGEST_NAME, linked=True, label="Second model", help="Reads the same text.", advanced=True, group="two")
    ] = ""  # fmt: skip
    method: Annotated[
        str,
        Choice(lambda: ATTRIBUTION_TITLES, label="Method", advanced=True, group="why",
               help="How the verdict is shared out among the words."),
    ] = "integrated_gradients"  # fmt: skip
    target: Annotated[
        int, Range(-1, 1000, whole=True, label="Class", advanced=True, group="why", help="Which class is explained; -1 is the likeliest.")
    ] = -1  # fmt: skip
    swap: Annotated[
        str,
        Choice(lambda: SWAP_LISTS, label="Words to put there", advanced=True, group="swap",
               help="One word of a sentence is swapped for each of these."),
    ] = "names"  # fmt: skip
