"""Places, the queue, quotas, who is gone and what comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground.core.errors import InputError, PlaygroundError, QueueFull, QuotaReached, RunNotFound
from playground.core.events import Dissect, Edit
from playground.core.settings import Settings
from playground.jobs import keeper, names
from playground.jobs import messages as m
from playground.jobs.executors import Inline
from playground.jobs.held import edit_of
from playground.jobs.job import Job
from playground.jobs.manager import READY_PER_VISITOR, Manager
from playground.jobs.pool import Pool
from playground.jobs.shelf import Shelf
from playground.store.runs import RunStore
from tests.unit.jobs import toy
from tests.unit.jobs.conftest import made_pool, until
from tests.unit.jobs.toy import ToySpec, header

Make = Callable[..., Manager]


@pytest.fixture
def make(pool: Pool) -> Iterator[Make]:
    """Managers on the file's pool, with short patience; ended after the test, the pool kept."""
    made: list[Manager] = []

    def manager(store: Any = None, find_data: Any = None, **settings: Any) -> Manager:
        values = {"grace_seconds": 0.2, "unwatched_seconds": 0.2, **settings}
        one = Manager(Settings(**values), store, pool, specs=toy.SPECS, find_data=find_data)
        one.start()
        made.append(one)
        return one

    yield manager
    for one in made:
        one._keeper.stop()


def run(
    manager: Manager, visitor: str = "ada", spec: ToySpec | None = None, *, claim: bool = True, **values: Any
) -> Job:
    """A run on a page of its visitor's."""
    spec = spec or ToySpec()
    job = manager.create(visitor, "toy", spec, toy.first_frames(spec), **values)
    if claim:
        manager.claim(job.id, "tab")
    return job


def test_a_new_run_is_ready_has_a_picture_and_holds_no_place(make: Make) -> None:
    manager = make()
    job = run(manager)
    assert (job.status, header(job.tick)["status"]) == ("ready", "ready")
    assert manager.health() == {"device": "", "training": 0, "places_taken": 0, "places": 24, "waiting": 0}
    assert manager.get(job.id, "ada") is job


def test_commands_reach_the_run(make: Make) -> None:
    manager = make()
    job = run(manager)
    manager.watching(job.id, +1)
    manager.command(job.id, "ada", "step")
    assert job.wait(lambda s: s.step == 1).status == "paused"
    manager.command(job.id, "ada", "epoch")
    assert job.wait(lambda s: s.epoch == 1 and s.status == "paused").step == 5
    manager.command(job.id, "ada", "look", {"cmd": "look", "focus": [0, 1]})
    manager.command(job.id, "ada", "speed", {"cmd": "speed", "value": 500})
    manager.change(job.id, "ada", {"lr": 2.0})
    manager.command(job.id, "ada", "play", {"cmd": "play"})
    job.wait(lambda s: s.epoch >= 2)
    manager.command(job.id, "ada", "pause")
    now = job.wait(lambda s: s.status == "paused")
    assert (now.speed, job.spec) == (500.0, ToySpec(lr=2.0))
    job.want()
    until(lambda: header(job.tick)["step"] == now.step, "the picture follows")
    assert header(job.tick)["view"] == {"focus": [0, 1]}
    assert header(job.tick)["total"] == 5 + 2 * (now.step - 5)
    manager.command(job.id, "ada", "reset")
    assert (job.at, job.status) == ((0, 0), "ready")
    manager.respec(job.id, "ada", ToySpec(batches=3), toy.first_frames(ToySpec(batches=3)))
    manager.command(job.id, "ada", "epoch")
    assert job.wait(lambda s: s.epoch == 1).step == 3


class Slow(Inline):
    """Takes its time to carry out what the computation is told."""

    def tell(self, job: Job, request: m.Request) -> None:
        if isinstance(request, m.Tell):
            self.told = [*getattr(self, "told", []), request.command]
        else:
            super().tell(job, request)


