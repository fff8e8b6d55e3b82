"""Trainer processes: many runs in one, and what happens when one dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from playground.core.settings import Settings
from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.pool import Pool
from playground.jobs.process import environment
from tests.unit.jobs import toy
from tests.unit.jobs.conftest import made_pool, until
from tests.unit.jobs.toy import ToySpec, header, viewer


def test_twenty_runs_advance_together(pool: Pool) -> None:
    jobs = [pool.submit("toy", ToySpec(), visitor=str(number)) for number in range(20)]
    for job in jobs:
        job.play()
    until(lambda: min(job.at[1] for job in jobs) > 0, "every run has begun")
    begun = [job.at[1] for job in jobs]

    def done() -> list[int]:
        return sorted(job.at[1] - at for job, at in zip(jobs, begun, strict=True))

    until(lambda: done()[0] >= 40, "every run does 40 more steps")
    assert done()[-1] <= 4 * done()[0], "none runs away from the others"
    for job in jobs:
        job.cancel()


def test_heavy_runs_leave_the_first_trainer_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "HEAVY", frozenset({"slow"}))
    pool = made_pool(workers=3)
    try:
        heavy = [pool.submit("slow", ToySpec()) for _ in range(4)]
        light = [pool.submit("toy", ToySpec()) for _ in range(2)]
        trainers = [pool._jobs[job.id][1].number for job in (*heavy, *light)]
        assert sorted(trainers[:4]) == [1, 1, 2, 2]
        assert trainers[4:] == [0, 0]
    finally:
        pool.stop()


def test_no_wish_no_frame_and_never_two_within_50_ms(pool: Pool) -> None:
    job = pool.submit("toy", ToySpec())
    job.play()
    job.wait(lambda s: s.step > 100)
    assert job.serial == 0
    with viewer(job) as seen:
        until(lambda: len(seen) >= 10, "ten frames come")
    # The first may arrive late, but each next one is wished only then (to the millisecond: test_run.py).
    assert seen[-1][0] - seen[0][0] >= 0.025 * (len(seen) - 1)
    count = job.serial
    at = job.at[1]
    job.wait(lambda s: s.step > at + 100)
    assert job.serial <= count + 1, "one that was wished before the viewer left, at most"
    job.cancel()


def test_what_libraries_print_does_not_reach_the_wire(pool: Pool) -> None:
    job = pool.submit("toy", ToySpec(trouble="prints", at=1))
    job.advance("epoch")
    assert job.wait(lambda s: s.epoch == 1).status == "paused"


def test_a_killed_trainer_costs_its_runs_and_comes_back(pool: Pool) -> None:
    spec = ToySpec()
    job = pool.submit("toy", spec, first_frames=toy.first_frames(spec))
    job.play()
    job.wait(lambda s: s.epoch >= 2)
    job.save()
    until(lambda: job.state is not None, "the state arrives")
    saved = int(toy.json.loads(job.state or b"")["step"])
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGKILL)
    now = job.wait(lambda s: s.status == "failed")
    assert "ended unexpectedly (reference " in now.message
    assert now.message.endswith("Press Play to start again from the last saved state.")
    assert header(job.tick)["status"] == "failed"
    job.play()
    now = job.wait(lambda s: s.status == "playing" and s.step > saved)
    assert now.message == ""
    assert pool.pids() != [pid]
    job.cancel()


def test_what_waits_in_a_dead_trainer_is_told_too(pool: Pool) -> None:
    job = pool.submit("toy", ToySpec())
    job.wait(lambda s: s.device == "toy")
    os.kill(pool.pids()[0], signal.SIGKILL)
    assert "from the beginning" in job.wait(lambda s: s.status == "failed").message
    job.advance("epoch")
    job.wait(lambda s: s.epoch == 1)


def test_runs_go_to_the_least_loaded_trainer_and_end_with_the_pool() -> None:
    pool = made_pool(workers=2)
    pool.start()
    until(lambda: len(pool.pids()) == 2 and all(trainer.up for trainer in pool._trainers), "both are up")
    jobs = [pool.submit("toy", ToySpec()) for _ in range(4)]
    for job in jobs:
        job.play()
    until(lambda: min(job.at[1] for job in jobs) > 0, "all play")
    assert sorted(trainer.number for _, trainer in pool._jobs.values()) == [0, 0, 1, 1]
    pids = pool.pids()
    pool.stop()
    assert pool.pids() == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_trainer_ends_when_its_parent_does() -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "playground.jobs.worker", "--computation=toy=tests.unit.jobs.toy:count"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(1, [toy.ROOT]),
        cwd="/",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert m.read(process.stdout) == m.Hello(process.pid)
        m.write(process.stdin, m.Start("a", 1, "toy", ToySpec()))
        m.write(process.stdin, m.Play("a", 1))
        assert isinstance(m.read(process.stdout), m.Opened)
        process.send_signal(signal.SIGINT)  # Ctrl-C is the server's business
        assert isinstance(m.read(process.stdout), m.Update)
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_trainer_is_given_few_threads_and_finds_the_package() -> None:
    made = environment(3, [])
    assert made["OMP_NUM_THREADS"] == "3"
    assert made["OMP_WAIT_POLICY"] == os.environ.get("OMP_WAIT_POLICY", "PASSIVE")
    assert str(toy.ROOT) in made["PYTHONPATH"].split(os.pathsep)


def test_nothing_starts_before_it_is_told() -> None:
    pool = Pool(Settings(workers=2))
    assert pool.pids() == []
    pool.stop()
