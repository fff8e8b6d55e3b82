"""``playground run gan``: the page's numbers in a terminal, and the folder that it leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from playground.cli import main
from playground.core.events import Finished
from playground.functional.gan_file import unpack
from playground.specs.gan import PRESETS, GANSpec
from playground.training import gan_measure
from playground.training.gan import fit

QUICK = ["--epochs", "2", "--most", "100", "--width", "8", "--batch-size", "32", "--json"]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few samples are looked at."""
    monkeypatch.setattr(gan_measure, "MADE", {1: 60, 3: 20})


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error that a bad command line earns."""
    assert main(["run", "gan", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err


def test_lines_are_the_numbers_of_the_loop_and_the_folder_holds_the_generator(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    place = tmp_path / "net"
    assert (
        main(
            [
                "run",
                "gan",
                "--preset",
                "conditional",
                "--loss",
                "nonsaturating",
                "--seed",
                "4",
                "--save",
                str(place),
                *QUICK,
            ]
        )
        == 0
    )
    captured = capsys.readouterr()
    told: list[dict[str, Any]] = [json.loads(line) for line in captured.out.splitlines()]
    assert captured.err == "" and [(row["epoch"], row["step"]) for row in told] == [(1, 3), (2, 6), (2, 6)]
    settings = {**PRESETS["conditional"].settings, "loss": "nonsaturating"}
    spec = GANSpec(**settings, epochs=2, most=100, width=8, batch_size=32, seed=4)
    event = next(event for event in fit(spec) if isinstance(event, Finished))
    last = told[-1]
    assert last["done"] and {name: last[name] for name in event.metrics} == dict(event.metrics)
    assert {"frechet", "confidence", "coverage", "asked"} <= last.keys() and last["images_per_second"] > 0
    assert last["saved"] == str(place) and {"predict.py", "README.md"} <= {file.name for file in place.iterdir()}
    pair, _, facts = unpack((place / "model.safetensors").read_bytes(), json.loads((place / "config.json").read_text()))
    assert pair == spec.pair() and facts["seed"] == 4 and facts["steps"] == 6
    assert np.asarray(Image.open(place / "samples.png")).std() > 5


def test_what_cannot_be_trained_is_said_in_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "wasserstein" in refused(capsys, "--loss", "wgan")
    assert "Unknown preset 'dcgam'. Did you mean 'dcgan'?" in refused(capsys, "--preset", "dcgam")
    assert "no set of pictures, folder or zip" in refused(capsys, "--dataset", "minst")
    assert "Learning rate" in refused(capsys, "--lr", "7")
    assert "cannot be made" in refused(capsys, "--save", "/proc/no")
    assert "playground datasets pull" in refused(capsys, "--dataset", "mnist", "--data-dir", str(tmp_path))
