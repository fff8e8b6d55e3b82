"""A small convolutional network for a visitor's own pictures, learnt from nothing, and the loop that also tunes a large one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from playground.core.transfer import Augment

BLOCKS = (16, 32, 64)
"""Filters of its three convolutions; each is normalised, and halved by a max pooling but the last, of which the mean is taken."""

BATCH = 16


def small_network(classes: int) -> nn.Sequential:
    """Three convolutions of 3 x 3 and one layer: from ``(n, 3, side, side)`` to logits ``(n, classes)``."""
    parts: list[nn.Module] = []
    for given, made in zip((3, *BLOCKS), BLOCKS, strict=False):
        parts += [nn.Conv2d(given, made, 3, padding=1), nn.BatchNorm2d(made), nn.ReLU()]
        parts += [nn.MaxPool2d(2)] if made != BLOCKS[-1] else [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*parts, nn.Linear(BLOCKS[-1], classes))


def as_seen(images: Sequence[Image.Image], side: int) -> NDArray[np.float32]:
    """Pictures as this network is fed them: ``side`` pixels a side, -1 to 1, ``(n, 3, side, side)``."""
    if not images:
        return np.zeros((0, 3, side, side), np.float32)
    small = [np.asarray(one.resize((side, side), Image.Resampling.BOX), np.float32) for one in images]
    return np.ascontiguousarray(np.stack(small).transpose(0, 3, 1, 2) / 127.5 - 1)


def augmented(x: Tensor, how: Augment, random: torch.Generator) -> Tensor:
    """Pictures ``(n, 3, h, w)`` as they are seen this time: moved by up to an eighth, lighter or darker, perhaps mirrored."""
    if how == "none":
        return x
    count, _, high, wide = x.shape
    reach = max(1, high // 8)
    padded = functional.pad(x, (reach,) * 4, mode="replicate")
    moves = torch.randint(0, 2 * reach + 1, (count, 2), generator=random)
    made = torch.stack([
        padded[row, :, int(down) : int(down) + high, int(right) : int(right) + wide]
        for row, (down, right) in enumerate(moves)
    ])  # fmt: skip
    if how == "mirror":
        turned = torch.rand(count, generator=random) < 0.5
        made[turned] = made[turned].flip(-1)
    strength = 1 + 0.2 * (2 * torch.rand(count, 1, 1, 1, generator=random) - 1)
    return made * strength


def learn(
    network: nn.Module,
    groups: list[dict[str, object]],
    x: NDArray[np.float32],
    labels: NDArray[np.int64],
    *,
    epochs: int,
    augment: Augment,
    seed: int,
    say: Callable[[int, int], None],
    seconds: float,
    device: torch.device | None = None,
) -> int:
    """Train a network with AdamW and a rate that rises and falls once (Smith, 2018); what does not ask for a gradient stays.

    Args:
        network: In the mode that it is to learn in.
        groups: Parameters and their highest rates, as torch's optimizers take them.
        x: ``(n, 3, h, w)``.
        labels: Number of each one's class, ``(n,)``.
        epochs: Passes over the pictures.
        augment: What is done to a picture each time.
        seed: Draws the order and the augmentation.
        say: Told the epoch and how many there are, now and then; may raise to end it.
        seconds: After so long it ends with the epoch under way.
        device: Where the network is.

    Returns:
        The epochs that were run.
    """
    random = torch.Generator().manual_seed(seed)
    pictures, wanted = torch.from_numpy(x), torch.from_numpy(labels)
    steps = epochs * -(-len(x) // BATCH)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [float(cast(float, group["lr"])) for group in groups], total_steps=max(2, steps + 1), pct_start=0.25
    )
    began = time.perf_counter()
    for epoch in range(1, epochs + 1):
        say(epoch, epochs)
        order = torch.randperm(len(x), generator=random)
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            if len(rows) == 1 and network.training:
                rows = order[:2]  # a batch of one has no spread to normalise by
            seen = augmented(pictures[rows], augment, random).to(device)
            loss = functional.cross_entropy(network(seen), wanted[rows].to(device))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        if time.perf_counter() - began > seconds:
            return epoch
    return epochs


def scores(network: nn.Module, x: NDArray[np.float32], device: torch.device | None = None) -> NDArray[np.float32]:
    """How sure a network in evaluation mode is of each class, ``(n, classes)``, of pictures ``(n, 3, h, w)``."""
    network.eval()
    with torch.inference_mode():
        parts = [network(torch.from_numpy(x[start : start + 64]).to(device)) for start in range(0, len(x), 64)]
        return cast(NDArray[np.float32], torch.cat(parts).softmax(1).cpu().numpy())
