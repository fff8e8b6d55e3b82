"""Pictures to try a network on: small, bundled, each with its author and its licence."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from playground.core import paths
from playground.core.registry import Named, Registry
from playground.core.vision import Photo

FOLDER = paths.SAMPLES / "photos"
SCENES = paths.SAMPLES / "scenes"


@dataclass(frozen=True, kw_only=True)
class Example(Named):
    """A picture that comes with the playground.

    Attributes:
        file: Its name in the folder of pictures.
        by: Who drew or photographed it, and when.
        licence: Under which terms it may be passed on.
        folder: Where the file lies.
    """

    file: str
    by: str
    licence: str
    folder: Path = FOLDER

    @property
    def source(self) -> str:
        """Author and licence, as one line under the picture."""
        return f"{self.by}. {self.licence}"

    def photo(self) -> Photo:
        """The file, as if a visitor had brought it."""
        return Photo((self.folder / self.file).read_bytes(), self.file)


EXAMPLES: Registry[Example] = Registry("example picture")

for _said in json.loads((FOLDER / "photos.json").read_text(encoding="utf-8")):
    EXAMPLES.add(Example(**_said))

OBJECTS: Registry[Example] = Registry("example picture")
"""Those with objects to find: photographs and drawings of everyday things, and scenes as the small detector knows them."""

_PACKAGED = importlib.util.find_spec("ultralytics")  # looks for it, and imports nothing
_ASSETS = Path(_PACKAGED.origin).parent / "assets" if _PACKAGED and _PACKAGED.origin else Path()
_BY = "From the package ultralytics (Jocher, Qiu 2023)"
_STREET = (
    Example(
        name="bus", title="A street", summary="A bus in a street in Madrid, and people on the pavement.", file="bus.jpg", by=_BY,
        licence="AGPL-3.0", folder=_ASSETS,
    ),
)  # fmt: skip


def _scenes() -> list[Example]:
    """The pictures of digits and shapes, as far as they are there."""
    listed = SCENES / "scenes.json"
    if not listed.is_file():
        return []
    return [Example(folder=SCENES, **said) for said in json.loads(listed.read_text(encoding="utf-8"))]


_photos = [EXAMPLES[name] for name in ("cat", "coffee", "two", "car", "horse", "airliner")]
for _one in (*_STREET, *_photos[:2], *_scenes(), *_photos[2:]):
    if (_one.folder / _one.file).is_file():
        OBJECTS.add(_one)
