"""Files of texts: a line each, or a table with a column of them.

People's files come in any encoding and with any separator, with column names or without, with sentences full of commas and
quotation marks. Whatever cannot be read is refused with a sentence that says what to do. Nothing in a file is evaluated.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.core.errors import InputError
from playground.core.language import MOST_TEXTS
from playground.data.cells import is_number
from playground.data.sheet import NO_SEPARATORS, SAVE_AS, SEPARATORS, names_of
from playground.data.text_encoding import decoded

TEXT_NAMES = (
    *(
        "text",
        "texts",
        "sentence",
        "sentences",
        "review",
        "reviews",
        "review text",
        "review_text",
        "comment",
        "comments",
    ),
    *(
        "message",
        "messages",
        "tweet",
        "tweets",
        "post",
        "content",
        "body",
        "feedback",
        "question",
        "questions",
        "utterance",
    ),
    *("phrase", "headline", "summary", "description", "opinion", "answer", "title", "subject"),
)
"""What a column of texts is often called, the surest first."""

OTHER_NAMES = frozenset(
    {
        *(
            "label",
            "labels",
            "class",
            "classes",
            "category",
            "categories",
            "sentiment",
            "target",
            "rating",
            "stars",
            "score",
        ),
        *(
            "polarity",
            "topic",
            "intent",
            "emotion",
            "feeling",
            "id",
            "date",
            "time",
            "user",
            "name",
            "author",
            "source",
        ),
        *("language", "lang", "split", "number", "no", "no.", "index", "product", "type", "kind"),
    }
)
"""What columns beside it are often called."""

_TABLE = re.compile(r"\.(csv|tsv|tab)$", re.IGNORECASE)
_ALIKE = 0.9


@dataclass(frozen=True, eq=False)
class TextFile:
    """A file that was read.

    Attributes:
        name: What it is called.
        columns: Names of its columns, each different; one where it has a text a line.
        rows: Its cells, all rows of one width; no row is empty.
        lines: Line of the file on which each row begins, counted from 1.
        headed: Whether the file names its columns.
        notes: What was taken for what, in sentences.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    headed: bool
    notes: tuple[str, ...]

    @property
    def likely(self) -> str:
        """The column that looks most like texts: by its name, else the one with the longest and most varied cells."""
        for name in TEXT_NAMES:
            for column in self.columns:
                if self.headed and column.casefold() == name:
                    return column
        return max(self.columns, key=lambda column: _wordy(self.column(column)[:1000]))

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of a column, row by row; raises ``InputError`` with the nearest name where there is none of that name."""
        if name not in self.columns:
            same = [column for column in self.columns if column.casefold() == name.strip().casefold()]
            near = same or difflib.get_close_matches(name, self.columns, n=1)
            shown = ", ".join(self.columns[:8]) + (
                f" and {len(self.columns) - 8} more" if len(self.columns) > 8 else ""
            )
            hint = f"Did you mean '{near[0]}'?" if near else f"It has {shown}."
            raise InputError(f"There is no column '{name[:80]}' in {self.name}. {hint}")
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


def read_texts(
    content: bytes, name: str, *, max_bytes: int, max_rows: int = MOST_TEXTS, max_columns: int = 100
) -> TextFile:
    """Read a file of texts: a table where its name says so or all its lines hold tabs, else a text a line.

    Args:
        content: The file.
        name: What it is called; its ending decides.
        max_bytes: Largest file.
        max_rows: Most texts.
        max_columns: Most columns.

    Raises:
        InputError: In words, where it is no text file, too large, or its lines do not fit together.
    """
    shown = re.split(r"[\\/]", name)[-1].strip()[-80:] or "The file"
    if len(content) > max_bytes:
        raise InputError(
            f"{shown} has {len(content) / 1e6:,.1f} MB; at most {max_bytes / 1e6:g} MB can be used. Leave out rows or columns."
        )
    text, notes = decoded(content, shown)
    table = bool(_TABLE.search(shown)) or _tabbed(text)
    told = re.match(r'"?sep=(.)"?[ \r]*\n', text, re.IGNORECASE) if table else None  # as Excel writes it
    body, skipped = (text[told.end() :], 1) if told else (text, 0)
    if body.count("\n") > 20 * max_rows + 10_000:
        raise InputError(f"{shown} has far more lines than the {max_rows:,} texts that can be used. Leave some out.")
    usable = told and told[1] not in NO_SEPARATORS
    separator = (told[1] if told and usable else _separator(body, shown)) if table else ""
    rows, lines = _parsed(body, separator, shown, notes) if separator else _lined(body, quoted=table)
    if not rows:
        raise InputError(f"{shown} is empty. {SAVE_AS}")
    width = max(len(rows[0]), Counter(map(len, rows[:1000])).most_common(1)[0][0])
    if width > max_columns:
        raise InputError(f"{shown} has {width} columns; at most {max_columns} can be used. Leave some out.")
    for row, line in zip(rows, lines, strict=True):
        if len(row) > width and any(row[width:]):
            raise InputError(_too_long(line + skipped, len(row), width, separator))
    rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    headed = table and _headed(rows)
    columns = names_of(rows[0])[0] if headed else _numbered(width)
    if headed:
        rows, lines = rows[1:], lines[1:]
        if not rows:
            raise InputError(f"{shown} has column names but no rows below them.")
    elif table:
        notes.append("There is no line of column names, so the first line is a text like the others.")
    if len(rows) > max_rows:
        raise InputError(f"{shown} has {len(rows):,} texts; at most {max_rows:,} can be used. Leave some out.")
    return TextFile(
        shown, columns, tuple(map(tuple, rows)), tuple(line + skipped for line in lines), headed, tuple(notes)
    )


def _tabbed(text: str) -> bool:
    """Whether lines are rows of a table that says so by tabs."""
    counts = {line.count("\t") for line in text[:100_000].split("\n")[:-1][:300] or [text] if line.strip()}
    return len(counts) == 1 and counts != {0}


def _separator(text: str, name: str) -> str:
    """What stands between cells; empty where each line is one text."""
    sample = text[:200_000].split("\n")[:300]
    best, highest = "", 0.0
    for separator in ("\t", *(one for one in SEPARATORS if one != "\t")):
        try:
            rows = [
                row
                for row in csv.reader(sample, delimiter=separator, skipinitialspace=True)
                if any(map(str.strip, row))
            ]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        if _named(rows[0]):
            return separator
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if width >= 2 and count / len(rows) > max(highest, _ALIKE):
            best, highest = separator, count / len(rows)
    return best


def _parsed(text: str, separator: str, name: str, notes: list[str]) -> tuple[list[list[str]], list[int]]:
    """Stripped cells of each row that holds any, and its line; quotation marks that enclose no cells are letters."""
    try:
        return _rows(text, separator, name, strict=True)
    except (InputError, csv.Error) as error:
        rows, lines = _rows(text, separator, name, quoting=csv.QUOTE_NONE)
        if len({len(row) for row in rows}) > 1:
            if isinstance(error, InputError):
                raise
            return _rows(text, separator, name)
    notes.append(f"Quotation marks in {name} enclose no cells and were read as part of the texts.")
    return rows, lines


def _rows(text: str, separator: str, name: str, **way: Any) -> tuple[list[list[str]], list[int]]:
    """See ``_parsed``; raises ``csv.Error`` where quotation marks stand elsewhere than around cells, if ``strict``."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, skipinitialspace=True, **way)
    rows, lines, begin = [], [], 1
    try:
        for row in reader:
            if any(cells := [cell.strip() for cell in row]):
                rows.append(cells)
                lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise InputError(f'A quotation mark (") in line {begin} of {name} is never closed.') from None
        if "field limit" in str(error):
            raise InputError(
                f"Line {begin} of {name} holds a cell of more than {csv.field_size_limit():,} characters; "
                'probably a quotation mark (") is never closed.'
            ) from None
        raise
    return rows, lines


