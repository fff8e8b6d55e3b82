"""``playground run finetune``: a JSON object a line, a folder that can be used, and one clear line for what is wrong."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from playground.cli import main
from tests.text_folder import text_folder
from tests.tuning import sorted_texts

QUICK = ("--epochs", "2", "--longest", "16", "--lr", "1e-3")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tiny model, a table to learn from and one to test on."""
    monkeypatch.setenv("PLAYGROUND_MODELS", str(tmp_path / "models"))
    text_folder(tmp_path / "models", "tiny")
    data = sorted_texts(60)
    rows = [(text, data.classes[label]) for text, label in zip(data.texts, data.y, strict=True)]
    for name, some in (("mine.csv", rows[:45]), ("test.csv", rows[45:])):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("review", "verdict"), *some])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(["run", "finetune", *words])
    except SystemExit as ended:  # of argparse
        status = int(str(ended.code))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_it_tells_each_epoch_and_saves_a_folder_that_can_be_asked(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = ("--csv", "mine.csv", "--text", "review", "--label", "verdict", "--test", "test.csv")
    status, out, err = run(capsys, *table, "--base", "tiny", "--freeze", "1", *QUICK, "--json", "--save", "out/mine")
    assert (status, err) == (0, "")
    first, second, last = (json.loads(line) for line in out.splitlines())
    assert first["epoch"] == 1 and set(first) == {"epoch", "train_loss", "val_loss", "train_accuracy", "val_accuracy"}
    assert second["epoch"] == 2 and last["done"] is True and last["saved"] == str(Path("out/mine"))
    assert last["test_accuracy"] * 15 == pytest.approx(round(last["test_accuracy"] * 15))
    assert (
        0 <= last["baseline_accuracy"] <= 1
        and 0 <= last["majority"] <= 1
        and last["wall_seconds"] > last["seconds"] > 0
    )
    assert main(["predict", "sentiment", "--model", "out/mine", "--json", "--", "the film was dull"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert set(told["scores"]) == {"bad", "dull", "good"}


def test_a_folder_of_ones_own_is_a_base_and_the_same_seed_gives_the_same_numbers(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    once, again = (
        run(capsys, "--csv", "mine.csv", "--base", base, *QUICK, "--json")[1] for base in ("tiny", "models/tiny")
    )
    kept = [
        [{key: value for key, value in json.loads(line).items() if "seconds" not in key} for line in out.splitlines()]
        for out in (once, again)
    ]
    assert kept[0] == kept[1] and kept[0][-1]["done"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--csv", "none.csv"), "'none.csv' cannot be read"),
        (("--csv", "mine.csv", "--text", "reviews"), "Did you mean 'review'?"),
        (("--csv", "mine.csv", "--text", "verdict", "--label", "verdict"), "cannot be both"),
        (("--csv", "models/tiny/model.safetensors"), "not a text file"),
        (("--csv", "mine.csv", "--base", "nobody"), "choose from"),
        (("--csv", "mine.csv", "--dataset", "requests"), "exclude each other"),
        (("--csv", "/dev/zero"), "'/dev/zero' is no ordinary file"),
        (("--csv", "mine.csv", "--test", "fifo"), "'fifo' is no ordinary file"),
        (("--csv", "x" * 5000), "cannot be read: File name too long"),
        (("--save", "~nosuchuser/out"), "there is no such user"),
        (("--save", "x" * 5000), "File name too long"),
        (("--base", "~nosuchuser"), "there is no such user"),
        (("--models-dir", "x" * 5000), "File name too long"),
        (("--text", "review"), "--text is about your own table"),
        (("--dataset", "unwanted", "--base", "tiny", "--lr", "5"), "Learning rate"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    own = () if "--base" in words else ("--base", "tiny")
    os.mkfifo(place / "fifo")
    status, out, err = run(capsys, *words, *own)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
