"""Generators of pictures in the models folder: folders that say what they are, and files of weights told by their shapes.

Of a file of weights it is only told whether it may be a generator; which one exactly is worked out when it is opened
(``functional.gan_guess``).
"""

from __future__ import annotations

import re
from math import isqrt, prod
from pathlib import Path
from typing import Any

from playground.catalog.card import Card, Local
from playground.catalog.cards_gan import FOREIGN, GENERATE, OURS
from playground.catalog.tensor_files import SUFFIXES, Told, told
from playground.core.errors import ModelUnavailable
from playground.core.quoting import harmless

CONFIG, WEIGHTS = "config.json", "model.safetensors"
METADATA = "card"
"""Under this name a file that needs no configuration beside it says what it holds."""

_NAME = re.compile(r"[^\w.-]+")
_NAMED = re.compile(r"(^|[._])(net_?)?(g|gen|generator)([._]|$)", re.IGNORECASE)
_LEAST = 8


def gan_folder(place: Path, path: str, said: dict[str, Any]) -> Card | None:
    """The card of a folder that was kept or downloaded here; ``None`` where the configuration is another's.

    Args:
        place: The folder.
        path: The same, relative to the models folder.
        said: Its ``config.json``.

    Raises:
        ModelUnavailable: It cannot be used, and why.
    """
    if said.get("format") != OURS:
        return None
    weights = place / WEIGHTS
    if not weights.is_file():
        raise ModelUnavailable(
            f"There is a config.json for a generator, but no {WEIGHTS} beside it: put it there, too."
        )
    shapes = told(weights).shapes
    if not any(name.startswith("generator.") for name in shapes):
        raise ModelUnavailable(f"{WEIGHTS} holds no weights of a generator: their names begin with 'generator.'.")
    name = place.name if path != "." else _text(said.get("title")) or "generator"
    return Card(
        name=_NAME.sub("-", name),
        title=f"{name} (local)",
        summary=f"Found in the models folder: a generator of pictures{_from(said.get('latents'))}.",
        task=GENERATE,
        source=Local("" if path == "." else path, (CONFIG, WEIGHTS)),
        architecture=OURS,
        bytes=weights.stat().st_size,
        parameters=learnt(shapes),
        licence=_text(said.get("licence")),
    )


def gan_file(path: Path, folder: Path) -> Card | None:
    """The card of a file of weights; ``None`` where it is another program's.

    Args:
        path: ``.pth``, ``.pt``, ``.ckpt`` or ``.safetensors``; a small card of the same name that ends in ``.json`` may lie beside.
        folder: The models folder, which it lies in.

    Raises:
        ModelUnavailable: It cannot be used, and why.
        OSError: It cannot be read.
    """
    try:
        found = told(path)
    except ModelUnavailable:
        if path.suffix == ".pt":
            return None  # so end the names of many programs' files
        raise
    if found.others:
        if path.suffix == ".pt":
            return None
        named = ", ".join(map(harmless, sorted(found.others)[:3]))
        raise ModelUnavailable(
            f"{path.name} is not opened: beside weights it holds {named}, which could run code. "
            "Save the weights alone (torch.save(model.state_dict(), ...)), or as safetensors."
        )
    whole = METADATA in found.said
    problem = "" if whole else doubt(found, sure=path.suffix != ".safetensors")
    if problem:
        raise ModelUnavailable(f"{path.name}: {problem}")
    home = path.parent.relative_to(folder).as_posix()
    beside = card_beside(path)
    return Card(
        name=_NAME.sub("-", path.stem),
        title=f"{path.stem} (local)",
        summary=f"Found in the models folder: weights that may be a generator of pictures{_from(_given(found))}.",
        task=GENERATE,
        source=Local("" if home == "." else home, (*([beside.name] if beside else []), path.name)),
        architecture=OURS if whole else FOREIGN,
        bytes=path.stat().st_size,
        parameters=learnt(found.shapes),
    )


