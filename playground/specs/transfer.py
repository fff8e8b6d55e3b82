"""Your own pictures: how a few of them are learnt from. The pictures themselves are never part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, cast

from playground.core.transfer import Augment, Depth, Manner
from playground.specs.bounds import Choice, Range, Words
from playground.specs.spec import Spec

LONGEST_NAME = 120
AUGMENT_TITLES: Mapping[Augment, str] = {
    "none": "As they are",
    "shift": "Moved, lighter or darker",
    "mirror": "The same, and mirrored",
}
DEPTH_TITLES: Mapping[Depth, str] = {"quarter": "The last quarter", "half": "The second half", "all": "All of it"}


@dataclass(frozen=True)
class TransferSpec(Spec):
    """A visitor's own classes, learnt on a pretrained model's features and from scratch.

    The model is checked against the catalog by the page, which knows it.
    """

    KIND: ClassVar[str] = "transfer"
    VERSION: ClassVar[int] = 1

    model: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Pretrained model", group="model",
              help="Its features are what the new last layer learns from. Those that are ready come first."),
    ] = ""  # fmt: skip
    augment: Annotated[
        str,
        Choice(lambda: AUGMENT_TITLES, label="Training pictures", group="training",
               help="How the network from scratch, and fine-tuning, see them each time. Do not mirror what has a left and a right."),
    ] = "shift"  # fmt: skip
    depth: Annotated[
        str,
        Choice(lambda: DEPTH_TITLES, label="Fine-tuning unfreezes", group="training",
               help="How much of the pretrained network learns along with its new last layer. It starts when you ask for it."),
    ] = "quarter"  # fmt: skip
    decay: Annotated[
        float,
        Range(0, 1, log=True, label="Weight decay, last layer", advanced=True, group="training",
              help="Pulls the new last layer's weights towards zero."),
    ] = 0.001  # fmt: skip
    side: Annotated[
        int,
        Range(16, 64, whole=True, step=16, label="Pixels a side, from scratch", advanced=True, group="training",
              help="How large the network from scratch sees the pictures."),
    ] = 32  # fmt: skip
    epochs: Annotated[
        int,
        Range(5, 200, whole=True, step=5, public=80, label="Epochs, from scratch", advanced=True, group="training",
              help="Passes over the training pictures; with few pictures there are more of them."),
    ] = 40  # fmt: skip
    seed: Annotated[
        int,
        Range(0, 1_000_000, whole=True, label="Seed", advanced=True, group="training",
              help="Draws the first weights, the order, and which few pictures are taken."),
    ] = 0  # fmt: skip

    @property
    def manner(self) -> Manner:
        """The same as the worker wants it."""
        return Manner(
            cast(Augment, self.augment), self.side, self.epochs, self.decay, cast(Depth, self.depth), self.seed
        )
