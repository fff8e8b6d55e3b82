"""A choice by picture: a grid of tiles, the six best known first, the others behind *more*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from playground.ui.assets import component, told_by

FIRST = 6


@dataclass(frozen=True)
class Tile:
    """One thing to choose.

    Attributes:
        name: Its key.
        title: Its name as read.
        picture: A small SVG drawing; empty for a tile of words.
        caption: A second line of words.
    """

    name: str
    title: str
    picture: str = ""
    caption: str = ""


def pick(label: str, tiles: list[Tile], chosen: str, *, key: str, locked: bool, on_pick: Callable[[str], None]) -> None:
    """Draw the grid; ``on_pick`` is called with a tile's name before the page runs again."""

    def picked() -> None:
        name = told_by(key, "pick")
        if not locked and any(tile.name == name for tile in tiles):
            on_pick(str(name))

    component("picker")(
        key=key,
        data=[
            {
                "label": label,
                "tiles": [asdict(tile) for tile in tiles],
                "chosen": chosen,
                "locked": locked,
                "first": FIRST,
            }
        ],
        on_pick_change=picked,
    )
