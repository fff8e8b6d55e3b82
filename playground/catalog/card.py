"""What is known of a pretrained model without loading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from playground.core.registry import Named


@dataclass(frozen=True)
class Hub:
    """Files of one repository of a model hub.

    Attributes:
        repository: ``timm/resnet18.a1_in1k``.
        files: Their names in it; the last one holds the weights.
        revision: A branch, a tag or a commit.
    """

    repository: str
    files: tuple[str, ...] = ("config.json", "model.safetensors")
    revision: str = "main"

    def __str__(self) -> str:
        return f"{self.repository} at {self.revision} on the model hub"


@dataclass(frozen=True)
class Asset:
    """One file of a release of ``ultralytics/assets``.

    Attributes:
        file: ``yolo11n.pt``.
        release: The release's tag.
    """

    file: str
    release: str

    @property
    def files(self) -> tuple[str, ...]:
        """The file, as the one of a list."""
        return (self.file,)

    def __str__(self) -> str:
        return f"{self.file} of ultralytics' assets, release {self.release}"


@dataclass(frozen=True)
class Local:
    """What somebody put into the models folder.

    Attributes:
        folder: Its path inside that folder; empty for files that lie there by themselves.
        files: The files that belong to it; the last one holds the weights.
    """

    folder: str
    files: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(part for part in (self.folder, self.files[-1]) if part) + " in the models folder"


@dataclass(frozen=True)
class Starter:
    """A small model of our own that comes with the playground.

    Attributes:
        folder: In ``playground/hub/starters``.
        files: In that folder; the last one holds the weights.
    """

    folder: str
    files: tuple[str, ...] = ("config.json", "model.safetensors")

    def __str__(self) -> str:
        return "comes with the playground"


Source: TypeAlias = Hub | Asset | Local | Starter


@dataclass(frozen=True, kw_only=True)
class Card(Named):
    """A pretrained model. A fact that is not known is empty, never remembered.

    Attributes:
        task: What it does: ``classify``.
        source: Where its files come from.
        architecture: What its library calls it (``resnet18``).
        sha256: Of each file that has a known one, by its name.
        bytes: Of all files together; 0 until it is known.
        parameters: How many; 0 until it is known.
        input_size: Channels, height and width of what it is fed; empty until it is known.
        labels: Which label space its answers belong to (``imagenet-1k``), or the file that lists its own.
        licence: Of the weights, as their publisher names it.
        paper: Authors, title and year.
    """

    task: str
    source: Source
    architecture: str
    sha256: dict[str, str] = field(default_factory=dict, hash=False)
    bytes: int = 0
    parameters: int = 0
    input_size: tuple[int, ...] = ()
    labels: str = ""
    licence: str = ""
    paper: str = ""