def generator_at(path: Path) -> Card:
    """The card of a generator wherever it lies, as if the folder that it lies in were the models folder.

    Args:
        path: A file of weights, or a folder with ``config.json``.

    Raises:
        ModelUnavailable: There is none, or it cannot be used; says why.
    """
    from playground.catalog.scan import configuration  # that module knows this one

    try:
        if path.is_symlink() and not path.exists():
            raise ModelUnavailable(f"{path.name} is a link that leads nowhere: the file behind it is missing.")
        if path.is_dir():
            card = gan_folder(path, path.name, configuration(path / CONFIG)) if (path / CONFIG).is_file() else None
            if card is None:
                raise ModelUnavailable(f"{path.name} holds no {CONFIG} of a generator.")
            return card
        if path.suffix not in SUFFIXES or not path.is_file():
            raise ModelUnavailable(
                f"{path.name}: a file that ends in {', '.join(SUFFIXES)} is needed, or a folder with a {CONFIG}."
            )
        card = gan_file(path, path.parent)
    except OSError as error:
        raise ModelUnavailable(f"{path.name} cannot be read: {error.strerror or 'the disk refuses it'}.") from None
    if card is None:
        raise ModelUnavailable(f"{path.name} holds more than weights, or is no whole file of them: it is not opened.")
    return card


def card_beside(path: Path) -> Path | None:
    """The small card beside a file of weights: ``name.json``."""
    beside = path.with_suffix(".json")
    return beside if beside.is_file() else None


def learnt(shapes: dict[str, tuple[int, ...]] | Any) -> int:
    """How many numbers of the generator are learnt, as far as names tell."""
    ours = [name for name in shapes if name.startswith("generator.")] or list(shapes)
    return sum(prod(shapes[name]) for name in ours if ".running_" not in name)


def doubt(found: Told, *, sure: bool) -> str:
    """Why a file cannot be a generator, by a first look at its shapes; empty where it may be one.

    Args:
        found: What it holds.
        sure: Whether its tensors come in the network's order.
    """
    weights = {name: shape for name, shape in found.shapes.items() if len(shape) in (2, 4) and 0 not in shape}
    if not weights:
        return "it holds no weights of layers."
    if any(_NAMED.search(name) for name in weights):
        return ""
    if any("layernorm" in name.lower() or "attention" in name.lower() for name in found.shapes):
        return (
            "it is a transformer's, as those that read texts; a generator of pictures has batch normalisation or none."
        )
    shapes = list(weights.values())
    draws = [shape for shape in shapes if _draws(shape)]
    first, last = shapes[0], shapes[-1]
    if not draws or (sure and len(last) == 2 and not _draws(last) and len(first) == 4):
        return "no picture comes out of its layers: it is a discriminator, a classifier or something else, and no generator."
    if sure and len(first) == 4 and first[1] in (1, 3) and len(shapes) > 1:
        return "pictures go into its first layer: it is a discriminator or a classifier, and no generator."
    return ""


def _draws(shape: tuple[int, ...]) -> bool:
    """Whether a layer may give a picture."""
    if len(shape) == 4:
        return shape[0] in (1, 3) or shape[1] in (1, 3)
    return any(
        shape[0] % channels == 0 and isqrt(shape[0] // channels) ** 2 * channels == shape[0]
        and isqrt(shape[0] // channels) >= _LEAST and shape[1] <= 2 * shape[0]
        for channels in (1, 3)
    )  # fmt: skip


def _given(found: Told) -> int | None:
    """How many numbers the first layer takes, where the first in the file is the first of the network."""
    first = next((shape for shape in found.shapes.values() if len(shape) in (2, 4)), ())
    return (first[1] if len(first) == 2 else first[0]) if first and METADATA not in found.said else None


def _text(said: object) -> str:
    return harmless(said) if isinstance(said, str) else ""


def _from(latents: object) -> str:
    return f" from {latents} random numbers" if type(latents) is int and 0 < latents < 1_000_000 else ""
