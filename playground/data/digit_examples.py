"""Photographed digits to try the readers on: our own strokes on drawn paper, under drawn light (``recipes/starter_digits.py``)."""

from __future__ import annotations

from playground.core import paths
from playground.core.registry import Registry
from playground.data.examples import Example

DIGIT_EXAMPLES: Registry[Example] = Registry("photographed digit")

for _name, _title, _summary in (
    ("shadow", "Under a shadow", "A thin 0 on paper; the edge of a shadow runs through it."),
    ("lined", "On lined paper", "A 3 in grey ink on lined paper, lit from above."),
    ("board", "On a board", "A 2 in chalk on a blackboard: light on dark."),
    ("marker", "With a marker", "A thick 6 in grey, close up."),
    ("squared", "On squared paper", "A small 8 on squared paper, lit from one side."),
):
    DIGIT_EXAMPLES.add(
        Example(
            name=_name, title=_title, summary=_summary, file=f"{_name}.jpg", by="Drawn for the playground, 2026", licence="AGPL-3.0",
            folder=paths.SAMPLES / "digits",
        )
    )  # fmt: skip
