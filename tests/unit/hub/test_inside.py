"""What a network was fed: the input as it is, the steps to it in true numbers, and the maps of every stage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from torch import nn

from playground.catalog.listing import Catalog
from playground.core.errors import InputError
from playground.core.vision import Fed, Feed, Photo
from playground.hub.cifar_net import CifarNet
from playground.hub.desk import Desk
from playground.hub.inside import feed, stages
from tests.looking import CARD, Constant, Corner, Here, quiet
from tests.timm_folder import DATA, drawn, needs_data, png, timm_folder

PHOTO = Photo(png(drawn(3, (200, 120))), "drawn.png")

FAMILIES = ["test_resnet", "test_convnext", "test_efficientnet", "test_byobnet", "test_nfnet", "test_vit", "test_vit2"]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_shows_its_stages(name: str) -> None:
    torch.manual_seed(0)
    network, x = timm.create_model(name).eval().requires_grad_(False), torch.randn(1, 3, 160, 160)
    found = stages(network, x)
    assert len(found) >= 4 and len({name for name, _ in found}) == len(found)
    assert all(maps.ndim == 3 and maps.dtype == np.float32 for _, maps in found)
    sides = [maps.shape[1] for _, maps in found]
    assert sides == sorted(sides, reverse=True)  # from the input to the output
    if name == "test_resnet":
        x = network.maxpool(network.act1(network.bn1(network.conv1(x))))
        assert found[1][0] == "layer1" and np.allclose(found[1][1], network.layer1(x)[0].numpy(), atol=1e-5)


def test_a_network_that_only_lists_its_stages_is_listened_to_as_a_copy() -> None:
    torch.manual_seed(0)
    network, x = CifarNet().eval().requires_grad_(False), torch.randn(1, 3, 32, 32)
    found = stages(network, x)
    assert [(name, maps.shape) for name, maps in found] == [
        ("stage1", (64, 15, 15)), ("stage2", (256, 7, 7)), ("stage3", (256, 7, 7))
    ]  # fmt: skip
    assert np.allclose(found[-1][1], network.forward_features(x)[0].numpy(), atol=1e-5)
    assert not any(part._forward_hooks for part in network.modules())


def test_a_network_that_lists_nothing_is_listened_to_at_its_outermost_parts() -> None:
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)
    ).eval()
    x = torch.randn(1, 3, 10, 10)
    found = stages(network, x)
    assert [name for name, _ in found] == ["0", "1"]
    assert np.allclose(found[1][1], network[1](network[0](x))[0].detach().numpy())


@pytest.mark.parametrize(
    ("architecture", "side"), [("test_resnet", 64), ("test_vit", 64), ("playground_cifar_net", 32)]
)
def test_maps_come_with_their_scales_the_strongest_first(tmp_path: Path, architecture: str, side: int) -> None:
    timm_folder(tmp_path, "small", architecture, side)
    desk, card = Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50), Catalog.read(tmp_path)["small"]
    last, first, few = feed(desk, card, [Feed(PHOTO, -1, 64), Feed(PHOTO, 0, 64), Feed(PHOTO, -1, 3)], quiet)
    assert isinstance(last, Fed) and isinstance(first, Fed) and isinstance(few, Fed)
    assert last.stage == len(last.stages) - 1 and first.stage == 0
    with desk.classifier(card) as model:
        held = stages(model.network, model.prepare([desk.picture(PHOTO).image]))
    for found, (name, maps) in ((last, held[-1]), (first, held[0])):
        assert found.stages[found.stage] == f"{name}: {' x '.join(map(str, maps.shape))}"
        assert found.maps.dtype == np.uint8 and found.maps.shape == (min(64, len(maps)), *maps.shape[1:])
        low, high = found.scales[:, 0, None, None], found.scales[:, 1, None, None]
        shown = low + found.maps / 255 * (high - low)
        wanted = maps[list(found.channels)]
        assert np.abs(shown - wanted).max() <= np.max(high - low) / 255
        strength = np.abs(maps).mean(axis=(1, 2))
        assert np.allclose(strength[list(found.channels)], np.sort(strength)[::-1][: len(found.channels)])
    assert few.channels == last.channels[:3] and len(few.maps) == 3


def test_the_input_is_shown_with_the_normalisation_taken_back(tmp_path: Path) -> None:
    desk = Here(Corner(), 5, tmp_path)
    (found,) = feed(desk, CARD, [Feed(PHOTO)], quiet)
    assert isinstance(found, Fed)
    image = desk.picture(PHOTO).image
    for step in desk.only.transform.transforms[:2]:  # resized, cropped: a picture still
        image = step(image)
    assert np.array_equal(found.picture, np.asarray(image))
    assert found.steps[:2] == ("Resized from 200 x 120 to 106 x 64 (bilinear).", "Cropped to the middle 64 x 64.")
    assert (
        found.steps[-1]
        == "Red: minus 0.5, divided by 0.2; green: minus 0.4, divided by 0.3; blue: minus 0.3, divided by 0.25."
    )
    assert found.seen.left == pytest.approx(0.2, abs=0.01)


def test_a_constant_map_is_one_shade_and_its_scale_says_which(tmp_path: Path) -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    nn.init.zeros_(network[0].weight)
    (found,) = feed(Here(network, 4, tmp_path), CARD, [Feed(PHOTO, 0)], quiet)
    assert isinstance(found, Fed) and not found.maps.any()
    assert np.array_equal(found.scales[:, 0], found.scales[:, 1]) and found.scales.all()


def test_a_network_without_maps_still_shows_its_input_and_says_so(tmp_path: Path) -> None:
    (found,) = feed(Here(Constant(), 3, tmp_path), CARD, [Feed(PHOTO, 0)], quiet)
    assert isinstance(found, Fed) and found.picture.shape == (64, 64, 3)
    assert found.stages == () and found.stage == -1 and len(found.maps) == 0 and "no" in found.notes[0]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Feed(PHOTO, 1), "stages are 0 to 0"),
        (Feed(PHOTO, -2), "Stage -2"),
        (Feed(PHOTO, most=0), "1 to 64"),
        (Feed(PHOTO, most=99), "99 maps"),
    ],
)
def test_questions_that_make_no_sense_are_refused_in_words(tmp_path: Path, question: Feed, words: str) -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    (found,) = feed(Here(network, 4, tmp_path), CARD, [question], quiet)
    assert isinstance(found, InputError) and words in str(found)


@needs_data
def test_a_real_network_is_fed_as_its_card_says() -> None:
    folder = DATA / "weights"
    desk, card = Desk(folder, budget=10**9, megabytes=20, megapixels=50), Catalog.read(folder)["mobilenetv2_100"]
    photo = Photo((DATA / "photos/coco/images/000000000042.jpg").read_bytes(), "dog")
    (found,) = feed(desk, card, [Feed(photo, 2)], quiet)
    assert isinstance(found, Fed)
    assert found.picture.shape == (224, 224, 3) and len(found.stages) == 5 and found.maps.shape == (24, 28, 28)
    assert found.steps[0].startswith("Resized from 640 x 478 to 3") and "0.485" in found.steps[-1]
