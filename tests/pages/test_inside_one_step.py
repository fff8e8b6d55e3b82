"""The perceptron's tab Inside one step, and the question to a worker behind the comparison with autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.core.events import Dissected
from playground.functional.backward import one_step
from playground.jobs.manager import Manager
from playground.optim.rules import RULES
from playground.ui import autograd
from playground.ui.parts.one_step import Check
from tests.pages.support import canvas_data, open_page, problems


def inside(**query: str) -> AppTest:
    """The page with the tab open."""
    page = open_page("mlp", **query)
    page.session_state["mlp-tabs"] = "Inside one step"
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    return next(item for item in page.button if item.label == label).click().run()


def job(manager: Manager) -> Any:
    (held,) = manager.held.values()
    return held.job


def said(page: AppTest) -> str:
    return " ".join(item.value for kind in (page.markdown, page.caption, page.info) for item in kind)


def test_nothing_is_asked_and_nothing_drawn_while_the_tab_is_closed(inline: Manager) -> None:
    page = open_page("mlp")
    assert not any(item.label == "Look inside the next step" for item in page.button)
    assert job(inline).insides == 0
    page = inside()
    assert all(held.job.insides == 0 and not held.job.carried for held in inline.held.values()), (
        "nor before it is asked"
    )
    assert problems(page) == []


@pytest.mark.parametrize("optimizer", RULES)
def test_the_step_is_drawn_and_can_be_done(inline: Manager, optimizer: str) -> None:
    page = press(inside(optimizer=optimizer), "Look inside the next step")
    assert problems(page) == []
    assert "**Step 1**, in epoch 1: its batch is samples 1 to 10 of the 250" in said(page)
    assert "one_step" in canvas_data(page) or "mlp-step-visual" in canvas_data(page)
    assert RULES[optimizer].title in said(page)
    first = job(inline).inside
    assert isinstance(first, Dissected)
    page = press(page, "Do this step")
    assert job(inline).at == (0, 1)
    second = job(inline).inside
    for old, new in zip(first.new_weights, second.weights, strict=True):
        np.testing.assert_array_equal(old, new)
    assert "**Step 2**, in epoch 1: its batch is samples 11 to 20" in said(page)


def test_penalty_dropout_and_decay_are_said() -> None:
    page = press(inside(l1="0.1", l2="0.2", dropout="0.3"), "Look inside the next step")
    assert "0.1 times its sign (L1) and 0.2 times itself (L2)" in said(page)
    assert "30 % of the hidden units" in said(page)
    page = press(inside(l2="0.2", optimizer="adamw"), "Look inside the next step")
    assert "Weight decay shrinks" in said(page)
    assert "penalty" not in said(page)


def test_a_control_that_moves_changes_the_step_that_is_looked_at(inline: Manager) -> None:
    page = press(inside(), "Look inside the next step")
    next(item for item in page.select_slider if item.label == "Learning rate").set_value(0.1).run()
    assert job(inline).inside.settings["lr"] == 0.1
    next(item for item in page.selectbox if item.label == "Activation").set_value("relu").run()
    assert job(inline).inside.activation == "relu"
    assert job(inline).at == (0, 0)
    assert problems(page) == []


def test_a_run_that_went_on_is_looked_at_anew_instead_of_stepped(inline: Manager) -> None:
    page = press(inside(), "Look inside the next step")
    inline.command(job(inline).id, job(inline).visitor, "epoch")
    page = press(page, "Do this step")
    assert job(inline).at == (1, 25)
    assert "gone on in the meantime" in said(page)
    assert "**Step 26**, in epoch 2" in said(page)


def test_where_there_is_no_next_step_or_no_worker_it_is_said(inline: Manager) -> None:
    page = inside(epochs="1")
    inline.command(job(inline).id, job(inline).visitor, "play")
    inline.pool.wait(job(inline), lambda now: now.status == "done", 30)
    assert "done all its epochs" in said(press(page, "Look inside the next step"))
    assert next(item for item in page.button if item.label == "Do this step").disabled
    object.__setattr__(inline.settings, "runs_at_once", 0)
    page = press(inside(seed="3"), "Look inside the next step")
    assert "No place is free" in said(page)


def test_a_step_into_the_infinite_is_said_and_not_drawn(inline: Manager) -> None:
    page = inside(dataset="plane", activation="identity", lr="10", optimizer="momentum")
    run = job(inline)
    page = press(page, "Look inside the next step")
    for _ in range(400):
        if any("no longer finite" in item.value for item in page.warning):
            break
        inline.command(run.id, run.visitor, "step")
        inline.command(run.id, run.visitor, "inside")
        if isinstance(run.inside, str) or not all(np.isfinite(one).all() for one in run.inside.new_weights):
            page.run()
    assert any("no longer finite" in item.value for item in page.warning)
    assert not page.exception


def test_wide_networks_and_large_batches_stay_small_on_the_wire() -> None:
    page = press(inside(hidden="64,64,64,64,64,64", batch_size="512", samples="1500"), "Look inside the next step")
    assert problems(page) == []
    sizes = [len(str(item.proto)) for item in page.get("bidi_component")]
    assert len(sizes) >= 2 and max(sizes) < 200_000


def test_an_own_table_that_is_not_there_yet_is_asked_for() -> None:
    assert "upload a table first" in said(inside(dataset="own"))


def test_autograd_answers_for_a_small_network() -> None:
    rng = np.random.default_rng(0)
    weights, biases = [rng.normal(size=(3, 2)), rng.normal(size=(1, 3))], [rng.normal(size=3), rng.normal(size=1)]
    x, t = rng.normal(size=(4, 2)), rng.normal(size=(4, 1))
    answer = autograd.check(weights, biases, x, t, "tanh", "mse")
    assert isinstance(answer, Check)
    for layer, ours in enumerate(one_step(weights, biases, x, t, activation="tanh", loss="mse", lr=0.1).layers):
        np.testing.assert_allclose(answer.gradients_weights[layer], ours.weight_gradients, rtol=1e-10)
        np.testing.assert_allclose(answer.gradients_biases[layer], ours.bias_gradients, rtol=1e-10)


def test_autograd_says_in_words_what_it_cannot_do() -> None:
    small = ([np.ones((1, 2))], [np.ones(1)], np.ones((1, 2)), np.ones((1, 1)))
    assert "nothing in torch" in str(autograd.check(*small, "tanh", "focal"))
    large = ([np.ones((100, 100))], [np.ones(100)], np.ones((1, 100)), np.ones((1, 100)))
    assert "too large" in str(autograd.check(*large, "tanh", "mse"))
