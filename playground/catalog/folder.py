"""The models folder: what was downloaded there, whether it is still what it was, and how to be rid of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from playground.catalog.card import Card, Local, Starter
from playground.core import paths
from playground.core.errors import ModelUnavailable

RECORD, PARTS, LOCKS = "playground.json", ".parts", ".locks"
CHUNK = 1 << 20
STARTERS = paths.PACKAGE / "hub" / "starters"


@dataclass(frozen=True)
class Held:
    """One file on disk.

    Attributes:
        sha256: As it was when it was fetched.
        bytes: Its size.
    """

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Record:
    """A downloaded model.

    Attributes:
        source: Where it came from, in words.
        commit: The hub's commit; empty where there is none.
        files: Its files by name.
        fetched: When, in seconds since 1970.
        repository: The hub's repository; empty where it came from elsewhere.
        revision: The branch, tag or commit that was asked for.
    """

    source: str
    commit: str
    files: Mapping[str, Held]
    fetched: float
    repository: str = ""
    revision: str = ""

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(held.bytes for held in self.files.values())


def find(card: Card, folder: Path) -> Record | None:
    """The record of a model that is completely on disk; ``None`` for any other.

    Files that somebody copied there by hand count too: a folder of the model's name with all its files in it.
    """
    home = place(card, folder)
    record = read(home)
    if record is not None and _whole(home, record):
        return record
    files = [home / name for name in card.source.files]
    if record is None and files and all(path.is_file() for path in files):
        held = {name: Held("", path.stat().st_size) for name, path in zip(card.source.files, files, strict=True)}
        return Record("put there by hand", "", held, max(path.stat().st_mtime for path in files))
    return None


def read(place: Path) -> Record | None:
    """The record in a model's folder; ``None`` where there is none or it cannot be read."""
    try:
        said = json.loads((place / RECORD).read_text(encoding="utf-8"))
        files = {str(name): Held(str(one["sha256"]), int(one["bytes"])) for name, one in said["files"].items()}
        asked = str(said.get("repository", "")), str(said.get("revision", ""))
        return Record(str(said["source"]), str(said["commit"]), files, float(said["fetched"]), *asked)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(record: Record, place: Path) -> None:
    """Keep a record; until this is done the model does not count as downloaded."""
    text = json.dumps(asdict(record), indent=1)
    fresh = place / f"{RECORD}.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(place / RECORD)


def verify(card: Card, folder: Path, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Read every file of a model again and compare it with its record.

    Args:
        card: The model.
        folder: The models folder.
        progress: Told bytes read and bytes in all; what it raises ends the reading.

    Returns:
        One sentence for each file that is not as it was; none where all is well.

    Raises:
        ModelUnavailable: It is not on disk.
    """
    home = place(card, folder)
    record = read(home) or find(card, folder)
    if record is None:
        raise ModelUnavailable(f"{card.title} is not on disk.")
    problems, before = [], 0
    for name, held in record.files.items():

        def tell(inside: int, before: int = before) -> None:
            if progress:
                progress(before + inside, max(record.bytes, before + inside))

        before += held.bytes
        expected = card.sha256.get(name) or held.sha256
        path = home / name
        if not path.is_file():
            problems.append(f"{name} is missing.")
        elif path.stat().st_size != held.bytes:
            problems.append(f"{name} has {path.stat().st_size:,} bytes instead of {held.bytes:,}.")
        elif not expected:
            problems.append(f"{name} was put there by hand: there is no hash to compare it with.")
        elif _sha256(path, tell) != expected:
            problems.append(f"{name} is not what was fetched: its hash is another.")
    return problems


def remove(card: Card, folder: Path) -> int:
    """Delete a model's folder and return how many bytes that freed; raises ``ModelUnavailable`` where there is none."""
    if isinstance(card.source, Starter):
        raise ModelUnavailable(
            f"{card.title} comes with the playground and takes no room of the models folder: it stays."
        )
    if isinstance(card.source, Local):
        raise ModelUnavailable(f"{card.title} was put into the models folder by hand; take it out by hand, too.")
    place = folder / card.name
    if not place.is_dir():
        raise ModelUnavailable(f"{card.title} is not on disk.")
    freed = size(place)
    shutil.rmtree(place)
    return freed


def prune(cards: Iterable[Card], folder: Path) -> int:
    """Delete what is left of downloads that did not end: partial files, and models whose record and files disagree.

    What was put there by hand has no record and is left alone; what was fetched by name and has no card counts, too.

    Returns:
        How many bytes that freed.
    """
    places = [folder / card.name for card in cards if not isinstance(card.source, Local | Starter)]
    if folder.is_dir():
        places += [place for place in folder.iterdir() if (place / RECORD).is_file() or (place / PARTS).is_dir()]
    freed = 0
    for place in dict.fromkeys(places):
        if not place.is_dir() or place.is_symlink():
            continue
        record = read(place)
        broken = record is not None and not _whole(place, record)
        doomed = place if broken else place / PARTS
        freed += size(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
        if not broken and not any(place.iterdir()):
            place.rmdir()
    return freed


def size(place: Path) -> int:
    """Bytes of all files below a folder; 0 where there is none. Links are not followed."""
    found = 0
    for folder, _, names in os.walk(place):
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # a download that ends just now moves its files
                status = os.lstat(os.path.join(folder, name))
                found += status.st_size if stat.S_ISREG(status.st_mode) else 0
    return found


def place(card: Card, folder: Path) -> Path:
    """The folder of a model's files; a starter's lies in the package, whatever the models folder."""
    if isinstance(card.source, Starter):
        return STARTERS / card.source.folder
    return folder / (card.source.folder if isinstance(card.source, Local) else card.name)


def _whole(place: Path, record: Record) -> bool:
    """Whether all of a record's files are there, with the size they had."""
    files = ((place / name, held.bytes) for name, held in record.files.items())
    return all(path.is_file() and path.stat().st_size == expected for path, expected in files)


def _sha256(path: Path, tell: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
            tell(file.tell())
    return digest.hexdigest()
