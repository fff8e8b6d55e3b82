"""Texts with labels that come with the playground, in the order of the menu: what a text model can be fine-tuned on.

Importing this module fills the registry and reads no file.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Mapping
from dataclasses import dataclass

from playground.core import paths
from playground.core.registry import Named, Registry
from playground.data.text_set import LabelledTexts, labelled

FOLDER = paths.SAMPLES / "texts"


@dataclass(frozen=True, kw_only=True)
class TextSetEntry(Named):
    """A set of texts.

    Attributes:
        source: Who wrote them, and when.
        file: In the folder of samples: a line of column names, then ``text,label`` rows.
        classes: Name of each class.
        counts: Texts in each class, by its name.
        licence: Under which terms it may be passed on.
        examples: A text of each class, for the menu.
    """

    source: str
    file: str
    classes: tuple[str, ...]
    counts: Mapping[str, int]
    examples: tuple[str, ...]
    licence: str = "As the playground's"

    @property
    def rows(self) -> int:
        """Texts in all."""
        return sum(self.counts.values())

    def load(self) -> LabelledTexts:
        """All of them."""
        return _read(self.file)


@functools.lru_cache(maxsize=4)
def _read(file: str) -> LabelledTexts:
    content = (FOLDER / file).read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(content, newline="")))[1:]
    return labelled([row[0] for row in rows], [row[1] for row in rows])


TEXT_SETS: Registry[TextSetEntry] = Registry("set of texts")

_BY = "Written for the playground, 2026"

TEXT_SETS.add(
    TextSetEntry(
        name="requests",
        title="Requests to a shop",
        summary="600 messages to an online shop, in five classes by what they are about.",
        source=_BY,
        file="requests.csv",
        classes=("account", "delivery", "payment", "product", "return"),
        counts={"account": 120, "delivery": 120, "payment": 120, "product": 120, "return": 120},
        examples=(
            "I cannot log in any more.",
            "Where is my parcel?",
            "I was charged twice.",
            "Does the lamp come in green?",
            "The zip broke, I want my money back.",
        ),
    )
)
TEXT_SETS.add(
    TextSetEntry(
        name="unwanted",
        title="Wanted or unwanted",
        summary="200 messages on a phone, half of them sent to trick or to sell.",
        source=_BY,
        file="unwanted.csv",
        classes=("unwanted", "wanted"),
        counts={"unwanted": 100, "wanted": 100},
        examples=("Your account is blocked, confirm your PIN here.", "Running ten minutes late, order me a tea."),
    )
)
