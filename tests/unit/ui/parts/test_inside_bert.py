"""What the page Inside BERT makes of answers that are written down here: habits of heads, attention beside effect, the frame."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.core.language import Opened, Piece, Weighed, Word
from playground.functional.attention import attend
from playground.specs.inside_bert import InsideBertSpec
from playground.ui.parts import inside_bert_frame as frames
from playground.ui.parts import inside_bert_words as words
from playground.ui.parts.inside_bert import Found
from playground.ui.parts.inside_bert_heads import clearest, heads_said
from playground.ui.parts.inside_bert_reason import kendall, reason

TEXT = "very unkind film"
SPANS = [(-1, -1), (0, 4), (5, 7), (7, 11), (12, 16), (-1, -1)]
NAMES = ["[CLS]", "very", "un", "##kind", "film", "[SEP]"]


def opened(attention: np.ndarray[Any, Any] | None = None) -> Opened:
    """Six pieces in two layers of two heads."""
    drawn = np.random.default_rng(0)
    query, key, value = (drawn.normal(size=(6, 8)).astype(np.float32) for _ in range(3))
    found = attend(query.astype(np.float64), key.astype(np.float64), value.astype(np.float64))
    weights = np.stack([np.stack([found.weights, found.weights.T / found.weights.T.sum(-1, keepdims=True)])] * 2)
    pieces = tuple(
        Piece(name, 100 + k, *span, unknown=False) for k, (name, span) in enumerate(zip(NAMES, SPANS, strict=True))
    )
    return Opened(
        pieces, 6, 8000, (weights if attention is None else attention).astype(np.float16), query, key, value,
        found.mixed.astype(np.float32), 0, 0, ("negative", "positive"), (0.9, 0.1), np.ones((3, 6), np.float32), 0.01,
    )  # fmt: skip


def weighed(*values: float) -> Weighed:
    spans = [(0, 4), (5, 11), (12, 16)]
    parts = tuple(Word(start, end, value) for (start, end), value in zip(spans, values, strict=True))
    return Weighed(parts, "occlusion", 0, "negative", 0.9, 0, 0, "[MASK] in its place", 0, 0, 0, 16, 0.1)


@pytest.mark.parametrize(
    ("pattern", "offset"), [("before", -1), ("after", 1), ("itself", 0), ("first", None), ("last", None), ("", None)]
)
def test_a_heads_habit_is_recognised(pattern: str, offset: int | None) -> None:
    count = 6
    weights = np.zeros((count, count))
    if offset is not None:
        for row in range(count):
            weights[row, min(count - 1, max(0, row + offset))] = 1
    elif pattern:
        weights[:, 0 if pattern == "first" else -1] = 1
    else:
        weights[:] = 1 / count
    ((said,),) = heads_said(weights[None, None], np.array([-1, 0, 1, 1, 2, -1]))
    assert said.pattern == pattern
    assert said.share == pytest.approx(1 if pattern else 1 / count, abs=0.05)
    assert said.spread == pytest.approx(1 if pattern else count, rel=1e-6)


def test_the_page_begins_with_a_head_that_looks_at_a_neighbour() -> None:
    spread, mark, before = np.full((5, 5), 0.2), np.zeros((5, 5)), 0.05 * np.ones((5, 5)) + 0.75 * np.eye(5, k=-1)
    mark[:, -1] = 1
    before /= before.sum(axis=-1, keepdims=True)
    said = heads_said(np.stack([np.stack([spread, mark]), np.stack([mark, before])]), np.array([-1, 0, 1, 2, -1]))
    assert clearest(said) == (1, 1), "not the one that looks at a mark, though it does so more"


def test_kendalls_tau_by_hand() -> None:
    assert kendall([1, 2, 3], [10, 20, 30]) == 1
    assert kendall([1, 2, 3], [3, 2, 1]) == -1
    assert kendall([1, 2, 3], [1, 3, 2]) == pytest.approx(1 / 3)
    assert kendall([1, 1, 2], [1, 2, 3]) == pytest.approx(2 / np.sqrt(2 * 3))  # a tie in one of them
    assert kendall([1, 1], [1, 2]) is None and kendall([1], [1]) is None


def test_a_words_attention_is_that_of_its_pieces_and_with_the_marks_it_is_all() -> None:
    one = opened()
    found = reason(one, weighed(0.1, -0.4, 0.2))
    assert found is not None and found.spans == ((0, 4), (5, 11), (12, 16))
    last = one.attention[-1, :, 0, :].astype(float).mean(axis=0)
    assert found.attention["last"] == pytest.approx([last[1], last[2] + last[3], last[4]])
    for measure, shares in found.attention.items():
        assert shares.sum() + found.marks[measure] == pytest.approx(1, abs=3e-3)
    assert found.largest == 1, "a rise counts as much as a fall"
    assert reason(one, dataclasses.replace(weighed(1, 2, 3), words=(Word(0, 4, 1.0),))) is None


def test_the_frame_holds_what_the_canvas_computes_with() -> None:
    one = opened()
    header, blocks = unpack(frames.frame(one, TEXT, reason=reason(one, weighed(0.1, -0.4, 0.2)) or ""))
    assert [row[0] for row in header["pieces"]] == NAMES and [row[5] for row in header["pieces"]] == [
        -1,
        0,
        1,
        1,
        2,
        -1,
    ]
    weights = blocks["attention"].astype(float) / 65535
    assert weights.sum(axis=-1) == pytest.approx(np.ones((2, 2, 6)), abs=2e-3)
    again = attend(*(blocks[name].astype(np.float64) for name in ("query", "key", "value")))
    assert weights[0, 0] == pytest.approx(again.weights, abs=1e-3)
    assert blocks["mixed"] == pytest.approx(again.mixed, abs=1e-4)
    assert header["reason"]["most"].keys() == {"last", "all", "rollout"}
    many = np.full((12, 12, 48, 48), 1 / 48)
    assert frames.shares(many).dtype == np.uint8 and frames.shares(many[:2]).dtype == np.uint16


def test_words_and_formulas_hold_this_states_numbers() -> None:
    one = opened()
    spec = InsideBertSpec(layer=0, head=0, piece=2)
    row = one.attention[0, 0, 2].astype(float)
    first = int(row.argmax())
    said = words.what_you_see(spec, Found(one, TEXT, True))
    assert f"with {100 * row[first]:.0f} %" in said and "attends to" in said and "layer 1, head 1" in said
    formula = words.formulas(spec, one)
    assert f"= {row[first]:.3f}" in formula and rf"\text{{{NAMES[first].replace('#', chr(92) + '#')}}}" in formula
    far = spec.replace(layer=63, head=63, piece=511)
    assert "layer 2, head 2" in words.what_you_see(far, Found(one, TEXT, True)), "as far as the model goes"


def test_what_is_said_of_attention_beside_effect_is_so() -> None:
    one, spec = opened(), InsideBertSpec(depth="reason")
    shares = [0.1, 0.3, 0.2]  # whatever attention says, both cases are told
    for effects in (shares, shares[::-1], [0.0, 0.0, 0.5]):
        found = reason(one, weighed(*effects))
        assert found is not None
        most, hollow = found.most("last"), found.hollow("last")
        assert hollow != found.largest
        said = words.what_you_see(spec, Found(one, TEXT, True, reason=found))
        start, end = found.spans[most]
        assert f"“{TEXT[start:end]}” gets most attention" in said
        assert ("no rule says so" in said) == (most == found.largest)
        named = hollow if most == found.largest else found.largest
        assert f"{100 * abs(found.effect[named]):.1f}" in said
