"""Streams of random numbers: fixed for ever, independent of each other, and without memory."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.seed import Stream, generator, keep_mask


def test_streams_keep_their_numbers() -> None:
    assert {stream.name: int(stream) for stream in Stream} == {
        "DATA": 0, "NOISE": 1, "SPLIT": 2, "WEIGHTS": 3, "ORDER": 4, "DROPOUT": 5,
    }  # fmt: skip
    assert generator(7, Stream.ORDER, 3).permutation(6).tolist() == [0, 1, 2, 4, 5, 3]


@pytest.mark.parametrize(
    "other", [(8, Stream.ORDER, 3), (7, Stream.WEIGHTS, 3), (7, Stream.ORDER, 4), (7, Stream.ORDER)]
)
def test_another_seed_stream_or_index_gives_other_numbers(other: tuple[int, ...]) -> None:
    seed, stream, *index = other
    first = generator(7, Stream.ORDER, 3).random(8)
    assert not np.array_equal(first, generator(seed, Stream(stream), *index).random(8))
    np.testing.assert_array_equal(first, generator(7, Stream.ORDER, 3).random(8))


def test_dropout_keeps_the_wanted_share_of_each_unit_and_sample() -> None:
    mask = keep_mask(seed=1, step=5, layer=0, shape=(400, 300), rate=0.3)
    assert abs(mask.mean() - 0.7) < 0.005
    assert np.abs(mask.mean(axis=0) - 0.7).max() < 0.1
    assert np.abs(mask.mean(axis=1) - 0.7).max() < 0.12


def test_a_mask_is_a_function_of_seed_step_and_layer() -> None:
    def mask(seed: int, step: int, layer: int) -> bytes:
        return keep_mask(seed, step, layer, (8, 16), 0.5).tobytes()

    places = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    assert len({mask(*place) for place in places}) == len(places)
    assert mask(1, 0, 0) == mask(1, 0, 0)


def test_without_dropout_every_unit_stays() -> None:
    assert keep_mask(1, 0, 0, (9, 9), 0.0).all()
