"""What depth does to a gradient: what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

from playground.functional.activations import ACTIVATIONS
from playground.functional.depth import Depth, gradient_through_depth
from playground.functional.initial import INITIALISERS
from playground.specs.bounds import Choice, Range, Toggle
from playground.specs.spec import Spec

COMPARED: Mapping[str, str] = {
    "suited": "The initialisation that suits it",
    "inits": "All initialisations",
    "activations": "The best known activations",
    "none": "Nothing",
}
_BEST_KNOWN = 6


@dataclass(frozen=True)
class DepthSpec(Spec):
    """A random network of equal layers, and the way of a gradient from its last layer to its first."""

    KIND: ClassVar[str] = "depth"
    VERSION: ClassVar[int] = 1

    activation: Annotated[
        str, Choice(lambda: ACTIVATIONS, label="Activation", help="After every layer the same one.", group="network")
    ] = "sigmoid"
    init: Annotated[
        str,
        Choice(lambda: INITIALISERS, label="Initial weights", help="How the weights are drawn.", group="network"),
    ] = "glorot_uniform"
    gain: Annotated[
        float,
        Range(0.1, 5, step=0.05, unit="×", label="Gain", group="network",
              help="Multiplies all drawn weights. Find the gain at which the gradient neither vanishes nor explodes."),
    ] = 1.0  # fmt: skip
    layers: Annotated[
        int, Range(1, 50, whole=True, label="Layers", help="How many, one after the other.", group="network")
    ] = 20
    compare: Annotated[
        str,
        Choice(lambda: COMPARED, label="Compare with", group="network",
               help="Faint lines: the same network with only this one thing changed, at gain 1."),
    ] = "activations"  # fmt: skip
    width: Annotated[
        int,
        Range(
            2, 128, whole=True, public=64, label="Width", help="Units of every layer.", advanced=True, group="network"
        ),
    ] = 64
    biases: Annotated[
        bool,
        Toggle(label="Biases", help="Drawn between −1 and 1, as for training. Without them they are 0, as in theory.",
               advanced=True, group="network"),
    ] = False  # fmt: skip
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", help="The same seed gives the same network and batch.",
              advanced=True, group="network"),
    ] = 1  # fmt: skip

    def measured(self) -> Depth:
        """The network as it is asked for."""
        return self._measured(self.activation, self.init, self.gain)

    def suited(self) -> str:
        """The name of the initialisation that the activation asks for."""
        return ACTIVATIONS[self.activation].init

    def compared(self) -> Mapping[str, Depth]:
        """What stands beside it: title to the same network with another initialisation or activation, at gain 1."""
        best = self.suited()
        if self.compare == "suited":
            if (self.init, self.gain) == (best, 1.0):
                return {}
            return {INITIALISERS[best].title: self._measured(self.activation, best)}
        if self.compare == "inits":
            return {
                entry.title: self._measured(self.activation, name)
                for name, entry in INITIALISERS.items()
                if name not in (self.init, "zeros")
            }
        if self.compare == "activations":
            return {
                ACTIVATIONS[name].title: self._measured(name, self.init)
                for name in list(ACTIVATIONS)[:_BEST_KNOWN]
                if name != self.activation
            }
        return {}

    def _measured(self, activation: str, init: str, gain: float = 1.0) -> Depth:
        return _measure(activation, init, self.layers, self.width, self.seed, self.biases, gain)


@lru_cache(maxsize=256)  # what is compared stays while the gain is dragged; a few kilobytes each
def _measure(activation: str, init: str, layers: int, width: int, seed: int, biases: bool, gain: float) -> Depth:
    return gradient_through_depth(activation, init, layers, width, seed, biases=biases, gain=gain)
