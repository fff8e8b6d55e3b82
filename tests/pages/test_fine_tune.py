"""The page of fine-tuning: what it opens with, one's own table, what is frozen, using what was learnt."""

from __future__ import annotations

import argparse
import io
import shlex
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.commands.options import add_fields, values
from playground.core.cnn_use import Taken
from playground.core.events import EpochEnded, Event, FrameReady, Obeyed, Save, Saved, Show, Started
from playground.core.frames import unpack
from playground.core.language import TunedAnswer
from playground.jobs import names
from playground.jobs.asked import settled
from playground.jobs.manager import Manager
from playground.specs.bounds import Choice, Range
from playground.specs.finetune import ALL, FinetuneSpec
from playground.ui import provider
from playground.ui.parts import fine_tune, fine_tune_words
from tests.pages.support import canvas_data, open_page, problems
from tests.text_folder import text_folder

TABLE = "kind;message\n" + "\n".join(f"{'ab'[i % 2]};text {'of one' if i % 2 else 'or two'} {i}" for i in range(30))


def learnt() -> bytes:
    """What a run has learnt, and what its optimizer remembers."""
    held = io.BytesIO()
    np.savez(held, **{"best.weight": np.ones(3), "engine.first": np.zeros(1000)})
    return held.getvalue()


def fit(spec: FinetuneSpec, **_: Any) -> Generator[Event, Any, None]:
    """A run without a network: each step is an epoch, and what it has learnt is three numbers."""
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
            command = yield EpochEnded(step, step, {"val_accuracy": 0.5})


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(names.COMPUTATIONS, "finetune", "tests.pages.test_fine_tune:fit")  # type: ignore[arg-type]


def the_job(manager: Manager) -> Any:
    (held,) = manager.held.values()
    return held.job


def words(page: AppTest) -> str:
    return " ".join(item.value for item in (*page.markdown, *page.caption))


def test_first_paint_has_the_network_the_split_and_some_texts(inline: Manager) -> None:
    page = open_page("fine_tune")
    assert problems(page) == []
    job = the_job(inline)
    assert job.id in canvas_data(page)
    scene, _ = unpack(job.scene)
    tick, blocks = unpack(job.tick)
    assert scene["counts"]["train"] > scene["counts"]["val"] > 0 and len(scene["examples"]) > 5
    assert scene["parts"][-1]["title"] == "Classifier" and scene["params"] > 1e6
    assert tick["stage"] == 0 and tick["baseline"]["majority"] > 0 and blocks["rates"].max() > 0


@pytest.mark.parametrize("end", ["low", "high"])
def test_every_control_at_its_bounds_and_every_choice(end: str) -> None:
    query = {}
    for name, bound in FinetuneSpec.bounds().items():
        if isinstance(bound, Range) and name != "freeze":
            query[name] = bound.write(bound.check(bound.low if end == "low" else bound.top("local"), "local"))
        elif isinstance(bound, Choice):
            options = [option for option in bound.options() if option != "own"]
            query[name] = options[0 if end == "low" else -1]
    page = open_page("fine_tune", all="1", **{**query, "most": "50"})
    assert problems(page) == []
    assert {name: page.query_params[name] for name in query if name != "most"} == {
        name: text for name, text in query.items() if name != "most"
    }


def test_no_more_layers_are_frozen_than_there_are() -> None:
    page = open_page("fine_tune", freeze="24")
    assert problems(page) == []
    most = fine_tune.layers(FinetuneSpec())
    assert 0 < most < 24 and page.query_params["freeze"] == str(most)
    slider = next(item for item in page.select_slider if item.label == "Frozen layers")
    slider.set_value(ALL).run()
    assert page.query_params["freeze"] == "-1" and "All but the new classifier is frozen" in words(page)


def test_a_lesson_that_locks_the_frozen_layers_locks_them_on_the_canvas() -> None:
    for query, free in (({}, "true"), ({"lock": "freeze"}, "false"), ({"hide": "freeze"}, "false")):
        told = canvas_data(open_page("fine_tune", **query)).replace("\\", "").replace(" ", "")
        assert f'"may_freeze":{free}' in told


def uploaded(content: bytes, name: str = "mine.csv") -> AppTest:
    page = open_page("fine_tune", dataset="own")
    assert any("Your own texts" in item.value for item in page.markdown)
    return page.file_uploader(key="fine_tune.upload").set_value((name, content, "text/csv")).run()


