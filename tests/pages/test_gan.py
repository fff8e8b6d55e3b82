"""The page of image GANs: what it opens with, presets, sets of pictures, the doctor's remedy, using what was learnt."""

from __future__ import annotations

import argparse
import io
import shlex
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.commands.options import add_fields, values
from playground.core.cnn_use import Taken
from playground.core.events import EpochEnded, Event, FrameReady, Obeyed, Save, Saved, Show, Started
from playground.core.frames import unpack
from playground.functional.gan_losses import LOSSES
from playground.jobs import names
from playground.jobs.asked import settled
from playground.jobs.manager import Manager
from playground.specs.bounds import Choice, Range
from playground.specs.gan import EPOCHS, PRESETS, GANSpec
from playground.ui import lesson, provider
from playground.ui.page import source_of
from playground.ui.parts import gan_page
from tests.pages.support import canvas_data, open_page, problems


def learnt() -> bytes:
    """What a run has learnt, and what its optimizer remembers."""
    held = io.BytesIO()
    np.savez(held, **{"ema.weight": np.ones(3), "engine.first": np.zeros(1000)})
    return held.getvalue()


def fit(spec: GANSpec, **_: Any) -> Generator[Event, Any, None]:
    """A run without networks: each step is an epoch, and what it has learnt is three numbers."""
    step, command = 0, (yield Started("CPU"))
    while True:
        if isinstance(command, Show):
            command = yield FrameReady(b"")
        elif isinstance(command, Save):
            command = yield Saved(learnt())
        elif command is not None:
            command = yield Obeyed()
        else:
            step += 1
            command = yield EpochEnded(step, step, {"frechet": 5.0})


@pytest.fixture(autouse=True)
def no_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(names.COMPUTATIONS, "gan", "tests.pages.test_gan:fit")  # type: ignore[arg-type]


def the_job(manager: Manager) -> Any:
    (held,) = manager.held.values()
    return held.job


def words(page: AppTest) -> str:
    return " ".join(item.value for item in (*page.markdown, *page.caption))


def test_first_paint_has_noise_beside_real_pictures(inline: Manager) -> None:
    page = open_page("gan")
    assert problems(page) == []
    job = the_job(inline)
    assert job.id in canvas_data(page)
    (scene, real), (tick, drawn) = unpack(job.scene), unpack(job.tick)
    assert scene["counts"]["train"] > 1000 and min(scene["params"].values()) > 1e4
    assert tick["step"] == 0 and drawn["grid"].shape == real["real"].shape == (64, 16, 16, 1)
    assert drawn["grid"].std() > 20, "noise, not one grey"
    assert "noise still: press Play" in words(page)


@pytest.mark.parametrize("end", ["low", "high"])
def test_every_control_at_its_bounds_and_every_choice(end: str) -> None:
    query = {"batch_size": "64"}  # the largest batch has no room beside the widest networks
    for name, bound in GANSpec.bounds().items():
        if isinstance(bound, Range) and name not in query:
            query[name] = bound.write(bound.check(bound.low if end == "low" else bound.top("local"), "local"))
        elif isinstance(bound, Choice):
            options = [option for option in bound.options() if option != "own"]
            query[name] = options[0 if end == "low" else -1]
    query["dataset"] = "digits" if end == "low" else "shapes"
    page = open_page("gan", all="1", **query)
    assert problems(page) == []
    assert {name: page.query_params[name] for name in query} == query


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_what_belongs_to_it(name: str, inline: Manager) -> None:
    page = open_page(
        "gan",
        **{
            field: str(int(value) if isinstance(value, bool) else value)
            for field, value in PRESETS[name].settings.items()
        },
    )
    assert problems(page) == []
    assert gan_page.chosen_preset(the_job(inline).spec) == name
    assert unpack(the_job(inline).scene)[0]["conditional"] is (name == "conditional")
    assert ("score is no probability" in words(page)) is (name == "wgan_gp")


