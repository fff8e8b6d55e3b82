"""``playground predict classify``: JSON and nothing but JSON, or one clear line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from playground.cli import main
from playground.hub import answers
from tests.timm_folder import TEN, drawn, png, timm_folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYGROUND_MODELS", str(tmp_path / "models"))
    timm_folder(tmp_path / "models", "ten")
    for seed in range(3):
        (tmp_path / f"{seed}.png").write_bytes(png(drawn(seed)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(["predict", "classify", *words])
    except SystemExit as ended:  # of argparse
        status = int(str(ended.code))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_each_file_gets_its_row_in_one_batch(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    real = answers.classify
    monkeypatch.setattr(
        answers, "classify", lambda desk, card, asked, say: batches.append(len(asked)) or real(desk, card, asked, say)
    )
    status, out, err = run(capsys, "--model", "ten", "0.png", "1.png", "2.png", "1.png", "--top", "3", "--json")
    assert (status, err, batches) == (0, "", [4])
    rows = json.loads(out)
    assert [row["file"] for row in rows] == ["0.png", "1.png", "2.png", "1.png"]
    for row in rows:
        assert (
            row.keys() == {"file", "model", "predictions", "seconds"} and row["model"] == "ten" and row["seconds"] > 0
        )
        assert len(row["predictions"]) == 3
        for one in row["predictions"]:
            assert one.keys() == {"label", "index", "score"} and TEN[one["index"]] == one["label"]
        assert 1 >= row["predictions"][0]["score"] >= row["predictions"][1]["score"] > 0
    assert rows[1]["predictions"] == rows[3]["predictions"] != rows[0]["predictions"]


def test_without_a_model_the_best_on_disk_answers_and_a_table_is_printed(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "0.png", "--top", "2")
    assert status == 0
    assert out.startswith("0.png  (ten (local), ") and out.count(" %  ") == 2 and out.count("\n") == 3


def test_a_model_with_a_threshold_says_whether_it_refuses(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, threshold, refused in (("sure", -1e9, False), ("shy", 1e9, True)):
        timm_folder(place / "other", name, refusal={"score": "max_logit", "threshold": threshold})
        status, out, _ = run(capsys, "--model", name, "--models-dir", "other", "0.png", "--json")
        assert status == 0 and json.loads(out)[0]["refused"] is refused
    _, out, _ = run(capsys, "--model", "shy", "--models-dir", "other", "0.png")
    assert "none of its classes" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.png",), "'gone.png' cannot be read: No such file or directory"),
        (("0.png", "folder"), "'folder' is a folder; name the pictures in it"),
        (("pipe",), "'pipe' is no ordinary file"),
        (("0.png", "page.jpg"), "page.jpg is not a picture that can be read here"),
        (("empty.jpg",), "empty.jpg is empty"),
        (("large.jpg",), "'large.jpg' has 200 MB; at most 20 MB are taken"),
        (("0.png", "--model", "tne"), "Did you mean 'ten'?"),
        (("0.png", "--model", "resnet18"), "ResNet-18 is not on disk. Fetch it first: playground models pull resnet18"),
        (("0.png", "--models-dir", "nowhere"), "There is no folder nowhere"),
        (("0.png", "--model", "bad"), "weights are not those of a test_resnet"),
        (("0.png", "--top", "0"), "'0' is not 1 to 20"),
        (("0.png", "--top", "21"), "'21' is not 1 to 20"),
        (("0.png", "--top", "many"), "'many' is not a whole number"),
        ((), "FILE"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(
    place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    (place / "folder").mkdir()
    os.mkfifo(place / "pipe")
    (place / "page.jpg").write_text("<html>")
    (place / "empty.jpg").touch()
    with (place / "large.jpg").open("wb") as file:
        file.truncate(200_000_000)
    bad = timm_folder(place / "models", "bad") / "config.json"
    bad.write_text(json.dumps(json.loads(bad.read_text()) | {"num_classes": 7}))
    status, out, err = run(capsys, *words, "--json")
    assert (status, out) == (2, "")
    assert said in err and err.count("\n") == 1
