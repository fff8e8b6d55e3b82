"""Decoded pictures that are looked at again: the latest, up to so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from playground.data.pictures import Picture


class Pictures:
    """Decoded pictures by what their files hold. Several threads may use it at once.

    Args:
        budget: So many bytes are kept.
    """

    def __init__(self, budget: int) -> None:
        self._budget, self._taken = budget, 0
        self._kept: OrderedDict[bytes, Picture] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: bytes) -> Picture | None:
        """One that is still there."""
        with self._lock:
            if digest in self._kept:
                self._kept.move_to_end(digest)
            return self._kept.get(digest)

    def put(self, digest: bytes, picture: Picture) -> None:
        """Keep one, and forget those that were wanted longest ago."""
        with self._lock:
            if digest in self._kept:
                return
            self._kept[digest] = picture
            self._taken += _bytes(picture)
            while self._taken > self._budget:
                _, old = self._kept.popitem(last=False)
                self._taken -= _bytes(old)


def _bytes(picture: Picture) -> int:
    return 4 * picture.image.width * picture.image.height  # Pillow keeps three channels in four bytes
