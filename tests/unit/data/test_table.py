"""Tables as people's spreadsheets write them: what is read from each, and what is said where one cannot be used."""

import codecs
import csv
import pickle
import random
import zipfile
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.data.dataset import Dataset
from playground.data.table import Table, read_table

LIMITS = {"max_bytes": 5_000_000, "max_rows": 20_000, "max_columns": 100}

# Twelve rows of two measurements and a class, from which most files below are made.
ROWS = [(1.5 + k / 4, -2.25 * k, "yes" if k % 3 else "no") for k in range(12)]
X = np.array([row[:2] for row in ROWS])
Y = np.array([float(row[2] == "yes") for row in ROWS])


def lines(row: str = "{a},{b},{c}", mark: str = ".") -> str:
    return "".join(row.format(a=str(a).replace(".", mark), b=str(b).replace(".", mark), c=c) + "\n" for a, b, c in ROWS)


def read(content: str | bytes, name: str = "own.csv", **limits: int) -> Table:
    return read_table(content.encode() if isinstance(content, str) else content, name, **(LIMITS | limits))


def repeated(cells: list[str], separator: str = ",", header: str = "") -> str:
    """Twelve rows: each cell is a pattern with the number of the row as ``{k}``; the target alternates."""
    head = header or separator.join([*(f"c{n}" for n in range(len(cells))), "y"])
    rows = [separator.join([*(cell.format(k=k) for cell in cells), "no" if k % 2 else "yes"]) for k in range(12)]
    return "\n".join([head, *rows]) + "\n"


SAME: dict[str, str | bytes] = {
    "comma": "a,b,c\n" + lines(),
    "semicolon and decimal comma": "a;b;c\n" + lines("{a};{b};{c}", ","),
    "semicolon and decimal point": "a;b;c\n" + lines("{a};{b};{c}"),
    "tab": "a\tb\tc\n" + lines("{a}\t{b}\t{c}"),
    "tab and decimal comma": "a\tb\tc\n" + lines("{a}\t{b}\t{c}", ","),
    "vertical bar": "a|b|c\n" + lines("{a}|{b}|{c}"),
    "columns lined up by spaces": "a    b    c\n" + lines("{a}   {b}  {c}"),
    "quoted decimal commas": "a,b,c\n" + lines('"{a}","{b}","{c}"', ","),
    "everything quoted": '"a","b","c"\n' + lines('"{a}","{b}","{c}"'),
    "spaces after the separator": "a, b, c\n" + lines('{a}, {b}, "{c}"'),
    "the separator told by Excel": "sep=;\na;b;c\n" + lines("{a};{b};{c}", ","),
    "UTF-8 with a mark": codecs.BOM_UTF8 + ("a,b,c\n" + lines()).encode(),
    "UTF-16 from Excel": ("a\tb\tc\n" + lines("{a}\t{b}\t{c}")).encode("utf-16"),
    "UTF-16 big endian": codecs.BOM_UTF16_BE + ("a,b,c\n" + lines()).encode("utf-16-be"),
    "Windows line ends": ("a,b,c\n" + lines()).replace("\n", "\r\n"),
    "old Macintosh line ends": ("a,b,c\n" + lines()).replace("\n", "\r"),
    "no line end at the end": ("a,b,c\n" + lines()).rstrip("\n"),
    "blank lines": "\n\na,b,c\n\n" + lines().replace("\n", "\n\n") + "\n\n",
    "rows of nothing but separators": "a,b,c\n,,\n" + lines() + ",,\n,,\n",
    "empty columns at the side": "a,b,c,,\n" + lines("{a},{b},{c},,"),
    "a trailing separator in rows only": "a,b,c\n" + lines("{a},{b},{c},"),
    "an end-of-file mark of DOS": "a,b,c\n" + lines() + "\x1a",
    "plus signs and exponents": "a,b,c\n" + "".join(f"+{a:.6e},{b:E},{c}\n" for a, b, c in ROWS),
    "typographic minus": "a,b,c\n" + lines().replace("-", "\u2212"),
    "percent signs": "a,b,c\n" + lines("{a}%,{b} %,{c}"),
    "currencies": "a,b,c\n" + lines("${a},{b} €,{c}"),
    "debts in brackets": "a,b,c\n" + "".join(f"{a},({-b}),{c}\n" for a, b, c in ROWS),
    "a comment sign before the header": "# a,b,c\n" + lines(),
}  # fmt: skip


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_the_same_table_is_read_however_it_is_written(content: str | bytes) -> None:
    made = read(content).dataset()
    np.testing.assert_allclose(made.x, X, rtol=1e-6)
    np.testing.assert_array_equal(made.y, Y)
    assert (made.task, made.classes, made.drawn) == ("binary", ("no", "yes"), False)
    assert (made.inputs, made.target) == (("a", "b"), "c")
    assert made.notes == ()


