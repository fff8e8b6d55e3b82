"""Models that have no card of ours: any name of timm's that the owner types, and what such a download is once it is on disk.

The names are checked by form here; whether there is such a model is known to timm only (``playground.hub.named``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Hub, Local
from playground.catalog.scan import Found, timm_folder
from playground.core.errors import InputError, ModelUnavailable

LONGEST = 100
OWNER = "timm/"
_FORM = re.compile(r"(?:hf[-_]hub:)?(?:timm/)?([a-z0-9][\w-]*)(?:\.([a-z0-9]\w*))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """A name as timm writes it.

    Attributes:
        architecture: ``resnet34``.
        tag: Which of its weights (``a1_in1k``); empty where the library's own choice is meant.
    """

    architecture: str
    tag: str = ""

    def __str__(self) -> str:
        return f"{self.architecture}.{self.tag}" if self.tag else self.architecture


def parse(text: str) -> Typed:
    """Read ``resnet34``, ``resnet34.a1_in1k`` or ``hf-hub:timm/resnet34.a1_in1k``; raises ``InputError`` on anything else."""
    shown = " ".join(text.split())[:LONGEST]
    if not shown:
        raise InputError("Type the name of a model, for example resnet34 or resnet34.a1_in1k.")
    read = _FORM.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if read is None:
        raise InputError(
            f"'{shown}' is no name of a timm model. Write one like resnet34, resnet34.a1_in1k or "
            f"hf-hub:timm/resnet34.a1_in1k: letters, digits and underscores, at most {LONGEST} signs."
        )
    return Typed(read[1], read[2] or "")


def described(
    name: str, repository: str, *, revision: str = "main", parameters: int = 0, input_size: tuple[int, ...] = (),
    labels: str = "", licence: str = "", files: tuple[str, ...] = (),
) -> Card:  # fmt: skip
    """The card of a model that the owner named.

    Args:
        name: What it is called here, and its folder.
        repository: Where it lies on the hub (``timm/resnet34.a1_in1k``).
        revision: The branch, tag or commit of it.
        parameters: How many, where that is known.
        input_size: Channels, height and width, where that is known.
        labels: Its label space, where that is known.
        licence: Of the weights.
        files: Its files, where they are not the usual ones.
    """
    source = Hub(repository, files, revision) if files else Hub(repository, revision=revision)
    return Card(
        name=name,
        title=name,
        summary=f"{repository.removeprefix(OWNER)} of timm, chosen by its name.",
        task="classify",
        source=source,
        architecture=parse(repository.removeprefix(OWNER)).architecture,
        parameters=parameters,
        input_size=input_size,
        labels=labels,
        licence=licence,
    )


def pulled(folder: Path, known: frozenset[str]) -> list[Found]:
    """What was fetched by name earlier: folders with a record of ours whose name no card has.

    Args:
        folder: The models folder.
        known: Names of the cards.
    """
    found = []
    for place in sorted(folder.iterdir()) if folder.is_dir() else []:
        if place.name in known or place.name.startswith(".") or place.is_symlink() or not place.is_dir():
            continue
        record = on_disk.read(place)
        if record is None or not record.repository.startswith(OWNER):
            continue
        try:
            found.append(Found(place.name, _card(place, record)))
        except (ModelUnavailable, InputError) as error:
            found.append(Found(place.name, None, str(error)))
    return found


def _card(place: Path, record: on_disk.Record) -> Card:
    """The card by the record and by what the files themselves say."""
    card = described(place.name, record.repository, revision=record.revision, files=tuple(record.files))
    if on_disk.find(card, place.parent) is None:
        raise ModelUnavailable(f"{place.name} is not whole: remove it (playground models prune) and fetch it again.")
    said = timm_folder(place, place.name)
    if said is None or not isinstance(said.source, Local):
        raise ModelUnavailable(f"{place.name} was fetched, but its config.json does not say which network it is.")
    return replace(
        card,
        architecture=said.architecture,
        bytes=record.bytes,
        parameters=said.parameters,
        input_size=said.input_size,
        labels=said.labels,
        licence=said.licence,
    )
