"""Inside BERT, packed for the browser: pieces, attention of all heads, one head's numbers, attention beside effect."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.frames import pack, single
from playground.core.language import Opened
from playground.functional.attention import rollout
from playground.functional.word_spans import assigned, word_spans
from playground.specs.inside_bert import MEASURES
from playground.ui.parts.inside_bert_heads import HeadSaid, heads_said
from playground.ui.parts.inside_bert_reason import Reason

FINE = 200_000
"""Up to so many weights travel in two bytes each, more of them in one: then a weight is right to 0.002."""


SHORT = 60
"""Characters of a sentence that is only named."""


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def waiting(words: str, text: str, state: str = "waiting") -> bytes:
    """Nothing is known yet of a text (``waiting``), or there is no answer (``refused``), and why."""
    return pack("inside_bert", {"state": state, "words": words, "text": text}, {})


def frame(opened: Opened, text: str, *, stale: str = "", other: bool = False, reason: Reason | str = "") -> bytes:
    """What the browser draws.

    Args:
        opened: What happened inside.
        text: Which text that was.
        stale: What is said of it where it is not the one that was asked for last; empty where it is.
        other: Whether it is of another text or model than what was asked for last.
        reason: Attention beside effect, or why it is not there, or nothing where nobody asked.
    """
    words = words_of(opened, text)
    said = heads_said(opened.attention, words)
    header = {
        "state": "there",
        "stale": stale,
        "of": shortened(text) if other else "",
        "text": text,
        "pieces": [_piece(opened, number, int(word)) for number, word in enumerate(words)],
        "whole": opened.whole,
        "vocabulary": opened.vocabulary,
        "layer": opened.layer,
        "head": opened.head,
        "labels": list(opened.labels),
        "scores": [round(float(one), 5) for one in opened.scores],
        "said": [[[one.pattern, round(one.share, 4), round(one.spread, 2)] for one in line] for line in said],
        "reason": _reason(reason) if isinstance(reason, Reason) else {"words": reason} if reason else None,
        "notes": list(opened.notes),
    }
    blocks = {
        "attention": shares(opened.attention),
        "rollout": shares(rollout(opened.attention.astype(np.float64))[-1]),
        "query": single(opened.query.astype(np.float64)),
        "key": single(opened.key.astype(np.float64)),
        "value": single(opened.value.astype(np.float64)),
        "mixed": single(opened.mixed.astype(np.float64)),
        "changed": single(opened.changed.astype(np.float64)),
    }
    return pack("inside_bert", header, blocks)


def shares(values: NDArray[np.floating[Any]]) -> NDArray[Any]:
    """Shares from 0 to 1 as whole numbers from 0 to the largest of their type."""
    kind: type[np.unsignedinteger[Any]] = np.uint16 if values.size <= FINE else np.uint8
    return np.rint(np.clip(values.astype(np.float64), 0, 1) * np.iinfo(kind).max).astype(kind)


def words_of(opened: Opened, text: str) -> NDArray[np.int64]:
    """The number of each piece's word, ``(t,)``; -1 for special tokens."""
    real = [number for number, one in enumerate(opened.pieces) if one.start >= 0]
    _, numbers = assigned(word_spans(text), [(opened.pieces[one].start, opened.pieces[one].end) for one in real])
    found = np.full(len(opened.pieces), -1, np.int64)
    found[real] = numbers
    return found


def pattern(opened: Opened, text: str, layer: int, head: int) -> HeadSaid:
    """What one head mostly does."""
    return heads_said(opened.attention, words_of(opened, text))[layer][head]


def _piece(opened: Opened, number: int, word: int) -> list[Any]:
    one = opened.pieces[number]
    return [one.text, one.number, one.start, one.end, int(one.unknown), word]


def _reason(found: Reason) -> dict[str, Any]:
    return {
        "spans": [list(one) for one in found.spans],
        "attention": {name: [round(float(one), 5) for one in found.attention[name]] for name in MEASURES},
        "marks": {name: round(found.marks[name], 5) for name in MEASURES},
        "tau": {name: found.agreement(name) for name in MEASURES},
        "most": {name: found.most(name) for name in MEASURES},
        "hollow": {name: found.hollow(name) for name in MEASURES},
        "effect": [round(float(one), 5) for one in found.effect],
        "largest": found.largest,
        "label": found.label,
        "score": round(found.score, 5),
        "hidden": found.hidden,
        "leftOut": found.left_out,
    }
