"""Folders as timm saves them, with small random networks, and photos to ask them about: for tests."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")

LABELS = ("cat", "dog", "parrot")
TEN = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def timm_folder(models: Path, name: str, architecture: str = "test_resnet", side: int = 64, **said: Any) -> Path:
    """A network of ten classes in a models folder; its statistics are drawn at random, so that no two pictures look alike."""
    import timm
    import torch
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
    uneven = {"interpolation": "bicubic", "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.3, 0.25]}
    return _saved(models / name, network, architecture, side, TEN, uneven, model_args=sized, **said)


def telling(
    models: Path, name: str, labels: Sequence[str] = LABELS, *, seed: int = 0, side: int = 64, **said: Any
) -> Path:
    """A network that tells one picture from another, and says something else where a picture is turned or attacked.

    Its batch norms see our examples first, and its last layer is centred on them and made strong.
    """
    import timm
    import torch

    from playground.data.examples import EXAMPLES

    torch.manual_seed(seed)
    network = timm.create_model("test_resnet", num_classes=len(labels))
    pictures = [
        Image.open(io.BytesIO(one.photo().content)).convert("RGB").resize((side, side)) for one in EXAMPLES.values()
    ]
    x = torch.from_numpy(np.stack([np.asarray(one, np.float32) for one in pictures])).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.no_grad():
        for _ in range(30):
            network.train()(x)
        network.eval()
        head = network.get_classifier()
        features = network.forward_head(network.forward_features(x), pre_logits=True)
        head.bias.zero_()
        logits = head(features)
        gain = 3 / logits.std(dim=0).mean()
        head.bias.copy_(-gain * logits.mean(dim=0))
        head.weight.mul_(gain)
    even = {"interpolation": "bilinear", "mean": [0.5] * 3, "std": [0.5] * 3}  # as x above
    return _saved(models / name, network, "test_resnet", side, labels, even, **said)


def _saved(
    place: Path, network: Any, architecture: str, side: int, labels: Sequence[str], fed: dict[str, Any], **said: Any
) -> Path:
    from safetensors.torch import save_file

    place.mkdir(parents=True)
    save_file(network.state_dict(), place / "model.safetensors")
    cfg = {"input_size": [3, side, side], "crop_pct": 0.9, **fed}
    config = {
        "architecture": architecture, "num_classes": len(labels), "label_names": list(labels), "pretrained_cfg": cfg, **said
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
