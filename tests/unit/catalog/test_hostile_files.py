"""A file in the models folder that describes more than anybody could look at: told by limits, and the others stay as they are.

Nothing here waits: what must never be touched says so when it is, and what may be looked at so often counts.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from playground.catalog import headers, pickle_steps, scan, tensor_files
from playground.catalog.listing import Catalog
from playground.catalog.pickle_steps import Steps
from playground.catalog.scan_gan import generator_at
from playground.catalog.tensor_files import flat, told
from playground.core.errors import ModelUnavailable
from playground.core.quoting import harmless

MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + b"\x80\x02M\xe9\x03." + b"\x80\x02}q\x00."
NESTED = b"X\x04\x00\x00\x00leaf\x85" + b"2\x86" * 3
"""A tuple that holds one thing eight times; with a step more for each doubling it would be as many as one likes."""
FILES = {
    "key of a tensor": (MAGIC + b"\x80\x02}." + b"\x80\x02]" + NESTED + b"a.", "do not fit each other"),
    "name of a class": (MAGIC + b"\x80\x02" + NESTED + b"X\x01\x00\x00\x00x\x93.", "no short word"),
    "key of a store": (
        MAGIC + b"\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + NESTED + b"X\x03\x00\x00\x00cpuK\x01tQ.", "no short word",
    ),
    "key of a dictionary": (MAGIC + b"\x80\x02}" + NESTED + b"K\x01s.", "neither a word nor"),
    "items of a dictionary": (
        MAGIC + b"\x80\x02ccollections\nOrderedDict\n](" + NESTED + b"K\x01\x86e\x85R.", "filled in a way",
    ),
    "shape": (MAGIC + b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(NK\x00" + NESTED + b"\x85)tR.", "a shape has"),
    "view of a store": (
        MAGIC + b"\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01" + NESTED + b"tQ.",
        "store of numbers is none",
    ),
}  # fmt: skip


class Never:
    """What nobody may look at more closely than at its type."""

    def _touched(self, *_: Any) -> Any:
        raise AssertionError("an object of the pickle was hashed, compared or written")

    __hash__ = __eq__ = __str__ = __repr__ = __format__ = _touched  # type: ignore[assignment]


class Counted(dict[str, Any]):
    """Says how often anybody looked into it, and not much more often."""

    looks = 0

    def items(self) -> Any:
        Counted.looks += 1
        assert Counted.looks <= 1000, "looked into far too often"
        return super().items()


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """The word ``leaf`` of a pickle is a thing that must not be touched."""
    genops = pickle_steps.pickletools.genops

    def marked(pickled: Any) -> Iterator[Any]:
        return ((step, Never() if given == "leaf" else given, at) for step, given, at in genops(pickled))

    monkeypatch.setattr(pickle_steps.pickletools, "genops", marked)


@pytest.fixture
def reckoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is multiplied but a few whole numbers of a usual size."""

    def careful(numbers: Any) -> int:
        held = list(numbers)
        assert len(held) <= 8
        assert all(type(n) is int and n <= 2**31 for n in held)
        return prod(held)

    for module in (tensor_files, pickle_steps, headers):
        monkeypatch.setattr(module, "prod", careful)


def header(shape: str, place: str = "0,0", name: str = "w") -> bytes:
    text = f'{{"{name}":{{"dtype":"F32","shape":[{shape}],"data_offsets":[{place}]}}}}'.encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize("name", FILES)
def test_no_object_of_a_pickle_is_hashed_compared_or_written(name: str, tmp_path: Path, never: None) -> None:
    content, words = FILES[name]
    (tmp_path / "bad.pth").write_bytes(content)
    with pytest.raises(ModelUnavailable, match=words):
        told(tmp_path / "bad.pth")


def test_steps_of_all_pickles_of_a_file_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_steps, "STEPS", 20)
    steps = Steps()
    steps.take(io.BytesIO(b"\x80\x02" + b"N0" * 8 + b"N."))
    assert steps.taken == 19
    with pytest.raises(ValueError, match="too long"):
        steps.take(io.BytesIO(b"\x80\x02N."))
    with pytest.raises(IndexError):
        Steps().take(io.BytesIO(b"\x80\x02t."))  # no mark


