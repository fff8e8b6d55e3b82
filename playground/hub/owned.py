"""What visitors' own runs have learnt, opened: the last few, within a budget, told by their bytes alone."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from playground.core.errors import ModelUnavailable

if TYPE_CHECKING:
    from playground.hub.generator import Generator

BUDGET = 200_000_000
"""Bytes of memory that all of them together may take; the last one used stays in any case."""


class Owned:
    """Generators of visitors' own runs; its methods may be called from several threads.

    Args:
        device: Where they run.
        budget: Bytes that all of them together may take.
    """

    def __init__(self, device: str, budget: int = BUDGET) -> None:
        self._device, self._budget = device, budget
        self._kept: OrderedDict[bytes, Generator] = OrderedDict()
        self._lock = threading.Lock()

    def generator(self, packed: bytes) -> Generator:
        """The generator in these bytes (``functional.gan_file``); raises ``ModelUnavailable`` where they hold none."""
        digest = hashlib.sha256(packed).digest()
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
                return found
        from playground.hub import gan_opening  # ONNX Runtime: only where one is wanted

        made = gan_opening.own(packed, self._device)
        if made.bytes > self._budget:
            raise ModelUnavailable(
                f"This generator takes {made.bytes / 1e6:,.0f} MB of memory; {self._budget / 1e6:,.0f} MB are the most."
            )
        with self._lock:
            self._kept[digest] = made
            while sum(one.bytes for one in self._kept.values()) > self._budget:
                self._kept.popitem(last=False)
        return made
