"""What somebody put into the models folder: found, and said what is wrong with it, without opening any of it with torch."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Local
from playground.core.errors import ModelUnavailable

DEEPEST = 4
"""So many folders below the models folder are looked into."""

MOST = 500
"""More folders than this are not looked at: somebody has linked a whole disk."""

LARGEST_HEADER = 100_000_000
_WEIGHTS = ("model.safetensors", "pytorch_model.bin", "model.pth")
_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Found:
    """One thing that looks like a model.

    Attributes:
        path: Relative to the models folder.
        card: What it is, where that could be told.
        problem: Why it cannot be used; empty where it can.
    """

    path: str
    card: Card | None
    problem: str = ""


def scan(folder: Path) -> list[Found]:
    """Look through the models folder for folders of timm's: ``config.json`` beside ``model.safetensors`` or a ``.pth`` file."""
    found = []
    for place in _folders(folder):
        config = place / "config.json"
        if not config.is_file() or on_disk.read(place) is not None:
            continue
        path = place.relative_to(folder).as_posix()
        try:
            card = _timm(place, path, config)
        except ModelUnavailable as error:
            found.append(Found(path, None, str(error)))
            continue
        if card is not None:
            found.append(Found(path, card))
    return found


def _folders(folder: Path) -> list[Path]:
    """The folder and those below it that may hold models, in order of their names; links out of it are not followed."""
    found, new = list[Path](), [folder]
    for _ in range(DEEPEST):
        found += new
        new = [
            below
            for place in new
            for below in sorted(place.iterdir())
            if below.is_dir() and not below.is_symlink() and not below.name.startswith((".", "__"))
        ]
        if len(found) + len(new) > MOST:
            break
    return [*found, *new][:MOST]


def _timm(place: Path, path: str, config: Path) -> Card | None:
    """The card of a timm folder; ``None`` where the configuration is another library's."""
    said = _configuration(config)
    architecture = said.get("architecture")
    if not isinstance(architecture, str):
        return None
    weights = next((place / name for name in _WEIGHTS if (place / name).is_file()), None)
    weights = weights or next(iter(sorted(place.glob("*.pth"))), None)
    if weights is None:
        raise ModelUnavailable(
            f"There is a config.json for '{architecture}', but no weights beside it: put model.safetensors there."
        )
    inner = said.get("pretrained_cfg")
    cfg: dict[str, Any] = inner if isinstance(inner, dict) else said
    classes, side = said.get("num_classes", cfg.get("num_classes")), cfg.get("input_size")
    names = said.get("label_names", cfg.get("label_names"))
    return Card(
        name=_NAME.sub("-", place.name if path != "." else architecture),
        title=f"{place.name if path != '.' else architecture} (local)",
        summary=f"Found in the models folder: {architecture}, {classes} classes.",
        task="classify",
        source=Local("" if path == "." else path, ("config.json", weights.name)),
        architecture=architecture,
        bytes=weights.stat().st_size,
        parameters=parameters(weights) if weights.suffix == ".safetensors" else 0,
        input_size=tuple(int(n) for n in side) if isinstance(side, list) and len(side) == 3 else (),
        labels="own" if names else "imagenet-1k" if classes == 1000 else "",
        licence=str(cfg.get("license", "")),
    )


def _configuration(config: Path) -> dict[str, Any]:
    try:
        said = json.loads(config.read_text(encoding="utf-8")[:1_000_000])
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"config.json cannot be read: {error}.") from None
    if not isinstance(said, dict):
        raise ModelUnavailable("config.json holds no settings: it should be a JSON object.")
    return said


def parameters(weights: Path) -> int:
    """How many numbers a safetensors file holds, by its header alone.

    Raises:
        ModelUnavailable: It is no such file, or cut short.
    """
    whole = weights.stat().st_size
    with weights.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(LARGEST_HEADER, whole - 8):
            raise ModelUnavailable(f"{weights.name} is not a safetensors file, or it is cut short.")
        try:
            header = json.loads(file.read(length))
            tensors = [one for name, one in header.items() if name != "__metadata__"]
            end = max((int(one["data_offsets"][1]) for one in tensors), default=0)
            count = sum(prod(int(n) for n in one["shape"]) for one in tensors)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise ModelUnavailable(f"{weights.name} has no readable safetensors header.") from None
    if 8 + length + end != whole:
        raise ModelUnavailable(
            f"{weights.name} is cut short: its header speaks of {8 + length + end:,} bytes, there are {whole:,}."
        )
    return count
