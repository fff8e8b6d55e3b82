"""Small random networks on disk as timm saves them, which nevertheless tell one picture from another."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from playground.data.examples import EXAMPLES

SIDE = 64


def network(
    folder: Path, name: str, labels: Sequence[str], *, seed: int = 0, architecture: str = "test_resnet"
) -> None:
    """Write a network of so many classes, at 64 x 64 pixels, into a folder of its own.

    Drawn at random it would say the same of every picture. So its batch norms see our examples first, and its last layer is
    centred on them and made strong: answers differ, and turn where a picture is turned or attacked.
    """
    torch.manual_seed(seed)
    made = timm.create_model(architecture, num_classes=len(labels))
    pictures = [
        Image.open(io.BytesIO(one.photo().content)).convert("RGB").resize((SIDE, SIDE)) for one in EXAMPLES.values()
    ]
    x = torch.from_numpy(np.stack([np.asarray(one, np.float32) for one in pictures])).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.no_grad():
        for _ in range(30):
            made.train()(x)
        made.eval()
        head = made.get_classifier()
        features = made.forward_head(made.forward_features(x), pre_logits=True)
        head.bias.zero_()
        logits = head(features)
        gain = 3 / logits.std(dim=0).mean()
        head.bias.copy_(-gain * logits.mean(dim=0))
        head.weight.mul_(gain)
    place = folder / name
    place.mkdir(parents=True)
    save_file(made.state_dict(), place / "model.safetensors")
    cfg = {
        "input_size": [3, SIDE, SIDE],
        "crop_pct": 0.9,
        "interpolation": "bilinear",
        "mean": [0.5] * 3,
        "std": [0.5] * 3,
    }
    said = {
        "architecture": architecture,
        "num_classes": len(labels),
        "label_names": list(labels),
        "pretrained_cfg": cfg,
    }
    (place / "config.json").write_text(json.dumps(said))
