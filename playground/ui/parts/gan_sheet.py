"""What stands on the sampler's sheet: one generator, the latents of each sample, the pictures that came of them, the pins.

The page makes a ``Sheet`` at each of its runs and hands it to its tabs; nothing in it is changed by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.generating import Drawn, Met, Whose
from playground.functional.gan import Pair
from playground.ui import asking


@dataclass(frozen=True, eq=False)
class Held:
    """One sample that the visitor keeps hold of, whatever else is drawn.

    Attributes:
        name: As captions call it: ``Pin 1``, or ``Sample 12``.
        latents: ``(latents,)`` float32.
        label: Number of its class; None for a generator without classes.
        picture: ``(h, w, c)`` uint8; None while it is being drawn.
    """

    name: str
    latents: NDArray[np.float32]
    label: int | None
    picture: NDArray[np.uint8] | None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet of samples.

    Attributes:
        card: The model of the registry; None where it is what a run of the visitor's own has learnt (``whose.own``).
        whose: Which generator, beyond its card; part of every question.
        title: What the generator is called.
        pair: Its networks as lists of layers.
        met: What the worker says of it; None while that is not known.
        dataset: Name in ``data.image_registry.IMAGE_SETS`` of what it learnt from; empty where nobody says.
        latents: Of every sample, ``(n, latents)`` float32, as drawn: moved along the directions, edits put in.
        classes: Of every sample, ``(n,)``; None for a generator without classes.
        drawn: The worker's answer, with the discriminator's opinions; None while there is none.
        pictures: ``(n, h, w, c)`` uint8: the worker's, or what this process drew by itself meanwhile; None while there are none.
        pins: What the visitor has pinned, in the order of pinning.
        chosen: Number of the sample that is shown large; -1 where none is.
        waiting: Words while something is still to come; empty where nothing is.
        problem: Why there are no pictures; empty where nothing is wrong.
        loss: What it learnt with; empty where nobody says.
    """

    card: Card | None
    whose: Whose
    title: str
    pair: Pair
    met: Met | None
    dataset: str
    latents: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    drawn: Drawn | None
    pictures: NDArray[np.uint8] | None
    pins: tuple[Held, ...] = ()
    chosen: int = -1
    waiting: str = ""
    problem: str = ""
    loss: str = ""

    @property
    def judge(self) -> str:
        """What its second network is called: a critic only where it measures Wasserstein's distance."""
        return "Critic" if self.loss.startswith("wasserstein") else "Discriminator"

    def ask(self, task: str, question: Any, seconds: float = asking.PATIENCE_SECONDS) -> Any:
        """The answer to a question about this generator: as ``asking.ask`` has it."""
        return asking.ask(task, self.card, question, seconds)

    def sample(self, index: int) -> Held:
        """One sample of the sheet."""
        return Held(
            f"Sample {index + 1}",
            self.latents[index],
            None if self.classes is None else int(self.classes[index]),
            None if self.pictures is None else self.pictures[index],
        )

    def opinion_of(self, index: int) -> float | None:
        """What the discriminator says of a sample: a probability or a score; None where it is not known."""
        if self.drawn is None or self.drawn.opinions is None:
            return None
        return float(self.drawn.opinions[index])
