"""AdamW for fine-tuning: the classifier with a rate of its own, and only matrices outside the embeddings pulled towards zero."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.core.errors import InputError
from playground.engine import memory

Floats = NDArray[np.float32]

_MEMORY = {
    "step": False,
    "exp_avg": True,
    "exp_avg_sq": True,
}  # what it remembers, and whether it has the weight's shape


class Rule:
    """The update rule and what it remembers; made at the first update, for it costs twice the weights.

    Args:
        learnt: What learns, by name.
        of_head: Which of it belongs to the new classifier.
        pulled: Which of it weight decay pulls towards zero.
    """

    def __init__(self, learnt: Mapping[str, nn.Parameter], of_head: Collection[str], pulled: Collection[str]) -> None:
        self._learnt, self._of_head, self._pulled = learnt, of_head, pulled
        self._made: torch.optim.Optimizer | None = None

    @property
    def stepped(self) -> bool:
        """Whether there was an update."""
        return self._made is not None

    def step(self, lr: float, head: float, weight_decay: float) -> None:
        """One update with the gradients that the weights hold (I. Loshchilov, F. Hutter, 2019)."""
        made = self._optimizer()
        for group in made.param_groups:
            group["lr"] = lr * head if group["of_head"] else lr
            group["weight_decay"] = weight_decay if group["pulled"] else 0.0
        made.step()

    def state(self) -> dict[str, NDArray[Any]]:
        """A copy of what it remembers, by ``rule.``, the weight's name and torch's own."""
        held = self._made.state if self._made is not None else {}
        return {
            f"rule.{name}.{key}": array(value)
            for name, one in self._learnt.items()
            for key, value in held.get(one, {}).items()
        }

    def read(self, state: Mapping[str, NDArray[Any]]) -> dict[str, dict[str, Floats]]:
        """What such a copy holds, by weight; raises ``InputError`` where it does not fit."""
        keys = _MEMORY if any(name.startswith("rule.") for name in state) else {}
        return {
            name: {
                key: taken(state, f"rule.{name}.{key}", tuple(one.shape) if whole else ())
                for key, whole in keys.items()
            }
            for name, one in self._learnt.items()
        }

    def load(self, remembered: Mapping[str, Mapping[str, Floats]]) -> None:
        """Remember what ``read`` gave, and nothing else."""
        self._made = None
        for name, one in self._learnt.items():
            one.grad = None
            for key, values in remembered[name].items():
                self._optimizer().state[one][key] = torch.from_numpy(values).to(one.device)

    def _optimizer(self) -> torch.optim.Optimizer:
        if self._made is None:
            torch.set_num_threads(1)
            memory.keep()
            groups: list[dict[str, Any]] = []
            for of_head in (False, True):
                for pulled in (False, True):
                    names = [
                        n for n in self._learnt if ((n in self._of_head), (n in self._pulled)) == (of_head, pulled)
                    ]
                    if names:
                        mine = [self._learnt[name] for name in names]
                        groups.append({"params": mine, "of_head": of_head, "pulled": pulled})
            device = next(iter(self._learnt.values())).device.type
            self._made = torch.optim.AdamW(groups, lr=1e-3, fused=device in ("cpu", "cuda"))
        return self._made


def array(tensor: Tensor) -> NDArray[Any]:
    """A copy, as NumPy, in the ordinary order."""
    return np.array(tensor.detach().cpu().numpy(), order="C")


def taken(arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> Floats:
    """One of a stored run's arrays; raises ``InputError`` where it is missing or of another network."""
    found = arrays.get(name)
    if found is None or found.shape != shape or found.dtype != np.float32:
        raise InputError("This stored run belongs to another network; start it again.")
    return found
