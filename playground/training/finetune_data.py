"""From a fine-tuning experiment to what it learns from, and to the pretrained model that it starts with. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Local, Starter
from playground.catalog.listing import Catalog
from playground.core import paths
from playground.core.errors import InputError, ModelUnavailable, SpecError
from playground.core.seed import Stream, generator
from playground.core.settings import Settings
from playground.data.text_cleaning import readable
from playground.data.text_registry import TEXT_SETS
from playground.data.text_set import LabelledTexts, Texts, TextSet, split
from playground.specs.finetune import CLASSES, FEWEST, MOST, OWN, FinetuneSpec
from playground.training.cnn_data import evenly

LONGEST_TEXT = 10_000
"""Characters that are looked at of a text, far more than any model reads of it."""

_MOST = 911  # sub-stream of the data's random numbers
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


def prepare(spec: FinetuneSpec, data: LabelledTexts | None = None) -> TextSet:
    """Share out the texts of a checked experiment.

    Args:
        spec: The experiment.
        data: The visitor's own texts, for ``spec.dataset == "own"``; otherwise left out.

    Raises:
        InputError: There are none, too few, too many, or a single class; says what is wanted.
    """
    if spec.dataset != OWN:
        data = TEXT_SETS[spec.dataset].load()
    elif data is None:
        raise InputError(
            "This experiment learns from your own texts, and none were given; upload a table of texts and labels."
        )
    check(data)
    made = split(_clean(data), spec.train_share / 100, spec.seed)
    if not len(made.train.y) or not len(made.val.y):
        raise InputError("No class has two texts: one to learn from and one to measure on. Add more texts.")
    if not spec.most or spec.most >= len(made.train.y):
        return made
    kept = evenly(made.train.y, spec.most, generator(spec.seed, Stream.DATA, _MOST))
    fewer = Texts(tuple(made.train.texts[row] for row in kept), made.train.y[kept])
    note = f"Learns from {len(kept):,} of {len(made.train.y):,} training texts."
    return replace(made, train=fewer, notes=(*made.notes, note))


def check(data: LabelledTexts) -> None:
    """Raise ``InputError`` where these texts cannot be learnt from."""
    rows, classes = len(data.texts), len(data.classes)
    if not FEWEST <= rows <= MOST:
        raise InputError(f"Texts with a label: {rows:,}; {FEWEST} to {MOST:,} can be learnt from.")
    if classes < 2:
        only = f" (“{data.classes[0]}”)" if classes else ""
        raise InputError(f"All texts have the same label{only}: at least two classes are needed to tell apart.")
    if classes > CLASSES:
        raise InputError(
            f"There are {classes:,} different labels; at most {CLASSES} can be learnt. Is the label column the right one?"
        )


def base(spec: FinetuneSpec, folder: Path | None = None) -> tuple[Card, Path]:
    """The pretrained model of an experiment, and where its files lie.

    Args:
        spec: The experiment.
        folder: The models folder; unless said otherwise that of the settings.

    Raises:
        SpecError: There is no such model, or it is none for texts.
        ModelUnavailable: Its files are not on disk.
    """
    models = paths.models_folder(Settings.from_environment()) if folder is None else folder
    catalog = Catalog.read(models)
    card = catalog.cards.get(spec.base)
    texts = sorted(card.name for card in catalog.ready("sentiment"))
    if card is None or card.task != "sentiment":
        raise SpecError(
            f"Pretrained model: '{spec.base[:80]}' is no text model that is known here; choose from {', '.join(texts) or 'none'}.",
            field="base",
        )
    if not catalog.here(card):
        more = "" if isinstance(card.source, Starter) else f" Fetch it: playground models pull {card.name}."
        raise ModelUnavailable(f"{card.title} is not on disk.{more}")
    return card, on_disk.place(card, models)


def from_folder(place: Path) -> Card:
    """A card for a transformers folder anywhere on one's own disk; raises ``ModelUnavailable`` where it has no weights."""
    weights = next((name for name in _WEIGHTS if (place / name).is_file()), None)
    if weights is None:
        raise ModelUnavailable(
            f"{place} holds no {' and no '.join(_WEIGHTS)}; name a folder that transformers' save_pretrained wrote."
        )
    return Card(
        name=place.name[:120] or "folder",
        title=place.name[:120] or "folder",
        summary="A folder of one's own.",
        task="sentiment",
        source=Local("", (weights,)),
        architecture="transformers",
    )


def majority(data: TextSet) -> Mapping[str, float]:
    """Share of validation and test texts in the class that most training texts have, by ``val`` and ``test``."""
    common = int(np.bincount(data.train.y, minlength=len(data.classes)).argmax())
    shares = {"val": data.val, "test": data.test}
    return {name: float(np.mean(one.y == common)) for name, one in shares.items() if len(one.y)}


def _clean(data: LabelledTexts) -> LabelledTexts:
    """Without what no tokenizer takes; how many texts that concerns is noted."""
    texts = [readable(text[:LONGEST_TEXT]) for text in data.texts]
    changed = sum(bool(notes) for _, notes in texts)
    note = f"{changed:,} texts held control characters or broken ones; they were read without." if changed else ""
    return replace(data, texts=tuple(text for text, _ in texts), notes=(*data.notes, *([note] if note else [])))
