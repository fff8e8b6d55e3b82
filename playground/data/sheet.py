"""From the bytes of a file to rows of text: encoding, separator, title lines, header.

People's spreadsheets come with any separator, in several encodings, with a title above the header or without a header,
and sometimes they are no CSV at all. Whatever cannot be read is refused with a sentence that says what to do. Nothing in
a file is ever evaluated.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playground.core.errors import InputError
from playground.data.cells import is_gap, is_number

SEPARATORS = (",", ";", "\t", "|")
NO_SEPARATORS = ('"', " ", "\r")
"""What a line ``sep=`` may name and no cells can be parted by."""
LONGEST_NAME = 80
SAVE_AS = "Open it in your spreadsheet program, save that sheet as CSV (UTF-8), and upload that."

# First bytes of files that are often taken for tables, and what to call them.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind (.xls)"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"RIFF", "an image, sound or video"),
    (b"\x1f\x8b", "a compressed archive (gzip); unpack it first"),
    (b"7z\xbc\xaf", "a compressed archive (7z); unpack it first"),
    (b"Rar!", "a compressed archive (RAR); unpack it first"),
    (b"PAR1", "a Parquet file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
)


@dataclass(frozen=True)
class Sheet:
    """A file as rows of stripped text, all of one width.

    Attributes:
        names: One name per column, each different.
        unnamed: Numbers of the columns that the file gives no name.
        rows: The cells below the header; short rows are filled with empty text.
        lines: Line of the file on which each row begins, counted from 1.
        separator: What stands between cells.
        notes: Sentences on what was taken for what.
    """

    names: tuple[str, ...]
    unnamed: frozenset[int]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    notes: tuple[str, ...]


def read_sheet(content: bytes, name: str, *, max_bytes: int, max_rows: int, max_columns: int) -> Sheet:
    """The rows of a CSV file; raises ``InputError`` in words where it is none or is too large."""
    if len(content) > max_bytes:
        raise InputError(
            f"{name} has {len(content) / 1e6:.1f} MB; at most {max_bytes / 1e6:g} MB can be used. "
            "Leave out columns or rows that are not needed."
        )
    text = _decode(content, name)
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?', first.strip("\r\n "), re.IGNORECASE)  # a line that Excel writes and reads
    body, skipped = (rest, 1) if told else (text, 0)
    separator = told[1] if told and told[1] not in NO_SEPARATORS else _separator(body)
    if separator == " ":
        body = "\n".join(" ".join(line.split()) for line in body.split("\n"))

    if body.count("\n") > 2 * max_rows + 10_000:
        raise InputError(f"{name} has far more lines than the {max_rows:,} rows that can be used. Leave some out.")

    lines: list[int] = []
    rows: list[list[str]] = []
    for line, row in _rows(body, separator, name):
        if any(row):
            lines.append(line + skipped)
            rows.append(row)
        if len(rows) > max_rows + 20:  # title lines and the header are no rows
            break
    if not rows:
        raise InputError(f"{name} is empty. {SAVE_AS}")
    width = Counter(len(_trimmed(row)) for row in rows[:1000]).most_common(1)[0][0]
    if width > max_columns:
        raise InputError(f"{name} has {width} columns; at most {max_columns} can be used. Leave some out.")

    titles = _titles(rows, width)
    notes = [f"Line {lines[k]} was taken as a title: '{_shortened(rows[k][0])}'." for k in range(titles)]
    rows, lines = rows[titles:], lines[titles:]
    headed = _has_header(rows)
    width = max(len(_trimmed(rows[0])), width) if headed else width
    for line, row in zip(lines, rows, strict=True):
        if len(row) > width and any(row[width:]):
            raise InputError(_too_long(line, len(_trimmed(row)), width, separator, headed))
    if width < 2:
        raise InputError(
            f"{name} has a single column, or its separator was not recognised; separate cells by a comma, a semicolon, "
            "a tab or a vertical bar. At least two inputs and a target are needed."
        )
    if width > max_columns:
        raise InputError(f"{name} has {width} columns; at most {max_columns} can be used. Leave some out.")
    rows = [row[:width] + [""] * (width - len(row)) for row in rows]

    if not headed:
        notes.append("There is no line of column names, so the columns are numbered.")
    given = rows[0] if headed else [""] * width
    rows, lines = (rows[1:], lines[1:]) if headed else (rows, lines)
    if not rows:
        raise InputError(f"{name} has column names but no rows below them.")
    if len(rows) > max_rows:
        raise InputError(f"{name} has more than {max_rows:,} rows, which is the most that can be used. Leave some out.")
    names, unnamed = names_of(given)
    return Sheet(names, unnamed, rows, lines, separator, tuple(notes))


def _decode(content: bytes, name: str) -> str:
    """Text with line feeds between lines. UTF with or without a mark, else Windows' Western encoding (cp1252)."""
    if not content.strip():
        raise InputError(f"{name} is empty. {SAVE_AS}")
    refuse_other_kinds(content, name)
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if marked else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(f"The letters of {name} are written in an encoding that was not recognised. {SAVE_AS}")
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    if found := re.search(r"[\x00-\x08\x0e-\x1f]", text):
        line = text.count("\n", 0, found.start()) + 1
        what = "a NUL byte" if found[0] == "\x00" else "a control character"
        raise InputError(f"{name} is not a text file: line {line} holds {what}. {SAVE_AS}")
    if not text.strip():
        raise InputError(f"{name} is empty. {SAVE_AS}")
    return text


