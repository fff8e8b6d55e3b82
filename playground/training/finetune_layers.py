"""What a text network consists of, read from its files without loading it: its parts, how many numbers each has, which are frozen.

The web process draws a network before a worker has it, and it never imports torch: shapes stand in the head of a safetensors file.
"""

from __future__ import annotations

import json
import math
import re
import struct
from pathlib import Path
from typing import Any

from playground.core.errors import ModelUnavailable
from playground.training.finetune_standing import Facts, Kind, Part

_MOST_HEAD = 20_000_000
_MOST_LAYERS = 100
_LAYER = re.compile(r"(?:^|\.)layers?\.(\d+)\.")
_POOLER = re.compile(r"(?:^|\.)(pooler|pre_classifier|classifier\.dense)\.")


def part_of(name: str) -> tuple[Kind, int]:
    """Which part a weight belongs to, by its name in the file, and the number of its encoder layer (-1: none).

    ``bert.encoder.layer.3.output.dense.weight`` belongs to layer 3, ``pre_classifier.bias`` to the pooler.
    """
    if found := _LAYER.search(name):
        return "layer", int(found[1])
    if "embeddings" in name:
        return "embeddings", -1
    if _POOLER.search(name):
        return "pooler", -1
    return "classifier", -1


def frozen(kind: Kind, number: int, freeze: int) -> bool:
    """Whether a part stays as it is.

    Args:
        kind: What it is.
        number: Of its encoder layer, from 0.
        freeze: 0: nothing is frozen; n: the embeddings and the first n encoder layers; -1: all but the new classifier.
    """
    if kind == "classifier" or not freeze:
        return False
    return freeze < 0 or kind == "embeddings" or (kind == "layer" and number < freeze)


def facts(folder: Path, base: str, title: str, classes: int, freeze: int) -> Facts:
    """What a transformers folder holds, with a new classifier on top for so many classes.

    Args:
        folder: Holds ``config.json`` and the weights.
        base: Name of the model.
        title: As a menu has it.
        classes: Of the new classifier.
        freeze: See ``frozen``.

    Raises:
        ModelUnavailable: ``config.json`` cannot be read.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        count = min(_MOST_LAYERS, int(config.get("num_hidden_layers", config.get("n_layers", 0))))
        width = int(config.get("hidden_size", config.get("dim", 0)))
        heads = int(config.get("num_attention_heads", config.get("n_heads", 0)))
        longest = min(512, int(config.get("max_position_embeddings", 512)))
        vocabulary, family = int(config.get("vocab_size", 0)), str(config.get("model_type", ""))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelUnavailable(f"The model '{title}' has no config.json that can be read.") from error
    sizes = dict[tuple[Kind, int], int]()
    for name, size in _sizes(folder / "model.safetensors"):
        part = part_of(name)
        sizes[part] = sizes.get(part, 0) + size
    named: list[tuple[Kind, int, str]] = [("embeddings", -1, "Embeddings")]
    named += [("layer", number, f"Layer {number + 1}") for number in range(count)]
    named += [("pooler", -1, "Pooler")] if ("pooler", -1) in sizes else []
    parts = [Part(kind, at, name, sizes.get((kind, at), 0), frozen(kind, at, freeze)) for kind, at, name in named]
    parts.append(Part("classifier", -1, "Classifier", (width + 1) * classes, False))
    return Facts(base, title, family, tuple(parts), longest, width, heads, vocabulary)


def _sizes(file: Path) -> list[tuple[str, int]]:
    """Names of the weights in a safetensors file and how many numbers each has; none where it is no such file."""
    try:
        with file.open("rb") as opened:
            (length,) = struct.unpack("<Q", opened.read(8))
            head: Any = json.loads(opened.read(length)) if length <= _MOST_HEAD else {}
        return [(name, math.prod(told["shape"])) for name, told in head.items() if name != "__metadata__"]
    except (OSError, ValueError, struct.error, AttributeError, KeyError, TypeError):
        return []  # drawn without numbers: whether it can be used the worker says
