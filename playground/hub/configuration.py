"""A folder of timm's as a network: its ``config.json`` read with distrust, its weights filled in.

A configuration comes from outside like any other file: what it claims is compared with the weights beside it before memory
is taken for it, and every way in which it can be wrong has words.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import timm
import torch
from timm.data import ImageNetInfo, resolve_data_config
from torch import Tensor, nn

import playground.hub.cifar_net  # noqa: F401 - makes the starter's network known to timm
from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable
from playground.hub import opening
from playground.hub.preparation import Preparation

SIDES = range(8, 2049)
"""What a network may be fed, in pixels a side."""

SCORES = ("max_softmax", "max_logit", "energy")
Score = Literal["max_softmax", "max_logit", "energy"]

_WRONG = (
    RuntimeError,
    ValueError,
    TypeError,
    AssertionError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    MemoryError,
)
"""What timm raises of a configuration that makes no sense to it."""

_KEPT = ("global_pool", "img_size", "patch_size", "in_chans", "drop_path_rate")


@dataclass(frozen=True)
class Described:
    """What a folder holds.

    Attributes:
        network: Filled, in evaluation mode; no parameter asks for a gradient.
        preparation: What it is fed.
        labels: A readable name for each class.
        temperature: What its logits are to be divided by.
        refusal: Which score is judged and its threshold, where it has one.
    """

    network: nn.Module
    preparation: Preparation
    labels: tuple[str, ...]
    temperature: float
    refusal: tuple[Score, float] | None


def read(place: Path, card: Card) -> Described:
    """Open a folder of timm's.

    Raises:
        ModelUnavailable: Something in it is missing, broken, or not what it claims to be; says what.
    """
    said = _said(place / "config.json", card)
    tensors = opening.weights(place / card.source.files[-1])
    network = _filled(card, said, tensors)
    inner = said.get("pretrained_cfg")
    try:
        config = resolve_data_config(pretrained_cfg=inner if isinstance(inner, dict) else said, model=network)
        channels, *sides = (int(side) for side in config["input_size"])
        if channels != 3 or len(sides) != 2 or any(side not in SIDES for side in sides):
            raise ValueError(f"an input of {' x '.join(map(str, config['input_size']))[:60]}")
        if not (0.05 <= float(config["crop_pct"]) <= 1.0 and len(config["mean"]) == len(config["std"]) == 3):
            raise ValueError("crop_pct, mean or std")
        preparation = Preparation(config)
    except _WRONG as error:
        raise ModelUnavailable(
            f"{card.title}: its config.json does not say how pictures are to be prepared for a network of three channels of "
            f"{SIDES[0]} to {SIDES[-1]} pixels a side ({short(error)})."
        ) from None
    return Described(
        network,
        preparation,
        _labels(said, int(str(network.num_classes))),
        _temperature(card, said),
        _refusal(card, said),
    )


def short(error: BaseException) -> str:
    """The words of an error, in one line."""
    return " ".join(str(error).split())[:160] or type(error).__name__


def _said(path: Path, card: Card) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelUnavailable(
            f"{card.title} is not on disk. Fetch it on the page Models, or with playground models pull {card.name}."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelUnavailable(f"{card.title}: its config.json cannot be read ({short(error)}).") from None
    if not isinstance(said, dict):
        raise ModelUnavailable(f"{card.title}: its config.json holds no settings.")
    return said


def _filled(card: Card, said: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> nn.Module:
    """The network of a configuration, filled; its shape is checked before anything is allocated for it."""
    name = str(said.get("architecture", card.architecture))
    if not timm.is_model(name):
        raise ModelUnavailable(f"{card.title}: the installed timm knows no network '{name[:60]}'.")
    given = said.get("model_args")
    arguments = {key: value for key, value in given.items() if key in _KEPT} if isinstance(given, dict) else {}
    if isinstance(said.get("num_classes"), int):
        arguments["num_classes"] = said["num_classes"]
    try:
        with torch.device("meta"):  # shapes without memory
            shape: nn.Module = timm.create_model(name, pretrained=False, **arguments)
    except _WRONG as error:
        raise ModelUnavailable(f"{card.title}: timm makes no {name} of its configuration ({short(error)}).") from None
    _compare(card, name, shape, tensors)
    try:
        network: nn.Module = timm.create_model(name, pretrained=False, **arguments)
        network.load_state_dict(tensors)
    except (RuntimeError, MemoryError) as error:
        raise ModelUnavailable(f"{card.title}: the weights do not fit a {name}. {short(error)}") from None
    return network.eval().requires_grad_(False)


def _compare(card: Card, name: str, network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Raise where the weights are not those of the network, by names and shapes alone."""
    wanted, found = network.state_dict(), tensors
    wrong = next((key for key in wanted if key in found and wanted[key].shape != found[key].shape), None)
    missing, extra = [key for key in wanted if key not in found], [key for key in found if key not in wanted]
    if wrong is not None:
        word = f"{wrong} is {tuple(found[wrong].shape)} instead of {tuple(wanted[wrong].shape)}."
    elif missing or extra:
        word = f"{missing[0]} is missing." if missing else f"There is no place for {extra[0][:80]}."
    else:
        return
    raise ModelUnavailable(
        f"{card.title}: the weights are not those of a {name} with {network.num_classes} classes. {word}"
    )


def _temperature(card: Card, said: Mapping[str, Any]) -> float:
    value = said.get("temperature", 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not (math.isfinite(value) and value > 0):
        raise ModelUnavailable(f"{card.title}: the temperature in its config.json is not a number above 0.")
    return float(value)


def _refusal(card: Card, said: Mapping[str, Any]) -> tuple[Score, float] | None:
    rule = said.get("refusal")
    if rule is None:
        return None
    score, threshold = (rule.get("score"), rule.get("threshold")) if isinstance(rule, dict) else (None, None)
    if (
        score not in SCORES
        or isinstance(threshold, bool)
        or not isinstance(threshold, int | float)
        or not math.isfinite(threshold)
    ):
        raise ModelUnavailable(
            f"{card.title}: the refusal in its config.json needs a score ({', '.join(SCORES)}) and a threshold, a number."
        )
    return cast(Score, score), float(threshold)


def _labels(said: Mapping[str, Any], classes: int) -> tuple[str, ...]:
    """A name for each class: the model's own, those of ImageNet where there are a thousand, else numbers."""
    inner = said.get("pretrained_cfg")
    own = said.get("label_names") or (inner.get("label_names") if isinstance(inner, dict) else None)
    if isinstance(own, list) and len(own) == classes:
        return tuple(str(name) for name in own)
    if classes == 1000:
        imagenet = ImageNetInfo()
        return tuple(imagenet.index_to_description(index) for index in range(classes))
    return tuple(f"class {index}" for index in range(classes))
