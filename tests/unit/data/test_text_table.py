"""Texts with labels: what is taken from a file, what is left out and said, and how it is shared out."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.data.text_lists import TextFile, read_texts
from playground.data.text_registry import TEXT_SETS
from playground.data.text_set import labelled, split
from playground.data.text_table import labelled_texts, likely_label, with_test


def file(content: str, name: str = "mine.csv") -> TextFile:
    return read_texts(content.encode(), name, max_bytes=1_000_000, max_rows=10_000)


ROWS = """when,message,topic,by
1,Where is my parcel?,delivery,ann
2,I was charged twice,payment,bob
3,,payment,eve
4,Does it come in green?,,ann
5,Where is my parcel?,delivery,bob
6,Send it back,return,ann
7,Send it back,payment,ann
8,=1+1 is a formula,payment,eve
"""


def test_columns_are_guessed_and_what_is_left_out_is_said() -> None:
    found = file(ROWS)
    assert (found.likely, likely_label(found)) == ("message", "topic")
    data = labelled_texts(found)
    assert data.texts == ("Where is my parcel?", "I was charged twice", "=1+1 is a formula")
    assert data.classes == ("delivery", "payment") and data.y.tolist() == [0, 1, 1]
    assert "Texts are taken from 'message', labels from 'topic'." in data.notes
    assert (
        data.notes[-1]
        == "Left out: 1 row has no text; 1 row has no label; 1 row repeats another; 1 text has several labels."
    )
    assert labelled_texts(found, label="by").classes == ("ann", "bob", "eve")


@pytest.mark.parametrize(
    ("content", "columns", "words"),
    [
        (ROWS, ("nothing", ""), "no column 'nothing'"),
        (ROWS, ("topic", "topic"), "cannot be both"),
        ("text\nonly this\nand this\n", ("", ""), "a single column"),
        ("text,label\n,a\nb,\n", ("", ""), "No row"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(content: str, columns: tuple[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        labelled_texts(file(content), *columns)


def test_labels_without_a_name_are_the_column_with_the_fewest_values_and_capitals_tell_classes_apart() -> None:
    content = "a,b,c\n" + "".join(f"{n},a longer text number {n},{'Yes' if n % 3 else 'yes'}\n" for n in range(30))
    data = labelled_texts(file(content))
    assert data.classes == ("Yes", "yes") and len(data.texts) == 30
    assert "Labels that differ in capitals alone are different classes: 'Yes' and 'yes'." in data.notes


def test_of_too_many_rows_some_are_drawn_evenly() -> None:
    content = "text,label\n" + "".join(f"text number {n},{'rare' if n % 10 == 0 else 'common'}\n" for n in range(200))
    data = labelled_texts(file(content), most=50)
    assert data.counts == {"common": 30, "rare": 20}
    assert "50 of 200 rows were drawn" in data.notes[-1]


def test_a_test_file_is_tested_on_and_never_learnt_from() -> None:
    data = labelled([f"text {n}" for n in range(40)], ["a", "b"] * 20)
    other = labelled(["text 3", "new one", "new two"], ["b", "a", "b"])
    whole = split(with_test(data, other), 0.6, 1)
    assert whole.test.texts == ("text 3", "new one", "new two") and whole.test.y.tolist() == [1, 0, 1]
    assert "text 3" not in whole.train.texts + whole.val.texts and whole.counts == {"train": 31, "val": 8, "test": 3}
    with pytest.raises(InputError, match="label 'c'"):
        with_test(data, labelled(["x"], ["c"]))


def test_every_class_is_shared_out_alike_and_a_single_text_is_learnt_from() -> None:
    labels = ["a"] * 50 + ["b"] * 10 + ["c"] * 3 + ["d"] * 2 + ["e"]
    data = split(labelled([f"text {n}" for n in range(66)], labels), 0.6, 4)
    counts = [np.bincount(one.y, minlength=5).tolist() for one in (data.train, data.val, data.test)]
    assert counts == [[30, 6, 1, 1, 1], [10, 2, 1, 1, 0], [10, 2, 1, 0, 0]]
    assert any("e has a single text" in note for note in data.notes)
    together = data.train.texts + data.val.texts + data.test.texts
    assert len(set(together)) == 66
    again = split(labelled([f"text {n}" for n in range(66)], labels), 0.6, 4)
    assert (
        again.train.texts
        == data.train.texts
        != split(labelled([f"text {n}" for n in range(66)], labels), 0.6, 5).train.texts
    )


@pytest.mark.parametrize("name", TEXT_SETS)
def test_a_bundled_set_is_what_its_entry_says(name: str) -> None:
    entry = TEXT_SETS[name]
    data = entry.load()
    assert data.classes == entry.classes and data.counts == dict(entry.counts) and len(data.texts) == entry.rows
    assert len(set(data.texts)) == len(data.texts)
    assert [data.classes[data.y[data.texts.index(text)]] for text in entry.examples] == list(entry.classes)
