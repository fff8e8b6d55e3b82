"""Convolution and pooling from scratch are PyTorch's, over a grid of settings; and a window reads what it says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as nn

from playground.core.errors import InputError
from playground.functional import convolution
from playground.functional.convolution import Slide

PICTURE = np.random.default_rng(0).normal(size=(3, 11, 8))
GRID = list(product((1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2)))


def pairs(kernel: int, stride: int, padding: int, dilation: int) -> Slide:
    """A window that is not the same in both directions."""
    return Slide((11, 8), (kernel, max(1, kernel - 1)), (stride, 1), (padding, 0), (dilation, 1))


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), GRID)
def test_it_is_what_torch_computes(kernel: int, stride: int, padding: int, dilation: int) -> None:
    slide = pairs(kernel, stride, padding, dilation)
    weight = np.random.default_rng(1).normal(size=(4, 3, *slide.kernel))
    bias = np.arange(4.0)
    ours = convolution.convolve(
        PICTURE, weight, bias, stride=slide.stride, padding=slide.padding, dilation=slide.dilation
    )
    given = torch.from_numpy(PICTURE)[None], torch.from_numpy(weight), torch.from_numpy(bias)
    theirs = nn.conv2d(*given, slide.stride, slide.padding, slide.dilation)[0].numpy()
    assert ours.shape[1:] == slide.output
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 1), (5, 3, 2), (1, 1, 0)])
def test_pooling_is_what_torch_computes(kernel: int, stride: int, padding: int) -> None:
    pair, given = (kernel, kernel), torch.from_numpy(PICTURE)[None]
    for ours, theirs in ((convolution.max_pool, nn.max_pool2d), (convolution.average_pool, nn.avg_pool2d)):
        found = ours(PICTURE, pair, stride=(stride, stride), padding=(padding, padding))
        np.testing.assert_allclose(found, theirs(given, kernel, stride, padding)[0].numpy(), atol=1e-12)


def test_kernel_maps_add_up_and_a_flipped_kernel_is_mathematics() -> None:
    weight = np.random.default_rng(2).normal(size=(2, 3, 3, 3))
    whole = convolution.convolve(PICTURE, weight)
    parts = convolution.maps(PICTURE, weight)
    np.testing.assert_allclose(parts.sum(axis=1), whole)
    one = np.random.default_rng(3).normal(size=7)
    ours = convolution.convolve(one[None, None], convolution.flipped(np.array([[[[1.0, 2.0, 3.0]]]])))[0, 0]
    np.testing.assert_allclose(ours, np.convolve(one, [1.0, 2.0, 3.0], "valid"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kernel": (12, 3)}, "reaches over 12 pixels, and the padded picture is 11 high"),
        ({"kernel": (3, 5), "dilation": (1, 2)}, "reaches over 9 pixels, and the padded picture is 8 wide"),
        ({"stride": (0, 1)}, "stride is"),
        ({"padding": (-1, 0)}, "padding is"),
    ],
)
def test_what_does_not_fit_is_said(changed: dict[str, tuple[int, int]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Slide(**{"size": (11, 8), "kernel": (3, 3), **changed})
    with pytest.raises(InputError, match="2 channels, and the picture has 3"):
        convolution.convolve(PICTURE, np.zeros((1, 2, 3, 3)))


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), GRID)
def test_rows_that_are_read_are_those_that_matter(kernel: int, stride: int, padding: int, dilation: int) -> None:
    slide = pairs(kernel, stride, padding, dilation)
    for axis in (0, 1):
        inner = slide.read(axis)[slide.padding[axis] : slide.padding[axis] + slide.size[axis]]
        for at, read in enumerate(inner):
            lit = np.zeros((1, *slide.size))
            lit[0, at if axis == 0 else slice(None), at if axis == 1 else slice(None)] = 1
            found = convolution.convolve(
                lit, np.ones((1, 1, *slide.kernel)), stride=slide.stride, padding=slide.padding, dilation=slide.dilation
            )
            assert bool(found.any()) == bool(read)


def test_a_receptive_field_is_where_the_gradient_comes_from() -> None:
    layers = [Slide((40, 40), (3, 3), padding=(1, 1)), Slide((40, 40), (2, 2), (2, 2)), Slide((20, 20), (5, 5))]
    layers.append(Slide(layers[-1].output, (3, 3), (2, 2), (0, 0), (2, 2)))
    told = convolution.fields(layers)
    for depth, field in enumerate(told, 1):
        x = torch.zeros(1, 1, 40, 40, requires_grad=True)
        out = x
        for layer in layers[:depth]:
            out = nn.conv2d(out, torch.ones(1, 1, *layer.kernel), None, layer.stride, layer.padding, layer.dilation)
        out[0, 0, 3, 3].backward()
        assert x.grad is not None
        rows = torch.nonzero(x.grad[0, 0].sum(1)).ravel().tolist()
        assert (rows[0], rows[-1]) == (field.of(3)[0], field.of(3)[-1])
    assert [field.size for field in told] == [3, 4, 12, 20]
