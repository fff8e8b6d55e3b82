"""Long texts in overlapping parts: where they are cut, and how much each part says in the verdict on the whole.

A network reads so many word pieces and no more. A longer text is therefore read in windows that begin and end between
words, if possible between sentences, and overlap, so that what one window cuts the next has whole. The first and the last
window are short: opinions tend to stand at the beginning and at the end, and there they are read by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LENGTH = 32
"""Pieces of a window at most, whatever else fits: among sixty pieces that tell a plot, one sentence of opinion is no longer heard."""

OVERLAP = 8
"""Pieces that two neighbours share at most."""

END = 20
"""Pieces of the first and of the last window at most, where a sentence ends within so many."""

OPENING, CLOSING = 1 / 6, 1 / 3
"""Of the verdict, before it is asked how decided they are: the first window, and the last. The others share the rest."""

FLOOR = 1e-4
"""So much an undecided window still counts: a text without any opinion has a verdict, too."""

_STOPS = frozenset(".!?…‽؟।۔")
_WIDE_STOPS = frozenset("。！？｡")  # no space follows them
_CLOSERS = frozenset("\"'”’»›)]}」』）】")

_SENTENCE, _WORD = 2, 1


def cut(text: str, spans: Sequence[tuple[int, int]], longest: int) -> tuple[range, ...]:
    """Windows of a text, as ranges of its pieces; a single one where all of it fits.

    Args:
        text: As it was typed.
        spans: First character of each piece and the one behind its last.
        longest: So many pieces fit, the marks around them not counted.

    Returns:
        The windows in their order; every piece is in one of them.
    """
    count = len(spans)
    if count <= longest:
        return (range(count),)
    length = min(LENGTH, longest)
    overlap, end = max(1, min(OVERLAP, length // 4)), min(END, length)
    grades = _grades(text, spans)
    opening = range(_opening(grades, end, length))
    closing = range(_closing(grades, end, length), count)
    covered = _best(grades, range(closing.start + 1, min(closing.start + overlap, count) + 1), early=True)
    windows, last = [opening], opening
    while last.stop < covered:
        # What the last sentences of a window say is read again with what follows.
        again = range(max(last.stop - overlap, 0), last.stop)
        start = _best(grades, again, early=True) if length > 3 else last.stop
        last = range(start, _stop(grades, start, length, covered))
        windows.append(last)
    return (*windows, closing)


def weights(scores: NDArray[np.floating], pieces: Sequence[int], tones: Sequence[float | None]) -> NDArray[np.float64]:
    """How much each window counts in the verdict on the whole; the verdict is the mean of their scores by these weights.

    A window's share is that of its place (``OPENING``, ``CLOSING``, the others by their pieces), times the square of how
    decided it is: how far its scores lean to one side where the classes have a tone, from 0 where it is neutral or torn to 1;
    else by how much the likeliest class leads. So a hundred windows that retell a plot do not drown the one with the verdict.

    Args:
        scores: ``(windows, classes)``, each row sums to 1.
        pieces: Of each window.
        tones: Of each class, -1 (bad) to 1 (good), 0 for neutral; ``None`` where it is none of that.

    Returns:
        ``(windows,)``, the sum is 1.
    """
    if len(scores) == 1:
        return np.ones(1)
    share = np.array(pieces, np.float64)
    middle = 1 - OPENING - CLOSING if len(share) > 2 else 0.0
    share[1:-1] *= middle / max(1.0, share[1:-1].sum())
    share[0], share[-1] = OPENING, CLOSING
    found = share * (FLOOR + decided(scores, tones) ** 2)
    return np.asarray(found / found.sum(), np.float64)


def decided(scores: NDArray[np.floating], tones: Sequence[float | None]) -> NDArray[np.float64]:
    """How decided each row of scores ``(n, classes)`` is, 0 to 1 (see ``weights``)."""
    known = [tone for tone in tones if tone is not None]
    if len(known) == len(tones) and min(known) < 0 < max(known):
        return np.asarray(np.abs(np.asarray(scores, np.float64) @ np.array(known)))
    if scores.shape[1] == 1:
        return np.ones(len(scores))
    ordered = np.sort(np.asarray(scores, np.float64), axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def _grades(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """How good it is to cut before each piece: between sentences, between words, or within one."""
    grades = [_SENTENCE] + [0] * (len(spans) - 1)
    for number in range(1, len(spans)):
        before, after = spans[number - 1][1], spans[number][0]
        # Some tokenizers count the space to the piece before or behind it.
        gap = text[max(before - 1, 0) : after + 1]
        spaced = any(map(str.isspace, gap))
        if text[before - 1 : before] in _WIDE_STOPS or "\n" in gap:
            grades[number] = _SENTENCE
        elif spaced:
            grades[number] = _SENTENCE if _ends_sentence(text, before) else _WORD
    return grades


def _ends_sentence(text: str, before: int) -> bool:
    """Whether a sentence ends before this character."""
    last = before - 1
    while last > max(0, before - 6) and (text[last] in _CLOSERS or text[last].isspace()):
        last -= 1
    return last >= 0 and (text[last] in _STOPS or text[last] in _WIDE_STOPS)


def _best(grades: Sequence[int], places: range, *, early: bool) -> int:
    """The best place to cut: between sentences before between words; of equals the first, or the last."""
    sign = -1 if early else 1
    return max(places, key=lambda place: (grades[place] if place < len(grades) else _SENTENCE, sign * place))


def _stop(grades: Sequence[int], start: int, most: int, end: int) -> int:
    """Where a window that begins at a piece ends."""
    if end - start <= most:
        return end
    return _best(grades, range(start + max(1, most // 2), start + most + 1), early=False)


def _opening(grades: Sequence[int], end: int, length: int) -> int:
    """Where the first window ends: with the sentences that ``end`` pieces hold, or with the first one, or between words."""
    stop = _best(grades, range(1, end + 1), early=False)
    if grades[stop] < _SENTENCE:
        longer = _best(grades, range(end, length + 1), early=True)
        return longer if grades[longer] == _SENTENCE else stop
    return stop


def _closing(grades: Sequence[int], end: int, length: int) -> int:
    """Where the last window begins: with the sentences that ``end`` pieces hold, or with the last one, or between words."""
    count = len(grades)
    start = _best(grades, range(count - end, count), early=True)
    if grades[start] < _SENTENCE:
        longer = _best(grades, range(count - length, count - end + 1), early=False)
        return longer if grades[longer] == _SENTENCE else start
    return start
