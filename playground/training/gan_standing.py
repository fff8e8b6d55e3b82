"""Where a run of a generator and its discriminator stands, and what is seen of the two: what the loop hands to the view. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from playground.functional.gan import Array
from playground.training.probes import Moment

FIRST_LOOKS = (50, 150)
"""The samples are measured after so many steps, whatever that costs: soon one sees whether they go anywhere."""


class Shown(Protocol):
    """What the view asks an engine for."""

    @property
    def device(self) -> str:
        """Where it runs, as a person reads it."""

    def draw(self, latents: Array, classes: NDArray[np.int64] | None) -> NDArray[np.uint8]:
        """Pictures ``(n, h, w, c)`` of latents ``(n, latents)`` by the generator that the run would be used with."""

    def opinions(self) -> tuple[Array, Array]:
        """What the discriminator said of real and of made pictures lately, ``(n,)`` and ``(m,)``: raw, a logit or a score.

        Both are empty before the first step.
        """

    def gradients(self) -> tuple[float, float]:
        """Length of the gradient of the generator and of the discriminator in the last step; NaN before the first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that goes wrong between the two, and the one thing to do about it.

    Attributes:
        name: ``collapse``, ``discriminator_wins`` or ``oscillation``.
        title: In a few words.
        words: What was measured, in a sentence or two.
        remedy: What to do, in words.
        change: Settings that the remedy stands for; none where there is nothing to press.
        live: They may change while it learns; else a new run is needed.
        evidence: The numbers that it rests on, by name.
        since: Step at which it was seen first.
    """

    name: str
    title: str
    words: str
    remedy: str
    change: Mapping[str, Any] = field(default_factory=dict)
    live: bool = False
    evidence: Mapping[str, float] = field(default_factory=dict)
    since: int = 0


@dataclass(frozen=True)
class Standing(Moment):
    """Where a run stands when a frame is packed. A step is one of the generator's, with those of the discriminator before it.

    Attributes:
        lr: Learning rate of the generator.
        lr_d: Of the discriminator.
        seen: Training pictures already learnt from in the epoch that is under way.
        total: Training pictures of an epoch.
        steps: Of all epochs that are asked for.
        images_rate: Training pictures a second inside steps.
        eta: Seconds until the wanted epochs are done; ``None`` where that is not known.
        doing: What is measured just now, in words; empty while it learns.
        look_at: Step after which the samples are measured next.
        restore_step: Step that ``Restore`` goes back to, after a divergence.
        best: Where the Fréchet distance was lowest: ``epoch``, ``step``, ``frechet``; ``None`` while none was measured.
        finding: What goes wrong.
    """

    lr: float = 0.0
    lr_d: float = 0.0
    seen: int = 0
    total: int = 0
    steps: int = 0
    images_rate: float = 0.0
    eta: float | None = None
    doing: str = ""
    look_at: int | None = None
    restore_step: int | None = None
    best: Mapping[str, float] | None = None
    finding: Finding | None = None
