"""What opens and runs ultralytics' networks tells nobody, fetches nothing, installs nothing and leaves the home directory alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from playground.core import libraries, paths
from tests import yolo_file

DETECT = """
import os, socket, subprocess, sys
from pathlib import Path

def no(*given, **named):
    print("TRIED", given, named)
    raise OSError("there is no network and no other program here")

socket.socket.connect = socket.create_connection = socket.getaddrinfo = no
class Popen(subprocess.Popen):
    def __init__(self, command, *given, **named):
        words = command if isinstance(command, str) else " ".join(map(str, command))
        if "pip" in words or "uv" in words.split():
            no(words)
        super().__init__(command, *given, **named)
subprocess.Popen = Popen

from playground.core import libraries
models = Path(sys.argv[1])
libraries.set_up(models)
from PIL import Image
from playground.catalog.listing import Catalog
from playground.hub.desk import Desk
cards = Catalog.read(models).cards
desk = Desk(models, budget=10**9, megabytes=1, megapixels=1)
image = Image.new("RGB", (64, 64))
with desk.detector(cards["yolo11n"]) as model:
    model.raw(model.prepare([image])[0].pixels)
with desk.classifier(cards["yolo11n-cls"]) as model:
    model.probabilities([image])
desk.close()
from ultralytics.utils import ONLINE, SETTINGS, SETTINGS_FILE
from ultralytics.utils.checks import AUTOINSTALL
print("FOUND", ONLINE, AUTOINSTALL, SETTINGS_FILE)
"""


def test_a_fresh_process_opens_and_detects_without_network_home_or_installer(tmp_path: Path) -> None:
    home, models, work = (tmp_path / name for name in ("home", "models", "work"))
    home.mkdir()
    work.mkdir()
    for name in ("yolo11n", "yolo11n-cls"):
        yolo_file.made(models, name)
    ours = libraries.environment(models).keys()
    environ = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("PYTEST")}
    environ |= {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(paths.PACKAGE.parent)}
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        environ.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", DETECT, str(models)], cwd=work, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("FOUND "), done.stdout  # nothing was tried, and nothing else was said
    settings = models / ".libraries" / "ultralytics" / "Ultralytics" / "settings.json"
    assert done.stdout.split("FOUND ")[1].strip() == f"False False {settings}"
    assert list(home.rglob("*")) == [] and list(work.rglob("*")) == []
