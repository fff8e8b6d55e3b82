"""A ``config.json`` is a file from outside: every way in which it can be wrong has words, and none takes memory first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from playground.catalog.card import Card, Local
from playground.core.errors import ModelUnavailable
from playground.hub import classify
from tests.timm_folder import timm_folder

FED = {"input_size": [3, 64, 64], "mean": [0.5] * 3, "std": [0.5] * 3}


def spoilt(models: Path, **said: Any) -> Card:
    """A model of ten classes whose configuration says something else in places."""
    place = timm_folder(models, "ten")
    config = place / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | said))
    return Card(
        name="ten", title="Ten", summary="Ten classes.", task="classify", architecture="test_resnet",
        source=Local("ten", ("config.json", "model.safetensors")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"temperature": 0}, "temperature in its config.json is not a number above 0"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"temperature": 1e999}, "temperature"),
        ({"refusal": {"score": "gut feeling", "threshold": 1}}, "max_softmax, max_logit, energy"),
        ({"refusal": {"score": "energy"}}, "a threshold, a number"),
        ({"refusal": {"score": "energy", "threshold": float("nan")}}, "a threshold, a number"),
        ({"refusal": 3}, "a score"),
        ({"num_classes": 2_000_000_000}, "not those of a test_resnet with 2000000000 classes"),
        ({"num_classes": -1}, "Ten: "),
        ({"architecture": "vit_giant_patch14_224"}, "not those of a vit_giant_patch14_224"),
        ({"architecture": "no_such_net"}, "knows no network 'no_such_net'"),
        ({"pretrained_cfg": FED | {"input_size": [3, 90_000, 90_000]}}, "three channels of 8 to 2048 pixels a side"),
        ({"pretrained_cfg": FED | {"input_size": [1, 64, 64]}}, "three channels"),
        ({"pretrained_cfg": FED | {"input_size": "large"}}, "how pictures are to be prepared"),
        ({"pretrained_cfg": FED | {"mean": [0.5]}}, "how pictures are to be prepared"),
        ({"pretrained_cfg": FED | {"crop_pct": 1e-9}}, "how pictures are to be prepared"),
        ({"pretrained_cfg": FED | {"std": ["a", "b", "c"]}}, "how pictures are to be prepared"),
        ({"pretrained_cfg": FED | {"interpolation": "by hand"}}, "how pictures are to be prepared"),
        ({"model_args": {"global_pool": "no such pool"}}, "timm makes no test_resnet of its configuration"),
    ],
    ids=lambda value: json.dumps(value)[:50] if isinstance(value, dict) else "",
)
def test_what_makes_no_sense_is_refused_in_words(tmp_path: Path, said: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        classify.load(spoilt(tmp_path, **said), tmp_path)
    assert words in str(caught.value) and str(caught.value).startswith("Ten: ")
    assert len(str(caught.value)) < 500 and "\n" not in str(caught.value)


def test_a_network_that_takes_another_size_is_refused_when_it_warms_up(tmp_path: Path) -> None:
    timm_folder(tmp_path, "ten", "gmlp_ti16_224", side=64)  # it is made for 224
    card = Card(
        name="ten", title="Ten", summary="Ten classes.", task="classify", architecture="gmlp_ti16_224",
        source=Local("ten", ("config.json", "model.safetensors")),
    )  # fmt: skip
    with pytest.raises(ModelUnavailable, match=r"does not take pictures of the size .* \(3 x 64 x 64\)"):
        classify.load(card, tmp_path)


def test_arguments_that_would_open_other_files_are_not_passed_on(tmp_path: Path) -> None:
    card = spoilt(
        tmp_path, model_args={"checkpoint_path": str(tmp_path / "evil.pth"), "pretrained": True, "global_pool": "max"}
    )
    model = classify.load(card, tmp_path).model
    assert type(model.network.global_pool.pool).__name__ == "AdaptiveMaxPool2d"  # type: ignore[union-attr]


def test_a_configuration_is_followed(tmp_path: Path) -> None:
    card = spoilt(tmp_path, temperature=2, refusal={"score": "energy", "threshold": -1}, label_names=None)
    model = classify.load(card, tmp_path).model
    assert (model.card, model.temperature, model.labels[3], model.input_size) == (card, 2.0, "class 3", (3, 64, 64))
    assert model.refusal == classify.Refusal("energy", -1.0)
    assert model.mean == (0.5, 0.4, 0.3) and model.std == (0.2, 0.3, 0.25)
    assert not any(parameter.requires_grad for parameter in model.network.parameters()) and not model.network.training
    x = torch.zeros(2, 3, 64, 64, requires_grad=True)
    logits = model.forward(x)
    logits.sum().backward()
    assert x.grad is not None and torch.allclose(logits * 2, model.network(x))
