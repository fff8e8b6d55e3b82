"""``playground datasets``: what there is, and why something cannot be fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.cli import main
from playground.data.idx import STARTS
from tests.unit.data.test_image_sets import written


def test_list_tells_what_is_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "mnist", STARTS["mnist"])
    assert main(["datasets", "list", "--data-dir", str(tmp_path), "--json"]) == 0
    rows = {one["name"]: one for one in json.loads(capsys.readouterr().out)["datasets"]}
    assert [name for name, one in rows.items() if one["here"]] == ["shapes", "digits", "mnist"]
    assert rows["cifar10"]["megabytes"] > 100 and rows["mnist"]["counts"] == {
        "train": 55000,
        "val": 5000,
        "test": 10000,
    }
    assert main(["datasets", "list", "--data-dir", str(tmp_path)]) == 0
    assert "170.5 MB to fetch" in capsys.readouterr().out


def test_pull_of_what_is_here_fetches_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "mnist", STARTS["mnist"])
    assert main(["datasets", "pull", "mnist", "--data-dir", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"]
    assert main(["datasets", "pull", "mnits", "--data-dir", str(tmp_path)]) == 2
    assert "Did you mean 'mnist'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("PLAYGROUND_OFFLINE", "1", "nothing is fetched"), ("PLAYGROUND_PICTURES", ".", "which is only read")],
)
def test_pull_says_why_it_does_not_fetch(
    variable: str,
    value: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    monkeypatch.setenv(variable, value if value == "1" else str(tmp_path))
    assert main(["datasets", "pull", "mnist"]) == 2
    assert words in capsys.readouterr().err
