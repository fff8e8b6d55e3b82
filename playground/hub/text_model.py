"""A text model, ready to be asked: from a text to its pieces, from pieces to logits.

Everything that is asked about texts goes through here: the verdict, what each word adds, what happens inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from playground.catalog import exports, text_labels
from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.catalog.text_labels import Label
from playground.core.errors import ModelUnavailable
from playground.functional.losses import softmax
from playground.hub import fast, fast_text, text_files
from playground.hub.cache import Loaded
from playground.hub.fast_text import FastText
from playground.hub.text_files import TextFolder

MOST_NUMBERS = 16_000_000
"""So many attention scores of one layer are held at once; a larger batch goes through in parts."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Pieces:
    """A text as pieces of a vocabulary, without marks; all tuples have an entry for each piece.

    Attributes:
        ids: Their numbers.
        tokens: As the vocabulary writes them.
        spans: First character in the text, and the one behind the last. Several pieces may share a character.
        unknown: The vocabulary has nothing for what stands there.
    """

    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    unknown: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.ids)


class TextModel:
    """A network that sorts texts, with its tokenizer and labels. Several threads may use it at once.

    Attributes:
        card: Which model this is.
        labels: A readable name for each class.
        classes: The same with tone and stars.
        network: ``...ForSequenceClassification``, in evaluation mode, float32, eager attention; no parameter asks for a gradient.
        config: Its configuration.
        kind: Its ``model_type``: ``bert``, ``distilbert``, ``roberta``.
        tokenizer: It neither cuts nor fills up.
        longest: How many pieces fit, marks included.
        padding: Number of the piece that fills up.
        unknown: Number of the piece for what the vocabulary lacks; -1 where there is none.
        mask: Number of the piece that hides another; -1 where there is none.
        notes: What has to be said of the model, in sentences.
        device: Where it runs.
        bytes: Memory that its weights take.
        fast: What answers instead of PyTorch where that was measured to be quicker and equal.
    """

    def __init__(self, card: Card, opened: TextFolder, device: torch.device) -> None:
        self.card, self.device = card, device
        self.network: nn.Module = opened.network.to(device)
        self.config: Any = opened.config
        self.kind = str(opened.config.model_type)
        self.tokenizer: Tokenizer = opened.tokenizer
        self.longest, self.padding = opened.longest, opened.padding
        self.unknown, self.mask, self.notes = opened.unknown, opened.mask, opened.notes
        self.classes: tuple[Label, ...] = text_labels.words(opened.raw, card)
        self.labels = tuple(label.words for label in self.classes)
        self.bytes = sum(one.numel() * one.element_size() for one in opened.network.state_dict().values())
        self.fast: FastText | None = None
        self._marks = _marks(opened.tokenizer)
        self._heads = int(getattr(opened.config, "num_attention_heads", 12))

    def marks(self) -> tuple[list[int], list[int]]:
        """Numbers of the marks that are put before a text and behind it (``[CLS]`` and ``[SEP]``)."""
        before, behind = self._marks
        return list(before), list(behind)

    @property
    def room(self) -> int:
        """How many pieces of a text fit beside the marks."""
        before, behind = self._marks
        return self.longest - len(before) - len(behind)

    def pieces(self, text: str) -> Pieces:
        """A text of any length as pieces, without marks; places are in the text as given."""
        encoded = self.tokenizer.encode(_SURROGATE.sub("\ufffd", text), add_special_tokens=False)
        ids = tuple(encoded.ids)
        spans = tuple(_trimmed(text, start, end) for start, end in encoded.offsets)
        return Pieces(ids, tuple(encoded.tokens), spans, tuple(one == self.unknown for one in ids))

    def batch(self, rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of pieces with marks around them, filled up to the longest ``(n, t)``, and 1 where something stands.

        Raises:
            ValueError: A row does not fit the model.
        """
        before, behind = self._marks
        longest = max((len(row) for row in rows), default=0)
        if longest > self.room:
            raise ValueError(f"{longest} pieces are more than the {self.room} that fit.")
        ids = np.full((len(rows), longest + len(before) + len(behind)), self.padding, np.int64)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            whole = (*before, *row, *behind)
            ids[index, : len(whole)] = whole
            mask[index, : len(whole)] = 1
        return ids, mask

    def logits(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Logits ``(n, classes)`` of a batch ``(n, t)``, by whatever is quickest."""
        quick = self.fast  # read once: another thread may change it
        return self._in_parts(quick if quick is not None else self._torch, ids, mask)

    def by_torch(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """The same by PyTorch, whatever else there is."""
        return self._in_parts(self._torch, ids, mask)

    def probabilities(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """How sure the network is of each class ``(n, classes)``, for rows of pieces without marks that fit.

        Raises:
            ModelUnavailable: It answers with what is no finite number.
        """
        return softmax(_finite(self.logits(*self.batch(rows)), self.card.title))

    def _in_parts(self, way: Any, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        if len(ids) == 0:
            return np.empty((0, len(self.labels)), np.float32)
        at_once = max(1, MOST_NUMBERS // (self._heads * ids.shape[1] ** 2))
        if len(ids) <= at_once:
            return cast(NDArray[np.float32], way(ids, mask))
        starts = range(0, len(ids), at_once)
        return np.concatenate([way(ids[at : at + at_once], mask[at : at + at_once]) for at in starts])

    def _torch(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        with torch.inference_mode():
            given = torch.from_numpy(ids).to(self.device), torch.from_numpy(mask).to(self.device)
            found = self.network(input_ids=given[0], attention_mask=given[1]).logits
            return cast(NDArray[np.float32], found.float().cpu().numpy())


def load(card: Card, folder: Path, device: str = "cpu") -> Loaded[TextModel]:
    """Open a text model that is on disk, warm it up, and let its quicker copy answer where there is one.

    Args:
        card: A model of task ``sentiment``.
        folder: The models folder.
        device: Where it is to run.

    Raises:
        ModelUnavailable: Its files are missing, broken, or not of the network they claim to be.
    """
    made = plain(card, folder, device)
    size = 2 * made.bytes  # as much again for what a batch needs on its way
    measured = exports.read(card, folder) if made.device.type == "cpu" else None
    try:
        first = made.by_torch(*sample(made))  # the first call of a network is its slowest
    except (RuntimeError, MemoryError, ValueError, TypeError, AssertionError, IndexError, AttributeError) as error:
        raise ModelUnavailable(f"{card.title}: the network cannot read its own tokenizer's pieces ({error}).") from None
    _finite(first, card.title)
    if measured is not None and measured.used:
        size += adopt(made, exports.place(card, folder) / exports.MODEL)
    return Loaded(made, size, shared=True)


def plain(card: Card, folder: Path, device: str = "cpu") -> TextModel:
    """A text model as its files describe it, without warming up; raises as ``load`` does."""
    place = on_disk.place(card, folder)
    opened = text_files.opened(place, title=card.title, weights=card.source.files[-1])
    return TextModel(card, opened, torch.device(device))


def sample(model: TextModel) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A batch of two texts of unlike length."""
    row = model.pieces("A plain sentence, and not a long one.").ids[: model.room]
    return model.batch([row, row[: max(1, len(row) // 2)]])


def adopt(model: TextModel, path: Path) -> int:
    """Let a quicker copy answer from now on, if it is whole and says the same.

    Returns:
        The bytes that it takes in memory; 0 where it is not used.
    """
    opened = fast.opened(path, fast_text.FastText)
    if opened is None:
        return 0
    ids, mask = sample(model)
    if np.abs(softmax(opened(ids, mask)) - softmax(model.by_torch(ids, mask))).max() > fast.EQUAL:
        return 0
    model.fast = opened
    return opened.bytes


def _finite(logits: NDArray[np.float32], title: str) -> NDArray[np.float32]:
    """The same, where all are numbers."""
    if not np.isfinite(logits).all():
        raise ModelUnavailable(
            f"{title} answers with what is no finite number: its weights or its settings are broken. Choose another model."
        )
    return logits


def _marks(tokenizer: Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    bare = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a", add_special_tokens=True).ids
    at = next((at for at in range(len(whole)) if whole[at : at + len(bare)] == bare), 0)
    return tuple(whole[:at]), tuple(whole[at + len(bare) :])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A piece's place without the blanks that some vocabularies count to the word behind them."""
    while start < end - 1 and text[start].isspace():
        start += 1
    return start, end
