"""The page Activations: each view by its link, every control at both bounds, every choice, lessons, edits on the picture."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest

from playground.core import frames
from playground.functional.activations import ACTIVATIONS
from playground.specs.activations import ActivationsSpec, NeuronSpec
from playground.specs.bounds import Choice, Numbers, Range, Several, Toggle
from playground.specs.depth import DepthSpec
from playground.specs.spec import Spec
from playground.specs.sums import SumsSpec
from playground.ui import visual
from tests.pages.support import open_page, problems

VIEWS: dict[str, type[Spec]] = {
    "Curve": ActivationsSpec,
    "One neuron": NeuronSpec,
    "Depth": DepthSpec,
    "Sums": SumsSpec,
}
MOST = 300_000
"""Characters of JSON for one redraw."""


def link(spec: type[Spec], **fields: str) -> dict[str, str]:
    return {"v": f"{spec.KIND}{spec.VERSION}", **fields}


def chosen(page: Any) -> str:
    """The title of the view that is shown."""
    return str(page.session_state["activations-view"])


def on_the_picture(page: Any) -> dict[str, dict[str, Any]]:
    """What each visual on the page was given, by its component."""
    found = {}
    for item in page.get("bidi_component"):
        data = json.loads(item.proto.json)[0]
        if "frame" in data:  # not the menu of tiles
            found[item.proto.component_name.rpartition(".")[2]] = data
    return found


@pytest.mark.parametrize(("title", "spec"), VIEWS.items())
def test_a_link_opens_its_view_and_keeps_the_others_out(title: str, spec: type[Spec]) -> None:
    page = open_page("activations", **link(spec))
    assert problems(page) == []
    assert chosen(page) == title
    assert page.query_params["v"] == f"{spec.KIND}{spec.VERSION}"
    assert set(page.query_params) == set(spec().to_query())


def cases() -> list[Any]:
    found = []
    for spec in VIEWS.values():
        for field, bound in spec.bounds().items():
            values: list[Any] = []
            if isinstance(bound, Range) and bound.linked:
                values = [bound.low, bound.top("local")]
                values = [int(value) if bound.whole else value for value in values]
            elif isinstance(bound, Choice) and bound.linked:
                values = list(bound.options())
            elif isinstance(bound, Several):
                values = [(name,) for name in bound.options()]
            elif isinstance(bound, Toggle):
                values = [False, True]
            elif isinstance(bound, Numbers):
                values = [(bound.low,) * bound.longest, (bound.high,) * bound.longest]
            found += [
                pytest.param(spec, field, bound.write(value), id=f"{spec.KIND}-{field}-{value}") for value in values
            ]
    return found


@pytest.mark.parametrize(("spec", "field", "written"), cases())
def test_every_control_at_both_bounds_and_every_choice(spec: type[Spec], field: str, written: str) -> None:
    expected, noted = spec.from_query(link(spec, **{field: written}))
    page = open_page("activations", all="1", **link(spec, **{field: written}))
    if noted:  # the bounds of one field may contradict another: said in words, never an error
        assert len(page.warning) == len(noted)
        assert not page.exception
        return
    assert problems(page) == []
    assert page.query_params[field] == spec.bounds()[field].write(getattr(expected, field))


@pytest.mark.parametrize("spec", VIEWS.values())
def test_a_bad_value_in_the_link_is_said_in_words(spec: type[Spec]) -> None:
    field = next(name for name, bound in spec.bounds().items() if isinstance(bound, Choice))
    page = open_page("activations", **link(spec, **{field: "<script>"}))
    assert not page.exception
    (said,) = [item.value for item in page.warning]
    assert spec.bounds()[field].label in said.replace("\\", "")
    assert page.query_params[field] == getattr(spec(), field)


@pytest.mark.parametrize("spec", VIEWS.values())
def test_a_lesson_hides_and_locks_every_control(spec: type[Spec]) -> None:
    fields = ",".join(spec.bounds())
    hidden = open_page("activations", hide=fields, all="1", **link(spec))
    assert problems(hidden) == []
    labels = {bound.label for bound in spec.bounds().values()}
    assert not labels & {item.label for item in [*hidden.slider, *hidden.selectbox, *hidden.toggle]}
    for data in on_the_picture(hidden).values():
        assert data["edits"] == []
    locked = open_page("activations", lock=fields, all="1", **link(spec))
    assert problems(locked) == []
    controls = [item for item in [*locked.slider, *locked.selectbox, *locked.toggle] if item.label in labels]
    assert all(item.disabled for item in controls)
    for data in on_the_picture(locked).values():
        assert data["edits"] == []


@pytest.mark.parametrize("spec", VIEWS.values())
def test_a_redraw_stays_within_its_budget(spec: type[Spec]) -> None:
    page = open_page("activations", **link(spec))
    assert on_the_picture(page)
    for data in on_the_picture(page).values():
        assert len(json.dumps(data)) < MOST


def test_presenting_leaves_the_prose_out() -> None:
    usual, presented = open_page("activations"), open_page("activations", present="1")
    said = [" ".join(item.value for item in page.markdown) for page in (usual, presented)]
    assert "saturated" in said[0]
    assert "saturated" not in said[1]


def test_only_the_parameters_of_drawn_activations_have_a_slider() -> None:
    def labels(**fields: str) -> set[str]:
        return {item.label for item in open_page("activations", **link(ActivationsSpec, **fields)).slider}

    assert labels(activation="relu", compare="tanh") == set()
    assert labels(activation="elu", compare="tanh") == {"ELU: α"}
    assert labels(activation="tanh", compare="silu,prelu") == {"SiLU: β", "PReLU: a, slope on the left"}


def test_a_slider_changes_the_curve_that_is_sent() -> None:
    page = open_page("activations", **link(ActivationsSpec, activation="elu", x="-3"))
    before = on_the_picture(page)["activations"]["frame"]
    next(item for item in page.slider if item.label == "ELU: α").set_value(2.0).run()
    assert on_the_picture(page)["activations"]["frame"] != before
    assert page.query_params["alpha"] == "2"


def test_comparing_with_nothing_is_kept_in_the_link() -> None:
    page = open_page("activations", **link(ActivationsSpec, compare=""))
    assert problems(page) == []
    assert page.query_params["compare"] == ""


def test_the_code_shown_is_that_of_the_chosen_activation() -> None:
    page = open_page("activations", **link(ActivationsSpec, activation="mish"))
    code = "\n".join(item.value for item in page.code)
    assert "def mish(x" in code
    assert "def mish_derivative(x" in code


@pytest.mark.parametrize(
    ("spec", "module", "edits"),
    [(ActivationsSpec, "activations", {"x": -1.5}), (NeuronSpec, "neuron", {"w1": 2.0, "bias": -3.0, "task": "and"})],
)
def test_what_the_hand_does_on_the_picture_reaches_the_link(
    monkeypatch: pytest.MonkeyPatch, spec: type[Spec], module: str, edits: dict[str, Any]
) -> None:
    """The component's own trigger, as the browser fires it: a stand-in is mounted that fires it once."""
    fired: list[Any] = []

    def mounted(name: str) -> Any:
        def mount(*, key: str, data: list[Any], on_edit_change: Any) -> None:
            import streamlit as st

            if name == module and not fired:
                fired.append(data[0]["edits"])

                # With a field that may not be changed on the picture.
                st.session_state[key] = SimpleNamespace(edit={**edits, "activation": "step"})
                on_edit_change()

        return mount

    monkeypatch.setattr(visual, "component", mounted)
    page = open_page("activations", **link(spec))
    page.run()
    assert set(edits) <= set(fired[0])
    for field, value in edits.items():
        assert page.query_params[field] == spec.bounds()[field].write(value)
    assert page.query_params["activation"] != "step"


def test_every_activation_has_a_tile_with_its_curve() -> None:
    page = open_page("activations")
    (data,) = [json.loads(item.proto.json)[0] for item in page.get("bidi_component") if "tiles" in item.proto.json]
    assert [tile["name"] for tile in data["tiles"]] == list(ACTIVATIONS)
    assert all("polyline" in tile["picture"] for tile in data["tiles"])


def test_frames_can_be_read_back() -> None:
    for spec in VIEWS.values():
        for data in on_the_picture(open_page("activations", **link(spec))).values():
            header, blocks = frames.unpack(base64.b64decode(data["frame"]))
            assert header["kind"]
            assert blocks
