"""A folder of transformers' as a network that sorts texts: read with distrust, and so that nothing in it is ever executed.

Only architectures on a list are built, with settings on a list; what the configuration claims is compared with the weights
beside it before memory is taken for it; and every way in which a folder can be wrong has words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from playground.catalog import settings_file, text_labels
from playground.catalog.text_families import FAMILIES, Family
from playground.core.errors import ModelUnavailable
from playground.hub import opening, text_tokenizer

LONGEST = 512
"""So many pieces a text may have at most in one go, whatever a model's configuration allows."""

WEIGHTS = ("model.safetensors", "pytorch_model.bin")

LARGEST = 2_500_000_000
"""Bytes that a network may take, and the file of its weights: about as large as XLM-RoBERTa's large one."""

_HARMLESS = ("position_ids", "token_type_ids", "lm_head.", "cls.", "pooler.", "vocab_", "mlm.", "discriminator_")
"""Parts of names in a file that a classifier has no use for: what is left of how the network was trained before."""


@dataclass(frozen=True)
class TextFolder:
    """What a folder holds.

    Attributes:
        network: ``...ForSequenceClassification`` of transformers', in evaluation mode, float32, attention in plain steps.
        config: Its configuration.
        tokenizer: From text to pieces; it neither cuts nor fills up.
        raw: The classes as the configuration names them.
        longest: How many pieces fit, marks included.
        padding: Number of the piece that fills up.
        unknown: Number of the piece for what the vocabulary lacks; -1 where everything can be written.
        mask: Number of the piece that hides another; -1 where there is none.
        notes: What has to be said of it, in sentences.
    """

    network: nn.Module
    config: Any
    tokenizer: Tokenizer
    raw: tuple[str, ...]
    longest: int
    padding: int
    unknown: int
    mask: int
    notes: tuple[str, ...] = ()


def opened(
    place: Path, *, title: str = "", weights: str = "", classes: Sequence[str] | None = None, seed: int = 0
) -> TextFolder:
    """Open a folder of transformers'.

    Args:
        place: The folder.
        title: What messages call it; the folder's name where that is empty.
        weights: Name of the file that holds them; the first of ``WEIGHTS`` that is there where that is empty.
        classes: Names of other classes: the network then gets a new, untrained last layer for them, whatever the file has.
        seed: What that layer is drawn with.

    Raises:
        ModelUnavailable: Something in it is missing, broken, or not what it claims to be; says what.
    """
    name = title or place.name
    said = configuration(place, name)
    family = _family(said, name, needs_head=classes is None)
    raw = tuple(classes) if classes is not None else _raw(said, name)
    config = _config(family, said, raw, name)
    pieces = text_tokenizer.opened(place, family, config, name)
    tensors = _tensors(place, weights, family, name)
    network = _filled(family, config, tensors, name, new=classes is not None, seed=seed)
    tokenizer: Tokenizer = pieces.backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if tokenizer.get_vocab_size() > int(config.vocab_size):
        raise ModelUnavailable(
            f"{name}: its tokenizer knows {tokenizer.get_vocab_size():,} pieces, and its network {int(config.vocab_size):,}: "
            "they do not belong together."
        )
    padding = config.pad_token_id if isinstance(config.pad_token_id, int) else pieces.pad_token_id
    note = "" if classes is not None else text_labels.note(raw, place.name)
    return TextFolder(
        network=network.eval().requires_grad_(False),
        config=config,
        tokenizer=tokenizer,
        raw=raw,
        longest=_longest(family, config, pieces, name),
        padding=int(padding or 0),
        unknown=_number(pieces.unk_token_id),
        mask=_number(pieces.mask_token_id),
        notes=(note,) if note else (),
    )


