"""What the web process keeps of a run: its history, its pictures, and who is told."""

from __future__ import annotations

import io
import logging

import numpy as np
import pytest

from playground.core import frames
from playground.jobs import messages as m
from playground.jobs.executors import Inline
from playground.jobs.job import Job
from playground.jobs.progress import KEPT, Progress
from playground.jobs.shelf import packed, unpack_into
from playground.jobs.snapshot import retouch
from tests.unit.jobs import toy
from tests.unit.jobs.toy import ToySpec, header


def test_history_keeps_first_and_newest_and_stays_within_its_bound() -> None:
    progress = Progress()
    for epoch in range(1, 12_346):
        progress.add((epoch, {"loss": float(epoch)}))
        if epoch % 997 == 0 or epoch < 5:
            kept = [point[0] for point in progress.history()]
            assert (kept[0], kept[-1]) == (1, epoch)
            assert len(kept) <= KEPT
            assert kept == sorted(set(kept))
    gaps = np.diff([point[0] for point in progress.history()])
    assert gaps[:-1].max() <= 2 * gaps[:-1].min()
    assert len(progress.history()) > KEPT / 3


def test_what_came_after_a_rewind_did_not_happen() -> None:
    progress = Progress()
    for epoch in range(1, 11):
        progress.add((epoch, {"loss": float(epoch)}))
    progress.rewind(4, 20)
    progress.add((5, {"loss": 0.5}))
    assert [point[0] for point in progress.history()] == [1, 2, 3, 4, 5]
    progress.rewind(0, 0)
    assert (progress.history(), progress.metrics) == ((), {})


def test_retouching_changes_words_and_leaves_the_picture() -> None:
    before = frames.pack("toy.tick", {"status": "ready", "step": 3}, {"a": np.arange(7, dtype=np.uint8)})
    changed, blocks = frames.unpack(retouch(before, status="queued", position=2))
    assert (changed["kind"], changed["status"], changed["position"], changed["step"]) == ("toy.tick", "queued", 2, 3)
    assert blocks["a"].tolist() == list(range(7))


def test_a_resting_run_says_so_in_its_picture() -> None:
    job = Job("toy", ToySpec(), first_frames=toy.first_frames(ToySpec()))
    first = job.serial
    job.rest("queued", "You are next.", 1)
    shown = header(job.tick)
    assert (shown["status"], shown["message"], shown["position"]) == ("queued", "You are next.", 1)
    assert job.serial == first + 1


def test_what_is_still_under_way_from_an_earlier_turn_is_dropped() -> None:
    job = Inline(toy.COMPUTATIONS).submit("toy", ToySpec())
    job.again()
    job.receive(m.Update(job.id, job.turn - 1, "playing", 9, 99, {}, (), 0.0))
    assert job.at == (0, 0)
    job.receive(m.Update(job.id, job.turn, "playing", 9, 99, {}, (), 0.0))
    assert job.at == (9, 99)


def test_subscribers_are_told_until_they_leave(caplog: pytest.LogCaptureFixture) -> None:
    job = Job("toy", ToySpec())
    heard = []

    def broken() -> None:
        raise RuntimeError("this viewer is broken")

    job.subscribe(broken)
    leave = job.subscribe(lambda: heard.append(job.status))
    with caplog.at_level(logging.ERROR):
        job.rest("queued", "", 1)
    leave()
    job.rest("ready")
    assert heard == ["queued"]
    assert "this viewer is broken" in caplog.text


def test_a_run_comes_back_from_its_bytes() -> None:
    spec = ToySpec()
    job = Inline(toy.COMPUTATIONS).submit("toy", spec, first_frames=toy.first_frames(spec))
    job.want()
    job.advance("epoch")
    job.advance("epoch")
    job.speed(7.0)
    job.save(close=True)
    other = Job("toy", spec, id=job.id)
    unpack_into(other, packed(job))
    before, after = job.snapshot(), other.snapshot()
    assert after == before
    assert (after.status, after.step, after.speed) == ("stored", 10, 7.0)
    assert (other.state, other.first, other.scene) == (job.state, job.first, job.scene)
    assert header(other.tick) == header(job.tick)


def test_messages_survive_the_wire_and_a_cut_one_is_none() -> None:
    pipe = io.BytesIO()
    start = m.Start("a", 1, "toy", ToySpec(batches=3), b"state", np.arange(3))
    m.write(pipe, start)
    whole = pipe.getvalue()
    again = m.read(io.BytesIO(whole))
    assert (again.spec, again.state, again.data.tolist()) == (start.spec, b"state", [0, 1, 2])
    for cut in (0, 2, 4, len(whole) - 1):
        assert m.read(io.BytesIO(whole[:cut])) is None
