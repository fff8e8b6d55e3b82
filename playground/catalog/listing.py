"""All models that can be named here, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Starter
from playground.catalog.cards import CARDS
from playground.catalog.scan import Found, scan
from playground.core.errors import UnknownName


@dataclass(frozen=True)
class Catalog:
    """The cards of the registry together with what lies in the models folder.

    Attributes:
        folder: The models folder.
        cards: By name. Where a folder put there by hand has the name of a known card, its files are that model's.
        problems: What looks like a model there and cannot be used, with the reason.
    """

    folder: Path
    cards: Mapping[str, Card]
    problems: tuple[Found, ...]

    @classmethod
    def read(cls, folder: Path) -> Catalog:
        """Look through the folder; do so again where it may have changed."""
        found = scan(folder)
        here = {one.card.name: _known(one.card) for one in found if one.card is not None}
        return cls(folder, {**CARDS, **here}, tuple(one for one in found if one.problem))

    def __getitem__(self, name: str) -> Card:
        """A card by name; raises ``UnknownName`` with the nearest right one."""
        if name not in self.cards:
            raise UnknownName("model", name[:80], self.cards)
        return self.cards[name]

    def record(self, card: Card) -> on_disk.Record | None:
        """What of it is on disk; ``None`` where it is not, or comes with the playground."""
        return None if isinstance(card.source, Starter) else on_disk.find(card, self.folder)

    def ready(self, task: str) -> Iterator[Card]:
        """The models of a task that need no download."""
        for card in self.cards.values():
            if card.task == task and (isinstance(card.source, Starter) or self.record(card) is not None):
                yield card


def _known(card: Card) -> Card:
    """A model that was put there by hand, with all that is known of the one whose name it has."""
    known = CARDS.get(card.name)
    if known is None or known.architecture != card.architecture:
        return card
    return replace(known, source=card.source, bytes=card.bytes, labels=card.labels)
