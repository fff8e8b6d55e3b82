"""The engine in PyTorch: eager, with autograd, and as little overhead as that allows.

A tiny network spends its time in calls, not in arithmetic. So all parameters lie in one flat tensor, weights before
biases, of which each layer holds views; their gradients are views of a second one. The optimizer then updates one
tensor however many layers there are, and a penalty is one call. Batches are slices of an array that is already in
order; there is no loader, and one thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from playground.core.errors import InputError
from playground.core.seed import keep_mask
from playground.data.dataset import Task
from playground.engine.contract import Array, Blueprint, Layers
from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import LOSSES
from playground.optim.rules import RULES

WORTHWHILE = 5_000_000
"""Parameters times batch from which ``auto`` prefers an accelerator.

A step takes some sixty launches on an accelerator, half a millisecond or more whatever the size; one CPU thread does a
step of this size in about a millisecond, and a tiny one in a tenth of that.
"""

_QUICKEST: Mapping[str, Mapping[str, bool]] = {  # measured on one flat CPU tensor of 30 to 25,000 numbers
    "Adam": {"fused": True},
    "AdamW": {"fused": True},
    "Adagrad": {"fused": True},
}

_BY_NAME: Mapping[tuple[str, Task], Callable[[Tensor, Tensor], Tensor]] = {
    ("cross_entropy", "binary"): functional.binary_cross_entropy_with_logits,
    ("cross_entropy", "classes"): functional.cross_entropy,
    ("mse", "regression"): functional.mse_loss,
    ("mae", "regression"): functional.l1_loss,
    ("huber", "regression"): functional.huber_loss,
}


class TorchEngine:
    """Trains the network of a blueprint; see ``engine.contract.Engine``."""

    def __init__(self, blueprint: Blueprint) -> None:
        """Lay out the parameters and start the optimizer; raises ``InputError`` for a device that is not there."""
        self._plan = blueprint
        self._device, self.device = pick_device(blueprint.device, blueprint.start.count() * blueprint.batch_size)
        torch.set_num_threads(1)
        self._live = {"lr": blueprint.lr, "l1": blueprint.l1, "l2": blueprint.l2, "dropout": blueprint.dropout}
        self._live.update(blueprint.hyper)
        pairs = list(zip(blueprint.sizes[:-1], blueprint.sizes[1:], strict=True))
        self._shapes = [(fan_out, fan_in) for fan_in, fan_out in pairs]
        self._inner = sum(rows * columns for rows, columns in self._shapes)  # how many of the numbers are weights
        flat = np.concatenate([array.ravel() for array in (*blueprint.start.weights, *blueprint.start.biases)])
        self._flat = torch.tensor(flat, dtype=torch.float32, device=self._device)
        self._grad = torch.zeros_like(self._flat)
        self._weights, self._biases = self._leaves()
        self._activate = activation_of(blueprint.activation)
        self._loss = _loss(blueprint.loss, blueprint.task)
        self._optimizer = self._new_optimizer()

    def step(self, x: Array, t: Array, number: int) -> bool:
        """See ``Engine.step``."""
        self._grad.zero_()
        loss = self._loss(self._forward(self._tensor(x), number), self._tensor(t))
        loss.backward()  # type: ignore[no-untyped-call]  # adds to the views of self._grad
        inner = self._inner
        if self._live["l2"]:
            self._grad[:inner].add_(self._flat[:inner], alpha=self._live["l2"])
        if self._live["l1"]:
            self._grad[:inner].add_(self._flat[:inner].sign(), alpha=self._live["l1"])
        self._optimizer.step()
        return math.isfinite(self._flat.sum().item())

    def change(self, settings: Mapping[str, float]) -> None:
        """See ``Engine.change``."""
        for name in settings:
            if name not in self._live:
                raise KeyError(f"the engine has no setting '{name}'; it knows {', '.join(self._live)}")
        self._live.update({name: float(value) for name, value in settings.items()})
        self._set_groups(self._optimizer)

    def evaluate(self, x: Array, t: Array) -> tuple[float, Array]:
        """See ``Engine.evaluate``."""
        with torch.no_grad():
            z = self._forward(self._tensor(x), None)
            return self._loss(z, self._tensor(t)).item(), cast(Array, z.cpu().numpy())

    def put(self, layer: int, to: int, source: int | None, value: float) -> None:
        """See ``Engine.put``."""
        with torch.no_grad():
            if source is None:
                self._biases[layer][to] = value
            else:
                self._weights[layer][to, source] = value

    def weights(self) -> Layers:
        """See ``Engine.weights``."""
        return self._split(self._flat)

    def gradients(self) -> Layers:
        """See ``Engine.gradients``."""
        return self._split(self._grad)

    def state(self) -> dict[str, NDArray[Any]]:
        """See ``Engine.state``."""
        state = {"parameters": _array(self._flat), "gradients": _array(self._grad)}
        for index, group in enumerate(self._optimizer.param_groups):
            memory = self._optimizer.state.get(group["params"][0], {})
            state.update({f"rule.{index}.{key}": _array(value) for key, value in memory.items() if value is not None})
        return state

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """See ``Engine.load``."""
        _copy(self._flat, state, "parameters")
        _copy(self._grad, state, "gradients")
        self._optimizer = self._new_optimizer()
        if not any(name.startswith("rule.") for name in state):
            return
        # One step of length 0 makes the optimizer set up its memory, whatever it is; then that is filled.
        kept, gradients = self._flat.clone(), self._grad.clone()
        for group in self._optimizer.param_groups:
            group["lr"] = 0.0
            if "momentum" in group and "momentum" in self._live:
                group["momentum"] = 0.5
        self._optimizer.step()
        self._flat.copy_(kept)
        self._grad.copy_(gradients)
        for index, group in enumerate(self._optimizer.param_groups):
            for key, value in self._optimizer.state[group["params"][0]].items():
                if value is not None:
                    _copy(value, state, f"rule.{index}.{key}")
        self._set_groups(self._optimizer)

    def close(self) -> None:
        """See ``Engine.close``."""
        self._optimizer.state.clear()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _leaves(self) -> tuple[list[Tensor], list[Tensor]]:
        """Each layer's weights and biases: leaves of autograd that are views of the flat tensors."""
        shapes: list[tuple[int, ...]] = [*self._shapes, *((rows,) for rows, _ in self._shapes)]
        leaves, at = [], 0
        for shape in shapes:
            size = math.prod(shape)
            leaf = self._flat[at : at + size].view(shape).detach().requires_grad_()
            leaf.grad = self._grad[at : at + size].view(shape)
            leaves.append(leaf)
            at += size
        return leaves[: len(self._shapes)], leaves[len(self._shapes) :]

    def _forward(self, x: Tensor, number: int | None) -> Tensor:
        """Raw outputs of a batch; with the number of a training step, dropout is on."""
        rate = self._live["dropout"] if number is not None else 0.0
        h = x  # (n, inputs)
        for layer, (weights, biases) in enumerate(zip(self._weights[:-1], self._biases[:-1], strict=True)):
            h = self._activate(functional.linear(h, weights, biases))  # (n, units)
            if rate and number is not None:
                mask = keep_mask(self._plan.seed, number, layer, (h.shape[0], h.shape[1]), rate)
                h = h * self._tensor((mask / (1 - rate)).astype(np.float32))
        return functional.linear(h, self._weights[-1], self._biases[-1])  # (n, outputs)

    def _new_optimizer(self) -> torch.optim.Optimizer:
        """The rule's class in torch, over one flat tensor; two where decay must spare the biases."""
        rule = RULES[self._plan.rule]
        arguments = {**rule.torch_args}
        if self._device.type == "cpu":
            # For the other rules a plain loop over the one tensor is quicker than grouped calls (SGD 13 µs against 21).
            arguments.update(_QUICKEST.get(rule.torch, {"foreach": False}))
        parts = [slice(0, None)]
        if "weight_decay" in rule.hyper:
            parts = [slice(0, self._inner), slice(self._inner, None)]
        tensors = []
        for part in parts:
            tensors.append(self._flat[part])
            tensors[-1].grad = self._grad[part]
        groups = [{"params": [tensor]} for tensor in tensors]
        optimizer = getattr(torch.optim, rule.torch)(groups, lr=self._live["lr"], **arguments)
        self._set_groups(optimizer)
        return cast(torch.optim.Optimizer, optimizer)

    def _set_groups(self, optimizer: torch.optim.Optimizer) -> None:
        """Hand the settings as they are now to the optimizer, under torch's names for them."""
        hyper = {name: self._live[name] for name in self._plan.hyper}
        if "beta1" in hyper:
            hyper["betas"] = (hyper.pop("beta1"), hyper.pop("beta2"))  # type: ignore[assignment]
        for index, group in enumerate(optimizer.param_groups):
            group.update(hyper, lr=self._live["lr"])
            if index:
                group["weight_decay"] = 0.0

    def _split(self, flat: Tensor) -> Layers:
        """A copy of a flat tensor as one array per layer."""
        array = _array(flat)
        sizes = [*(rows * columns for rows, columns in self._shapes), *(rows for rows, _ in self._shapes)]
        pieces = np.split(array, np.cumsum(sizes)[:-1])
        count = len(self._shapes)
        weights = [piece.reshape(shape) for piece, shape in zip(pieces[:count], self._shapes, strict=True)]
        return Layers(tuple(weights), tuple(pieces[count:]))

    def _tensor(self, array: Array) -> Tensor:
        """The array as a tensor; on the CPU they share memory."""
        tensor = torch.from_numpy(array)
        return tensor if self._device.type == "cpu" else tensor.to(self._device)


