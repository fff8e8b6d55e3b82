"""Files of texts as people have them, what is said of those that are none, and the table that goes back."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.data.text_cleaning import readable
from playground.data.text_lists import TextFile, read_texts
from playground.data.text_results import with_scores


def read(content: str | bytes, name: str = "own.csv", encoding: str = "utf-8", **limits: int) -> TextFile:
    given = content.encode(encoding) if isinstance(content, str) else content
    return read_texts(given, name, **({"max_bytes": 1_000_000} | limits))


QUOTED = 'id;text;date\r\n1;"Good, really; very ""good""";2024-01-02\r\n\r\n2;"Two\r\nlines";2024-02-01\r\n3;=1+1;2024-03-01\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_table_in_any_utf(encoding: str) -> None:
    file = read(QUOTED + '4;"Ça va – 你好 😀";\r\n', encoding=encoding)
    assert file.columns == ("id", "text", "date") and file.likely == "text" and file.headed and file.notes == ()
    assert file.column("text") == ('Good, really; very "good"', "Two\nlines", "=1+1", "Ça va – 你好 😀")
    assert file.lines == (2, 4, 6, 7) and file.rows[3][2] == ""


def test_western_letters_are_read_and_that_is_said() -> None:
    file = read("texte\nDéçu – trop cher\n", "avis.txt", "cp1252")
    assert file.column("text") == ("texte", "Déçu – trop cher") and "Western European (cp1252)" in file.notes[0]
    assert read(b"na\xefve \x81 cr\xe8me", "x.txt").column("text") == ("naïve \x81 crème",)


def test_a_line_each() -> None:
    file = read("\ufeffI like it, really.\n\n   \n\"Great\", she said\r\n- it; was 'fine'\n", "list.txt")
    assert file.columns == ("text",) and not file.headed and file.lines == (1, 4, 5)
    assert file.column("text") == ("I like it, really.", '"Great", she said', "- it; was 'fine'")
    assert read("alone", "x.txt").column("text") == ("alone",)


