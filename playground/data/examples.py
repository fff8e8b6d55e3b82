"""Pictures to try a network on: small, bundled, each with its author and its licence."""

from __future__ import annotations

import json
from dataclasses import dataclass

from playground.core import paths
from playground.core.registry import Named, Registry
from playground.core.vision import Photo

FOLDER = paths.SAMPLES / "photos"


@dataclass(frozen=True, kw_only=True)
class Example(Named):
    """A picture that comes with the playground.

    Attributes:
        file: Its name in the folder of pictures.
        by: Who drew or photographed it, and when.
        licence: Under which terms it may be passed on.
    """

    file: str
    by: str
    licence: str

    @property
    def source(self) -> str:
        """Author and licence, as one line under the picture."""
        return f"{self.by}. {self.licence}"

    def photo(self) -> Photo:
        """The file, as if a visitor had brought it."""
        return Photo((FOLDER / self.file).read_bytes(), self.file)


EXAMPLES: Registry[Example] = Registry("example picture")

for _said in json.loads((FOLDER / "photos.json").read_text(encoding="utf-8")):
    EXAMPLES.add(Example(**_said))