@pytest.mark.parametrize(
    ("cell", "separator", "expected"),
    [
        ("1.23{k:01d}.567,50", ";", None),
        ("{k}.234.567,50", ";", lambda k: k * 1e6 + 234567.5 if k else None),
        ("1.{k:03d},56", ";", lambda k: 1000 + k + 0.56),
        ('"1,{k:03d}.56"', ",", lambda k: 1000 + k + 0.56),
        ("1 {k:03d},56", ";", lambda k: 1000 + k + 0.56),
        ("1\u00a0{k:03d},56", ";", lambda k: 1000 + k + 0.56),
        ("1\u202f{k:03d},56", "\t", lambda k: 1000 + k + 0.56),
        ("1'{k:03d}.56", ",", lambda k: 1000 + k + 0.56),
        ("1’{k:03d}.56", ",", lambda k: 1000 + k + 0.56),
        ("{k}.", ",", lambda k: k),
        (".{k}5", ",", lambda k: float(f".{k}5")),
        (",{k}5", ";", lambda k: float(f".{k}5")),
        ("0,{k:03d}", ";", lambda k: k / 1000),
        ("€ 1.{k:03d},50", ";", lambda k: 1000 + k + 0.5),
        ("-$1{k:02d}.50", ",", lambda k: -(100 + k + 0.5)),
        ("CHF 1{k:02d}.50", ",", lambda k: 100 + k + 0.5),
        ("00{k}", ",", lambda k: k),
        ("2024010{k}", ",", lambda k: float(f"2024010{k}")),
    ],
)
def test_numbers_as_people_write_them(cell: str, separator: str, expected: Callable[[int], float] | None) -> None:
    table = read(repeated([cell, "{k}"], separator))
    if expected is None:
        assert table.columns[0].kind == "text"
    else:
        wanted = [expected(k) for k in range(12)]
        found = table.columns[0].values
        np.testing.assert_allclose(found, [np.nan if value is None else value for value in wanted])


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01-{k:02d}",
        "{k:02d}.01.2024",
        "{k:02d}/01/2024",
        "12:{k:02d}",
        "A{k}",
        "{k} kg",
        "1_{k}",
        "0x1{k}",
        "{k}-{k}",
    ],
)
def test_dates_times_and_codes_are_text(cell: str) -> None:
    table = read(repeated([cell, "{k}", "{k}.5"]))
    assert [column.kind for column in table.columns] == ["text", "number", "number", "text"]
    assert "Left out, because it holds text: c0." in table.dataset().notes


def test_a_column_that_could_be_either_follows_the_rest_of_the_table() -> None:
    european = read(repeated(["1.{k:03d}", "{k},5"], ";"))
    np.testing.assert_allclose(european.columns[0].values, 1000 + np.arange(12))
    english = read(repeated(["1.{k:03d}", "{k}.5"], ";"))
    np.testing.assert_allclose(english.columns[0].values, 1 + np.arange(12) / 1000)
    assert european.notes == english.notes == ()


@pytest.mark.parametrize(
    ("cell", "separator", "first", "words"),
    [
        ("1.{k:03d}", ",", 1.0, "decimal point"),
        ("1,{k:03d}", ";", 1.0, "decimal comma"),
        ('"1,{k:03d}"', ",", 1000, "decimal point"),
    ],
)
def test_what_nothing_decides_is_said(cell: str, separator: str, first: float, words: str) -> None:
    table = read(repeated([cell, "{k}"], separator))
    assert table.columns[0].values[0] == first
    assert [note for note in table.notes if words in note and "1" in note]


@pytest.mark.parametrize(
    "gap", ["", "NA", "n/a", "N/A", "#N/A", "null", "NULL", "None", "-", "?", "nan", "NaN", " ", "–"]
)
def test_rows_with_gaps_are_left_out_and_counted(gap: str) -> None:
    made = read(f"a,b,c\n{gap},1,no\n2,{gap},no\n" + lines()).dataset()
    np.testing.assert_allclose(made.x, X)
    assert made.notes == ("2 of 14 rows were left out, because a chosen cell has no value; 'a' has the most gaps (1).",)


