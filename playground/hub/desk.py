"""All that whoever answers questions about pictures and texts has at hand: loaded models, decoded pictures, and their limits.

One desk a process; its methods may be called from several threads.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch

from playground.catalog import exports
from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.catalog.cards_gan import GENERATE
from playground.catalog.cards_yolo import OBJECTS
from playground.catalog.exports import Export
from playground.core import paths
from playground.core.errors import ModelUnavailable
from playground.core.generating import Whose
from playground.core.settings import Settings
from playground.core.standing import Standing
from playground.core.vision import Photo
from playground.data.pictures import Picture, read_picture
from playground.hub import kinds, scratch
from playground.hub.cache import Loaded, ModelCache
from playground.hub.decoded import Pictures
from playground.hub.fast import Making
from playground.hub.kinds import Model, device_of, engine_of
from playground.hub.owned import Owned

if TYPE_CHECKING:
    from playground.hub.classify import Classifier
    from playground.hub.detector import Detector
    from playground.hub.generator import Generator
    from playground.hub.text_model import TextModel

log = logging.getLogger("playground")

PICTURES = 128_000_000
"""Bytes of decoded pictures that are kept: what one visitor looks at from several sides is decoded once."""

PATIENCE = 1.0
"""So many seconds of ``improve`` are spent waiting for a copy that is under way."""

__all__ = ["PATIENCE", "PICTURES", "Desk", "device_of", "engine_of"]


class Desk:
    """Models and pictures, ready to be used.

    Args:
        folder: The models folder.
        budget: Bytes of memory that all loaded models together may take.
        device: Where models run: ``"cpu"``, ``"cuda"``, ``"mps"``.
        megabytes: Larger pictures are refused.
        megapixels: Pictures with more pixels (in millions) are refused.
        idle: Seconds after which ``sweep`` lets go of a model that nobody used.
        quota: Bytes that the models folder may hold; 0 is no limit. Quicker copies count.
        pictures: Bytes of decoded pictures that are kept.
    """

    def __init__(
        self,
        folder: Path,
        *,
        budget: int,
        device: str = "cpu",
        megabytes: float,
        megapixels: float,
        idle: float = 900.0,
        quota: int = 0,
        pictures: int = PICTURES,
    ) -> None:
        self.folder, self.device = folder, device
        self._megabytes, self._megapixels, self._quota = megabytes, megapixels, quota
        self._models: ModelCache[str, Model] = ModelCache(self._load, budget=budget, idle=idle)
        self._lock = threading.Lock()
        self._cards: dict[str, Card] = {}
        self._stamps: dict[str, object] = {}  # of the files that a loaded model was read from
        self._measured: dict[str, Export] = {}  # of the loaded ones
        self._pictures = Pictures(pictures)
        self._own = Owned(device)
        self._improving = threading.Lock()
        self._making: Making | None = None
        self._given_up: set[object] = set()
        self.hands = ThreadPoolExecutor(max(1, torch.get_num_threads()), "picture")
        """Threads to decode and to resize several pictures with: Pillow lets go of the interpreter's lock for that."""

    @classmethod
    def from_settings(cls, settings: Settings, folder: Path | None = None) -> Desk:
        """A desk as the server's owner wants it; on a GPU where there is one."""
        scratch.sweep()
        return cls(
            paths.models_folder(settings) if folder is None else folder,
            budget=settings.memory_megabytes * 1_000_000,
            device="cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu",
            megabytes=settings.picture_megabytes,
            megapixels=settings.picture_megapixels,
            quota=int(settings.models_gigabytes * 1e9),
        )

    @contextmanager
    def classifier(self, card: Card, say: Callable[[str], None] = lambda words: None) -> Iterator[Classifier]:
        """Have a classifier for as long as the block lasts; the first to ask loads it.

        Raises:
            ModelUnavailable: It is not on disk, is not what it claims to be, or takes more memory than all models may.
        """
        if card.task != kinds.CLASSIFY:
            raise ModelUnavailable(f"{card.title} does not classify pictures; choose another model.")
        with self._use(card, say) as found:
            yield cast("Classifier", found)

    @contextmanager
    def detector(self, card: Card, say: Callable[[str], None] = lambda words: None) -> Iterator[Detector]:
        """Have a detector for as long as the block lasts; raises as ``classifier`` does."""
        if card.task not in OBJECTS:
            raise ModelUnavailable(f"{card.title} finds no objects in pictures; choose another model.")
        with self._use(card, say) as found:
            yield cast("Detector", found)

    @contextmanager
    def reader(self, card: Card, say: Callable[[str], None] = lambda words: None) -> Iterator[TextModel]:
        """Have a model that sorts texts; raises as ``classifier`` does."""
        if card.task != kinds.TEXT:
            raise ModelUnavailable(f"{card.title} reads no texts; choose another model.")
        with self._use(card, say) as found:
            yield cast("TextModel", found)

    @contextmanager
    def generator(
        self, card: Card | None, say: Callable[[str], None] = lambda words: None, whose: Whose | None = None
    ) -> Iterator[Generator]:
        """Have a generator of pictures: the card's, or the one that ``whose`` holds; raises as ``classifier`` does."""
        if whose is not None and whose.own:
            yield self._own.generator(whose.own)
            return
        if card is None or card.task != GENERATE:
            raise ModelUnavailable(f"{card.title if card else 'It'} draws no pictures; choose another model.")
        with self._use(card, say) as found:
            yield cast("Generator", found).read("" if whose is None else whose.reading)

    @contextmanager
    def _use(self, card: Card, say: Callable[[str], None]) -> Iterator[Model]:
        stamp = (card.source, exports.stamp(card, self.folder))
        with self._lock:
            other = card.name in self._stamps and self._stamps[card.name] != stamp
            self._cards[card.name], self._stamps[card.name] = card, stamp
        if other:
            self._models.evict(card.name)  # its files are others by now
        if self._models.peek(card.name) is None:
            say(f"Loading {card.title}")
        with self._models.use(card.name) as found:
            yield found

    def picture(self, photo: Photo) -> Picture:
        """A photo, decoded within this server's limits; not decoded again while it is remembered.

        Raises:
            InputError: It is no picture, a broken one, or too large or small; says which, and what is allowed.
        """
        if len(photo.content) > self._megabytes * 1e6:  # refused in words before it is even hashed
            return read_picture(photo.content, photo.name, megabytes=self._megabytes)
        digest = hashlib.sha256(photo.content).digest()
        found = self._pictures.get(digest)
        if found is None:
            found = read_picture(photo.content, photo.name, megabytes=self._megabytes, megapixels=self._megapixels)
            self._pictures.put(digest, found)
        return replace(found, name=photo.name)

    def standing(self) -> tuple[Standing, ...]:
        """What is loaded now."""
        found = []
        for name, one in self._models.standing().items():
            model, measured = self._models.peek(name), self._measured.get(name)
            if model is not None:
                found.append(
                    Standing(
                        name, one.bytes, one.hits, one.load_seconds, one.idle_seconds, one.pinned, engine_of(model),
                        measured.speed_up if measured else 0.0, measured.difference if measured else 0.0,
                    )
                )  # fmt: skip
        return tuple(found)

    def evict(self, name: str) -> bool:
        """Let go of a model now; false where it is not loaded, or someone is using it."""
        return self._models.evict(name)

    def pin(self, name: str, pinned: bool) -> None:
        """Keep a loaded model whatever else is wanted, or no longer; one that is not loaded stays as it is."""
        if self._models.peek(name) is not None:
            self._models.pin(name, pinned)

    def sweep(self) -> None:
        """Let go of models that nobody used for a while, and take over a quicker copy that is done; call it now and then."""
        self._models.sweep()
        if self._making is not None and self._improving.acquire(blocking=False):
            try:
                self._take_over(0.0)
            finally:
                self._improving.release()

    def improve(self) -> bool:
        """Get on with quicker copies of the loaded models, each made in a process of its own; call it while nothing is asked.

        Returns:
            Whether there is more to do: a copy is under way, or another is wanted. A call takes ``PATIENCE`` at most.
        """
        if not self._improving.acquire(blocking=False):
            return True
        try:
            card = None if self._making is not None else self._wanting()
            if card is not None:
                self._making = Making(card, self.folder)
            self._take_over(PATIENCE)
            return self._making is not None or self._wanting() is not None
        finally:
            self._improving.release()

    def close(self) -> None:
        """End what is under way."""
        with self._improving:
            if self._making is not None:
                self._making.close()
                self._making = None
        self.hands.shutdown(wait=False, cancel_futures=True)

    def _load(self, name: str) -> Loaded[Model]:
        card = self._cards[name]
        if on_disk.find(card, self.folder) is None:
            raise ModelUnavailable(
                f"{card.title} is not on disk. Fetch it on the page Models, or with playground models pull {card.name}."
            )
        loaded = kinds.loaded(card, self.folder, self.device)
        measured = exports.read(card, self.folder) if loaded.model.device.type == "cpu" else None
        with self._lock:
            self._measured.pop(name, None)
            if measured is not None and measured.used == (loaded.model.fast is not None):
                self._measured[name] = measured  # else the copy was broken, and another is wanted
        return loaded

    def _wanting(self) -> Card | None:
        """A loaded model on the CPU of which it is not known whether a copy would be quicker."""
        for name in self._models.standing():
            model = self._models.peek(name)
            if model is None or model.device.type != "cpu" or model.fast is not None or name in self._measured:
                continue
            if model.card.task == GENERATE or self._key(model.card) in self._given_up:
                continue  # a generator was opened with its copy
            room = 2 * (model.card.bytes or self._weights(model.card))
            if self._quota and on_disk.size(self.folder) + room > self._quota:
                log.info("%s: no room for a quicker copy in the models folder", name)
                self._given_up.add(self._key(model.card))
                continue
            return model.card
        return None

    def _take_over(self, patience: float) -> None:
        """Where the copy under way is done, keep it and let it answer."""
        making = self._making
        found = making.wait(patience) if making is not None else None
        if making is None or found is None:
            return
        card, path = making.card, making.path
        self._making = None
        self._given_up.add(self._key(card))  # whatever comes of it: not twice
        try:
            if found.problem:
                log.info("%s stays with PyTorch: %s", card.name, found.problem)
            try:
                if not making.lost:
                    exports.keep(card, self.folder, path, found)
                    path = exports.place(card, self.folder) / exports.MODEL
            except OSError as error:
                log.info("%s: its quicker copy cannot be kept on disk (%s)", card.name, error)
            model = self._models.peek(card.name)
            if model is None or self._key(model.card) != self._key(card):
                return
            with self._lock:
                self._measured[card.name] = found
            if found.used:
                self._models.grow(card.name, kinds.adopt(model, path))
        finally:
            making.close()

    def _key(self, card: Card) -> object:
        return card.name, exports.stamp(card, self.folder)

    def _weights(self, card: Card) -> int:
        return sum(size for _, size, _ in exports.stamp(card, self.folder))
