"""``playground run cnn``: the page's numbers in a terminal, from named sets and from a folder or zip of one's own."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from playground.cli import main
from playground.core.events import Finished
from playground.functional.convnet import RUNNING
from playground.specs.cnn import CNNSpec
from playground.training.cnn import fit

QUICK = ["--epochs", "2", "--most", "150", "--json"]


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.err == ""
    return [json.loads(line) for line in captured.out.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error that a bad command line earns."""
    assert main(["run", "cnn", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err


def test_lines_are_the_numbers_of_the_loop_and_the_last_one_tells_the_test(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    named = ["--dataset", "digits", "--preset", "vgg", "--seed", "4", "--augment", "-", "--save", str(tmp_path / "net")]
    assert main(["run", "cnn", *named, *QUICK]) == 0
    told = lines(capsys)
    assert [row.get("epoch") for row in told] == [1, 2, 2] and [row.get("done") for row in told] == [None, None, True]
    last = told[-1]
    spec = CNNSpec(dataset="digits", preset="vgg", seed=4, augment=(), epochs=2, most=150)
    event = next(event for event in fit(spec) if isinstance(event, Finished))
    assert {name: last[name] for name in event.metrics} == dict(event.metrics)
    assert 0 < last["seconds"] < last["wall_seconds"] and last["images_per_second"] > 0
    assert last["saved"] == str(tmp_path / "net")
    card = json.loads((tmp_path / "net" / "card.json").read_text())
    weights = load_file(tmp_path / "net" / "model.safetensors")
    assert (
        sum(array.size for name, array in weights.items() if not name.endswith(RUNNING))
        == card["parameters"]
        == spec.plan().parameters
    )
    assert {"predict.py", "model.onnx", "check.npz"} <= {file.name for file in (tmp_path / "net").iterdir()}


def folder(top: Path) -> Path:
    rng = np.random.default_rng(0)
    for name, level in (("night", 20), ("day", 180)):
        (top / name).mkdir(parents=True)
        for number in range(12):
            Image.fromarray(rng.integers(level, level + 60, (24, 30, 3), dtype=np.uint8)).save(
                top / name / f"{number}.png"
            )
    return top


def test_a_folder_and_a_zip_of_class_folders_are_learnt_alike(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    top = folder(tmp_path / "sky")
    with zipfile.ZipFile(tmp_path / "sky.zip", "w") as archive:
        for file in sorted(top.rglob("*.png")):
            archive.write(file, file.relative_to(tmp_path))
    blocks = [
        "--blocks",
        "conv:4:3:1:1:bn,gap",
        "--side",
        "16",
        "--epochs",
        "6",
        "--batch-size",
        "4",
        "--lr",
        "0.02",
        "--json",
    ]
    for given in (top, tmp_path / "sky.zip"):
        assert main(["run", "cnn", "--dataset", str(given), *blocks]) == 0
    told = [row for row in lines(capsys) if "done" in row]
    assert told[0]["test_accuracy"] == told[1]["test_accuracy"] == 1
    assert told[0]["val_loss"] == told[1]["val_loss"]


def test_words_without_json_and_only_every_nth(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "cnn", "--dataset", "digits", "--most", "100", "--epochs", "3", "--every", "2"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in out[:2]] == [["epoch", "2"], ["epoch", "3"]] and out[2].startswith("done")


def test_a_divergence_has_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    wild = [
        "--optimizer",
        "sgd",
        "--lr",
        "1",
        "--schedule",
        "constant",
        "--activation",
        "identity",
        "--weight-decay",
        "0.1",
    ]
    assert main(["run", "cnn", "--dataset", "digits", "--blocks", "dense:64,dense:64,dense:64", *wild, "--json"]) == 1
    last = lines(capsys)[-1]
    assert last["done"] and "lower the learning rate" in last["diverged"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dataset", "nothing"], "no set of pictures, folder or zip"),
        (["--dataset", "mnist", "--data-dir", "/nowhere"], "There is no folder /nowhere"),
        (["--dataset", "mnist", "--data-dir", "{empty}"], "MNIST"),
        (["--dataset", "{empty}"], "no pictures"),
        (["--preset", "vgg", "--blocks", "max:2"], "exclude each other"),
        (["--blocks", "conv:8:3:1:0,max:40"], "Block"),
        (["--lr", "7"], "Learning rate"),
        (["--preset", "alexnet"], "Network"),
        (["--save", "{file}/net"], "cannot be made"),
        (["--device", "abacus"], "no device"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    places = {"{empty}": str(tmp_path / "empty"), "{file}": str(tmp_path / "file")}
    given = [
        next((text.replace(mark, place) for mark, place in places.items() if mark in text), text) for text in arguments
    ]
    assert words in refused(capsys, *given)
