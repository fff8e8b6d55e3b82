"""The kinds of models that a desk holds, and which module opens each.

timm, ultralytics and transformers take seconds to import: only what a model needs is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import torch

from playground.catalog.card import Card
from playground.catalog.cards_gan import GENERATE
from playground.hub.cache import Loaded

if TYPE_CHECKING:
    from playground.hub.classify import Classifier
    from playground.hub.detector import Detector
    from playground.hub.generator import Generator
    from playground.hub.text_model import TextModel

Model: TypeAlias = "Classifier | Detector | Generator | TextModel"

CLASSIFY, TEXT = "classify", "sentiment"
"""Tasks: what a picture is, and how a text feels."""


def loaded(card: Card, folder: Path, device: str) -> Loaded[Model]:
    """A model of any kind, ready to answer; raises ``ModelUnavailable``."""
    return cast("Loaded[Model]", _module(card).load(card, folder, device))


def adopt(model: Model, path: Path) -> int:
    """Let a quicker copy answer from now on; returns the bytes that it takes, 0 where it is not used."""
    return cast(int, _module(model.card).adopt(model, path))


def engine_of(model: Model) -> str:
    """What runs a model, as a person reads it."""
    return "PyTorch" if model.fast is None else "ONNX Runtime"


def device_of(model: Model) -> str:
    """Where a model runs, as a person reads it."""
    return f"CUDA: {torch.cuda.get_device_name()}" if model.device.type == "cuda" else model.device.type.upper()


def _module(card: Card) -> Any:
    if card.task == CLASSIFY:
        from playground.hub import classify

        return classify
    if card.task == GENERATE:
        from playground.hub import gan_opening

        return gan_opening
    if card.task == TEXT:
        from playground.hub import text_model

        return text_model
    from playground.hub import quicker

    return quicker