def configuration(place: Path, title: str = "") -> dict[str, Any]:
    """What a folder's ``config.json`` says; raises ``ModelUnavailable`` where it is missing or broken."""
    name = title or place.name
    try:
        said = settings_file.read(place / "config.json")
    except FileNotFoundError:
        raise ModelUnavailable(f"{name}: there is no config.json.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelUnavailable(f"{name}: its config.json cannot be read ({text_tokenizer.short(error)}).") from None
    if not isinstance(said, dict):
        raise ModelUnavailable(f"{name}: its config.json holds no settings: it should be a JSON object.")
    return said


def _family(said: Mapping[str, Any], name: str, *, needs_head: bool) -> Family:
    kind = text_labels.clean(str(said.get("model_type", "")))
    family = FAMILIES.get(kind)
    if family is None:
        raise ModelUnavailable(
            f"{name}: its model_type is '{kind}'; networks that can be opened here are {', '.join(FAMILIES)}."
        )
    listed = said.get("architectures")
    claimed = [text_labels.clean(str(one)) for one in listed] if isinstance(listed, list) else []
    if needs_head and claimed and family.network not in claimed:
        raise ModelUnavailable(
            f"{name} is a {claimed[0]}, which does not sort texts into classes; a {family.network} is wanted. "
            "Fine-tune it first, or choose another model."
        )
    if needs_head and said.get("problem_type") in ("regression", "multi_label_classification"):
        raise ModelUnavailable(
            f"{name}: its answers are no probabilities of classes that exclude each other (problem_type "
            f"'{said['problem_type']}'), and this is about those."
        )
    return family


def _raw(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    try:
        raw = text_labels.raw_labels(said)
    except ValueError as error:
        raise ModelUnavailable(f"{name}: its config.json names no classes: {error}.") from None
    if len(raw) < 2:
        raise ModelUnavailable(f"{name} gives a single number, no classes: at least two are wanted.")
    return raw


def _config(family: Family, said: Mapping[str, Any], raw: Sequence[str], name: str) -> Any:
    """A configuration of the settings that make a network; whatever else the file says is left out."""
    import transformers

    kept = {key: said[key] for key in family.settings if key in said}
    for key, (low, high) in family.bounds.items():
        value = kept.get(key, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ModelUnavailable(
                f"{name}: {key} in its config.json is {text_labels.clean(str(value)[:40])}; allowed are {low} to {high:,}."
            )
    for key in ("layer_norm_eps", "initializer_range"):
        value = kept.get(key, 0.02)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:  # nan is refused too
            raise ModelUnavailable(
                f"{name}: {key} in its config.json is {text_labels.clean(str(value)[:40])}; allowed is a number above 0, up to 1."
            )
    try:
        config = getattr(transformers, family.config)(**kept)
        config.id2label = dict(enumerate(raw))
        config.label2id = {label: index for index, label in enumerate(raw)}
        config.problem_type = "single_label_classification"
        config.architectures = [family.network]
        config._attn_implementation = "eager"
    except Exception as error:  # noqa: BLE001
        # Its checks raise what they like: whatever is wrong with a configuration from outside is that file's fault, and is told.
        raise ModelUnavailable(
            f"{name}: its config.json makes no {family.network} ({text_tokenizer.short(error)})."
        ) from None
    return config


def _tensors(place: Path, file: str, family: Family, name: str) -> dict[str, Tensor]:
    """The weights by the network's names, as the file has them: none is touched before their shapes are known to be right."""
    found = file or next((one for one in WEIGHTS if (place / one).is_file()), "")
    if not found or not (place / found).is_file():
        pieces = sorted(one.name for one in place.glob("*.index.json"))
        more = f" They are in several files ({pieces[0][:60]}): save them as one." if pieces else ""
        raise ModelUnavailable(f"{name}: there are no weights: model.safetensors is wanted.{more}")
    if (size := opening.unpacked(place / found)) > LARGEST:
        raise ModelUnavailable(f"{name}: {found} has {size / 1e6:,.0f} MB; at most {LARGEST / 1e6:,.0f} MB are opened.")
    try:
        held = opening.weights(place / found)
    except ModelUnavailable as error:
        raise ModelUnavailable(f"{name}: {error}") from None
    prefix = f"{family.prefix}."
    alone = not any(key.startswith(prefix) for key in held)  # the encoder saved by itself
    tensors = {}
    for key, one in held.items():
        for old, new in (("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")):
            key = key.replace(old, new)
        if alone and not key.startswith(("classifier", "pre_classifier")):
            key = prefix + key
        tensors[key] = one
    return tensors


def _filled(family: Family, config: Any, tensors: dict[str, Tensor], name: str, *, new: bool, seed: int) -> nn.Module:
    """The network, filled; names and shapes are compared before anything is allocated for it."""
    import transformers
    from transformers.initialization import no_init_weights

    build = getattr(transformers, family.network)
    try:
        with torch.device("meta"), no_init_weights():  # shapes without memory
            shape: nn.Module = build(config)
    except Exception as error:  # noqa: BLE001 - see _config
        raise ModelUnavailable(
            f"{name}: its config.json makes no {family.network} ({text_tokenizer.short(error)})."
        ) from None
    wanted = {key: tuple(one.shape) for key, one in shape.state_dict().items()}
    if new:
        last = {
            key
            for key in wanted
            if key.startswith("classifier.") and key.rsplit(".", 2)[-2] in ("classifier", "out_proj")
        }
        tensors = {key: one for key, one in tensors.items() if key not in last}
        for key in wanted:
            if key in last or (key not in tensors and ("classifier" in key or ".pooler." in key)):
                tensors[key] = _drawn(key, wanted[key], float(config.initializer_range), seed)
    _compare(family, wanted, tensors, name)
    if (size := 4 * sum(math.prod(one) for one in wanted.values())) > LARGEST:
        raise ModelUnavailable(
            f"{name}: its network takes {size / 1e6:,.0f} MB; at most {LARGEST / 1e6:,.0f} MB are opened."
        )
    try:
        with no_init_weights():
            network: nn.Module = build(config).float()
        network.load_state_dict({key: tensors[key] for key in wanted})  # each is converted where it is copied to
    except (RuntimeError, MemoryError) as error:
        raise ModelUnavailable(
            f"{name}: there was no room for its weights, or they do not fit ({text_tokenizer.short(error)})."
        ) from None
    if not all(bool(torch.isfinite(one).all()) for one in network.state_dict().values()):
        raise ModelUnavailable(f"{name}: some of its weights are no finite numbers.")
    return network


def _drawn(key: str, shape: tuple[int, ...], spread: float, seed: int) -> Tensor:
    """The beginning of a layer that is yet to be trained, as BERT's own: normal weights, biases of zero."""
    if len(shape) < 2:
        return torch.zeros(shape)
    draw = torch.Generator().manual_seed(seed * 1_000_003 + sum(map(ord, key)))
    return torch.randn(shape, generator=draw) * spread


def _compare(family: Family, wanted: Mapping[str, tuple[int, ...]], found: Mapping[str, Tensor], name: str) -> None:
    """Raise where the weights are not those of the network, by names and shapes alone."""
    missing = [key for key in wanted if key not in found]
    wrong = next((key for key in wanted if key in found and tuple(found[key].shape) != wanted[key]), None)
    odd = next((key for key in wanted if key in found and not found[key].is_floating_point()), None)
    extra = next((key for key in found if key not in wanted and not any(part in key for part in _HARMLESS)), None)
    if missing and all("classifier" in key for key in missing):
        raise ModelUnavailable(
            f"{name}: its weights have no classifier ({missing[0]} is missing), so it sorts nothing yet. Fine-tune it first."
        )
    if wrong is not None:
        word = f"{wrong} is {tuple(found[wrong].shape)} instead of {wanted[wrong]}."
    elif odd is not None:
        word = f"{odd} holds {str(found[odd].dtype).removeprefix('torch.')}, and not real numbers."
    elif missing:
        word = f"{missing[0]} is missing."
    elif extra is not None:
        word = f"There is no place for {text_labels.clean(extra)}."
    else:
        return
    raise ModelUnavailable(
        f"{name}: the weights are not those of the {family.network} that its config.json describes. {word}"
    )


def _longest(family: Family, config: Any, pieces: Any, name: str) -> int:
    said = pieces.model_max_length
    said = said if isinstance(said, int | float) and not math.isnan(said) else LONGEST
    longest = min(int(config.max_position_embeddings) - family.reserved, int(min(said, LONGEST)), LONGEST)
    if longest < 4:
        raise ModelUnavailable(f"{name}: it takes no more than {longest} pieces at once, too few for a sentence.")
    return longest


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
