"""The page Sentiment: what stands in the box, the answer to it, and the bar with its coloured words."""

from __future__ import annotations

import concurrent.futures
from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.errors import UnknownName
from playground.core.language import LONGEST_TEXT, Judge, Judged, Weigh, Weighed
from playground.data.sentence_examples import SENTENCES
from playground.data.text_cleaning import readable
from playground.jobs.asked import Asked
from playground.specs.sentiment import SentimentSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_verdict as verdicts
from playground.ui.state import state
from playground.ui.words import plain

HEIGHT = 480
FIRST = next(iter(SENTENCES))
WAKING = "The model is waking up"
QUICK_TEXT = 5_000
"""Longer texts, in characters, take a second or more: they are judged where nobody else's short one waits behind them."""

SECONDS = 0.08
"""So long a run of the page waits for an answer before it is drawn without: most are there by then, and nobody sees two pictures."""


@dataclass
class Typed:
    """What stands in one session's box.

    Attributes:
        text: All of it; empty where it was too long to be taken.
        own: Whether the visitor typed it.
        given: Counts the texts that the page put there by itself.
        heard: Number of the newest message.
        problem: Why the text is not read.
        notes: What was replaced in it, since no model and no page can show it.
    """

    text: str = ""
    own: bool = False
    given: int = 0
    heard: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()

    def give(self, text: str) -> None:
        """Put a text into the box."""
        self.text, self.problem, self.notes = text, "", ()
        self.given += 1

    def take(self, said: dict[str, Any]) -> bool:
        """Take what the browser says that was typed, which may be anything; false where it is nothing new."""
        number, text, length = said.get("number"), said.get("text"), said.get("length")
        if not isinstance(number, int) or isinstance(number, bool) or number <= self.heard or not isinstance(text, str):
            return False
        self.heard, self.own = number, True
        count = max(len(text), length) if isinstance(length, int) else len(text)
        long = count > LONGEST_TEXT
        self.text, self.notes = ("", ()) if long else readable(text)
        self.problem = (
            f"This text has {count:,} characters; at most {LONGEST_TEXT:,} are read at once. Shorten it, or give its parts to "
            "Several texts." if long else ""
        )  # fmt: skip
        return True


@dataclass(frozen=True)
class Answers:
    """What is known of the text on the page with one model.

    Attributes:
        text: The text.
        judged: A ``Judged``, ``asking.Waiting`` or ``asking.Refused``; ``None`` for an empty text.
        weighed: A ``Weighed``, likewise, for the class that ``verdicts.explained`` names; ``None`` while there is no verdict.
        notes: What was replaced in the text before anything was asked.
    """

    text: str
    judged: Any
    weighed: Any = None
    notes: tuple[str, ...] = ()


def settle(spec: SentimentSpec, key: str) -> SentimentSpec:
    """The experiment with a text and a model that there are; what a link says wrongly is said in words, and the rest kept."""
    mine, wanted = state(Typed, key), spec.example
    if wanted not in SENTENCES and (wanted or not mine.own):
        if wanted:
            words = str(UnknownName("example text", wanted, SENTENCES))
            st.warning(plain(f"In the link, Text: {words} The page shows “{SENTENCES[FIRST].title}”."))
        controls.assign(key, example=FIRST)
        spec = spec.replace(example=FIRST)
    if spec.example and mine.text != SENTENCES[spec.example].text:
        mine.give(SENTENCES[spec.example].text)
        mine.own = False
    return models.MENU.settle(spec, key)


def soon(asked: Asked, seconds: float) -> Any:
    """The answer to a question, waiting a moment for it."""
    concurrent.futures.wait([asked], seconds)
    return asking.follow(asked)


def judge(text: str, card: Card, seconds: float = SECONDS) -> Any:
    """How a text feels to a model: a ``Judged``, ``asking.Waiting`` or ``asking.Refused``."""
    return soon(asking.begin("judge_long" if len(text) > QUICK_TEXT else "judge", card, Judge(text)), seconds)


def weigh(text: str, card: Card, method: Any, target: int, seconds: float = SECONDS) -> Any:
    """What each word added: a ``Weighed``, ``asking.Waiting`` or ``asking.Refused``."""
    return soon(asking.begin("weigh", card, Weigh(text, method, target)), seconds)