def _lined(text: str, *, quoted: bool) -> tuple[list[list[str]], list[int]]:
    """A text a line; those of a table may be quoted and go on in the next line."""
    if quoted:
        try:
            return _rows(text, "\x1f", "", strict=True)
        except (InputError, csv.Error):
            pass  # quotation marks that enclose nothing: then they are part of the texts
    kept = [(line.strip(), number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return [[line] for line, _ in kept], [number for _, number in kept]


def _named(row: Sequence[str]) -> bool:
    """Whether a row holds the names of columns: one that is known among short ones."""
    names = [" ".join(cell.removeprefix("#").casefold().split()) for cell in row]
    known = any(name in OTHER_NAMES or name in TEXT_NAMES for name in names)
    return known and all(len(name) <= 40 and not is_number(name) for name in names)


def _headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: by known names, or short words that do not recur above much longer texts."""
    first, below = rows[0], rows[1:200]
    if _named(first):
        # "Good" may be a text and "kind" a label: a name does not stand below itself.
        return not any(cell == row[place] for row in below for place, cell in enumerate(first) if cell)
    if len(first) < 2 or not below or any(not cell or is_number(cell) or len(cell) > 30 for cell in first):
        return False
    if any(cell == row[place] for row in below for place, cell in enumerate(first)) or len(set(first)) < len(first):
        return False
    place = max(range(len(first)), key=lambda place: _wordy([row[place] for row in below]))
    lengths = sorted(len(row[place]) for row in below)
    return len(first[place].split()) <= 3 and lengths[len(lengths) // 2] >= max(20, 2.5 * len(first[place]))


def _wordy(cells: Sequence[str]) -> float:
    """How much a column looks like texts: the length of its different cells that are no numbers."""
    return sum(len(cell) for cell in set(cells) if not is_number(cell)) / max(1, len(cells))


def _numbered(width: int) -> tuple[str, ...]:
    return ("text",) if width == 1 else tuple(f"column {number}" for number in range(1, width + 1))


def _too_long(line: int, cells: int, width: int, separator: str) -> str:
    return (
        f"Line {line} has {cells} cells (separated by '{'tab' if separator == chr(9) else separator}'), but the other lines have {width}. "
        'Put a text that holds the separator itself in quotation marks (").'
    )
