"""Convolutional networks in PyTorch: eager, channels-last, with all pictures on the device as one tensor.

On CUDA the products are computed in bfloat16 (mixed precision); weights stay float32.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from playground.core.errors import InputError
from playground.data.image_set import ImageSet, Pictures, Share
from playground.engine import memory
from playground.engine.contract import Array
from playground.engine.convnet_contract import LIVE, ConvBlueprint
from playground.engine.convnet_network import Network
from playground.engine.images import Resident, as_pictures, augmented, chunks
from playground.engine.torch import pick_device
from playground.optim.rules import RULES

CHUNK, VALUES = 250, 16_000_000
"""Pictures that are measured in one go, at most, and numbers in their maps."""

_FUSED = ("Adam", "AdamW", "Adagrad", "SGD")  # one call for all weights, on CPU and CUDA


class ConvEngine:
    """Trains the network of a blueprint on a set of pictures."""

    def __init__(self, blueprint: ConvBlueprint, data: ImageSet) -> None:
        """Lay out pictures and weights; raises ``InputError`` for a device that is not there."""
        self._plan = blueprint
        self._device, self.device = pick_device(blueprint.device, blueprint.plan.products * blueprint.batch_size)
        torch.set_num_threads(1)
        memory.keep()
        mean, std = (
            torch.tensor(values, dtype=torch.float32, device=self._device) for values in (blueprint.mean, blueprint.std)
        )
        self._shares: dict[Share, Resident] = {
            name: Resident(data.share(name), self._device, mean, std, blueprint.permutation)
            for name in ("train", "val", "test")
        }
        self._live = {
            "lr": blueprint.lr, "weight_decay": blueprint.weight_decay, "label_smoothing": blueprint.label_smoothing,
        }  # fmt: skip
        self._network = Network(blueprint, self._device)
        self._tensors = self._network.tensors
        self._learnt = {name: one for name, one in self._tensors.items() if one.requires_grad}
        self._optimizer = self._new_optimizer(list(self._learnt.values()))
        self.loss = math.nan  # of the last batch

    def step(self, rows: NDArray[np.int64], number: int) -> bool:
        """One update from some of the training pictures.

        Args:
            rows: Which of them, ``(n,)``.
            number: How many updates came before, from 0; augmentation and dropout depend on it.

        Returns:
            Whether the loss is still a finite number.
        """
        share = self._shares["train"]
        self._optimizer.zero_grad(set_to_none=True)
        x = share.changed(rows, self._plan.augment, self._plan.seed, number)
        y = share.y[torch.from_numpy(rows).to(self._device)]
        with self._mixed():
            z = self._network(x, number)[-1]
        loss = functional.cross_entropy(z.float(), y, label_smoothing=self._live["label_smoothing"])
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        self.loss = loss.item()
        return math.isfinite(self.loss)

    def change(self, settings: Mapping[str, float]) -> None:
        """New values for settings named in ``LIVE``, from the next step on; raises ``KeyError`` for any other."""
        for name in settings:
            if name not in self._live:
                raise KeyError(f"the engine has no setting '{name}'; it knows {', '.join(LIVE)}")
        self._live.update({name: float(value) for name, value in settings.items()})
        self._set_groups(self._optimizer)

    def evaluate(self, share: Share, rows: NDArray[np.int64] | None = None, shift: int = 0) -> tuple[float, Array]:
        """Mean loss of some pictures, without augmentation, dropout and smoothing; and the probabilities ``(n, k)``.

        Args:
            share: Of which share.
            rows: Which of its pictures; all of them unless said otherwise.
            shift: The pictures are moved right and down by so many pixels first.

        Returns:
            NaN where there are no pictures.
        """
        held = self._shares[share]
        count = len(held.y) if rows is None else len(rows)
        classes = self._plan.plan.classes
        found = np.zeros((count, classes), dtype=np.float32)
        total = 0.0
        with torch.inference_mode(), self._mixed():
            for part in chunks(count, max(1, min(CHUNK, VALUES // self._plan.plan.values))):
                here = part if rows is None else rows[part]
                z = self._network(held.rows(here, shift), None)[-1].float()
                y = held.y[here] if isinstance(here, slice) else held.y[torch.from_numpy(here).to(self._device)]
                total += functional.cross_entropy(z, y, reduction="sum").item()
                found[part] = torch.softmax(z, 1).cpu().numpy()
        return (total / count if count else math.nan), found

    def stages(self, pictures: Pictures) -> list[Array]:
        """What every block makes of pictures ``(n, h, w, c)``, which are as the network sees them (moved and permuted).

        Returns:
            One float32 array a block, ``(n, ...)``, after its activation; the last holds the raw outputs.
        """
        with torch.inference_mode(), self._mixed():
            return [
                cast(Array, np.ascontiguousarray(one.float().cpu().numpy()))
                for one in self._network(self._seen(pictures), None)
            ]

    def saliency(self, pictures: Pictures, classes: NDArray[np.int64]) -> Array:
        """How much each pixel sways the raw output of a class: the gradient's size, the largest of its channels.

        Args:
            pictures: ``(n, h, w, c)``, as the network sees them.
            classes: One for each, ``(n,)``.

        Returns:
            ``(n, h, w)`` (Simonyan, Vedaldi and Zisserman, 2014).
        """
        x = self._seen(pictures).requires_grad_()
        z = self._network(x, None)[-1]
        wanted = z.gather(1, torch.from_numpy(classes).to(self._device)[:, None]).sum()
        (slope,) = torch.autograd.grad(wanted, x)
        return cast(Array, np.ascontiguousarray(slope.abs().amax(dim=1).cpu().numpy()))

    def augmented(self, pictures: Pictures, seed: int) -> Pictures:
        """Pictures ``(n, h, w, c)`` changed at random, as each is before it is learnt from; pixels stay in their places."""
        x = torch.from_numpy(np.ascontiguousarray(pictures)).to(self._device)
        return as_pictures(augmented(x, np.arange(len(pictures)), self._plan.augment, self._plan.seed, 2**32 + seed))

    def weights(self) -> dict[str, Array]:
        """A copy of all arrays by name, measured ones included, float32."""
        return {name: _array(one) for name, one in self._tensors.items()}

    def gradients(self) -> dict[str, Array]:
        """The gradients of the last batch by name; empty before the first step."""
        return {name: _array(one.grad) for name, one in self._learnt.items() if one.grad is not None}

    def state(self) -> dict[str, NDArray[Any]]:
        """A copy of everything that ``load`` needs to go on as if nothing had happened."""
        state: dict[str, NDArray[Any]] = {f"weights.{name}": array for name, array in self.weights().items()}
        for name, one in self._learnt.items():
            memory = self._optimizer.state.get(one, {})
            state.update({f"rule.{name}.{key}": _array(value) for key, value in memory.items() if value is not None})
        return state

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a state of an engine of the same blueprint; raises ``InputError`` where it does not fit."""
        wanted = self._memory() if any(name.startswith("rule.") for name in state) else {}
        taken = {name: _taken(state, f"weights.{name}", tuple(one.shape)) for name, one in self._tensors.items()}
        memory = {
            name: {
                key: _taken(state, f"rule.{name}.{key}", tuple(one.shape) if whole else ())
                for key, whole in wanted.items()
            }
            for name, one in self._learnt.items()
        }
        with torch.no_grad():
            for name, one in self._tensors.items():
                one.copy_(torch.from_numpy(taken[name]))
        self._optimizer = self._new_optimizer(list(self._learnt.values()))
        for name, one in self._learnt.items():
            one.grad = None
            for key, array in memory[name].items():
                value = torch.from_numpy(array)
                if not array.ndim:
                    self._optimizer.state[one][key] = value.to(self._device) if self._fused() else value
                else:
                    self._optimizer.state[one][key] = torch.empty_like(one, requires_grad=False).copy_(value)

    def load_weights(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Put arrays by their names into the network; the update rule's memory stays. Raises ``InputError`` as ``load``."""
        taken = {name: _taken(weights, name, tuple(one.shape)) for name, one in self._tensors.items()}
        with torch.no_grad():
            for name, one in self._tensors.items():
                one.copy_(torch.from_numpy(taken[name]))

    def close(self) -> None:
        """Free what it holds; the engine is not used again."""
        self._optimizer.state.clear()
        self._shares.clear()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _new_optimizer(self, tensors: list[Tensor]) -> torch.optim.Optimizer:
        """The rule's class in torch; weights in one group, and biases and normalisations, which nothing pulls, in another."""
        rule = RULES[self._plan.rule]
        arguments: dict[str, Any] = {**rule.torch_args, "lr": self._live["lr"]}
        if self._fused():
            arguments["fused"] = True
        parts = [[one for one in tensors if (one.ndim > 1) == pulled] for pulled in (True, False)]
        optimizer = getattr(torch.optim, rule.torch)([{"params": part} for part in parts], **arguments)
        self._set_groups(optimizer)
        return cast(torch.optim.Optimizer, optimizer)

    def _fused(self) -> bool:
        return RULES[self._plan.rule].torch in _FUSED and self._device.type in ("cpu", "cuda")

    def _set_groups(self, optimizer: torch.optim.Optimizer) -> None:
        for index, group in enumerate(optimizer.param_groups):
            group.update(lr=self._live["lr"], weight_decay=0.0 if index else self._live["weight_decay"])

    def _memory(self) -> dict[str, bool]:
        """What the rule remembers of each weight by torch's names, and whether it has the weight's shape or is one number."""
        one = torch.zeros((2, 2), device=self._device, requires_grad=True)
        one.grad = torch.zeros_like(one)
        optimizer = self._new_optimizer([one])
        optimizer.step()
        memory = optimizer.state[one]
        return {key: value.ndim > 0 for key, value in memory.items() if value is not None}

    def _seen(self, pictures: Pictures) -> Tensor:
        return self._shares["train"].seen(torch.from_numpy(np.ascontiguousarray(pictures)).to(self._device))

    def _mixed(self) -> torch.autocast:
        kind: Literal["cuda", "cpu"] = "cuda" if self._device.type == "cuda" else "cpu"
        return torch.autocast(kind, dtype=torch.bfloat16, enabled=kind == "cuda")


def _array(tensor: Tensor) -> NDArray[Any]:
    """A copy, as NumPy, in the ordinary order."""
    return np.array(tensor.detach().cpu().numpy(), order="C")


def _taken(state: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    array = state.get(name)
    if array is None or array.shape != shape or array.dtype.kind != "f":
        raise InputError(
            f"This stored run is incomplete or of another network ('{name}' does not fit); start it again."
        )
    return np.array(array, dtype=np.float32)
