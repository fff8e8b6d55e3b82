"""A convolutional network in PyTorch: its weights, channels-last, and the walk of a batch over its blocks.

The weights lie under the names of ``functional.convnet``, whose ``forward`` gives the same values.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from playground.core.seed import Stream
from playground.engine.contract import Array
from playground.engine.convnet_contract import ConvBlueprint
from playground.engine.images import uniform
from playground.engine.torch import activation_of
from playground.functional.blocks import Stage
from playground.functional.convnet import EPSILON, RUNNING, has_past, shapes

MOMENTUM = 0.1
"""Share of the newest batch in the measured means and variances."""

RISING = frozenset({"relu", "leaky_relu", "tanh", "sigmoid", "elu", "selu", "softplus", "softsign"})
"""Activations that never fall, so that the largest of some values is the largest after them, too."""


class Network:
    """The network of a blueprint.

    Attributes:
        tensors: Its weights by name; those that are measured and not learnt need no gradient.
    """

    def __init__(self, blueprint: ConvBlueprint, device: torch.device) -> None:
        self._plan, self._seed, self._device = blueprint.plan, blueprint.seed, device
        self.tensors = {name: self._leaf(name, blueprint.start[name]) for name in shapes(blueprint.plan)}
        self._activate = _in_place(blueprint.activation)
        self._rising = blueprint.activation in RISING

    def __call__(self, x: Tensor, number: int | None) -> list[Tensor]:
        """Every block's output for a batch.

        In training an activation that never falls is taken after the max pooling that follows it, of the fewer values that are
        left: the pooled values are the same, and so are the gradients.

        Args:
            x: Normalised pictures, ``(n, c, h, w)``.
            number: That of the training step; ``None`` where the network is used, not trained: dropout off, norms as measured.
        """
        found: list[Tensor] = []
        stages = self._plan.stages
        late = number is not None and self._rising
        for index, stage in enumerate(stages):
            put_off = late and index + 1 < len(stages) and stages[index + 1].block.kind == "max"
            bent = index < len(stages) - 1 and not put_off
            x = self._stage(x, index, stage, number, self._activate if bent else _as_it_is)
            if late and stage.block.kind == "max" and index and stages[index - 1].block.kind in ("conv", "res"):
                x = self._activate(x)
            found.append(x)
        return found

    def _stage(
        self, x: Tensor, index: int, stage: Stage, number: int | None, activate: Callable[[Tensor], Tensor]
    ) -> Tensor:
        block, at, w = stage.block, f"{index}.", self.tensors
        match block.kind:
            case "conv":
                z = functional.conv2d(x, w[f"{at}conv.weight"], w.get(f"{at}conv.bias"), block.stride, block.padding)
                return activate(self._norm(z, f"{at}norm", number) if block.norm else z)
            case "res":
                h = functional.conv2d(x, w[f"{at}conv1.weight"], None, block.stride, 1)
                h = self._activate(self._norm(h, f"{at}norm1", number))
                h = self._norm(functional.conv2d(h, w[f"{at}conv2.weight"], None, 1, 1), f"{at}norm2", number)
                if has_past(stage):
                    x = functional.conv2d(x, w[f"{at}past.weight"], None, block.stride)
                    x = self._norm(x, f"{at}pastnorm", number)
                return activate(h + x)
            case "max":
                return functional.max_pool2d(x, block.kernel, block.stride)
            case "avg":
                return functional.avg_pool2d(x, block.kernel, block.stride)
            case "gap":
                return x.mean(dim=(2, 3))
            case "dense":
                return activate(functional.linear(x.flatten(1), w[f"{at}dense.weight"], w[f"{at}dense.bias"]))
            case "drop":
                if number is None or not block.percent:
                    return x
                drawn = uniform(x.shape, self._device, self._seed, int(Stream.DROPOUT), number, index)
                return x * (drawn >= block.percent / 100) * (1 / (1 - block.percent / 100))

    def _norm(self, x: Tensor, at: str, number: int | None) -> Tensor:
        w = self.tensors
        # One value a channel has no variance: a batch of one picture at the end of a network is taken as measured so far.
        measure = number is not None and x.numel() > x.shape[1]
        return functional.batch_norm(
            x, w[f"{at}.mean"], w[f"{at}.var"], w[f"{at}.weight"], w[f"{at}.bias"], measure, MOMENTUM, EPSILON
        )

    def _leaf(self, name: str, array: Array) -> Tensor:
        form = torch.channels_last if array.ndim == 4 else torch.contiguous_format
        tensor = torch.tensor(array, dtype=torch.float32, device=self._device).contiguous(memory_format=form)
        return tensor if name.endswith(RUNNING) else tensor.requires_grad_()


def _in_place(name: str) -> Callable[[Tensor], Tensor]:
    """The activation; ReLU over its argument, which nothing else needs."""
    if name == "relu":
        return torch.relu_
    return _as_it_is if name == "identity" else activation_of(name)


def _as_it_is(x: Tensor) -> Tensor:
    return x
