"""Momentum and step size: each of its five views by link, at the bounds of every control, with every choice."""

from __future__ import annotations

import re

import pytest

from playground.core.frames import unpack
from playground.specs.basins import BasinsSpec
from playground.specs.bounds import Choice, Range
from playground.specs.momentum import MomentumSpec
from playground.specs.race import RaceSpec
from playground.specs.range_test import RangeTestSpec
from playground.specs.schedules import SchedulesSpec
from playground.specs.spec import Spec
from playground.ui import controls
from playground.ui.parts import basins, momentum, race, range_test, schedules
from tests.pages.support import canvas_data, open_page, problems

VIEWS: dict[str, type[Spec]] = {
    "momentum": MomentumSpec,
    "schedules": SchedulesSpec,
    "range_test": RangeTestSpec,
    "basins": BasinsSpec,
    "race": RaceSpec,
}
LIMIT = 300_000


def link(kind: str) -> str:
    return f"{kind}{VIEWS[kind].VERSION}"


@pytest.mark.parametrize("kind", VIEWS)
def test_a_link_opens_its_view(kind: str) -> None:
    page = open_page("momentum", v=link(kind))
    assert problems(page) == []
    assert page.query_params["v"] == link(kind)
    assert len(page.get("bidi_component")) == 1, "only the chosen picture is drawn"
    assert f"playground.{kind}" in canvas_data(page)


def bounds() -> list[tuple[str, str, float]]:
    found = []
    for kind, spec in VIEWS.items():
        for field, bound in spec.bounds().items():
            if isinstance(bound, Range):
                found += [(kind, field, bound.low), (kind, field, bound.top("local"))]
    return found


@pytest.mark.parametrize(("kind", "field", "value"), bounds())
def test_every_control_at_both_bounds(kind: str, field: str, value: float) -> None:
    written = VIEWS[kind].bounds()[field].write(int(value) if value == int(value) else value)
    extra = {"low": {"high": "100"}, "high": {"low": "1e-05"}}.get(field, {})
    page = open_page("momentum", v=link(kind), all="1", **{**extra, field: written})
    assert problems(page) == []
    assert page.query_params[field] == written


def choices() -> list[tuple[str, str, str]]:
    return [
        (kind, field, option)
        for kind, spec in VIEWS.items()
        for field, bound in spec.bounds().items()
        if isinstance(bound, Choice)
        for option in bound.options()
    ]


@pytest.mark.parametrize(("kind", "field", "option"), choices())
def test_every_choice(kind: str, field: str, option: str) -> None:
    page = open_page("momentum", v=link(kind), all="1", **{field: option})
    assert problems(page) == []
    assert page.query_params[field] == option


def test_a_bad_value_in_a_link_is_said_in_words_and_the_rest_is_kept() -> None:
    page = open_page("momentum", v="momentum1", lr="-1", momentum="nan", condition="100")
    said = " ".join(item.value for item in page.warning)
    assert "Learning rate" in said and "Momentum" in said
    assert page.query_params["condition"] == "100"
    assert page.query_params["lr"] == "1"
    page = open_page("momentum", v="basins1", start="9,9")
    assert any("outside the picture" in item.value for item in page.warning)
    page = open_page("momentum", v="range_test1", low="1", high="1")
    assert any("not ten times" in item.value for item in page.warning)


def test_what_a_lesson_hides_or_locks_cannot_be_moved_on_the_picture() -> None:
    page = open_page("momentum", v="momentum1", hide="momentum", lock="lr")
    assert "Momentum" not in [item.label for item in page.slider]
    assert next(item for item in page.slider if item.label == "Learning rate").disabled
    assert edits(canvas_data(page)) == []
    assert edits(canvas_data(open_page("momentum", v="momentum1"))) == ["lr", "momentum"]


def edits(data: str) -> list[str]:
    (found,) = re.findall(r'edits[\\"]+: \[(.*?)\]', data)
    return sorted(re.findall(r"\w+", found))


