"""The text that is looked into: one of ours, or what a visitor types, which stays in this session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.core.errors import UnknownName
from playground.data.sentence_examples import SENTENCES
from playground.specs.inside_bert import InsideBertSpec
from playground.ui import controls
from playground.ui.state import state
from playground.ui.words import plain

LONGEST = 5_000
"""Characters of a text that is looked into: more than the pieces that can be drawn have."""

FIRST = "comparison"
OURS: dict[str, tuple[str, str]] = {
    "comparison": ("Comparison", SENTENCES["comparison"].text),
    "rare": ("Rare words", "An unwatchable, overhyped blockbuster, and twelve € for stale popcorn."),
}
OURS |= {
    name: (entry.title, entry.text)
    for name, entry in SENTENCES.items()
    if name not in OURS and len(entry.text) <= LONGEST
}


@dataclass
class Typed:
    """What one visitor's text box holds.

    Attributes:
        text: What they typed last; empty while an example is shown.
        own: Whether it is theirs.
        length: How many characters it has; more than ``LONGEST`` where it was too long to be sent.
        heard: Number of the last text that came here.
        example: The example that was put into the box last.
        given: Tells one text that was put into the box from the next.
        turn: How many were.
    """

    text: str = ""
    own: bool = False
    length: int = 0
    heard: int = 0
    example: str = ""
    given: str = ""
    turn: int = 0


def settle(spec: InsideBertSpec, key: str) -> InsideBertSpec:
    """The experiment with an example that there is, unless the visitor's own text is shown."""
    typed = state(Typed, key)
    if spec.example and spec.example not in OURS:
        words = str(UnknownName("example", spec.example[:80], OURS))
        st.warning(plain(f"In the link, Sentence: {words} The page uses '{FIRST}'."))
        spec = spec.replace(example=FIRST)
    elif not spec.example and not typed.own:
        spec = spec.replace(example=FIRST)
    if spec.example:
        typed.own = False
        if spec.example != typed.example:
            typed.turn += 1
            typed.example, typed.given = spec.example, f"{spec.example}-{typed.turn}"
    controls.assign(key, example=spec.example)
    return spec


def shown(spec: InsideBertSpec, key: str) -> str:
    """The text that is looked into."""
    return OURS[spec.example][1] if spec.example else state(Typed, key).text


def problem(key: str) -> str:
    """Why the visitor's own text cannot be looked into; empty where it can."""
    typed = state(Typed, key)
    if typed.own and typed.length > LONGEST:
        return f"The text has {typed.length:,} characters; at most {LONGEST:,} can be looked into. Take a part of it."
    if typed.own and not typed.text.strip():
        return "The box is empty. Type a sentence, or choose one of ours."
    return ""


def take(key: str, said: Any) -> None:
    """What the text box told: ``{"text", "number", "length"}``; anything else is not from it."""
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        return
    number, length = said.get("number"), said.get("length")
    typed = state(Typed, key)
    if not isinstance(number, int) or not isinstance(length, int) or isinstance(number, bool) or number <= typed.heard:
        return
    text = mended(said["text"])
    too_long = length > LONGEST or len(text) > LONGEST
    typed.heard, typed.own, typed.example = number, True, ""
    typed.text, typed.length = ("", max(length, len(text))) if too_long else (text, len(text))
    controls.assign(key, example="")


def mended(text: str) -> str:
    """The text with U+FFFD for each half of a character, which no protocol carries."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def box(spec: InsideBertSpec, key: str, *, locked: bool) -> dict[str, Any]:
    """What the browser's text box and the row of examples are given."""
    typed = state(Typed, key)
    return {
        "typed": {
            "text": shown(spec, key),
            "given": typed.given,
            "heard": typed.heard,
            "longest": LONGEST,
            "locked": locked,
        },
        "examples": [{"name": name, "title": title} for name, (title, _) in OURS.items()],
        "example": spec.example,
    }
