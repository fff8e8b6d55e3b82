"""The engine for convolutional networks against a naive loop, pictures a second: ``python tests/bench/cnn.py [--pairs 5]``.

Naive is what tutorials write: a ``Dataset`` whose items go through torchvision's transforms one by one, a ``DataLoader`` of
batches of 20, contiguous tensors, ``zero_grad``, ``backward``, ``step``. Both train ConvNetJS' network for MNIST on the same
drawn pictures with the same rule, one thread, interleaved in one process. Then the drawing: how much of its time a run that is
watched spends on pictures, and how many pictures a second that leaves. Nothing is asserted.
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
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from playground.core.events import Finished, FrameReady, Show
from playground.core.frames import unpack
from playground.data.image_set import ImageSet, Labelled
from playground.engine.convnet import ConvEngine
from playground.functional.blocks import plan
from playground.jobs.run import FRAME_SECONDS
from playground.specs.cnn import PRESETS, CNNSpec
from playground.training import cnn_data
from playground.training.cnn import fit

COUNT = 4_000
MEAN, STD = 0.1307, 0.3081


def pictures() -> ImageSet:
    """Noise of MNIST's size: what is learnt does not matter here."""
    rng = np.random.default_rng(0)
    shares = [
        Labelled(rng.integers(0, 256, (n, 28, 28, 1), dtype=np.uint8), rng.integers(0, 10, n)) for n in (COUNT, 10, 10)
    ]
    return ImageSet(*shares, tuple("0123456789"))


class Items(Dataset[Any]):
    """As torchvision's own set of MNIST hands them over."""

    def __init__(self, data: Labelled) -> None:
        self.x, self.y = data.x[..., 0], data.y
        self.change = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((MEAN,), (STD,))])

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.change(Image.fromarray(self.x[index])), int(self.y[index])


def naive(data: ImageSet) -> Callable[[float], float]:
    """The loop of a tutorial; what is returned trains for so long and tells pictures a second."""
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3),
        nn.Flatten(), nn.Linear(16 * 4 * 4, 10),
    )  # fmt: skip
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=0.001), nn.CrossEntropyLoss()
    loader = DataLoader(Items(data.train), batch_size=20, shuffle=True)

    def train(seconds: float) -> float:
        done, began = 0, time.perf_counter()
        while True:
            for x, y in loader:
                optimizer.zero_grad()
                loss(model(x), y).backward()
                optimizer.step()
                done += len(y)
                if (spent := time.perf_counter() - began) > seconds:
                    return done / spent

    return train


def ours(data: ImageSet, batch: int, augment: tuple[str, ...]) -> Callable[[float], float]:
    """The same with the engine."""
    spec = CNNSpec(dataset="own", preset="convnetjs", batch_size=batch, augment=augment)
    made = plan(PRESETS["convnetjs"].blocks, data.shape, 10)
    prepared = cnn_data.Prepared(data, made, np.full(1, MEAN, np.float32), np.full(1, STD, np.float32), np.arange(10))
    engine, rng, steps = ConvEngine(cnn_data.blueprint(spec, prepared, "cpu"), data), np.random.default_rng(1), [0]

    def train(seconds: float) -> float:
        done, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds:
            order = rng.permutation(COUNT)
            for begin in range(0, COUNT, batch):
                engine.step(order[begin : begin + batch], steps[0])
                steps[0] += 1
                done += len(order[begin : begin + batch])
                if time.perf_counter() - began > seconds:
                    break
        return done / spent

    return train


def watched(preset: str, seconds: float, shown: bool) -> tuple[float, float, float, float]:
    """A run on the drawn shapes, with frames or without.

    Returns:
        Pictures learnt a second, share of the time for frames as it passed and as the view tells it, frames a second.
    """
    run = fit(CNNSpec(dataset="shapes", preset=preset, epochs=200))
    next(run)
    note = {"status": "playing", "position": None, "speed": 0}
    run.send(Show(scene=True, note=note))  # the first picture costs what is made once
    epochs = drawing = told = 0.0
    frames, began, last = 0, time.perf_counter(), 0.0
    count, batch = 3_000, CNNSpec().batch_size
    while (now := time.perf_counter()) - began < seconds:
        event = next(run)
        if isinstance(event, Finished):
            break
        epochs = event.step * batch / count  # type: ignore[union-attr]
        if shown and now - last > FRAME_SECONDS:
            before = time.perf_counter()
            answer = run.send(Show(note=note))
            last = time.perf_counter()
            drawing += last - before
            frames += 1
            assert isinstance(answer, FrameReady)
            told = unpack(answer.frame)[0]["drawing"]
    spent = time.perf_counter() - began
    run.close()
    return epochs * count / spent, drawing / spent, told, frames / spent


def main() -> None:
    """Print a line for each way to train, and for each network that is watched."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.machine()}, torch {torch.__version__}, 1 thread, {given.pairs} pairs of {given.seconds:g} s")
    data = pictures()
    rival = naive(data)
    for batch, augment in ((20, ()), (64, ()), (64, ("shift",)), (256, ())):
        engine = ours(data, batch, augment)
        rival(0.3)
        engine(0.3)
        pairs = [(rival(given.seconds), engine(given.seconds)) for _ in range(given.pairs)]
        ratios = sorted(mine / theirs for theirs, mine in pairs)
        theirs, mine = (statistics.median(one) for one in zip(*pairs, strict=True))
        print(
            f"batch {batch:>3} {'+'.join(augment) or 'plain':>6}: naive {theirs:>7,.0f}/s  engine {mine:>7,.0f}/s  ratio "
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    for preset in PRESETS:
        alone = watched(preset, given.seconds, False)[0]
        rate, share, told, frames = watched(preset, given.seconds * 2, True)
        print(
            f"{preset:>9} watched: {frames:.1f} frames/s, {share:.1%} of the time for them (told {told:.1%}), {rate:,.0f} pictures/s "
            f"against {alone:,.0f} unwatched"
        )


if __name__ == "__main__":
    main()
