"""A file of texts and labels as something to learn from: which columns, which rows are left out, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.data import labels
from playground.data.cells import is_gap
from playground.data.text_lists import TextFile
from playground.data.text_set import NOT_YET, TEST, TRAIN, LabelledTexts

MOST = 5_000
"""Of more texts so many are drawn, evenly from all labels."""

LABEL_NAMES = (
    "label", "labels", "class", "category", "target", "sentiment", "intent", "topic", "emotion", "feeling", "tag", "type", "kind",
    "stars", "rating", "polarity", "y",
)  # fmt: skip
"""What a column of labels is often called, the surest first."""

_FEWEST = 2


def likely_label(file: TextFile, text: str = "") -> str:
    """The column that looks most like labels: by its name, else the one with the fewest different cells, two at least.

    Args:
        file: The file.
        text: Name of the column of texts; empty is the likeliest.

    Raises:
        InputError: There is no column beside the texts.
    """
    text = text or file.likely
    others = [name for name in file.columns if name != text]
    if not others:
        raise InputError(
            f"{file.name} has a single column. To learn from it, give each text its label in a second one: text, label."
        )
    for name in LABEL_NAMES:
        for column in others:
            if file.headed and column.casefold() == name:
                return column

    def different(column: str) -> tuple[bool, int]:
        found = len({cell for cell in file.column(column) if not is_gap(cell)})
        return found < _FEWEST, found

    return min(others, key=different)


def labelled_texts(file: TextFile, text: str = "", label: str = "", *, most: int = MOST) -> LabelledTexts:
    """The rows of a file that have a text and a label.

    Rows without one are left out, and so are repetitions and texts that occur with several labels; the notes say how many.

    Args:
        file: The file.
        text: Name of the column of texts; empty is the likeliest.
        label: Name of the column of labels; empty is the likeliest.
        most: Of more rows so many are drawn.

    Raises:
        InputError: There is no such column, both are the same, or nothing is left.
    """
    text = text or file.likely
    label = label or likely_label(file, text)
    if text == label:
        raise InputError(f"'{text}' cannot be both text and label; choose another column for one of them.")
    cells, given = file.column(text), [" ".join(cell.split()) for cell in file.column(label)]
    rows = [(words.strip(), name) for words, name in zip(cells, given, strict=True)]
    empty = sum(not words for words, _ in rows)
    unlabelled = sum(bool(words) and not name for words, name in rows)
    rows = [(words, name) for words, name in rows if words and name]
    rows, repeated, torn = _once(rows)
    if not rows:
        raise InputError(
            f"No row of {file.name} has both a text in '{text}' and a label in '{label}'. Choose other columns."
        )
    notes = [*file.notes, f"Texts are taken from '{text}', labels from '{label}'."]
    notes += _left_out(empty, unlabelled, repeated, torn)
    if len(rows) > most:
        notes.append(
            f"{most:,} of {len(rows):,} rows were drawn, evenly from all labels: more cannot be learnt from here."
        )
        rows = _drawn(rows, most)
    raw = labels.classes_of([name for _, name in rows])
    alike = [names for names in _by_letters(raw).values() if len(names) > 1]
    if alike:
        shown = " and ".join(f"'{name}'" for name in alike[0])
        notes.append(f"Labels that differ in capitals alone are different classes: {shown}.")
    number = {name: index for index, name in enumerate(raw)}
    y = np.array([number[name] for _, name in rows], np.int64)
    share = np.full(len(rows), NOT_YET, np.int8)
    return LabelledTexts(tuple(words for words, _ in rows), y, labels.shortened(raw), share, tuple(notes))


def with_test(data: LabelledTexts, test: LabelledTexts) -> LabelledTexts:
    """The same with other texts to test on; raises ``InputError`` where those have a class that cannot be learnt.

    Texts to learn from that are among those to test on are left out.
    """
    unknown = sorted(set(test.classes) - set(data.classes))
    if unknown:
        raise InputError(
            f"The test file has the label '{unknown[0]}', and no text to learn from has it; labels are {', '.join(data.classes[:8])}."
        )
    held = set(test.texts)
    kept = [row for row, text in enumerate(data.texts) if text not in held]
    number = {name: index for index, name in enumerate(data.classes)}
    y = np.array([number[test.classes[one]] for one in test.y], np.int64)
    notes = list(data.notes)
    if len(kept) < len(data.texts):
        notes.append(
            f"{len(data.texts) - len(kept):,} texts to learn from are also in the test file, and were left out."
        )
    if not kept:
        raise InputError("All texts to learn from are also in the test file.")
    return LabelledTexts(
        (*(data.texts[row] for row in kept), *test.texts),
        np.concatenate([data.y[kept], y]),
        data.classes,
        np.concatenate([data.share[kept], np.full(len(y), TEST, np.int8)]),
        tuple(notes),
    )


def _once(rows: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], int, int]:
    """Each text once; how many rows were repetitions, and how many texts have several labels and were left out."""
    said: dict[str, set[str]] = defaultdict(set)
    for words, name in rows:
        said[words].add(name)
    torn = {words for words, names in said.items() if len(names) > 1}
    kept = list(dict.fromkeys(row for row in rows if row[0] not in torn))
    lost = sum(words in torn for words, _ in rows)
    return kept, len(rows) - lost - len(kept), len(torn)


def _left_out(empty: int, unlabelled: int, repeated: int, torn: int) -> list[str]:
    said = (
        (empty, "1 row has no text", "{:,} rows have no text"),
        (unlabelled, "1 row has no label", "{:,} rows have no label"),
        (repeated, "1 row repeats another", "{:,} rows repeat others"),
        (torn, "1 text has several labels", "{:,} texts have several labels"),
    )
    found = [one if count == 1 else many.format(count) for count, one, many in said if count]
    if not found:
        return []
    return [f"Left out: {'; '.join(found)}."]


def _drawn(rows: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """So many rows in their order, as many of each label as can be."""
    order = generator(0, Stream.DATA, TRAIN).permutation(len(rows))
    rank, seen = np.empty(len(rows), np.int64), Counter[str]()
    for row in order:
        rank[row] = seen[rows[row][1]]
        seen[rows[row][1]] += 1
    return [rows[row] for row in np.sort(np.argsort(rank, kind="stable")[:most])]


def _by_letters(names: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[name.casefold()].append(name)
    return found
