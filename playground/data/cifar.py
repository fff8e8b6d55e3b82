"""CIFAR-10: as a zip of JPEG files in class folders, or as its makers publish it (for Python, or as bytes).

Reading it the first time takes up to half a minute; the decoded pictures are then kept in one file of the data folder, by the
size and time of what they were read from.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core import paths
from playground.core.errors import InputError, PlaygroundError
from playground.core.settings import Settings
from playground.data.image_set import ImageSet, Labelled

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
COUNTS = {"train": 45_000, "val": 5_000, "test": 10_000}
EACH = {"train": 5_000, "test": 1_000}
"""Files of each class in each folder of the zip."""
ZIPS = ("cifar10-jpg.zip", "cifar10.zip")
PYTHON, BINARY = "cifar-10-batches-py", "cifar-10-batches-bin"
NAMES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch")
BATCH = 10_000
"""Pictures in each of those."""
_ROW = 1 + 3 * 32 * 32

Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many pictures of how many have been read."""


def here(folder: Path) -> bool:
    """Whether it can be read."""
    return _place(folder) is not None


def ready(folder: Path) -> bool:
    """Whether it can be read within a second or two: published in a quick form, or decoded before."""
    place = _place(folder)
    return place is not None and (place.is_dir() or _kept(place).is_file())


def load(folder: Path) -> ImageSet:
    """All of it; raises ``InputError`` where it is not there, or not whole."""
    x, y = prepare(folder)
    val = COUNTS["val"]
    cut = val + COUNTS["train"]
    return ImageSet(
        train=Labelled(x[val:cut], y[val:cut]),
        val=Labelled(x[:val], y[:val]),
        test=Labelled(x[cut:], y[cut:]),
        classes=CLASSES,
    )


def some(folder: Path, n: int) -> Labelled:
    """The first ``n`` validation pictures; no other is decoded."""
    place, n = _found(folder), min(n, COUNTS["val"])
    if place.is_dir():
        x, y = _batch(place, 0)
        return Labelled(x[:n], y[:n])
    if (known := _known(place)) is not None:
        return Labelled(np.array(known[:n]), _turns(n))
    with _archive(place) as archive:
        return Labelled(_jpegs(archive, _in_order(archive, place)[:n], lambda done, total: None), _turns(n))