def test_gaps_matter_only_in_chosen_columns() -> None:
    content = "a,b,other,c\n" + "".join(f"{a},{b},{'' if a > 2 else 1},{c}\n" for a, b, c in ROWS)
    assert len(read(content).dataset(("a", "b")).y) == 12
    made = read(content).dataset()
    assert made.inputs == ("a", "b")
    assert "Left out, because most of its cells are empty: other." in made.notes


def test_a_short_row_has_gaps_at_its_end() -> None:
    made = read("a,b,c\n1\n2,3\n" + lines()).dataset()
    np.testing.assert_allclose(made.x, X)
    assert "2 of 14 rows" in made.notes[0]


def test_a_few_odd_cells_count_as_gaps_and_are_shown() -> None:
    table = read("a,b,c\n" + "".join(f"{k},{'<5' if k == 7 else k * 2},{k % 2}\n" for k in range(30)))
    made = table.dataset()
    assert len(made.y) == 29
    assert [note for note in made.notes if "In 'b', 1 cell holds no number ('<5')" in note]


@pytest.mark.parametrize("title", ["Sales 2024", "Sales 2024,,", '"Sales, by region"', "Sales 2024\n\nmade by Ada"])
def test_title_lines_are_passed_over_and_said(title: str) -> None:
    made = read(f"{title}\na,b,c\n" + lines()).dataset()
    np.testing.assert_allclose(made.x, X)
    assert made.inputs == ("a", "b")
    assert made.notes[0].startswith("Line 1 was taken as a title: 'Sales")


def test_a_missing_header_numbers_the_columns() -> None:
    made = read(lines()).dataset()
    np.testing.assert_allclose(made.x, X)
    assert (made.inputs, made.target) == (("column 1", "column 2"), "column 3")
    assert made.notes == ("There is no line of column names, so the columns are numbered.",)


def test_years_as_names_are_still_a_header() -> None:
    made = read("2022,2023,kind\n" + lines()).dataset()
    assert made.inputs == ("2022", "2023")
    np.testing.assert_allclose(made.x, X)


def test_names_are_made_unique_and_whole() -> None:
    table = read(repeated(["{k}", "{k}", "{k}", "{k}", "{k}"], header='x,x,"x (2)",,"long\n  name",y'))
    assert [c.name for c in table.columns] == ["x", "x (3)", "x (2)", "column 4", "long name", "y"]
    endless = read(repeated(["{k}", "{k}"], header="n" * 500 + "," + "n" * 500 + ",y"))
    assert len({c.name for c in endless.columns}) == 3
    assert max(len(c.name) for c in endless.columns) < 100


def test_letters_of_windows_files_are_kept() -> None:
    content = "Größe;Länge;Art\n" + lines("{a};{b};{c}", ",").replace("no", "grün")
    for encoding in ("cp1252", "utf-8"):
        made = read(content.encode(encoding)).dataset()
        assert made.inputs == ("Größe", "Länge")
        assert made.classes == ("grün", "yes")


def test_line_breaks_and_separators_inside_quotes_are_text() -> None:
    content = "a,b,remark,c\n" + lines('{a},{b},"first line\nsecond, with ""quotes"" ",{c}')
    table = read(content)
    np.testing.assert_allclose(table.dataset().x, X)
    assert table.columns[2].cells[0] == 'first line\nsecond, with "quotes"'
    assert table.lines[:3].tolist() == [2, 4, 6]


def test_columns_that_only_number_the_rows_are_no_default_input() -> None:
    for name in ("", "id", "Index"):
        table = read(f"{name},a,b,c\n" + "".join(f"{k},{a},{b},{c}\n" for k, (a, b, c) in enumerate(ROWS)))
        made = table.dataset()
        assert made.inputs == table.default_inputs() == ("a", "b")
        assert [note for note in made.notes if "only numbers the rows" in note]
    first = table.columns[0].name
    assert table.dataset((first, "a")).inputs == (first, "a")


def test_a_choice_of_columns_and_target_is_obeyed() -> None:
    content = "city,a,b,c,d\n" + "".join(f"town {k},{k},{k * 2},{k % 2},{k * k}\n" for k in range(40))
    table = read(content)
    assert table.rows == 40
    made = table.dataset(("d", "a", "d"), "b")
    assert (made.inputs, made.target, made.task) == (("d", "a"), "b", "regression")
    np.testing.assert_array_equal(made.x[3], [9, 3])
    np.testing.assert_array_equal(made.y, 2 * np.arange(40))
    assert made.notes == ("Left out, because it holds text: city.",)
    assert table.dataset().inputs == ("a", "b", "c")


