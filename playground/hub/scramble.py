"""A copy of a network with some of its weights scrambled.

J. Adebayo et al.: Sanity checks for saliency maps, 2018: a map that stays the same when the network has forgotten what it
learned does not show what the network learned.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from playground.core.seed import Stream, generator
from playground.core.vision import Scramble

SEED = 0


def scrambled(network: nn.Module, how: Scramble, x: Tensor) -> nn.Module:
    """A network that has forgotten: the weights of each scrambled layer are shuffled among themselves.

    Shuffled, not drawn: every layer keeps the size of its weights, so that the signal neither dies nor explodes on its
    way. What batch normalisation learned of the old layers' outputs is measured anew on this picture, its mirror image
    and both upside down.

    Args:
        network: Stays as it is.
        how: ``head`` is the last layer, ``half`` the second half of the layers, ``all`` every one.
        x: A prepared picture ``(1, 3, h, w)``.
    """
    made = copy.deepcopy(network)
    chosen = _chosen(made, how)
    source = generator(SEED, Stream.WEIGHTS)
    with torch.no_grad():
        for layer in chosen:
            for held in layer.parameters(recurse=False):
                shuffled = source.permutation(held.cpu().numpy().ravel())
                held.copy_(torch.from_numpy(shuffled).view_as(held))
        _measure_anew([layer for layer in chosen if isinstance(layer, _BatchNorm)], made, x)
    return made


def _chosen(network: Any, how: Scramble) -> list[nn.Module]:
    """The layers with weights of their own that are to be scrambled, from the input to the output."""
    layers = [layer for layer in network.modules() if any(True for _ in layer.parameters(recurse=False))]
    if how == "all":
        return layers
    if how == "half":
        return layers[len(layers) // 2 :]
    if how == "head":
        last = network.get_classifier() if hasattr(network, "get_classifier") else None
        own = [layer for layer in layers if isinstance(last, nn.Module) and layer in set(last.modules())]
        return own or layers[-1:]
    return []


def _measure_anew(norms: list[_BatchNorm], network: nn.Module, x: Tensor) -> None:
    """Let batch normalisations take mean and spread from one picture, turned over in the four ways."""
    norms = [norm for norm in norms if norm.track_running_stats]
    if not norms:
        return
    turned = torch.cat([x, x.flip(3), x.flip(2), x.flip((2, 3))])  # (4, 3, h, w)
    kept = [norm.momentum for norm in norms]
    for norm in norms:
        norm.train()
        norm.momentum = 1.0  # what is measured replaces what was known
    network(turned)
    for norm, momentum in zip(norms, kept, strict=True):
        norm.eval()
        norm.momentum = momentum
