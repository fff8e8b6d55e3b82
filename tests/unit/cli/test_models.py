"""``playground models``, end to end against a hub on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from playground.cli import main
from tests.hub import Hub
from tests.unit.catalog.test_catalog import tensors


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("resnet18.a1_in1k", "resnet34.a1_in1k"):
        place = tmp_path / "hub" / "timm" / name
        place.mkdir(parents=True)
        (place / "model.safetensors").write_bytes(bytes(5000))
        (place / "config.json").write_text("{}")
    made = Hub(tmp_path / "hub")
    monkeypatch.setenv("HF_ENDPOINT", made.address)
    monkeypatch.setenv("PLAYGROUND_MODELS", str(tmp_path / "models"))
    yield made
    made.stop()


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, object, str]:
    """Status, what was printed as JSON, and what was said as an error."""
    status = main(["models", *words, "--json"])
    said = capsys.readouterr()
    return status, json.loads(said.out) if said.out else None, said.err


def test_pull_list_verify_remove(hub: Hub, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, pulled, _ = run(capsys, "pull", "resnet18")
    assert status == 0 and pulled[0]["on_disk"] and pulled[0]["bytes_on_disk"] == 5002  # type: ignore[index]
    _, listed, _ = run(capsys, "list")
    rows = {one["name"]: one for one in listed["models"]}  # type: ignore[index]
    assert rows["resnet18"]["on_disk"] and not rows["resnet50"]["on_disk"]
    assert len(rows["resnet18"]["sha256"]["model.safetensors"]) == 64
    assert run(capsys, "verify")[:2] == (0, [{"name": "resnet18", "problems": []}])
    (tmp_path / "models" / "resnet18" / "model.safetensors").write_bytes(bytes(4999) + b"x")
    status, verified, _ = run(capsys, "verify", "resnet18")
    assert status == 1 and "is not what was fetched" in verified[0]["problems"][0]  # type: ignore[index]
    assert run(capsys, "remove", "resnet18")[:2] == (
        0,
        [{"name": "resnet18", "freed_bytes": pytest.approx(5400, abs=400)}],
    )
    assert run(capsys, "verify")[:2] == (0, [])
    assert run(capsys, "prune")[:2] == (0, [{"name": "prune", "freed_bytes": 0}])


def test_any_model_of_timms_is_fetched_by_its_name(
    hub: Hub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tensors(tmp_path / "hub" / "timm" / "resnet34.a1_in1k" / "model.safetensors", weight=np.zeros((40, 50), np.float32))
    (tmp_path / "hub" / "timm" / "resnet34.a1_in1k" / "config.json").write_text('{"architecture": "resnet34"}')
    status, pulled, error = run(capsys, "pull", "resnet34")
    assert (status, error) == (0, "") and pulled[0]["name"] == "resnet34" and pulled[0]["on_disk"]  # type: ignore[index]
    assert pulled[0]["source"] == "timm/resnet34.a1_in1k at main on the model hub"  # type: ignore[index]
    _, listed, _ = run(capsys, "list")
    (found,) = [one for one in listed["models"] if one["name"] == "resnet34"]  # type: ignore[index]
    assert found["on_disk"] and found["parameters"] == 2000
    assert run(capsys, "verify", "resnet34")[:2] == (0, [{"name": "resnet34", "problems": []}])
    assert run(capsys, "remove", "resnet34")[0] == 0
    _, listed, _ = run(capsys, "list")
    assert "resnet34" not in [one["name"] for one in listed["models"]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pull", "resnet-18"), "Did you mean 'resnet18'?"),
        (("pull", "resnet50"), "does not exist, or not for everyone (404)"),
        (("remove", "resnet18"), "is not on disk"),
        (("remove", "starter_cifar10"), "comes with the playground"),
        (("pull", "starter_cifar10"), "comes with the playground"),
        (("pull", "google/vit"), "is no name of a timm model"),
        (("list", "--models-dir", "/nowhere/at/all"), "There is no folder /nowhere/at/all"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    hub: Hub, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    status, printed, error = run(capsys, *words)
    assert (status, printed) == (2, None)
    assert said in error and error.count("\n") == 1
