"""A fine-tuned network as a folder of transformers': configuration with the names of the classes, weights, tokenizer."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save

from playground.catalog.text_families import FAMILIES
from playground.hub import text_tokenizer
from playground.hub.finetuning import Tuner
from playground.hub.used_rows import UsedRows

WHOLE = 120_000_000
"""Weights of more bytes than these are written as float16, which halves them."""

_TOKENIZER, _OURS = "tokenizer_config.json", ("is_local", "local_files_only")


def files(tuner: Tuner) -> dict[str, bytes]:
    """What ``from_pretrained`` needs, by the names of the files, with the weights as they are now."""
    tensors = {name: one.detach().cpu() for name, one in tuner.network.state_dict().items()}
    for name, module in tuner.network.named_modules():
        if isinstance(module, UsedRows):
            tensors[f"{name}.weight"] = module.merged().cpu()
    half = sum(one.numel() * one.element_size() for one in tensors.values()) > WHOLE
    kept = {
        name: (one.half() if half and one.is_floating_point() else one).contiguous() for name, one in tensors.items()
    }
    config = tuner.config
    config.dtype = torch.float16 if half else torch.float32
    family = FAMILIES[str(config.model_type)]
    found = {"model.safetensors": save(kept, {"format": "pt"})}
    with tempfile.TemporaryDirectory() as place:
        config.save_pretrained(place)
        text_tokenizer.opened(tuner.place, family, config, tuner.model.card.title).save_pretrained(place)
        found |= {one.name: one.read_bytes() for one in sorted(Path(place).iterdir()) if one.is_file()}
    if _TOKENIZER in found:  # how it was opened here is nobody else's business
        said = {name: value for name, value in json.loads(found[_TOKENIZER]).items() if name not in _OURS}
        found[_TOKENIZER] = (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()
    return found
