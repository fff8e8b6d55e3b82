"""Weights, opened so that nothing in them is ever executed.

safetensors first: a header and numbers, nothing else. A ``.pt`` or ``.pth`` file is a pickle; it is opened by torch's restricted
reader, which builds tensors and what is on an explicit list, and refuses the file at the first other name. That name is
told, so that whoever made the file knows what to leave out.
"""

from __future__ import annotations

import logging
import pickletools
import re
import threading
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from playground.core.errors import ModelUnavailable

log = logging.getLogger("playground")

_NAMED = re.compile(r"(?:GLOBAL|class|global) [`']?([\w.]+)")
_READING = threading.Lock()
"""The list of what may be read is the whole process's: two readers with two lists take turns."""

_LOOKED_AT = 64_000_000
"""Bytes of an older checkpoint in which names are looked for."""

_PARTS = re.compile(r"torch\.\w*Storage|torch\._utils\._rebuild_\w+|collections\.OrderedDict")
"""Names of tensors' own parts."""

_NESTED = ("state_dict", "model_state_dict", "state_dict_ema", "model", "net", "generator")


def weights(path: Path, allowed: Sequence[Any] = ()) -> dict[str, Tensor]:
    """The tensors of a file by name, on the CPU.

    Args:
        path: ``.safetensors``, or a checkpoint of torch's.
        allowed: Classes that a checkpoint may hold beside tensors and plain containers.

    Raises:
        ModelUnavailable: It is broken, holds anything else, or holds no tensors; says which.
    """
    held = load_safetensors(path) if path.suffix == ".safetensors" else checkpoint(path, allowed)
    for name in _NESTED:
        if isinstance(held, Mapping) and isinstance(held.get(name), Mapping):
            held = held[name]
            break
    if not isinstance(held, Mapping):
        raise ModelUnavailable(f"{path.name} holds no weights by name, but a {type(held).__name__}.")
    tensors = {str(name).removeprefix("module."): one for name, one in held.items() if isinstance(one, Tensor)}
    if not tensors:
        raise ModelUnavailable(f"{path.name} holds no tensors.")
    return tensors


def unpacked(path: Path) -> int:
    """Bytes that a file of weights takes in memory: a checkpoint is a zip file, and may be packed."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as packed:
            return max(size, sum(one.file_size for one in packed.infolist()))
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return size  # of another format, or broken: whoever opens it says so


def load_safetensors(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file; raises as ``weights`` does."""
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError, RuntimeError, MemoryError) as error:
        raise ModelUnavailable(f"{path.name} is not a whole safetensors file ({_short(error)}).") from None


def checkpoint(path: Path, allowed: Sequence[Any] = ()) -> Any:
    """What a file of ``torch.save``'s holds, within the list of what it may hold; raises as ``weights`` does.

    Args:
        path: The file.
        allowed: Classes, or pairs of a class and the full name in the file that it stands in for.
    """
    try:
        with _READING, torch.serialization.safe_globals(list(allowed)), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what it finds odd about a file from outside, told with a path of this machine
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # noqa: BLE001
        # Whatever the reader of a file from outside stumbles on is that file's fault: it is named, and nothing is kept.
        raise ModelUnavailable(_refusal(path, error, allowed)) from None


def _refusal(path: Path, error: Exception, allowed: Sequence[Any]) -> str:
    good = {one[1] if isinstance(one, tuple) else f"{one.__module__}.{one.__qualname__}" for one in allowed}
    named = [name for name in _offenders(path) if name not in good] or _NAMED.findall(str(error))[:1]
    if named:
        return (
            f"{path.name} was not opened: beside weights it holds {', '.join(sorted(named)[:3])}, which could run code. "
            f"Save the weights alone (torch.save(model.state_dict(), ...)), or as safetensors."
        )
    stumbled = error.__context__ or error  # its own reader's words, without the advice that is put around them
    return f"{path.name} is not a whole checkpoint of PyTorch's ({_short(stumbled)})."


def _offenders(path: Path) -> list[str]:
    """What the file would import that is not allowed, without importing it; empty where that cannot be told."""
    try:
        if not zipfile.is_zipfile(path):
            return _named_in_pickles(path)
        return [str(name) for name in torch.serialization.get_unsafe_globals_in_checkpoint(path)]
    except Exception as error:  # noqa: BLE001 - a file made to confuse a reader; that it was refused is what counts
        log.info("%s: what it would import cannot be told (%s)", path.name, _short(error))
        return []


def _named_in_pickles(path: Path) -> list[str]:
    """The same for the older format, several pickles one after another: what their commands name, in that order."""
    with path.open("rb") as file:
        content = BytesIO(file.read(_LOOKED_AT))
    found: dict[str, None] = {}
    try:
        for _ in range(5):
            pushed, memo = list[str](), dict[int, str]()
            for code, argument, _ in pickletools.genops(content):
                if code.name in ("GLOBAL", "INST"):
                    found[str(argument).replace(" ", ".")] = None
                elif code.name == "STACK_GLOBAL":
                    found[".".join(pushed[-2:])] = None
                elif "UNICODE" in code.name or "STRING" in code.name:
                    pushed.append(str(argument))
                elif code.name == "MEMOIZE" or "PUT" in code.name:
                    memo[len(memo) if argument is None else int(argument)] = pushed[-1] if pushed else ""
                elif "GET" in code.name:
                    pushed.append(memo.get(int(argument or 0), ""))
    except ValueError as error:
        log.info("%s: no more pickles in it (%s)", path.name, _short(error))
    return [name for name in found if not _PARTS.fullmatch(name)]


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
