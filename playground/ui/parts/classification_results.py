"""All answers to take along: as JSON, as the command line prints them, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.vision import Classified
from playground.data.spreadsheet import harmless
from playground.ui import asking
from playground.ui.page import prose
from playground.ui.parts import classification_models as models
from playground.ui.words import plain


def records(answers: Mapping[str, tuple[str, Any]], card: Card) -> list[dict[str, Any]]:
    """One record a picture, as ``playground predict classify --json`` prints them.

    Where the command line would stop at a bad file, its record holds the error; what is still under way is left out.

    Args:
        answers: By id: the file's name, and its answer or refusal.
        card: The model that answered.
    """
    space, made = models.space(card), list[dict[str, Any]]()
    for name, answer in answers.values():
        row: dict[str, Any] = {"file": name, "model": card.name}
        if isinstance(answer, asking.Refused):
            made.append(row | {"error": answer.words})
        elif isinstance(answer, Classified):
            row["predictions"] = [
                {"label": one.label, "index": one.index, "score": one.score} for one in answer.predictions
            ]
            row["seconds"] = round(answer.seconds, 6)
            made.append(row | ({"refused": answer.refused} if space and space.score else {}))
    return made


def table(made: list[dict[str, Any]]) -> str:
    """The same as CSV: a row for each class of each picture, or one with the error.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets themselves write text.
    """
    held = io.StringIO()
    rows = csv.writer(held, lineterminator="\r\n")
    rows.writerow(["file", "model", "place", "label", "index", "score", "refused", "seconds", "error"])
    for one in made:
        for place, item in enumerate(one.get("predictions", []), 1):
            values = [
                place,
                harmless(item["label"]),
                item["index"],
                f"{item['score']:.6f}",
                int(one.get("refused", False)),
                one["seconds"],
                "",
            ]
            rows.writerow([harmless(one["file"]), one["model"], *values])
        if "error" in one:
            rows.writerow([harmless(one["file"]), one["model"], *[""] * 6, harmless(one["error"])])
    return held.getvalue()


def show(answers: Mapping[str, tuple[str, Any]], card: Card, command: str, key: str) -> None:
    """Draw the downloads and the command that gives the same."""
    made = records(answers, card)
    with st.popover("Results", icon=":material/download:"):
        prose(f"The answers to {len(made)} picture{'s' if len(made) != 1 else ''}, with {plain(card.title)}.")
        with st.container(horizontal=True):
            st.download_button(
                "CSV", "\ufeff" + table(made), "predictions.csv", "text/csv", key=f"{key}-csv", icon=":material/table:", on_click="ignore",
                disabled=not made,
            )  # fmt: skip
            st.download_button(
                "JSON", json.dumps(made, indent=1, ensure_ascii=False), "predictions.json", "application/json", key=f"{key}-json",
                icon=":material/data_object:", on_click="ignore", disabled=not made,
            )  # fmt: skip
        prose("The same without a browser:")
        st.code(command, language="bash", wrap_lines=True)
