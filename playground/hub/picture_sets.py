"""Fetching sets of pictures as torchvision does: from where it knows them to be, compared with the hashes it knows."""

from __future__ import annotations

import http.client
import secrets
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self, TypeAlias

from playground.core.errors import InputError, UnknownName

Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many bytes of how many have arrived of a file."""

PATIENCE = 30.0
"""Seconds without a byte after which a download is given up."""
_PLACES: Mapping[str, tuple[str, str, str]] = {
    # torchvision's class, what it leaves in its folder, where that belongs in the folder of pictures
    "mnist": ("MNIST", "MNIST/raw/*.gz", "mnist"),
    "fashion": ("FashionMNIST", "FashionMNIST/raw/*.gz", "fashion-mnist"),
    "cifar10": ("CIFAR10", "cifar-10-batches-py/*", "cifar-10-batches-py"),
}
FETCHED = tuple(_PLACES)


def fetch(name: str, folder: Path, tell: Tell) -> Path:
    """Download a set, and return the folder it lies in then. What is broken off leaves nothing behind.

    Args:
        name: One of ``FETCHED``.
        folder: The folder of pictures; must be there.
        tell: Is told how far it is, file by file.

    Raises:
        InputError: It cannot be fetched, or not written down; says why.
    """
    if name not in _PLACES:
        raise UnknownName("set of pictures to fetch", name, _PLACES)
    import torchvision.datasets  # type: ignore[import-untyped]  # two seconds
    from torchvision.datasets import utils

    kind, pattern, goal = _PLACES[name]
    partial = folder / f".partial-{secrets.token_hex(4)}"
    usual, patience = utils.tqdm, socket.getdefaulttimeout()
    utils.tqdm = _telling(tell)  # its progress bar is told of each piece that arrives
    socket.setdefaulttimeout(PATIENCE)  # it sets none, and would wait for ever
    try:
        partial.mkdir()
        getattr(torchvision.datasets, kind)(partial, download=True)
        place = folder / goal
        place.mkdir(exist_ok=True)
        for path in partial.glob(pattern):
            path.replace(place / path.name)
        return place
    except (OSError, RuntimeError, http.client.HTTPException) as error:  # URLError is an OSError
        raise InputError(
            f"{kind} cannot be fetched ({_short(error)}). Try again later, or put its files into {folder}."
        ) from None
    finally:
        utils.tqdm = usual
        socket.setdefaulttimeout(patience)
        shutil.rmtree(partial, ignore_errors=True)


def _telling(tell: Tell) -> type[Any]:
    """Stands in for a progress bar."""

    class Bar:
        def __init__(self, *given: Any, total: int | None = None, **more: Any) -> None:
            self.done, self.total = 0, total or 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *given: object) -> None:
            tell(self.done, self.total)

        def update(self, count: int) -> None:
            self.done += count
            tell(self.done, self.total)

    return Bar


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
