"""The backpropagation page without a browser: every control, links, lessons, and what a hand sets on the picture."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.core.frames import unpack
from playground.specs.backpropagation import BackpropagationSpec
from playground.specs.bounds import Choice, Range
from playground.ui import controls
from playground.ui.parts import backpropagation as part
from playground.ui.parts import one_step
from tests.pages.support import canvas_data, open_page, problems

PAGE = "backpropagation"
LARGEST = 300_000


def cases() -> list[tuple[str, str]]:
    found = []
    for field, bound in BackpropagationSpec.bounds().items():
        if isinstance(bound, Range):
            found += [(field, bound.write(int(x) if bound.whole else x)) for x in (bound.low, bound.top("local"))]
        elif isinstance(bound, Choice):
            found += [(field, option) for option in bound.options()]
    return [*found, ("hidden", "-"), ("hidden", "1"), ("hidden", "4,4")]


@pytest.mark.parametrize(("field", "text"), cases())
def test_every_control_at_its_bounds_and_every_choice(field: str, text: str) -> None:
    page = open_page(PAGE, all="1", **{field: text})
    assert problems(page) == []
    assert page.query_params[field] == text
    assert len(canvas_data(page)) < LARGEST


def test_a_link_restores_weights_and_batch() -> None:
    weights = ",".join(f"{k / 8:g}" for k in range(1, 14))
    page = open_page(PAGE, v="backpropagation1", weights=weights, batch="1,2,0.5", taken="3")
    assert problems(page) == []
    assert page.query_params["weights"] == weights
    assert page.query_params["batch"] == "1,2,0.5"
    assert page.query_params["taken"] == "3"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("weights", "1,2,3", "do not fit a network of 2-3-1"),
        ("weights", "1,x", "Weights"),
        ("batch", "1,2", "no whole samples"),
        ("batch", "1,2,1e9", "outside what is allowed"),
        ("activation", "tan", "Did you mean 'tanh'"),
        ("hidden", "9", "not allowed"),
    ],
)
def test_what_a_link_says_wrongly_is_said_in_words(field: str, text: str, words: str) -> None:
    page = open_page(PAGE, **{field: text})
    assert not page.exception
    assert words in said(page)
    assert page.query_params[field] == BackpropagationSpec().to_query()[field]


def test_a_lesson_hides_and_locks() -> None:
    page = open_page(PAGE, hide="lr", lock="weights,activation")
    assert problems(page) == []
    assert "Learning rate" not in [item.label for item in page.select_slider]
    assert next(item for item in page.selectbox if item.label == "Activation").disabled
    assert all(item.disabled for item in page.button if item.label in ("Draw new weights", "Back to the first weights"))
    assert edits(page) == ["batch", "taken"]
    assert "Draw new weights" not in [item.label for item in open_page(PAGE, hide="weights").button]


def edits(page: Any) -> list[str]:
    """What the picture may change."""
    (shown,) = [json.loads(item.proto.json)[0] for item in page.get("bidi_component")]
    return list(shown["edits"])


def said(page: Any) -> str:
    """Every warning as it is read."""
    return " ".join(item.value for item in page.warning).replace("\\", "")


def test_other_weights_are_drawn_and_the_first_ones_come_back() -> None:
    page = open_page(PAGE, weights=",".join(["0.5"] * 13), taken="4", seed="4")
    next(item for item in page.button if item.label == "Back to the first weights").click().run()
    assert (page.query_params["weights"], page.query_params["taken"], page.query_params["seed"]) == ("-", "0", "4")
    next(item for item in page.button if item.label == "Draw new weights").click().run()
    assert page.query_params["seed"] == "5"
    assert problems(page) == []


def test_another_network_drops_weights_that_no_longer_fit_and_says_so() -> None:
    page = open_page(PAGE, weights=",".join(["0.5"] * 13))
    next(item for item in page.text_input if item.label == "Hidden units").set_value("2").run()
    assert "do not fit a network of 2-2-1" in said(page)
    assert page.query_params["hidden"] == "2" and page.query_params["weights"] == "-"


def test_cross_entropy_puts_a_batch_back_that_it_cannot_read() -> None:
    page = open_page(PAGE, batch="1,1,5")
    next(item for item in page.selectbox if item.label == "Loss").set_value("cross_entropy").run()
    assert page.query_params["loss"] == "cross_entropy"
    assert "targets from 0 to 1" in said(page)


def test_the_words_say_who_does_what_with_this_steps_numbers() -> None:
    words = part.what_you_see(BackpropagationSpec(), BackpropagationSpec().step())
    assert "Backpropagation computes the gradients; the optimizer changes the weights." in words
    assert "falls from 0.894 to 0.59" in words
    dead = BackpropagationSpec(activation="relu", weights=(*[-1.0] * 9, 1, 1, 1, 0), batch=(1, 1, 1))
    assert "No gradient arrives in the first layer" in part.what_you_see(dead, dead.step())
    wild = BackpropagationSpec(lr=10)
    assert "goes past the valley" in part.what_you_see(wild, wild.step())


@pytest.mark.parametrize("activation", BackpropagationSpec.bounds()["activation"].options())  # type: ignore[attr-defined]
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_script_in_pytorch_computes_the_same(activation: str, loss: str) -> None:
    import torch

    spec = BackpropagationSpec(hidden=(3, 2), activation=activation, loss=loss)
    names: dict[str, Any] = {"print": lambda *_: None}
    exec(part.in_torch(spec), names)
    step = spec.step()
    assert names["loss"].item() == pytest.approx(step.loss, rel=1e-9)
    for number, layer in enumerate(step.layers, 1):
        wanted = torch.from_numpy(layer.new_weights)
        torch.testing.assert_close(names[f"w{number}"].detach(), wanted, rtol=1e-9, atol=1e-12)
        torch.testing.assert_close(names[f"b{number}"].detach(), torch.from_numpy(layer.new_biases))


def test_agreement_is_said_with_its_place() -> None:
    spec = BackpropagationSpec()
    step, names = spec.step(), part.names(spec)
    matrices = tuple(layer.weight_gradients.copy() for layer in step.layers)
    vectors = tuple(layer.bias_gradients for layer in step.layers)
    check = one_step.Check("PyTorch autograd", matrices, vectors)
    assert "differ not at all" in part.agreement(step, names, check)
    matrices[0][1, 0] += 1e-16
    assert "rounding" in part.agreement(step, names, check) and "x₁ → h₂" in part.agreement(step, names, check)
    matrices[0][1, 0] += 0.1
    assert "by up to 1.0e-01" in part.agreement(step, names, check)


def test_what_a_hand_sets_on_the_picture_is_checked_like_a_control(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(PAGE)
    edited = page.session_state[f"{controls.Edited.__module__}.{controls.Edited.__qualname__}/{PAGE}"]
    with monkeypatch.context() as patched:
        patched.setattr(controls, "state", lambda *_: edited)
        patched.setattr(controls, "mode", lambda: "local")
        controls.assign(PAGE, weights=(0.25,) * 13, taken=1)
        assert edited.spec.weights == (0.25,) * 13 and edited.spec.taken == 1
        controls.assign(PAGE, weights=(0.25,) * 12)
    assert edited.spec.weights == (0.25,) * 13
    assert "do not fit" in edited.problems["weights"]
    assert len(said := problems(page.run())) == 1 and "do not fit" in said[0]


def test_the_frame_holds_this_experiment() -> None:
    spec = BackpropagationSpec(hidden=(4, 4), loss="cross_entropy")
    header, _ = unpack(one_step.scene(spec.step(), part.names(spec)))
    assert header["counts"] == [2, 4, 4, 1] and header["names"][0] == ["x₁", "x₂"]
    assert len(header["answers"]) == 4
