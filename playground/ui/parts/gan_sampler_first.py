"""What is known of a generator before any worker answers: its layers, from the card beside its weights; a starter's first pictures."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Starter
from playground.core.errors import InputError
from playground.functional import gan_file
from playground.functional.gan import Array, Pair, given, pixels
from playground.functional.gan_card import from_json
from playground.functional.gan_forward import forward
from playground.ui import provider

MOST = 100
"""So many pictures are drawn in this process at most: it serves pages, and a hundred take it a tenth of a second."""
_LARGEST_CARD = 1_000_000


def told(card: Card) -> tuple[Pair | None, dict[str, Any]]:
    """The layers and the facts that a generator's own ``config.json`` tells; None and nothing where there is none of ours."""
    path = on_disk.place(card, provider.catalog().folder) / gan_file.CONFIG
    try:
        status = path.stat()
    except OSError:
        return None, {}
    return _told(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=32)
def _told(path: Path, version: int, size: int) -> tuple[Pair | None, dict[str, Any]]:
    if size > _LARGEST_CARD:
        return None, {}
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return from_json(said), said
    except (OSError, ValueError, RecursionError, AttributeError, InputError):
        return None, {}  # the worker opens it, and says what is wrong


def picture_set(facts: dict[str, Any]) -> str:
    """The name of the set of pictures that a generator learnt from; empty where nobody says."""
    data = facts.get("data")
    name = data.get("name") if isinstance(data, dict) else ""
    return name if isinstance(name, str) else ""


def pictures(card: Card, latents: Array, classes: NDArray[np.int64] | None) -> NDArray[np.uint8] | None:
    """What a starter makes of latents, ``(n, h, w, c)``, drawn in this very process; None for any other, and for very many."""
    if not isinstance(card.source, Starter) or len(latents) > MOST:
        return None
    pair, _ = told(card)
    if pair is None:
        return None
    labels = None if classes is None else classes.tobytes()
    return _pictures(card.source.folder, latents.tobytes(), len(latents), labels)


@functools.lru_cache(maxsize=8)
def _pictures(folder: str, latents: bytes, n: int, classes: bytes | None) -> NDArray[np.uint8]:
    pair, weights = _opened(folder)
    rows = np.frombuffer(latents, np.float32).reshape(n, -1)
    labels = None if classes is None else np.frombuffer(classes, np.int64)
    return pixels(pair, forward(pair.generator, weights, given(pair, rows, labels)))


@functools.lru_cache(maxsize=4)
def _opened(folder: str) -> tuple[Pair, dict[str, NDArray[Any]]]:
    place = on_disk.STARTERS / folder
    config = json.loads((place / gan_file.CONFIG).read_text(encoding="utf-8"))
    pair, weights, _ = gan_file.unpack((place / gan_file.WEIGHTS).read_bytes(), config)
    return pair, gan_file.part(weights, "generator")
