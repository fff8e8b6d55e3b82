"""Tables that visitors uploaded, each for its own visitor, for a few days.

A file lies under a hash of its visitor and an id of 128 bits; nothing a visitor sends ever becomes part of a path
unchecked. Room is bounded: a visitor's oldest tables make room for the same visitor's new ones, the oldest of all for
anybody's. A table that is used counts as new.
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

from playground.core.errors import InputError, RunNotFound

_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class _Kept:
    path: Path
    size: int
    used: float


class UploadStore:
    """Uploaded tables of all visitors; a visitor only ever reaches their own."""

    def __init__(
        self,
        folder: Path,
        *,
        keep_days: float = 7,
        max_bytes: int = 5_000_000,
        visitor_bytes: int | None = None,
        total_bytes: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Remember where and how much; the folder is made at the first upload.

        Args:
            folder: Holds one folder per visitor and nothing else.
            keep_days: Days after which a table that nobody used is forgotten.
            max_bytes: Largest single table.
            visitor_bytes: Bytes of one visitor's tables together; five of the largest unless said.
            total_bytes: Bytes of all tables together; two hundred of the largest unless said.
            clock: Seconds since 1970.
        """
        self.folder = folder
        self._keep_seconds = keep_days * 86_400
        self._max_bytes = max_bytes
        self._visitor_bytes = 5 * max_bytes if visitor_bytes is None else visitor_bytes
        self._total_bytes = 200 * max_bytes if total_bytes is None else total_bytes
        self._clock = clock
        self._lock = threading.Lock()

    def put(self, visitor: str, content: bytes, name: str) -> str:
        """Keep a table and hand back its id; the same table of the same visitor keeps the same id.

        Args:
            visitor: Whose it is.
            content: The file as it was sent.
            name: What the visitor calls it; only ever shown.

        Raises:
            InputError: The table alone is larger than there is room for.
        """
        allowed = min(self._max_bytes, self._visitor_bytes, self._total_bytes)
        if len(content) > allowed:
            raise InputError(f"This table has {len(content) / 1e6:.1f} MB; at most {allowed / 1e6:g} MB can be kept.")
        title = " ".join(re.split(r"[\\/]", name)[-1].split())[-_LONGEST_NAME:] or "table.csv"
        head = title.encode("utf-8", "replace") + b"\n"
        # The visitor's cookie is random and secret, hence so is the id; nobody else can work it out from the content.
        upload_id = hashlib.sha256(b"\0".join([visitor.encode(), head, content])).hexdigest()[:32]
        path = self._path(visitor, upload_id)
        with self._lock:
            if not path.is_file():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                partial = path.with_name(f".{secrets.token_hex(8)}")
                partial.write_bytes(head + content)
                os.replace(partial, path)
            self._touch(path)
            self._forget(keep=path)
        return upload_id

    def get(self, visitor: str, upload_id: str) -> tuple[str, bytes]:
        """Name and content of a table; raises ``RunNotFound`` where there is none, or not this visitor's."""
        path = self._path(visitor, upload_id)
        try:
            if self._clock() - path.stat().st_mtime > self._keep_seconds:
                raise FileNotFoundError
            head, _, content = path.read_bytes().partition(b"\n")
            self._touch(path)
        except FileNotFoundError:
            raise RunNotFound("This table is not kept here any more; upload it again.") from None
        return head.decode("utf-8", "replace"), content

    def place(self, visitor: str, upload_id: str) -> Path:
        """Where the file lies, name and content as ``put`` wrote them, for a worker to read; raises as ``get`` does."""
        path = self._path(visitor, upload_id)
        if not path.is_file():
            raise RunNotFound("These pictures are not kept here any more; upload them again.")
        self._touch(path)
        return path

    def delete(self, visitor: str, upload_id: str) -> None:
        """Forget a table of this visitor; nothing happens where there is none."""
        self._path(visitor, upload_id).unlink(missing_ok=True)

    def prune(self) -> int:
        """Forget what nobody used for too long, then the oldest until the rest fits; returns how many."""
        with self._lock:
            return self._forget()

    def _path(self, visitor: str, upload_id: str) -> Path:
        if not _ID.fullmatch(upload_id):
            raise RunNotFound("There is no such table; upload it again.")
        return self.folder / hashlib.sha256(visitor.encode()).hexdigest()[:32] / upload_id

    def _touch(self, path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):  # forgotten by another process between two lines
            os.utime(path, (self._clock(), self._clock()))

    def _forget(self, keep: Path | None = None) -> int:
        """Delete by age, by visitor and by room in all, the longest unused first; ``keep`` stays in any case."""
        oldest = self._clock() - self._keep_seconds
        room: dict[Path, int] = {}
        total, forgotten = 0, 0
        newest_first = sorted(self._files(), key=lambda kept: (kept.path == keep, kept.used), reverse=True)
        for kept in newest_first:
            owner = kept.path.parent
            fits = room.get(owner, 0) + kept.size <= self._visitor_bytes and total + kept.size <= self._total_bytes
            if kept.path == keep or (kept.used >= oldest and fits):
                room[owner] = room.get(owner, 0) + kept.size
                total += kept.size
            else:
                kept.path.unlink(missing_ok=True)
                forgotten += 1
                with contextlib.suppress(OSError):  # other tables are in it
                    owner.rmdir()
        return forgotten

    def _files(self) -> list[_Kept]:
        found = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                found.append(_Kept(path, status.st_size, status.st_mtime))
        return found
