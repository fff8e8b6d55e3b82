"""A question on its way, and what tells two questions apart."""

from __future__ import annotations

import contextlib
import hashlib
import io
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Any

from playground.catalog import exports
from playground.catalog.card import Card
from playground.core.errors import Stopped
from playground.jobs.answering import raised
from playground.jobs.inference_messages import Refusal

MOST_BYTES = 100_000_000
"""Pictures whose hashes are remembered take so much memory at most."""

_LARGE = 4096


class Asked(Future[Any]):
    """One visitor's wish for an answer: ``result()`` gives it or raises a ``PlaygroundError``.

    Attributes:
        visitor: Who asked.
        seconds: How long it may wait.
        until: When that is over, by the clock of whoever answers.
        looked: When its ``words`` were last read, by the same clock.
        tell: Says how far it is; set by whoever answers.
        leave: Called when it was cancelled or stopped.
    """

    def __init__(self, visitor: str = "", seconds: float = 0.0, until: float = 0.0) -> None:
        super().__init__()
        self.visitor, self.seconds, self.until = visitor, seconds, until
        self.looked = until - seconds
        self.tell: Callable[[Asked], str] | None = None
        self.leave: Callable[[Asked], None] | None = None

    @property
    def words(self) -> str:
        """What to show meanwhile (``Waiting: 3 before you``); empty when it is done, or has nothing to tell."""
        return "" if self.done() or self.tell is None else self.tell(self)

    def cancel(self) -> bool:
        """Take the question out of the queue; false where it is being answered, or has been."""
        withdrawn = super().cancel()
        if withdrawn and self.leave is not None:
            self.leave(self)
        return withdrawn

    def stop(self) -> None:
        """Want no answer any more, even where it is under way: that ends soon, unless somebody else waits for it."""
        if self.cancel() or self.done():
            return
        self.answer(Refusal(Stopped.__name__, "This was stopped before it was done."))
        if self.leave is not None:
            self.leave(self)

    def begin(self) -> bool:
        """From now on it cannot be cancelled; false where it has been."""
        return self.running() or (not self.done() and self.set_running_or_notify_cancel())

    def answer(self, outcome: Any) -> None:
        """Settle it with an answer or a ``Refusal``; does nothing where it is settled already."""
        if not self.begin():
            return
        with contextlib.suppress(InvalidStateError):  # stopped between these lines
            if isinstance(outcome, Refusal):
                self.set_exception(raised(outcome))
            else:
                self.set_result(outcome)


def settled(outcome: Any, visitor: str = "") -> Asked:
    """A question that is answered as soon as it is asked."""
    asked = Asked(visitor)
    asked.answer(outcome)
    return asked


class Digests:
    """Hashes of large pieces of bytes. A page asks at each of its runs, and a picture of 20 MB takes 20 ms to hash."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()
        self._bytes = 0

    def of(self, value: bytes) -> bytes:
        """The hash of some bytes; not computed again for the very same object while that is remembered."""
        with self._lock:
            kept, digest = self._kept.get(id(value), (b"", b""))
            if kept is value:
                self._kept.move_to_end(id(value))
                return digest
        digest = hashlib.blake2b(value, digest_size=16).digest()
        with self._lock:  # what is kept here lives on, so that no other object can have its id
            if id(value) not in self._kept:
                self._kept[id(value)] = value, digest
                self._bytes += len(value)
            while self._bytes > MOST_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1][0])
        return digest


_digests = Digests()


class _Fingerprints(pickle.Pickler):
    """Pickles with a hash in place of each large piece of bytes, which is so never copied."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.fast = True  # equal values are written alike, whether they are one object or two
        self.bytes = 0

    def persistent_id(self, value: Any) -> bytes | None:
        """See ``pickle``."""
        if not isinstance(value, bytes) or len(value) < _LARGE:
            return None
        self.bytes += len(value)
        return _digests.of(value)


def fingerprint(task: str, card: Card | None, question: Any, folder: Path) -> tuple[str, int]:
    """What two questions have in common when they have the same answer, and how many bytes the question takes.

    The model's files are part of it, by size and time: one that was fetched anew is asked anew.
    """
    text = io.BytesIO()
    pickler = _Fingerprints(text)
    pickler.dump((task, card, question, () if card is None else exports.stamp(card, folder)))
    return hashlib.blake2b(text.getvalue(), digest_size=16).hexdigest(), pickler.bytes + text.tell()


def subject(question: Any) -> str:
    """What questions have in common that are about the same files, whatever they ask of them; empty where a question does not say.

    A question says so by an attribute ``subject``, a tuple of files. What ended its worker is held off under this name too: the
    next piece of the same lesson, or the same zip at another size, would end the next one.
    """
    files: tuple[bytes, ...] = getattr(question, "subject", ())
    whole = hashlib.blake2b(digest_size=16)
    for one in files:
        whole.update(_digests.of(one))
    return f"about {whole.hexdigest()}" if files else ""