def test_one_answer_to_what_the_next_step_does_serves_all_who_ask_meanwhile() -> None:
    pool = Slow(toy.COMPUTATIONS)
    manager = Manager(Settings(), None, pool, specs=toy.SPECS)
    job = run(manager)

    def ask(*commands: str) -> int:
        """How many questions have reached the worker after these."""
        for cmd in commands:
            manager.command(job.id, "ada", cmd)
        return len([one for one in pool.told if isinstance(one, Dissect)])

    assert ask(*["inside"] * 2000) == 1
    job.receive(m.Inside(job.id, job.turn, "answered"))
    assert ask("inside", "inside") == 2
    assert ask("step", "inside", "inside") == 3, "after a step it is another question"
    manager.change(job.id, "ada", {"lr": 2.0})
    assert ask("inside", "inside") == 4
    assert ask("reset", "inside", "inside") == 5, "what was asked of an earlier turn is never answered"


@pytest.mark.parametrize(
    ("cmd", "value"),
    [("speed", {"value": -1}), ("speed", {"value": "fast"}), ("speed", {"value": float("nan")}), ("speed", None),
     ("look", {"anything": 1}), ("look", None), ("look", "up")],
)  # fmt: skip
def test_what_a_browser_makes_up_is_refused(make: Make, cmd: str, value: Any) -> None:
    manager = make()
    job = run(manager)
    with pytest.raises(InputError, match="give"):
        manager.command(job.id, "ada", cmd, value)


def test_an_unknown_command_is_refused(make: Make) -> None:
    manager = make()
    job = run(manager)
    with pytest.raises(PlaygroundError, match="knows no command 'change'"):
        manager.command(job.id, "ada", "change", {"lr": 99})


def test_nobody_reaches_another_visitors_run(make: Make) -> None:
    manager = make()
    job = run(manager)
    for reach in (
        lambda: manager.get(job.id, "eve"),
        lambda: manager.open(job.id, "eve"),
        lambda: manager.command(job.id, "eve", "play"),
        lambda: manager.change(job.id, "eve", {"lr": 2.0}),
        lambda: manager.respec(job.id, "eve", ToySpec()),
        lambda: manager.delete(job.id, "eve"),
        lambda: manager.get("guessed", "ada"),
    ):
        with pytest.raises(RunNotFound):
            reach()
    assert [manager.jobs("ada"), manager.jobs("eve")] == [[job], []]


def test_runs_that_find_no_place_wait_in_line(make: Make) -> None:
    manager = make(runs_at_once=1, queue_length=2)
    first, second, third, fourth = (run(manager, visitor) for visitor in ("a", "b", "c", "d"))
    for job in (first, second, third):
        manager.command(job.id, job.visitor, "play")
    assert [job.snapshot().position for job in (first, second, third)] == [None, 1, 2]
    assert header(third.tick)["message"] == "All 1 places are training. You are number 2 in the queue."
    with pytest.raises(QueueFull, match="2 runs wait already"):
        manager.command(fourth.id, "d", "play")
    assert "Try again" in header(fourth.tick)["message"]
    manager.command(second.id, "b", "pause")
    assert (second.status, third.snapshot().message) == ("ready", "All 1 places are training. You are next.")
    manager.delete(first.id, "a")
    third.wait(lambda s: s.status == "playing" and s.step > 0)


def test_heavy_runs_have_fewer_places_and_hold_up_no_others(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "HEAVY", frozenset({"slow"}))
    manager = make(runs_at_once=3, heavy_runs_at_once=1)
    heavy = [manager.create(visitor, "slow", ToySpec(), toy.first_frames(ToySpec())) for visitor in ("a", "b")]
    light = run(manager, "c")
    for job in (*heavy, light):
        manager.claim(job.id, "tab")
        manager.command(job.id, job.visitor, "play")
    assert heavy[1].snapshot().message == "All 1 places are training. You are next."
    assert [job.carried for job in (*heavy, light)] == [True, False, True]
    manager.delete(heavy[0].id, "a")
    heavy[1].wait(lambda s: s.status == "playing" and s.step > 0)


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    made: list[Any] = []
    for _ in range(depth):
        made = [made]
    return made


