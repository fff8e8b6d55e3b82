"""What the words of a text are, as places in it, and which word each of a model's pieces belongs to.

Contractions (``don't``), compounds (``well-made``), marks of so many out of ten (``7/10``) and smileys (``:-)``) are one word,
since half of one says something else. Punctuation stands by itself, the same sign several times as one. Where a script puts
no spaces between words, each character is a word. An emoji is one, however many code points it is made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
"""First character, and the one behind the last."""

_SMILEY = re.compile(r"(?:[:;=8][-'^o]?[()\[\]DPpOo/\\|*3]+|<+/?3+|[xX]D+|[\^][_.-]?[\^])(?!\w)")
_JOINS_LETTERS = frozenset("'’ʼ＇-‐‑&_·")  # between two letters or digits
_JOINS_DIGITS = frozenset(".,:/")  # between two digits
_LEADS = frozenset("#@")
_JOINER, _KEYCAP = "\u200d", "\u20e3"
_SKIN = range(0x1F3FB, 0x1F400)
_FLAG = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_SELECTORS = range(0xFE00, 0xFE10)
_UNSPACED = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x0F40, 0x0FBD),  # Tibetan
    range(0x1000, 0x10A0),  # Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x2E80, 0x3000),  # radicals of Chinese characters
    range(0x3005, 0x3008),
    range(0x3040, 0x3100),  # Japanese syllables
    range(0x31F0, 0x3200),
    range(0x3400, 0x4DC0),  # Chinese characters
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0xFF66, 0xFF9E),
    range(0x20000, 0x323B0),
)


def word_spans(text: str) -> tuple[Span, ...]:
    """Where the words of a text stand, in order; spaces and control characters belong to none."""
    found, place = [], 0
    while place < len(text):
        end, kind = _next(text, place)
        if kind != " ":
            found.append((place, end))
        place = end
    return tuple(found)


def assigned(words: Sequence[Span], pieces: Sequence[Span]) -> tuple[tuple[Span, ...], NDArray[np.int64]]:
    """Which word each piece belongs to.

    Where one piece covers several words (Chinese, or ``."`` as one piece), these are one word: a piece cannot be halved.
    A piece for the space before a word belongs to that word.

    Args:
        words: In order, none reaching into another.
        pieces: Where a model's pieces stand in the same text; in order.

    Returns:
        The words, some of them joined, and for each piece the number of its word, or -1 where it stands on no word.
    """
    first = np.full(len(pieces), -1)  # the first word that a piece touches, and the last
    last = np.full(len(pieces), -1)
    place = 0
    for number, (start, end) in enumerate(pieces):
        end = max(end, start + 1)  # part of one character
        while place and words[place - 1][1] > start:
            place -= 1
        while place < len(words) and words[place][1] <= start:
            place += 1
        if place < len(words) and words[place][0] < end:
            first[number] = last[number] = place
            while last[number] + 1 < len(words) and words[last[number] + 1][0] < end:
                last[number] += 1
        elif place < len(words) and words[place][0] == end:
            first[number] = last[number] = place  # the space before it
    begins = np.ones(len(words), bool)  # false where a word goes on with the one before
    for begin, finish in zip(first, last, strict=True):
        if begin >= 0:
            begins[begin + 1 : finish + 1] = False
    number_of = begins.cumsum() - 1
    starts = np.flatnonzero(begins).tolist()
    ends = [*starts[1:], len(words)] if starts else []
    joined = tuple((words[a][0], words[b - 1][1]) for a, b in zip(starts, ends, strict=True))
    return joined, np.array([number_of[begin] if begin >= 0 else -1 for begin in first], np.int64)


def _next(text: str, place: int) -> tuple[int, str]:
    """Where what begins here ends, and its kind: ``" "`` space, ``w`` word, ``c`` character, ``e`` emoji, ``p`` punctuation."""
    smiley = _SMILEY.match(text, place)
    if smiley is not None:
        return smiley.end(), "e"
    kind = _kind(text[place])
    end = _cluster(text, place)
    if kind == "p" and text[place] in _LEADS and end < len(text) and _kind(text[end]) == "w":
        return _word(text, end), "w"
    if kind == "w":
        return (end, "e") if text[end - 1] == _KEYCAP else (_word(text, place), "w")
    if kind == "p":
        while end < len(text) and text[end] == text[place]:
            end = _cluster(text, end)
    return end, kind


def _word(text: str, place: int) -> int:
    """The end of the word that begins here."""
    end = _cluster(text, place)
    while end < len(text):
        if _kind(text[end]) == "w":
            end = _cluster(text, end)
        elif end + 1 < len(text) and _goes_on(text[end - 1], text[end], text[end + 1]):
            end = _cluster(text, end + 1)
        else:
            break
    return end


def _goes_on(before: str, sign: str, after: str) -> bool:
    if sign in _JOINS_LETTERS:
        return _kind(after) == "w"
    return sign in _JOINS_DIGITS and before.isdigit() and after.isdigit()


def _cluster(text: str, place: int) -> int:
    """The end of what a reader takes for one character: a letter with its accents, a flag, a family."""
    code = ord(text[place])
    end = place + 1
    if code in _FLAG and end < len(text) and ord(text[end]) in _FLAG:
        end += 1
    while end < len(text):
        if _clings(text[end]):
            end += 1
        elif text[end] == _JOINER and end + 1 < len(text) and _kind(text[place]) == "e" and _kind(text[end + 1]) == "e":
            end += 2
        elif text[end] == _JOINER and _kind(text[place]) in "wc":  # shapes the letters of some scripts
            end += 1
        else:
            break
    return end


def _clings(character: str) -> bool:
    code = ord(character)
    return code in _SKIN or code in _SELECTORS or code in _TAGS or unicodedata.category(character) in ("Mn", "Mc", "Me")


def _kind(character: str) -> str:
    code = ord(character)
    if character.isascii():
        return "w" if character.isalnum() else "p" if character.isprintable() and character != " " else " "
    if any(code in part for part in _UNSPACED) and unicodedata.category(character)[0] in "LMN":
        return "c"
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return "w"
    if category[0] in "ZC":
        return " "
    return "e" if category in ("So", "Sk") or code in _SKIN else "p"
