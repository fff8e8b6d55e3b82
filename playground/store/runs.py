"""Runs that were laid aside: settings, weights and history, so that a link opens them again.

One SQLite file, safe for several threads and several processes: every call opens a connection of its own. Visitors are
kept as a hash, so that the file gives nobody their cookie. A file that is broken, or was written by another version, is
set aside with a warning and a fresh one begun: a lost store costs stored runs, never the server.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from playground.core.errors import RunNotFound

log = logging.getLogger(__name__)

SCHEMA = 1
_TABLE = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, visitor TEXT NOT NULL, kind TEXT NOT NULL, spec TEXT NOT NULL, state BLOB NOT NULL,
    upload_id TEXT NOT NULL, summary TEXT NOT NULL, saved REAL NOT NULL, size INTEGER NOT NULL
)"""
_UNUSABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)

T = TypeVar("T")


@dataclass(frozen=True)
class RunLine:
    """A stored run as a list shows it: everything but its state. ``saved`` is in seconds since 1970."""

    run_id: str
    kind: str
    spec: Mapping[str, Any]
    upload_id: str
    summary: Mapping[str, Any]
    saved: float
    size: int


@dataclass(frozen=True)
class StoredRun(RunLine):
    """A stored run with all that is needed to go on with it."""

    state: bytes


class _OtherSchema(Exception):
    """The file was written by another version of this module."""


class RunStore:
    """Stored runs of all visitors; a visitor only ever reaches their own."""

    def __init__(
        self,
        path: Path,
        *,
        keep_days: float = 7,
        max_bytes: int = 1_000_000_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Remember where and how long; the file is made at the first use.

        Args:
            path: The SQLite file.
            keep_days: Days after which a run is forgotten.
            max_bytes: Bytes of all states together; beyond that the oldest runs are forgotten.
            clock: Seconds since 1970.
        """
        self.path = path
        self._keep_seconds = keep_days * 86_400
        self._max_bytes = max_bytes
        self._clock = clock

    def save(
        self, run_id: str, visitor: str, kind: str, spec: Mapping[str, Any], state: bytes, upload_id: str,
        summary: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Keep a run, in place of an earlier one of the same id.

        Raises:
            RunNotFound: The id is another visitor's.
        """
        row = (
            run_id, _hashed(visitor), kind, json.dumps(dict(spec)), state, upload_id, json.dumps(dict(summary)),
            self._clock(), len(state),
        )  # fmt: skip

        def write(connection: sqlite3.Connection) -> None:
            done = connection.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET kind = excluded.kind, "
                "spec = excluded.spec, state = excluded.state, upload_id = excluded.upload_id, summary = excluded.summary, "
                "saved = excluded.saved, size = excluded.size WHERE visitor = excluded.visitor",
                row,
            )
            if done.rowcount == 0:
                raise RunNotFound("This run is another visitor's; start one of your own.")
            self._forget(connection)

        self._use(write)

    def load(self, run_id: str, visitor: str) -> StoredRun:
        """Hand a run back; raises ``RunNotFound`` where there is none, none any more, or not this visitor's."""

        def read(connection: sqlite3.Connection) -> Any:
            return connection.execute(
                "SELECT run_id, kind, spec, upload_id, summary, saved, size, state FROM runs "
                "WHERE run_id = ? AND visitor = ? AND saved > ?",
                (run_id, _hashed(visitor), self._oldest()),
            ).fetchone()

        row = self._use(read)
        if row is None:
            days = self._keep_seconds / 86_400
            raise RunNotFound(f"This run is not kept here: runs are kept for {days:g} days. Start a new one.")
        return StoredRun(**_columns(row), state=row["state"])

    def list(self, visitor: str) -> tuple[RunLine, ...]:
        """This visitor's runs, the newest first."""

        def read(connection: sqlite3.Connection) -> Any:
            return connection.execute(
                "SELECT run_id, kind, spec, upload_id, summary, saved, size FROM runs "
                "WHERE visitor = ? AND saved > ? ORDER BY saved DESC, run_id",
                (_hashed(visitor), self._oldest()),
            ).fetchall()

        return tuple(RunLine(**_columns(row)) for row in self._use(read))

    def delete(self, run_id: str, visitor: str) -> None:
        """Forget a run of this visitor; nothing happens where there is none."""
        self._use(
            lambda connection: connection.execute(
                "DELETE FROM runs WHERE run_id = ? AND visitor = ?", (run_id, _hashed(visitor))
            )
        )

    def prune(self) -> int:
        """Forget what is too old, then the oldest until the states fit; returns how many runs were forgotten."""
        return self._use(self._forget)

    def _oldest(self) -> float:
        return self._clock() - self._keep_seconds

    def _forget(self, connection: sqlite3.Connection) -> int:
        old = connection.execute("DELETE FROM runs WHERE saved <= ?", (self._oldest(),)).rowcount
        (total,) = connection.execute("SELECT COALESCE(SUM(size), 0) FROM runs").fetchone()
        if total <= self._max_bytes:
            return old
        much = connection.execute(
            "DELETE FROM runs WHERE run_id IN (SELECT run_id FROM (SELECT run_id, SUM(size) OVER "
            "(ORDER BY saved DESC, rowid DESC) AS kept FROM runs) WHERE kept > ?)",
            (self._max_bytes,),
        ).rowcount
        return old + much

    def _use(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do ``work`` in one transaction; a file that cannot be used is set aside, once, and the work done anew."""
        for last in (False, True):
            seen = _identity(self.path)
            try:
                with self._connection() as connection:
                    return work(connection)
            except _OtherSchema as error:
                reason: Exception = error
            except sqlite3.DatabaseError as error:
                if last or (error.sqlite_errorcode or 0) & 0xFF not in _UNUSABLE:
                    raise
                reason = error
            # Another process may have set it aside meanwhile: never move the fresh file out of its way.
            if _identity(self.path) == seen:
                self._set_aside(reason)
        raise RuntimeError(f"{self.path} cannot be made usable")

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self.path, timeout=20, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            # One look that nothing can come between; the strict one is inside the transaction.
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                # It does not wait its turn: locked means that another process is making this very file so.
                with contextlib.suppress(sqlite3.OperationalError):
                    connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if self._version(connection) == 0:  # still, now that nobody else writes
                    connection.execute(_TABLE)
                    connection.execute("CREATE INDEX of_visitor ON runs (visitor, saved)")
                    connection.execute(f"PRAGMA user_version = {SCHEMA}")
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            connection.execute("PRAGMA incremental_vacuum(1000)")

    def _version(self, connection: sqlite3.Connection) -> int:
        """``SCHEMA``, or 0 for a file that holds nothing yet; raises ``_OtherSchema`` for anything else."""
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if version != SCHEMA and (version, tables) != (0, 0):
            raise _OtherSchema(f"its schema is {version}, this version writes {SCHEMA}")
        return int(version)

    def _set_aside(self, reason: Exception) -> None:
        aside = self.path.with_name(f"{self.path.name}.set-aside")
        log.warning("%s cannot be used (%s): set aside as %s; stored runs begin anew", self.path, reason, aside.name)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.path, aside)


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and number of the file that a path names now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _columns(row: sqlite3.Row) -> dict[str, Any]:
    """A row as the fields of a ``RunLine``."""
    return {
        "run_id": row["run_id"],
        "kind": row["kind"],
        "spec": json.loads(row["spec"]),
        "upload_id": row["upload_id"],
        "summary": json.loads(row["summary"]),
        "saved": row["saved"],
        "size": row["size"],
    }


def _hashed(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()