def test_a_visitor_has_a_number_of_runs(make: Make) -> None:
    manager = make(runs_per_visitor=2)
    one, two, three = (run(manager) for _ in range(3))
    manager.command(one.id, "ada", "play")
    manager.command(two.id, "ada", "play")
    one.wait(lambda s: s.step > 0)
    two.wait(lambda s: s.step > 0)
    for watched in (one, two):
        manager.watching(watched.id, +1)
    with pytest.raises(QuotaReached, match="2 at once are allowed"):
        manager.command(three.id, "ada", "play")
    assert "2 at once are allowed" in header(three.tick)["message"]
    manager.command(three.id, "ada", "look", {"focus": None})  # nor does looking or setting a number get a place
    with pytest.raises(QueueFull):
        manager.command(three.id, "ada", "edit", {"layer": 0, "to": 0, "from": None, "value": 1})
    assert not three.carried
    other = run(manager, "ben")
    manager.command(other.id, "ben", "play")
    manager.watching(two.id, -1)  # a run that nobody looks at steps back for the newest wish
    manager.command(three.id, "ada", "play")
    three.wait(lambda s: s.step > 0)
    two.wait(lambda s: s.status == "stored")
    assert one.status == "playing"


def test_pressing_play_again_buys_no_time(make: Make) -> None:
    manager = make(run_seconds=1)
    job = run(manager)
    manager.watching(job.id, +1)
    manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.step > 0)
    deadline = time.monotonic() + 20
    while job.status == "playing" and time.monotonic() < deadline:
        manager.command(job.id, "ada", "play")
        time.sleep(0.05)
    assert "time limit" in job.snapshot().message


@pytest.mark.parametrize(
    "view",
    [
        {"axes": nested(900)},
        {"axes": [0, 1e400]},
        {"axes": [0, 1, 2]},
        {"axes": [0, True]},
        {"held": "median"},
        {"held": 10**12},
        {"focus": {"a": 1}},
        {"focus": [0, "1"]},
        {},
    ],
)
def test_only_flat_views_are_taken(make: Make, view: dict[str, Any]) -> None:
    manager = make()
    job = run(manager)
    with pytest.raises(InputError, match="no way to look"):
        manager.command(job.id, "ada", "look", view)
    assert job.view == {}


def test_only_the_newest_of_those_never_played_are_kept(make: Make) -> None:
    manager = make()
    jobs = [run(manager, claim=False) for _ in range(READY_PER_VISITOR + 3)]
    assert manager.jobs("ada") == jobs[3:]


def test_who_leaves_is_stored_the_place_goes_on_and_the_run_comes_back(make: Make, tmp_path: Any) -> None:
    manager = make(RunStore(tmp_path / "runs.sqlite"), runs_at_once=1)
    job, other = run(manager), run(manager, "ben")
    manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.epoch >= 2)
    manager.command(other.id, "ben", "play")
    assert other.status == "queued"
    manager.release(job.id, "tab")
    other.wait(lambda s: s.status == "playing" and s.step > 0)
    assert job.status == "stored"
    until(lambda: job.id not in manager.held, "it is in the store alone")
    manager.delete(other.id, "ben")

    again = manager.open(job.id, "ada")
    assert again is not job
    assert again.snapshot() == job.snapshot()
    assert header(again.tick)["status"] == "stored"
    manager.claim(again.id, "tab")
    with pytest.raises(RunNotFound):
        manager.open(job.id, "eve")
    manager.command(again.id, "ada", "step")
    assert again.wait(lambda s: s.step > job.at[1]).step == job.at[1] + 1
    manager.command(again.id, "ada", "epoch")
    now = again.wait(lambda s: s.epoch > job.at[0])
    assert now.metrics["total"] == now.step


