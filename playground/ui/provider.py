"""The one place where pages and routes get what they share: settings, the manager of runs, the stores.

It is no part of the entry module on purpose: ``streamlit run`` imports that file under another name, and a second copy
would have a manager of its own. Tests call ``use`` to put an inline executor in its place.
"""

from __future__ import annotations

import functools
import logging
import threading
from typing import Any

from playground.catalog.listing import Catalog
from playground.core import paths
from playground.core.settings import Settings
from playground.data.dataset import Dataset
from playground.data.image_set import OwnPictures
from playground.data.table import Table, read_table
from playground.data.text_lists import TextFile, read_texts
from playground.data.text_set import LabelledTexts
from playground.data.text_table import labelled_texts
from playground.jobs.inference import Inference, WorkerInference
from playground.jobs.manager import Manager
from playground.jobs.pool import Pool
from playground.jobs.pulls import Pulls
from playground.jobs.set_pulls import SetPulls
from playground.specs.cnn import CNNSpec
from playground.specs.finetune import FinetuneSpec
from playground.specs.gan import GANSpec
from playground.specs.mlp import MLPSpec
from playground.specs.spec import Spec
from playground.store.clips import ClipStore
from playground.store.runs import RunStore
from playground.store.uploads import UploadStore

log = logging.getLogger("playground")

WAKE_SECONDS = 2.0  # the first picture is drawn by then; whoever presses Play sooner starts the workers at once
WARM_SECONDS = 60.0  # then the process that runs pretrained models starts, whether the trainers are ready or not
_lock = threading.RLock()
_manager: Manager | None = None
_catalog: Catalog | None = None
_pulls: Pulls | None = None
_inference: Inference | None = None
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


@functools.cache
def picture_sets() -> UploadStore:
    """Where visitors' own pictures are kept to learn from, decoded and small, each set for its own visitor."""
    return UploadStore(
        paths.data_folder(settings()) / "picture_sets",
        keep_days=settings().keep_days,
        max_bytes=5 * settings().own_pictures_megabytes * 1_000_000,
        visitor_bytes=6 * settings().own_pictures_megabytes * 1_000_000,
        total_bytes=100 * settings().own_pictures_megabytes * 1_000_000,
    )


@functools.cache
def clips() -> ClipStore:
    """Where uploaded clips are kept while they are looked at, one for each visitor."""
    limits = settings()
    return ClipStore(
        paths.data_folder(limits) / "clips",
        max_bytes=limits.video_megabytes * 1_000_000,
        keep_seconds=limits.clip_minutes * 60,
    )


def own_data(upload: str, visitor: str, spec: Spec) -> Dataset | OwnPictures | LabelledTexts:
    """A visitor's own table, pictures or texts as the experiment wants them.

    Raises:
        RunNotFound: They are no longer kept, or they are someone else's.
        InputError: They cannot be used as the experiment says.
    """
    if isinstance(spec, CNNSpec | GANSpec):
        return OwnPictures(picture_sets().place(visitor, upload))
    if isinstance(spec, FinetuneSpec):
        return labelled_texts(own_texts(upload, visitor), spec.text_column, spec.label_column)
    assert isinstance(spec, MLPSpec)
    return own_table(upload, visitor).dataset(spec.columns, spec.target, spec.target_kind)


def own_texts(upload: str, visitor: str) -> TextFile:
    """A visitor's own file of texts and labels; raises as ``own_data`` does."""
    name, content = uploads().get(visitor, upload)
    return parsed_texts(content, name)


@functools.lru_cache(maxsize=8)
def parsed_texts(content: bytes, name: str) -> TextFile:
    """A file of texts within this server's limits; raises ``InputError`` on anything else."""
    limits = settings()
    return read_texts(
        content,
        name,
        max_bytes=limits.upload_megabytes * 1_000_000,
        max_rows=limits.upload_rows,
        max_columns=limits.upload_columns,
    )


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
            _manager = Manager(
                settings(),
                store,
                Pool(settings()),
                find_data=own_data,
                prunes=[uploads().prune, picture_sets().prune, clips().prune],
            )
        return _manager


def catalog() -> Catalog:
    """The models that can be named here, as the models folder was when it was last looked through."""
    found = _catalog
    return found if found is not None else rescan()


def rescan() -> Catalog:
    """Look through the models folder again; done at first use, after each download, and when the owner asks."""
    global _catalog
    read = Catalog.read(paths.models_folder(settings()))
    with _lock:
        _catalog = read
    return read


def pulls() -> Pulls:
    """The downloads of this server; on a public one it refuses every visitor."""
    global _pulls
    with _lock:
        if _pulls is None:
            limits = settings()
            _pulls = Pulls(
                paths.models_folder(limits),
                int(limits.models_gigabytes * 1e9),
                bool(limits.offline),
                allowed=limits.mode == "local",
                arrived=rescan,
            )
        return _pulls


@functools.cache
def set_pulls() -> SetPulls:
    """The downloads of sets of pictures; on a public server it refuses every visitor."""
    return SetPulls(settings())


def inference() -> Inference:
    """What answers questions to pretrained models. Its process starts at the first one, or once the trainers are ready."""
    global _inference
    with _lock:
        if _inference is None:
            _inference = WorkerInference(settings(), paths.models_folder(settings()))
        return _inference


def use_inference(other: Inference) -> None:
    """Let every question from now on be answered by another (tests)."""
    global _inference
    with _lock:
        _inference = other


def health() -> dict[str, Any]:
    """How busy the server is, in numbers."""
    asked = inference()
    models = {"ready": asked.ready, "waiting": asked.waiting, "models": len(asked.standing())}
    return {**manager().health(), "inference": models}


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
    threading.Timer(WAKE_SECONDS, _start, [manager()]).start()


def _start(trainers: Manager) -> None:
    """Start one process after the other: trainers first, because most pages want those."""
    trainers.start()
    trainers.pool.wait_until_warm(WARM_SECONDS)
    with _lock:
        if _manager is trainers:  # the server has not been shut down meanwhile
            inference().start()


def shut_down() -> None:
    """Store what runs and end the workers."""
    global _manager, _awake, _catalog, _pulls, _inference
    with _lock:
        ending, _manager, _awake = _manager, None, False
        downloads, _pulls, _catalog = _pulls, None, None
        answering, _inference = _inference, None
    if downloads is not None:
        downloads.stop()
    if answering is not None:
        answering.stop()
    if ending is not None:
        ending.stop()
    if set_pulls.cache_info().currsize:
        set_pulls().stop()
        set_pulls.cache_clear()
    if clips.cache_info().currsize:
        clips().clear()
        clips.cache_clear()
