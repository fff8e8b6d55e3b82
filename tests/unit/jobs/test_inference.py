"""The inference worker: a real process that answers toys, and what happens when one of them ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playground.core.errors import InputError, ModelUnavailable, PlaygroundError, TimeLimit, UnknownName, WorkerLost
from playground.core.settings import Settings
from playground.jobs import inference_messages as i
from playground.jobs import messages as m
from playground.jobs import questions
from playground.jobs.inference import Inference, InlineInference, WorkerInference
from playground.jobs.process import environment
from tests.unit.jobs import toy
from tests.unit.jobs.conftest import until
from tests.unit.jobs.toy_tasks import HERE, TASKS, Toy, card, made

LONG = 60.0


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerInference]:
    """One worker for all tests of this file that do not break it too often."""
    one = made(tmp_path_factory.mktemp("models"))
    yield one
    one.stop()


@pytest.fixture(params=["worker", "inline"])
def inference(request: pytest.FixtureRequest, tmp_path: Path) -> Inference:
    """Both places that questions are answered in."""
    if request.param == "worker":
        found: Inference = request.getfixturevalue("worker")
        return found
    return InlineInference(tmp_path, Settings(), tasks=TASKS, desk=f"{HERE}:ToyDesk")


# -- what both must do


def test_a_question_is_answered(inference: Inference) -> None:
    asked = inference.ask("toy", card("a"), Toy("one", content=bytes(100_000)))
    answer = asked.result(LONG)
    assert (answer.value, answer.read) == ("one", 100_000)
    assert asked.words == ""
    assert inference.ready
    assert inference.waiting == 0


def test_an_answer_is_found_again(inference: Inference) -> None:
    first = inference.ask("toy", card("a"), Toy("again")).result(LONG)
    again = inference.ask("toy", card("a"), Toy("again"), visitor="bob")
    assert again.done()
    assert again.result(0) is first


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        ("words", InputError, "troubled is no picture."),
        ("unavailable", ModelUnavailable, "This model is not on disk."),
        ("raise", PlaygroundError, r"Something went wrong while this was answered \(reference [0-9a-f]{8}\)"),
        ("unpicklable", PlaygroundError, "Something went wrong"),
        ("unreadable", PlaygroundError, "Something went wrong"),
    ],
)
def test_what_goes_wrong_is_said_in_words(
    inference: Inference, trouble: str, kind: type[PlaygroundError], words: str
) -> None:
    with pytest.raises(PlaygroundError, match=words) as caught:
        inference.ask("toy", None, Toy("troubled", trouble)).result(LONG)
    assert type(caught.value) is kind
    assert inference.ask("toy", None, Toy("sound")).result(LONG).value == "sound"


@pytest.mark.parametrize("task", ["missing", "few"])
def test_a_task_that_is_a_defect_itself_is_a_reference(inference: Inference, task: str) -> None:
    with pytest.raises(PlaygroundError, match="reference"):
        inference.ask(task, None, Toy(1)).result(LONG)


def test_an_unknown_task_is_said_at_once(inference: Inference) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'toy'"):
        inference.ask("toi", None, Toy(1))


def test_models_stand_are_pinned_and_evicted(inference: Inference) -> None:
    def named() -> dict[str, bool]:
        return {one.name: one.pinned for one in inference.standing()}

    inference.ask("toy", card("loved"), Toy("to load it")).result(LONG)
    until(lambda: named().get("loved") is False, "the model stands")
    inference.pin("loved", True)
    until(lambda: named().get("loved") is True, "the model is pinned")
    inference.evict("loved")
    until(lambda: "loved" not in named(), "the model is gone")


# -- the worker


def test_twenty_visitors_get_the_answer_to_their_own_picture(worker: WorkerInference, tmp_path: Path) -> None:
    def visit(number: int) -> object:
        content = bytes([number]) * (10_000 + number)
        answer = worker.ask("toy", card("a"), Toy(("mine", number), content=content), visitor=str(number)).result(LONG)
        return answer.value, answer.read

    with ThreadPoolExecutor(20) as visitors:
        assert list(visitors.map(visit, range(20))) == [(("mine", n), 10_000 + n) for n in range(20)]


def test_a_hundred_who_wait_are_answered_in_batches_and_turns(worker: WorkerInference, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    held = worker.ask("toy", card("a"), Toy("first", gate=str(gate)), visitor="first")
    until(lambda: held.words == "At the gate with first", "the first is being answered")
    asked = [worker.ask("toy", card("a"), Toy(("many", n)), visitor=f"visitor {n // 4}") for n in range(100)]
    assert worker.waiting == 100
    assert asked[99].words == "Waiting: 100 before you"
    gate.touch()
    answers = [one.result(LONG) for one in asked]
    assert [answer.value for answer in answers] == [("many", n) for n in range(100)]
    assert {len(answer.together) for answer in answers} == {8, 4}
    first = answers[0].together
    assert len({number // 4 for _, number in first}) == 8, "eight visitors' firsts go first"


def test_the_lanes_do_not_wait_for_each_other(worker: WorkerInference, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    slow = worker.ask("slow", None, Toy("slow", gate=str(gate)))
    until(lambda: slow.words == "At the gate with slow", "the slow one is being answered")
    quick = worker.ask("toy", None, Toy("quick")).result(LONG)
    assert not slow.done()
    gate.touch()
    answer = slow.result(LONG)
    assert (quick.lane, answer.lane, quick.pid) == ("quick", "slow", answer.pid)


@pytest.mark.parametrize(("task", "lane"), [("film", "film"), ("table", "texts")])
def test_a_clip_goes_on_beside_the_others_gives_way_and_is_stopped(
    worker: WorkerInference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str, lane: str
) -> None:
    gate, quick = tmp_path / "gate", tmp_path / "quick"
    clip = worker.ask(task, None, Toy("clip", gate=str(gate)))
    until(lambda: clip.words.startswith("Frame"), "the clip is under way")
    held = worker.ask("toy", None, Toy("beside it", gate=str(quick)), visitor="bob")
    until(lambda: held.words, "a picture is being answered")
    until(lambda: clip.words == (time.sleep(0.05), clip.words)[1], "the clip waits for it")
    assert not held.done()
    quick.touch()
    assert held.result(LONG).lane == "quick"
    clip.stop()
    until((tmp_path / "gate.ended").exists, "the clip has ended")
    gate.touch()
    assert worker.ask(task, None, Toy("clip", gate=str(gate))).result(LONG) == (lane, True)


def test_a_question_with_a_defect_costs_its_company_nothing(worker: WorkerInference, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    held = worker.ask("toy", card("a"), Toy("hold", gate=str(gate)), visitor="first")
    until(lambda: held.words, "the lane is taken")
    troubles = ["", "raise", "", "words", "unpicklable"]
    asked = [worker.ask("toy", card("a"), Toy((n, tmp_path.name), t), visitor=str(n)) for n, t in enumerate(troubles)]
    gate.touch()
    assert [type(one.exception(LONG)) for one in asked] == [
        type(None), PlaygroundError, type(None), InputError, PlaygroundError,
    ]  # fmt: skip


def test_a_crash_costs_those_it_was_answering_and_nobody_else(worker: WorkerInference, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    before = worker.ask("toy", None, Toy("before a crash")).result(LONG)
    poison = worker.ask("toy", card("a"), Toy("poison", "exit", gate=str(gate)), visitor="first")
    until(lambda: poison.words, "the poison is being answered")
    waiting = [worker.ask("toy", card("a"), Toy(("after a crash", n)), visitor=str(n)) for n in range(5)]
    gate.touch()
    with pytest.raises(WorkerLost, match=r"ended unexpectedly \(reference [0-9a-f]{8}\)\. Try again in a minute\."):
        poison.result(LONG)
    after = [one.result(LONG) for one in waiting]
    assert {answer.pid for answer in after} != {before.pid}
    again = worker.ask("toy", card("a"), Toy("poison", "exit", gate=str(gate)), visitor="second")
    assert isinstance(again.exception(0), WorkerLost), "it is not tried again so soon"
    assert worker.ask("toy", None, Toy("still there")).result(LONG).pid == after[0].pid


def test_a_killed_worker_says_that_it_starts_and_holds_no_model(worker: WorkerInference) -> None:
    worker.ask("toy", card("kept"), Toy("to load it too")).result(LONG)
    until(lambda: any(one.name == "kept" for one in worker.standing()), "the model stands")
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: not worker.ready, "its end is noticed")
    assert worker.standing() == ()
    assert worker.ask("toy", None, Toy("after the kill")).result(LONG).value == "after the kill"


def test_what_a_library_prints_does_not_reach_the_wire(worker: WorkerInference) -> None:
    assert worker.ask("toy", None, Toy("printed")).result(LONG).value == "printed"


def test_a_call_that_hangs_is_ended_in_words_and_its_company_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "GRACE_SECONDS", 0.1)
    one = made(tmp_path)
    try:
        gate = tmp_path / "gate"
        company = one.ask("toy", None, Toy("company", gate=str(gate)))
        hanging = one.ask("hasty", None, Toy("hanging", "hang"), visitor="bob")
        with pytest.raises(TimeLimit, match="took longer than 0 seconds and was ended"):
            hanging.result(LONG)
        gate.touch()
        assert company.result(LONG).value == "company"
    finally:
        one.stop()


def test_a_worker_that_takes_too_much_memory_is_ended_in_words(tmp_path: Path) -> None:
    one = made(tmp_path, inference_megabytes=300)
    try:
        with pytest.raises(WorkerLost, match="needed more than 300 MB of memory"):
            one.ask("slow", None, Toy("hog", "hog")).result(LONG)
        assert one.ask("toy", None, Toy("after the hog")).result(LONG).value == "after the hog"
    finally:
        one.stop()


def test_waiting_ends_in_words(worker: WorkerInference, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    held = worker.ask("slow", None, Toy("holds the lane", gate=str(gate)))
    until(lambda: held.words, "the lane is taken")
    with pytest.raises(TimeLimit, match="within 0.01 seconds"):
        worker.ask("slow", None, Toy("hurried"), visitor="bob", seconds=0.01).result(LONG)
    gate.touch()
    held.result(LONG)


def test_what_cannot_be_prepared_is_in_the_log_and_questions_fail_with_a_reference(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = WorkerInference(Settings(), tmp_path, tasks=TASKS, desk=f"{HERE}:NoDesk", warm=(), later=(), path=[toy.ROOT])
    try:
        with pytest.raises(PlaygroundError, match="reference"):
            one.ask("toy", card("a"), Toy(1)).result(LONG)
        assert "NoDesk" in caplog.text
    finally:
        one.stop()


def test_nothing_starts_before_it_is_asked_and_nothing_is_left_after(tmp_path: Path) -> None:
    one = made(tmp_path)
    assert one.pid is None
    assert not one.ready
    one.evict("nothing")
    one.start()
    one.start()
    until(lambda: one.ready, "it is ready without a question")
    pid = one.pid
    held = one.ask("slow", None, Toy("held", gate=str(tmp_path / "never")))
    until(lambda: held.words, "it is being answered")
    one.stop()
    with pytest.raises(WorkerLost, match="shutting down"):
        held.result(0)
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(WorkerLost, match="shutting down"):
        one.ask("toy", None, Toy("late")).result(0)
    one.start()
    assert one.pid is None


def test_the_worker_ends_when_its_parent_does(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "playground.jobs.inference_worker"]
    with subprocess.Popen(
        [*command, f"--desk={HERE}:ToyDesk", f"--task=slow={HERE}:answer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(1, [toy.ROOT]),
        cwd="/",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert m.read(process.stdout) == m.Hello(process.pid)
        m.write(process.stdin, i.Begin(Settings(), tmp_path))
        assert m.read(process.stdout) == i.Begun()
        process.send_signal(signal.SIGINT)  # Ctrl-C is the server's business
        m.write(process.stdin, i.Batch(1, "slow", "slow", None, (Toy("hanging", "hang"),)))
        assert m.read(process.stdout) == i.Said(1, "")
        process.stdin.close()
        assert process.wait(20) == 0
