"""The products of small networks on a processor, where torch's own way is slow: the same numbers to rounding, in less time.

One layer of a generator or discriminator for small pictures is far from what a core can do: between a wide stack of maps and a
picture of one or three channels, the transposed convolution wants many channels to fill its registers. It is bilinear, so each
derivative is a product of the same kind, and it can be derived as often as wanted. Elsewhere than on a processor, nothing here
is used.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

NARROW = 3
"""Channels that are few: those of a picture."""


def plain(*tensors: Tensor) -> bool:
    """Whether they are ordinary float32 numbers of the processor."""
    return all(one.device.type == "cpu" and one.dtype == torch.float32 for one in tensors)


def enlarged(x: Tensor, weight: Tensor) -> Tensor:
    """Maps ``(n, wide, h, w)`` to a picture ``(n, narrow, 2 h, 2 w)``: kernel 4, stride 2, padding 1, without bias.

    Args:
        x: The maps.
        weight: ``(wide, narrow, 4, 4)``, as a transposed convolution has it.
    """
    found: Tensor = _Enlarged.apply(x, weight)
    return found


def halved(x: Tensor, weight: Tensor) -> Tensor:
    """A picture ``(n, narrow, 2 h, 2 w)`` to maps ``(n, wide, h, w)``: kernel 4, stride 2, padding 1, without bias.

    Args:
        x: The picture.
        weight: ``(wide, narrow, 4, 4)``, as a convolution has it.
    """
    found: Tensor = _Halved.apply(x, weight)
    return found


class _Enlarged(torch.autograd.Function):
    """What each map adds to each of the windows around it, then the sum of the windows where they overlap."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        n, wide, high, width = x.shape
        rows = x.permute(0, 2, 3, 1).reshape(n, high * width, wide)
        windows = torch.matmul(weight.reshape(wide, -1).t(), rows.transpose(1, 2))
        return functional.fold(windows, (2 * high, 2 * width), 4, padding=1, stride=2)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        of_x, of_weight = ctx.needs_input_grad
        return halved(slope, weight) if of_x else None, _of_weight(x, slope, weight) if of_weight else None


class _Halved(torch.autograd.Function):
    """torch's convolution, whose derivative by the picture is the other one."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return functional.conv2d(x, weight, stride=2, padding=1)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        of_x, of_weight = ctx.needs_input_grad
        return enlarged(slope, weight) if of_x else None, _of_weight(slope, x, weight) if of_weight else None


def _of_weight(maps: Tensor, picture: Tensor, weight: Tensor) -> Tensor:
    """The derivative of ``(maps * halved(picture, weight)).sum()`` by the weight."""
    found: Tensor = torch.ops.aten.convolution_backward(
        maps, picture, weight, None, [2, 2], [1, 1], [1, 1], False, [0, 0], 1, [False, True, False]
    )[1]
    return found
