"""Grad-CAM: which places of a network's last maps raise a class's score.

R. R. Selvaraju et al.: Grad-CAM: visual explanations from deep networks via gradient-based localization, 2017.

The network is cut in two before its last maps are summed up: one half makes the maps, the other turns them into logits. So
nothing has to be hung into a network that others are using at the same time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

UNLIKE = (TypeError, RuntimeError, ValueError, AttributeError, AssertionError, IndexError, KeyError)
"""What a network of another build raises when it is asked for what it does not have."""


def gradcam(maps: Tensor, after: Callable[[Tensor], Tensor], target: int) -> Tensor:
    """Where the maps speak for a class.

    Args:
        maps: The last maps of one picture, ``(1, channels, h, w)``.
        after: The rest of the network, from such maps to logits ``(1, classes)``.
        target: Number of the class.

    Returns:
        ``(h, w)``, nothing below 0: what speaks against the class is left out, as in the paper.
    """
    maps = maps.detach().requires_grad_()
    score = after(maps)[0, target]
    (slope,) = torch.autograd.grad(score, maps)  # (1, channels, h, w)
    weights = slope.mean(dim=(2, 3), keepdim=True)  # (1, channels, 1, 1): how much each channel helps the class
    return (weights * maps).sum(dim=1)[0].relu().detach()  # (h, w)


@dataclass(frozen=True)
class Halves:
    """A network cut before its last maps are summed up, for one picture.

    Attributes:
        maps: What the first half makes of the picture, ``(1, channels, h, w)``.
        after: The second half: from such maps to logits ``(1, classes)``.
        tokens: The maps are the patches of a transformer, laid out as they lie in the picture.
    """

    maps: Tensor
    after: Callable[[Tensor], Tensor]
    tokens: bool


def cut(network: nn.Module, x: Tensor) -> Halves | None:
    """Cut a network for one prepared picture ``(1, 3, h, w)``.

    The halves are taken only if both together say what the whole network says, and if the logits depend on the maps.
    Where a head reads the class token alone, the last layer's patches count for nothing; then the cut lies before the
    last block, in which the class token looks at them.

    Returns:
        ``None`` where neither place will do: the network allows no Grad-CAM.
    """
    with torch.no_grad():
        whole = network(x)
    for cut_at in (_features, _last_block):
        try:
            with torch.no_grad():
                halves = cut_at(network, x)
            if halves is not None and _makes_up(halves, whole):
                return halves
        except UNLIKE:
            continue  # networks are many: this one is not built the way it was taken for
    return None


def _makes_up(halves: Halves, whole: Tensor) -> bool:
    """Whether both halves together give the network's own logits, and the maps make a difference to these."""
    maps = halves.maps.detach().requires_grad_()
    logits = halves.after(maps)
    slack = 1e-4 * max(1.0, float(whole.abs().amax()))
    if logits.shape != whole.shape or not torch.allclose(logits, whole, rtol=1e-3, atol=slack):
        return False
    (slope,) = torch.autograd.grad(logits.square().sum(), maps, materialize_grads=True)
    return float(slope.abs().amax()) > 0


def _features(network: Any, x: Tensor) -> Halves | None:
    """The cut that timm provides: ``forward_features``, then ``forward_head``."""
    found = network.forward_features(x)
    if not isinstance(found, Tensor):
        return None
    if found.ndim == 4 and _channels_last(network, found):
        return Halves(found.permute(0, 3, 1, 2), lambda maps: network.forward_head(maps.permute(0, 2, 3, 1)), False)
    if found.ndim == 4 and min(found.shape[2:]) > 1:
        return Halves(found, network.forward_head, False)
    if found.ndim == 3:
        prefix = int(getattr(network, "num_prefix_tokens", 0) or 0)
        grid = _grid(found.shape[1] - prefix, x)
        if grid is not None:
            leading, patches = found[:, :prefix], found[:, prefix:]
            maps = patches.transpose(1, 2).reshape(1, -1, *grid)
            return Halves(maps, lambda maps: network.forward_head(_tokens(leading, maps)), True)
    return None


def _last_block(network: Any, x: Tensor) -> Halves | None:
    """The cut before a transformer's last block, as timm's vision transformers allow it."""
    blocks, norm = getattr(network, "blocks", None), getattr(network, "norm", None)
    prefix = int(getattr(network, "num_prefix_tokens", 0) or 0)
    if not (prefix and isinstance(blocks, nn.Sequential) and len(blocks) > 1 and isinstance(norm, nn.Module)):
        return None
    found = network.forward_intermediates(
        x, indices=[len(blocks) - 2], return_prefix_tokens=True, stop_early=True, intermediates_only=True
    )
    maps, leading = found[0]  # (1, channels, h, w) and (1, prefix, channels)
    return Halves(maps, lambda maps: network.forward_head(norm(blocks[-1](_tokens(leading, maps)))), True)


def _tokens(leading: Tensor, maps: Tensor) -> Tensor:
    """A transformer's tokens again, ``(1, prefix + h * w, channels)``."""
    return torch.cat([leading, maps.flatten(2).transpose(1, 2)], dim=1)


def _grid(count: int, x: Tensor) -> tuple[int, int] | None:
    """Rows and columns in which so many patches cover the picture; ``None`` where they do not."""
    high, wide = x.shape[2:]
    rows = round((count * high / wide) ** 0.5)
    return (rows, count // rows) if rows > 1 and count % rows == 0 else None


def _channels_last(network: Any, found: Tensor) -> bool:
    features = getattr(network, "num_features", None)
    return str(getattr(network, "output_fmt", "")) == "NHWC" or (
        found.shape[1] != features and found.shape[3] == features
    )
