"""The tokenizer of a folder of transformers': the one that its own library gives, without running anything of the folder's."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, cast

from tokenizers import Tokenizer

from playground.catalog import settings_file, text_labels
from playground.catalog.text_families import Family
from playground.core.errors import ModelUnavailable

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads take the cores from everybody else

FILES = ("tokenizer.json", "vocab.txt", "vocab.json")
LARGE = (*FILES, "merges.txt", "spiece.model", "sentencepiece.bpe.model", "spm.model", "tokenizer.model")
LARGEST = 100_000_000
"""Bytes that a file of ``LARGE`` may have."""
SMALL = (
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
)
"""What else is read of a folder, all of it settings."""


def opened(place: Path, family: Family, config: Any, name: str) -> Any:
    """The tokenizer that transformers' own ``AutoTokenizer`` gives for the folder, from local files alone.

    Args:
        place: The folder.
        family: What its network is of.
        config: Its configuration.
        name: What messages call it.

    Raises:
        ModelUnavailable: There is none, it cannot be read, or it is of a kind that is not allowed; says which.
    """
    there = [file for file in FILES if (place / file).is_file()]
    if not there:
        raise ModelUnavailable(
            f"{name}: there is no tokenizer beside its weights. Put tokenizer.json there "
            "(tokenizer.save_pretrained(folder) of transformers writes it)."
        )
    for file in (*LARGE, *SMALL):
        most = LARGEST if file in LARGE else settings_file.LARGEST
        if (place / file).is_file() and (place / file).stat().st_size > most:
            raise ModelUnavailable(f"{name}: {file} is larger than {most / 1e6:.0f} MB.")
    claimed = _class(place, name)
    if claimed and claimed.removesuffix("Fast") not in family.tokenizers:
        raise ModelUnavailable(
            f"{name}: its tokenizer_config.json asks for {claimed}; for a {family.kind} the allowed ones are "
            f"{', '.join(family.tokenizers)}."
        )
    import transformers

    cast(Any, transformers.logging).set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = transformers.AutoTokenizer.from_pretrained(
                str(place), config=config, local_files_only=True, trust_remote_code=False
            )
        if not isinstance(getattr(made, "backend_tokenizer", None), Tokenizer):
            raise ValueError("it is none of the tokenizers library's")
        if len(made.backend_tokenizer.encode("a plain sentence", add_special_tokens=False).ids) == 0:
            raise ValueError("it finds no pieces in a plain sentence")
    except BaseException as error:
        # Rust's panics are no Exceptions. Whatever the reader of a file from outside stumbles on is that file's fault, and is told.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ModelUnavailable(f"{name}: its tokenizer ({there[0]}) cannot be read ({short(error)}).") from None
    return made


def _class(place: Path, name: str) -> str:
    path = place / "tokenizer_config.json"
    if not path.is_file():
        return ""
    try:
        said = settings_file.read(path)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelUnavailable(f"{name}: its tokenizer_config.json cannot be read ({short(error)}).") from None
    if not isinstance(said, dict):
        raise ModelUnavailable(f"{name}: its tokenizer_config.json holds no settings.")
    if "auto_map" in said:
        raise ModelUnavailable(f"{name}: its tokenizer is a program of its own (auto_map), and none is run here.")
    return text_labels.clean(str(said.get("tokenizer_class") or ""))


def short(error: BaseException) -> str:
    """The words of an error, in one line."""
    return " ".join(str(error).split())[:160] or type(error).__name__
