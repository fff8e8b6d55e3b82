"""Words on how far a long answer is, with the part that is done."""

from __future__ import annotations

from typing import Any, Self


class Progress(str):
    """Words like any others, for whoever only shows words.

    Attributes:
        part: How much is done, 0 to 1.
    """

    part: float

    def __new__(cls, words: str, part: float) -> Self:
        """Words and the part that is done, brought to 0 to 1."""
        made = super().__new__(cls, words)
        made.part = min(1.0, max(0.0, part))
        return made

    def __reduce__(self) -> tuple[type[Progress], tuple[Any, ...]]:
        """As it travels from process to process."""
        return Progress, (str(self), self.part)
