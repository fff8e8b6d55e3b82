"""Losses and softmax: every view by its link, every control at its bounds, and what the canvas may change."""

from __future__ import annotations

import re

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.functional.losses import LOSSES
from playground.specs.bounds import Choice, Range, Several
from playground.specs.losses import DistributionSpec, LossesSpec, MarginSpec, SaturationSpec, SoftmaxSpec
from playground.specs.spec import Spec
from playground.ui.parts import loss_distribution, loss_margin, loss_residual, saturation, softmax
from tests.pages.support import canvas_data, open_page, problems

VIEWS: dict[str, tuple[type[Spec], str]] = {
    "Residual": (LossesSpec, "loss_residual"),
    "Margin": (MarginSpec, "loss_margin"),
    "Distribution": (DistributionSpec, "loss_distribution"),
    "Softmax": (SoftmaxSpec, "softmax"),
    "Saturation": (SaturationSpec, "saturation"),
}
SPECS = [spec for spec, _ in VIEWS.values()]


def link(spec: type[Spec], **fields: str) -> dict[str, str]:
    return {"v": f"{spec.KIND}{spec.VERSION}", "all": "1", **fields}


@pytest.mark.parametrize(("spec", "module"), VIEWS.values())
def test_every_view_opens_by_its_link_and_only_it_is_drawn(spec: type[Spec], module: str) -> None:
    page = open_page("losses", **link(spec))
    assert problems(page) == []
    assert page.query_params["v"] == f"{spec.KIND}1"
    drawn = canvas_data(page)
    assert [name for _, name in VIEWS.values() if f"playground.{name}" in drawn] == [module]


def test_the_row_of_views_goes_from_one_to_the_next() -> None:
    page = open_page("losses")
    for title, (spec, _) in VIEWS.items():
        next(item for item in page.segmented_control if item.label == "View").set_value(title).run()
        assert problems(page) == []
        assert page.query_params["v"] == f"{spec.KIND}1"


def ends() -> list[tuple[type[Spec], str, float]]:
    return [
        (spec, field, value)
        for spec in SPECS
        for field, bound in spec.bounds().items()
        if isinstance(bound, Range)
        for value in (bound.low, bound.high)
    ]


@pytest.mark.parametrize(("spec", "field", "value"), ends())
def test_every_control_at_both_bounds(spec: type[Spec], field: str, value: float) -> None:
    written = spec.bounds()[field].write(int(value) if value == int(value) else value)
    more = {"truth": {"predicted": "1,1,1,1,1", "logits": "1,1,1,1,1,1"}}.get(field, {})
    page = open_page(
        "losses",
        **link(spec, **{name: text for name, text in more.items() if name in spec.bounds()}, **{field: written}),
    )
    assert problems(page) == []
    assert page.query_params[field] == written


def choices() -> list[tuple[type[Spec], str, str]]:
    return [
        (spec, field, option)
        for spec in SPECS
        for field, bound in spec.bounds().items()
        if isinstance(bound, Choice | Several)
        for option in bound.options()
    ]


@pytest.mark.parametrize(("spec", "field", "option"), choices())
def test_every_choice(spec: type[Spec], field: str, option: str) -> None:
    page = open_page("losses", **link(spec, **{field: option}))
    assert problems(page) == []
    assert page.query_params[field] == option


@pytest.mark.parametrize(
    ("spec", "fields", "said"),
    [
        (LossesSpec, {"residual": "nan", "points": "1"}, ["Residual", "two or more numbers"]),
        (MarginSpec, {"shown": "hinge,logistic", "gamma": "1e9"}, ["'logistic' is unknown", "Focal's γ"]),
        (DistributionSpec, {"target": "own", "own": "0,0,0,0"}, ["above 0"]),
        (DistributionSpec, {"predicted": "0.5,0.5", "truth": "4"}, ["there are only 2"]),
        (SoftmaxSpec, {"logits": "1e9,2", "temperature": "0"}, ["Logits", "Temperature"]),
        (SaturationSpec, {"lr": "<b>", "steps": "1.5"}, ["Learning rate", "Steps"]),
    ],
)  # fmt: skip
def test_a_bad_value_in_a_link_is_said_in_words(spec: type[Spec], fields: dict[str, str], said: list[str]) -> None:
    page = open_page("losses", **link(spec, **fields))
    assert not page.exception
    words = re.sub(r"\\", "", " ".join(item.value for item in page.warning))
    assert all(part in words for part in said), words


