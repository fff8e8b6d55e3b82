"""Fetch a model's files: whole and checked, or not at all.

The protocol is the hub library's own (addresses, metadata, ranges, redirects). What is ours is around it: a partial file
outlives a lost connection and the process, two processes that want the same model fetch it once, nothing is under its
final name before its hash is right, and every failure is said in words. The record beside the files (``folder``) is
written last: a model without it is not on disk.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from filelock import FileLock

from playground.catalog import folder as on_disk
from playground.catalog.card import Asset, Card, Hub
from playground.core.errors import ModelUnavailable, PlaygroundError

Progress: TypeAlias = Callable[[int, int], None]
"""Told bytes done and bytes in all; what it raises ends the download, which goes on from there next time."""

T = TypeVar("T")

TRIES = 3
"""How often a file is asked for where the server answers that it is busy; lost connections are resumed by the library."""

CHUNK = 1 << 18
"""Bytes between two words on how far it is. With the library's own 10 MB a small model's bar would jump from 0 to done."""

ASSETS = "https://github.com/ultralytics/assets/releases/download"


@dataclass(frozen=True)
class Wanted:
    """One file as the server announces it.

    Attributes:
        name: In the repository.
        url: Where it lies.
        size: In bytes; 0 where the server does not say.
        sha256: Its hash, where the server or the card knows it.
        git: Its git hash, which the hub gives for small files instead.
        commit: The commit it belongs to.
    """

    name: str
    url: str
    size: int = 0
    sha256: str = ""
    git: str = ""
    commit: str = ""


def fetch(
    card: Card, folder: Path, *, quota: int = 0, offline: bool = False, progress: Progress | None = None
) -> on_disk.Record:
    """Bring a model's files to disk, if they are not there yet.

    Args:
        card: The model; its source must be a hub's or an asset.
        folder: The models folder.
        quota: Bytes that the folder may hold in all; 0 is no limit.
        offline: Whether nothing may be downloaded.
        progress: Told how far it is.

    Raises:
        ModelUnavailable: It cannot be had, in words that say why and what to do.
    """
    held = on_disk.find(card, folder)
    if held is not None:
        return held
    if not isinstance(card.source, Hub | Asset):
        raise ModelUnavailable(f"{card.title} is not downloaded: it {card.source}.")
    if offline:
        raise ModelUnavailable(
            f"{card.title} is not on disk, and this server is set to stay offline (PLAYGROUND_OFFLINE). "
            f"Put its files into the models folder, or start without that setting."
        )
    with _alone(folder, card.name):
        held = on_disk.find(card, folder)  # another process may have been quicker
        if held is not None:
            return held
        with _worded(card):
            return _fetch(card, card.source, folder, quota, progress or (lambda done, total: None))


def _fetch(card: Card, source: Hub | Asset, folder: Path, quota: int, progress: Progress) -> on_disk.Record:
    wanted = [_announced(card, source, name) for name in source.files]
    total = sum(one.size for one in wanted)
    _make_room(card, folder, total, quota)
    target, done = folder / card.name, 0
    parts = target / on_disk.PARTS
    parts.mkdir(parents=True, exist_ok=True)
    fetched = {}
    for one in wanted:
        before = done

        def tell(inside: int, before: int = before) -> None:
            progress(before + inside, max(total, before + inside))

        part = parts / f"{one.name.replace('/', '--')}.part"
        _download(one, part, tell)
        fetched[one.name] = on_disk.Held(_checked(card, one, part), part.stat().st_size)
        done += fetched[one.name].bytes
    for one in wanted:
        place = target / one.name
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(parts / f"{one.name.replace('/', '--')}.part", place)
    shutil.rmtree(parts, ignore_errors=True)
    commit = next((one.commit for one in wanted if one.commit), "")
    asked = (source.repository, source.revision) if isinstance(source, Hub) else ()
    record = on_disk.Record(str(source), commit, fetched, time.time(), *asked)
    on_disk.write(record, target)
    return record


def _announced(card: Card, source: Hub | Asset, name: str) -> Wanted:
    """What the server says of a file before it sends it."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url  # takes a third of a second: only where it is wanted

    expected = card.sha256.get(name, "")
    if isinstance(source, Asset):
        return Wanted(name, f"{os.environ.get('PLAYGROUND_ASSETS', ASSETS)}/{source.release}/{name}", sha256=expected)
    url = hf_hub_url(source.repository, name, revision=source.revision, endpoint=os.environ.get("HF_ENDPOINT"))
    said = _asked(lambda: get_hf_file_metadata(url, token=False))
    tag = said.etag or ""
    digest = tag if len(tag) == 64 else ""
    if not digest and len(tag) != 40:
        raise ModelUnavailable(f"{card.title}: the hub announces no hash for {name}, so it could not be checked.")
    if expected and digest and digest != expected:
        raise ModelUnavailable(
            f"{card.title}: the hub now holds another {name} than this version of the playground knows. "
            f"It was not downloaded; update the playground, or tell whoever maintains it."
        )
    return Wanted(
        name, said.location, said.size or 0, expected or digest, tag if len(tag) == 40 else "", said.commit_hash or ""
    )


