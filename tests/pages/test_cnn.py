"""The page of convolutional networks: what it opens with, what the block editor may do, which command line it gives."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

import pytest

from playground.commands.options import add_fields, values
from playground.core.frames import unpack
from playground.jobs.manager import Manager
from playground.specs.cnn import OWN, PRESETS, CNNSpec
from playground.ui import controls
from playground.ui.parts import cnn, cnn_blocks
from tests.pages.support import canvas_data, open_page, problems


def the_job(manager: Manager) -> Any:
    (held,) = manager.held.values()
    return held.job


def test_first_paint_has_the_maps_of_a_network_that_has_learnt_nothing(inline: Manager) -> None:
    page = open_page("cnn")
    assert problems(page) == []
    job = the_job(inline)
    assert job.id in canvas_data(page)
    scene, blocks = unpack(job.scene)
    assert (scene["kind"], scene["dataset"], scene["counts"]["train"]) == ("cnn.scene", "shapes", 3000)
    assert len(blocks["samples"]) == len(scene["sample_labels"]) > 20
    tick, drawn = unpack(job.tick)
    assert drawn["maps"].any() and drawn["probabilities"].sum() == pytest.approx(1, abs=1e-4)
    assert tick["epoch"] == 0


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_drawn_on_the_smallest_pictures(preset: str) -> None:
    page = open_page("cnn", dataset="digits", preset=preset, all="1")
    assert problems(page) == []
    assert page.query_params["preset"] == preset


def test_the_editor_is_told_shapes_and_parameters_of_each_block() -> None:
    told = cnn_blocks.stages(("conv:6:5:1:2", "max:2", "conv:16:5:1:0", "dense:120"), (1, 28, 28), 10)
    assert [stage["shape"] for stage in told] == [[6, 28, 28], [6, 14, 14], [16, 10, 10], [120], [10]]
    assert [stage["params"] for stage in told] == [156, 0, 2416, 192_120, 1210]
    assert told[2]["told"] == "2,416 parameters: 16 × (6 × 5 × 5 + 1)."
    assert told[-1]["output"] and not any(stage["output"] for stage in told[:-1])


def test_an_impossible_block_says_why_and_those_before_it_keep_their_shapes() -> None:
    told = cnn_blocks.stages(("max:4", "max:4", "conv:8:5:1:0", "dense:10"), (1, 28, 28), 10)
    assert [stage.get("shape") for stage in told] == [[1, 7, 7], [1, 1, 1], None, None]
    assert "does not fit" in told[2]["wrong"] and "5 × 5" in told[2]["wrong"]


@pytest.mark.parametrize("kind", cnn_blocks.KINDS)
def test_a_block_as_it_is_added_can_be_read_and_has_the_numbers_it_names(kind: str) -> None:
    one = cnn_blocks.KINDS[kind]
    told = cnn_blocks.stages((one["start"],), (3, 16, 16), 4)
    assert told[0]["word"] == one["start"] and told[0]["shape"]
    assert len(one["start"].split(":")) == 1 + len(one["numbers"])
    assert all(number["steps"] is None or number["least"] <= min(number["steps"]) for number in one["numbers"])


def test_blocks_from_the_canvas_become_ones_own_and_impossible_ones_are_kept_as_a_draft(
    inline: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the canvas's callback does, with the session's state in a plain dictionary."""
    kept: dict[Any, Any] = {}
    for module in (controls, cnn_blocks):
        monkeypatch.setattr(module, "state", lambda kind, key="": kept.setdefault((kind, key), kind()))
    monkeypatch.setattr(cnn_blocks, "may_edit", lambda: True)
    edited = kept[(controls.Edited, "cnn")] = controls.Edited(spec=CNNSpec())
    cnn_blocks.take(cnn_blocks.described(edited.spec, "cnn")["words"], "cnn")
    assert edited.spec == CNNSpec(), "the same blocks, every number said, stay the preset's"
    cnn_blocks.take(["conv:8:3", "max:2", "dense:32"], "cnn")
    assert isinstance(edited.spec, CNNSpec)
    assert (edited.spec.preset, edited.spec.blocks) == (OWN, ("conv:8:3:1:1", "max:2:2", "dense:32"))
    working = edited.spec
    cnn_blocks.take(["dense:32", "conv:8:3"], "cnn")
    assert edited.spec == working
    told = cnn_blocks.described(working, "cnn")
    assert "Block 2" in told["error"] and "flat" in told["error"]
    assert told["words"] == ["dense:32", "conv:8:3"] and told["kept"] == list(working.words)
    cnn_blocks.take(told["kept"], "cnn")  # undo
    assert cnn_blocks.described(working, "cnn")["error"] == ""
    for nonsense in (None, "conv:8", [1, 2], [["conv:8"]]):
        cnn_blocks.take(nonsense, "cnn")
    assert edited.spec == working


def test_a_lesson_that_locks_the_network_locks_the_editor() -> None:
    for query, editable in (({}, "true"), ({"lock": "preset"}, "false"), ({"hide": "blocks"}, "false")):
        told = canvas_data(open_page("cnn", **query)).replace("\\", "").replace(" ", "")
        assert f'"editable":{editable}' in told


def test_a_set_of_pictures_that_is_not_there_says_how_to_get_it() -> None:
    page = open_page("cnn", dataset="mnist")
    assert not page.exception and not page.error
    said = " ".join(item.value for item in (*page.markdown, *page.caption, *page.info))
    assert "MNIST" in said and "12 MB" in said
    assert any(button.label == "Download" for button in page.button)


def test_own_pictures_wait_for_an_upload() -> None:
    page = open_page("cnn", dataset="own")
    assert not page.exception and not page.error
    assert any("Your own pictures" in item.value for item in page.markdown)


def test_the_command_line_runs_the_same_experiment() -> None:
    spec = CNNSpec(
        dataset="digits", preset=OWN, blocks=("conv:8:3:1:1", "max:2:2"), epochs=7, augment=(), shuffle_labels=True
    )
    words = shlex.split(cnn.command(spec))
    assert words[:3] == ["playground", "run", "cnn"] and words[-3:] == ["--json", "--save", "trained"]
    parser = argparse.ArgumentParser()
    add_fields(parser, CNNSpec)
    assert CNNSpec(**values(parser.parse_args(words[3:-3]), CNNSpec)).checked() == spec


def test_what_is_said_follows_the_experiment() -> None:
    assert "by heart" in cnn.what_you_see(CNNSpec(shuffle_labels=True))
    assert "does not mind" in cnn.what_you_see(CNNSpec(shuffle_pixels=True, preset="mlp"))
    assert "no convolution" in cnn.what_you_see(CNNSpec(preset="mlp"))


def test_it_can_be_used_after_a_step(inline: Manager) -> None:
    page = open_page("cnn", dataset="digits")
    page.session_state["cnn-tabs"] = "Use it"
    page.run()
    assert any("learnt nothing yet" in item.value for item in page.markdown)
