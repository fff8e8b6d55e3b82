"""The libraries keep their things in the models folder, and tell nobody anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.core import libraries, paths

LOOK = """
import json, os, sys
from pathlib import Path
from playground.cli import main
try:
    main(["list", "settings", "--json"])
except SystemExit:
    pass
import onnxruntime, timm, torch
from huggingface_hub import constants
import torch.hub
try:
    import matplotlib
    matplotlib_folder = matplotlib.get_configdir()
except ImportError:
    matplotlib_folder = ""
print("LOOKED" + json.dumps({
    "hub": [constants.HF_HOME, constants.HF_HUB_CACHE],
    "silent": [constants.HF_HUB_DISABLE_TELEMETRY, constants.HF_HUB_DISABLE_XET],
    "torch": torch.hub.get_dir(),
    "matplotlib": matplotlib_folder,
}))
"""


def test_what_is_imported_after_the_command_line_keeps_its_things_in_the_models_folder(tmp_path: Path) -> None:
    ours = libraries.environment(tmp_path).keys()
    environ = {name: value for name, value in os.environ.items() if name not in ours}
    home, models, work = tmp_path / "home", tmp_path / "models", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    environ |= {"HOME": str(home), "PLAYGROUND_MODELS": str(models), "PYTHONDONTWRITEBYTECODE": "1"}
    environ |= {"PYTHONPATH": str(paths.PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=work, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.split("LOOKED")[1])
    folder = str(models / ".libraries")
    places = [*found["hub"], found["torch"], *([found["matplotlib"]] if found["matplotlib"] else [])]
    assert all(place.startswith(folder) for place in places), places
    assert found["silent"] == [True, True]
    assert list(home.rglob("*")) == [] and list(work.rglob("*")) == []


def test_what_the_owner_set_stays(tmp_path: Path) -> None:
    environ = {"HF_HOME": "mine", "DO_NOT_TRACK": "0"}
    libraries.set_up(tmp_path, environ)
    assert (environ["HF_HOME"], environ["DO_NOT_TRACK"]) == ("mine", "0")
    assert environ.keys() == libraries.environment(tmp_path).keys()
    assert environ["TORCH_HOME"] == str(tmp_path / ".libraries" / "torch")


def test_a_relative_folder_means_the_same_wherever_a_process_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert libraries.environment(Path("models"))["HF_HOME"] == str(tmp_path / "models" / ".libraries" / "huggingface")
