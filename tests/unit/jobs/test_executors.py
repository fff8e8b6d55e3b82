"""One contract for every place to run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from playground.core.errors import UnknownName
from playground.core.events import Change, Dissect, Dissected, Look, Restore
from playground.jobs import names
from playground.jobs.executors import Executor, Inline, Process
from tests.unit.jobs import toy
from tests.unit.jobs.conftest import made_pool
from tests.unit.jobs.toy import ToySpec, header


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    made = made_pool()
    yield made
    made.stop()


@pytest.fixture(params=["inline", "process"])
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "inline":
        return Inline(toy.COMPUTATIONS)
    made: Process = request.getfixturevalue("process")
    return made


def test_a_submitted_run_stands_at_its_beginning(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    now = job.wait(lambda s: s.device == "toy")
    assert (now.status, now.epoch, now.step, now.history) == ("ready", 0, 0, ())


def test_a_step_is_one_step_and_an_epoch_ends_with_its_metrics(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.advance("step")
    assert job.wait(lambda s: s.step == 1).status == "paused"
    job.advance("epoch")
    now = job.wait(lambda s: s.epoch == 1)
    assert (now.status, now.step, now.metrics) == ("paused", 5, {"total": 5.0})
    job.advance("epoch")
    assert job.wait(lambda s: s.epoch == 2).history == ((1, {"total": 5.0}), (2, {"total": 10.0}))


def test_play_goes_on_until_pause(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.play()
    assert job.wait(lambda s: s.epoch >= 3).status == "playing"
    job.pause()
    stands = job.wait(lambda s: s.status == "paused").step
    job.advance("step")
    assert job.wait(lambda s: s.step > stands).step == stands + 1


def test_step_pauses_a_run_that_plays(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.play()
    job.wait(lambda s: s.step > 3)
    job.advance("step")
    assert job.wait(lambda s: s.status == "paused").step > 3


def test_it_is_done_when_done_and_goes_on_when_given_more(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec(epochs=3))
    job.play()
    now = job.wait(lambda s: s.status == "done")
    assert (now.epoch, now.metrics["total"], len(now.history)) == (3, 15.0, 3)
    job.play()
    assert job.wait(lambda s: s.status == "done").epoch == 3
    job.send(Change({"epochs": 4}))
    job.play()
    assert job.wait(lambda s: s.epoch == 4 and s.status == "done").metrics["total"] == 20.0
    assert job.spec.epochs == 4


def test_a_change_is_obeyed_at_the_next_step(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.send(Change({"lr": 3.0}))
    job.advance("epoch")
    assert job.wait(lambda s: s.epoch == 1).metrics["total"] == 15.0


def test_reset_goes_back_to_the_same_beginning(executor: Executor) -> None:
    spec = ToySpec()
    job = executor.submit("toy", spec, first_frames=toy.first_frames(spec))
    job.advance("epoch")
    job.wait(lambda s: s.epoch == 1)
    job.again()
    assert job.snapshot().step == 0
    assert job.snapshot().history == ()
    assert header(job.tick)["step"] == 0
    job.advance("epoch")
    assert job.wait(lambda s: s.epoch == 1).metrics["total"] == 5.0


def test_another_experiment_under_the_same_name(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.advance("epoch")
    job.wait(lambda s: s.epoch == 1)
    before = job.id
    job.again(ToySpec(batches=2, lr=0.5), toy.first_frames(ToySpec(batches=2)))
    job.advance("epoch")
    now = job.wait(lambda s: s.epoch == 1)
    assert (now.id, now.step, now.metrics["total"]) == (before, 2, 1.0)
    assert header(job.scene)["batches"] == 2


def test_a_frame_comes_when_it_is_wished(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec(), data=[1, 2])
    job.send(Look({"focus": [0, 1]}))
    job.advance("step")
    job.wait(lambda s: s.step == 1)
    assert job.tick is None
    job.want(scene=True)
    job.wait(lambda _: job.tick is not None)
    shown = header(job.tick)
    assert (shown["step"], shown["status"], shown["view"], shown["data"]) == (1, "paused", {"focus": [0, 1]}, [1, 2])
    assert header(job.scene)["kind"] == "toy.scene"


def test_the_next_step_is_told_without_being_done(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec(lr=2.0))
    assert (job.inside, job.insides) == (None, 0)
    job.send(Dissect())
    job.wait(lambda _: job.insides == 1)
    assert isinstance(job.inside, Dissected)
    assert (job.inside.step, job.inside.weights[0].tolist(), job.snapshot().step) == (0, [[0.0]], 0)
    job.advance("epoch")  # what is asked while a step or an epoch is being done is answered after it
    job.send(Dissect())
    job.wait(lambda _: job.insides == 2)
    assert isinstance(job.inside, Dissected)
    assert (job.inside.step, job.inside.weights[0].tolist()) == (5, [[10.0]])
    assert job.wait(lambda s: s.epoch == 1).step == 5
    job.play()
    job.send(Dissect())
    job.wait(lambda _: job.insides == 3)
    job.again()
    assert job.inside is None


def test_where_there_is_no_next_step_it_is_said(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec(trouble="diverge", at=2))
    job.play()
    job.wait(lambda s: s.status == "diverged")
    job.send(Dissect())
    job.wait(lambda _: job.insides == 1)
    assert job.inside == "There is no next step."


def test_a_question_that_belongs_to_no_run_is_answered(executor: Executor) -> None:
    one, two = np.ones((1, 1)), np.full((1, 1), 2.0)
    answer = executor.compute("autograd", ([two], [one[0]], two, one, "identity", "mse")).result(60)
    (slope,), (of_bias,) = answer.value  # z = 2 * 2 + 1, loss (z - 1)², slopes 8 * 2 and 8
    assert (slope.tolist(), of_bias.tolist()) == ([[16.0]], [8.0])
    words = executor.compute("autograd", ([two], [one[0]], two, one, "identity", "focal")).result(60)
    assert (words.value, words.trace) == (None, "") and "nothing in torch" in words.words
    broken = executor.compute("autograd", ([two], [one[0]], two, "one", "identity", "mse")).result(60)
    assert (broken.value, broken.words) == (None, "") and "Traceback" in broken.trace


def test_a_saved_state_goes_on_elsewhere(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.advance("epoch")
    job.wait(lambda s: s.epoch == 1)
    job.save(close=True)
    now = job.wait(lambda s: s.status == "stored")
    assert now.step == 5
    other = executor.submit("toy", ToySpec(), state=job.state)
    assert other.wait(lambda s: s.device == "toy").step == 5
    other.advance("epoch")
    assert other.wait(lambda s: s.epoch == 2).metrics["total"] == 10.0


def test_divergence_stands_until_restored(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec(trouble="diverge", at=12))
    job.play()
    now = job.wait(lambda s: s.status == "diverged")
    assert (now.step, now.message) == (12, "The toy went astray.")
    job.play()
    job.send(Restore())
    now = job.wait(lambda s: s.status == "paused")
    assert (now.epoch, now.step, now.message, now.history) == (1, 5, "", ((1, {"total": 5.0}),))
    job.send(Change({"at": 10**9}))
    job.play()
    job.wait(lambda s: s.epoch >= 4)


def test_words_for_people_reach_people(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec(trouble="words"), first_frames=toy.first_frames(ToySpec()))
    job.play()
    now = job.wait(lambda s: s.status == "failed")
    assert now.message == "The toy is out of numbers; give it more. Press Play to start again from the beginning."
    assert header(job.tick)["message"] == now.message
    assert header(job.tick)["status"] == "failed"


def test_a_defect_costs_its_run_and_leaves_a_reference(executor: Executor, caplog: pytest.LogCaptureFixture) -> None:
    well = executor.submit("toy", ToySpec())
    job = executor.submit("toy", ToySpec(trouble="raise"))
    job.play()
    words = job.wait(lambda s: s.status == "failed").message
    reference = words.split("reference ")[1].split(")")[0]
    assert len(reference) == 8
    assert f"reference {reference}" in caplog.text
    assert "ZeroDivisionError: the toy broke" in caplog.text
    well.advance("epoch")
    assert well.wait(lambda s: s.epoch == 1).status == "paused"
    job.again(ToySpec())
    job.advance("epoch")
    assert job.wait(lambda s: s.epoch == 1).message == ""


def test_a_module_that_cannot_be_imported_costs_its_run(executor: Executor) -> None:
    job = executor.submit("missing", ToySpec())
    assert "reference" in job.wait(lambda s: s.status == "failed").message


def test_a_cancelled_run_is_no_longer_carried(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    job.play()
    job.cancel()
    assert (job.carried, job.status) == (False, "ready")


def test_only_known_kinds_run() -> None:
    with pytest.raises(UnknownName, match="Unknown kind of run 'toy'"):
        names.computation("toy")(ToySpec())


def test_waiting_ends_at_its_deadline(executor: Executor) -> None:
    job = executor.submit("toy", ToySpec())
    with pytest.raises(TimeoutError, match="still ready"):
        job.wait(lambda s: s.step == 1, seconds=0.05)
