"""A small convolutional network for pictures of 32 x 32 pixels, in ten classes unless told otherwise.

It follows Keller Jordan: *94% on CIFAR-10 in 3.29 seconds on a single GPU* (2024): a frozen first layer that decorrelates
neighbouring pixels, then three stages of two convolutions. Its last maps stay 7 x 7 instead of 3 x 3, so that one can see
where it looked. Importing this module makes it known to timm as ``playground_cifar_net``.
"""

from __future__ import annotations

from typing import Any, cast

from timm.models import build_model_with_cfg, generate_default_cfgs, register_model
from torch import Tensor, nn

WIDTHS = (64, 256, 256)
SCALE = 1 / 9  # of the logits: keeps the first steps of a training with a high rate small


class Stage(nn.Module):
    """Two convolutions of 3 x 3, each normalised and bent; halves height and width after the first unless told otherwise."""

    def __init__(self, inputs: int, outputs: int, halve: bool = True) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.pool: nn.Module = nn.MaxPool2d(2) if halve else nn.Identity()
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.act = nn.GELU()
        for norm in (self.norm1, self.norm2):
            norm.weight.requires_grad_(False)  # stays 1: the next convolution can scale by itself
        for conv in (self.conv1, self.conv2):
            nn.init.dirac_(conv.weight[: conv.in_channels].data)  # begins by passing its inputs on

    def forward(self, x: Tensor) -> Tensor:
        """From ``(n, inputs, h, w)`` to ``(n, outputs, h / 2, w / 2)``."""
        x = self.pool(self.conv1(x))  # (n, outputs, h / 2, w / 2)
        x = self.act(self.norm1(x))
        return cast(Tensor, self.act(self.norm2(self.conv2(x))))  # (n, outputs, h / 2, w / 2)


class CifarNet(nn.Module):
    """Says which of its classes a picture of 32 x 32 pixels shows.

    Attributes:
        num_classes: How many classes it tells apart.
        num_features: Channels of its last maps.
        feature_info: For each stage its channels, how many pixels a cell of its maps spans, and its name.
        pretrained_cfg: How a picture is to be prepared for it; timm puts it there.
    """

    pretrained_cfg: dict[str, Any]

    def __init__(self, num_classes: int = 10, in_chans: int = 3) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.num_features = WIDTHS[-1]
        self.whiten = nn.Conv2d(in_chans, 24, 2)
        self.whiten.weight.requires_grad_(False)
        self.act = nn.GELU()
        self.stage1 = Stage(24, WIDTHS[0])
        self.stage2 = Stage(WIDTHS[0], WIDTHS[1])
        self.stage3 = Stage(WIDTHS[1], WIDTHS[2], halve=False)
        self.head = nn.Linear(WIDTHS[-1], num_classes, bias=False)
        reductions = (2, 4, 4)
        self.feature_info = [
            {"num_chs": width, "reduction": reduction, "module": f"stage{number}"}
            for number, (width, reduction) in enumerate(zip(WIDTHS, reductions, strict=True), start=1)
        ]

    def forward_features(self, x: Tensor) -> Tensor:
        """The maps of the last stage, ``(n, 256, 7, 7)``."""
        x = self.act(self.whiten(x))  # (n, 24, 31, 31)
        x = self.stage1(x)  # (n, 64, 15, 15)
        x = self.stage2(x)  # (n, 256, 7, 7)
        return cast(Tensor, self.stage3(x))  # (n, 256, 7, 7)

    def forward_head(self, x: Tensor) -> Tensor:
        """From the last maps to logits, ``(n, classes)``."""
        x = x.amax(dim=(2, 3))  # (n, 256): where each channel is strongest
        return cast(Tensor, self.head(x) * SCALE)  # (n, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, classes)`` of normalised pictures ``(n, 3, 32, 32)``."""
        return self.forward_head(self.forward_features(x))


default_cfgs = generate_default_cfgs(
    {
        "playground_cifar_net": {
            "input_size": (3, 32, 32),
            "num_classes": 10,
            "interpolation": "bicubic",
            "crop_pct": 1.0,
            "crop_mode": "center",
            "mean": (0.4914, 0.4822, 0.4465),
            "std": (0.2470, 0.2435, 0.2616),
            "first_conv": "whiten",
            "classifier": "head",
        }
    }
)


@register_model  # type: ignore[untyped-decorator]
def playground_cifar_net(pretrained: bool = False, **said: Any) -> CifarNet:
    """The network of the starter classifier; its weights lie in ``playground/hub/starters/cifar10``."""
    features = {"out_indices": (0, 1, 2)}
    return cast(
        CifarNet, build_model_with_cfg(CifarNet, "playground_cifar_net", pretrained, feature_cfg=features, **said)
    )
