"""The model cache: one load a key, turns, a budget, and memory that really returns."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from playground.core.errors import ModelUnavailable
from playground.hub.cache import Loaded, ModelCache


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def crowd(size: int, work: object) -> None:
    """Run something in many threads at once."""
    gate = threading.Barrier(size)

    def go(number: int) -> None:
        gate.wait()
        work(number)  # type: ignore[operator]

    threads = [threading.Thread(target=go, args=(number,)) for number in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_hundred_who_ask_at_once_cause_one_load() -> None:
    loads: list[str] = []

    def load(key: str) -> Loaded[str]:
        loads.append(key)
        time.sleep(0.05)
        return Loaded(key.upper(), 10)

    cache = ModelCache(load, budget=100)
    got: list[str] = []

    def ask(number: int) -> None:
        with cache.use("a") as model:
            got.append(model)

    crowd(100, ask)
    assert loads == ["a"] and got == ["A"] * 100
    assert cache.standing()["a"].hits == 99


@pytest.mark.parametrize(("shared", "most"), [(False, 1), (True, 8)])
def test_a_model_that_is_not_thread_safe_has_one_user_at_a_time(shared: bool, most: int) -> None:
    cache = ModelCache(lambda key: Loaded(key, 1, shared=shared), budget=10)
    inside, seen, lock = 0, 0, threading.Lock()
    together = threading.Barrier(8)

    def ask(number: int) -> None:
        nonlocal inside, seen
        with cache.use("a"):
            with lock:
                inside += 1
                seen = max(seen, inside)
            if shared:
                together.wait(10)
            with lock:
                inside -= 1

    crowd(8, ask)
    assert seen == most


def test_the_least_recently_used_goes_first_and_what_is_in_use_or_pinned_stays() -> None:
    clock = Clock()
    cache = ModelCache(lambda key: Loaded(key, 40), budget=100, clock=clock)
    for clock.now, key in enumerate("aba", start=1):
        with cache.use(key):
            pass
    with cache.use("c"):
        assert set(cache.standing()) == {"a", "c"}
    cache.pin("a")
    clock.now = 9
    with cache.use("c"), cache.use("d"):
        assert set(cache.standing()) == {"a", "c", "d"}  # over the budget for as long as all are in use
    with cache.use("e"):
        assert "a" in cache.standing()
        assert sum(one.bytes for one in cache.standing().values()) <= 100


def test_one_that_is_too_large_by_itself_is_refused_in_words_and_leaves_nothing() -> None:
    cache = ModelCache(lambda key: Loaded(key, 200_000_000), budget=100_000_000)
    with pytest.raises(ModelUnavailable, match="takes 200 MB of memory, and models may take 100 MB"), cache.use("a"):
        pass
    assert cache.standing() == {}


def test_a_load_that_fails_is_told_and_tried_anew() -> None:
    tries: list[int] = []

    def load(key: str) -> Loaded[str]:
        tries.append(1)
        if len(tries) == 1:
            raise ModelUnavailable("not now")
        return Loaded(key, 1)

    cache = ModelCache(load, budget=10)
    with pytest.raises(ModelUnavailable, match="not now"), cache.use("a"):
        pass
    with cache.use("a") as model:
        assert model == "a"


def test_idle_models_are_let_go_of() -> None:
    clock = Clock()
    cache = ModelCache(lambda key: Loaded(key, 1), budget=10, idle=60, clock=clock)
    with cache.use("a"):
        clock.now = 100
        assert cache.sweep() == []
    assert cache.sweep() == [] and cache.standing()["a"].idle_seconds == 0
    clock.now = 161
    assert cache.sweep() == ["a"] and cache.standing() == {}


def test_evict_waits_for_nobody_and_takes_nothing_from_anybody() -> None:
    cache = ModelCache(lambda key: Loaded(key, 1), budget=10)
    with cache.use("a"):
        assert not cache.evict("a")
    assert cache.evict("a") and not cache.evict("a")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to measure memory")
def test_memory_really_returns() -> None:
    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    cache = ModelCache(lambda key: Loaded([np.ones(1000) for _ in range(20_000)], 160_000_000), budget=200_000_000)
    before = resident()
    with cache.use("a"):
        pass
    held = resident()
    assert held - before > 140
    assert cache.evict("a")
    assert resident() - before < 0.2 * (held - before)
