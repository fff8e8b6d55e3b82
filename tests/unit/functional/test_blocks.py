"""Networks as words: what comes out of each block and how much it learns, as torch's own layers have it; and what is refused."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from playground.core.errors import InputError
from playground.functional.blocks import LONGEST, Block, Plan, plan, read

conv = st.builds(
    lambda f, k, s, p, norm: f"conv:{f}:{k}:{s}:{p}{':bn' if norm else ''}",
    st.integers(1, 6), st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.booleans(),
)  # fmt: skip
residual = st.builds(lambda f, s: f"res:{f}:{s}", st.integers(1, 6), st.integers(1, 3))
pooling = st.builds(
    lambda kind, k, s: f"{kind}:{k}:{s}", st.sampled_from(["max", "avg"]), st.integers(1, 4), st.integers(1, 4)
)
flat = st.one_of(st.builds("dense:{}".format, st.integers(1, 9)), st.builds("drop:{}".format, st.integers(0, 90)))
networks = st.tuples(
    st.lists(st.one_of(conv, residual, pooling, st.just("drop:20")), max_size=6),
    st.lists(flat, max_size=2),
    st.booleans(),
).map(lambda parts: [*parts[0], *(["gap"] if parts[2] else []), *parts[1]])


class Residual(nn.Module):
    """Two convolutions and a way past them, as the paper has it."""

    def __init__(self, channels: int, block: Block) -> None:
        super().__init__()
        self.one = nn.Conv2d(channels, block.filters, 3, block.stride, 1, bias=False)
        self.two = nn.Conv2d(block.filters, block.filters, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(block.filters), nn.BatchNorm2d(block.filters)])
        same = channels == block.filters and block.stride == 1
        past = [nn.Conv2d(channels, block.filters, 1, block.stride, bias=False), nn.BatchNorm2d(block.filters)]
        self.past = nn.Identity() if same else nn.Sequential(*past)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norms[1](self.two(torch.relu(self.norms[0](self.one(x)))))
        return torch.relu(y + self.past(x))


def torch_layer(word: str, given: torch.Tensor) -> nn.Module:
    """The same block of torch's own layers."""
    block = read(word)
    match block.kind:
        case "conv":
            layer = nn.Conv2d(
                given.shape[1], block.filters, block.kernel, block.stride, block.padding, bias=not block.norm
            )
            return nn.Sequential(layer, nn.BatchNorm2d(block.filters)) if block.norm else layer
        case "res":
            return Residual(given.shape[1], block)
        case "max":
            return nn.MaxPool2d(block.kernel, block.stride)
        case "avg":
            return nn.AvgPool2d(block.kernel, block.stride)
        case "gap":
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case "drop":
            return nn.Dropout(block.percent / 100)
        case "dense":
            return nn.Sequential(nn.Flatten(), nn.Linear(given[0].numel(), block.filters))


@settings(max_examples=150, deadline=None)
@given(networks, st.integers(1, 3), st.integers(4, 20), st.integers(4, 20))
def test_shapes_and_parameters_are_those_of_torch(words: list[str], channels: int, high: int, wide: int) -> None:
    x = torch.zeros(1, channels, high, wide)
    try:
        found: Plan | None = plan(words, (channels, high, wide), 3)
    except InputError:
        found = None
    for place, word in enumerate([*words, "dense:3"]):
        try:
            layer = torch_layer(word, x).eval()
            x = layer(x)
        except (RuntimeError, ValueError):
            assert found is None, f"torch refuses {word} after {tuple(x.shape)}"
            return
        if found is not None:
            stage = found.stages[place]
            assert stage.shape == tuple(x.shape[1:]), word
            assert stage.parameters == sum(one.numel() for one in layer.parameters()), word
    assert found is not None, f"torch computes {words} on {(channels, high, wide)}"
    assert found.classes == 3


def test_multiplications_are_counted() -> None:
    stages = plan(["conv:6:5:1:2", "max:2", "res:8:2"], (1, 28, 28), 10).stages
    assert [stage.products for stage in stages] == [
        6 * 25 * 28 * 28, 0, (6 * 8 * 9 + 8 * 8 * 9 + 6 * 8) * 7 * 7, 8 * 7 * 7 * 10,
    ]  # fmt: skip


@given(networks)
def test_a_block_reads_what_it_writes(words: list[str]) -> None:
    assert [read(read(word).word) for word in words] == [read(word) for word in words]


def test_what_is_left_out_is_the_usual() -> None:
    assert [read(word).word for word in ("conv:8", "conv:8:5", "conv:8:3:2", "CONV:8:BN ", "res:4", "max:3", "avg:2:1")] == [
        "conv:8:3:1:1", "conv:8:5:1:2", "conv:8:3:2:1", "conv:8:3:1:1:bn", "res:4:1", "max:3:3", "avg:2:1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["foo:1"], "Block 1: 'foo:1' is no block; a block is one of conv, res, max"),
        (["conv"], "says no filters"),
        (["conv:3:99"], "kernel is '99' in 'conv:3:99'; allowed is a whole number from 1 to 11"),
        (["conv:-3"], "filters is '-3'"),
        (["max:2:1:1"], "takes at most 2"),
        (["gap", "conv:8"], "Block 2: convolution needs maps"),
        (["max:4", "max:4", "conv:8:7:1:0"], "a window of 7 × 7 does not fit into maps of 1 × 1"),
        (
            ["conv:8:11:1:0", "conv:8:11:1:1", "conv:8:11:1:0"],
            "Block 3: a window of 11 × 11 does not fit into maps of 10 × 10",
        ),
        (["drop:10"] * (LONGEST + 1), "17 blocks are too many"),
    ],
)
def test_the_impossible_is_explained(words: list[str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        plan(words, (1, 28, 28), 10)
    assert said in str(caught.value)
