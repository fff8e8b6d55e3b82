"""The engine for GANs against a naive loop, pictures a second: ``python tests/bench/gan.py [--pairs 5] [--threads 1]``.

Naive is PyTorch's DCGAN tutorial for the same two networks, written as there: pictures that go through torchvision's transforms
one by one, a ``DataLoader`` of batches of 64, contiguous tensors, real and made pictures judged one after the other, gradients of
the discriminator that the generator's update takes along, ``.item()`` of five numbers at each step. The engine does what a run
does: the R1 penalty and the averaged generator on top. Each side has its own process, and the two take turns; ratios by processor
time and by the clock are medians over pairs. Then the drawing: how much of its time a run that is watched spends on pictures.
Nothing is asserted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from playground.core.events import FrameReady, Show
from playground.core.frames import unpack
from playground.data.image_set import Labelled
from playground.engine.gan import GANEngine
from playground.engine.gan_contract import GANBlueprint
from playground.functional import gan_plans
from playground.functional.gan import Layer, Pair
from playground.jobs.run import FRAME_SECONDS
from playground.specs.gan import PRESETS, GANSpec
from playground.training.gan import fit

COUNT, BATCH = 4_000, 64
PRESET = PRESETS["dcgan"].settings


def pictures(shape: tuple[int, int, int]) -> Labelled:
    """Noise: what is learnt does not matter here."""
    rng = np.random.default_rng(0)
    channels, high, wide = shape
    return Labelled(rng.integers(0, 256, (COUNT, high, wide, channels), dtype=np.uint8), rng.integers(0, 10, COUNT))


class Items(Dataset[Any]):
    """As torchvision's own sets hand them over."""

    def __init__(self, data: Labelled) -> None:
        self.x, self.y = data.x if data.x.shape[3] == 3 else data.x[..., 0], data.y
        middle = (0.5,) * data.x.shape[3]
        self.change = transforms.Compose([transforms.ToTensor(), transforms.Normalize(middle, middle)])

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.change(Image.fromarray(self.x[index])), int(self.y[index])


Rates = tuple[float, float]
"""Pictures a second of processor time, and by the clock."""


def naive(pair: Pair, data: Labelled) -> Callable[[float], Rates]:
    """The loop of the tutorial; what is returned trains for so long and tells pictures a second."""
    assert pair.discriminator is not None
    made = nn.Sequential(*(_plain(layer) for layer in pair.generator.layers))
    judge = nn.Sequential(*(_plain(layer) for layer in pair.discriminator.layers))
    loader = DataLoader(Items(data), batch_size=BATCH, shuffle=True)
    criterion = nn.BCEWithLogitsLoss()
    of_judge = torch.optim.Adam(judge.parameters(), lr=PRESET["lr"], betas=(0.5, 0.99))
    of_made = torch.optim.Adam(made.parameters(), lr=PRESET["lr"], betas=(0.5, 0.99))
    losses: list[tuple[float, ...]] = []

    def train(seconds: float) -> Rates:
        done, began, clock = 0, time.process_time(), time.perf_counter()
        while True:
            for real, _ in loader:
                judge.zero_grad()
                label = torch.full((len(real),), 1.0)
                output = judge(real).view(-1)
                error_real = criterion(output, label)
                error_real.backward()
                said_real = output.mean().item()
                fake = made(torch.randn(len(real), pair.latents))
                label.fill_(0.0)
                output = judge(fake.detach()).view(-1)
                error_fake = criterion(output, label)
                error_fake.backward()
                said_fake = output.mean().item()
                of_judge.step()
                made.zero_grad()
                label.fill_(1.0)
                output = judge(fake).view(-1)
                error = criterion(output, label)
                error.backward()
                said_then = output.mean().item()
                of_made.step()
                losses.append(((error_real + error_fake).item(), error.item(), said_real, said_fake, said_then))
                done += len(real)
                if (spent := time.process_time() - began) > seconds:
                    return done / spent, done / (time.perf_counter() - clock)

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


