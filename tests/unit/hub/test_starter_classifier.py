"""The starter classifier: its files fit together, it sees what it should, and it says when nothing fits."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import timm
import torch
from PIL import Image, ImageDraw
from timm.data import create_transform, resolve_data_config
from torch import Tensor

from playground.core import paths
from playground.hub import cifar_net, opening

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
PLACE = paths.PACKAGE / "hub" / "starters" / "cifar10"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """Its configuration."""
    found: dict[str, Any] = json.loads((PLACE / "config.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def net(said: dict[str, Any]) -> cifar_net.CifarNet:
    """The network, filled as a page fills it."""
    made = timm.create_model(said["architecture"], pretrained=False, num_classes=said["num_classes"])
    assert isinstance(made, cifar_net.CifarNet)
    made.load_state_dict(opening.weights(PLACE / "model.safetensors"))
    return made.eval()


def fed(net: cifar_net.CifarNet, said: dict[str, Any], pictures: list[Image.Image]) -> Tensor:
    """Pictures as the network is fed them."""
    transform = create_transform(**resolve_data_config(pretrained_cfg=said["pretrained_cfg"], model=net))
    return torch.stack([transform(picture) for picture in pictures])


def refused(said: dict[str, Any], logits: Tensor) -> Tensor:
    """Where nothing fits."""
    z = logits / said["temperature"]
    scores = {"max_softmax": z.softmax(1).amax(1), "max_logit": z.amax(1), "energy": z.logsumexp(1)}
    return torch.lt(scores[said["refusal"]["score"]], said["refusal"]["threshold"])


def test_it_is_small_and_opens_as_weights_alone() -> None:
    path = PLACE / "model.safetensors"
    assert path.stat().st_size < 6_000_000
    held = opening.weights(path)
    assert sum(one.numel() for one in held.values()) < 3_000_000
    assert {one.dtype for one in held.values() if one.is_floating_point()} == {torch.float16}
    assert all(bool(torch.isfinite(one).all()) for one in held.values())


def test_its_configuration_is_that_of_its_network(said: dict[str, Any], net: cifar_net.CifarNet) -> None:
    names, config = said["label_names"], said["pretrained_cfg"]
    assert len(set(names)) == said["num_classes"] == net.num_classes == config["num_classes"] == 10
    assert names[3] == "cat" and names[5] == "dog"
    assert said["num_features"] == net.num_features == net.head.in_features
    own = net.pretrained_cfg
    for key in ("input_size", "mean", "std", "interpolation", "crop_pct", "crop_mode"):
        assert np.array_equal(own[key], config[key]), key
    assert said["measured"]["accuracy"] >= 0.88 and said["measured"]["refused"] <= 0.05
    assert said["refusal"]["threshold"] > 0 and said["temperature"] > 0


def test_its_card_tells_the_measured_scores(said: dict[str, Any]) -> None:
    card = (PLACE / "README.md").read_text(encoding="utf-8")
    for key in ("accuracy", "refused", "accuracy_of_answered"):
        assert f"{100 * said['measured'][key]:.1f} %" in card, key


def test_a_picture_of_its_own_size_is_fed_as_it_is_and_the_middle_of_a_photograph_undistorted(
    said: dict[str, Any], net: cifar_net.CifarNet
) -> None:
    drawn = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    mean, std = (np.array(said["pretrained_cfg"][key]) for key in ("mean", "std"))
    wanted = torch.from_numpy(((drawn / 255 - mean) / std).transpose(2, 0, 1)).float()
    assert torch.allclose(fed(net, said, [Image.fromarray(drawn)])[0], wanted, atol=1e-5)
    page = Image.new("RGB", (1200, 600), "black")
    # Half as high and half as wide as the square in the middle:
    ImageDraw.Draw(page).rectangle((450, 150, 749, 449), fill="white")
    lit = fed(net, said, [page])[0, 0] > 0
    assert lit.shape == (32, 32) and lit[8:24, 8:24].all() and int(lit.sum()) == 16 * 16


def test_its_maps_are_those_it_announces_and_gradients_reach_the_picture(net: cifar_net.CifarNet) -> None:
    seen = timm.create_model("playground_cifar_net", features_only=True).eval()(torch.zeros(2, 3, 32, 32))
    assert [tuple(maps.shape[1:]) for maps in seen] == [(64, 15, 15), (256, 7, 7), (256, 7, 7)]
    assert [info["num_chs"] for info in net.feature_info] == [maps.shape[1] for maps in seen]
    x = torch.zeros(1, 3, 32, 32, requires_grad=True)
    maps = net.forward_features(x)
    logits = net.forward_head(maps)
    assert maps.shape == (1, 256, 7, 7) and torch.equal(logits, net(x))
    (slope,) = torch.autograd.grad(logits[0, 3], x)
    assert float(slope.abs().max()) > 0


def test_its_first_layer_says_no_thing_twice(net: cifar_net.CifarNet) -> None:
    # Each filter comes with its negative, and the twelve are orthogonal: that is what whitening gives.
    filters = net.whiten.weight.detach().flatten(1)
    assert torch.allclose(filters[:12], -filters[12:])
    directions = filters[:12] / filters[:12].norm(dim=1, keepdim=True)
    assert torch.allclose(directions @ directions.T, torch.eye(12), atol=5e-3)


def test_an_untrained_network_is_not_handed_out_as_a_trained_one() -> None:
    with pytest.raises(RuntimeError, match="No pretrained weights"):
        timm.create_model("playground_cifar_net", pretrained=True)


def test_noise_flat_colours_and_text_fit_none_of_its_classes(said: dict[str, Any], net: cifar_net.CifarNet) -> None:
    rng, pictures = np.random.default_rng(3), []
    for colour in ("white", "black", "#3060c0", "#c03030"):
        pictures.append(Image.new("RGB", (640, 480), colour))
    for _ in range(4):
        pictures.append(Image.fromarray(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)))
    for words in ("Invoice 2031", "Exit", "y = m x + b", "12:45"):
        page = Image.new("RGB", (200, 200), "white")
        ImageDraw.Draw(page).text((20, 70), words, fill="black", font_size=30)
        pictures.append(page)
    with torch.inference_mode():
        no = refused(said, net(fed(net, said, pictures)))
    assert int(no.sum()) >= 11, no.tolist()


@needs_data
def test_it_names_test_pictures_and_refuses_few_of_them(said: dict[str, Any], net: cifar_net.CifarNet) -> None:
    pictures, labels = [], []
    with zipfile.ZipFile(DATA / "cifar10-jpg.zip") as held:
        for name in held.namelist():
            if not name.startswith("test/") or not name.endswith("0.jpg"):
                continue
            pictures.append(Image.open(io.BytesIO(held.read(name))).convert("RGB"))
            labels.append(said["label_names"].index(name.split("/")[1]))
    with torch.inference_mode():
        logits = net(fed(net, said, pictures))
    right = float((logits.argmax(1) == torch.tensor(labels)).float().mean())
    assert len(labels) == 1000 and right >= 0.87
    assert abs(right - said["measured"]["accuracy"]) < 0.03  # by chance a tenth of all is off by less than that
    assert float(refused(said, logits).float().mean()) <= 0.05


@needs_data
def test_it_tells_photographs_of_cats_from_those_of_dogs(said: dict[str, Any], net: cifar_net.CifarNet) -> None:
    right = files = 0
    for kind in ("cat", "dog"):
        for path in sorted((DATA / "photos" / "catdog" / f"{kind}s").glob("*.jpg")):
            with torch.inference_mode():
                logits = net(fed(net, said, [Image.open(path).convert("RGB")]))
            right += said["label_names"][int(logits.argmax())] == kind
            files += 1
    assert files == 12 and right >= 9
