"""Small networks with random weights, as timm saves them: models for tests that need one on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors.torch import save_file

LABELS = ("cat", "dog", "parrot")


def network(folder: Path, name: str, seed: int, labels: tuple[str, ...] = LABELS, **more: Any) -> None:
    """A small random network as timm saves one."""
    torch.manual_seed(seed)
    made = timm.create_model("test_resnet", num_classes=len(labels))
    place = folder / name
    place.mkdir(parents=True)
    save_file(made.state_dict(), place / "model.safetensors")
    cfg = {"input_size": [3, 64, 64], "crop_pct": 0.9, "interpolation": "bilinear", "mean": [0.5] * 3, "std": [0.5] * 3}
    said = {
        "architecture": "test_resnet",
        "num_classes": len(labels),
        "label_names": labels,
        "pretrained_cfg": cfg,
        **more,
    }
    (place / "config.json").write_text(json.dumps(said))