def test_other_pictures_bring_their_number_of_epochs_unless_one_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for before, after in ((EPOCHS["digits"], EPOCHS["shapes"]), (7, 7)):
        made = chosen(monkeypatch, GANSpec(epochs=before), lambda: gan_page.choose("shapes", "gan"))
        assert (made.dataset, made.epochs) == ("shapes", after)


def chosen(monkeypatch: pytest.MonkeyPatch, spec: GANSpec, act: Any, told: lesson.Lesson | None = None) -> Any:
    """The experiment after something was chosen on its page."""
    edited = gan_page.controls.Edited(spec)
    monkeypatch.setattr(gan_page, "state", lambda *_: edited)
    monkeypatch.setattr(gan_page.controls, "state", lambda *_: edited)
    monkeypatch.setattr(lesson, "current", lambda: told or lesson.Lesson())
    act()
    return edited.spec


def test_the_doctors_remedy_sets_settings_that_are_free_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    locked = lesson.Lesson(lock=frozenset({"lr"}))
    for change, told, loss in (
        ({"loss": "hinge"}, None, "hinge"),
        ({"loss": "hinge", "lr": 0.0001}, locked, "minimax"),
        ({"pictures": 3, "nothing": 1}, None, "minimax"),
        ("loss", None, "minimax"),
    ):  # fmt: skip
        made = chosen(monkeypatch, GANSpec(loss="minimax"), lambda c=change: gan_page.take_remedy(c, "gan"), told)  # type: ignore[misc]
        assert made.loss == loss


def test_without_pictures_of_ones_own_there_is_a_word_about_them() -> None:
    page = open_page("gan", dataset="own")
    assert problems(page) == []
    assert "Your own pictures" in words(page)


def used(inline: Manager, steps: int) -> AppTest:
    page = open_page("gan")
    for _ in range(steps):
        the_job(inline).advance()
    return page.run()


def test_what_has_learnt_nothing_is_not_used(inline: Manager) -> None:
    assert "learnt nothing yet" in words(used(inline, 0))


def test_it_is_opened_in_the_sampler_and_packed_anew_once_it_has_learnt_more(
    inline: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, asked = used(inline, 1), []
    monkeypatch.setattr(
        provider.inference(), "ask", lambda *told, **more: asked.append(told) or settled(Taken(b"PK" * 5000))
    )
    links = {link.proto.label: link.proto.query_string for link in page.get("page_link")}
    assert f"run={the_job(inline).id}" in links["Keep and open in the sampler"]
    page.button(key="gan.use.pack").click().run()
    page.run()
    assert problems(page) == []
    assert [told[0] for told in asked] == ["gan_pack"]
    assert page.get("download_button")[0].proto.label == "Download (10 kB)"
    the_job(inline).advance()
    page.run()
    assert "As it was at step 1" in words(page) and any(button.label == "Pack it" for button in page.button)


def test_the_command_line_runs_the_same_experiment() -> None:
    spec = GANSpec(dataset="shapes", loss="wasserstein", critic_steps=3, conditional=True, epochs=3, lr=1e-4)
    told = shlex.split(gan_page.command(spec))
    assert told[:3] == ["playground", "run", "gan"] and told[-3:] == ["--json", "--save", "generator"]
    parser = argparse.ArgumentParser()
    add_fields(parser, GANSpec)
    assert GANSpec(**values(parser.parse_args(told[3:-3]), GANSpec)).checked() == spec


def test_every_loss_has_its_formula_and_its_source() -> None:
    page = open_page("gan", loss="hinge")
    page.session_state["gan-tabs"] = "Losses"
    page.run()
    assert problems(page) == []
    assert LOSSES["hinge"].generator in [item.value.strip("$\n ") for item in page.latex]
    for name in LOSSES:
        for one in gan_page.loss_functions(GANSpec(loss=name)):
            assert "return" in source_of(*one.split(":"))