@pytest.mark.parametrize(
    ("values", "kind", "task", "classes"),
    [
        (["1", "0"], "auto", "binary", ("0", "1")),
        (["1.0", "0.0"], "auto", "binary", ("0", "1")),
        (["10", "9", "-1"], "auto", "classes", ("-1", "9", "10")),
        (["10", "9", "-1"], "number", "regression", ()),
        (["1.5", "0"], "auto", "regression", ()),
        (["1.5", "0"], "class", "binary", ("0", "1.5")),
        (["grade 10", "grade 9", "Grade 1"], "auto", "classes", ("Grade 1", "grade 9", "grade 10")),
        (["TRUE", "FALSE"], "auto", "binary", ("FALSE", "TRUE")),
        (["x" * 60 + "1", "x" * 60 + "2"], "auto", "binary", ("x" * 36 + "… 0", "x" * 36 + "… 1")),
        ([str(k) for k in range(11)], "auto", "regression", ()),
    ],
)
def test_a_target_is_a_class_or_a_number(values: list[str], kind: str, task: str, classes: tuple[str, ...]) -> None:
    content = "a,b,y\n" + "".join(f"{k},{k * k},{values[k % len(values)]}\n" for k in range(60))
    made = read(content).dataset(target_kind=kind)
    assert (made.task, made.classes) == (task, classes)
    if classes and max(map(len, classes)) < 20:
        named = [classes[int(number)] for number in made.y]
        wanted = [values[k % len(values)].removesuffix(".0") for k in range(60)]
        assert named == wanted


def test_few_rows_of_whole_numbers_are_a_number_and_many_are_classes_and_it_is_said() -> None:
    few = read("a,b,y\n" + "".join(f"{k},{k * k},{k % 6}\n" for k in range(12))).dataset()
    many = read("a,b,y\n" + "".join(f"{k},{k * k},{k % 6}\n" for k in range(60))).dataset()
    assert (few.task, many.task) == ("regression", "classes")
    assert many.notes == (
        "'y' holds 6 different whole numbers and was taken as a class; say number if it measures something.",
    )


def zipped(member: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml" if "xl/" in member else "mimetype", "x")
        archive.writestr(member, "x")
    return out.getvalue()


NO_TABLE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "own.csv is empty"),
    "blank lines only": (" \n\r\n\t\n", "own.csv is empty"),
    "separators only": (",,\n,,\n", "own.csv is empty"),
    "a mark only": (codecs.BOM_UTF8, "own.csv is empty"),
    "a mark of UTF-16 only": (codecs.BOM_UTF16_LE, "own.csv is empty"),
    "Excel": (zipped("xl/workbook.xml"), "is an Excel workbook, not a CSV file.*save that sheet as CSV"),
    "old Excel": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "Excel workbook of the old kind"),
    "ZIP": (zipped("data.csv"), r"archive \(ZIP\); unpack it first"),
    "gzip": (b"\x1f\x8b\x08\x00rest", "gzip"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), "is an image"),
    "JPEG": (b"\xff\xd8\xff\xe0" + bytes(50), "is an image"),
    "HTML": ("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "is a web page"),
    "XML": ('<?xml version="1.0"?><Workbook/>', "is an XML file"),
    "JSON": ('[{"a": 1, "b": 2}]', "is a JSON file"),
    "NUL byte": ("a,b,c\n1,2,3\n4,\x005,6\n", "line 3 holds a NUL byte"),
    "control characters": (b"\x7fELF\x02\x01\x01" + bytes(range(1, 9)) * 20, "not a text file"),
    "UTF-16 cut in half": (("a,b,c\n" + lines()).encode("utf-16")[:-1], "encoding that was not recognised"),
    "bytes no encoding has": (b"a,b,c\n" + b"\x81\x8d\x8f\x90\x9d,1,2\n" * 12, "encoding that was not recognised"),
    "one column": ("a\n" + "1\n2\n" * 10, "single column"),
    "prose": ("Dear Ada\nthank you for the table\nyours Bob\n", "single column"),
    "header only": ("a,b,c\n", "no rows below"),
    "a longer row": ("a,b,c\n1,2,3\n1,2,3,4\n" + lines(), "Line 3 has 4 cells .*the line of column names has 3"),
    "a longer row below blank lines": ("a;b;c\n\n\n1;2;3;4\n" + lines("{a};{b};{c}"), "Line 4 has 4 cells"),
    "a longer row without a header": (lines() + "1,2,3,4\n", "Line 13 has 4 cells .*the other lines have 3"),
    "a longer row after an open line": ('a,b,c\n"1\n",2,3\n1,2,3,4\n' + lines(), "Line 4 has 4 cells"),
    "a quote never closed": ('a,b,c\n1,"2,no\n' + lines(), "quotation mark .* in line 2 .* never closed"),
    "a cell without end": (f"a,b,c\n1,{'9' * 200_000},no\n" + lines(), "Line 2 of own.csv holds a cell of more than"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), NO_TABLE.values(), ids=NO_TABLE)
