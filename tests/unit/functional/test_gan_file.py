"""Generators as bytes: what is written is read again, and nothing else is taken for one."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from playground.core.errors import InputError
from playground.functional import gan_file, gan_plans
from playground.functional.gan import Array, Pair, drawn
from playground.functional.gan_forward import forward

HUGE = {"dtype": "F32", "shape": [2**29], "data_offsets": [0, 2**31]}
FACTS = {"title": "Strokes", "data": {"name": "digits"}, "seed": 3, "measured": {"frechet": 12.5}}


def pair(classes: tuple[str, ...] = ("0", "1")) -> Pair:
    return gan_plans.pair((1, 16, 16), 6, 8, classes)


def packed(of: Pair | None = None) -> bytes:
    of = pair() if of is None else of
    return gan_file.pack(of, gan_plans.start(of, 1), FACTS)


def test_a_generator_is_read_as_it_was_written() -> None:
    of, weights = pair(), gan_plans.start(pair(), 1)
    content = packed(of)
    found, arrays, facts = gan_file.unpack(content)
    assert (found, facts) == (of, FACTS)
    assert set(arrays) == set(gan_file.tensors(of)) == set(weights)
    assert all(np.array_equal(arrays[name], weights[name]) for name in weights)
    assert gan_file.pack(found, arrays, facts) == content
    x = drawn(of, 1, 4)
    given = np.concatenate([x, np.eye(2, dtype=np.float32)[[0, 1, 0, 1]]], axis=1)
    mine, theirs = (forward(of.generator, gan_file.part(one, "generator"), given) for one in (weights, arrays))
    assert np.array_equal(mine, theirs)
    assert theirs.shape == (4, 1, 16, 16)


def test_a_card_beside_the_weights_says_what_they_are() -> None:
    of = pair(())
    weights = save({name: array.astype(np.float64) for name, array in gan_plans.start(of, 2).items()})
    found, arrays, facts = gan_file.unpack(weights, gan_file.card(of, {**FACTS, "latents": 99}))
    assert (found, facts) == (of, FACTS)  # a fact cannot take a layer's place
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}
    with pytest.raises(InputError, match=r"config\.json"):
        gan_file.unpack(weights)


def test_only_the_generator_may_be_there() -> None:
    whole = pair()
    alone = Pair(whole.generator, None, whole.latents, classes=whole.classes)
    found, arrays, _ = gan_file.unpack(gan_file.pack(alone, gan_plans.start(whole, 1), {}))
    assert found.discriminator is None
    assert all(name.startswith("generator.") for name in arrays)


def without(name: str) -> Callable[[dict[str, Array]], object]:
    return lambda weights: weights.pop(name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("generator.0.weight"), "missing"),
        (lambda weights: weights.update({"generator.0.weight": np.zeros((3, 3), np.float32)}), "needs float32"),
        (lambda weights: weights.update({"generator.2.bias": np.zeros(32, np.int64)}), "needs float32"),
        (lambda weights: weights["discriminator.0.bias"].fill(np.nan), "not finite"),
        (lambda weights: weights["generator.2.running_var"].fill(-1), "negative variance"),
    ],
)
def test_weights_that_do_not_fit_are_refused_in_words(change: Callable[[dict[str, Any]], object], words: str) -> None:
    weights = gan_plans.start(pair(), 1)
    change(weights)
    with pytest.raises(InputError, match=words):
        gan_file.pack(pair(), weights, FACTS)
    with pytest.raises(InputError, match=words):
        gan_file.unpack(save(weights), gan_file.card(pair(), FACTS))


def header(said: object) -> bytes:
    text = json.dumps(said).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04\x95" + b"no" * 40,
        struct.pack("<Q", 2**31) + b"{" * 40,
        struct.pack("<Q", 40) + b"[" * 40,
        header([1]),
        header({"__metadata__": {"card": "["}}),
        header({"__metadata__": {"card": json.dumps({"latents": 2, "generator": {"layers": []}})}}),
        header({"__metadata__": {"card": json.dumps(gan_file.card(pair(), {}))}, "x": HUGE}),
        packed()[:-100],
        packed() + b"more",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        gan_file.unpack(content)
    assert len(str(caught.value)) > 20


def test_what_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed()
    monkeypatch.setattr(gan_file, "LARGEST", len(content) - 1)
    with pytest.raises(InputError, match="are the most"):
        gan_file.unpack(content)
    with pytest.raises(InputError, match="are the most"):
        packed()


def test_the_file_is_plain_safetensors() -> None:
    assert set(load(packed())) == set(gan_file.tensors(pair()))
