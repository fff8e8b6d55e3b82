"""The tab "Several texts": lines or a file of them, judged one after the other, and a table to sort, search and take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.catalog.card import Card
from playground.core.errors import InputError
from playground.core.language import MOST_TEXTS, JudgedMany, JudgeMany
from playground.data.text_lists import TextFile, read_texts
from playground.data.text_results import with_scores
from playground.jobs.asked import Asked
from playground.specs.sentiment import SentimentSpec
from playground.ui import asking, lesson, provider
from playground.ui.assets import component
from playground.ui.page import prose
from playground.ui.parts import sentiment_models as models
from playground.ui.parts.pictured import free
from playground.ui.parts.sentiment_models import percent
from playground.ui.parts.sentiment_verdict import UNDECIDED, verdict
from playground.ui.state import state
from playground.ui.words import plain

PATIENCE_SECONDS = 300.0
CLOSE = 0.1
"""Two classes that are no further apart are close."""
SHOWN_LETTERS = 240
STARTER_TEXTS = """\
The delivery came a day early and everything was in one piece.
Two of the four cups were broken, and nobody answers my mails.
The parcel weighs two kilos.
Not the worst hotel I have been to, but close.
My grandmother, who is ninety, beat me at chess and laughed all evening."""


@dataclass
class Many:
    """One session's texts and what became of them.

    Attributes:
        file: The file that was read; ``None`` where lines are typed.
        column: Which of its columns holds the texts.
        problem: Why a file cannot be used.
        turn: Counts uploads, so that the uploader is empty again after each.
        lines: What was typed.
        opened: What stood there when the tab was opened.
        began: Whether anything has been asked.
        asked: The question that is under way.
        of: What it is about: the table, its column and the model.
        done: The last answer, with the table, column and model that it is about.
        refused: Why there is none.
    """

    file: TextFile | None = None
    column: str = ""
    problem: str = ""
    turn: int = 0
    lines: str = STARTER_TEXTS
    opened: str = STARTER_TEXTS
    began: bool = False
    asked: Asked | None = None
    of: tuple[TextFile, str, Card] | None = None
    done: tuple[JudgedMany, TextFile, str, Card] | None = None
    refused: str = ""


def show(card: Card, spec: SentimentSpec, key: str) -> None:
    """Draw the tab."""
    mine, name = state(Many, key), f"{key}-many-lines"
    if name not in st.session_state:  # a tab that is left forgets its widgets
        mine.opened = mine.lines
    left, right = st.columns([3, 2], gap="medium")
    with left:
        mine.lines = st.text_area(
            "Texts, one a line", mine.opened, key=name, height=160, disabled=mine.file is not None
        )
    with right:
        _upload(mine, key)
        if mine.problem:
            st.error(plain(mine.problem))
    table = mine.file or lines(mine.lines)
    if mine.file is not None:
        _columns(mine, mine.file, key)
    if not mine.began and mine.file is None and mine.lines == STARTER_TEXTS:
        begin(mine, card, table)  # so that there is something to see at once
    _press(mine, card, table, key)
    answer = _collect(mine)
    if isinstance(answer, asking.Waiting):
        st.progress(getattr(answer.words, "part", 0.0), text=plain(answer.words or "Waiting for its turn"))
    if mine.refused:
        st.error(plain(mine.refused))
    if mine.done is not None:
        _result(mine.done, spec, key)


def lines(given: str) -> TextFile:
    """What was typed, a text a line."""
    kept = [(line.strip(), number) for number, line in enumerate(given.splitlines(), 1) if line.strip()]
    rows = tuple((line,) for line, _ in kept)
    return TextFile("texts", ("text",), rows, tuple(number for _, number in kept), False, ())


def take(mine: Many, name: str, content: bytes) -> None:
    """Read a file that a visitor brought, in the place of the last one."""
    mine.turn += 1
    mine.file, mine.problem = None, ""
    try:
        mine.file = read_texts(content, name, max_bytes=provider.settings().upload_megabytes * 1_000_000)
    except InputError as error:
        mine.problem = str(error)
        return
    mine.column = mine.file.likely


def _upload(mine: Many, key: str) -> None:
    name, limit = f"{key}-many-file-{mine.turn}", provider.settings().upload_megabytes

    def came() -> None:
        given = st.session_state.get(name)
        if isinstance(given, UploadedFile):
            take(mine, given.name, given.getvalue())
            free(given.file_id)

    st.file_uploader(
        f"or a file: CSV, TSV or TXT, at most {MOST_TEXTS:,} texts and {limit} MB",
        key=name,
        max_upload_size=limit,
        on_change=came,
    )


def _columns(mine: Many, file: TextFile, key: str) -> None:
    """Which column holds the texts, and what was read."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(file.columns) > 1:
            at = file.columns.index(mine.column) if mine.column in file.columns else 0
            mine.column = st.selectbox(
                "Column with the texts",
                file.columns,
                index=at,
                key=f"{key}-many-column-{mine.turn}",
                format_func=lambda one: one,
            )
        if st.button("Type lines instead", key=f"{key}-many-close", icon=":material/close:"):
            mine.file, mine.problem = None, ""
            st.rerun()
    first = next((text for text in file.column(mine.column) if text.strip()), "")
    shown = plain(first[:90]) + ("…" if len(first) > 90 else "")
    notes = " ".join(map(plain, file.notes))
    st.caption(
        f"{plain(file.name)}: {len(file.rows):,} row{'s' if len(file.rows) != 1 else ''}. First text: “{shown}” {notes}"
    )


