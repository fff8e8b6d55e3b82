"""What is said about a run: captions of pictures and the doctor's advice, from numbers alone."""

from __future__ import annotations

import numpy as np
import pytest

from playground.specs.mlp import MLPSpec
from playground.training import caption, doctor

YS, XS = np.mgrid[1:-1:64j, -1:1:64j]  # row 0 is the top


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (XS**2 + YS**2 < 0.25, "Class in holds 19 % of the plane, around the centre."),
        (XS**2 + YS**2 > 0.9, "Class in holds 31 % of the plane, on all sides of the centre."),
        (XS**2 + YS**2 > 0.25, "Class out holds 19 % of the plane, around the centre."),
        ((XS > 0.5) & (YS > 0.5), "Class in holds 6 % of the plane, at the upper right."),
        (XS < -0.4, "Class in holds 30 % of the plane, on the left side."),
        (YS < -2, "The whole plane is taken for class out."),
        (YS > -2, "The whole plane is taken for class in."),
        ((XS > 0.99) & (YS < -0.99), "Class in holds under 1 % of the plane, at the lower right."),
    ],
)
def test_a_boundary_is_told_by_share_and_place(second: np.ndarray, said: str) -> None:
    assert caption.boundary(np.where(second, 250, 3).astype(np.uint8), ("out", "in")) == said


def test_shares_are_told_the_largest_first() -> None:
    winner = np.zeros((10, 10), dtype=np.uint8)
    winner[:, 7:] = 2
    assert caption.shares(winner, ("a", "b", "c")) == "Shares of the plane: a 70 %, c 30 %."


def test_a_relief_is_told_by_its_extremes() -> None:
    said = caption.relief(3 * XS + 3 * YS, "yield")
    assert said == "The predicted yield runs from -6 (at the lower left) to 6 (at the upper right)."
    assert caption.relief(np.full((4, 4), 0.25), "yield") == "The output is 0.25 everywhere on the plane."


def test_metrics_are_rounded_and_no_false_perfection_is_claimed() -> None:
    metrics = {"train_loss": 0.03149, "val_loss": 0.0418, "train_accuracy": 1.0, "val_accuracy": 0.998}
    assert caption.caption(1412, metrics, "Picture.") == (
        "Epoch 1,412: training loss 0.0315, validation loss 0.0418, validation accuracy 99 %. Picture."
    )
    assert caption.caption(0, {"val_accuracy": 1.0}, "P.") == "Epoch 0: validation accuracy 100 %. P."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lr": 5.0}, "lower the learning rate, say from 5 to 0.03"),
        ({"lr": 0.1}, "from 0.1 to 0.01"),
        ({"lr": 2e-5}, "to 1e-05"),
        ({"lr": 1.0, "l2": 3.0}, "L2 3 throws each weight past zero"),
        ({"lr": 1.0, "l1": 3.0}, "L1 3 throws each weight past zero"),
        ({"lr": 1.0, "l2": 3.0, "optimizer": "adamw"}, "Weight decay 3 throws"),
        ({"lr": 5.0, "activation": "relu"}, "ReLU has no upper bound"),
    ],
)
def test_the_doctor_names_the_likely_cause_and_a_way_out(changes: dict[str, float], said: str) -> None:
    message = doctor.divergence(MLPSpec(**changes), epoch=4, step=90, back_to=2)  # type: ignore[arg-type]
    assert said in message
    assert message.startswith("Training diverged in epoch 5 (step 90)")
    assert "Go back to epoch 2" in message
    assert "Go back to the start" in doctor.divergence(MLPSpec(), 0, 3, back_to=0)
