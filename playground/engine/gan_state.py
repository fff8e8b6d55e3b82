"""Tensors as a stored run holds them: NumPy arrays by name, and back with care."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.core.errors import InputError


def tensors(network: nn.Module) -> Iterator[Tensor]:
    """All tensors of a network, measured ones included."""
    yield from network.parameters()
    yield from network.buffers()


def array(tensor: Tensor) -> NDArray[Any]:
    """A copy, in the ordinary order."""
    return np.array(tensor.detach().cpu().numpy(), order="C")


def taken(
    state: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...], dtype: Any = np.float32
) -> NDArray[Any]:
    """An array of a state; raises ``InputError`` where it is missing or of another shape."""
    found = state.get(name)
    if found is None or found.shape != shape or found.dtype.kind != "f":
        raise InputError(
            f"This stored run is incomplete or of another network ('{name}' does not fit); start it again."
        )
    return np.array(found, dtype=dtype)


def remember(optimizer: torch.optim.Optimizer, device: torch.device) -> None:
    """Room for what Adam remembers, as after a step."""
    for group in optimizer.param_groups:
        for one in group["params"]:
            optimizer.state[one] = {
                "step": torch.zeros((), device=device if device.type == "cuda" else None),
                "exp_avg": torch.zeros_like(one, requires_grad=False),
                "exp_avg_sq": torch.zeros_like(one, requires_grad=False),
            }