def _asked(ask: Callable[[], T]) -> T:
    """Ask, and ask again where the server is busy; the library's own way of doing so takes half a minute and says it aloud."""
    from huggingface_hub.errors import HfHubHTTPError

    for attempt in range(TRIES):
        try:
            return ask()
        except HfHubHTTPError as error:
            if error.response.status_code < 500 or attempt == TRIES - 1:
                raise
        time.sleep(0.5 * 2**attempt)
    raise AssertionError("the last try raises")


def _make_room(card: Card, folder: Path, total: int, quota: int) -> None:
    """Raise where quota or disk do not have the room."""
    used = on_disk.size(folder)
    if quota and used + total > quota:
        raise ModelUnavailable(
            f"{card.title} needs {total / 1e6:,.0f} MB, but models may take {quota / 1e9:,.1f} GB here and "
            f"{used / 1e9:,.1f} GB are taken. Remove one first (playground models remove NAME, or prune)."
        )
    free = shutil.disk_usage(folder).free
    if total > 0.95 * free:
        raise ModelUnavailable(
            f"{card.title} needs {total / 1e6:,.0f} MB, but only {free / 1e6:,.0f} MB of disk are free."
        )


def _download(wanted: Wanted, part: Path, tell: Callable[[int], None]) -> None:
    """Bring one file into its partial file, going on where an earlier try ended."""
    from huggingface_hub import constants
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.file_download import http_get

    constants.DOWNLOAD_CHUNK_SIZE = CHUNK

    def ask() -> None:
        with part.open("ab") as file:
            done = file.tell()
            if wanted.size and done > wanted.size:  # of another version
                file.truncate(done := 0)
            if not wanted.size or done < wanted.size:
                http_get(
                    wanted.url, file, resume_size=done, expected_size=wanted.size or None, headers={},
                    tqdm_class=_bar(tell, done),
                )  # fmt: skip

    try:
        _asked(ask)
    except HfHubHTTPError as error:
        if error.response.status_code != 416:  # it has no such range: the file became another one
            raise
        part.unlink()
        _asked(ask)


def _checked(card: Card, wanted: Wanted, part: Path) -> str:
    """The file's sha256; a file with a wrong one is thrown away."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    right = digest == wanted.sha256 if wanted.sha256 else True
    if wanted.git and not wanted.sha256:
        content = part.read_bytes()  # small: the hub keeps large files by their sha256
        right = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == wanted.git
    if not right:
        part.unlink()
        raise ModelUnavailable(
            f"{card.title}: what arrived as {wanted.name} is not what the hub announced (its hash is another). "
            f"It was thrown away; try again, and if it happens twice, suspect what lies between."
        )
    return digest


def _bar(tell: Callable[[int], None], begun: int) -> Any:
    """A progress bar as the hub library wants one, which only passes the number on."""

    class Bar:
        def __init__(self, *_: Any, initial: float = begun, **__: Any) -> None:
            self.done = int(initial)

        def update(self, n: float = 1) -> None:
            self.done += int(n)
            tell(self.done)

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *_: object) -> None: ...

    return Bar


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[None]:
    """Only one process (and one thread of it) fetches a model; the others wait and find it there."""
    locks = folder / on_disk.LOCKS
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"{name}.lock"):
        yield


@contextmanager
def _worded(card: Card) -> Iterator[None]:
    """Turn what went wrong on the way into words."""
    import httpx2
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled

    later = "Whatever did arrive is kept: the next try goes on from there."
    try:
        yield
    except PlaygroundError:
        raise
    except GatedRepoError:
        raise ModelUnavailable(f"{card.title}: the hub gives it only to those who accepted its terms there.") from None
    except OfflineModeIsEnabled:
        raise ModelUnavailable(f"{card.title} is not on disk, and HF_HUB_OFFLINE is set.") from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403, 404):
            raise ModelUnavailable(
                f"{card.title}: {card.source} does not exist, or not for everyone ({status})."
            ) from None
        raise ModelUnavailable(
            f"{card.title}: the hub answers that it cannot serve it now (status {status}). {later} Try again in a while."
        ) from None
    except httpx2.TimeoutException:
        raise ModelUnavailable(f"{card.title}: the hub did not answer in time. {later}") from None
    except httpx2.TransportError as error:
        raise ModelUnavailable(
            f"{card.title}: the hub cannot be reached from this server ({type(error).__name__}). {later} "
            f"What is on disk can be used meanwhile."
        ) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelUnavailable(f"{card.title}: the disk is full. Remove another model first. {later}") from None
        raise ModelUnavailable(f"{card.title}: the download broke off ({error}). {later}") from None
