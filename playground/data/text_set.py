"""Texts with labels: what a text model is fine-tuned on, and how they are shared out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.seed import Stream, generator
from playground.data.labels import classes_of, numbered

Share: TypeAlias = Literal["train", "val", "test"]
TRAIN, VAL, TEST, NOT_YET = 0, 1, 2, -1


@dataclass(frozen=True, eq=False)
class LabelledTexts:
    """Texts and what each of them is.

    Attributes:
        texts: As they were written.
        y: Number of the class, ``(n,)``.
        classes: Name of each class.
        share: Who is learnt from, chosen on and tested on where that was said; ``NOT_YET`` elsewhere, ``(n,)``.
        notes: What a reader should know, in sentences.
    """

    texts: tuple[str, ...]
    y: NDArray[np.int64]
    classes: tuple[str, ...]
    share: NDArray[np.int8]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Texts in each class, by its name."""
        found = Counter(self.y.tolist())
        return {name: found[number] for number, name in enumerate(self.classes)}


@dataclass(frozen=True, eq=False)
class Texts:
    """One share of them.

    Attributes:
        texts: As they were written.
        y: Number of the class, ``(n,)``.
    """

    texts: tuple[str, ...]
    y: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TextSet:
    """What an experiment learns from, chooses on and tests on.

    Attributes:
        train: Learnt from.
        val: The best weights are chosen on these.
        test: Seen once, at the end; may be empty.
        classes: Name of each class.
        notes: What a reader should know, in sentences.
    """

    train: Texts
    val: Texts
    test: Texts
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def share(self, name: Share) -> Texts:
        """One share by name."""
        shares: dict[Share, Texts] = {"train": self.train, "val": self.val, "test": self.test}
        return shares[name]

    @property
    def counts(self) -> dict[str, int]:
        """How many texts each share has."""
        return {"train": len(self.train.y), "val": len(self.val.y), "test": len(self.test.y)}


def labelled(texts: Sequence[str], labels: Sequence[str], notes: Sequence[str] = ()) -> LabelledTexts:
    """Texts and their labels as they are, classes in the order a person would put them."""
    classes = classes_of(labels)
    share = np.full(len(texts), NOT_YET, dtype=np.int8)
    return LabelledTexts(tuple(texts), numbered(labels, classes).astype(np.int64), classes, share, tuple(notes))


def split(data: LabelledTexts, train_share: float, seed: int) -> TextSet:
    """Share the texts out, class by class; the same texts and seed give the same shares.

    A class of two or more has one at least to learn from and one to choose on; from three on one to test on. Where the data
    say which texts to test on, no others are.

    Args:
        data: The texts.
        train_share: Share of each class to learn from, 0 to 1; the rest is halved between choosing and testing.
        seed: Of the draw.
    """
    share = data.share.copy()
    named = set(np.unique(share)) - {NOT_YET}
    draw = generator(seed, Stream.SPLIT)
    alone = []
    for number, name in enumerate(data.classes):
        rows = np.flatnonzero((data.y == number) & (share == NOT_YET))
        rows = rows[draw.permutation(len(rows))]
        n = len(rows)
        rest = (1 - train_share) * n
        val = 0 if VAL in named or n < 2 else max(1, round(rest / 2))
        test = 0 if TEST in named or n < 3 else min(max(1, round(rest / 2)), n - val - 1)
        share[rows] = TRAIN
        share[rows[:val]] = VAL
        share[rows[val : val + test]] = TEST
        if n == 1 and VAL not in named:
            alone.append(name)
    notes = list(data.notes)
    if alone:
        shown = ", ".join(alone[:5]) + (f" and {len(alone) - 5} more" if len(alone) > 5 else "")
        notes.append(
            f"{shown} {'has' if len(alone) == 1 else 'have'} a single text: it is learnt from, and never measured on."
        )
    if not (share == TEST).any():
        notes.append("There are no test texts: all choices and all figures are made on the validation texts.")

    def of(one: int) -> Texts:
        rows = np.flatnonzero(share == one)
        return Texts(tuple(data.texts[row] for row in rows), data.y[rows])

    return TextSet(of(TRAIN), of(VAL), of(TEST), data.classes, tuple(notes))
