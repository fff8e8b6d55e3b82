"""Networks made by hand whose answers can be known beforehand, and a desk that has them: for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from playground.catalog.card import Card, Local
from playground.hub.classify import Classifier
from playground.hub.desk import Desk
from playground.hub.preparation import Preparation

SIDE = 64
CARD = Card(
    name="by_hand", title="By hand", summary="Made for a test.", task="classify", source=Local("by_hand", ("none",)), architecture="none"
)  # fmt: skip


def quiet(words: str) -> None:
    """Progress that nobody reads."""


class Corner(nn.Module):
    """Looks at nothing but the upper left quarter of a picture."""

    def __init__(self, classes: int = 5) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.gate = nn.Parameter(torch.zeros(1, 1, SIDE, SIDE))
        self.gate.data[..., : SIDE // 2, : SIDE // 2] = 1.0
        self.conv = nn.Conv2d(3, 8, 4, stride=4, bias=False)
        self.head = nn.Linear(8, classes)
        nn.init.normal_(self.head.weight, std=3.0)

    def forward_features(self, x: Tensor) -> Tensor:
        return torch.relu(self.conv(x * self.gate))  # (n, 8, 16, 16)

    def forward_head(self, maps: Tensor) -> Tensor:
        return self.head(maps.mean(dim=(2, 3)))  # (n, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.forward_head(self.forward_features(x))


class Constant(nn.Module):
    """Says the same of every picture."""

    def __init__(self) -> None:
        super().__init__()
        self.said = nn.Parameter(torch.tensor([0.3, 1.2, -0.5]))

    def forward(self, x: Tensor) -> Tensor:
        return self.said.expand(len(x), -1) + 0 * x.sum(dim=(1, 2, 3))[:, None]


class Here(Desk):
    """A desk on which one classifier lies ready.

    Attributes:
        only: That classifier.
    """

    def __init__(self, network: nn.Module, classes: int, folder: Path) -> None:
        super().__init__(folder, budget=10**9, megabytes=20, megapixels=50)
        config: dict[str, Any] = {
            "input_size": (3, SIDE, SIDE), "crop_pct": 1.0, "interpolation": "bilinear", "mean": (0.5, 0.4, 0.3), "std": (0.2, 0.3, 0.25)
        }  # fmt: skip
        self.only = Classifier(
            CARD, network.eval().requires_grad_(False), Preparation(config), tuple(f"class {n}" for n in range(classes)),
            device=torch.device("cpu"),
        )  # fmt: skip

    @contextmanager
    def classifier(self, card: Card, say: Callable[[str], None] = quiet) -> Iterator[Classifier]:
        yield self.only
