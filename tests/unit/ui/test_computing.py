"""Pages compute one thing at a time, each once, whoever asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from playground.specs.basins import BasinsSpec
from playground.ui import computing
from playground.ui.computing import Once, once
from playground.ui.parts import basins

ASKERS = 16


class Work:
    """Something slow that notices how often it is done, by how many at once, and in which threads."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.threads: set[int] = set()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, number: int) -> int:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.asked.append(number)
            self.threads.add(threading.get_ident())
        time.sleep(0.005)
        with self._lock:
            self.now -= 1
        if number < 0:
            raise ValueError(f"{number} has no answer, says {len(self.asked)}")
        return 10 * number


def all_at_once(ask: Callable[[int], object], questions: list[int]) -> list[object]:
    """What each of many threads that start together is answered; an error stands for itself."""
    start = threading.Barrier(len(questions))

    def one(question: int) -> object:
        start.wait(10)
        try:
            return ask(question)
        except ValueError as error:
            return error

    with ThreadPoolExecutor(len(questions)) as askers:
        return list(askers.map(one, questions, timeout=30))


@pytest.fixture
def work() -> Work:
    """Something slow."""
    return Work()


def test_different_questions_are_computed_one_after_the_other(work: Work) -> None:
    """Of two functions too: the turn is one for the whole process, and so is the thread."""
    first, second = Once(work, 32), Once(lambda number: work(number), 32)
    answers = all_at_once(lambda n: (first if n % 2 else second)(n), list(range(ASKERS)))
    assert answers == [10 * n for n in range(ASKERS)]
    assert sorted(work.asked) == list(range(ASKERS))
    assert work.most == 1
    assert len(work.threads) == 1


def test_an_equal_question_is_computed_once(work: Work) -> None:
    ask = once(4)(work)
    assert all_at_once(ask, [7] * ASKERS) == [70] * ASKERS
    assert ask(number=7) == ask(7) == 70
    assert work.asked.count(7) == 2, "by name and by place are two questions"


def test_the_answers_asked_for_last_are_kept(work: Work) -> None:
    ask = once(2)(work)
    for number in (1, 2, 1, 3, 1, 2):
        ask(number)
    assert work.asked == [1, 2, 3, 2]
    ask.cache_clear()
    ask(2)
    assert work.asked == [1, 2, 3, 2, 2]


def test_an_error_reaches_everybody_and_is_not_kept(work: Work) -> None:
    ask = once(4)(work)
    answers = all_at_once(ask, [-1] * ASKERS)
    assert all(isinstance(answer, ValueError) for answer in answers)
    done = len(work.asked)
    with pytest.raises(ValueError, match=f"says {done + 1}"):
        ask(-1)
    assert ask(1) == 10, "and whose turn is next has it"


def test_what_is_computed_may_ask_for_more(work: Work) -> None:
    inner = once(4)(work)
    outer = once(4)(lambda number: inner(number) + inner(number + 1))
    assert all_at_once(outer, list(range(ASKERS))) == [20 * n + 10 for n in range(ASKERS)]
    assert work.most == 1


class Overtaken:
    """A session's state as Streamlit gives it to a script that has another one waiting."""

    def __contains__(self, key: object) -> bool:
        raise TimeoutError("overtaken")


def test_who_was_overtaken_while_waiting_computes_nothing(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = once(4)(work)
    with monkeypatch.context() as patch:
        patch.setattr(computing, "get_script_run_ctx", lambda suppress_warning: object())
        patch.setattr(computing, "st", SimpleNamespace(session_state=Overtaken()))
        with pytest.raises(TimeoutError, match="overtaken"):
            ask(1)
    assert work.asked == []
    assert ask(1) == 10, "the turn was given back"


@pytest.fixture
def maps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many basins were being computed whenever one more began."""
    running, seen, real = [0], list[int](), BasinsSpec.maps

    def counted(spec: BasinsSpec) -> object:
        running[0] += 1
        seen.append(running[0])
        time.sleep(0.002)
        try:
            return real(spec)
        finally:
            running[0] -= 1

    monkeypatch.setattr("playground.specs.basins.SIDE", 4)
    monkeypatch.setattr(BasinsSpec, "maps", counted)
    basins.view.cache_clear()
    basins._maps.cache_clear()
    yield seen
    basins.view.cache_clear()
    basins._maps.cache_clear()


def test_of_sixteen_visitors_with_basins_of_their_own_one_is_served_at_a_time(maps: list[int]) -> None:
    frames = all_at_once(lambda number: basins.view(BasinsSpec(steps=10 * (1 + number))).frame, list(range(ASKERS)))
    assert maps == [1] * ASKERS
    assert len(set(frames)) == ASKERS


def test_sixteen_visitors_who_look_at_the_same_basins_share_them(maps: list[int]) -> None:
    assert len(set(all_at_once(lambda _: basins.view(BasinsSpec(steps=20)).frame, [0] * ASKERS))) == 1
    assert maps == [1]