def pick_device(wish: str, work: int) -> tuple[torch.device, str]:
    """Where to run, and how to say so.

    Args:
        wish: ``"auto"``: CUDA, else MPS, else CPU, and the CPU as well where the work is too small for the others to
            pay (see ``WORTHWHILE``). Or a device by name.
        work: Parameters times batch size.

    Raises:
        InputError: The wished device is not on this machine.
    """
    found: Sequence[str] = [name for name in ("cuda", "mps") if _available(name)]
    if wish == "auto":
        if found and work >= WORTHWHILE:
            wish = found[0]
        else:
            return torch.device("cpu"), f"CPU (quicker than {found[0].upper()} at this size)" if found else "CPU"
    elif wish != "cpu" and wish not in found:
        raise InputError(f"There is no device '{wish}' here; choose from {', '.join(['auto', *found, 'cpu'])}.")
    name = f"CUDA: {torch.cuda.get_device_name()}" if wish == "cuda" else wish.upper()
    return torch.device(wish), name


def _available(name: str) -> bool:
    return torch.cuda.is_available() if name == "cuda" else torch.backends.mps.is_available()


def activation_of(name: str) -> Callable[[Tensor], Tensor]:
    """Torch's own function; where there is none, the definition with its derivative."""
    entry = ACTIVATIONS[name]
    if entry.torch:
        found = getattr(torch, entry.torch, None) or getattr(functional, entry.torch)
        return cast(Callable[[Tensor], Tensor], found)
    return lambda x: cast(Tensor, _Defined.apply(x, entry.function, entry.derivative))


