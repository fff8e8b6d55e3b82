"""Generators in the models folder are told by names and shapes, and nothing in a file is built to tell."""

from __future__ import annotations

import importlib
import io
import json
import os
import pickle
import shutil
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from playground.catalog.card import Local, Starter
from playground.catalog.cards import CARDS
from playground.catalog.cards_gan import FOREIGN, GENERATE, OURS
from playground.catalog.listing import Catalog
from playground.catalog.scan import scan
from playground.catalog.scan_gan import generator_at
from playground.catalog.tensor_files import told
from playground.core.errors import ModelUnavailable

SHARED = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test data in {SHARED}")
STATE = {"0.weight": torch.zeros(64, 20), "0.bias": torch.zeros(64), "1.num_batches_tracked": torch.tensor(3)}


class Evil:
    """Runs a command where a pickle is simply loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch pwned",)


def saved(held: Any, *, older: bool = False) -> bytes:
    file = io.BytesIO()
    torch.save(held, file, _use_new_zipfile_serialization=not older)
    return file.getvalue()


def packed(pickled: bytes, **others: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", pickled)
        for name, content in others.items():
            archive.writestr(f"a/data/{name}", content)
    return file.getvalue()


def header(said: dict[str, Any]) -> bytes:
    text = json.dumps(said).encode()
    return struct.pack("<Q", len(text)) + text


def test_files_of_every_kind_are_told_alike(tmp_path: Path) -> None:
    nested = {
        "epoch": 3,
        "G": STATE,
        "lr": 0.1,
        "optimizer": {"state": {0: {"step": torch.zeros(())}}, "param_groups": [{"betas": (0.5, 0.9)}]},
    }
    (tmp_path / "new.pth").write_bytes(saved(STATE))
    (tmp_path / "older.ckpt").write_bytes(saved(STATE, older=True))
    (tmp_path / "nested.pt").write_bytes(saved(nested))
    (tmp_path / "safe.safetensors").write_bytes(save({name: one.numpy() for name, one in STATE.items()}))
    (tmp_path / "halves.pth").write_bytes(saved({"w": torch.nn.Parameter(torch.zeros(2, 3, dtype=torch.bfloat16))}))
    wanted = {"0.weight": (64, 20), "0.bias": (64,)}
    assert told(tmp_path / "new.pth").shapes == told(tmp_path / "older.ckpt").shapes == wanted
    assert dict(told(tmp_path / "safe.safetensors").shapes) == wanted
    found = told(tmp_path / "nested.pt")
    assert found.shapes == {f"G.{name}": shape for name, shape in wanted.items()} and found.others == ()
    assert told(tmp_path / "halves.pth").shapes == {"w": (2, 3)}


def test_what_lies_there_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.pth").write_bytes(saved(STATE))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "mine.ckpt").write_bytes(saved(STATE, older=True))
    (tmp_path / "below" / "mine.json").write_text('{"out": "sigmoid"}')
    (tmp_path / "somebody.pt").write_bytes(saved(torch.nn.Linear(1, 1)))
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "config.json").write_text(json.dumps({"format": OURS, "latents": 20, "licence": "mit"}))
    (kept / "model.safetensors").write_bytes(save({"generator.0.weight": np.zeros((64, 20), np.float32)}))
    catalog = Catalog.read(tmp_path)
    assert catalog.problems == ()
    found = {name: card for name, card in catalog.cards.items() if name not in CARDS}
    assert {name: (card.source, card.architecture, card.parameters) for name, card in found.items()} == {
        "mine": (Local("", ("mine.pth",)), FOREIGN, 1344),
        "below-mine": (Local("below", ("mine.json", "mine.ckpt")), FOREIGN, 1344),
        "kept": (Local("kept", ("config.json", "model.safetensors")), OURS, 1280),
    }
    assert {card.task for card in found.values()} == {GENERATE} and "from 20 random numbers" in found["mine"].summary
    assert catalog.best(GENERATE).name == "gan_digits" and next(iter(found.values())) in catalog.ready(GENERATE)
    kept.rename(tmp_path / "gan_digits")  # a name of ours: both are there
    cards = Catalog.read(tmp_path).cards
    assert isinstance(cards["gan_digits"].source, Starter) and cards["gan_digits-local"].parameters == 1280
    (tmp_path / "gan_digits").rename(kept)
    assert generator_at(tmp_path / "mine.pth") == found["mine"] and generator_at(kept).source == found["kept"].source


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "classifier.pth": (lambda: saved({"0.weight": torch.zeros(8, 1, 3, 3), "3.weight": torch.zeros(10, 8)}), "no picture comes out"),
    "critic.pth": (lambda: saved({"0.weight": torch.zeros(8, 3, 4, 4), "2.weight": torch.zeros(1, 8, 4, 4)}), "pictures go into"),
    "bert.pth": (lambda: saved({"e.weight": torch.zeros(64, 8), "e.LayerNorm.weight": torch.ones(8)}), "a transformer's"),
    "nothing.pth": (lambda: saved({}), "holds no weights"),
    "counts.pth": (lambda: saved({"0.weight": torch.zeros(64, 20, dtype=torch.int64)}), "holds no weights"),
    "empty.pth": (lambda: b"", "is empty"),
    "page.pth": (lambda: b"<html>", "no checkpoint of torch's"),
    "cut.pth": (lambda: saved(STATE)[:2000], "cut short"),
    "cut.ckpt": (lambda: saved(STATE, older=True)[:2000], "the file has 2,000"),
    "evil.pth": (lambda: saved({**STATE, "x": Evil()}), r"(posix|nt)\.system, which could run code"),
    "evil.ckpt": (lambda: saved({**STATE, "x": Evil()}, older=True), r"(posix|nt)\.system, which could run code"),
    "bare.ckpt": (lambda: pickle.dumps(Evil()), "no checkpoint of torch's"),
    "module.pth": (lambda: saved(torch.nn.Linear(2, 2)), "Save the weights alone"),
    "wide.pth": (lambda: saved({"0.weight": torch.zeros(1).expand(784, 100_000)}), "784 x 100000 numbers of 1"),
    "bomb.pth": (lambda: packed(b"\x80\x02}.", **{"0": b"\0" * 5_000_000}), "packed tighter"),
    "laughing.pth": (lambda: packed(b"\x80\x02})q\x01" + b"h\x01h\x01\x86q\x01" * 60 + b"K\x01s."), "makes no sense"),
    "long.pth": (lambda: packed(b"\x80\x02" + b"N0" * 250_000 + b"}.", **{"0": os.urandom(100_000)}), "its pickle is too long"),
    "claims.safetensors": (
        lambda: header({"0.weight": {"dtype": "F32", "shape": [784, 700_000], "data_offsets": [0, 2_195_200_000]}}), "lies outside",
    ),
    "long.safetensors": (lambda: struct.pack("<Q", 2_000_000_000) + b"{}", "no header"),
    "short.safetensors": (
        lambda: header({"0.weight": {"dtype": "F32", "shape": [64, 20], "data_offsets": [0, 8]}}) + bytes(8), "does not fill",
    ),
    "deep.safetensors": (lambda: struct.pack("<Q", 80_000) + b"[" * 80_000, "no whole file"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_listed_with_the_reason(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content, words = REFUSED[name]
    (tmp_path / "models").mkdir()
    path = tmp_path / "models" / name
    path.write_bytes(content())
    (found,) = scan(tmp_path / "models")
    assert found.card is None and found.path == name
    with pytest.raises(ModelUnavailable, match=words):
        generator_at(path)
    assert not (tmp_path / "pwned").exists()


def test_names_that_say_nothing_a_person_could_use_are_refused(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "absent.pth", "is needed"),
        (tmp_path / "notes.txt", "is needed"),
        (tmp_path, "no config.json"),
    ):
        with pytest.raises(ModelUnavailable, match=words):
            generator_at(path)


def test_nothing_is_imported_to_tell() -> None:
    for name in ("scan_gan", "tensor_files"):
        assert not {"torch", "pickle"} & set(vars(importlib.import_module(f"playground.catalog.{name}")))
    assert sys.modules["playground.catalog.tensor_files"] is importlib.import_module("playground.catalog.tensor_files")


@shared
def test_the_generators_that_there_are_to_test_with_are_found(tmp_path: Path) -> None:
    for path in (SHARED / "weights" / "gan").iterdir():
        shutil.copy(path, tmp_path)
    cards = Catalog.read(tmp_path).cards
    assert (cards["dcgan_mnist_generator"].parameters, cards["mlp_gan_mnist_G"].parameters) == (747_841, 283_920)
