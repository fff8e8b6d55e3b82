"""A folder of transformers' in the models folder: what it is, told by its configuration and by the header of its weights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playground.catalog import text_labels
from playground.catalog.card import Card, Local
from playground.catalog.cards_text import SENTIMENT
from playground.catalog.headers import parameters
from playground.catalog.text_families import FAMILIES
from playground.core.errors import ModelUnavailable

WEIGHTS = ("model.safetensors", "pytorch_model.bin")
TOKENIZERS = (("tokenizer.json",), ("vocab.txt",), ("vocab.json", "merges.txt"))
_BESIDE = ("tokenizer_config.json", "special_tokens_map.json")
_NAME = re.compile(r"[^\w.-]+")
_HEAD = "ForSequenceClassification"


def text_folder(place: Path, path: str, said: dict[str, Any]) -> Card | None:
    """The card of a folder of transformers'; ``None`` where the configuration is another library's.

    Args:
        place: The folder.
        path: The same, relative to the models folder.
        said: Its ``config.json``.

    Raises:
        ModelUnavailable: It cannot be used, and why.
    """
    listed = said.get("architectures")
    if not (
        isinstance(listed, list) and listed and isinstance(listed[0], str) and isinstance(said.get("model_type"), str)
    ):
        return None
    network, kind = text_labels.clean(listed[0]), said["model_type"][:60]
    family = FAMILIES.get(kind)
    if not network.endswith(_HEAD):
        raise ModelUnavailable(
            f"It is a {network} of transformers: only networks that sort texts (...{_HEAD}) can be used. Fine-tune it first."
        )
    if family is None or network != family.network:
        raise ModelUnavailable(
            f"It is a {network} of transformers; those that can be used are of the kinds {', '.join(FAMILIES)}."
        )
    weights = next((place / name for name in WEIGHTS if (place / name).is_file()), None)
    if weights is None:
        raise ModelUnavailable(
            f"There is a config.json for a {network}, but no weights beside it: put model.safetensors there."
        )
    pieces = next((names for names in TOKENIZERS if all((place / name).is_file() for name in names)), None)
    if pieces is None:
        raise ModelUnavailable(f"There is a {network}, but no tokenizer beside it: put tokenizer.json there.")
    try:
        raw = text_labels.raw_labels(said)
    except ValueError as error:
        raise ModelUnavailable(f"config.json names no classes: {error}.") from None
    if len(raw) < 2:
        raise ModelUnavailable(f"It is a {network} that gives a single number, no classes: at least two are wanted.")
    name = place.name if path != "." else kind
    beside = tuple(one for one in _BESIDE if (place / one).is_file())
    shown = ", ".join(label.words for label in text_labels.words(raw, name)[:5])
    return Card(
        name=_NAME.sub("-", name),
        title=f"{text_labels.clean(name)} (local)",
        summary=f"Found in the models folder: {kind}, {len(raw)} classes ({shown}{', ...' if len(raw) > 5 else ''}).",
        task=SENTIMENT,
        source=Local("" if path == "." else path, ("config.json", *pieces, *beside, weights.name)),
        architecture=kind,
        bytes=weights.stat().st_size,
        parameters=parameters(weights) if weights.suffix == ".safetensors" else 0,
        labels=next((space for space, names in text_labels.SPACES.items() if names == raw), "own"),
    )