def prepare(folder: Path, tell: Tell = lambda done, total: None) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Validation, training and test pictures in this order, decoded now or before, ``(60000, 32, 32, 3)``, and their classes.

    Args:
        folder: The folder of pictures.
        tell: Is told how far it is, where decoding takes a while.

    Raises:
        InputError: It is not there, or not whole.
    """
    place = _found(folder)
    if place.is_dir():
        batches = [_batch(place, number) for number in range(len(NAMES))]
        return np.concatenate([x for x, _ in batches]), np.concatenate([y for _, y in batches])
    if (known := _known(place)) is not None:
        return np.array(known), _turns(len(known))
    with _archive(place) as archive:
        x = _jpegs(archive, _in_order(archive, place), tell)
    kept = _kept(place)
    with contextlib.suppress(OSError):  # no room: it is decoded again the next time
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f".{secrets.token_hex(8)}.npy")
        try:
            np.save(partial, x)
            os.replace(partial, kept)
        finally:
            partial.unlink(missing_ok=True)
    return x, _turns(len(x))


def _known(place: Path) -> NDArray[np.uint8] | None:
    """The pictures of a zip that was decoded before, on disk; ``None`` where they are not there, or not whole."""
    try:
        x = np.load(_kept(place), mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return x if x.shape == (sum(COUNTS.values()), 32, 32, 3) and x.dtype == np.uint8 else None


def _turns(n: int) -> NDArray[np.int64]:
    """The classes of the first ``n`` pictures of a zip: they take turns."""
    return np.arange(n, dtype=np.int64) % len(CLASSES)


def _place(folder: Path) -> Path | None:
    """The folder of batches, or else the zip."""
    for top in (folder, folder / "cifar10", folder / "CIFAR10", folder / "cifar-10"):
        for name, end in ((PYTHON, ""), (BINARY, ".bin")):
            for place in (top / name, top):
                if all((place / f"{one}{end}").is_file() for one in NAMES):
                    return place
        for name in ZIPS:
            if (top / name).is_file():
                return top / name
    return None


def _found(folder: Path) -> Path:
    place = _place(folder)
    if place is None:
        raise InputError(
            f"CIFAR-10 is not in {folder}: {PYTHON}, {BINARY} or {ZIPS[0]} is looked for there and in its folder cifar10. "
            "Get it with: playground datasets pull cifar10."
        )
    return place


def _kept(place: Path) -> Path:
    """Where the decoded pictures of a zip are kept; in the system's own place where the data folder cannot be written."""
    status = place.stat()
    stamp = hashlib.sha256(f"{place.name} {status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:16]
    try:
        top = paths.data_folder(Settings.from_environment())
    except PlaygroundError:
        top = Path(tempfile.gettempdir())
    return top / "decoded" / f"cifar10-{stamp}.npy"


@contextlib.contextmanager
def _archive(place: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(place) as archive:
            yield archive
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{place} cannot be read ({error}). Fetch it anew.") from None


def _in_order(archive: zipfile.ZipFile, place: Path) -> list[str]:
    """The files: the first 500 of each class for validation, the rest of the training files, the test files.

    Within each of the three the classes take turns, so that the first pictures are of all kinds.
    """
    names: dict[tuple[str, str], list[str]] = {}
    for name in archive.namelist():
        parts = name.split("/")
        if len(parts) >= 3 and name.endswith(".jpg"):
            names.setdefault((parts[-3], parts[-2]), []).append(name)
    columns = {key: sorted(found) for key, found in names.items()}
    train = [columns.get(("train", one), []) for one in CLASSES]
    test = [columns.get(("test", one), []) for one in CLASSES]
    if {len(one) for one in train} != {EACH["train"]} or {len(one) for one in test} != {EACH["test"]}:
        raise InputError(
            f"{place} does not hold train/ and test/ with {EACH['train']:,} and {EACH['test']:,} JPEG files for each of "
            f"{', '.join(CLASSES)}."
        )
    held = COUNTS["val"] // len(CLASSES)
    shares = ([one[:held] for one in train], [one[held:] for one in train], test)
    return [name for share in shares for row in zip(*share, strict=True) for name in row]


def _jpegs(archive: zipfile.ZipFile, names: list[str], tell: Tell) -> NDArray[np.uint8]:
    x = np.empty((len(names), 32, 32, 3), dtype=np.uint8)
    for one, name in enumerate(names):
        with Image.open(io.BytesIO(archive.read(name)), formats=("JPEG",)) as image:
            if image.size != (32, 32):
                raise InputError(f"{name} has {image.width} x {image.height} pixels; CIFAR-10 has 32 x 32.")
            x[one] = np.asarray(image.convert("RGB"))
        if (one + 1) % 1000 == 0:
            tell(one + 1, len(names))
    return x


def _batch(place: Path, number: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """One of the six files as they are published: each picture's red, green and blue plane, one after another."""
    path = place / NAMES[number]
    binary = not path.is_file()
    path = path.with_name(f"{path.name}.bin") if binary else path
    try:
        if binary:
            rows = np.fromfile(path, dtype=np.uint8).reshape(-1, _ROW)
            planes, y = rows[:, 1:], rows[:, 0].astype(np.int64)
        else:
            with path.open("rb") as file:
                held = _Arrays(file, encoding="bytes").load()
            planes, y = np.asarray(held[b"data"], dtype=np.uint8), np.asarray(held[b"labels"], dtype=np.int64)
        x = np.ascontiguousarray(planes.reshape(BATCH, 3, 32, 32).transpose(0, 2, 3, 1))
        if y.shape != (BATCH,) or not 0 <= y.min() <= y.max() < len(CLASSES):
            raise ValueError(f"{len(y)} answers")
        return x, y
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        IndexError,
        AttributeError,
        pickle.UnpicklingError,
    ) as error:
        raise InputError(f"{path} is not a batch of CIFAR-10 ({error}). Fetch it anew.") from None


class _Arrays(pickle.Unpickler):
    """Makes arrays and nothing else: a pickle can otherwise run anything."""

    def find_class(self, module: str, name: str) -> Any:
        """See ``pickle``."""
        if name == "_reconstruct" and module in ("numpy.core.multiarray", "numpy._core.multiarray"):
            return _empty
        if module == "numpy" and name in ("ndarray", "dtype"):
            return getattr(np, name)
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")


def _empty(kind: Any, shape: Any, code: Any) -> NDArray[Any]:
    """What NumPy's own ``_reconstruct`` does, for plain arrays."""
    return np.ndarray.__new__(np.ndarray, (0,), np.int8)