def test_a_blip_is_no_departure(make: Make) -> None:
    manager = make(grace_seconds=1.0)
    watched, claimed = run(manager), run(manager)
    manager.watching(watched.id, +1)
    for job in (watched, claimed):
        manager.command(job.id, "ada", "play")
        job.wait(lambda s: s.step > 0)
    left = time.monotonic()
    manager.watching(watched.id, -1)
    for job in (watched, claimed):
        manager.release(job.id, "tab")
    manager.watching(watched.id, +1)  # the canvas connects again
    manager.claim(claimed.id, "tab")  # the page runs again
    until(lambda: time.monotonic() > left + 1.5, "the grace is over")
    assert [watched.status, claimed.status] == ["playing", "playing"]


def test_a_run_whose_visitor_is_on_another_page_goes_on(make: Make) -> None:
    manager = make(grace_seconds=0.1, unwatched_seconds=0.1)
    job = run(manager)
    manager.watching(job.id, +1)
    manager.command(job.id, "ada", "play")
    manager.watching(job.id, -1)
    job.wait(lambda s: s.step > 300)
    assert job.status == "playing"


def test_a_paused_run_nobody_looks_at_leaves_its_place(make: Make) -> None:
    manager = make(grace_seconds=0.2, unwatched_seconds=0.2)
    job, seen = run(manager), run(manager, "ben")
    manager.watching(seen.id, +1)
    manager.command(seen.id, "ben", "step")
    manager.command(job.id, "ada", "step")
    assert job.wait(lambda s: s.status == "stored").step == 1
    assert seen.status == "paused"
    manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.step > 5)


def test_a_watched_run_that_stands_makes_room_for_those_who_wait(make: Make) -> None:
    manager = make(runs_at_once=1)
    job, other = run(manager), run(manager, "ben")
    manager.watching(job.id, +1)
    manager.command(job.id, "ada", "step")
    job.wait(lambda s: s.step == 1)
    manager.command(other.id, "ben", "play")
    other.wait(lambda s: s.step > 0)
    assert (job.status, header(job.tick)["status"]) == ("stored", "stored")


def test_play_while_it_is_being_stored_is_not_lost(make: Make) -> None:
    manager = make()
    job = run(manager)
    manager.command(job.id, "ada", "epoch")
    job.wait(lambda s: s.epoch == 1)
    with manager.lock:
        manager.places.put_away(manager.held[job.id])
        manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.step > 20)


def test_time_is_limited_and_play_gives_more(make: Make) -> None:
    manager = make(run_seconds=0.5)
    job = run(manager)
    manager.watching(job.id, +1)
    manager.command(job.id, "ada", "play")
    now = job.wait(lambda s: s.status == "stored")
    assert "time limit" in now.message
    assert "Press Play to go on" in now.message
    assert header(job.tick)["message"] == now.message
    manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.step > now.step)


def test_a_killed_trainer_is_said_and_the_next_play_works(
    make: Make, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "AUTOSAVE_SECONDS", 0.1)
    manager = make()
    job = run(manager)
    manager.watching(job.id, +1)
    manager.command(job.id, "ada", "play")
    until(lambda: job.state is not None, "it is saved now and then")
    saved = int(toy.json.loads(job.state or b"")["step"])
    os.kill(pool.pids()[0], signal.SIGKILL)
    assert "Press Play to start again from the last saved state" in job.wait(lambda s: s.status == "failed").message
    assert manager.health()["places_taken"] == 0
    manager.command(job.id, "ada", "play")
    now = job.wait(lambda s: s.status == "playing" and s.step > saved)
    assert [epoch for epoch, _ in now.history] == sorted({epoch for epoch, _ in now.history})


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is watched through /proc only")
def test_the_memory_limit_is_kept_by_the_housekeeping() -> None:
    pool = made_pool(run_megabytes=400)
    manager = Manager(Settings(grace_seconds=0.2), None, pool, specs=toy.SPECS)
    manager.start()
    try:
        job = run(manager, spec=ToySpec(trouble="hog", at=1, seconds=0.01))
        manager.command(job.id, "ada", "play")
        assert "more than 400 MB" in job.wait(lambda s: s.status == "failed").message
    finally:
        manager.stop()


