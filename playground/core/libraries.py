"""Where the libraries that run pretrained models keep their own things, and what they may not do by themselves.

They read the environment when they are imported, so this is set before any of them is; processes started later inherit it.
What the owner of a server has set stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

FOLDER = ".libraries"


def environment(models: Path) -> dict[str, str]:
    """Every variable with its value, for a models folder: caches lie in it, nobody is told anything, nothing is installed."""
    home = models.absolute() / FOLDER
    return {
        "HF_HOME": str(home / "huggingface"),
        "TORCH_HOME": str(home / "torch"),
        "YOLO_CONFIG_DIR": str(home / "ultralytics"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "TRITON_CACHE_DIR": str(home / "triton"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_XET": "1",
        "DO_NOT_TRACK": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "YOLO_AUTOINSTALL": "false",
        "YOLO_OFFLINE": "true",
        "YOLO_VERBOSE": "false",
        "NO_ALBUMENTATIONS_UPDATE": "1",
    }


def set_up(models: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set what is not set yet; call it before one of the libraries is imported."""
    for name, value in environment(models).items():
        environ.setdefault(name, value)
