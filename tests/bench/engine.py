"""The torch engine against a naive loop, epochs a second: ``python tests/bench/engine.py [--pairs 5] [--seconds 1.5]``.

Naive is what one writes first: ``nn.Sequential``, ``torch.optim.SGD``, ``zero_grad``, ``backward``, ``step``. Both train on
the same 250 samples, one thread, interleaved in one process. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from playground.engine.torch import TorchEngine
from playground.specs.mlp import MLPSpec
from playground.training.blueprint import blueprint, prepared_data

CASES = (((4, 2), 10), ((8, 8, 8), 10), ((8, 8, 8), 30), ((32, 32, 32), 10))


def naive(spec: MLPSpec, x: np.ndarray, t: np.ndarray) -> Callable[[], None]:
    """One epoch of the loop one writes first."""
    sizes = (x.shape[1], *spec.hidden)
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.Tanh()]
    model = nn.Sequential(*layers, nn.Linear(sizes[-1], 1))
    optimizer, loss = torch.optim.SGD(model.parameters(), lr=spec.lr), nn.BCEWithLogitsLoss()
    inputs, targets = torch.from_numpy(x), torch.from_numpy(t)

    def epoch() -> None:
        order = torch.randperm(len(inputs))
        for begin in range(0, len(inputs), spec.batch_size):
            rows = order[begin : begin + spec.batch_size]
            optimizer.zero_grad()
            loss(model(inputs[rows]), targets[rows]).backward()
            optimizer.step()

    return epoch


def ours(spec: MLPSpec, x: np.ndarray, t: np.ndarray) -> Callable[[], None]:
    """One epoch of the engine that the page uses."""
    engine, shuffle, steps = TorchEngine(blueprint(spec, prepared_data(spec), "cpu")), np.random.default_rng(1), [0]

    def epoch() -> None:
        order = shuffle.permutation(len(x))
        for begin in range(0, len(x), spec.batch_size):
            rows = order[begin : begin + spec.batch_size]
            engine.step(x[rows], t[rows], steps[0])
            steps[0] += 1

    return epoch


def rate(epoch: Callable[[], None], seconds: float) -> float:
    """Epochs a second."""
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        epoch()
        done += 1
    return done / spent


def main() -> None:
    """Print a line for each network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5)
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.machine()}, torch {torch.__version__}, 1 thread, {given.pairs} pairs of {given.seconds:g} s")
    print(f"{'network':>10} {'batch':>5} {'naive':>8} {'engine':>8} {'ratio':>6}  (epochs/s; median, least to most)")
    for hidden, batch in CASES:
        spec = MLPSpec(hidden=hidden, batch_size=batch)
        prepared = prepared_data(spec)
        x = prepared.train.x.astype(np.float32)
        t = prepared.targets(prepared.train.y).astype(np.float32)
        loops = naive(spec, x, t), ours(spec, x, t)
        pairs = []
        for _ in range(given.pairs):
            theirs, own = (rate(loop, given.seconds) for loop in loops)
            pairs.append((theirs, own, own / theirs))
        middle = [statistics.median(column) for column in zip(*pairs, strict=True)]
        ratios = [pair[2] for pair in pairs]
        name = "-".join(map(str, hidden))
        print(
            f"{name:>10} {batch:>5} {middle[0]:>8.1f} {middle[1]:>8.1f} {middle[2]:>6.2f}"
            f"  {min(ratios):.2f} to {max(ratios):.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