def test_stopping_stores_what_runs_and_ends_the_trainers(tmp_path: Any) -> None:
    store, pool = RunStore(tmp_path / "runs.sqlite"), made_pool()
    manager = Manager(Settings(), store, pool, specs=toy.SPECS)
    manager.start()
    job = run(manager)
    manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.epoch >= 1)
    manager.stop()
    assert (pool.pids(), job.status) == ([], "stored")
    (line,) = store.list("ada")
    assert (line.run_id, line.summary["step"]) == (job.id, job.at[1])

    after = Manager(Settings(), store, Inline(toy.COMPUTATIONS), specs=toy.SPECS)
    again = after.open(job.id, "ada")
    after.command(again.id, "ada", "step")
    assert again.at[1] == job.at[1] + 1


def test_a_run_on_an_own_table_finds_it_again(make: Make) -> None:
    store = Shelf()
    manager = make(store)
    job = run(manager, data=[1, 2, 3], upload_id="table-1")
    manager.command(job.id, "ada", "epoch")
    job.wait(lambda s: s.epoch == 1)
    manager.release(job.id, "tab")
    until(lambda: job.id not in manager.held, "it is in the store alone")

    found = make(store, find_data=lambda upload, visitor, spec: [upload, visitor, spec.batches])
    assert found.open(job.id, "ada").data == ["table-1", "ada", 5]
    with pytest.raises(RunNotFound, match="upload it"):
        manager.open(job.id, "ada")


def test_a_store_that_fails_costs_no_run(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    class Full(Shelf):
        def save(self, *values: Any) -> None:
            raise OSError("no space left on device")

    manager = make(Full())
    job = run(manager)
    manager.command(job.id, "ada", "epoch")
    job.wait(lambda s: s.epoch == 1)
    manager.release(job.id, "tab")
    until(lambda: "no space left" in caplog.text, "the log tells")
    assert manager.open(job.id, "ada") is job
    manager.claim(job.id, "tab")
    manager.command(job.id, "ada", "step")
    job.wait(lambda s: s.step == 6)


def test_a_manager_works_inline_too() -> None:
    manager = Manager(Settings(), None, Inline(toy.COMPUTATIONS), specs=toy.SPECS)
    job = run(manager)
    manager.command(job.id, "ada", "epoch")
    assert job.at == (1, 5)
    job.want()
    assert header(job.tick)["step"] == 5
    manager.places.put_away(manager.held[job.id])
    assert job.status == "stored"
    manager.command(job.id, "ada", "step")
    assert job.at == (1, 6)
    manager.stop()


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"layer": 0, "to": 0, "from": 0},
        {"layer": 0, "to": 0, "from": 0, "value": "1"},
        {"layer": True, "to": 0, "from": 0, "value": 1},
        {"layer": 0, "to": [0], "from": 0, "value": 1},
        {"layer": 0, "to": 0, "from": 0.5, "value": 1},
        "edit",
        None,
    ],
)
def test_a_malformed_edit_is_refused_before_it_reaches_a_worker(message: object) -> None:
    with pytest.raises(InputError, match="names no weight"):
        edit_of(message)


def test_a_well_formed_edit_is_read() -> None:
    assert edit_of({"cmd": "edit", "layer": 1, "to": 0, "from": 2, "value": 1}) == Edit(1, 0, 2, 1.0)
    assert edit_of({"cmd": "edit", "layer": 1, "to": 0, "from": None, "value": -0.5}) == Edit(1, 0, None, -0.5)


def test_a_trainer_that_no_longer_answers_is_ended_and_its_place_is_free(
    make: Make, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "ANSWER_SECONDS", 0.3)
    manager = make(runs_at_once=1)
    job = run(manager)
    manager.command(job.id, "ada", "play")
    job.wait(lambda s: s.step > 0)
    os.kill(pool.pids()[0], signal.SIGSTOP)
    manager.release(job.id, "tab")
    until(lambda: job.status == "failed", "the run is told")
    assert "no longer answered" in job.snapshot().message
    assert manager.health()["places_taken"] == 0
