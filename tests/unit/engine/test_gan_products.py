"""The quick products are torch's own to rounding, and so are what is derived from them, once and twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from playground.engine import gan_products

Product = Callable[[Tensor, Tensor], Tensor]


def _derived(product: Product, x: Tensor, weight: Tensor) -> list[Tensor]:
    """The product, its derivatives, and those of the length of one of them, as the R1 penalty has it."""
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    found = product(x, weight)
    first = torch.autograd.grad((found**2).sum(), (x, weight), create_graph=True)
    second = torch.autograd.grad((first[0] ** 2).sum(), (x, weight))
    return [one.detach() for one in (found, *first, *second)]


@pytest.mark.parametrize("narrow", [1, 3])
@pytest.mark.parametrize("what", ["enlarged", "halved"])
def test_they_are_the_products_of_torch(what: str, narrow: int) -> None:
    torch.manual_seed(narrow)
    weight = torch.randn(8, narrow, 4, 4) / 8
    ways: dict[str, tuple[Product, Product, Tensor, Tensor]] = {
        "enlarged": (
            gan_products.enlarged,
            lambda x, w: functional.conv_transpose2d(x, w, stride=2, padding=1),
            torch.randn(5, 8, 4, 4).contiguous(memory_format=torch.channels_last),
            weight,
        ),
        "halved": (
            gan_products.halved,
            lambda x, w: functional.conv2d(x, w, stride=2, padding=1),
            torch.randn(5, narrow, 8, 8),
            weight,
        ),
    }
    ours, theirs, x, w = ways[what]
    for mine, expected in zip(_derived(ours, x, w), _derived(theirs, x, w), strict=True):
        assert float((mine - expected).abs().max()) <= 1e-5 * max(1.0, float(expected.abs().max()))
