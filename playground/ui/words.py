"""Words that came from outside, on their way to a page that reads Markdown."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@])")
# Streamlit's Markdown turns bare addresses into links after parsing, so that escapes alone do not stop it: an invisible
# word joiner inside does.
_ADDRESS = re.compile(r"(?i)(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)")
_NEGATIVE = re.compile(r"(?<![\w-])-(?=[\d.])|(?<=\de)-(?=\d)")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What turns the letters beside it around, and halves of characters, which no page can be sent."""
_JOINER = "\u2060"


def minus(text: str) -> str:
    """A text whose negative numbers have a minus sign, not a hyphen."""
    return _NEGATIVE.sub("−", text)


def plain(text: str) -> str:
    """A text that is shown letter by letter: one line, no markup, no links, no formulas, no icons."""
    return _MARKUP.sub(r"\\\1", _ADDRESS.sub(_JOINER, " ".join(_TURNS.sub(" ", text).split())))
