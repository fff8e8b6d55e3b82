"""Maps of evidence: even colours, the photo untouched where nothing lies over it, and numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.vision import Box
from playground.viz import heat
from playground.viz.theme import DARK, LIGHT, Theme

WHOLE = Box(0, 0, 1, 1)


def photo(width: int = 40, height: int = 30) -> heat.Bytes:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_the_unsigned_map_grows_evenly_lighter() -> None:
    light = heat.colours(signed=False) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(light) >= 0).all()
    assert light[-1] - light[0] > 180


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_signed_map_goes_from_orange_over_neutral_to_blue(theme: Theme) -> None:
    table = heat.colours(signed=True, theme=theme)
    ends = ["#" + bytes(row.tolist()).hex().upper() for row in table[[0, -1]]]
    assert ends == [theme.negative, theme.positive]
    neutral = np.array([int(theme.neutral[at : at + 2], 16) for at in (1, 3, 5)])
    assert np.abs(table[127:129].astype(int) - neutral).max() <= 2


def test_levels_put_zero_where_it_belongs() -> None:
    values = np.array([[-1.0, 0.0, 0.5, 1.0, 7.0, np.nan]], np.float32)
    assert heat.levels(values, signed=True).tolist() == [[0, 128, 191, 255, 255, 128]]
    assert heat.levels(values, signed=False).tolist() == [[0, 0, 128, 255, 255, 0]]


def test_without_strength_the_photo_is_untouched_and_at_full_strength_only_the_map_is_left() -> None:
    plain, flat = photo(), np.full((7, 7), 1.0, np.float32)
    assert (heat.overlay(plain, flat, WHOLE, 0, signed=False) == plain).all()
    assert (heat.overlay(plain, flat, WHOLE, 1, signed=False) == heat.colours(signed=False)[-1]).all()


def test_the_map_covers_what_was_seen_and_greys_the_rest() -> None:
    plain = photo()
    found = heat.overlay(plain, np.ones((7, 7), np.float32), Box(0.25, 0, 0.75, 1), 0.6, signed=False)
    outside = found[:, [*range(10), *range(30, 40)]]
    assert (outside.max(axis=2) - outside.min(axis=2)).max() == 0
    assert np.ptp(found[:, 10:30], axis=2).min() > 20
    wanted = 0.4 * (plain[5, 20] @ np.array([0.2126, 0.7152, 0.0722])) + 0.6 * heat.colours(signed=False)[-1].astype(
        float
    )
    assert np.abs(found[5, 20] - wanted).max() <= 1


def test_rank_correlation_by_hand() -> None:
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5).
    one, other = np.array([[0, 1], [1, 5]], np.float32), np.array([[-2, 0], [3, 9]], np.float32)
    assert heat.agreement(one, other) == pytest.approx(4.5 / np.sqrt(4.5 * 5))
    assert heat.agreement(one, one**3) == pytest.approx(1)
    assert heat.agreement(one, -one) == pytest.approx(-1)
    assert heat.agreement(one, np.zeros_like(one)) is None
    with pytest.raises(ValueError, match="shapes"):
        heat.agreement(one, np.zeros((3, 3), np.float32))


def test_half_of_the_evidence() -> None:
    values = np.zeros((10, 10), np.float32)
    values[2, 3:7] = 1
    assert heat.concentration(values) == pytest.approx(0.02)
    assert heat.concentration(values - 2 * (values == 0)) == pytest.approx(0.02)
    assert heat.concentration(np.zeros((4, 4), np.float32)) is None
    assert heat.concentration(np.ones((4, 4), np.float32)) == pytest.approx(0.5)
