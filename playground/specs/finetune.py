"""Fine-tuning a text model: what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from playground.data.text_registry import TEXT_SETS
from playground.optim.warmed import SHAPES
from playground.specs.bounds import Choice, Mode, Range, Words
from playground.specs.spec import Spec

OWN = "own"
STARTER = "starter_sentiment"
LONGEST_NAME = 120
ALL = -1
"""So many frozen layers are all of the encoder: only the new classifier learns."""

PARAMETERS: Mapping[Mode, int] = {"local": 200_000_000, "public": 12_000_000}
"""The largest model that may be fine-tuned."""
TRAINED: Mapping[Mode, int] = {"local": 30_000_000, "public": 6_000_000}
"""The most numbers that may learn: a run is kept with four copies of them."""
FEWEST, MOST = 20, 5_000
"""Texts that can be learnt from."""
CLASSES = 50
"""Classes at most."""


def _datasets() -> Mapping[str, Any]:
    return {**TEXT_SETS, OWN: "Your own table"}


@dataclass(frozen=True)
class FinetuneSpec(Spec):
    """A pretrained text model with a new classifier, trained on texts with labels. The defaults are an experiment that works.

    The base is checked against the catalog by the page, the command line and the loop, which know it. A visitor's own texts
    and the names of their columns are never in the link.
    """

    KIND: ClassVar[str] = "finetune"
    VERSION: ClassVar[int] = 1

    dataset: Annotated[
        str, Choice(_datasets, look="thumbnails", label="Data", group="data", help="The texts it learns to sort.")
    ] = "requests"  # fmt: skip
    table: Annotated[str, Words(label="Uploaded table", advanced=True, group="data")] = ""
    text_column: Annotated[
        str, Words(label="Text column", advanced=True, group="data", help="Which column holds the texts.")
    ] = ""  # fmt: skip
    label_column: Annotated[
        str, Words(label="Label column", advanced=True, group="data", help="Which column says what each text is.")
    ] = ""  # fmt: skip
    most: Annotated[
        int,
        Range(0, MOST, whole=True, step=10, label="Training texts at most (0: all)", advanced=True, group="data",
              help="Learn from fewer texts, evenly from all classes; 0, the default, takes all of them."),
    ] = 0  # fmt: skip
    train_share: Annotated[
        float,
        Range(40, 90, step=5, unit="%", label="Training share", advanced=True, group="data",
              help="Share of each class that is learnt from; half of the rest is for validation, half for the test."),
    ] = 60  # fmt: skip
    longest: Annotated[
        int,
        Range(8, 512, whole=True, step=8, public=256, label="Word pieces at most", advanced=True, group="data",
              help="Of a longer text the beginning is read; how many texts that concerns is said."),
    ] = 128  # fmt: skip

    base: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Pretrained model", group="network",
              help="What it starts from: all it knows of language, with a new classifier on top."),
    ] = STARTER  # fmt: skip
    freeze: Annotated[
        int,
        Range(ALL, 24, whole=True, step=1, label="Frozen layers", group="network",
              help="So many layers from the bottom, and the embeddings under them, stay as they are. 0: everything learns. "
                   "-1: only the new classifier does."),
    ] = 0  # fmt: skip
    dropout: Annotated[
        float,
        Range(0, 0.5, step=0.05, label="Dropout", advanced=True, live=True, group="network",
              help="Share of values left out at random, inside the encoder and before the classifier."),
    ] = 0.1  # fmt: skip
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", advanced=True, group="network",
              help="The same seed gives the same split, classifier, order and dropout."),
    ] = 1  # fmt: skip

    lr: Annotated[
        float,
        Range(1e-6, 1e-2, log=True, label="Learning rate", live=True, group="training",
              help="The highest learning rate of the schedule, for the encoder."),
    ] = 3e-4  # fmt: skip
    epochs: Annotated[
        int,
        Range(1, 100, whole=True, step=1, public=30, label="Epochs", live=True, group="training",
              help="Training ends after so many passes over the training texts."),
    ] = 10  # fmt: skip
    batch_size: Annotated[
        int,
        Range(1, 128, whole=True, step=1, public=64, label="Batch size", live=True, group="training",
              help="Texts whose gradients are averaged in one step."),
    ] = 16  # fmt: skip
    head: Annotated[
        float,
        Range(1, 100, log=True, label="Classifier learns faster by", advanced=True, live=True, group="training",
              help="The new classifier knows nothing yet: its learning rate is that of the encoder times this."),
    ] = 10.0  # fmt: skip
    schedule: Annotated[
        str,
        Choice(lambda: SHAPES, label="Schedule", advanced=True, live=True, group="training",
               help="How the learning rate falls after the warm-up, over the epochs asked for."),
    ] = "linear"  # fmt: skip
    warmup: Annotated[
        float,
        Range(0, 50, step=1, unit="%", label="Warm-up", advanced=True, live=True, group="training",
              help="Share of all steps over which the learning rate rises from 0."),
    ] = 10  # fmt: skip
    weight_decay: Annotated[
        float,
        Range(0, 0.5, log=True, label="Weight decay", advanced=True, live=True, group="training",
              help="Pulls weights towards zero at each step; biases, norms and embeddings are spared (AdamW)."),
    ] = 0.01  # fmt: skip
    patience: Annotated[
        int,
        Range(0, 50, whole=True, step=1, label="Early stopping after", advanced=True, live=True, group="training",
              help="Stop when so many epochs brought nothing better on the validation texts; 0 never does. The best weights are "
                   "kept in any case."),
    ] = 0  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        if field in ("table", "text_column", "label_column"):
            return self.dataset == OWN
        return True