def test_dictionaries_that_hold_each_other_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Counted()
    held.update({str(number): held for number in range(20)})
    monkeypatch.setattr(tensor_files, "VISITS", 900)
    monkeypatch.setattr(Counted, "looks", 0)
    with pytest.raises(ValueError, match="over and over"):
        flat(held, str)
    monkeypatch.setattr(tensor_files, "TENSORS", 3)
    with pytest.raises(ValueError, match="more than 3 tensors"):
        flat({str(number): "" for number in range(9)}, str)
    keys = b"".join(b"X" + struct.pack("<I", 4) + b"%04d" % number + b"h\x00" for number in range(20))
    (tmp_path / "wide.pth").write_bytes(MAGIC + b"\x80\x02}q\x00(" + keys + b"u." + b"\x80\x02].")
    with pytest.raises(ModelUnavailable, match="over and over"):
        told(tmp_path / "wide.pth")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (header("1,1e400"), "a shape has"),
        (header(",".join(["1e308"] * 300)), "no shape"),
        (header(",".join(["1" + "0" * 4000] * 9)), "no shape"),
        (header("1" + "0" * 4000), "a shape has"),
        (header("true"), "a shape has"),
        (header("-1"), "a shape has"),
        (header('"1"'), "a shape has"),
        (header("1", "0,1e400"), "no place"),
        (header("1", "0,4.0"), "no place"),
        (header("0", name="\\ud800\\u202e"), "no word"),
        (struct.pack("<Q", 100_000) + b"[" * 100_000, "nested far deeper"),
        (struct.pack("<Q", 8) + b"\xff" * 8, "no JSON"),
    ],
)
def test_a_header_is_reckoned_with_only_where_it_holds_numbers(
    content: bytes, words: str, tmp_path: Path, reckoned: None
) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=words) as caught:
        told(path)
    assert str(caught.value).isprintable()
    if "no word" not in words:
        with pytest.raises(ModelUnavailable, match="no readable safetensors header"):
            headers.parameters(path)


def test_a_pickles_shape_is_reckoned_with_only_where_it_holds_numbers(tmp_path: Path, reckoned: None) -> None:
    store = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQ"
    large = b"\x8b" + struct.pack("<i", 1000) + b"\x7f" * 1000
    for shape, strides, words in (
        (b"(" + large * 9 + b"t", b")", "no shape"),
        (large + b"\x85", b"K\x00\x85", "a shape has"),
        (b"G" + struct.pack(">d", 1e308) + b"\x85", b"K\x00\x85", "a shape has"),
        (b"K\x01\x85", b"K\x00K\x00\x86", "has no numbers"),
        (b"K\x01K\x01\x86", b"K\x00\x85", "has no numbers"),
    ):
        build = b"ctorch._utils\n_rebuild_tensor_v2\n(" + store + b"K\x00" + shape + strides + b"tR"
        (tmp_path / "bad.pth").write_bytes(MAGIC + b"\x80\x02}X\x01\x00\x00\x00w" + build + b"s.")
        tensor_files._told.cache_clear()
        with pytest.raises(ModelUnavailable, match=words):
            told(tmp_path / "bad.pth")


def test_one_bad_file_is_listed_and_the_others_are_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = save({"generator.0.weight": np.zeros((64, 20), np.float32), "generator.0.bias": np.zeros(64, np.float32)})
    (tmp_path / "good.safetensors").write_bytes(good)
    (tmp_path / "bad.safetensors").write_bytes(header("1,1e400", name="\\ud800"))
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "config.json").write_text(json.dumps({"format": "playground-gan", "latents": 10**30}))
    (tmp_path / "ours" / "model.safetensors").write_bytes(good)
    (tmp_path / "timm").mkdir()
    (tmp_path / "timm" / "config.json").write_text('{"architecture": "resnet18", "input_size": [1e400, 1, 1]}')
    (tmp_path / "timm" / "model.safetensors").write_bytes(good)
    catalog = Catalog.read(tmp_path)
    assert {"good", "ours"} <= set(catalog.cards)
    assert [one.path for one in catalog.problems] == ["bad.safetensors", "timm"]
    for error in (OverflowError("inf"), RecursionError("deep"), MemoryError(), KeyError("x"), AttributeError("y")):

        def broken(*_: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(scan, "gan_file", broken)
        assert [one.path for one in Catalog.read(tmp_path).problems] == ["bad.safetensors", "good.safetensors", "timm"]


def test_a_broken_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.safetensors").write_bytes(header("1,1e400"))
    reads = list[Path]()
    monkeypatch.setattr(tensor_files, "_safetensors", lambda path, size: reads.append(path) or [][0])
    for _ in range(3):
        with pytest.raises(ModelUnavailable, match="makes no sense"):
            told(tmp_path / "bad.safetensors")
    assert len(reads) == 1


def test_a_zip_of_far_too_many_files_is_not_listed(tmp_path: Path) -> None:
    for end in (
        b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 9_000_000, 0, 0),
        b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 9, 9, 9_000_000, 0)
        + b"PK\x06\x07" + struct.pack("<IQI", 0, 9_000_000, 1) + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 2**32 - 1, 0, 0),
    ):  # fmt: skip
        path = tmp_path / f"many{len(end)}.pth"
        path.write_bytes(b"PK\x03\x04" + bytes(100) + end)
        with pytest.raises(ModelUnavailable, match="far more files"):
            told(path)


def test_a_link_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    (tmp_path / "gone.pth").symlink_to("nowhere")
    (tmp_path / "round.pth").symlink_to("round.pth")
    for name in ("gone.pth", "round.pth"):
        with pytest.raises(ModelUnavailable, match="leads nowhere"):
            generator_at(tmp_path / name)


def test_what_is_quoted_neither_turns_a_line_around_nor_breaks_it() -> None:
    assert harmless("a\u202eb\n\ud800c\x1b[31m") == "a b c [31m"
    assert harmless("x" * 1000) == "x" * 60 + "…"
    assert harmless(" " * 1000 + "x", 5) == "…"
    assert harmless("as it is") == "as it is"
