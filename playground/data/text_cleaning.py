"""Texts as models can read them: what is no character for a reader becomes a space, letter by letter.

Emoji, other scripts and text that runs from right to left are left as they are. The length never changes, so that a place
in what was read is the same place in what was typed.
"""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")


def readable(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without control characters and halves of characters, and what was done, in sentences.

    Args:
        text: As it was typed or read from a file.

    Returns:
        A text of the same length that every tokenizer takes, and a sentence for each thing that was replaced.
    """
    notes = []
    text, halves = _HALF.subn("\ufffd", text)
    text, controls = _CONTROL.subn(" ", text)
    if controls:
        notes.append(f"{_counted(controls, 'control character')} read as {'spaces' if controls > 1 else 'a space'}.")
    if halves:
        notes.append(f"{_counted(halves, 'broken character')} (halves of one, or bytes that are no letter) left out.")
    return text, tuple(notes)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}s were" if number > 1 else f"One {what} was"
