"""Small questions to a worker: asked once, remembered, few at a time, and never stuck."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from typing import Any

import pytest

from playground.jobs import errands as module
from playground.jobs import messages as m
from playground.jobs.errands import MOST_AT_ONCE, MOST_PER_VISITOR, REMEMBERED, Errands
from tests.unit.jobs.conftest import made_pool, until


class Slow:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Future[m.Computed], tuple[Any, ...]]] = []

    def compute(self, name: str, arguments: tuple[Any, ...]) -> Future[m.Computed]:
        self.asked.append((Future(), arguments))
        return self.asked[-1][0]

    def answer(self, which: int, **values: Any) -> None:
        self.asked[which][0].set_result(m.Computed(which, **values))


def test_a_question_is_asked_once_and_its_answer_is_found_again_by_everybody() -> None:
    slow = Slow()
    errands = Errands(slow)
    assert errands.ask("ada", "autograd", (1,)) is None
    assert errands.ask("ada", "autograd", (1,)) is None
    assert not errands.due("ada")
    slow.answer(0, value="seven")
    assert errands.due("ada")
    assert errands.ask("ada", "autograd", (1,)) == errands.ask("bob", "autograd", (1,)) == "seven"
    assert len(slow.asked) == 1


def test_words_are_answers_and_a_defect_leaves_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    slow = Slow()
    errands = Errands(slow)
    errands.ask("ada", "autograd", (1,))
    errands.ask("ada", "autograd", (2,))
    slow.answer(0, words="Too large.")
    with caplog.at_level(logging.ERROR, "playground"):
        slow.answer(1, trace="Traceback: it broke")
        assert errands.ask("ada", "autograd", (1,)) == "Too large."
        reference = errands.ask("ada", "autograd", (2,)).split("reference ")[1].rstrip(").")
    assert f"reference {reference}" in caplog.text and "it broke" in caplog.text


def test_few_are_under_way_at_a_time() -> None:
    slow = Slow()
    errands = Errands(slow)
    for number in range(MOST_PER_VISITOR + 3):
        assert errands.ask("ada", "autograd", (number,)) is None
    assert len(slow.asked) == MOST_PER_VISITOR
    for number in range(MOST_AT_ONCE + 5):
        errands.ask(f"visitor {number}", "autograd", (100 + number,))
    assert len(slow.asked) == MOST_AT_ONCE
    assert not errands.due("somebody else")
    slow.answer(0, value=0)
    assert errands.due("somebody else")
    errands.ask("somebody else", "autograd", (999,))
    assert slow.asked[-1][1] == (999,)


def test_what_a_dead_or_hanging_worker_took_with_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    errands = Errands(slow)
    errands.ask("ada", "autograd", (1,))
    slow.answer(0)  # no value, no words: the worker is gone
    assert errands.ask("ada", "autograd", (1,)) is None
    assert len(slow.asked) == 2
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    assert errands.ask("ada", "autograd", (1,)) is None
    assert len(slow.asked) == 3


def test_only_so_many_answers_are_remembered() -> None:
    slow = Slow()
    errands = Errands(slow)
    for number in range(REMEMBERED + 1):
        errands.ask("ada", "autograd", (number,))
        slow.answer(number, value=number + 1)
    assert errands.ask("ada", "autograd", (REMEMBERED,)) == REMEMBERED + 1
    assert errands.ask("ada", "autograd", (1,)) == 2
    assert errands.ask("ada", "autograd", (0,)) is None, "the oldest is forgotten"


def test_a_trainer_that_dies_leaves_no_question_open() -> None:
    pool = made_pool()
    pool.start()
    try:
        until(pool.pids, "a trainer is up")
        asked = [pool.compute("autograd", ([], [], None, None, "tanh", "mse")) for _ in range(3)]
        pool._trainers[0].kill("ended by a test")
        answers = [one.result(60) for one in asked]
        assert all(answer.value is None for answer in answers)
        until(lambda: pool.compute("autograd", ("not", "enough")).result(60).trace, "the next trainer answers")
    finally:
        pool.stop()
