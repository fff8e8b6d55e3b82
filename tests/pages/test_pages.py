"""Every page opens without an error, by menu and by link, with every control at both bounds and every choice."""

from __future__ import annotations

import pytest

from playground.data.registry import DATASETS
from playground.jobs.manager import Manager
from playground.specs.bounds import Choice, Range
from playground.specs.cnn import CNNSpec
from playground.specs.mlp import MLPSpec
from playground.specs.spec import Spec
from playground.ui import nav
from tests.pages.support import canvas_data, open_page, problems

PAGES = [page.name for page in nav.discover()]
TRAINERS: dict[str, type[Spec]] = {"mlp": MLPSpec, "cnn": CNNSpec}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(name: str) -> None:
    page = open_page(name)
    assert problems(page) == []
    assert page.title or any(item.value.startswith("# ") for item in page.markdown)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_obeys_a_lesson(name: str) -> None:
    page = open_page(name, title="My *lesson*", question="What bends?", present="1")
    words = [item.value for item in page.markdown]
    assert any("My \\*lesson\\*" in text for text in words)
    assert any("What bends" in text for text in words)
    assert problems(page) == []


def bounds() -> list[tuple[str, str, float]]:
    found = []
    for name, spec in TRAINERS.items():
        for field, bound in spec.bounds().items():
            if isinstance(bound, Range) and bound.linked:
                found += [(name, field, bound.low), (name, field, bound.top("local"))]
    return found


@pytest.mark.parametrize(("name", "field", "value"), bounds())
def test_every_control_at_both_bounds(name: str, field: str, value: float) -> None:
    written = TRAINERS[name].bounds()[field].write(int(value) if value == int(value) else value)
    page = open_page(name, all="1", **{field: written})
    assert problems(page) == []
    assert page.query_params[field] == written


def choices() -> list[tuple[str, str, str]]:
    return [
        (name, field, option)
        for name, spec in TRAINERS.items()
        for field, bound in spec.bounds().items()
        if isinstance(bound, Choice) and bound.linked
        for option in bound.options()
    ]


@pytest.mark.parametrize(("name", "field", "option"), choices())
def test_every_choice(name: str, field: str, option: str) -> None:
    extra = {"dataset": "plane"} if field == "loss" and option in ("mse", "mae", "huber") else {}
    page = open_page(name, all="1", **{**extra, field: option})
    assert problems(page) == []
    assert page.query_params[field] == option


def test_a_bad_value_in_a_link_is_said_in_words_and_the_rest_is_kept() -> None:
    page = open_page("mlp", lr="1e400", hidden="8,8,8", dataset="spirl", activation="<script>")
    said = " ".join(item.value for item in page.warning)
    assert "Learning rate" in said and "Did you mean 'spiral'?" in said and "Activation" in said
    assert page.query_params["hidden"] == "8,8,8"
    assert page.query_params["lr"] == "0.03"
    assert not page.exception


def test_layers_typed_wrongly_are_refused_in_words_and_stay_in_the_field() -> None:
    page = open_page("mlp")
    field = next(item for item in page.text_input if item.label == "Hidden layers")
    field.set_value("8, x").run()
    assert any("'x' is not a whole number" in item.value for item in page.error)
    assert next(item for item in page.text_input if item.label == "Hidden layers").value == "8, x"
    assert page.query_params["hidden"] == "4,2"
    next(item for item in page.text_input if item.label == "Hidden layers").set_value("8 8").run()
    assert not page.error
    assert page.query_params["hidden"] == "8,8"


def test_a_learning_rate_moves_mid_run_without_a_reset(inline: Manager) -> None:
    page = open_page("mlp")
    (job,) = jobs(inline)
    inline.command(job.id, job.visitor, "step")
    assert job.at == (0, 1)
    slider = next(item for item in page.select_slider if item.label == "Learning rate")
    slider.set_value(0.1).run()
    assert jobs(inline) == [job]
    assert job.at == (0, 1)
    assert job.spec.lr == 0.1


def test_another_architecture_starts_the_same_run_again(inline: Manager) -> None:
    page = open_page("mlp")
    (job,) = jobs(inline)
    inline.command(job.id, job.visitor, "step")
    next(item for item in page.selectbox if item.label == "Activation").set_value("relu").run()
    assert jobs(inline) == [job]
    assert job.at == (0, 0)
    assert job.spec.activation == "relu"


def test_a_setting_that_no_longer_fits_goes_back_and_the_page_says_so() -> None:
    page = open_page("mlp", all="1", dataset="circle", loss="hinge")
    assert page.query_params["loss"] == "hinge"
    next(item for item in page.selectbox if item.label == "Loss").set_value("mse").run()
    assert any("does not fit this data" in item.value for item in page.error)
    assert page.query_params["loss"] == "hinge"


def test_simple_shows_at_most_six_controls_and_all_shows_the_rest() -> None:
    simple, full = open_page("mlp"), open_page("mlp", all="1")

    def labels(page: object) -> set[str]:
        kinds = ("slider", "select_slider", "selectbox", "text_input", "number_input")
        return {item.label for kind in kinds for item in getattr(page, kind)} - {"Title", "Question"}

    assert len(labels(simple)) + 1 <= 6  # the pictures of data sets are the sixth
    assert {"Optimizer", "Batch size", "L2", "Dropout", "Seed"} <= labels(full) - labels(simple)


def test_weight_decay_is_called_so_with_adamw() -> None:
    page = open_page("mlp", all="1", optimizer="adamw")
    names = [item.label for item in page.select_slider]
    assert "Weight decay" in names and "L2" not in names


def test_a_lesson_hides_and_locks() -> None:
    page = open_page("mlp", hide="lr", lock="activation")
    assert "Learning rate" not in [item.label for item in page.select_slider]
    assert next(item for item in page.selectbox if item.label == "Activation").disabled


def test_the_canvas_is_given_the_visitors_own_run(inline: Manager) -> None:
    page = open_page("mlp")
    (job,) = jobs(inline)
    assert job.id in canvas_data(page)


def jobs(manager: Manager) -> list:
    return [held.job for held in manager.held.values()]


def test_datasets_without_pictures_still_have_tiles() -> None:
    from playground.ui.parts import mlp

    assert {tile.name for tile in mlp.tiles()} == {*DATASETS, "own"}
