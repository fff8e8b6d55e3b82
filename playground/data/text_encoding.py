"""From the bytes of a text file to its letters."""

from __future__ import annotations

from playground.core.errors import InputError
from playground.data.sheet import SAVE_AS, refuse_other_kinds

_MOST_CONTROL = 0.01
"""A file with a larger part of control characters is no text."""


def decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file, with line feeds between its lines, and what was taken for what, in sentences.

    UTF-8, UTF-16 and UTF-32 are read with a mark or without, other letters as Western European.

    Raises:
        InputError: It is no text file, or an empty one; says what it is and what to do.
    """
    if not content.strip(b" \t\r\n\x00"):
        raise InputError(f"{name} is empty. {SAVE_AS}")
    refuse_other_kinds(content, name)
    notes: list[str] = []
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding in ("cp1252", "latin-1"):
            notes.append(f"The letters of {name} are no UTF-8 and were read as Western European ({encoding}).")
        break
    else:
        raise InputError(f"The letters of {name} are written in an encoding that was not recognised. {SAVE_AS}")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise InputError(f"{name} is not a text file: line {line} holds a NUL byte. {SAVE_AS}")
    control = sum(map(text.count, map(chr, (*range(1, 9), *range(14, 32)))))
    if control > 10 and control > _MOST_CONTROL * len(text):
        raise InputError(f"{name} is not a text file: it holds {control:,} control characters. {SAVE_AS}")
    if not text.strip():
        raise InputError(f"{name} is empty. {SAVE_AS}")
    return text, notes


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return ("utf-32",)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    begin = content[:2000]
    even, odd = begin[::2].count(0), begin[1::2].count(0)
    if len(begin) >= 4 and max(even, odd) > 0.4 * len(begin) / 2 and min(even, odd) < 0.05 * len(begin):
        return ("utf-16-le",) if odd > even else ("utf-16-be",)  # without a mark: every other byte is none
    return "utf-8-sig", "cp1252", "latin-1"
