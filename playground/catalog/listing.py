"""All models that can be named here, and where each of them stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from playground.catalog import exports
from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Hub, Starter
from playground.catalog.cards import CARDS
from playground.catalog.cards_gan import GENERATE
from playground.catalog.cards_text import SENTIMENT
from playground.catalog.cards_yolo import FROM_YAML, ULTRALYTICS
from playground.catalog.headers import parameters
from playground.catalog.scan import Found, scan, timm_folder
from playground.catalog.scan_gan import learnt
from playground.catalog.tensor_files import told
from playground.catalog.typed import OWNER, parse, pulled
from playground.core.errors import InputError, ModelUnavailable, UnknownName


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
        known = {name: _starter(card) for name, card in CARDS.items()}
        found = [*pulled(folder, frozenset(known)), *scan(folder)]
        here = {card.name: card for one in found if one.card is not None for card in [_known(one.card)]}
        return cls(folder, {**known, **here}, tuple(one for one in found if one.problem))

    def __getitem__(self, name: str) -> Card:
        """A card by name; raises ``UnknownName`` with the nearest right one."""
        if name not in self.cards:
            raise UnknownName("model", name[:80], self.cards)
        return self.cards[name]

    def known(self, text: str) -> Card | None:
        """The card that a typed name means, by our name or by the hub's (``timm/resnet18.a1_in1k``); ``None`` for others."""
        if text in self.cards:
            return self.cards[text]
        sources = [(card, card.source) for card in self.cards.values()]
        named = next((card for card, at in sources if isinstance(at, Hub) and at.repository == text.strip()), None)
        if named is not None:
            return named
        try:
            typed = parse(text)
        except InputError:
            return None
        if not typed.tag:
            return self.cards.get(typed.architecture)
        repository = f"{OWNER}{typed}"
        return next((card for card, at in sources if isinstance(at, Hub) and at.repository == repository), None)

    def record(self, card: Card) -> on_disk.Record | None:
        """What of it is on disk; ``None`` where it is not, or comes with the playground."""
        return None if isinstance(card.source, Starter) else on_disk.find(card, self.folder)

    def ready(self, tasks: str | tuple[str, ...]) -> Iterator[Card]:
        """The models of a task, or of one of several, that need no download."""
        wanted = _several(tasks)
        return (card for card in self.cards.values() if card.task in wanted and self.here(card))

    def here(self, card: Card) -> bool:
        """Whether a model needs no download."""
        return on_disk.find(card, self.folder) is not None

    def remove(self, card: Card) -> int:
        """Delete a model and its quicker copy; returns the bytes freed, raises ``ModelUnavailable`` where it may not go."""
        return on_disk.remove(card, self.folder) + exports.remove(card, self.folder)

    def prune(self) -> int:
        """Delete what broken downloads left, and quicker copies of models that are gone or others by now; returns the bytes freed."""
        freed = on_disk.prune(self.cards.values(), self.folder)
        good = {exports.place(card, self.folder) for card in self.cards.values() if exports.read(card, self.folder)}
        copies = self.folder / exports.FOLDER
        for place in copies.iterdir() if copies.is_dir() else ():
            if place.is_dir() and place not in good:
                freed += on_disk.size(place)
                shutil.rmtree(place, ignore_errors=True)
        return freed

    def best(self, tasks: str | tuple[str, ...]) -> Card:
        """The model to take where nobody says which: of those that need no download, the largest that we know by name.

        Of several tasks, the earlier named comes first. One that only this server's owner knows comes before the starter, but
        not where texts are judged (a network that sorts bills would answer about feelings), nor where pictures are drawn (how a
        file of weights is to be read is a guess). A starter is always there.

        Raises:
            ModelUnavailable: There is none at all for these tasks.
        """
        order, wanted = list(CARDS), _several(tasks)

        def rank(card: Card) -> tuple[int, int, int]:
            if isinstance(card.source, Starter):
                return 1, 0, 0
            earlier = len(wanted) - wanted.index(card.task)
            if card.name in CARDS:
                return 3, earlier, order.index(card.name)
            return (0 if card.task in (GENERATE, SENTIMENT) else 2), earlier, 0

        found = max(self.ready(wanted), key=rank, default=None)
        if found is None:
            raise ModelUnavailable(
                f"There is no model for '{wanted[0]}' on disk. Fetch one: playground models pull NAME."
            )
        return found


def _several(tasks: str | tuple[str, ...]) -> tuple[str, ...]:
    return (tasks,) if isinstance(tasks, str) else tasks


def _known(card: Card) -> Card:
    """A model that was put there by hand, with all that is known of the one whose name it has."""
    known = CARDS.get(card.name)
    if known is not None and known.task == GENERATE:
        return replace(card, name=f"{card.name}-local")  # ours stay what they are: pages begin with them
    if known is None or (known.architecture, known.task) != (card.architecture, card.task):
        return card
    if card.architecture == ULTRALYTICS and known.labels != card.labels:
        return card  # trained on, and saved under the old name
    return replace(known, source=card.source, bytes=card.bytes, labels=card.labels)


def _starter(card: Card) -> Card:
    """A starter with what its own files say of it; any other card as it is."""
    place = on_disk.place(card, Path())
    if not isinstance(card.source, Starter) or not all((place / name).is_file() for name in card.source.files):
        return card
    size = sum((place / name).stat().st_size for name in card.source.files)
    if card.task == GENERATE:
        return replace(card, bytes=size, parameters=learnt(told(place / card.source.files[-1]).shapes))
    if card.architecture == FROM_YAML or card.task == SENTIMENT:
        return replace(card, bytes=size, parameters=parameters(place / card.source.files[-1]))
    said = timm_folder(place, card.source.folder)
    if said is None:
        return card
    return replace(card, bytes=size, parameters=said.parameters, input_size=said.input_size, labels=said.labels)
