"""What a model said of the texts of a file, as a table to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from playground.data.sheet import names_of
from playground.data.spreadsheet import harmless
from playground.data.text_lists import TextFile


def with_scores(
    file: TextFile, labels: Sequence[str], scores: NDArray[np.floating], windows: NDArray[np.integer]
) -> bytes:
    """The file once more as CSV, each row with what the model said: its class, how sure it is, and of each class.

    Args:
        file: As it was read.
        labels: The classes.
        scores: ``(rows, classes)``; NaN where there was nothing to read.
        windows: ``(rows,)``: in how many parts each text was read.
    """
    header = names_of([*file.columns, "predicted", "score", *labels, "parts"])[0]
    rows = []
    for row, score, count in zip(file.rows, scores, windows, strict=True):
        known = bool(np.isfinite(score).all())
        best = int(score.argmax()) if known else 0
        said = (
            [labels[best], f"{score[best]:.4f}", *(f"{one:.4f}" for one in score)]
            if known
            else [""] * (len(labels) + 2)
        )
        rows.append([*row, *said, str(int(count))])
    return written(header, rows)


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV (UTF-8 with a mark, so that spreadsheets read its letters); no cell is a formula."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(map(harmless, header))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return held.getvalue().encode("utf-8-sig", "replace")
