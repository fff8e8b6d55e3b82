"""What somebody put into the models folder: found, and said what is wrong with it, without opening any of it with torch."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playground.catalog import folder as on_disk
from playground.catalog import settings_file
from playground.catalog.card import Card, Local
from playground.catalog.headers import parameters
from playground.catalog.scan_gan import gan_file, gan_folder
from playground.catalog.scan_text import text_folder
from playground.catalog.scan_yolo import yolo_file
from playground.catalog.tensor_files import SUFFIXES
from playground.core.errors import ModelUnavailable
from playground.core.quoting import harmless

DEEPEST = 4
"""So many folders below the models folder are looked into."""

MOST = 500
"""More folders than this are not looked at: somebody has linked a whole disk."""

_WEIGHTS = ("model.safetensors", "pytorch_model.bin", "model.pth")
_NAME = re.compile(r"[^\w.-]+")
_BROKEN = (OSError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RuntimeError, MemoryError)
"""What a file can bring about that does not say what it should: it is listed with that, and the others are as they were."""


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
    """Look through the models folder for what can be told there.

    Folders of timm's (``config.json`` beside ``model.safetensors`` or a ``.pth`` file), folders of transformers' that sort texts
    (with a tokenizer beside them), checkpoints of ultralytics' (any ``.pt`` file that is one), and generators of pictures: folders
    of the playground's own, and files of weights that stand by themselves.
    """
    found = list[Found]()
    for place in _folders(folder, found):
        if on_disk.read(place) is not None:
            continue  # fetched, and known by its record
        config = place / "config.json"
        alone = not config.is_file()  # else what lies there belongs to it
        found += _checkpoints(place, folder, {one.card.name for one in found if one.card is not None}, alone=alone)
        if alone:
            continue
        path = place.relative_to(folder).as_posix()
        try:
            said = configuration(config)
            card = gan_folder(place, path, said) or timm_folder(place, path) or text_folder(place, path, said)
        except ModelUnavailable as error:
            found.append(Found(path, None, str(error)))
            continue
        except _BROKEN as error:
            found.append(Found(path, None, f"Its files hold what cannot be used: {_reason(error)}."))
            continue
        if card is not None:
            found.append(Found(path, card))
    return found


def _checkpoints(place: Path, folder: Path, taken: set[str], *, alone: bool) -> list[Found]:
    """The files in a folder that are models by themselves; where two would have one name, the later gets its path for a name."""
    found = list[Found]()
    try:
        files = sorted(one for one in place.iterdir() if one.suffix in (SUFFIXES if alone else (".pt",)))[:MOST]
    except OSError:
        return found  # said already, where the folder itself was looked into
    for file in files:
        path = file.relative_to(folder).as_posix()
        try:
            card = _file(file, folder, alone=alone) if file.is_file() else None
        except ModelUnavailable as error:
            found.append(Found(path, None, str(error)))
            continue
        except _BROKEN as error:
            found.append(Found(path, None, f"The file cannot be read: {_reason(error)}."))
            continue
        if card is None:
            continue
        if card.name in taken:
            name = _NAME.sub("-", path.removesuffix(file.suffix).replace("/", "-"))
            name = _NAME.sub("-", path.replace("/", "-")) if name in taken else name
            card = replace(card, name=name, title=f"{name} (local)")
        taken.add(card.name)
        found.append(Found(path, card))
    return found


def _file(file: Path, folder: Path, *, alone: bool) -> Card | None:
    """The card of a file that is a model by itself; raises as ``yolo_file`` and ``gan_file`` do."""
    card = yolo_file(file, folder) if file.suffix == ".pt" else None
    return gan_file(file, folder) if card is None and alone else card


def _folders(folder: Path, found: list[Found]) -> list[Path]:
    """The folder and those below it that may hold models, in order of their names; links out of it are not followed.

    One that cannot be looked into is added to what was found.
    """
    looked, new = list[Path](), [folder]
    for _ in range(DEEPEST):
        looked += new
        new = [below for place in new for below in _below(folder, place, found)]
        if len(looked) + len(new) > MOST:
            break
    return [*looked, *new][:MOST]


def _below(folder: Path, place: Path, found: list[Found]) -> list[Path]:
    try:
        inside = sorted(place.iterdir())
    except OSError as error:
        path = place.relative_to(folder).as_posix()
        found.append(Found(path, None, f"The folder cannot be looked into: {_reason(error)}."))
        return []
    return [one for one in inside if one.is_dir() and not one.is_symlink() and not one.name.startswith((".", "__"))]


def timm_folder(place: Path, path: str) -> Card | None:
    """The card of a timm folder; ``None`` where the configuration is another library's.

    Args:
        place: The folder.
        path: The same, relative to the models folder.

    Raises:
        ModelUnavailable: It cannot be used, and why.
    """
    said = configuration(place / "config.json")
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


def configuration(config: Path) -> dict[str, Any]:
    """What a ``config.json`` says; raises ``ModelUnavailable`` where it cannot be read."""
    try:
        said = settings_file.read(config)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelUnavailable(f"config.json cannot be read: {_reason(error)}.") from None
    if not isinstance(said, dict):
        raise ModelUnavailable("config.json holds no settings: it should be a JSON object.")
    return said


def _reason(error: Exception) -> str:
    """Why, without the path: whoever reads it may not be who owns this machine."""
    if isinstance(error, OSError):
        return error.strerror or "the disk refuses it"
    return "it is nested far too deep" if isinstance(error, RecursionError) else harmless(str(error), 160)
