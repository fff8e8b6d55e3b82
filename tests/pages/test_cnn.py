"""The page of convolutional networks: what it opens with, what the block editor may do, which command line it gives."""

from __future__ import annotations

import argparse
import io
import shlex
from typing import Any

import pytest
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from playground.commands.options import add_fields, values
from playground.core.cnn_use import Taken
from playground.core.frames import unpack
from playground.jobs.asked import Asked, settled
from playground.jobs.inference_messages import Refusal
from playground.jobs.manager import Manager
from playground.specs.cnn import OWN, PRESETS, CNNSpec
from playground.ui import controls, provider
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


def png(shade: int) -> bytes:
    """A written 1 on paper."""
    image = Image.new("L", (120, 160), 235)
    ImageDraw.Draw(image).line([(62, 40), (58, 120)], fill=shade, width=12)
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def used(inline: Manager, steps: int) -> tuple[AppTest, Any]:
    """The tab "Use it" of a run that has learnt a little, and the run."""
    page = open_page("cnn", dataset="digits")
    page.session_state["cnn-tabs"] = "Use it"
    job = the_job(inline)
    for _ in range(steps):
        job.advance()
    return page.run(), job


def words(page: AppTest) -> str:
    return " ".join(item.value for item in (*page.markdown, *page.caption))


def given(page: AppTest, name: str, content: bytes) -> AppTest:
    return page.file_uploader(key="cnn.use.picture").set_value((name, content, "image/png")).run()


def test_a_network_that_has_learnt_nothing_is_not_used(inline: Manager) -> None:
    page, _ = used(inline, 0)
    assert "learnt nothing yet" in words(page)
    assert not any(button.label == "Pack it" for button in page.button)


def test_a_refused_picture_is_forgotten_with_the_next_one(inline: Manager) -> None:
    page, _ = used(inline, 2)
    page = given(page, "no.png", b"GIF89a nothing")
    assert "not a picture" in page.error[0].value
    page = given(page, "one.png", png(25))
    assert problems(page) == []
    assert "sure, by the weights of epoch" in words(page)


def test_pictures_are_read_within_the_limits_of_the_server(inline: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(provider.inference(), "ask", lambda *words, **more: asked.append(words) or settled(None))
    page, _ = used(inline, 1)
    given(page, "one.png", png(25))
    ((task, card, question),) = asked
    limits = provider.settings()
    assert (task, card, question.name, question.picture) == ("cnn_predict", None, "one.png", png(25))
    assert (question.megabytes, question.megapixels) == (limits.picture_megabytes, limits.picture_megapixels)


def test_one_can_ask_again_as_soon_as_there_is_an_answer(inline: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = Asked()
    page, _ = used(inline, 1)
    with monkeypatch.context() as patched:
        patched.setattr(provider.inference(), "ask", lambda *words, **more: turn)
        page = given(page, "one.png", png(25)).run()
        assert page.button(key="cnn.use.again").disabled
        turn.answer(Refusal("TimeLimit", "It took too long."))
        page.run()
    assert [item.value for item in page.error] == ["It took too long\\."]
    assert not page.button(key="cnn.use.again").disabled
    page.button(key="cnn.use.again").click().run()
    assert problems(page) == [] and "sure, by the weights of epoch" in words(page)


def test_the_package_stays_until_the_network_has_learnt_more(inline: Manager) -> None:
    page, job = used(inline, 2)
    page.button(key="cnn.use.pack").click().run()
    page.run()
    assert problems(page) == []
    assert "Download (" in page.get("download_button")[0].proto.label
    assert not any(button.label == "Pack it" for button in page.button), "there is nothing new to pack"
    job.advance()
    page.run()
    assert "As it was at step 2" in words(page)
    assert any(button.label == "Pack it" for button in page.button)
    page.button(key="cnn.use.pack").click().run()
    assert "As it was" not in words(page)


def test_a_package_is_asked_for_once_while_it_waits_its_turn(inline: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, turn = [], Asked()
    turn.tell = lambda one: "Waiting: 3 before you"
    monkeypatch.setattr(provider.inference(), "ask", lambda *words, **more: asked.append(words) or turn)
    page, _ = used(inline, 1)
    page.button(key="cnn.use.pack").click().run()
    page.run()
    assert "Waiting: 3 before you" in words(page) and page.button(key="cnn.use.pack").disabled
    assert len(asked) == 1
    turn.answer(Taken(b"PK" * 5000))
    page.run()
    assert page.get("download_button")[0].proto.label == "Download (10 kB)"
    assert not any(button.label == "Pack it" for button in page.button)


def test_shuffling_the_labels_takes_augmentation_away_and_gives_time_and_back() -> None:
    page = open_page("cnn", dataset="digits")
    page.toggle(key="cnn.shuffle_labels").set_value(True).run()
    assert problems(page) == []
    spec = CNNSpec.from_query(dict(page.query_params), "local")[0]
    assert (spec.shuffle_labels, spec.augment, spec.epochs) == (True, (), cnn.BY_HEART)
    said = " ".join(item.value for item in (*page.markdown, *page.caption))
    assert f"{cnn.BY_HEART} epochs now" in said and "stays at chance" in said
    page.toggle(key="cnn.shuffle_labels").set_value(False).run()
    assert CNNSpec.from_query(dict(page.query_params), "local")[0] == CNNSpec(dataset="digits")


def test_a_link_with_shuffled_labels_is_obeyed_and_its_words_are_true() -> None:
    page = open_page("cnn", dataset="digits", shuffle_labels="1", augment="shift,turn", epochs="4")
    spec = CNNSpec.from_query(dict(page.query_params), "local")[0]
    assert (spec.shuffle_labels, spec.augment, spec.epochs) == (True, ("shift", "turn"), 4)
    said = " ".join(item.value for item in (*page.markdown, *page.caption))
    assert "epochs now" not in said and "hinders" in said
    assert "too few" in cnn.what_you_see(CNNSpec(shuffle_labels=True, augment=()))


def test_it_is_said_what_was_measured_on_the_chosen_set_alone() -> None:
    said = {
        name: " ".join(item.value for item in open_page("cnn", dataset=name).caption) for name in ("mnist", "digits")
    }
    assert "99.46 %" in said["mnist"] and "92.2 %" not in said["mnist"]
    assert "as measured" not in said["digits"]
