"""Sets of pictures that are chosen by name: drawn, installed, read from the files that others publish."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from playground.core.errors import InputError
from playground.data import cifar, drawn_shapes
from playground.data.idx import STARTS
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet

SHARED = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test data in {SHARED}")
NOWHERE = Path("/nowhere")


def same(first: ImageSet, second: ImageSet) -> bool:
    return all(
        (first.share(name).x == second.share(name).x).all() and (first.share(name).y == second.share(name).y).all()
        for name in ("train", "val", "test")
    )


@pytest.mark.parametrize("name", ["shapes", "digits"])
def test_what_is_always_there_is_as_announced_and_the_same_each_time(name: str) -> None:
    entry = IMAGE_SETS[name]
    made = entry.load(NOWHERE)
    assert entry.here(NOWHERE) and made.shape == entry.shape and made.classes == entry.classes
    assert {share: len(made.share(share).x) for share in ("train", "val", "test")} == dict(entry.counts)  # type: ignore[arg-type]
    assert same(made, entry.load(NOWHERE))
    some = entry.some(NOWHERE, 48)
    assert (some.x == made.val.x[:48]).all() and (some.y == made.val.y[:48]).all() and len(some.x) == 48


def test_digits_are_those_that_scikit_learn_installs() -> None:
    made = IMAGE_SETS["digits"].load(NOWHERE)
    x, y = (np.concatenate([getattr(made.share(name), what) for name in ("val", "train", "test")]) for what in "xy")
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.rint(x / (255 / 16)).sum() == 4 * 561_718  # of ink, counted 0 to 16, in four pixels each
    assert y[:10].tolist() == list(range(10)) and x[0, 0, 6, 0] > 180


def test_shapes_are_balanced_and_lie_anywhere() -> None:
    made = IMAGE_SETS["shapes"].load(NOWHERE)
    assert set(np.bincount(made.train.y)) == {300} and set(np.bincount(made.val.y)) == {60}
    light = made.train.x[..., 0] > 140
    assert light.any(axis=(1, 2)).all()
    middle = np.array([np.argwhere(one).mean(axis=0) for one in light])
    assert middle.std(axis=0).min() > 3  # no pixel by itself says what it is
    discs = [drawn_shapes.CLASSES[int(number)] == "disc" for number in made.train.y]
    assert light[discs].sum(axis=(1, 2)).mean() > light.sum(axis=(1, 2)).mean()


def idx(array: NDArray[np.uint8]) -> bytes:
    return b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def written(place: Path, start: bytes, packed: bool = True, n: int = 60) -> Path:
    """Four small idx files whose first answers are given."""
    place.mkdir(parents=True)
    draw = np.random.default_rng(0)
    for share, count in (("train", n), ("t10k", 20)):
        y = draw.integers(0, 10, count).astype(np.uint8)
        y[: len(start)] = np.frombuffer(start, np.uint8)
        x = draw.integers(0, 255, (count, 28, 28)).astype(np.uint8)
        x[:, 0, 0] = np.arange(count)
        for what, array in ((f"{share}-images-idx3-ubyte", x), (f"{share}-labels-idx1-ubyte", y)):
            content = idx(array)
            (place / (f"{what}.gz" if packed else what)).write_bytes(gzip.compress(content) if packed else content)
    return place


@pytest.mark.parametrize(("folder", "packed"), [("mnist", True), ("MNIST/raw", False), (".", True)])
def test_idx_files_are_found_packed_or_not(tmp_path: Path, folder: str, packed: bool) -> None:
    place = tmp_path / "pictures"
    written(place / folder, STARTS["mnist"], packed)
    entry = IMAGE_SETS["mnist"]
    assert entry.here(place) and not IMAGE_SETS["fashion"].here(place)
    made = entry.load(place)
    assert (
        made.val.x[:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4] and made.train.x[0, 0, 0, 0] == 5 and len(made.test.x) == 20
    )
    assert made.val.y[:5].tolist() == [5, 0, 4, 1, 9]
    assert (entry.some(place, 3).x == made.val.x[:3]).all()


def test_what_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    for name in ("mnist", "fashion", "cifar10"):
        assert not IMAGE_SETS[name].here(tmp_path)
        with pytest.raises(InputError, match=f"playground datasets pull {name}"):
            IMAGE_SETS[name].load(tmp_path)


def test_broken_idx_files_are_refused_by_name(tmp_path: Path) -> None:
    place = written(tmp_path / "mnist", STARTS["mnist"])
    pictures = place / "train-images-idx3-ubyte.gz"
    whole = pictures.read_bytes()
    for content, words in (
        (whole[:-2000], "cannot be read"), (gzip.compress(b"no idx at all"), "not an idx file"),
        (gzip.compress(gzip.decompress(whole)[:-100]), "ends early"), (b"no gzip", "cannot be read"),
        (gzip.compress(b"\0\0\x08\x03" + b"\xff" * 12), "claims"), (gzip.compress(idx(np.zeros((60, 8, 8), np.uint8))), "28 x 28"),
    ):  # fmt: skip
        pictures.write_bytes(content)
        with pytest.raises(InputError, match=words):
            IMAGE_SETS["mnist"].load(tmp_path)


@shared
@pytest.mark.parametrize("name", ["mnist", "fashion"])
def test_the_published_files_are_as_announced(name: str) -> None:
    entry = IMAGE_SETS[name]
    folder = SHARED / {"mnist": "mnist", "fashion": "fashion-mnist"}[name]  # as --data-dir may name it
    assert entry.here(SHARED) and entry.here(folder)
    assert not IMAGE_SETS[{"mnist": "fashion", "fashion": "mnist"}[name]].here(folder)
    made = entry.load(folder)
    assert {share: len(made.share(share).x) for share in ("train", "val", "test")} == dict(entry.counts)  # type: ignore[arg-type]
    assert np.bincount(made.test.y).tolist() == (
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] if name == "mnist" else [1000] * 10
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if CIFAR-10 had 120 pictures."""
    monkeypatch.setattr(cifar, "BATCH", 20)
    monkeypatch.setattr(cifar, "COUNTS", {"train": 90, "val": 10, "test": 20})


