"""What a canvas says is taken once, however often one message says it."""

from __future__ import annotations

import pytest

from playground.specs.mlp import MLPSpec
from playground.ui import controls


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> controls.Edited:
    kept = controls.Edited(spec=MLPSpec())
    monkeypatch.setattr(controls, "state", lambda cls, key="": kept)
    monkeypatch.setattr(controls, "mode", lambda: "public")
    return kept


def test_the_same_thing_said_again_is_not_checked_again(
    edited: controls.Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = []
    checked = MLPSpec.checked
    monkeypatch.setattr(MLPSpec, "checked", lambda spec, mode="local": checks.append(mode) or checked(spec, mode))

    def say(**values: object) -> None:
        controls.take("mlp", values, lambda: controls.assign("mlp", **values))

    for _ in range(4000):
        say(lr=0.1, noise=20)
    assert len(checks) == 2
    assert edited.spec == MLPSpec(lr=0.1, noise=20)
    for _ in range(4000):
        say(lr=-1)  # refused, and not tried again either
    assert len(checks) == 3
    assert "Learning rate" in edited.problems["lr"]


def test_the_same_thing_said_after_something_else_changed_is_taken(edited: controls.Edited) -> None:
    for lr in (0.1, 0.3, 0.1):
        controls.take("mlp", {"lr": 0.1}, lambda: controls.assign("mlp", lr=0.1))
        assert edited.spec == MLPSpec(lr=0.1)
        controls.assign("mlp", lr=lr)
