"""The one door to a loaded model: loaded once however many ask, kept within a budget, let go of when nobody wants it.

Nothing here knows what a model is: a loader is given, and says how large its result is. So the rules (one load a key,
one user at a time, least recently used goes first) are tested without any.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from playground.core.errors import ModelUnavailable

K = TypeVar("K")
M = TypeVar("M")


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """What a loader gives.

    Attributes:
        model: The thing itself.
        bytes: How much memory it takes.
        shared: Whether several may use it at once; otherwise they take turns.
    """

    model: M
    bytes: int
    shared: bool = False


@dataclass(frozen=True)
class Standing:
    """One model in the cache, for people to read.

    Attributes:
        bytes: Memory it takes.
        hits: How often it was asked for after it was loaded.
        load_seconds: How long loading took.
        idle_seconds: Since it was last used; 0 while it is in use.
        pinned: Whether it stays whatever happens.
    """

    bytes: int
    hits: int
    load_seconds: float
    idle_seconds: float
    pinned: bool


@dataclass
class _Place(Generic[M]):
    """A key's place, from the first wish for it on."""

    loading: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    loaded: Loaded[M] | None = None
    users: int = 0  # who waits for it or has it: such a place is never given up
    hits: int = 0
    seconds: float = 0.0
    used: float = 0.0
    pinned: bool = False


class ModelCache(Generic[K, M]):
    """Loaded models by key.

    Args:
        load: From a key to the model; may take seconds, and may raise.
        budget: Bytes that all models together may take. One that is larger by itself is refused.
        idle: Seconds without a user after which ``sweep`` lets go of a model.
        clock: Seconds, for tests.
    """

    def __init__(
        self,
        load: Callable[[K], Loaded[M]],
        *,
        budget: int,
        idle: float = 900.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load, self._budget, self._idle, self._clock = load, budget, idle, clock
        self._places: dict[K, _Place[M]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def use(self, key: K) -> Iterator[M]:
        """Have a model for as long as the block lasts; the first to ask loads it, the others wait for that.

        Raises:
            ModelUnavailable: It is larger than the whole budget. What the loader raises is passed on to everyone who
                waited for that load; the next to ask tries anew.
        """
        with self._lock:
            place = self._places.setdefault(key, _Place())
            place.users += 1
        try:
            loaded = self._ready(key, place)
            if loaded.shared:
                yield loaded.model
            else:
                with place.turn:
                    yield loaded.model
        finally:
            with self._lock:
                place.users -= 1
                place.used = self._clock()
                if place.loaded is None and place.users == 0:
                    self._places.pop(key, None)

    def pin(self, key: K, pinned: bool = True) -> None:
        """Keep a model that is loaded, whatever else is wanted; raises ``KeyError`` where it is not."""
        with self._lock:
            self._places[key].pinned = pinned

    def peek(self, key: K) -> M | None:
        """A model that is loaded, to be looked at and not to be used; ``None`` where it is not."""
        with self._lock:
            place = self._places.get(key)
            return place.loaded.model if place is not None and place.loaded is not None else None

    def grow(self, key: K, bytes: int) -> None:
        """Count more memory for a loaded model, and make room for that."""
        with self._lock:
            place = self._places.get(key)
            if place is None or place.loaded is None:
                return
            place.loaded = replace(place.loaded, bytes=place.loaded.bytes + bytes)
            freed = self._make_room(key)
        if freed:
            give_back_memory()

    def evict(self, key: K) -> bool:
        """Let go of a model now; false where it is not loaded, or someone is using it."""
        with self._lock:
            place = self._places.get(key)
            if place is None or place.users or place.loaded is None:
                return False
            del self._places[key], place  # the name would keep it
        give_back_memory()
        return True

    def sweep(self) -> list[K]:
        """Let go of models that nobody used for a while; call it now and then."""
        now = self._clock()
        with self._lock:
            old = [
                key
                for key, place in self._places.items()
                if place.loaded and not place.users and not place.pinned and now - place.used > self._idle
            ]
            for key in old:
                del self._places[key]
        if old:
            give_back_memory()
        return old

    def standing(self) -> dict[K, Standing]:
        """What is loaded now."""
        now = self._clock()
        with self._lock:
            return {
                key: Standing(
                    place.loaded.bytes,
                    place.hits,
                    place.seconds,
                    0.0 if place.users else now - place.used,
                    place.pinned,
                )
                for key, place in self._places.items()
                if place.loaded is not None
            }

    def _ready(self, key: K, place: _Place[M]) -> Loaded[M]:
        with place.loading:  # of those who ask for the same model at once, one loads
            if place.loaded is not None:
                with self._lock:
                    place.hits += 1
                return place.loaded
            began = time.perf_counter()
            loaded = self._load(key)
            if loaded.bytes > self._budget:
                raise ModelUnavailable(
                    f"This model takes {loaded.bytes / 1e6:,.0f} MB of memory, and models may take "
                    f"{self._budget / 1e6:,.0f} MB here. Choose a smaller one."
                )
            with self._lock:
                place.loaded, place.seconds, place.used = loaded, time.perf_counter() - began, self._clock()
                freed = self._make_room(key)
            if freed:
                give_back_memory()
            return loaded

    def _make_room(self, newest: K) -> bool:
        """Let go of the least recently used until the budget holds (with the lock held). What is in use stays."""
        taken = sum(place.loaded.bytes for place in self._places.values() if place.loaded)
        freed = False
        for key, place in sorted(self._places.items(), key=lambda item: item[1].used):
            if taken <= self._budget:
                break
            if place.loaded is None or place.users or place.pinned or key == newest:
                continue
            taken -= place.loaded.bytes
            del self._places[key]
            freed = True
        return freed


def give_back_memory() -> None:
    """Hand what was freed back to the system: cycles collected, the allocator's spare pages returned (glibc)."""
    gc.collect()
    try:
        trim = ctypes.CDLL(ctypes.util.find_library("c")).malloc_trim
    except (OSError, AttributeError, TypeError):
        return  # another C library: it keeps what it keeps
    trim(0)
