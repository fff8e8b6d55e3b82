"""Numbers in sentences: as many digits as the pictures beside them have."""

from __future__ import annotations

import math

import pytest

from playground.core.numbers import decimal, percent


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (0.0, "0.000"), (0.0001352, "1.4e\u22124"), (-0.00049, "\u22124.9e\u22124"), (0.0005, "0.001"), (0.031, "0.031"),
        (-0.0625, "\u22120.063"), (0.9996, "1.000"), (1.0, "1.00"), (-2.125, "\u22122.13"), (31.44, "31.4"), (100.5, "101"),
        (2140.4, "2,140"), (999_999.0, "999,999"), (1.25e6, "1.3e6"), (-3e12, "\u22123.0e12"),
        (math.nan, "\u2013"), (math.inf, "\u2013"),
    ],
)  # fmt: skip
def test_a_number_has_about_three_digits(x: float, written: str) -> None:
    assert decimal(x) == written


@pytest.mark.parametrize(
    ("share", "digits", "written"),
    [
        (0.2749, 0, "27 %"),
        (0.005, 0, "1 %"),
        (0.125, 0, "13 %"),
        (0.9451, 1, "94.5 %"),
        (1.0, 0, "100 %"),
        (math.nan, 0, "\u2013"),
    ],
)
def test_a_share_is_written_with_a_space_and_rounded_up_at_the_half(share: float, digits: int, written: str) -> None:
    assert percent(share, digits) == written
