"""Looked into, every family tells the same story: what is shown is what the network computed, and NumPy computes it again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.errors import InputError, ModelUnavailable
from playground.core.language import Opened, ReadInside
from playground.functional.attention import attend, self_attention
from playground.hub.text_inside import read_inside
from tests.reading import CARD, FAMILIES, Here, quiet, tiny

TEXT = "The film wasn't unkind, but very dull: 漢 it is a waste of time!"
ADDS = ("mpnet", "deberta-v2")  # these put how far apart two pieces stand into their scores


def ask(desk: Here, question: ReadInside) -> Opened:
    (found,) = read_inside(desk, CARD, [question], quiet)
    assert isinstance(found, Opened), found
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_shown_is_what_the_network_computed(tmp_path: Path, family: str) -> None:
    model = tiny(family)
    layers = 3 if family == "albert" else 2
    found = ask(Here(model, tmp_path), ReadInside(TEXT, layer=layers - 1, head=1))
    t = len(found.pieces)
    assert found.attention.shape == (layers, 2, t, t) and found.attention.dtype == np.float16
    assert found.query.shape == found.key.shape == found.value.shape == found.mixed.shape == (t, 16)
    assert found.attention.astype(float).sum(axis=-1) == pytest.approx(np.ones((layers, 2, t)), abs=2e-3)
    shown = found.attention[layers - 1, 1].astype(np.float32)
    assert found.mixed == pytest.approx(shown @ found.value, abs=5e-3)
    by_hand = attend(found.query, found.key, found.value)
    assert (np.abs(by_hand.weights - shown).max() > 1e-3) == (family in ADDS)
    assert any("of its own" in note for note in found.notes) == (family in ADDS)
    if family not in ADDS:
        assert by_hand.mixed == pytest.approx(found.mixed, abs=1e-5)  # float16 is for the picture only
    wanted = model.by_torch(*model.batch([model.pieces(TEXT).ids]))[0]
    assert np.log(found.scores) == pytest.approx(wanted - np.log(np.exp(wanted).sum()), abs=1e-5)
    assert found.changed.shape == (layers + 1, t) and (found.changed > 0).all()
    other = ask(Here(model, tmp_path), ReadInside(TEXT, layer=layers - 1, head=0))
    assert np.abs(other.query - found.query).max() > 0.1


def test_numpy_computes_the_attention_of_a_whole_layer_again(tmp_path: Path) -> None:
    model = tiny("bert")
    network: Any = model.network
    layer = network.bert.encoder.layer[1].attention.self
    heard: list[np.ndarray] = []
    hooks = [layer.register_forward_hook(lambda module, given, said: heard.append(said[0][0].numpy()))]
    hooks += [layer.register_forward_pre_hook(lambda module, given: heard.append(given[0][0].numpy()))]
    found = ask(Here(model, tmp_path), ReadInside(TEXT, layer=1, head=1))
    for hook in hooks:
        hook.remove()
    x, wanted = heard
    three = [getattr(layer, name) for name in ("query", "key", "value")]
    mixed = self_attention(x, [one.weight.numpy() for one in three], [one.bias.numpy() for one in three], heads=2)
    assert mixed == pytest.approx(wanted, abs=1e-5)
    assert mixed[:, 16:] == pytest.approx(found.mixed, abs=1e-5)


def test_pieces_stand_on_the_letters_that_were_typed(tmp_path: Path) -> None:
    found = ask(Here(tiny("bert"), tmp_path), ReadInside("Unkind\x00 漢 film"))
    told = [(piece.text, piece.start, piece.end, piece.unknown) for piece in found.pieces]
    assert told == [
        ("[CLS]", -1, -1, False), ("un", 0, 2, False), ("##kind", 2, 6, False), ("[UNK]", 8, 9, True), ("film", 10, 14, False),
        ("[SEP]", -1, -1, False),
    ]  # fmt: skip
    assert found.whole == 6 and any("control character" in note for note in found.notes)


def test_of_a_long_text_the_beginning_is_shown_and_that_is_said(tmp_path: Path) -> None:
    desk = Here(tiny("bert"), tmp_path)
    found = ask(desk, ReadInside("The film is very unkind. " * 40))
    last = found.pieces[-2]
    assert len(found.pieces) <= 64 and found.whole == 40 * 7 + 2 and "first 62" in found.notes[0]
    assert last.text != "un"  # a word is not cut in two
    assert "first 61" in ask(desk, ReadInside("a " * 59 + "unkind " * 9)).notes[0]  # 62 would end with "un"
    assert len(ask(desk, ReadInside("b" * 90)).pieces) == 64  # one word, longer than all that fits


def test_what_cannot_be_had_is_said_in_words(tmp_path: Path) -> None:
    desk = Here(tiny("bert"), tmp_path)
    questions = [ReadInside(" \n"), ReadInside(TEXT, layer=2), ReadInside(TEXT, head=-1), ReadInside(TEXT)]
    empty, layer, head, good = read_inside(desk, CARD, questions, quiet)
    assert (
        isinstance(empty, InputError) and "0 to 1" in str(layer) and "Head -1" in str(head) and isinstance(good, Opened)
    )
    assert isinstance(read_inside(desk, None, [ReadInside(TEXT)], quiet)[0], ModelUnavailable)
    model = tiny("bert")
    own: Any = cast(Any, model.network).bert.encoder.layer[0].attention.self
    own.query = nn.Sequential(own.query)
    (closed,) = read_inside(Here(model, tmp_path), CARD, [ReadInside(TEXT)], quiet)
    assert isinstance(closed, ModelUnavailable) and "looked into" in str(closed)


def test_two_at_once_do_not_hear_each_other(tmp_path: Path) -> None:
    desk = Here(tiny("bert"), tmp_path)
    texts = ["The film is good.", "It is a very dull plot, and a waste of time."]
    alone = [ask(desk, ReadInside(text)) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: ask(desk, ReadInside(texts[number % 2])), range(16)))
    for number, found in enumerate(together):
        assert np.array_equal(found.query, alone[number % 2].query)
    assert not any(
        module._forward_hooks for name, module in desk.only.network.named_modules() if name.endswith("query")
    )
    assert torch.is_grad_enabled()
