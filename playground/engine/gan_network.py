"""The networks of ``functional.gan`` in PyTorch: the same layers, their tensors under the same names, channels-last."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.core.errors import InputError
from playground.engine import gan_products
from playground.functional.gan import Layer, Network
from playground.functional.gan_forward import EPSILON

MOMENTUM = 0.1
"""Share of the newest batch in the measured means and variances."""


class Net(nn.Sequential):
    """A network as a list of modules; ``state_dict()`` has the names of ``Network.tensors()``."""

    def forward(self, x: Tensor, classes: Tensor | None = None) -> Tensor:
        """What the network makes of ``x``, ``(n, *given)``; a projection is told the classes ``(n,)``."""
        for module in self:
            x = module(x, classes) if isinstance(module, Projection) else module(x)
        return x


class Norm(nn.Module):
    """Batch normalisation of maps or rows; in training by the batch, otherwise as measured."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(outputs)), nn.Parameter(torch.zeros(outputs))
        self.register_buffer("running_mean", torch.zeros(outputs))
        self.register_buffer("running_var", torch.ones(outputs))
        self.momentum = MOMENTUM

    def forward(self, x: Tensor) -> Tensor:
        """The same shape. One value a channel has no variance: it is taken as measured so far, in training, too."""
        measure = self.training and x.numel() > x.shape[1]
        return functional.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, measure, self.momentum, EPSILON
        )


class Projection(nn.Module):
    """One number: a linear layer, and the product with a vector of the class (Miyato and Koyama, 2018)."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(1, inputs)), nn.Parameter(torch.zeros(1))
        self.classes = nn.Parameter(torch.zeros(classes, inputs)) if classes else None

    def forward(self, x: Tensor, classes: Tensor | None) -> Tensor:
        """``(n, 1)``; without classes the linear layer alone."""
        found = functional.linear(x, self.weight, self.bias)
        if self.classes is not None and classes is not None:
            found = found + (self.classes[classes] * x).sum(1, keepdim=True)
        return found


class Up(nn.ConvTranspose2d):
    """A transposed convolution."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Maps with longer sides."""
        if (
            not _to_picture(self, self.out_channels)
            or any(self.output_padding)
            or not gan_products.plain(x, self.weight)
        ):
            return super().forward(x, output_size)
        found = gan_products.enlarged(x, self.weight)
        return found if self.bias is None else found + self.bias[:, None, None]


class Conv(nn.Conv2d):
    """A convolution."""

    def forward(self, x: Tensor) -> Tensor:
        """Maps with shorter sides."""
        if not (x.requires_grad and _to_picture(self, self.in_channels) and gan_products.plain(x, self.weight)):
            return super().forward(x)
        found = gan_products.halved(x, self.weight)
        return found if self.bias is None else found + self.bias[:, None, None]


class Flatten(nn.Module):
    """Maps to flat rows; what comes back to the maps is channels-last like them."""

    def forward(self, x: Tensor) -> Tensor:
        """``(n, numbers)``, channel by channel."""
        if x.requires_grad and x.ndim == 4:
            x.register_hook(_channels_last)  # type: ignore[no-untyped-call]
        return x.flatten(1)


class Reshape(nn.Module):
    """Flat rows to maps, channels-last."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        """``(n, channels, height, width)``."""
        return x.view(len(x), *self.shape).contiguous(memory_format=torch.channels_last)


def build(network: Network) -> Net:
    """The network with torch's initial weights, on the CPU, in training mode; raises ``InputError`` where layers do not fit."""
    network.shapes()
    return Net(*(_module(layer, network.classes) for layer in network.layers)).to(memory_format=torch.channels_last)


def _module(layer: Layer, classes: int) -> nn.Module:
    match layer.kind:
        case "linear":
            return nn.Linear(layer.inputs, layer.outputs, layer.bias)
        case "up":
            return Up(
                layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding, layer.extra, bias=layer.bias
            )
        case "conv":
            return Conv(layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding, bias=layer.bias)
        case "norm":
            return Norm(layer.outputs)
        case "act":
            return _activation(layer)
        case "reshape":
            return Reshape(layer.shape)
        case "flatten":
            return Flatten()
        case "enlarge":
            return nn.Upsample(scale_factor=layer.scale)
        case "projection":
            return Projection(layer.inputs, classes)
    raise InputError(f"There is no layer of the kind '{layer.kind}'.")


def _activation(layer: Layer) -> nn.Module:
    match layer.name:
        case "relu":
            return nn.ReLU()
        case "leaky_relu":
            return nn.LeakyReLU(layer.slope)
        case "elu":
            return nn.ELU()
        case "tanh":
            return nn.Tanh()
        case "sigmoid":
            return nn.Sigmoid()
    return nn.Identity()


def _to_picture(layer: nn.Conv2d | nn.ConvTranspose2d, channels: int) -> bool:
    """Whether it is one of those between maps and a picture that ``gan_products`` knows."""
    geometry = (layer.kernel_size, layer.stride, layer.padding)
    return channels <= gan_products.NARROW and geometry == ((4, 4), (2, 2), (1, 1))


def _channels_last(slope: Tensor) -> Tensor:
    return slope.contiguous(memory_format=torch.channels_last)