def test_what_is_no_table_is_refused_in_words(content: str | bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(content)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_bytes": 100}, "at most 0.0001 MB"),
        ({"max_rows": 11}, "more than 11 rows"),
        ({"max_columns": 2}, "3 columns; at most 2"),
    ],
)
def test_caps_are_kept(limits: dict[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        read("a,b,c\n" + lines(), **limits)
    assert read("a,b,c\n" + lines(), max_rows=12, max_columns=3).rows == 12


TEXTS = "".join(f"x{k},y{k},z{k}\n" for k in range(12))
TWENTY = "a,b,y\n" + "".join(f"{k},{k},kind {k % 20}\n" for k in range(60))

NO_DATA: dict[str, tuple[str, tuple[str, ...], str, str, str]] = {
    "no numeric column": ("a,b,c\n" + TEXTS, (), "", "auto", "no numeric column"),
    "one numeric input": ("a,t,c\n" + lines("{a},text,{c}"), (), "", "auto", r"one numeric column \(a\); two or more"),
    "one chosen input": ("a,b,c\n" + lines(), ("a",), "", "auto", r"Only one input \(a\).*pick two or more"),
    "the same input twice": ("a,b,c\n" + lines(), ("a", "a"), "", "auto", "pick two or more"),
    "a text input": ("a,t,c\n" + lines("{a},text,{c}"), ("a", "t"), "c", "auto", "Column 't' holds text"),
    "an empty input": ("a,b,e,c\n" + lines("{a},{b},,{c}"), ("a", "e"), "c", "auto", "Column 'e' is empty"),
    "an unknown input": ("width,b,c\n" + lines(), ("widht", "b"), "", "auto", "Did you mean 'width'"),
    "an unknown target": ("a,b,c\n" + lines(), (), "nothing", "auto", "no column 'nothing' in own.csv. It has a, b, c"),
    "the target as an input": ("a,b,c\n" + lines(), ("a", "b"), "b", "auto", "both an input and the target"),
    "an empty target": ("a,b,c\n" + lines("{a},{b},"), (), "c", "auto", "target column 'c' is empty"),
    "text as a number": ("a,b,c\n" + lines(), (), "c", "number", "holds text, so it cannot be predicted as a number"),
    "one class": ("a,b,c\n" + lines("{a},{b},same"), (), "", "auto", "'c' is 'same' in every complete row"),
    "one number": ("a,b,c\n" + lines("{a},{b},7"), (), "", "auto", "'c' is 7 in every row"),
    "one number as a class": ("a,b,c\n" + lines("{a},{b},7"), (), "", "class", "'c' is '7' in every"),
    "too many classes": (TWENTY, (), "", "auto", "20 different values; a class target may have at most 10"),
    "too many numbers as classes": ("x,a,b\n" + lines("{b},{b},{a}"), (), "", "class", "12 different values.*Choose number"),
    "few rows": ("a,b,c\n1,2,x\n3,4,y\n", (), "", "auto", "Only 2 of the 2 rows have a value .* at least 10"),
    "few complete rows": ("a,b,c\n" + lines() + "", ("a", "b"), "c", "auto", ""),
    "an endless number": ("a,b,c\n1,1e400,x\n" + lines(), (), "", "auto", "Line 2, column 'b': a number without end"),
    "infinity": ("a,b,c\n" + lines() + "1,-inf,x\n", (), "", "auto", "Line 14, column 'b'"),
    "an absurd number": ("a,b,c\n" + lines() + "1e31,1,x\n", (), "", "auto", r"Line 14, column 'a': 1e\+31 is too large"),
    "an endless target": ("a,b,c\n" + lines("{b},{b},{a}") + "1,2,1e999\n", (), "", "auto", "Line 14, column 'c'"),
}  # fmt: skip
NO_DATA["few complete rows"] = (
    "a,b,c\n" + "".join(f"{k},{k if k < 4 else ''},{k % 2}\n" for k in range(7)) + "1,,1\n" * 9,
    ("a", "b"), "c", "auto", r"Only 4 of the 16 rows .* Most gaps are in 'b' \(12 of 16\)",
)  # fmt: skip


@pytest.mark.parametrize(("content", "columns", "target", "kind", "words"), NO_DATA.values(), ids=NO_DATA)
def test_a_choice_that_cannot_be_learnt_is_refused_in_words(
    content: str, columns: tuple[str, ...], target: str, kind: str, words: str
) -> None:
    table = read(content)
    with pytest.raises(InputError, match=words):
        table.dataset(columns, target, kind)


def test_absurd_numbers_in_columns_that_are_not_chosen_do_not_matter() -> None:
    made = read("a,b,other,c\n" + lines("{a},{b},1e400,{c}")).dataset(("a", "b"))
    np.testing.assert_allclose(made.x, X)


def test_messages_show_only_the_end_of_a_path() -> None:
    with pytest.raises(InputError, match=r"^secret\.csv is empty"):
        read("", name="C:\\Users\\ada\\secret.csv")


def test_nothing_in_a_file_is_evaluated() -> None:
    table = read("a,b,c\n" + lines("{a},{b},=1+1") + "=cmd|'/c calc'!A1,__import__('os'),{{7*7}}\n")
    assert table.columns[0].odd == table.columns[1].odd == 1
    assert table.columns[2].cells[0] == "=1+1"


def test_a_table_can_be_kept_between_pages() -> None:
    table = pickle.loads(pickle.dumps(read("a,b,c\n" + lines())))
    np.testing.assert_allclose(table.dataset().x, X)


def test_random_tables_survive_every_way_of_writing() -> None:
    draw = random.Random(4)
    for _ in range(60):
        rows, width = draw.randint(12, 40), draw.randint(3, 8)
        digits = draw.choice([1, 2, 4])  # three decimals can look like thousands, which has tests of its own
        numbers = [[round(draw.uniform(-2000, 2000), digits) for _ in range(width)] for _ in range(rows)]
        separator, mark = draw.choice([(",", "."), (";", "."), (";", ","), ("\t", ","), ("|", "."), (",", ",")])
        out = BytesIO()
        wrapper = codecs.getwriter(draw.choice(["utf-8", "utf-8-sig", "utf-16"]))(out)
        writer = csv.writer(wrapper, delimiter=separator, lineterminator=draw.choice(["\n", "\r\n"]))
        writer.writerow([f"größe {k}" for k in range(width)])
        writer.writerows([[f"{value:.{digits}f}".replace(".", mark) for value in row] for row in numbers])
        made: Dataset = read(out.getvalue()).dataset(target_kind="number")
        np.testing.assert_allclose(np.column_stack([made.x, made.y]), numbers)


def test_bytes_at_random_are_read_or_refused_and_never_break() -> None:
    draw = random.Random(5)
    alphabet = [*',;\t|"\n\r .-+eE%€0123456789abNA', "\u00a0", "é", "\ufeff", "\x00"]
    messages = []
    for _ in range(400):
        text = "".join(draw.choices(alphabet, weights=[3] * 20 + [1] * (len(alphabet) - 20), k=draw.randint(0, 400)))
        try:
            read(draw.choice([text.encode(), text.encode("cp1252", "replace"), text.encode("utf-16")])).dataset()
        except InputError as error:
            messages.append(str(error))
    assert len(messages) > 300
    assert all(message.endswith(".") and 20 < len(message) < 700 for message in messages)


@pytest.mark.parametrize(
    "evil", ["€" + " " * 90 + "x", "1 234" * 20_000, "9" * 100_000, "-" * 100_000, "1" + " " * 100_000 + "x"]
)
def test_cells_made_to_stall_a_reader_are_read_all_the_same(evil: str) -> None:
    # A pattern that backtracks would not end within the suite's own limit.
    table = read("a,b,c\n" + lines() + "".join(f"{evil},{k},no\n" for k in range(9)))
    assert table.columns[0].kind in ("text", "number")