def test_a_class_that_falls_away_takes_the_true_class_along_and_the_page_says_so() -> None:
    page = open_page("losses", **link(SoftmaxSpec, logits="1,2,3", truth="3"))
    next(item for item in page.text_input if item.label == "Logits").set_value("1, 2").run()
    assert page.query_params["logits"] == "1,2"
    assert page.query_params["truth"] == "2"
    assert any("there are only 2" in item.value for item in page.warning)


def test_only_what_has_an_effect_is_drawn() -> None:
    def labels(**fields: str) -> set[str]:
        page = open_page("losses", **link(DistributionSpec, **fields))
        return {item.label for kind in ("slider", "text_input") for item in getattr(page, kind)}

    assert {"True class"} <= labels() and not {"Smoothing ε", "Your target"} & labels()
    assert {"True class", "Smoothing ε"} <= labels(target="smoothed")
    assert "Your target" in labels(target="own") and "True class" not in labels(target="own")


@pytest.mark.parametrize(("spec", "module"), VIEWS.values())
def test_a_lesson_hides_and_locks_on_the_canvas_too(spec: type[Spec], module: str) -> None:
    fields = {"loss_residual": "residual", "loss_distribution": "predicted", "softmax": "logits"}
    moved = fields.get(module, "logit")

    def edits(**lesson: str) -> bool:
        found = re.search(r'\\*"edits\\*": ?\[(.*?)\]', canvas_data(open_page("losses", **link(spec), **lesson)))
        assert found
        return f'"{moved}' in found.group(1).replace("\\", "")

    assert edits()
    assert not edits(lock=moved)
    assert not edits(hide=moved)


# -- what the views compute ---------------------------------------------------------------------------------------------


def test_frames_stay_small() -> None:
    frames = [
        loss_residual.frame(LossesSpec()),
        loss_margin.frame(MarginSpec()),
        saturation.frame(SaturationSpec(steps=500), saturation.paths(SaturationSpec(steps=500))),
    ]
    assert max(map(len, frames)) < 90_000


def test_distribution_adds_up_and_a_one_hot_target_has_no_entropy() -> None:
    for spec in (DistributionSpec(), DistributionSpec(target="smoothed"), DistributionSpec(target="own")):
        n = loss_distribution.numbers(spec)
        assert n["cross"] == pytest.approx(n["entropy"] + n["kl"])
        assert n["cross"] == pytest.approx(sum(t * s for t, s in zip(n["t"], n["surprise"], strict=True)))
        np.testing.assert_allclose(n["cross_slope"], n["kl_slope"])
        assert (n["entropy"] == 0) == (spec.target == "one_hot")
        assert sum(n["p"]) == pytest.approx(1) == sum(n["t"])


def test_smoothing_is_that_of_the_smoothed_loss() -> None:
    spec = DistributionSpec(target="smoothed", smoothing=0.3)
    z, t = np.log([spec.predicted]), np.eye(4)[[0]]
    expected = LOSSES["smoothed_cross_entropy"].value(z, t, smoothing=0.3)[0]
    assert loss_distribution.numbers(spec)["cross"] == pytest.approx(expected)


def test_softmax_writes_out_what_leads_to_its_loss() -> None:
    n = softmax.numbers(SoftmaxSpec(logits=(2, 1, 0.1), temperature=0.5, truth=2))
    assert n["p"][1] == pytest.approx(n["exp"][1] / n["sum"])
    assert n["loss"] == pytest.approx(-np.log(n["p"][1]))
    assert n["gradient"][1] == pytest.approx((n["p"][1] - 1) / 0.5)


def test_words_follow_the_state() -> None:
    assert "mean, 1.71" in loss_residual.what_you_see(LossesSpec())
    assert "still a parabola" in loss_residual.what_you_see(LossesSpec(residual=0.5))
    assert "unit is right" in loss_margin.what_you_see(MarginSpec(logit=-1, truth="0"))
    assert "argmax" in softmax.what_you_see(SoftmaxSpec(temperature=0.05))
    assert "hardly count" in softmax.what_you_see(SoftmaxSpec(temperature=100))
    bad = SaturationSpec()
    assert "the less it learns" in saturation.what_you_see(bad, saturation.paths(bad))


def test_your_target_follows_the_number_of_classes() -> None:
    assert DistributionSpec(target="own", predicted=(1, 1)).checked().own_weights() == (0.4, 0.3)
    assert DistributionSpec(target="own", predicted=(1,) * 5).checked().own_weights() == (0.4, 0.3, 0.2, 0.1, 0)
    with pytest.raises(SpecError, match="above 0"):
        DistributionSpec(target="own", predicted=(1, 1), own=(0, 0, 1)).checked()
