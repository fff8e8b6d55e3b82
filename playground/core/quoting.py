"""Words from outside, as they can stand in a sentence of ours."""

from __future__ import annotations


def harmless(text: str, longest: int = 60) -> str:
    """A text in one line, cut where it is long, without what nobody sees: no control characters, nothing that turns a line around."""
    start = text[: 4 * longest]
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in start).split())
    return line if len(line) <= longest and len(text) <= 4 * longest else f"{line[:longest]}…"
