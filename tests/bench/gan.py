"""The engine for GANs against a naive loop, pictures a second of processor time: ``python tests/bench/gan.py [--pairs 5]``.

Naive is PyTorch's DCGAN tutorial, written plainly for the same two networks: a ``DataLoader`` of batches of 64, contiguous
tensors, binary cross entropy, real and made pictures judged one after the other, ``.item()`` at each step. Both train on the same
noise with the same rule, one thread, interleaved in one process; the ratio is the median over pairs. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.utils.data import DataLoader, TensorDataset

from playground.data.image_set import Labelled
from playground.engine.gan import GANEngine
from playground.engine.gan_contract import GANBlueprint
from playground.functional import gan_plans
from playground.functional.gan import Layer, Pair
from playground.specs.gan import PRESETS, GANSpec

COUNT, BATCH = 4_000, 64
PRESET = PRESETS["dcgan"].settings


def pictures(shape: tuple[int, int, int]) -> Labelled:
    """Noise: what is learnt does not matter here."""
    rng = np.random.default_rng(0)
    channels, high, wide = shape
    return Labelled(rng.integers(0, 256, (COUNT, high, wide, channels), dtype=np.uint8), rng.integers(0, 10, COUNT))


def naive(pair: Pair, data: Labelled) -> Callable[[float], float]:
    """The loop of the tutorial; what is returned trains for so long and tells pictures a second."""
    assert pair.discriminator is not None
    made = nn.Sequential(*(_plain(layer) for layer in pair.generator.layers))
    judge = nn.Sequential(*(_plain(layer) for layer in pair.discriminator.layers))
    if PRESET["spectral"]:
        for module in judge:
            if isinstance(module, nn.Conv2d | nn.Linear):
                spectral_norm(module)
    x = torch.from_numpy(data.x).permute(0, 3, 1, 2).float().div(127.5).sub(1).contiguous()
    loader = DataLoader(TensorDataset(x), batch_size=BATCH, shuffle=True)
    criterion = nn.BCEWithLogitsLoss()
    of_judge = torch.optim.Adam(judge.parameters(), lr=PRESET["lr"], betas=(0.5, 0.99))
    of_made = torch.optim.Adam(made.parameters(), lr=PRESET["lr"], betas=(0.5, 0.99))
    losses: list[tuple[float, float]] = []

    def train(seconds: float) -> float:
        done, began = 0, time.process_time()
        while True:
            for (real,) in loader:
                judge.zero_grad()
                label = torch.full((len(real),), 1.0)
                error_real = criterion(judge(real).view(-1), label)
                error_real.backward()
                fake = made(torch.randn(len(real), pair.latents))
                label.fill_(0.0)
                error_fake = criterion(judge(fake.detach()).view(-1), label)
                error_fake.backward()
                of_judge.step()
                made.zero_grad()
                label.fill_(1.0)
                error = criterion(judge(fake).view(-1), label)
                error.backward()
                of_made.step()
                losses.append((error_real.item() + error_fake.item(), error.item()))
                done += len(real)
                if (spent := time.process_time() - began) > seconds:
                    return done / spent

    return train


def _plain(layer: Layer) -> nn.Module:
    match layer.kind:
        case "linear":
            return nn.Linear(layer.inputs, layer.outputs, layer.bias)
        case "reshape":
            return nn.Unflatten(1, layer.shape)
        case "norm":
            return nn.BatchNorm2d(layer.outputs)
        case "up":
            return nn.ConvTranspose2d(
                layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding, bias=layer.bias
            )
        case "conv":
            return nn.Conv2d(layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding)
        case "flatten":
            return nn.Flatten()
    return {"relu": nn.ReLU(), "tanh": nn.Tanh(), "leaky_relu": nn.LeakyReLU(layer.slope)}[layer.name]


def ours(pair: Pair, data: Labelled) -> Callable[[float], float]:
    """The same with the engine."""
    settings: dict[str, Any] = {name: PRESET[name] for name in ("loss", "lr", "beta1", "spectral")}
    engine = GANEngine(GANBlueprint(pair, gan_plans.start(pair, 1), batch_size=BATCH, device="cpu", **settings), data)
    rng, steps = np.random.default_rng(1), [0]

    def train(seconds: float) -> float:
        done, began = 0, time.process_time()
        while True:
            order = rng.permutation(COUNT)
            for begin in range(0, COUNT - BATCH + 1, BATCH):
                engine.step(order[begin : begin + BATCH], steps[0])
                steps[0] += 1
                done += BATCH
                if (spent := time.process_time() - began) > seconds:
                    return done / spent

    return train


def main() -> None:
    """Print a line for each size of picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.machine()}, torch {torch.__version__}, 1 thread, {given.pairs} pairs of {given.seconds:g} s")
    for dataset in ("digits", "mnist", "cifar10"):
        pair = GANSpec(dataset=dataset).pair()
        data = pictures(pair.picture)
        rival, engine = naive(pair, data), ours(pair, data)
        rival(0.3), engine(0.3)
        rates = [(rival(given.seconds), engine(given.seconds)) for _ in range(given.pairs)]
        theirs, mine = (statistics.median(side) for side in zip(*rates, strict=True))
        ratio = statistics.median(b / a for a, b in rates)
        shape = " x ".join(map(str, pair.picture))
        print(f"{dataset} ({shape}): naive {theirs:,.0f}, engine {mine:,.0f} pictures a second; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