def test_what_the_hand_did_on_the_picture_reaches_the_link_and_the_controls() -> None:
    page = open_page("momentum", v="momentum1")
    edited = page.session_state[f"{controls.Edited.__module__}.{controls.Edited.__qualname__}/momentum.momentum"]
    assert isinstance(edited, controls.Edited)
    assert isinstance(edited.spec, MomentumSpec)
    edited.spec = edited.spec.replace(lr=2.5, momentum=0.0)
    page.run()
    assert problems(page) == []
    assert (page.query_params["lr"], page.query_params["momentum"]) == ("2.5", "0")
    assert next(item for item in page.slider if item.label == "Learning rate").value == 2.5


@pytest.mark.parametrize("name", ["Theory", "Code", "References"])
def test_tabs_open(name: str) -> None:
    page = open_page("momentum", v="momentum1")
    page.session_state["momentum.momentum-tabs"] = name
    page.run()
    assert problems(page) == []


def test_presenting_leaves_out_the_prose() -> None:
    plain, shown = open_page("momentum"), open_page("momentum", present="1")
    assert any("caught between" in item.value for item in plain.markdown)
    assert not any("caught between" in item.value for item in shown.markdown)


def test_frames_stay_small() -> None:
    frames = [
        momentum.view(MomentumSpec(steps=400)).frame,
        schedules.view(SchedulesSpec(steps=600)).frame,
        range_test.view(RangeTestSpec(points=400, steps=500)).frame,
        basins.view(BasinsSpec(surface="rastrigin", steps=300)).frame,
        race.view(RaceSpec(steps=2000)).frame,
    ]
    assert max(len(frame) for frame in frames) * 4 / 3 < LIMIT


# -- what the views say


def test_the_words_name_what_the_run_does() -> None:
    def said(**values: float) -> str:
        return momentum.view(MomentumSpec(**values)).words

    assert said(lr=1.0, momentum=0.9).startswith("Oscillating")
    assert said(lr=0.5, momentum=0.0).startswith("Overdamped")
    assert "jumps to the other side" in said(lr=1.5, momentum=0.0)
    assert said(lr=2.1, momentum=0.0).startswith("Diverges")
    assert said(lr=1.0, momentum=0.0, condition=1.0).startswith("Critically damped")
    best = momentum.view(MomentumSpec()).diagram.optimum
    at = momentum.view(MomentumSpec(lr=best[0], momentum=best[1])).words
    assert at.startswith("Critically damped: both axes at once") and "as few as can be" in at


def test_the_table_holds_what_theory_says() -> None:
    seen = momentum.view(MomentumSpec(condition=100))
    header, blocks = unpack(seen.frame)
    code = blocks["table"].astype(float)
    grows = code >= 32768
    assert (grows == (seen.diagram.factors >= 1)).all()
    steps = header["fastest"] * (header["slowest"] / header["fastest"]) ** (code / 32767)
    inside = ~grows & (steps > 3.1) & (steps < 990)
    assert inside.sum() > 5000
    wanted = 10 ** (-1 / steps[inside])
    assert abs(wanted - seen.diagram.factors[inside]).max() < 1e-3
    assert seen.disagreement < 0.02


def test_the_run_shows_the_slope_that_theory_predicts() -> None:
    for lr, mu in ((1.0, 0.9), (1.9, 0.0), (0.5, 0.3), (2.5, 0.0)):
        seen = momentum.view(MomentumSpec(lr=lr, momentum=mu, steps=400))
        assert seen.found == pytest.approx(seen.factor, abs=0.005)


def test_a_rate_that_falls_ends_lower_in_noise() -> None:
    ends = schedules.view(SchedulesSpec()).ends
    assert ends["cosine"] < 0.5 * ends["constant"]
    assert ends["step"] < 0.5 * ends["constant"]
    calm = schedules.view(SchedulesSpec(noise=0)).ends
    assert calm["constant"] < calm["cosine"]


def test_the_table_can_be_downloaded() -> None:
    seen = race.view(RaceSpec())
    head, *rows = seen.csv.strip().split("\n")
    assert head.startswith("optimizer,learning_rate,steps_to_0.1")
    assert len(rows) == len(RaceSpec().optimizer)
    last = [int(step) for step in seen.steps[:, -1] if step >= 0]
    assert last == sorted(last), "the quickest first"


def test_without_momentum_both_maps_are_the_same() -> None:
    assert basins.view(BasinsSpec(momentum=0.0)).changed == 0
    assert basins.view(BasinsSpec()).changed > 0.05
