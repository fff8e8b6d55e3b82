"""What commands learn from that train on pictures: a set by name, a folder or a zip; and the folder that they save into."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from playground.commands.datasets import pictures_folder
from playground.core.errors import InputError, SpecError
from playground.data import cifar
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet
from playground.data.picture_folders import Limits, from_path
from playground.specs.cnn import OWN, CNNSpec
from playground.specs.gan import GANSpec

OWNERS = Limits(pictures=200_000, megabytes=4_000)
"""How much is taken of files that lie on one's own disk."""

Pictured = TypeVar("Pictured", CNNSpec, GANSpec)


@dataclass(frozen=True)
class Experiment(Generic[Pictured]):
    """What to train, and on what.

    Attributes:
        spec: The settings, checked.
        data: The pictures of a folder or a zip; None for a set that is known by name.
        folder: Where sets by name lie.
    """

    spec: Pictured
    data: ImageSet | None
    folder: Path | None

    @property
    def pictures(self) -> int:
        """Training pictures that are used."""
        there = IMAGE_SETS[self.spec.dataset].counts["train"] if self.data is None else len(self.data.train.y)
        return min(there, self.spec.most or there)


def experiment(kind: type[Pictured], given: argparse.Namespace, fields: Mapping[str, Any]) -> Experiment[Pictured]:
    """The experiment that ``--dataset`` and some fields describe; prints what has to be said of a folder or zip.

    Raises:
        SpecError: The settings are wrong, or ``--dataset`` names nothing that is there.
        InputError: The folder or zip holds no pictures to learn from.
    """
    named = given.dataset or kind().dataset
    if named in IMAGE_SETS:
        spec = kind(**{**fields, "dataset": named}).checked()
        folder = pictures_folder(given.data_dir)
        if named == "cifar10" and cifar.here(folder) and not cifar.ready(folder):
            print("CIFAR-10 is decoded once, which takes up to half a minute.", file=sys.stderr)
        return Experiment(spec, None, folder)
    path = Path(named).expanduser()
    if not path.exists():
        raise SpecError(
            f"'{named}' is no set of pictures, folder or zip; choose from {', '.join(IMAGE_SETS)}, or name a folder or zip that "
            "holds a folder of pictures for each class."
        )
    spec = kind(**{**fields, "dataset": OWN}).checked()
    data = from_path(path, side=spec.side, limits=OWNERS).image_set(spec.side)
    if not given.json:
        for note in data.notes:
            print(note)
    return Experiment(spec, data, None)


def place(named: str | None) -> Path | None:
    """The folder to save into, made before anything is trained; raises ``InputError`` where it cannot be."""
    if named is None:
        return None
    found = Path(named).expanduser()
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {found} cannot be made ({error.strerror}); name another with --save.") from None
    return found