def _loss(name: str, task: Task) -> Callable[[Tensor, Tensor], Tensor]:
    """Mean loss of a batch: torch's own where there is one, else the definition with its gradient."""
    if (name, task) in _BY_NAME:
        return _BY_NAME[name, task]
    entry = LOSSES[name]

    def mean(z: Tensor, t: Tensor) -> Tensor:
        target = t.cpu().numpy()
        count = len(target)
        defined = _Defined.apply(
            z,
            lambda array: np.asarray(entry.value(array, target).mean(), dtype=np.float32),
            lambda array: entry.gradient(array, target) / count,
        )
        return cast(Tensor, defined)

    return mean


class _Defined(torch.autograd.Function):
    """A definition in NumPy, with its own derivative, as one node of autograd."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, function: Callable[[Any], Any], derivative: Callable[[Any], Any]) -> Tensor:
        array = x.detach().cpu().numpy()
        ctx.slope = torch.from_numpy(np.asarray(derivative(array), dtype=array.dtype)).to(x.device)
        return torch.from_numpy(np.asarray(function(array), dtype=array.dtype)).to(x.device)

    @staticmethod
    def backward(ctx: Any, *grad: Tensor) -> tuple[Tensor, None, None]:
        return grad[0] * ctx.slope, None, None


def _array(tensor: Tensor) -> NDArray[Any]:
    """A copy, as NumPy."""
    return np.array(tensor.detach().cpu().numpy())


def _copy(into: Tensor, state: Mapping[str, NDArray[Any]], name: str) -> None:
    """Fill a tensor from a stored array."""
    array = state.get(name)
    if array is None or array.shape != tuple(into.shape) or array.dtype.kind != "f":
        raise InputError(
            f"This stored run is incomplete or of another network ('{name}' does not fit); start it again."
        )
    into.copy_(torch.from_numpy(np.array(array)))
