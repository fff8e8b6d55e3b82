"""The tab "Swap one word": one place of a sentence, a list of words for it, and the score of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.catalog.card import Card
from playground.core.language import JudgedMany, JudgeMany
from playground.data.swap_lists import SWAP_LISTS, SwapList
from playground.specs.sentiment import SentimentSpec
from playground.ui import asking, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import prose
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_verdict as verdicts
from playground.ui.parts.sentiment import Answers, soon
from playground.ui.parts.sentiment_why import choose
from playground.ui.state import state
from playground.ui.words import minus, plain

LONGEST = 2000
"""Only texts up to this length are asked again and again."""
YARDSTICK = "feelings"
CLOSE = 0.05
"""Scores that lie closer together have a digit more."""
_SECONDS = 0.3
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass
class Marked:
    """Which word of which text is swapped.

    Attributes:
        of: The text.
        start: Its first letter; -1 where none is marked.
        end: The one behind its last.
        heard: Number of the newest message.
    """

    of: str = ""
    start: int = -1
    end: int = -1
    heard: int = 0


def show(answers: Answers, card: Card, spec: SentimentSpec, key: str) -> None:
    """Draw the tab."""
    mine, name, told = state(Marked, key), f"{key}-swap", lesson.current()
    if mine.of != answers.text:
        mine.of, mine.start, mine.end = answers.text, -1, -1
    chosen = choose(spec, "swap", {one.name: one.title for one in SWAP_LISTS.values()}, "Put there", key)
    list_ = SWAP_LISTS[chosen]
    before, after = parts(mine, list_)
    answer = ask(before, after, list_.words, card)
    yardstick = ask(SWAP_LISTS[YARDSTICK].before, SWAP_LISTS[YARDSTICK].after, SWAP_LISTS[YARDSTICK].words, card)

    def edited() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict):
            obey(mine, said)

    there = isinstance(answer, JudgedMany)
    data = {
        "present": told.present,
        "text": mine.of if len(mine.of) <= LONGEST else "",
        "spots": spots(mine.of),
        "marked": [mine.start, mine.end] if mine.start >= 0 else None,
        "sentence": [before[-160:], after[:160]],
        "state": "there" if there else "refused" if isinstance(answer, asking.Refused) else "waiting",
        "words": answer.words if isinstance(answer, asking.Refused) else "",
        "heard": mine.heard,
        "expecting": isinstance(answer, asking.Waiting),
        **(drawn(answer, list_, card, spec.band) if there else {"rows": None}),
    }
    component("sentiment_swap")(key=name, data=[data], on_edit_change=edited)
    if there:
        prose(minus(what_you_see(answer, list_, card, spec.band, yardstick)))


def spots(text: str) -> list[list[int]]:
    """The words of a text that can be marked, ``[start, end]``."""
    return [[found.start(), found.end()] for found in _WORD.finditer(text)] if len(text) <= LONGEST else []


def obey(mine: Marked, said: dict[str, Any]) -> None:
    """A word was marked, or none; everything the browser says is checked."""
    mark, number = said.get("mark"), said.get("number")
    if not isinstance(number, int) or number <= mine.heard:
        return
    mine.heard = number
    mine.start, mine.end = tuple(mark) if mark in spots(mine.of) else (-1, -1)


def parts(mine: Marked, list_: SwapList) -> tuple[str, str]:
    """What stands before and after the word: of the visitor's text where a word is marked, else of the list's own sentence."""
    return (mine.of[: mine.start], mine.of[mine.end :]) if mine.start >= 0 else (list_.before, list_.after)


def sentences(before: str, after: str, words: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each word. A word that begins one has a capital; "a" before a vowel becomes "an", and back."""
    made = []
    for word in words:
        put = word[:1].upper() + word[1:] if not before.strip() or before.rstrip()[-1:] in ".!?" else word
        start = before
        if found := re.search(r"\b(a|an|A|An)( +)$", before):
            article = "an" if word[:1].lower() in "aeiou" else "a"
            article = article.capitalize() if found[1][0] == "A" else article
            start = before[: found.start()] + article + found[2]
        made.append(start + put + after)
    return tuple(made)


def ask(before: str, after: str, words: Sequence[str], card: Card) -> Any:
    """What the model makes of all of them: a ``JudgedMany``, ``asking.Waiting`` or ``asking.Refused``."""
    return soon(asking.begin("judge_few", card, JudgeMany(sentences(before, after, words))), _SECONDS)


def drawn(answer: JudgedMany, list_: SwapList, card: Card, band: float) -> dict[str, Any]:
    """The dots as the browser wants them."""
    known = models.classes(card, answer.labels)
    value = places(answer, known)
    words = list_.words
    rows, at = [], 0
    for group, (_, members) in enumerate(list_.groups):
        for _ in members:
            scores = [float(score) for score in answer.scores[at]]
            said = verdicts.verdict(known, scores, band).words
            rows.append({"word": words[at], "value": round(float(value[at]), 4), "group": group, "says": said})
            at += 1
    toned = models.toned(known)
    ends = (
        [min(known, key=lambda one: one.tone or 0.0).words, max(known, key=lambda one: one.tone or 0.0).words]
        if toned else ["0 %", f"“{known[0].words}”"]
    )  # fmt: skip
    return {"rows": rows, "groups": [name for name, _ in list_.groups], "ends": ends, "low": -1 if toned else 0}


def places(answer: JudgedMany, known: Any) -> Any:
    """Where each answer stands: on the scale from -1 to 1, or by the probability of the first class, ``(texts,)``."""
    if not models.toned(known):
        return answer.scores[:, 0]
    return answer.scores @ np.array([one.tone or 0.0 for one in known], np.float32)


def what_you_see(answer: JudgedMany, list_: SwapList, card: Card, band: float, yardstick: Any) -> str:
    """What the dots say, in careful words."""
    known = models.classes(card, answer.labels)
    value, words = places(answer, known), list_.words
    low, high = int(value.argmin()), int(value.argmax())
    spread = float(value[high] - value[low])
    digits = 3 if spread < CLOSE else 2
    says = [verdicts.verdict(known, [float(score) for score in row], band).words for row in answer.scores]
    kinds = len(set(says))
    start = (
        f"**From “{plain(words[low])}” ({verdicts.number(value[low], digits)}) "
        f"to “{plain(words[high])}” ({verdicts.number(value[high], digits)}): "
        f"a spread of {spread:.{digits}f}** on a scale that is {2 if models.toned(known) else 1} long, for sentences that differ "
        "in one word. "
    )
    start += (
        f"All {len(words)} get the same verdict, “{plain(says[0])}”. " if kinds == 1
        else f"The verdict is not the same for all: {kinds} different ones among {len(words)}. "
    )  # fmt: skip
    if list_.name != YARDSTICK and isinstance(yardstick, JudgedMany):
        other = places(yardstick, known)
        start += f"Words of feeling in a sentence of their own spread over {float(other.max() - other.min()):.2f}. "
    if len(list_.groups) > 1:
        at, means = 0, []
        for name, members in list_.groups:
            means.append(f"{name} {verdicts.number(value[at : at + len(members)].mean(), digits)} (n = {len(members)})")
            at += len(members)
        start += f"Means: {', '.join(means)}. "
    return start + (
        f"{list_.careful} One sentence and a handful of words are a look, not a measurement: mark other words in other sentences before "
        "you call it bias (Kiritchenko and Mohammad 2018)."
    )