def refuse_other_kinds(content: bytes, name: str) -> None:
    """Raise ``InputError`` where the first bytes are those of a file that is often taken for a table."""
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), "")
    if content.startswith(b"PK\x03\x04"):
        kind = "a compressed archive (ZIP); unpack it first"
        if b"xl/" in content or b"[Content_Types].xml" in content[:200]:
            kind = "an Excel workbook"
        elif b"opendocument.spreadsheet" in content[:200]:
            kind = "an OpenDocument spreadsheet"
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        kind = "a web page (HTML)"
    elif start.startswith((b"<?xml", b"<!doctype")):
        kind = "an XML file"
    elif re.match(rb'\{\s*"|\[\s*[\[{]', start):
        kind = "a JSON file"
    if kind:
        sheets = "Excel" in kind or "spreadsheet" in kind
        raise InputError(f"{name} is {kind}, not a CSV file. {SAVE_AS if sheets else 'Upload a table saved as CSV.'}")


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into equally many cells, and these into numbers."""
    sample = "\n".join(line for line in text[:100_000].split("\n")[:300] if line.strip())
    best, highest = "", 0.0
    for separator in SEPARATORS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample, newline="\n"), delimiter=separator) if any(row)]
        except csv.Error:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        if width < 2:
            # A few lines may still be cut: a title or a header above short lines must not hide the separator.
            continue
        cells = [cell for row in rows if len(row) == width for cell in row if cell.strip()]
        numbers = sum(map(is_number, cells)) / max(1, len(cells))
        score = count / len(rows) * (0.5 + numbers)
        if score > highest:
            best, highest = separator, score
    if best:
        return best
    spaced = [line.split() for line in sample.split("\n")]
    alike = len(spaced[0]) > 1 and all(len(row) == len(spaced[0]) for row in spaced)
    return " " if alike and any(map(is_number, spaced[-1])) else ","


def _rows(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of each row."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, skipinitialspace=True)
    begin = last = 1
    same: dict[str, str] = {}  # equal cells are one text in memory: tables repeat themselves
    try:
        for row in reader:
            yield begin, [same.setdefault(cell, cell) for cell in map(str.strip, row)]
            begin, last = reader.line_num + 1, begin
    except csv.Error:
        raise InputError(
            f"Line {begin} of {name} holds a cell of more than {csv.field_size_limit():,} characters; "
            'probably a quotation mark (") is never closed.'
        ) from None
    if begin - last > 2 and text.count('"') % 2:
        raise InputError(f'A quotation mark (") in line {last} of {name} is never closed.')


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    """The row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _titles(rows: list[list[str]], width: int) -> int:
    """How many of the first rows are titles: text in the first cell and nothing beside it, above a wider table."""
    count = 0
    while count < min(len(rows) - 1, 10) and width > 1:
        row, following = rows[count], rows[count + 1]
        alone = len(_trimmed(row)) == 1 and not is_number(row[0])
        # A row as wide as the table and right above numbers is a header that names one column only.
        if not alone or (len(row) >= width and any(map(is_number, following))):
            break
        count += 1
    return count


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: text above numbers, a word above others that recur, or no number at all."""
    first, below = rows[0], rows[1:51]
    words = [column for column, cell in enumerate(first) if not is_gap(cell) and not is_number(cell)]
    for column in words:
        cells = [row[column] for row in below if column < len(row) and not is_gap(row[column])]
        if cells and 2 * sum(map(is_number, cells)) >= len(cells):
            return True
        # Years may be names too: then "kind" above yes, no, no, yes tells that this is a header.
        everything = [row[column] for row in rows[1:] if column < len(row) and not is_gap(row[column])]
        if first[column] not in everything and 2 * len(set(everything)) <= len(everything):
            return True
    return bool(words) and not any(map(is_number, first))


def names_of(given: Sequence[str]) -> tuple[tuple[str, ...], frozenset[int]]:
    """A different name for each column, and which columns the file gives none."""
    names: list[str] = []
    unnamed = set()
    wanted = [
        _shortened(" ".join(cell.removeprefix("#").split() if k == 0 else cell.split())) for k, cell in enumerate(given)
    ]
    for number, name in enumerate(wanted):
        if not name:
            unnamed.add(number)
            name = f"column {number + 1}"
        single, again = name, 2
        while name in names or (again > 2 and name in wanted):
            name, again = f"{single} ({again})", again + 1
        names.append(name)
    return tuple(names), frozenset(unnamed)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def _too_long(line: int, cells: int, width: int, separator: str, headed: bool) -> str:
    shown = {"\t": "tab", " ": "space"}.get(separator, separator)
    why = " If the comma is the decimal mark, separate cells by semicolons." if separator == "," else ""
    where = "the line of column names" if headed else "the other lines"
    return (
        f"Line {line} has {cells} cells (separated by '{shown}'), but {where} {'has' if headed else 'have'} {width}. "
        f"Put a cell that holds the separator itself in quotation marks.{why}"
    )
