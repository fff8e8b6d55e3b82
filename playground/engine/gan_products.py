"""The products of small networks on a processor, where torch's own way is slow: the same numbers to rounding, in less time.

Two layers of a generator or discriminator for small pictures are far from what a core can do: between a wide stack of maps and a
picture of one or three channels, the transposed convolution wants many channels to fill its registers; and products of matrices
go through a library that is at its best on one maker's processors. Both are bilinear, so each derivative is a product of the same
kind, and they can be derived as often as wanted. Elsewhere than on a processor, nothing here is used.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

NARROW = 3
"""Channels that are few: those of a picture."""
SMALLEST = 1_000_000
"""Multiplications from which on a product of matrices is worth the other library."""


@functools.cache
def has_onednn() -> bool:
    """Whether this torch was built with oneDNN and tells it to multiply matrices."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    try:
        rows = torch.ops.mkldnn._linear_pointwise(torch.eye(2), torch.ones(3, 2), None, "none", [], "")
    except (AttributeError, RuntimeError):
        return False
    return bool(rows.shape == (2, 3))


def plain(*tensors: Tensor) -> bool:
    """Whether they are ordinary float32 numbers of the processor."""
    return all(one.device.type == "cpu" and one.dtype == torch.float32 for one in tensors)


def linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A dense layer: ``x (n, inputs)`` by ``weight (outputs, inputs)``, ``(n, outputs)``."""
    if x.ndim != 2 or len(x) * weight.numel() < SMALLEST or not plain(x, weight) or not has_onednn():
        return functional.linear(x, weight, bias)
    found: Tensor = _Rows.apply(x, weight)
    return found if bias is None else found + bias


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


class _Rows(torch.autograd.Function):
    """Rows of ``a`` by rows of ``b``."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        ctx.save_for_backward(a, b)
        found: Tensor = torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], "")
        return found

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, Tensor | None]:
        a, b = ctx.saved_tensors
        slope = slope.contiguous()
        of_a, of_b = ctx.needs_input_grad
        return (
            _Rows.apply(slope, b.t()) if of_a else None,
            _Rows.apply(slope.t(), a.t()) if of_b else None,
        )


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
