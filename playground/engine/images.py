"""Pictures as one tensor on the device, and the batches cut out of them: moved, mirrored, turned, and as a network wants them.

There is no loader. Moving and mirroring cost nothing of their own: they are part of the one look-up that takes a batch out
of the whole, which also leaves it channels-last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from playground.core.seed import Stream, generator
from playground.data.image_set import Labelled, Pictures

TURN, SCALE, LIGHT, CONTRAST = 15.0, 0.15, 0.2, 0.2
"""Most degrees to either side, share of the size, of full brightness, of the contrast."""


def most_shift(side: int) -> int:
    """Most pixels by which augmentation moves a picture of so many."""
    return max(1, side // 10)


def patch(side: int) -> int:
    """Side of the patch that augmentation erases, in pixels."""
    return max(2, side // 4)


class Resident:
    """Some pictures with their answers, on a device."""

    def __init__(
        self, labelled: Labelled, device: torch.device, mean: Tensor, std: Tensor, permutation: NDArray[np.int64] | None
    ) -> None:
        self.x = torch.from_numpy(np.require(labelled.x, requirements=["C", "W"])).to(device)  # (n, h, w, c) uint8
        self.y = torch.from_numpy(np.require(labelled.y, requirements=["W"])).to(device)
        self._device = device
        self._factor, self._offset = 1 / (255 * std), -mean / std
        self._permutation = None if permutation is None else torch.from_numpy(permutation).to(device)

    def rows(self, rows: NDArray[Any] | slice, shift: int = 0) -> Tensor:
        """Pictures as the network wants them, ``(b, c, h, w)`` float, moved right and down by so many pixels."""
        where = rows if isinstance(rows, slice) else torch.from_numpy(rows).to(self._device)
        return self.wanted(moved(self.x[where], shift))

    def changed(self, rows: NDArray[Any], names: Sequence[str], seed: int, number: int) -> Tensor:
        """The same, each changed at random; ``number`` is that of the step."""
        if not names:
            return self.rows(rows)
        return self.wanted(augmented(self.x, rows, names, seed, number))

    def wanted(self, x: Tensor) -> Tensor:
        """From ``(b, h, w, c)`` of 0 to 255 to normalised ``(b, c, h, w)``, channels-last; pixels change places here."""
        return self.seen(self.permuted(x))

    def seen(self, x: Tensor) -> Tensor:
        """The same from pictures whose pixels have changed places already."""
        return torch.addcmul(self._offset, x.to(torch.float32), self._factor).permute(0, 3, 1, 2)

    def permuted(self, x: Tensor) -> Tensor:
        """The pixels of ``(b, h, w, c)`` in their new places."""
        if self._permutation is None:
            return x
        return x.flatten(1, 2)[:, self._permutation].view(x.shape)


def moved(x: Tensor, by: int) -> Tensor:
    """Pictures ``(b, h, w, c)`` moved right and down; black comes in, and what leaves is lost."""
    if not by:
        return x
    found = torch.zeros_like(x)
    found[:, by:, by:] = x[:, : x.shape[1] - by, : x.shape[2] - by]
    return found


def augmented(x: Tensor, rows: NDArray[Any], names: Sequence[str], seed: int, number: int) -> Tensor:
    """Some of the pictures ``(n, h, w, c)``, changed at random.

    What is moved over the edge is mirrored in from there; an erased patch is grey.

    Args:
        x: All pictures, uint8.
        rows: Which of them, ``(b,)``.
        names: What is done: any of ``shift``, ``turn``, ``scale``, ``flip``, ``light``, ``erase``.
        seed: With ``number`` it decides the draw.
        number: Of the step.

    Returns:
        ``(b, h, w, c)``, 0 to 255, uint8 or float.
    """
    rng = generator(seed, Stream.NOISE, number)
    count, high, wide = len(rows), int(x.shape[1]), int(x.shape[2])

    def put(values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(values).to(x.device)

    down, across = np.arange(high)[None], np.arange(wide)[None]
    if "shift" in names:
        down = _mirrored(down + _whole(rng, most_shift(high), count), high)
        across = _mirrored(across + _whole(rng, most_shift(wide), count), wide)
    if "flip" in names:
        across = np.where(rng.random((count, 1)) < 0.5, across[:, ::-1], across)
    if len(down) == len(across) == 1:
        found = x[put(rows)]
    else:
        found = x[
            put(rows)[:, None, None],
            put(np.ascontiguousarray(down))[:, :, None],
            put(np.ascontiguousarray(across))[:, None],
        ]
    if "turn" in names or "scale" in names:
        found = _turned(found, names, rng, put)
    if "light" in names:
        found = found.to(torch.float32)
        contrast = put(rng.uniform(1 - CONTRAST, 1 + CONTRAST, (count, 1, 1, 1)).astype(np.float32))
        light = put(rng.uniform(-255 * LIGHT, 255 * LIGHT, (count, 1, 1, 1)).astype(np.float32))
        middle = found.mean(dim=(1, 2), keepdim=True)
        found = ((found - middle) * contrast + middle + light).clamp_(0, 255)
    if "erase" in names:
        hidden = [
            (at >= begin) & (at < begin + patch(side))
            for side, begin, at in (
                (side, rng.integers(0, side - patch(side), (count, 1), endpoint=True), np.arange(side)[None])
                for side in (high, wide)
            )
        ]
        found = found.masked_fill(put(hidden[0])[:, :, None, None] & put(hidden[1])[:, None, :, None], 128)
    return found


def _turned(x: Tensor, names: Sequence[str], rng: np.random.Generator, put: Callable[[NDArray[Any]], Tensor]) -> Tensor:
    """Each picture turned and made larger or smaller about its middle, bilinearly."""
    count, high, wide, _ = x.shape
    angle = np.radians(rng.uniform(-TURN, TURN, count)) if "turn" in names else np.zeros(count)
    size = rng.uniform(1 - SCALE, 1 + SCALE, count) if "scale" in names else np.ones(count)
    sine, cosine = np.sin(angle) / size, np.cos(angle) / size
    matrix = np.zeros((count, 2, 3), dtype=np.float32)
    matrix[:, 0, 0], matrix[:, 0, 1] = cosine, -sine * (high / wide)
    matrix[:, 1, 0], matrix[:, 1, 1] = sine * (wide / high), cosine
    pictures = x.to(torch.float32).permute(0, 3, 1, 2)
    grid = functional.affine_grid(put(matrix), list(pictures.shape), align_corners=False)
    turned = functional.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    return turned.permute(0, 2, 3, 1).contiguous()


def _whole(rng: np.random.Generator, most: int, count: int) -> NDArray[np.int64]:
    return rng.integers(-most, most, (count, 1), endpoint=True)


def _mirrored(places: NDArray[np.int64], side: int) -> NDArray[np.int64]:
    """Places beyond an edge mirrored at it."""
    return np.clip(np.where(places < 0, -places, np.where(places >= side, 2 * side - 2 - places, places)), 0, side - 1)


def as_pictures(x: Tensor) -> Pictures:
    """Pictures of 0 to 255 back as NumPy, uint8."""
    return np.ascontiguousarray(x.to(torch.float32).round().clamp(0, 255).to(torch.uint8).cpu().numpy())


def chunks(count: int, most: int) -> list[slice]:
    """Slices of at most so many rows that together are all of them."""
    return [slice(begin, min(begin + most, count)) for begin in range(0, count, most)] if count else []


def uniform(shape: Sequence[int], device: torch.device, *key: int) -> Tensor:
    """Numbers from 0 to 1, the same for the same key on the same kind of device."""
    mixed = int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> np.uint64(1))
    return torch.rand(tuple(shape), generator=torch.Generator(device).manual_seed(mixed), device=device)
