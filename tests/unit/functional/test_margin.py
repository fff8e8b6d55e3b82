"""Being wrong, counted; and who is heard under which loss."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.losses import LOSSES
from playground.functional.margin import crowd_share, zero_one, zero_one_gradient


def test_zero_one_counts_what_a_sign_gets_wrong() -> None:
    z = np.array([[-2.0], [2.0], [-2.0], [2.0], [0.0], [0.0]])
    t = np.array([[0.0], [0.0], [1.0], [1.0], [0.0], [1.0]])
    np.testing.assert_array_equal(zero_one(z, t), [0, 1, 1, 0, 1, 1])
    np.testing.assert_array_equal(zero_one_gradient(z, t), np.zeros((6, 1)))


def test_hinge_and_cross_entropy_in_bits_lie_above_it() -> None:
    z = np.linspace(-4, 4, 81)[:, None]
    t = np.ones_like(z)
    assert (LOSSES["hinge"].value(z, t) >= zero_one(z, t)).all()
    assert (LOSSES["cross_entropy"].value(z, t) / np.log(2) >= zero_one(z, t) - 1e-12).all()


def test_a_crowd_of_easy_ones_drowns_a_hard_one_under_cross_entropy_and_not_under_focal() -> None:
    hard, easy, t = (np.full((1, 1), value) for value in (-1.0, 3.0, 1.0))
    shares = {
        name: crowd_share(LOSSES[name].gradient, hard, easy, t, 100) for name in ("cross_entropy", "hinge", "focal")
    }
    pull = 1 / (1 + np.exp([-1.0, 3.0]))  # one less the probability
    assert shares["cross_entropy"] == pytest.approx(100 * pull[1] / (100 * pull[1] + pull[0]))
    assert shares["cross_entropy"] > 0.8
    assert shares["focal"] < 0.1
    assert shares["hinge"] == 0


def test_where_nobody_pulls_nobody_has_a_share() -> None:
    far, t = np.full((1, 1), 5.0), np.ones((1, 1))
    assert crowd_share(LOSSES["hinge"].gradient, far, far, t, 10) == 0