def test_ones_own_table_finds_its_columns_and_says_what_was_read(inline: Manager) -> None:
    page = uploaded(TABLE.encode())
    assert problems(page) == []
    picked = {box.label: box.value for box in page.selectbox}
    assert (picked["Texts"], picked["Labels"]) == ("message", "kind")
    assert "30 texts, 2 classes" in words(page).replace("\\", "")
    scene, _ = unpack(the_job(inline).scene)
    assert scene["classes"] == ["a", "b"] and sum(scene["counts"].values()) == 30
    assert not {"table", "text_column", "label_column"} & set(page.query_params)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"text,label\na,x\nb,y\n", "20 to 5,000"),
        (b"text,label\n" + b"".join(b"t%d,x\n" % i for i in range(30)), "same label"),
        (bytes(range(256)) * 9, ""),
        (b"only one column\n" * 30, "single column"),
    ],
)
def test_what_cannot_be_learnt_from_is_said_in_words(content: bytes, said: str) -> None:
    page = uploaded(content)
    assert not page.exception
    (error,) = page.error
    assert said in error.value.replace("\\", "")
    assert any("Your own texts" in item.value for item in page.markdown)


def used(inline: Manager, steps: int) -> AppTest:
    page = open_page("fine_tune")
    page.session_state["fine_tune-tabs"] = "Use it"
    for _ in range(steps):
        the_job(inline).advance()
    return page.run()


def test_what_has_learnt_nothing_is_not_used(inline: Manager) -> None:
    assert "learnt nothing yet" in words(used(inline, 0))


def test_what_was_learnt_is_asked_about_new_texts(inline: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    page = used(inline, 1)
    asked = []
    scores = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    answer = TunedAnswer(("<b>", "no"), scores, scores[::-1], 3, 0.1)
    monkeypatch.setattr(provider.inference(), "ask", lambda *told, **more: asked.append(told) or settled(answer))
    page.text_area(key="fine_tune.use.texts").set_value("one\n\n two & <i> \n")
    next(button for button in page.button if button.label == "Ask").click().run()
    page.run()
    assert problems(page) == []
    ((task, card, question),) = asked
    assert (task, card, question.texts) == ("finetune_tell", None, ("one", "two & <i>"))
    with np.load(io.BytesIO(question.state)) as kept:
        assert kept.files == ["best.weight"], "the optimizer's memory stays where it is"
    shown = " ".join(item.proto.body for item in page.get("html"))
    assert "&lt;b&gt;" in shown and "two &amp; &lt;i&gt;" in shown and "80.0 %" in shown
    assert "weights of epoch 3" in words(page)


def test_it_is_packed_and_packed_anew_once_it_has_learnt_more(inline: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    page = used(inline, 1)
    monkeypatch.setattr(provider.inference(), "ask", lambda *told, **more: settled(Taken(b"PK" * 5000)))
    page.button(key="fine_tune.use.pack").click().run()
    page.run()
    assert page.get("download_button")[0].proto.label == "Download (10 kB)"
    assert not any(button.label == "Pack it" for button in page.button)
    the_job(inline).advance()
    page.run()
    assert "As it was at step 1" in words(page) and any(button.label == "Pack it" for button in page.button)


def test_the_command_line_runs_the_same_experiment() -> None:
    spec = FinetuneSpec(dataset="unwanted", freeze=ALL, epochs=3, schedule="cosine", lr=1e-4)
    told = shlex.split(fine_tune_words.command(spec))
    assert told[:3] == ["playground", "run", "finetune"] and told[-3:] == ["--json", "--save", "tuned"]
    parser = argparse.ArgumentParser()
    add_fields(parser, FinetuneSpec)
    assert FinetuneSpec(**values(parser.parse_args(told[3:-3]), FinetuneSpec)).checked() == spec


def test_a_model_that_nobody_knows_gives_way_to_the_starter_and_that_is_said(
    inline: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_MODELS", str(tmp_path))
    text_folder(tmp_path, "aaa")
    page = open_page("fine_tune", base="no-such-model")
    assert the_job(inline).spec.base == FinetuneSpec().base
    said = "".join(problems(page)).replace("\\", "")  # words are escaped for Markdown
    assert "no-such-model" in said and "The page uses Starter" in said
