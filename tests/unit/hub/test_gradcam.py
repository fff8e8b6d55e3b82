"""Grad-CAM: the formula by hand, where networks of every family are cut, and what the maps of a real one cover."""

from __future__ import annotations

import numpy as np
import pytest
import timm
import torch
from torch import nn

from playground.catalog.listing import Catalog
from playground.core.vision import SCRAMBLES, Explain, Explained, Method, Photo
from playground.hub.cifar_net import CifarNet
from playground.hub.desk import Desk
from playground.hub.explain import explain
from playground.hub.gradcam import cut, gradcam
from tests.looking import Corner, quiet
from tests.timm_folder import DATA, needs_data

FAMILIES = {
    "test_resnet": False, "test_convnext": False, "test_efficientnet": False, "test_byobnet": False, "test_nfnet": False,
    "test_vit": True, "test_vit2": True, "test_vit3": True,
}  # fmt: skip


def test_it_is_the_papers_formula() -> None:
    maps = torch.tensor([[[[1.0, 2.0], [0.0, 4.0]], [[3.0, 0.0], [5.0, 1.0]]]])  # (1, 2, 2, 2)
    weights = torch.tensor([[[1.0, -2.0], [0.5, 0.5]], [[-1.0, -1.0], [0.0, 1.0]]])
    found = gradcam(maps, lambda given: torch.stack([given.sum(), (given * weights).sum()])[None], target=1)
    # The slope of the second logit is the weights themselves: its means are 0 and -0.25, so all that is left is negative.
    assert torch.equal(found, torch.zeros(2, 2))
    found = gradcam(maps, lambda given: torch.stack([given.sum(), -(given * weights).sum()])[None], target=1)
    assert torch.allclose(found, 0.25 * maps[0, 1])
    found = gradcam(maps, lambda given: given.square().sum()[None, None], target=0)
    means = [2 * 7 / 4, 2 * 9 / 4]  # the slope of a square is twice the value
    assert torch.allclose(found, means[0] * maps[0, 0] + means[1] * maps[0, 1])


def test_on_a_network_with_a_mean_and_a_linear_layer_it_is_the_class_activation_map() -> None:
    network, x = (
        Corner().eval().requires_grad_(False),
        torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)),
    )
    halves = cut(network, x)
    assert halves is not None
    maps = network.forward_features(x)[0]  # (8, 16, 16)
    wanted = torch.einsum("c,chw->hw", network.head.weight[2], maps).relu() / (16 * 16)
    assert wanted.max() > 0
    assert torch.allclose(gradcam(halves.maps, halves.after, 2), wanted, atol=1e-6)


@pytest.mark.parametrize(("name", "tokens"), FAMILIES.items())
def test_every_family_is_cut_where_its_classes_depend_on_the_maps(name: str, tokens: bool) -> None:
    torch.manual_seed(0)
    network = timm.create_model(name).eval().requires_grad_(False)
    x = torch.randn(1, 3, 160, 160)
    halves = cut(network, x)
    assert halves is not None and halves.tokens == tokens
    assert torch.allclose(halves.after(halves.maps), network(x), rtol=1e-3, atol=1e-4)
    found = torch.stack([gradcam(halves.maps, halves.after, target) for target in range(10)])
    assert found.shape[1:] == halves.maps.shape[2:] == ((10, 10) if tokens else (5, 5))
    assert found.amax() > 0 and found.amin() >= 0
    assert len({tuple(one.flatten().tolist()) for one in found}) > 1  # another class, another map
    assert all(held.grad is None and not held.requires_grad for held in network.parameters())


def test_the_starters_network_is_cut_too() -> None:
    torch.manual_seed(0)
    halves = cut(CifarNet().eval().requires_grad_(False), torch.randn(1, 3, 32, 32))
    assert halves is not None and halves.maps.shape == (1, 256, 7, 7)


def test_a_head_that_reads_the_class_token_alone_is_cut_before_the_last_block() -> None:
    torch.manual_seed(0)
    network = timm.create_model("test_vit", global_pool="token").eval().requires_grad_(False)
    x = torch.randn(1, 3, 160, 160)
    last = network.forward_features(x).requires_grad_()
    (slope,) = torch.autograd.grad(network.forward_head(last).sum(), last)
    assert not slope[:, 1:].any()  # after the last block the patches count for nothing
    halves = cut(network, x)
    assert halves is not None
    before = network.forward_intermediates(x, indices=[len(network.blocks) - 2], intermediates_only=True)
    assert torch.equal(halves.maps, before[0])


