"""The tab "Long texts": the windows that a text went through, a verdict each, and what each counts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.language import Judged
from playground.functional.text_windows import LENGTH
from playground.specs.sentiment import SentimentSpec
from playground.ui import controls, lesson
from playground.ui.assets import component
from playground.ui.page import prose
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_verdict as verdicts
from playground.ui.parts.sentiment import Answers
from playground.ui.parts.sentiment_models import percent
from playground.ui.words import plain

_ENDS = 70


def show(answers: Answers, card: Card, spec: SentimentSpec, key: str) -> None:
    """Draw the tab."""
    judged = answers.judged
    if not isinstance(judged, Judged):
        prose("There is no answer to look into yet.")
        return
    if len(judged.windows) < 2:
        prose(
            f"This text has {judged.pieces:,} word pieces and goes through the model in one go. One that is longer than the model "
            f"takes is read in overlapping windows of at most {LENGTH} pieces, each with a score of its own; nothing is cut off."
        )
        if "example" not in lesson.current().hide | lesson.current().lock and st.button(
            "Try a long review", key=f"{key}-long-try", icon=":material/article:"
        ):
            controls.assign(key, example="long")
            st.rerun()
        return
    known = models.classes(card, judged.labels)
    data = {
        "present": lesson.current().present,
        "length": len(answers.text),
        "windows": [drawn(answers.text, window, known, spec.band) for window in judged.windows],
    }
    component("sentiment_long")(key=f"{key}-long", data=[data], on_edit_change=lambda: None)
    prose(what_you_see(judged, known, spec.band))


def drawn(text: str, window: Any, known: Any, band: float) -> dict[str, Any]:
    """One window as the browser shows it."""
    said = verdicts.verdict(known, window.scores, band)
    part = " ".join(text[window.start : window.end].split())
    cut = len(part) > 3 * _ENDS
    return {
        "start": window.start,
        "end": window.end,
        "pieces": window.pieces,
        "weight": round(window.weight, 4),
        "words": said.words,
        "score": round(said.score, 4),
        "opinion": verdicts.opinion(known, window.scores, band),
        "begin": part[:_ENDS] + "…" if cut else part,
        "last": "…" + part[-_ENDS:] if cut else "",
    }


def what_you_see(judged: Judged, known: Any, band: float) -> str:
    """Two or three sentences about these very windows."""
    heaviest = max(range(len(judged.windows)), key=lambda at: judged.windows[at].weight)
    window = judged.windows[heaviest]
    said = verdicts.verdict(known, window.scores, band)
    others = sum(verdicts.verdict(known, one.scores, band).words != said.words for one in judged.windows)
    return (
        f"**Window {heaviest + 1} of {len(judged.windows)} counts most, {percent(window.weight, 0)} of the verdict: "
        f"“{plain(said.words)}”.** {others} of the others say something else. A window counts the more, the more decided it is and the "
        "more of the text it holds, so that a plot told without feeling does not drown the one sentence that judges. Press a "
        "window to see its place in the text."
    )
