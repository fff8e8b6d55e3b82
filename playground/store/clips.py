"""Clips that visitors uploaded, each for its own visitor, for as long as it is looked at.

A clip lies under a hash of its visitor and a random name of 128 bits; nothing a visitor sends ever becomes part of a path. A
visitor's new clip takes the place of the old one. All are gone when the server ends; what one that was killed left behind goes
by its age.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground.core.errors import InputError, QueueFull
from playground.data import clips

_NAME = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """A clip that is kept.

    Attributes:
        path: Where it lies.
        name: What the visitor calls it; only ever shown.
        digest: Of its content.
        bytes: Its size.
    """

    path: Path
    name: str
    digest: str
    bytes: int


class ClipStore:
    """Uploaded clips of all visitors, one for each.

    Args:
        folder: Holds these clips and nothing else; made at the first one.
        max_bytes: Largest single clip.
        total_bytes: Bytes of all clips together; beyond that nobody's is taken until others are done. Twenty of the largest
            unless said.
        keep_seconds: After so long without being used a clip is deleted.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int,
        total_bytes: int | None = None,
        keep_seconds: float = 3600.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._total_bytes = 20 * max_bytes if total_bytes is None else total_bytes
        self._keep_seconds, self._clock = keep_seconds, clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Kept, float]] = {}

    def put(self, visitor: str, content: bytes, name: str) -> Kept:
        """Keep a clip in the place of the visitor's last one.

        Args:
            visitor: Whose it is.
            content: The file as it was sent.
            name: What the visitor calls it.

        Raises:
            InputError: It is no clip, or too large.
            QueueFull: The clips of all visitors take all the room that there is.
        """
        title = "".join(letter for letter in re.split(r"[\\/]", name)[-1] if letter.isprintable())[-_LONGEST_NAME:]
        title = " ".join(title.split()) or "clip"
        if len(content) > self._max_bytes:
            raise InputError(too_large(title, len(content), self._max_bytes))
        clips.container(content[: clips.HEAD], title)
        self.prune()
        owner = hashlib.sha256(visitor.encode()).hexdigest()[:32]
        with self._lock:
            others = sum(kept.bytes for one, (kept, _) in self._kept.items() if one != owner)
            if others + len(content) > self._total_bytes:
                raise QueueFull("Clips of other visitors take all the room that there is. Try again in some minutes.")
            self._drop(owner)
            path = self.folder / owner / secrets.token_hex(16)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(content)
            kept = Kept(path, title, hashlib.sha256(content).hexdigest(), len(content))
            self._kept[owner] = kept, self._clock()
        return kept

    def use(self, kept: Kept) -> bool:
        """Whether a clip is still there; from now on it stays for another while."""
        owner = kept.path.parent.name
        with self._lock:
            held = self._kept.get(owner)
            if held is None or held[0].path != kept.path or not kept.path.is_file():
                return False
            self._kept[owner] = kept, self._clock()
            os.utime(kept.path)  # another server on this folder sees that it is in use
        return True

    def drop(self, kept: Kept) -> None:
        """Delete a clip; nothing happens where it is gone."""
        owner = kept.path.parent.name
        with self._lock:
            held = self._kept.get(owner)
            if held is not None and held[0].path == kept.path:
                self._drop(owner)

    def prune(self) -> int:
        """Delete what nobody used for too long, whichever server took it in; returns how many."""
        oldest = self._clock() - self._keep_seconds
        with self._lock:
            old = [owner for owner, (_, used) in self._kept.items() if used < oldest]
            for owner in old:
                self._drop(owner)
            own = {kept.path for kept, _ in self._kept.values()}
            found = len(old)
            for path in self.folder.glob("*/*"):
                with contextlib.suppress(OSError):  # another server is at it, too
                    if path not in own and _NAME.fullmatch(path.name) and path.stat().st_mtime < oldest:
                        path.unlink()
                        found += 1
                        path.parent.rmdir()
        return found

    def clear(self) -> None:
        """Delete all clips that this server took in; called when it ends."""
        with self._lock:
            for owner in list(self._kept):
                self._drop(owner)

    def _drop(self, owner: str) -> None:
        held = self._kept.pop(owner, None)
        if held is not None:
            held[0].path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                held[0].path.parent.rmdir()


def too_large(name: str, size: int, most: float) -> str:
    """Why a clip is not taken: its size."""
    return f"{name} has {size / 1e6:,.1f} MB; at most {most / 1e6:g} MB are taken. Cut it, or make it smaller first."
