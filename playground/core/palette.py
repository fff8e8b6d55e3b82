"""One colour for each class of objects, the same on the page, in annotated pictures and in clips.

Bright and deep hues take turns, so that neighbouring classes differ in lightness, too; the orange and the blue that stand
for sign are not among them. A colour alone never says which class it is: the name stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tint:
    """A colour and what is readable on it, both as ``#RRGGBB``.

    Attributes:
        colour: Of lines and of what lies behind words.
        ink: Of words on it, at least 4.5 : 1.
    """

    colour: str
    ink: str


_DARK, _LIGHT = "#1B1F24", "#FFFFFF"

TINTS: tuple[Tint, ...] = (
    Tint("#FF96D3", _DARK), Tint("#038660", _LIGHT), Tint("#C5C619", _DARK), Tint("#8254C4", _LIGHT),
    Tint("#10D8D8", _DARK), Tint("#C03A51", _LIGHT), Tint("#99D352", _DARK), Tint("#B23E88", _LIGHT),
    Tint("#C9ADFD", _DARK), Tint("#767700", _LIGHT), Tint("#18DEA3", _DARK), Tint("#138080", _LIGHT),
    Tint("#D56AEE", _DARK), Tint("#4F7A2F", _LIGHT), Tint("#0FB129", _DARK), Tint("#A0482C", _LIGHT),
    Tint("#AF8688", _DARK), Tint("#9A33AE", _LIGHT), Tint("#A5C0A4", _DARK), Tint("#6D6A8B", _LIGHT),
)  # fmt: skip


def tint(index: int) -> Tint:
    """What a class is drawn in, by its number; from the twenty-first on they come again."""
    return TINTS[index % len(TINTS)]


def parts(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#RRGGBB``, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