def _press(mine: Many, card: Card, table: TextFile, key: str) -> None:
    """The button that begins, and the one that stops."""
    count = len(table.rows)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"Judge {count:,} text{'s' if count != 1 else ''}"
        too_many = count > MOST_TEXTS
        if st.button(
            words,
            key=f"{key}-many-go",
            type="primary",
            icon=":material/play_arrow:",
            disabled=mine.asked is not None or not count or too_many,
        ):
            begin(mine, card, table)
        if mine.asked is not None and st.button("Stop", key=f"{key}-many-stop", icon=":material/stop:"):
            mine.asked.stop()
            mine.asked = None
            st.rerun()
    if too_many:
        st.error(f"{count:,} texts were given; at most {MOST_TEXTS:,} are judged in one go. Leave some out.")


def begin(mine: Many, card: Card, table: TextFile) -> None:
    """Ask about all of them."""
    column = mine.column if mine.file is not None else table.columns[0]
    mine.began, mine.refused, mine.of = True, "", (table, column, card)
    mine.asked = asking.begin("judge_many", card, JudgeMany(table.column(column)), PATIENCE_SECONDS)


def _collect(mine: Many) -> Any:
    """How far it is; what has come is kept."""
    if mine.asked is None or mine.of is None:
        return None
    answer = asking.follow(mine.asked)
    if isinstance(answer, JudgedMany):
        mine.done, mine.asked = (answer, *mine.of), None
        st.rerun()  # the button above is free again
    if isinstance(answer, asking.Refused):
        mine.refused, mine.asked = answer.words, None
        st.rerun()
    if mine.asked.done():  # it was turned away for the moment
        begin(mine, mine.of[2], mine.of[0])
    return answer


def _result(done: tuple[JudgedMany, TextFile, str, Card], spec: SentimentSpec, key: str) -> None:
    """The table, what it comes to, and the file to take along."""
    judged, file, column, card = done
    known = models.classes(card, judged.labels)
    rows = rows_of(judged, file.column(column), known, spec.band)
    counts = Counter(row[1] for row in rows)
    prose(summary(judged, rows, counts, card))
    data = {
        "present": lesson.current().present,
        "rows": rows,
        "labels": [{"words": one.words, "tone": one.tone, "stars": one.stars} for one in known],
        "names": [name for name, _ in counts.most_common()],
        "toned": models.toned(known),
    }
    component("sentiment_many")(key=f"{key}-many-table", data=[data], on_edit_change=lambda: None)
    st.download_button(
        "Table with the answers (CSV)", lambda: with_scores(file, judged.labels, judged.scores, judged.windows), "sentiment.csv",
        "text/csv", key=f"{key}-many-csv", icon=":material/download:", on_click="ignore",
        help="Every row of yours, then class, score, the score of each class, and in how many parts the text was read.",
    )  # fmt: skip


def rows_of(judged: JudgedMany, texts: tuple[str, ...], known: Any, band: float) -> list[list[Any]]:
    """Text, verdict, score, place on the scale, number of windows, all scores, and whether two classes nearly tie, of each row."""
    rows: list[list[Any]] = []
    for text, scores, windows in zip(texts, judged.scores, judged.windows, strict=True):
        shown = text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "…"
        if not np.isfinite(scores).all():
            rows.append([shown, "empty", None, None, 0, [], False])
            continue
        shares = [round(float(score), 4) for score in scores]
        said = verdict(known, shares, band)
        place = round(models.lean(known, shares), 4) if models.toned(known) else None
        rows.append(
            [shown, said.words, round(said.score, 4), place, int(windows), shares, not said.undecided and tie(shares)]
        )
    return rows


def tie(shares: Sequence[float]) -> bool:
    """Whether the two likeliest classes lie so close together that the verdict may as well be the other."""
    best = sorted(shares)[-2:]
    return len(best) == 2 and best[1] - best[0] < CLOSE


def summary(judged: JudgedMany, rows: list[list[Any]], counts: Counter[str], card: Card) -> str:
    """What became of all of them, in a sentence or two."""
    total = len(judged.scores)
    near = sum(row[6] for row in rows)
    close = (
        f" {near:,} of them {'are' if near != 1 else 'is'} close: the two likeliest classes lie within {100 * CLOSE:.0f} points."
        if near
        else ""
    )
    named = [name for name in judged.labels if counts[name]] + [name for name in (UNDECIDED, "empty") if counts[name]]
    shares = ", ".join(f"{counts[name]:,} “{plain(name)}” ({percent(counts[name] / total, 0)})" for name in named)
    long = int((judged.windows > 1).sum())
    more = (
        f" {long:,} {'were' if long > 1 else 'was'} longer than the model reads at once and read in overlapping windows."
        if long
        else ""
    )
    return (
        f"**{total:,} text{'s' if total != 1 else ''}: {shares}.**{close} {plain(card.title)}, {judged.seconds:.1f} s, "
        f"{judged.device}, {judged.engine}.{more} "
        "Counts of a model's verdicts are not shares of opinions: each verdict may be wrong, and not equally often on each side."
    )