def ours(pair: Pair, data: Labelled) -> Callable[[float], Rates]:
    """The same with the engine."""
    settings: dict[str, Any] = {name: PRESET[name] for name in ("loss", "lr", "beta1", "spectral", "r1")}
    engine = GANEngine(GANBlueprint(pair, gan_plans.start(pair, 1), batch_size=BATCH, device="cpu", **settings), data)
    rng, steps = np.random.default_rng(1), [0]

    def train(seconds: float) -> Rates:
        done, began, clock = 0, time.process_time(), time.perf_counter()
        while True:
            order = rng.permutation(COUNT)
            for begin in range(0, COUNT - BATCH + 1, BATCH):
                engine.step(order[begin : begin + BATCH], steps[0])
                steps[0] += 1
                done += BATCH
                if (spent := time.process_time() - began) > seconds:
                    return done / spent, done / (time.perf_counter() - clock)

    return train


def _side(pipe: Connection, name: str, dataset: str, threads: int) -> None:
    """One of the two, in a process of its own: trains for as long as it is told, until it is told nothing."""
    pair = GANSpec(dataset=dataset).pair()
    train = (naive if name == "naive" else ours)(pair, pictures(pair.picture))
    torch.set_num_threads(threads)
    while seconds := pipe.recv():
        pipe.send(train(seconds))


def compared(dataset: str, pairs: int, seconds: float, threads: int) -> list[tuple[Rates, Rates]]:
    """Rates of the naive loop and of the engine, taken in turns."""
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    for name in ("naive", "engine"):
        here, there = spawn.Pipe()
        spawn.Process(target=_side, args=(there, name, dataset, threads), daemon=True).start()
        pipes.append(here)

    def asked(pipe: Connection, length: float) -> Rates:
        pipe.send(length)
        return pipe.recv()  # type: ignore[no-any-return]

    for pipe in pipes:
        asked(pipe, 0.5)
    found = [(asked(pipes[0], seconds), asked(pipes[1], seconds)) for _ in range(pairs)]
    for pipe in pipes:
        pipe.send(0.0)
    return found


def drawing(dataset: str, seconds: float) -> tuple[float, float, float]:
    """Share of the time of a watched run that goes into frames, as it passed and as the view tells it; frames a second."""
    run = fit(GANSpec(dataset=dataset))
    next(run)
    note = {"status": "playing"}
    run.send(Show(scene=True, note=note))  # the first picture costs what is made once
    spent = told = 0.0
    frames, began, last = 0, time.perf_counter(), 0.0
    while time.perf_counter() - began < seconds:
        next(run)
        if time.perf_counter() - last > FRAME_SECONDS:
            before = time.perf_counter()
            answer = run.send(Show(note=note))
            last = time.perf_counter()
            spent, frames = spent + last - before, frames + 1
            assert isinstance(answer, FrameReady)
            told = unpack(answer.frame)[0]["drawing"]
    over = time.perf_counter() - began
    run.close()
    return spent / over, told, frames / over


def main() -> None:
    """Print a line for each size of picture, and one for the drawing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--datasets", nargs="+", default=["digits", "mnist", "cifar10"])
    given = parser.parse_args()
    print(
        f"{platform.machine()}, torch {torch.__version__}, {given.threads} thread(s), {given.pairs} pairs of {given.seconds:g} s"
    )
    for dataset in given.datasets:
        found = compared(dataset, given.pairs, given.seconds, given.threads)
        by = []
        for which, name in enumerate(("processor time", "clock")):
            theirs, mine = (statistics.median(pair[side][which] for pair in found) for side in (0, 1))
            ratio = statistics.median(pair[1][which] / pair[0][which] for pair in found)
            by.append(f"{name}: naive {theirs:,.0f}, engine {mine:,.0f} pictures a second, ratio {ratio:.2f}")
        print(f"{dataset} ({' x '.join(map(str, GANSpec(dataset=dataset).shape))}): {'; '.join(by)}", flush=True)
    torch.set_num_threads(1)
    share, told, frames = drawing("digits", 3 * given.seconds)
    print(f"digits watched: {frames:.1f} frames/s, {share:.1%} of the time for them (told {told:.1%})")


if __name__ == "__main__":
    main()
