"""Pools of real processes, one per file, and patience with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from playground.core.settings import Settings
from playground.jobs.pool import Pool
from tests.unit.jobs import toy

DEADLINE = 20.0


def made_pool(**settings: float) -> Pool:
    """A pool that knows the toy."""
    values = {"workers": 1, **settings}
    return Pool(Settings(**values), warm=(), computations=toy.COMPUTATIONS, path=[toy.ROOT])


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One trainer that all tests of a file share."""
    made = made_pool()
    made.start()
    yield made
    made.stop()


def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait until a condition holds; the deadline is generous, so that only what never comes fails."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"this did not happen: {what}"
        time.sleep(0.005)