def test_a_network_without_last_maps_is_not_cut() -> None:
    flat = nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 4)).eval().requires_grad_(False)
    assert cut(flat, torch.randn(1, 3, 8, 8)) is None


def test_a_network_of_another_build_is_not_cut_and_raises_nothing() -> None:
    torch.manual_seed(0)
    network = timm.create_model("cait_xxs24_224", img_size=64, depth=2, num_classes=5).eval().requires_grad_(False)
    assert cut(network, torch.randn(1, 3, 64, 64)) is None  # its patches end before its class token begins


def test_halves_that_do_not_make_up_the_network_are_not_taken() -> None:
    class Odd(Corner):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x) * 2 + 1

    assert cut(Odd().eval().requires_grad_(False), torch.randn(1, 3, 64, 64)) is None


@needs_data
def test_a_real_networks_maps_lie_on_the_object() -> None:
    """Photos with one large dog, zebra, elephant or aeroplane: more of the map's weight is in its box than of the area."""
    folder = DATA / "weights"
    desk, card = Desk(folder, budget=10**9, megabytes=20, megapixels=50), Catalog.read(folder)["mobilenetv2_100"]
    gains = {}
    for name in ("000000000025", "000000000034", "000000000042", "000000000081"):
        photo = Photo((DATA / f"photos/coco/images/{name}.jpg").read_bytes(), name)
        (found,) = explain(desk, card, [Explain(photo)], quiet)
        assert isinstance(found, Explained)
        labels = (DATA / f"photos/coco/labels/{name}.txt").read_text().splitlines()
        boxes = [[float(value) for value in line.split()[1:]] for line in labels]
        gains[name] = weight_inside(found, boxes)
    for name, (weight, area) in gains.items():
        assert weight > area + 0.04, f"{name}: {weight:.2f} of the map in {area:.2f} of the picture"
    assert np.mean([weight / area for weight, area in gains.values()]) > 1.3


def weight_inside(found: Explained, boxes: list[list[float]]) -> tuple[float, float]:
    """Which share of a map lies in boxes (middle x, y, width, height), and which share of what was seen they are."""
    fine = np.kron(found.heat, np.ones((20, 20)))
    ys, xs = ((np.arange(length) + 0.5) / length for length in fine.shape)
    ys = found.seen.top + ys * (found.seen.bottom - found.seen.top)
    xs = found.seen.left + xs * (found.seen.right - found.seen.left)
    inside = np.zeros(fine.shape, bool)
    for x, y, width, height in boxes:
        inside |= (abs(ys - y) < height / 2)[:, None] & (abs(xs - x) < width / 2)[None]
    return float(fine[inside].sum() / fine.sum()), float(inside.mean())


@needs_data
@pytest.mark.parametrize(
    ("method", "photos"), [("gradcam", ("000000000034", "000000000042")), ("occlusion", ("000000000034",))]
)
def test_a_real_networks_maps_change_when_it_forgets(method: Method, photos: tuple[str, ...]) -> None:
    """One shuffle may by chance leave a map much as it was; over photos and shuffles they have little in common."""
    folder = DATA / "weights"
    desk, card = Desk(folder, budget=10**9, megabytes=20, megapixels=50), Catalog.read(folder)["mobilenetv2_100"]
    alike, before, after = [], [], []
    for name in photos:
        photo = Photo((DATA / f"photos/coco/images/{name}.jpg").read_bytes(), name)
        real, *forgotten = explain(desk, card, [Explain(photo, method, -1, how) for how in SCRAMBLES], quiet)
        assert isinstance(real, Explained) and len(forgotten) == 3
        before.append(real.target.score)
        for one in forgotten:
            assert isinstance(one, Explained) and one.target.index == real.target.index
            assert np.abs(one.heat).max() == 1
            alike.append(np.corrcoef(real.heat.ravel(), one.heat.ravel())[0, 1])
            after.append(one.target.score)
    assert np.mean(alike) < 0.5 and max(alike) < 0.9, alike
    assert min(before) > 0.5 and max(after) < 0.05
