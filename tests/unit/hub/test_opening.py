"""Weights from outside: numbers are read, and nothing in a file is ever run."""

from __future__ import annotations

import collections
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from playground.core.errors import ModelUnavailable
from playground.hub import opening

TENSORS = {"a.weight": torch.arange(6.0).reshape(2, 3), "a.bias": torch.zeros(2)}


class Bomb:
    """Unpickled by an ordinary reader, it leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.trace}",)


def equal(found: dict[str, torch.Tensor]) -> bool:
    return found.keys() == TENSORS.keys() and all(torch.equal(found[name], TENSORS[name]) for name in TENSORS)


def test_safetensors_and_checkpoints_give_the_same_tensors(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "a.safetensors")
    torch.save(TENSORS, tmp_path / "a.pt")
    torch.save(TENSORS, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": collections.OrderedDict(TENSORS)}, tmp_path / "nested.pth")
    torch.save({"model": {f"module.{name}": one for name, one in TENSORS.items()}}, tmp_path / "parallel.pt")
    for name in ("a.safetensors", "a.pt", "old.pth", "nested.pth", "parallel.pt"):
        assert equal(opening.weights(tmp_path / name)), name


@pytest.mark.parametrize("new", [True, False])
def test_a_pickle_that_runs_a_command_is_refused_by_name_and_runs_nothing(tmp_path: Path, new: bool) -> None:
    trace = tmp_path / "trace"
    torch.save({"a": torch.zeros(2), "b": Bomb(trace)}, tmp_path / "bomb.pt", _use_new_zipfile_serialization=new)
    with pytest.raises(ModelUnavailable, match=r"bomb\.pt was not opened: beside weights it holds \w+\.system"):
        opening.weights(tmp_path / "bomb.pt")
    assert not trace.exists()
    torch.load(tmp_path / "bomb.pt", weights_only=False)  # the bomb is a real one
    assert trace.exists()


def test_a_plain_pickle_with_a_command_runs_nothing(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(Bomb(trace)))
    with pytest.raises(ModelUnavailable, match=r"plain\.pth"):
        opening.weights(tmp_path / "plain.pth")
    assert not trace.exists()


def test_a_whole_model_is_refused_unless_its_classes_are_on_the_list(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 3), tmp_path / "model.pt")
    with pytest.raises(ModelUnavailable, match=r"torch\.nn\.modules\.linear\.Linear"):
        opening.checkpoint(tmp_path / "model.pt")
    assert isinstance(opening.checkpoint(tmp_path / "model.pt", [torch.nn.Linear]), torch.nn.Linear)
    with pytest.raises(ModelUnavailable, match="Linear"):  # the list was for that one file
        opening.checkpoint(tmp_path / "model.pt")


def broken(place: Path) -> dict[str, Path]:
    save_file(TENSORS, place / "cut.safetensors")
    os.truncate(place / "cut.safetensors", 60)
    torch.save(TENSORS, place / "cut.pt")
    os.truncate(place / "cut.pt", 300)
    (place / "html.pt").write_text("<html>")
    (place / "html.safetensors").write_text("<html>")
    (place / "empty.pth").write_bytes(b"")
    with zipfile.ZipFile(place / "zip.pt", "w") as file:
        file.writestr("archive/data.pkl", b"\x80\x02]q\x00.")
    torch.save([1, 2], place / "list.pt")
    torch.save({"a": 1}, place / "numbers.pt")
    np.save(place / "array.npy", np.zeros(3))
    return {path.name: path for path in place.iterdir()}


@pytest.mark.parametrize(
    "name",
    [
        "cut.safetensors",
        "cut.pt",
        "html.pt",
        "html.safetensors",
        "empty.pth",
        "zip.pt",
        "list.pt",
        "numbers.pt",
        "array.npy",
    ],
)
def test_a_broken_file_gets_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        opening.weights(broken(tmp_path)[name])
    words = str(caught.value)
    assert words.startswith(name) and "\n" not in words and len(words) < 400