def ask(key: str, card: Card) -> Answers:
    """Ask for everything that the first picture shows."""
    mine = state(Typed, key)
    if mine.problem:
        return Answers("", asking.Refused(mine.problem))
    if not mine.text.strip():
        return Answers(mine.text, None)
    judged = judge(mine.text, card)
    if not isinstance(judged, Judged):
        return Answers(mine.text, judged, notes=mine.notes)
    target = verdicts.explained(models.classes(card, judged.labels), judged.scores)
    return Answers(mine.text, judged, weigh(mine.text, card, "integrated_gradients", target), mine.notes)


def show(spec: SentimentSpec, answers: Answers, card: Card, key: str) -> None:
    """Draw the box, the bar and the words."""
    mine, told, name = state(Typed, key), lesson.current(), f"{key}-text"
    free = "example" not in told.hide | told.lock

    def edited() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict) and "example" not in told.lock and mine.take(said):
            controls.assign(key, example=named(mine.text, said.get("example")))

    data = {
        "present": told.present,
        "height": HEIGHT,
        "edits": ["example"] if free else [],
        "examples": [] if "example" in told.hide else [
            {"name": one.name, "title": one.title, "summary": one.summary, "text": one.text} for one in SENTENCES.values()
        ],
        "chosen": spec.example,
        "box": {
            "text": mine.text, "given": str(mine.given), "heard": mine.heard, "longest": LONGEST_TEXT, "locked": "example" in told.lock,
        },
        "answer": said(answers, card, spec.band),
        "expecting": isinstance(answers.judged, asking.Waiting) or isinstance(answers.weighed, asking.Waiting),
    }  # fmt: skip
    with place(HEIGHT):
        component("sentiment")(key=name, data=[data], on_edit_change=edited)


def named(text: str, wanted: Any) -> str:
    """Which of ours a text is; empty for anything that the visitor typed."""
    if isinstance(wanted, str) and wanted in SENTENCES and SENTENCES[wanted].text == text:
        return wanted
    return next((one.name for one in SENTENCES.values() if one.text == text), "")


def said(answers: Answers, card: Card, band: float) -> dict[str, Any]:
    """One model's answer to the text as the browser shows it, in whatever state it is."""
    judged, weighed = answers.judged, answers.weighed
    nothing = {
        "opinion": None,
        "words": None,
        "weighing": False,
        "notes": "",
        "key": "",
        "facts": card.title,
        "alt": "",
    }
    if judged is None:
        words = "Nothing to read yet" if not answers.text else "Only empty space"
        return {
            **nothing,
            "state": "empty",
            "verdict": verdicts.no_headline(words),
            "notes": "Type a sentence, or choose one above.",
        }
    if isinstance(judged, asking.Waiting):
        return {**nothing, "state": "waiting", "verdict": verdicts.no_headline(judged.words or WAKING)}
    if isinstance(judged, asking.Refused):
        return {**nothing, "state": "failed", "verdict": verdicts.no_headline("No answer"), "notes": judged.words}
    known = models.classes(card, judged.labels)
    verdict = verdicts.verdict(known, judged.scores, band)
    found = {
        **nothing,
        "state": "answered",
        "verdict": verdicts.headline(verdict),
        "opinion": verdicts.opinion(known, judged.scores, band),
        "notes": " ".join((*answers.notes, *judged.notes)),
        "facts": verdicts.facts(card.title, judged),
        "alt": verdicts.in_words(judged, verdict, []),
        "weighing": isinstance(weighed, asking.Waiting),
    }
    if isinstance(weighed, asking.Refused):
        return {**found, "key": f"The words have no colours: {weighed.words}"}
    if not isinstance(weighed, Weighed):
        return found
    part = len(judged.windows) > 1
    start = weighed.start if part else 0
    coloured = verdicts.pulls(weighed, start)
    shown = answers.text[start : weighed.end] if part else answers.text
    strongest = sorted(coloured, key=lambda one: -abs(one[2]))[:3]
    return {
        **found,
        "words": coloured,
        "text": shown if part else None,
        "part": part,
        "key": verdicts.meaning(known, judged),
        "alt": verdicts.in_words(judged, verdict, [(shown[int(a) : int(b)], value) for a, b, value in strongest]),
    }
