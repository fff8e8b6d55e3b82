"""Pictures to slide over: at every size in 0 to 1, and digits that a reader of digits reads."""

from __future__ import annotations

import numpy as np
import pytest

from playground.data.small_pictures import SMALL_PICTURES
from playground.functional.digit_readers import starter


@pytest.mark.parametrize("name", SMALL_PICTURES)
@pytest.mark.parametrize("side", [5, 16, 48])
def test_every_picture_shows_something_at_every_size(name: str, side: int) -> None:
    made = SMALL_PICTURES[name].make(side)
    assert made.shape == (side, side) and made.min() >= 0 and made.max() <= 1
    assert np.ptp(made) > 0.3


def test_the_drawn_digits_are_read_as_what_they_are() -> None:
    ink = np.stack([np.rint(SMALL_PICTURES[digit].make(28) * 255).astype(np.uint8) for digit in "0123456789"])
    assert starter("cnn").read(ink).argmax(axis=1).tolist() == list(range(10))
