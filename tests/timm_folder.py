"""Folders as timm saves them, with small random networks, and photos to ask them about: for tests."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")

TEN = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def timm_folder(models: Path, name: str, architecture: str = "test_resnet", side: int = 64, **said: Any) -> Path:
    """A network of ten classes in a models folder; its statistics are drawn at random, so that no two pictures look alike."""
    import timm
    import torch
    from safetensors.torch import save_file
    from torch import nn

    import playground.hub.cifar_net  # noqa: F401

    torch.manual_seed(len(name))
    sized = {"img_size": side} if "vit" in architecture else {}
    network = timm.create_model(architecture, num_classes=10, **sized)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
        if isinstance(module, nn.Linear) and module.out_features == 10:
            nn.init.normal_(module.weight, std=0.5)
    place = models / name
    place.mkdir(parents=True)
    save_file(network.state_dict(), place / "model.safetensors")
    fed = {
        "input_size": [3, side, side],
        "crop_pct": 0.9,
        "interpolation": "bicubic",
        "mean": [0.5, 0.4, 0.3],
        "std": [0.2, 0.3, 0.25],
    }
    config = {
        "architecture": architecture, "num_classes": 10, "label_names": TEN, "model_args": sized, "pretrained_cfg": fed, **said
    }  # fmt: skip
    (place / "config.json").write_text(json.dumps(config))
    return place


def drawn(seed: int, size: tuple[int, int] = (120, 90)) -> Image.Image:
    """A picture with large structures."""
    cells = np.random.default_rng(seed).integers(0, 256, (size[1] // 10, size[0] // 10, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize(size, Image.Resampling.BICUBIC)


def png(image: Image.Image) -> bytes:
    """As a file, without loss."""
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
