"""What the text in a cell means: nothing, a number, or words.

Numbers are understood as people write them: decimal point or comma, thousands set apart by the other mark, by a space or
by an apostrophe, with a currency or percent sign. Whether ``1,234`` is about one or above a thousand is decided by the
whole column, then by the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAPS = frozenset(
    {"", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "–", "—", "?", ".", "missing", "(null)"}
)  # fmt: skip

# Odd cells (such as "<5") are counted as gaps in a column that is otherwise made of numbers.
MOST_ODD = 0.1

# No number is longer, and no pattern need be tried on more.
LONGEST = 100

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "\u2212": "-"})
_SIGN = r"(?:[€$£¥₹]|EUR|USD|GBP|CHF)"
_SOME_SIGN = re.compile("[%€$£¥₹DFPR]")  # a letter of each currency's code is enough to look closer
_LEADING_SIGN = re.compile(rf"^([+-]?) *{_SIGN} *(?=[+-]?[0-9.,])", re.MULTILINE)
_TRAILING_SIGN = re.compile(rf"(?<=[0-9.,]) *(?:%|{_SIGN})$", re.MULTILINE)
_OTHER = {".": ",", ",": "."}


def _whole(other: str) -> str:
    """Digits, their thousands set apart by one kind of mark or not at all; no group begins with a zero."""
    groups = "|".join(rf"(?:{mark}\d{{3}})+" for mark in (re.escape(other), " ", "'"))
    return rf"(?:[1-9]\d{{0,2}}(?:{groups})|\d*)"


# One cell, with all that may stand around a number.
_CELL = {
    mark: re.compile(
        rf"{_SIGN}?\s*+(?P<sign>[+-]?)\s*+{_SIGN}?\s*+(?P<whole>{_whole(_OTHER[mark])})"
        rf"(?:{re.escape(mark)}(?P<part>\d*))?(?P<power>[eE][+-]?\d+)?\s*(?:%|{_SIGN})?",
        re.ASCII,
    )
    for mark in ".,"
}
# A whole column of bare numbers, one on a line.
_COLUMN = {
    mark: re.compile(rf"(?:(?:nan|[+-]?{_whole(_OTHER[mark])}(?:{re.escape(mark)}\d*)?)(?:\n|\Z))*+", re.ASCII)
    for mark in ".,"
}
_NO_DIGIT = re.compile(r"\D", re.ASCII)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column read as numbers.

    Attributes:
        values: ``(n,)``, NaN in gaps and in odd cells; infinite where a number is too large to be held.
        odd: How many cells are neither empty nor a number.
        example: One such cell; empty where there is none.
    """

    values: Floats
    odd: int = 0
    example: str = ""


def is_gap(cell: str) -> bool:
    """Whether a cell says that there is no value (``NA``, ``-``, ``?`` and the like)."""
    return cell.strip().lower() in GAPS


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number in either convention."""
    return _number(cell, ".") is not None or _number(cell, ",") is not None


def read_numbers(columns: Sequence[Sequence[str]], separator: str) -> tuple[list[Numbers | None], tuple[str, ...]]:
    """Read each column as numbers.

    Args:
        columns: Stripped cells, column by column.
        separator: What separates the cells of the file; it settles a tie between decimal comma and decimal point.

    Returns:
        The numbers of each column, ``None`` for one that holds text (or nothing), and notes on what was ambiguous.
    """
    read: list[Numbers | None] = []
    open_questions: dict[int, dict[str, Numbers]] = {}
    votes = {".": 0, ",": 0}
    for number, cells in enumerate(columns):
        found = _readings(cells)
        if len(found) == 2 and not np.array_equal(found["."].values, found[","].values, equal_nan=True):
            open_questions[number] = found
        elif len(found) == 1 and _has_mark(cells):
            votes[next(iter(found))] += 1
        read.append(next(iter(found.values()), None))
    notes = []
    for number, found in open_questions.items():
        example = next(cell for cell in columns[number] if not is_gap(cell) and ("," in cell or "." in cell))
        if votes["."] != votes[","]:
            mark = max(votes, key=lambda key: votes[key])
        else:
            mark = "." if "," not in example or separator == "," else ","
            meant = "point" if mark == "." else "comma"
            value = _number(example, mark)
            notes.append(f"Numbers such as {example} were read with a decimal {meant}, as {value:,.6g}.")
        read[number] = found[mark]
    return read, tuple(dict.fromkeys(notes))


def _readings(cells: Sequence[str]) -> dict[str, Numbers]:
    """The column read with a decimal point and with a decimal comma: those readings that leave the fewest odd cells."""
    kept = ["nan" if cell.lower() in GAPS else cell for cell in cells]
    if all(cell == "nan" for cell in kept):
        return {}
    text = "\n".join(kept)
    if "_" not in text and text.count("\n") == len(kept) - 1:
        text = text if text.isascii() else text.translate(_SPACES)
        if _SOME_SIGN.search(text):
            text = _TRAILING_SIGN.sub("", _LEADING_SIGN.sub(r"\1", text))
        marks = ".," if "." in text or "," in text else "."
        swift = {mark: numbers for mark in marks if (numbers := _swift(text, mark)) is not None}
        if swift:
            return swift
    both = {mark: numbers for mark in ".," if (numbers := _careful(kept, mark)) is not None}
    fewest = min((numbers.odd for numbers in both.values()), default=0)
    return {mark: numbers for mark, numbers in both.items() if numbers.odd == fewest}


def _swift(text: str, mark: str) -> Numbers | None:
    """All cells of a column at once, one on a line; ``None`` where one of them is no plain number."""
    other = _OTHER[mark]
    if other in text or " " in text or "'" in text:
        if not _COLUMN[mark].fullmatch(text):
            return None
        text = text.replace(other, "").replace(" ", "").replace("'", "")
    try:
        return Numbers(np.array(list(map(float, text.replace(",", ".").split("\n"))), np.float64))
    except ValueError:
        return None


def _careful(cells: list[str], mark: str) -> Numbers | None:
    """Cell by cell; ``None`` as soon as too many cells are odd."""
    allowed = MOST_ODD * sum(cell != "nan" for cell in cells)
    values = np.full(len(cells), np.nan)
    odd, example = 0, ""
    for row, cell in enumerate(cells):
        if cell == "nan":
            continue
        value = _number(cell, mark)
        if value is None:
            odd, example = odd + 1, example or cell
            if odd > allowed:
                return None
        else:
            values[row] = value
    return Numbers(values, odd, example)


def _number(cell: str, mark: str) -> float | None:
    """The number in one cell, with ``mark`` before the decimals; ``None`` where there is none."""
    if len(cell) > LONGEST:
        return None
    text = cell.strip().translate(_SPACES)
    negative = text.startswith("(") and text.endswith(")")  # how accountants write a debt
    if negative:
        text = text[1:-1].strip()
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        return -np.inf if text.startswith("-") else np.inf
    found = _CELL[mark].fullmatch(text)
    if found is None or not (found["whole"] or found["part"]):
        return None
    whole = _NO_DIGIT.sub("", found["whole"])
    value = float(f"{found['sign']}{whole or 0}.{found['part'] or 0}{found['power'] or ''}")
    return -value if negative else value


def _has_mark(cells: Sequence[str]) -> bool:
    return any("," in cell or "." in cell for cell in cells if not is_gap(cell))
