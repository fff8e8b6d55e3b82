"""What a small trained network makes of pictures: the numbers that generators are compared in. NumPy in and out.

Grey pictures are seen by the network that reads digits and comes with the playground (64 numbers a picture, and which digit it
takes them for), colour pictures by the starter classifier (256 numbers). Neither was trained on what a generator draws.
"""

from __future__ import annotations

from typing import Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from playground.core import paths
from playground.data.image_set import Pictures
from playground.engine.convnet_contract import ConvBlueprint
from playground.engine.convnet_network import Network
from playground.functional import digit_readers
from playground.functional.gan import Array

CLASSIFIER = paths.PACKAGE / "hub" / "starters" / "cifar10" / "model.safetensors"


class Features(Protocol):
    """A network to see pictures with.

    Attributes:
        title: Whose features they are, to stand behind "in the features of".
        products: Multiplications for one picture.
    """

    title: str
    products: int

    def of(self, pictures: Pictures) -> tuple[Array, Array | None]:
        """Features ``(n, k)`` of pictures ``(n, h, w, c)``, and how sure it is of each digit ``(n, 10)`` where it reads them."""


class DigitFeatures:
    """The network that reads digits, before its last layer."""

    title = "the digit network that comes along"

    def __init__(self) -> None:
        self._reader = digit_readers.starter("cnn")
        reader = self._reader
        mean, std = (np.array(one, np.float32) for one in (reader.mean, reader.std))
        plan = ConvBlueprint(reader.plan, reader.activation, reader.weights, mean, std)
        self._network = Network(plan, torch.device("cpu"))
        self.products = reader.plan.products

    def of(self, pictures: Pictures) -> tuple[Array, Array | None]:
        """See ``Features``. Pictures below 28 pixels are set in the middle of black; larger ones are made smaller."""
        _, high, wide = self._reader.plan.given
        x = torch.from_numpy(np.ascontiguousarray(pictures.mean(3) / 255, np.float32))[:, None]
        if x.shape[2] > high:
            x = functional.interpolate(x, (high, wide), mode="bilinear", antialias=True)
        side = x.shape[2]
        before = (high - side) // 2
        x = functional.pad(x, (before, high - side - before) * 2)
        x = (x - self._reader.mean[0]) / self._reader.std[0]
        with torch.inference_mode():
            *_, found, outputs = self._network(x.contiguous(memory_format=torch.channels_last), None)
        return _numpy(found.flatten(1)), self._reader.sure(_numpy(outputs))


class PictureFeatures:
    """The starter classifier, before its last layer."""

    title = "the picture network that comes along"
    products = 170_000_000

    def __init__(self) -> None:
        from playground.hub.cifar_net import CifarNet, default_cfgs  # timm: a second or two, for colour alone

        said = default_cfgs["playground_cifar_net"].default
        self._mean, self._std = (torch.tensor(one)[:, None, None] for one in (said.mean, said.std))
        self._side = said.input_size[1]
        self._network = CifarNet()
        self._network.load_state_dict(load_file(CLASSIFIER))
        self._network.eval().to(memory_format=torch.channels_last)

    def of(self, pictures: Pictures) -> tuple[Array, Array | None]:
        """See ``Features``. Pictures of another size are made as large as it wants them."""
        x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).to(torch.float32) / 255
        if x.shape[2] != self._side:
            x = functional.interpolate(x, (self._side, self._side), mode="bilinear", antialias=True)
        with torch.inference_mode():
            maps = self._network.forward_features(
                ((x - self._mean) / self._std).contiguous(memory_format=torch.channels_last)
            )
        return _numpy(maps.amax(dim=(2, 3))), None


def features(channels: int) -> Features:
    """The network for grey (1) or colour (3) pictures."""
    return DigitFeatures() if channels == 1 else PictureFeatures()


def _numpy(x: Tensor) -> NDArray[np.float32]:
    return cast(NDArray[np.float32], x.numpy())
