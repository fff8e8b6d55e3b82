"""Quicker copies of models beside the models folder's own: what was made, what it was measured to give, and how to be rid of it.

A copy lies in ``.onnx/<name>`` with a note of what it was made of. Where the weights, their configuration or one of the
libraries are others by now, the note no longer counts and the copy is made anew. No torch here: making one is the hub's part.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playground.catalog import folder as on_disk
from playground.catalog.card import Card

FOLDER, MODEL, NOTE = ".onnx", "model.onnx", "measured.json"
LIBRARIES = ("torch", "timm", "transformers", "ultralytics", "onnx", "onnxscript", "onnxruntime")
FORM = 1
"""Of the note; another number is another way of making copies."""


@dataclass(frozen=True)
class Export:
    """What a copy was measured to give, on the machine that made it.

    Attributes:
        used: Whether it is quicker, and equal: only then it answers.
        speed_up: How many times quicker than PyTorch it answers one picture; 0 where none could be made.
        difference: The largest difference between a probability of its and one of PyTorch's.
        bytes: Of the copy on disk; 0 where it is not used and so not kept.
        channels_last: Whether PyTorch alone is quicker with the channels of a pixel side by side.
        problem: Why there is none, in the words of whoever refused; empty where there is one.
    """

    used: bool
    speed_up: float
    difference: float
    bytes: int
    channels_last: bool = False
    problem: str = ""


def place(card: Card, folder: Path) -> Path:
    """The folder of a model's copy in the models folder."""
    return folder / FOLDER / (re.sub(r"[^\w.-]+", "-", card.name).lstrip(".") or "model")


def stamp(card: Card, folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells a model's files from other ones: path, bytes and time of each. Empty where one is missing."""
    home = on_disk.place(card, folder)
    try:
        said = [(path, path.stat()) for path in (home / name for name in card.source.files)]
    except OSError:
        return ()
    return tuple((path.name, one.st_size, one.st_mtime_ns) for path, one in said)


def read(card: Card, folder: Path) -> Export | None:
    """What is known of a model's copy; ``None`` where there is none, or it was made of something else."""
    home = place(card, folder)
    try:
        said = json.loads((home / NOTE).read_text(encoding="utf-8"))
        found = Export(**said["export"])
        whole = (home / MODEL).stat().st_size == found.bytes if found.used else True
        return found if whole and said["made_of"] == _made_of(card, folder) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(card: Card, folder: Path, made: Path, export: Export) -> None:
    """Put a copy that lies ready elsewhere on the same disk into its place, the note last.

    Raises:
        OSError: The folder cannot be written to.
    """
    home = place(card, folder)
    home.mkdir(parents=True, exist_ok=True)
    (home / NOTE).unlink(missing_ok=True)
    if export.used:
        os.replace(made, home / MODEL)
    else:
        (home / MODEL).unlink(missing_ok=True)
    fresh = home / f"{NOTE}.new"
    fresh.write_text(
        json.dumps({"made_of": _made_of(card, folder), "export": asdict(export)}, indent=1), encoding="utf-8"
    )
    fresh.replace(home / NOTE)


def remove(card: Card, folder: Path) -> int:
    """Delete a model's copy, if there is one; returns how many bytes that freed."""
    home = place(card, folder)
    freed = on_disk.size(home) if home.is_dir() else 0
    shutil.rmtree(home, ignore_errors=True)
    return freed


def _made_of(card: Card, folder: Path) -> dict[str, Any]:
    """What a copy depends on, as JSON gives it back."""
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"form": FORM, "files": [list(one) for one in stamp(card, folder)], "versions": versions}