def pickled(planes: NDArray[np.uint8], y: NDArray[np.uint8]) -> bytes:
    """A batch as its makers' Python 2 wrote it: strings are bytes, and arrays are put together by NumPy's old name."""

    def text(of: bytes) -> bytes:
        return b"U" + bytes([len(of)]) + of

    def number(of: int) -> bytes:
        return b"J" + struct.pack("<i", of)

    none = b"NNN" + number(-1) + number(-1) + number(0)
    kind = b"cnumpy\ndtype\n" + text(b"u1") + number(0) + number(1) + b"\x87R(" + number(3) + text(b"|") + none + b"tb"
    state = b"(" + number(1) + number(planes.shape[0]) + number(planes.shape[1]) + b"\x86" + kind + b"\x89"
    state += b"T" + struct.pack("<I", planes.size) + planes.tobytes() + b"tb"
    empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" + number(0) + b"\x85" + text(b"b") + b"\x87R"
    labels = b"](" + b"".join(number(int(one)) for one in y) + b"e"
    return b"\x80\x02}(" + text(b"data") + empty + state + text(b"labels") + labels + b"u."


def batches(place: Path, binary: bool) -> Path:
    """CIFAR-10 as published, each picture's first value the number of its batch, its answer its own number."""
    place.mkdir()
    for number, name in enumerate(cifar.NAMES):
        planes = np.zeros((20, 3072), np.uint8)
        planes[:, 0], planes[:, 1024 + 33] = number, 77  # red at the upper left; green one below and one to the right
        y = (np.arange(20) % 10).astype(np.uint8)
        if binary:
            (place / f"{name}.bin").write_bytes(np.column_stack([y, planes]).tobytes())
        else:
            (place / name).write_bytes(pickled(planes, y))
    return place


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("name", "binary"), [(cifar.PYTHON, False), (cifar.BINARY, True)])
def test_cifar_is_read_as_its_makers_publish_it(tmp_path: Path, name: str, binary: bool) -> None:
    batches(tmp_path / name, binary)
    entry = IMAGE_SETS["cifar10"]
    assert entry.here(tmp_path) and entry.ready(tmp_path)
    made = entry.load(tmp_path)
    assert [len(made.share(share).x) for share in ("train", "val", "test")] == [90, 10, 20]  # type: ignore[arg-type]
    assert made.val.x[0, 0, 0].tolist() == [0, 0, 0] and made.test.x[0, 0, 0].tolist() == [5, 0, 0]
    assert made.val.x[0, 1, 1].tolist() == [0, 77, 0] and made.val.y[:3].tolist() == [0, 1, 2]
    assert (entry.some(tmp_path, 7).x == made.val.x[:7]).all()


class Harmful:
    """Its pickle runs a command when it is read."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("echo harmed",)


@pytest.mark.usefixtures("small")
def test_a_batch_that_would_run_something_is_refused(tmp_path: Path) -> None:
    place = batches(tmp_path / cifar.PYTHON, binary=False)
    (place / cifar.NAMES[0]).write_bytes(pickle.dumps({b"data": Harmful(), b"labels": []}))
    with pytest.raises(InputError, match="asks for posix.system"):
        IMAGE_SETS["cifar10"].load(tmp_path)


def test_a_zip_of_cifar_is_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cifar, "COUNTS", {"train": 20, "val": 10, "test": 10})
    monkeypatch.setattr(cifar, "EACH", {"train": 3, "test": 1})
    with zipfile.ZipFile(tmp_path / cifar.ZIPS[0], "w") as archive:
        for share, each in (("train", 3), ("test", 1)):
            for number, name in enumerate(cifar.CLASSES):
                for i in range(each):
                    file = io.BytesIO()
                    Image.new("RGB", (32, 32), (20 * number, 50 * i, 200 if share == "test" else 0)).save(
                        file, "JPEG", quality=95
                    )
                    archive.writestr(f"{share}/{name}/{i:04}.jpg", file.getvalue())
    some = cifar.some(tmp_path, 4)
    assert some.y.tolist() == [0, 1, 2, 3] and not cifar.ready(tmp_path)
    first = cifar.load(tmp_path)
    assert cifar.ready(tmp_path)
    monkeypatch.setattr(cifar, "_jpegs", None)  # would be called if anything were decoded again
    assert same(first, cifar.load(tmp_path)) and (cifar.some(tmp_path, 4).x == some.x).all()
    assert np.abs(first.val.x[:, 5, 5].astype(int) - [[20 * i, 0, 0] for i in range(10)]).max() < 12
    assert np.abs(first.train.x[10, 5, 5].astype(int) - [0, 100, 0]).max() < 12 and first.train.y[10] == 0
    assert first.test.x[0, 5, 5, 2] > 180
