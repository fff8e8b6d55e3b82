"""Which generator ``playground predict generate`` draws with: one of the models, a file, a folder, or a zip that a run was saved in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.catalog.scan_gan import generator_at
from playground.commands.models import models_folder
from playground.commands.predict_files import checked, chosen, place
from playground.core.errors import InputError, ModelUnavailable
from playground.data.safe_zip import members
from playground.functional import gan_file

TASK = "generate"
MEGABYTES, FILES = 80, 100
"""The most of a zip: its size, and how many files it holds."""


@dataclass(frozen=True)
class Chosen:
    """A generator.

    Attributes:
        name: What to call it.
        title: As a menu calls it.
        card: None where its bytes are at hand.
        folder: Where the card's files are looked for.
        own: Its bytes, as ``functional.gan_file`` packs them.
    """

    name: str
    title: str
    card: Card | None
    folder: Path
    own: bytes = b""


def model(name: str, models_dir: str) -> Chosen:
    """The generator that was named, else the best on disk.

    Args:
        name: A model's name, or the path of a file of weights, of a folder or of a zip.
        models_dir: The models folder; empty is this installation's.

    Raises:
        UnknownName: There is neither a model nor a file of this name.
        ModelUnavailable: It is no generator, or cannot be used.
    """
    catalog = Catalog.read(models_folder(models_dir))
    known = catalog.known(name) if name else None
    if name and known is None and place(name).is_symlink() and not place(name).exists():
        raise ModelUnavailable(f"{place(name).name} is a link that leads nowhere: the file behind it is missing.")
    if not name or (known is not None and catalog.here(known)) or not place(name).exists():
        card = chosen(catalog, name, (TASK,), "draws no pictures")
        return Chosen(card.name, card.title, card, catalog.folder)
    path = place(name)
    if path.suffix.lower() == ".zip" and path.is_file():
        return Chosen(path.stem, path.name, None, catalog.folder, _zipped(path))
    # The very name of a file says what it is, even where it is a link.
    path = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    card = generator_at(path)
    return Chosen(card.name, card.title, card, path.parent)


def _zipped(path: Path) -> bytes:
    """A generator out of a zip with ``config.json`` and ``model.safetensors`` in it, in whatever folder."""
    content = checked(str(path), MEGABYTES, "").read_bytes()
    found = {one.parts[-1]: one for one in members(content, path.name, megabytes=MEGABYTES, files=FILES)}
    if not {gan_file.CONFIG, gan_file.WEIGHTS} <= set(found):
        raise ModelUnavailable(
            f"{path.name} holds no generator: {gan_file.CONFIG} and {gan_file.WEIGHTS} are needed in it."
        )
    try:
        said = json.loads(found[gan_file.CONFIG].read())
        if not isinstance(said, dict):
            raise InputError(f"{gan_file.CONFIG} is no JSON object.")
        return gan_file.pack(*gan_file.unpack(found[gan_file.WEIGHTS].read(), said))
    except InputError as error:
        raise ModelUnavailable(f"{path.name} cannot be used: {error}") from None
    except (ValueError, RecursionError) as error:
        raise ModelUnavailable(
            f"{path.name} cannot be used: {gan_file.CONFIG} is no JSON ({str(error)[:80]})."
        ) from None
