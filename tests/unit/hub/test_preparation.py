"""What a network is fed is what timm's transform makes, to the last bit, and we know which part of the picture that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from playground.hub.preparation import Preparation
from tests.timm_folder import drawn

CONFIGS: dict[str, dict[str, Any]] = {
    "center": {"input_size": (3, 64, 64), "crop_pct": 0.875, "crop_mode": "center", "interpolation": "bicubic"},
    "whole": {"input_size": (3, 64, 64), "crop_pct": 1.0, "crop_mode": "center", "interpolation": "bilinear"},
    "squash": {"input_size": (3, 32, 32), "crop_pct": 1.0, "crop_mode": "squash", "interpolation": "bicubic"},
    "border": {"input_size": (3, 64, 64), "crop_pct": 1.0, "crop_mode": "border", "interpolation": "bicubic"},
    "wide": {"input_size": (3, 48, 80), "crop_pct": 0.9, "crop_mode": "center", "interpolation": "bicubic"},
}
SIZES = [(120, 90), (90, 120), (97, 96), (400, 30), (20, 200), (9, 9)]


def prepared(name: str) -> Preparation:
    return Preparation({**CONFIGS[name], "mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)})


@pytest.mark.parametrize("name", CONFIGS)
def test_it_is_timms_own_transform_bit_for_bit(name: str) -> None:
    preparation = prepared(name)
    images = [drawn(seed, (max(size[0], 10), max(size[1], 10))) for seed, size in enumerate(SIZES)]
    wanted = torch.stack([preparation.transform(image) for image in images]).numpy()
    found = preparation(images)
    assert found.dtype == np.float32 and found.flags["C_CONTIGUOUS"]
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("size", SIZES[:4])
def test_the_part_that_is_fed_is_where_the_network_looks(name: str, size: tuple[int, int]) -> None:
    """A picture whose red grows to the right and whose green grows downwards says where each fed pixel came from."""
    preparation = prepared(name)
    width, height = size
    ramp = np.zeros((height, width, 3), np.uint8)
    ramp[..., 0] = np.linspace(0, 255, width)[None]
    ramp[..., 1] = np.linspace(0, 255, height)[:, None]
    (fed,) = preparation([Image.fromarray(ramp)])
    values = fed * np.array(preparation.std)[:, None, None] + np.array(preparation.mean)[:, None, None]
    box = preparation.crop_of(width, height)
    _, high, wide = preparation.input_size
    across = box.left + (np.arange(wide) + 0.5) / wide * (box.right - box.left)
    down = box.top + (np.arange(high) + 0.5) / high * (box.bottom - box.top)
    inside_x, inside_y = (across > 0.1) & (across < 0.9), (down > 0.1) & (down < 0.9)
    middle = values[:, inside_y][:, :, inside_x]
    tolerance = 0.02 + 1.5 / min(width, height)
    assert np.abs(middle[0].mean(0) - across[inside_x]).max() < tolerance
    assert np.abs(middle[1].mean(1) - down[inside_y]).max() < tolerance


def test_whatever_is_squashed_is_seen_whole() -> None:
    box = prepared("squash").crop_of(640, 480)
    assert (box.left, box.top, box.right, box.bottom) == (0, 0, 1, 1)
