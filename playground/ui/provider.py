"""The one place where pages and routes get what they share: settings, the manager of runs, the stores.

It is no part of the entry module on purpose: ``streamlit run`` imports that file under another name, and a second copy
would have a manager of its own. Tests call ``use`` to put an inline executor in its place.
"""

from __future__ import annotations

import functools
import logging
import threading

from playground.core import paths
from playground.core.settings import Settings
from playground.data.dataset import Dataset
from playground.data.table import Table, read_table
from playground.jobs.manager import Manager
from playground.jobs.pool import Pool
from playground.specs.mlp import MLPSpec
from playground.specs.spec import Spec
from playground.store.runs import RunStore
from playground.store.uploads import UploadStore

log = logging.getLogger("playground")

WAKE_SECONDS = 2.0  # the first picture is drawn by then; whoever presses Play sooner starts the workers at once
_lock = threading.RLock()
_manager: Manager | None = None
_awake = False


@functools.cache
def settings() -> Settings:
    """How this server is set up, read from the environment once."""
    return Settings.from_environment()


@functools.cache
def uploads() -> UploadStore:
    """Where uploaded tables are kept, each for its own visitor."""
    return UploadStore(
        paths.data_folder(settings()) / "uploads",
        keep_days=settings().keep_days,
        max_bytes=settings().upload_megabytes * 1_000_000,
    )


def own_data(upload: str, visitor: str, spec: Spec) -> Dataset:
    """A visitor's own table as the experiment wants it.

    Raises:
        RunNotFound: The table is no longer kept, or it is someone else's.
        InputError: It cannot be used as the experiment says.
    """
    assert isinstance(spec, MLPSpec)
    return own_table(upload, visitor).dataset(spec.columns, spec.target, spec.target_kind)


def own_table(upload: str, visitor: str) -> Table:
    """A visitor's own table; raises as ``own_data`` does."""
    name, content = uploads().get(visitor, upload)
    return parsed(content, name)


@functools.lru_cache(maxsize=4)  # a large table takes some 50 MB
def parsed(content: bytes, name: str) -> Table:
    """A table within this server's limits; raises ``InputError`` on anything else."""
    limits = settings()
    return read_table(
        content,
        name,
        max_bytes=limits.upload_megabytes * 1_000_000,
        max_rows=limits.upload_rows,
        max_columns=limits.upload_columns,
    )


def manager() -> Manager:
    """The manager of all runs of this server. Made at first use; its workers start with ``wake``."""
    global _manager
    with _lock:
        if _manager is None:
            store = RunStore(paths.data_folder(settings()) / "runs.sqlite", keep_days=settings().keep_days)
            _manager = Manager(settings(), store, Pool(settings()), find_data=own_data, prunes=[uploads().prune])
        return _manager


def use(other: Manager) -> None:
    """Let everything from now on go through another manager (tests)."""
    global _manager, _awake
    with _lock:
        _manager, _awake = other, True


def wake() -> None:
    """Start the workers; called once the first page is on its way, so that they do not delay it."""
    global _awake
    with _lock:
        if _awake:
            return
        _awake = True
    threading.Timer(WAKE_SECONDS, manager().start).start()


def shut_down() -> None:
    """Store what runs and end the workers."""
    global _manager, _awake
    with _lock:
        ending, _manager, _awake = _manager, None, False
    if ending is not None:
        ending.stop()