@pytest.mark.parametrize(
    ("content", "name", "columns", "likely", "first"),
    [
        ("one long string of cliches\t0\nif you 've ever, well\t1\n", "dev.tsv", ("column 1", "column 2"), "column 1", 0),
        ("one long string of cliches\t0\nif you 've ever, well\t1\n", "dev.txt", ("column 1", "column 2"), "column 1", 0),
        ("label,sentence\n0,good\n1,bad\n", "x.csv", ("label", "sentence"), "sentence", 1),
        ("review\nNice, cheap\nBad, dear and, well, slow\n", "x.csv", ("review",), "review", 0),
        ('Review\n"Nice, cheap"\n"Bad, dear ""thing"""\n', "x.csv", ("Review",), "Review", 0),
        ("Good\nBad\nGood\n", "x.csv", ("text",), "text", 0),
        ("Great!,pos\nI did not like any of this at all.,neg\nGood.,pos\n", "x.csv", ("column 1", "column 2"), "column 1", 0),
        (
            "Kommentar|Art\nDas war gar nicht gut gemacht.|schlecht\nSehr schön und auch noch billig.|gut\n",
            "x.csv", ("Kommentar", "Art"), "Kommentar", 0,
        ),
        ("sep=|\ntext|n\na b|1\n", "x.csv", ("text", "n"), "text", 0),
        ('sep="\ntext;n\na b;1\n', "x.csv", ("text", "n"), "text", 0),
        ("sep= \ntext;n\na b;1\n", "x.csv", ("text", "n"), "text", 0),
        ('text\tn\n"Oh" he said\t1\n"never closed\t2\nmore\t3\n', "x.tsv", ("text", "n"), "text", 0),
        ("text,text,\nA long one,b,c\n", "x.csv", ("text", "text (2)", "column 3"), "text", 0),
    ],
)  # fmt: skip
def test_columns_and_their_names(content: str, name: str, columns: tuple[str, ...], likely: str, first: int) -> None:
    file = read(content, name)
    assert (file.columns, file.likely) == (columns, likely)
    assert file.columns.index(file.likely) == first
    assert file.headed == (not columns[0].startswith("column") and columns != ("text",)) or name == "x.csv"
    if '"never' in content:
        assert file.column("text") == ('"Oh" he said', '"never closed', "more") and "enclose no cells" in file.notes[-1]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "own.csv", "own.csv is empty"),
        ("\ufeff \n\t\n", "own.txt", "own.txt is empty"),
        ("text,label\n", "own.csv", "column names but no rows"),
        (b"PK\x03\x04 [Content_Types].xml xl/", "C:\\me\\own.xlsx", "own.xlsx is an Excel workbook, not a CSV file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "own.csv", "an image (PNG)"),
        ("<!DOCTYPE html><html>", "own.csv", "a web page"),
        ("good\nba\x00d\n", "own.txt", "line 2 holds a NUL byte"),
        (bytes(range(1, 9)) * 40 + b"good", "own.txt", "320 control characters"),
        (
            "text,n\nGood,1\nVery good, and cheap,2\n",
            "own.csv",
            "Line 3 has 3 cells (separated by ','), but the other lines have 2",
        ),
        ('text,n\n"Good,1\nBad,2\nFine, so, so,3\n', "own.csv", "line 2 of own.csv is never closed"),
        ("x" * 1_000_001, "own.txt", "own.txt has 1.0 MB; at most 1 MB"),
        ("a\n" * 12, "own.txt", "has 12 texts; at most 10"),
        ("a\n" * 11_000, "own.txt", "far more lines than the 10 texts"),
        ("text," * 9 + "\n" + "a," * 9 + "\n", "own.csv", "has 10 columns; at most 8"),
        ("text\n" + "a" * 200_000 + "\n" + '"' + "b" * 200_000, "own.csv", ""),
    ],
)
def test_what_is_no_file_of_texts_is_told(content: str | bytes, name: str, said: str) -> None:
    if not said:  # a cell that is longer than csv's limit is a line of text after all
        assert len(read(content, name).rows) == 2
        return
    with pytest.raises(InputError) as error:
        read(content, name, max_rows=10, max_columns=8)
    assert said in str(error.value)


def test_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    file = read(QUOTED)
    for name, said in (("Text", "Did you mean 'text'?"), ("label", "It has id, text, date.")):
        with pytest.raises(InputError) as error:
            file.column(name)
        assert said in str(error.value) and "own.csv" in str(error.value)


def test_what_goes_back_is_the_file_with_scores_and_no_formula() -> None:
    file = read("text,score\n=HYPERLINK(1),-2\n@SUM(1),\n+1 good,3\n")
    scores = np.array([[0.75, 0.25], [np.nan, np.nan], [0.1, 0.9]], np.float32)
    rows = list(
        csv.reader(io.StringIO(with_scores(file, ("bad", "=good"), scores, np.array([1, 0, 3])).decode("utf-8-sig")))
    )
    assert rows[0] == ["text", "score", "predicted", "score (2)", "bad", "'=good", "parts"]
    assert rows[1] == ["'=HYPERLINK(1)", "-2", "bad", "0.7500", "0.7500", "0.2500", "1"]
    assert rows[2] == ["'@SUM(1)", "", "", "", "", "", "0"]
    assert rows[3] == ["'+1 good", "3", "'=good", "0.9000", "0.1000", "0.9000", "3"]


def test_a_text_is_made_readable_without_moving_a_letter() -> None:
    given = "a\x00b\x1b[1m \ud83d ok\n\t😀 שלום é\u200b\x85"
    text, notes = readable(given)
    assert text == "a b [1m \ufffd ok\n\t😀 שלום é\u200b\x85" and len(text) == len(given)
    assert notes == (
        "2 control characters were read as spaces.",
        "One broken character was (halves of one, or bytes that are no letter) left out.",
    )
    assert readable("plain 你好") == ("plain 你好", ())
