"""A visitor's own table: columns of numbers and of text, and the data set that some of them make.

``read_table`` reads a file once; ``Table.dataset`` may then be asked for any choice of columns. Everything that is left
out or decided on the way is said in the data set's notes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.data import labels
from playground.data.cells import is_gap, read_numbers
from playground.data.dataset import Dataset, Task
from playground.data.sheet import read_sheet

TargetKind = Literal["auto", "number", "class"]

FEWEST_ROWS = 10
LARGEST = 1e30  # what is far beyond any measurement would only overflow on its way through the network
_COUNTERS = frozenset({"id", "index", "no", "no.", "nr", "nr.", "#", "row", "row number", "number", "obs"})


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes:
        name: Its name, different from every other's.
        kind: ``"number"``, ``"text"``, or ``"empty"`` where no cell holds anything.
        values: ``(n,)`` with NaN in gaps; all NaN unless ``kind`` is ``"number"``.
        cells: Its text, row by row; not kept where every cell is a number or empty.
        gaps: How many cells hold no value.
        odd: How many of these hold something that is no number.
        example: One of those; empty where there is none.
        counts_rows: Whether it merely numbers the rows.
    """

    name: str
    kind: Literal["number", "text", "empty"]
    values: NDArray[np.float64]
    cells: Sequence[str]
    gaps: int
    odd: int = 0
    example: str = ""
    counts_rows: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """A file that was read.

    Attributes:
        name: Name of the file.
        columns: In the order of the file.
        lines: Line of the file on which each row begins, ``(n,)``.
        notes: What was taken for what while reading.
    """

    name: str
    columns: tuple[Column, ...]
    lines: NDArray[np.intp]
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows the table has, gaps and all."""
        return len(self.lines)

    def default_inputs(self, target: str = "") -> tuple[str, ...]:
        """The inputs to take where nothing is said: every numeric column but ``target`` (empty: the last).

        Columns that merely number the rows, or are empty for the most part, are not among them.
        """
        target = target or self.columns[-1].name
        return tuple(
            column.name
            for column in self.columns
            if column.kind == "number"
            and column.name != target
            and not column.counts_rows
            and 2 * column.gaps <= self.rows
        )

    def dataset(
        self,
        columns: tuple[str, ...] = (),
        target: str = "",
        target_kind: TargetKind | str = "auto",
        *,
        max_classes: int = 10,
    ) -> Dataset:
        """The rows that are complete in the chosen columns, as a data set.

        Args:
            columns: Names of the inputs; empty takes ``default_inputs``.
            target: Name of what is predicted; empty takes the last column.
            target_kind: ``"number"``, ``"class"``, or ``"auto"``: text and few whole numbers are classes.
            max_classes: Most classes that a target may have.

        Raises:
            InputError: Where a name is unknown, a choice does not fit, or too few rows are complete.
        """
        goal = self._column(target) if target else self.columns[-1]
        chosen = [self._column(name) for name in dict.fromkeys(columns)]
        notes = list(self.notes)
        if not chosen:
            chosen = [self._column(name) for name in self.default_inputs(goal.name)]
        notes += self._left_out(chosen, goal)
        self._check_inputs(chosen, goal, bool(columns))

        number = goal.kind == "number" and target_kind != "class"
        complete = ~np.isnan(np.column_stack([column.values for column in chosen])).any(axis=1)
        complete &= (
            ~np.isnan(goal.values) if number or not goal.cells else ~np.array([is_gap(cell) for cell in goal.cells])
        )
        kept = int(complete.sum())
        if kept < FEWEST_ROWS:
            worst = max([*chosen, goal], key=lambda column: column.gaps)
            hint = f" Most gaps are in '{worst.name}' ({worst.gaps} of {self.rows})." if worst.gaps else ""
            raise InputError(
                f"Only {kept} of the {self.rows} rows have a value in every chosen column; at least {FEWEST_ROWS} are "
                f"needed.{hint}"
            )
        if kept < self.rows:
            worst = max([*chosen, goal], key=lambda column: column.gaps)
            notes.append(
                f"{self.rows - kept:,} of {self.rows:,} rows were left out, because a chosen cell has no value; "
                f"'{worst.name}' has the most gaps ({worst.gaps:,})."
            )
        for column in [*chosen, goal] if number else chosen:
            self._check_size(column, complete)
            if column.odd:
                cells = f"{column.odd} cells hold" if column.odd > 1 else "1 cell holds"
                notes.append(f"In '{column.name}', {cells} no number ('{column.example[:40]}') and counted as empty.")

        x = np.column_stack([column.values[complete] for column in chosen])
        inputs = tuple(column.name for column in chosen)
        if goal.kind == "text" and target_kind == "number":
            raise InputError(f"'{goal.name}' holds text, so it cannot be predicted as a number; choose class.")
        if number:
            y = goal.values[complete]
            distinct = np.unique(y)
            few = (
                len(distinct) <= max_classes
                and 4 * len(distinct) <= kept
                and bool((distinct == distinct.round()).all())
            )
            if len(distinct) == 1:
                raise InputError(f"'{goal.name}' is {distinct[0]:g} in every row, so there is nothing to predict.")
            if target_kind == "number" or not few:
                return Dataset(x, y, "regression", inputs, goal.name, notes=tuple(notes))
            notes.append(
                f"'{goal.name}' holds {len(distinct)} different whole numbers and was taken as a class; "
                "say number if it measures something."
            )
        if goal.cells:
            named = [" ".join(cell.split()) for cell, whole in zip(goal.cells, complete, strict=True) if whole]
        else:
            named = labels.from_numbers(goal.values[complete])
        classes = labels.classes_of(named)
        self._check_classes(goal, classes, max_classes)
        task: Task = "binary" if len(classes) == 2 else "classes"
        y = labels.numbered(named, classes)
        return Dataset(x, y, task, inputs, goal.name, labels.shortened(classes), tuple(notes))

    def _column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        known = [column.name for column in self.columns]
        near = difflib.get_close_matches(name, known, n=1) or [one for one in known if one.lower() == name.lower()]
        hint = f"Did you mean '{near[0]}'?" if near else f"It has {_listed(known)}."
        raise InputError(f"There is no column '{name}' in {self.name}. {hint}")

    def _left_out(self, chosen: list[Column], goal: Column) -> list[str]:
        """A sentence for each reason for which columns are not among the inputs."""
        others = [column for column in self.columns if column not in chosen and column is not goal]
        sparse = [c for c in others if c.kind == "number" and not c.counts_rows and 2 * c.gaps > self.rows]
        reasons = {
            "they hold text": [column for column in others if column.kind == "text"],
            "they are empty": [column for column in others if column.kind == "empty"],
            "most of their cells are empty": sparse,
            "they only number the rows": [column for column in others if column.counts_rows],
        }
        return [
            f"Left out, because {reason if len(columns) > 1 else _singular(reason)}: {_listed([c.name for c in columns])}."
            for reason, columns in reasons.items()
            if columns
        ]

    def _check_inputs(self, chosen: list[Column], goal: Column, asked: bool) -> None:
        numeric = [c.name for c in self.columns if c.kind == "number" and c is not goal]
        for column in chosen:
            if column is goal:
                raise InputError(
                    f"'{goal.name}' cannot be both an input and the target; choose another target or leave it out."
                )
            if column.kind != "number":
                what = "holds text" if column.kind == "text" else "is empty"
                raise InputError(
                    f"Column '{column.name}' {what}; inputs must be numbers. Numeric here: {_listed(numeric)}."
                )
        if goal.kind == "empty":
            raise InputError(f"The target column '{goal.name}' is empty; choose another.")
        if len(chosen) >= 2:
            return
        if asked or len(numeric) >= 2:
            raise InputError(
                f"Only one input ({_listed([c.name for c in chosen])}) is chosen; pick two or more numeric columns. "
                f"Numeric here: {_listed(numeric)}."
                if chosen
                else f"No input is chosen; pick two or more numeric columns. Numeric here: {_listed(numeric)}."
            )
        raise InputError(
            f"Beside the target '{goal.name}', {self.name} has {f'one numeric column ({numeric[0]})' if numeric else 'no numeric column'}; "
            "two or more are needed as inputs. Columns with words, dates or units in their cells count as text."
        )

    def _check_size(self, column: Column, complete: NDArray[np.bool_]) -> None:
        far = np.flatnonzero(complete & (np.abs(column.values) > LARGEST))
        if len(far):
            value = column.values[far[0]]
            shown = f"{value:g}" if np.isfinite(value) else "a number without end"
            raise InputError(
                f"Line {self.lines[far[0]]}, column '{column.name}': {shown} is too large; numbers up to "
                f"{LARGEST:g} can be used. Correct the cell or leave it empty."
            )

    def _check_classes(self, goal: Column, classes: Sequence[str], most: int) -> None:
        if len(classes) == 1:
            raise InputError(
                f"'{goal.name}' is '{classes[0][:40]}' in every complete row, so there is nothing to tell apart."
            )
        if len(classes) > most:
            instead = "number, or another target" if goal.kind == "number" else "another target"
            raise InputError(
                f"'{goal.name}' has {len(classes)} different values; a class target may have at most {most}. "
                f"Choose {instead}."
            )


def read_table(content: bytes, name: str, *, max_bytes: int, max_rows: int, max_columns: int) -> Table:
    """Read an uploaded table.

    Any separator, decimal mark and usual encoding; see ``sheet`` and ``cells`` for what is understood.

    Args:
        content: The file.
        name: What it is called; used in messages only.
        max_bytes: Largest file.
        max_rows: Most rows below the header.
        max_columns: Most columns.

    Raises:
        InputError: In words, where the file is no table or a too large one.
    """
    shown = re.split(r"[\\/]", name)[-1].strip()[-80:] or "The file"
    sheet = read_sheet(content, shown, max_bytes=max_bytes, max_rows=max_rows, max_columns=max_columns)
    cells = list(zip(*sheet.rows, strict=True))
    numbers, notes = read_numbers(cells, sheet.separator)
    columns = []
    for position, (title, column, read) in enumerate(zip(sheet.names, cells, numbers, strict=True)):
        if read is None:
            gaps = sum(map(is_gap, column))
            if gaps == len(column) and position in sheet.unnamed:
                continue  # the empty columns that spreadsheets leave at the side
            kind: Literal["text", "empty"] = "empty" if gaps == len(column) else "text"
            columns.append(Column(title, kind, np.full(len(column), np.nan), column, gaps))
            continue
        first = read.values[0]
        counter = title.lower() in _COUNTERS or position in sheet.unnamed
        counts = counter and len(column) > 2 and bool((read.values == first + np.arange(len(column))).all())
        gaps = int(np.isnan(read.values).sum())
        kept = column if read.odd else ()
        columns.append(Column(title, "number", read.values, kept, gaps, read.odd, read.example, counts))
    if len(columns) < 2:
        raise InputError(f"{shown} has a single column that holds anything; two inputs and a target are needed.")
    return Table(shown, tuple(columns), np.array(sheet.lines, np.intp), sheet.notes + notes)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown or "none"


def _singular(reason: str) -> str:
    return (
        reason.replace("they hold", "it holds")
        .replace("they are", "it is")
        .replace("they only number", "it only numbers")
        .replace("their", "its")
    )
