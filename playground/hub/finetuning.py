"""A pretrained text network with a new classifier, trained on: parts frozen or not, one update after the other (AdamW).

Texts are given once and become numbers of word pieces; from then on rows are named by share and number. Everything that is
random follows from the seed and the number of the update, so that a run that was stored goes on as if it never had been.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from playground.catalog.card import Card
from playground.core.errors import InputError
from playground.engine.torch import pick_device
from playground.functional.losses import softmax
from playground.hub import text_files
from playground.hub.finetune_rule import Rule, array, taken
from playground.hub.finetuned_parts import ALL, fingerprint, last_layer, learning_weights, part_names, part_of, set_mode
from playground.hub.text_model import Pieces, TextModel
from playground.hub.used_rows import UsedRows

Floats = NDArray[np.float32]

CLIP = 1.0
"""Longer gradients are shortened to this length (J. Devlin et al., 2019)."""
_BATCH_PIECES = 16 * 32  # what a device is chosen by


class Tuner:
    """One network under training.

    Args:
        card: The pretrained model.
        place: The folder of its files.
        classes: Names of the new classes.
        freeze: So many encoder layers, and the embeddings, stay as they are; ``ALL``: only the new classifier learns.
        longest: Word pieces that are read of a text, marks included; at most what the model takes.
        dropout: Share of numbers left out while it learns.
        seed: What the new classifier is drawn with, and dropout.
        device: ``"auto"`` or a device by name.

    Raises:
        ModelUnavailable: The files are missing, broken or no text network's.
        InputError: There is no such device.

    Attributes:
        device: Where it runs, in words.
        loss: Mean loss of the last batch; NaN before the first.
        fingerprint: Of the pretrained weights: a stored run goes with these alone.
        parts: Names of the parts, from the bottom up: ``embeddings``, ``layer.0`` ..., ``pooler``, ``classifier``.
    """

    def __init__(
        self,
        card: Card,
        place: Path,
        classes: Sequence[str],
        *,
        freeze: int = 0,
        longest: int = 128,
        dropout: float = 0.1,
        seed: int = 1,
        device: str = "auto",
    ) -> None:
        opened = text_files.opened(
            place, title=card.title, weights=card.source.files[-1], classes=tuple(classes), seed=seed
        )
        size = sum(one.numel() for one in opened.network.parameters())
        chosen, self.device = pick_device(device, size * _BATCH_PIECES)
        self.place, self.config, self.model = place, opened.config, TextModel(card, opened, chosen)
        self.network = self.model.network
        self.room = max(1, min(longest, self.model.longest) - (self.model.longest - self.model.room))
        self.last = last_layer(self.network)
        self.fingerprint = fingerprint(self.network, self.last)
        self.freeze, self.seed, self.dropout = freeze, seed, dropout
        self.parts = part_names(name for name, _ in self.network.named_parameters())
        self.sizes = [0] * len(self.parts)
        for name, one in self.network.named_parameters():
            self.sizes[part_of(name, self.parts)] += one.numel()
        self.rows = np.zeros(0, np.int64)
        self.loss = math.nan
        self._share: dict[str, tuple[list[tuple[int, ...]], Tensor]] = {}
        self._cache: dict[str, Floats] = {}
        self._learnt: dict[str, nn.Parameter] = {}
        self._norms = np.zeros(len(self.parts), np.float32)
        self._rule: Rule | None = None
        self._sum, self._of = 0.0, 0

    # -- texts

    def take(self, share: str, texts: Sequence[str], y: NDArray[np.int64]) -> int:
        """Read the texts of a share; returns how many of them are longer than what is read of them."""
        pieces = [self.model.pieces(text).ids for text in texts]
        rows = [one[: self.room] for one in pieces]
        self._share[share] = (rows, torch.from_numpy(y.astype(np.int64)).to(self.model.device))
        self._cache[share] = np.full((len(rows), self.last.in_features), np.nan, np.float32)
        return sum(len(one) > self.room for one in pieces)

    def lengths(self, share: str) -> NDArray[np.int64]:
        """Word pieces of each text of a share, marks included, ``(n,)``."""
        marks = self.model.longest - self.model.room
        return np.array([len(row) + marks for row in self._share[share][0]], np.int64)

    def products(self, pieces: int) -> float:
        """Multiplications of a forward pass of a text of so many pieces."""
        inner = sum(size for name, size in zip(self.parts, self.sizes, strict=True) if name.startswith("layer"))
        return float(pieces) * inner + 2.0 * pieces * pieces * self.last.in_features

    def used(self) -> NDArray[np.int64]:
        """Numbers of the word pieces of the texts it learns from, marks included, in order."""
        before, behind = self.model.marks()
        found = {*before, *behind}.union(*self._share["train"][0])
        return np.array(sorted(found - {self.model.padding}), np.int64)

    def begin(self, rows: NDArray[np.int64]) -> None:
        """Decide what learns; to be called once, before the first update.

        Args:
            rows: The word pieces whose vectors may learn, see ``used``.

        Raises:
            InputError: There is no such piece.
        """
        if len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < int(self.config.vocab_size):
            raise InputError("These word pieces are not this model's.")
        self.rows = rows
        if self.freeze == 0:
            inputs = cast(Any, self.network).get_input_embeddings()
            cast(Any, self.network).set_input_embeddings(UsedRows(inputs, torch.from_numpy(rows).to(self.model.device)))
        self._learnt.update(learning_weights(self.network, self.parts, self.freeze))
        self._part_of = {name: part_of(name, self.parts) for name in self._learnt}
        self.first = self.weights()
        self._lengths = self._by_part({name: torch.from_numpy(one) for name, one in self.first.items()})

    @property
    def trained(self) -> int:
        """Numbers that learn."""
        return sum(one.numel() for one in self._learnt.values())

    @property
    def stepped(self) -> bool:
        """Whether it may be another network than it began as."""
        return self._rule is not None and self._rule.stepped

    # -- learning

    def learn(self, rows: NDArray[np.int64], of: int, step: int, number: int) -> None:
        """Add the gradient of some texts of a batch to that of those before.

        Args:
            rows: Which training texts, ``(n,)``.
            of: Texts of the whole batch.
            step: How many updates came before, from 0.
            number: Of this piece of the batch, from 0; with the first one the sum begins anew.
        """
        if not number:
            self._sum, self._of = 0.0, 0
            for one in self._learnt.values():
                one.grad = None
        torch.manual_seed((self.seed * 1_000_003 + step * 1_009 + number) % 2**63)  # all of torch's own dropout
        set_mode(self.network, self.parts, self.freeze, self.dropout, learning=True)
        z = self._logits("train", rows, learning=True)
        loss = functional.cross_entropy(z, self._share["train"][1][torch.from_numpy(rows)], reduction="sum")
        (loss / of).backward()  # type: ignore[no-untyped-call]
        self._sum, self._of = self._sum + float(loss.detach()), self._of + len(rows)

    def update(self, lr: float, head: float, weight_decay: float) -> bool:
        """One step against the gradient that was summed up; whether the loss is still a finite number.

        Args:
            lr: Learning rate of the encoder.
            head: That of the classifier is so many times as high.
            weight_decay: Pull towards zero, of matrices outside the embeddings.
        """
        self.loss = self._sum / max(1, self._of)
        if not math.isfinite(self.loss):
            return False
        gradients = {name: one.grad for name, one in self._learnt.items() if one.grad is not None}
        self._norms = self._by_part(gradients)
        length = float(np.sqrt((self._norms.astype(np.float64) ** 2).sum()))
        if length > CLIP:
            for gradient in gradients.values():
                gradient.mul_(CLIP / length)
        self._rules().step(lr, head, weight_decay)
        return True

    # -- asking

    def scores(self, share: str, rows: NDArray[np.int64]) -> tuple[float, Floats]:
        """Summed loss, and how sure it is of each class ``(n, classes)``, of some texts of a share."""
        set_mode(self.network, self.parts, self.freeze, self.dropout, learning=False)
        with torch.no_grad():
            z = self._logits(share, rows)
            loss = functional.cross_entropy(z, self._share[share][1][torch.from_numpy(rows)], reduction="sum")
        return float(loss), softmax(z.float().cpu().numpy())

    def features(self, share: str, rows: NDArray[np.int64]) -> Floats:
        """What the encoder hands to the classifier for some texts of a share, ``(n, width)``; dropout off."""
        set_mode(self.network, self.parts, self.freeze, self.dropout, learning=False)
        held: list[Tensor] = []
        hook = self.last.register_forward_pre_hook(lambda _, given: held.append(given[0].detach()))
        try:
            with torch.no_grad():
                self._run([self._share[share][0][row] for row in rows])
        finally:
            hook.remove()
        return cast(Floats, held[0].float().cpu().numpy())

    def ask(self, texts: Sequence[Pieces]) -> Floats:
        """How sure it is of each class ``(n, classes)``, of other texts; of a long one the beginning is read."""
        set_mode(self.network, self.parts, self.freeze, self.dropout, learning=False)
        with torch.no_grad():
            return softmax(self._run([text.ids[: self.room] for text in texts]).float().cpu().numpy())

    def moved(self) -> Floats:
        """How far each part is from where it began: the length of the difference over its length then, ``(parts,)``."""
        with torch.no_grad():
            apart = {
                name: one.detach() - torch.from_numpy(self.first[name]).to(one.device)
                for name, one in self._learnt.items()
            }
            return np.asarray(self._by_part(apart) / np.maximum(self._lengths, 1e-9), np.float32)

    def gradients(self) -> Floats:
        """Length of each part's gradient in the last batch, before it was shortened, ``(parts,)``."""
        return self._norms

    # -- what is kept

    def weights(self) -> dict[str, Floats]:
        """A copy of everything that learns, by name."""
        return {name: array(one) for name, one in self._learnt.items()}

    def load_weights(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Put such a copy back; raises ``InputError`` where it does not fit."""
        found = {name: taken(weights, name, tuple(one.shape)) for name, one in self._learnt.items()}
        with torch.no_grad():
            for name, one in self._learnt.items():
                one.copy_(torch.from_numpy(found[name]))

    def state(self) -> dict[str, NDArray[Any]]:
        """A copy of everything that ``load`` needs to go on as if nothing had happened."""
        return {f"weights.{name}": one for name, one in self.weights().items()} | self._rules().state()

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a state of the same network; raises ``InputError`` where it does not fit."""
        remembered = self._rules().read(state)
        self.load_weights({name: state[f"weights.{name}"] for name in self._learnt if f"weights.{name}" in state})
        self._norms = np.zeros(len(self.parts), np.float32)
        self._rules().load(remembered)

    def close(self) -> None:
        """Free what it holds; it is not used again."""
        self._share.clear()
        self._cache.clear()
        self._learnt.clear()
        self._rule = None
        if self.model.device.type == "cuda":
            torch.cuda.empty_cache()

    # -- how

    def _logits(self, share: str, rows: NDArray[np.int64], *, learning: bool = False) -> Tensor:
        if self.freeze != ALL:
            return self._run([self._share[share][0][row] for row in rows])
        # The encoder never changes: what it hands to the classifier is computed once for each text.
        cache = self._cache[share]
        new = rows[np.isnan(cache[rows, 0])]
        if len(new):
            cache[new] = self.features(share, new)
        given = torch.from_numpy(cache[rows]).to(self.model.device)
        return cast(Tensor, self.last(functional.dropout(given, self.dropout, training=learning)))

    def _run(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Logits ``(n, classes)`` of rows of pieces."""
        ids, mask = self.model.batch(rows)
        given = torch.from_numpy(ids).to(self.model.device), torch.from_numpy(mask).to(self.model.device)
        return cast(Tensor, self.network(input_ids=given[0], attention_mask=given[1]).logits)

    def _rules(self) -> Rule:
        if self._rule is None:
            head = {name for name, part in self._part_of.items() if part == len(self.parts) - 1}
            flat = {name for name, one in self._learnt.items() if one.ndim < 2}
            words = {name for name, part in self._part_of.items() if self.parts[part] == "embeddings"}
            self._rule = Rule(self._learnt, head, set(self._learnt) - flat - words)
        return self._rule

    def _by_part(self, tensors: Mapping[str, Tensor]) -> Floats:
        squares = np.zeros(len(self.parts), np.float64)
        for name, one in tensors.items():
            squares[self._part_of[name]] += float(torch.linalg.vector_norm(one)) ** 2
        return np.sqrt(squares).astype(np.float32)
