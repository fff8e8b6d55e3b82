"""The controls of one run, with a clock of the test's own."""

from __future__ import annotations

from typing import Any

import pytest

from playground.core.events import Dissect, Started, Stepped
from playground.jobs import messages as m
from playground.jobs.run import Run
from tests.unit.jobs import toy
from tests.unit.jobs.toy import ToySpec, header


class Bench:
    """A run, what it said, and a clock that moves by hand."""

    def __init__(self, spec: ToySpec, **start: Any) -> None:
        self.now, self.said = 100.0, list[m.Answer]()
        self.run = Run(m.Start("a", 1, "toy", spec, **start), toy.count, self.said.append, lambda: self.now)

    def ask(self, request: type, *values: Any) -> None:
        self.run.obey(request("a", 1, *values))

    def tick(self, seconds: float) -> None:
        """Let time go by, in slices of 10 ms."""
        end = self.now + seconds
        while self.now < end:
            self.now += 0.01
            if (due := self.run.due()) is not None and due <= self.now:
                self.run.advance(self.now)
            self.run.give_news()

    def heard(self, kind: type) -> list[Any]:
        return [answer for answer in self.said if isinstance(answer, kind)]


def test_speed_is_steps_a_second() -> None:
    bench = Bench(ToySpec(seconds=0), speed=4.0)
    bench.ask(m.Play)
    bench.tick(5.0)
    assert bench.heard(m.Update)[-1].step == pytest.approx(20, abs=1)
    bench.ask(m.Speed, 50.0)
    bench.tick(1.0)
    assert bench.heard(m.Update)[-1].step == pytest.approx(70, abs=6)  # reports come every 0.1 s
    bench.ask(m.Speed, 0.0)
    assert bench.run.due() == 0.0


def test_a_machine_that_slept_is_no_burst() -> None:
    bench = Bench(ToySpec(seconds=0), speed=10.0)
    bench.ask(m.Play)
    bench.now += 1000
    bench.tick(1.0)
    assert bench.heard(m.Update)[-1].step < 15


def test_frames_only_when_wished_and_20_a_second_at_most() -> None:
    bench = Bench(ToySpec(seconds=0))
    bench.ask(m.Play)
    bench.tick(1.0)
    assert not bench.heard(m.Picture)
    seen = []
    for _ in range(100):
        bench.ask(m.Want)
        bench.tick(0.01)
        seen.append(len(bench.heard(m.Picture)))
    assert 15 <= seen[-1] <= 20


def test_a_frame_shows_something_new_or_does_not_come() -> None:
    bench = Bench(ToySpec(seconds=0))
    bench.ask(m.Want)
    bench.tick(0.5)
    assert len(bench.heard(m.Picture)) == 1
    bench.ask(m.Want)
    bench.tick(0.5)
    assert len(bench.heard(m.Picture)) == 1
    bench.ask(m.Advance, "step")
    bench.run.advance(bench.now)
    bench.tick(0.1)
    pictures = bench.heard(m.Picture)
    assert len(pictures) == 2
    assert (pictures[0].scene is not None, pictures[1].scene) == (True, None)
    assert (header(pictures[1].frame)["step"], header(pictures[1].frame)["status"]) == (1, "paused")
    bench.ask(m.Want, True)
    bench.tick(0.1)
    assert bench.heard(m.Picture)[-1].scene is not None


def test_reports_are_thinned_and_end_with_the_newest() -> None:
    bench = Bench(ToySpec(batches=1, seconds=0))
    bench.ask(m.Play)
    bench.tick(5.0)
    updates = bench.heard(m.Update)
    assert len(updates) <= 52
    assert all(len(update.points) <= 50 for update in updates)
    assert updates[-1].points[-1][0] == updates[-1].epoch


def test_the_rate_is_epochs_a_second() -> None:
    bench = Bench(ToySpec(batches=5, seconds=0), speed=50.0)
    bench.ask(m.Play)
    bench.tick(4.0)
    assert bench.heard(m.Update)[-1].rate == pytest.approx(10, rel=0.2)
    bench.ask(m.Pause)
    bench.tick(0.2)
    assert bench.heard(m.Update)[-1].rate == 0


def test_nothing_is_due_while_nothing_plays() -> None:
    bench = Bench(ToySpec())
    bench.tick(0.2)
    assert (bench.run.due(), bench.run.next_news()) == (None, None)


def test_a_look_into_the_next_step_is_noted_and_granted_five_times_a_second_at_most() -> None:
    bench = Bench(ToySpec(seconds=0))
    for _ in range(2000):
        bench.ask(m.Tell, Dissect())
    assert not bench.heard(m.Inside), "only noted"
    bench.run.give_news()
    assert len(bench.heard(m.Inside)) == 1
    assert bench.run.next_news() is None, "one answer serves them all"
    bench.ask(m.Play)
    for _ in range(100):
        bench.ask(m.Tell, Dissect())
        bench.tick(0.01)
    assert 4 <= len(bench.heard(m.Inside)) <= 6
    steps = [inside.found.step for inside in bench.heard(m.Inside)]
    assert steps == sorted(set(steps))


def test_a_look_waits_for_the_step_under_way_and_is_granted_before_the_end() -> None:
    bench = Bench(ToySpec(seconds=0))
    bench.ask(m.Tell, Dissect())
    bench.ask(m.Advance, "step")
    bench.run.give_news()
    assert not bench.heard(m.Inside)
    bench.run.advance(bench.now)
    bench.run.give_news()
    assert [inside.found.step for inside in bench.heard(m.Inside)] == [1]
    bench.ask(m.Tell, Dissect())
    bench.ask(m.Keep, True)
    assert (len(bench.heard(m.Inside)), bench.run.alive) == (2, False)


def test_closing_runs_what_the_computation_left_to_finally() -> None:
    ended = []

    def computation(*_: Any, **__: Any) -> Any:
        try:
            yield Started("here")
            while True:
                yield Stepped(1, 0)
        finally:
            ended.append(True)

    run = Run(m.Start("a", 1, "toy", ToySpec()), computation, lambda _: None)
    run.obey(m.Close("a", 1))
    assert (ended, run.alive) == ([True], False)


@pytest.mark.parametrize("events", [[], [Stepped(1, 0)], [Started("here")]])
def test_a_computation_that_breaks_its_word_fails(events: list[Any]) -> None:
    said: list[m.Answer] = []

    def computation(*_: Any, **__: Any) -> Any:
        yield from events

    run = Run(m.Start("a", 1, "toy", ToySpec()), computation, said.append)
    run.obey(m.Play("a", 1))
    run.advance(0.0)
    assert isinstance(said[-1], m.Failed)
    assert len(said[-1].reference) == 8
