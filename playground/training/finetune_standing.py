"""Where a fine-tuning run stands, and what is seen of its network: what the loop hands to the view. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.training.probes import Moment

Kind: TypeAlias = Literal["embeddings", "layer", "pooler", "classifier"]
Phase: TypeAlias = Literal["load", "head", "split", "train", "evaluate"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the network, from the bottom up: the embeddings, each encoder layer, the pooler, the new classifier.

    Attributes:
        kind: Which of them.
        number: Of an encoder layer, from 0; -1 for the others.
        title: As it is shown (``Layer 1``).
        parameters: Numbers that it has; 0 where that is not known before the model is opened.
        frozen: It stays as it is.
    """

    kind: Kind
    number: int
    title: str
    parameters: int
    frozen: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the network that is fine-tuned.

    Attributes:
        base: Name of the pretrained model.
        title: As a menu has it.
        family: ``bert``, ``distilbert`` ...
        parts: From the bottom up.
        longest: Word pieces that it takes, marks included.
        width: Numbers that stand for each word piece.
        heads: Attention heads of a layer.
        vocabulary: Word pieces that it knows.
        knew: The classes it told apart before, in words; its old classifier is dropped.
    """

    base: str
    title: str
    family: str
    parts: tuple[Part, ...]
    longest: int
    width: int
    heads: int
    vocabulary: int
    knew: tuple[str, ...] = ()

    @property
    def parameters(self) -> int:
        """Of all parts together."""
        return sum(part.parameters for part in self.parts)

    @property
    def trained(self) -> int:
        """Of those that learn."""
        return sum(part.parameters for part in self.parts if not part.frozen)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What can be had without training the encoder, on the same texts.

    Attributes:
        majority: Share of validation texts that are in the most frequent training class.
        frozen: Validation accuracy of the best logistic regression on what the encoder, as it came, hands to its classifier;
            ``None`` while that is not known.
        frozen_loss: Its validation loss.
        majority_test: The same of the test texts; ``None`` where there are none.
        frozen_test: Likewise.
    """

    majority: float
    frozen: float | None = None
    frozen_loss: float | None = None
    majority_test: float | None = None
    frozen_test: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """The visitor's own sentence, as the network reads it.

    Attributes:
        text: As it was typed.
        pieces: Its word pieces as the vocabulary writes them, marks apart.
        unknown: How many of them the vocabulary has nothing for.
        before: Probability of each class before the first step, ``(classes,)`` float32.
        now: The same with the weights as they are.
        step: After so many updates ``now`` was found.
    """

    text: str
    pieces: tuple[str, ...]
    unknown: int
    before: NDArray[np.float32]
    now: NDArray[np.float32]
    step: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What is seen of the network itself.

    Attributes:
        moved: How far each part is from where it began, ``(parts,)`` float32: length of the difference over its length then.
            The new classifier, which begins next to nothing, is measured the same way and can pass 1 by far.
        gradients: Length of each part's gradient in the last batch, before clipping, ``(parts,)`` float32; 0 where it is frozen.
        sentence: ``None`` where nothing was typed.
    """

    moved: NDArray[np.float32]
    gradients: NDArray[np.float32]
    sentence: Sentence | None = None


@dataclass(frozen=True)
class Standing(Moment):
    """Where a run stands when a frame is packed.

    Attributes:
        phase: Which of the five steps is under way: ``load`` and ``head`` only before the first event, ``split`` while the
            baseline is measured, then ``train``; ``evaluate`` while epochs and the test texts are measured, and at the end.
        lr: Learning rate of the next step for the encoder, as the schedule has it.
        progress: How far the schedule is, 0 to 1.
        seen: Training texts already learnt from in the epoch that is under way.
        total: Training texts of an epoch.
        steps: Updates of all epochs that are asked for.
        texts_rate: Texts a second inside training steps.
        eta: Seconds until the wanted epochs are done; ``None`` where that is not known.
        best: Epoch, loss and accuracy of the best weights so far on the validation texts (``epoch``, ``val_loss``,
            ``val_accuracy``); ``None`` before the first epoch.
        batch_loss: Mean loss of the last batches; ``None`` before the first.
        baseline: What can be had without training the encoder.
        doing: What is measured just now, in words; empty while it learns.
    """

    phase: Phase = "split"
    lr: float = 0.0
    progress: float = 0.0
    seen: int = 0
    total: int = 0
    steps: int = 0
    texts_rate: float = 0.0
    eta: float | None = None
    best: Mapping[str, float] | None = None
    batch_loss: float | None = None
    baseline: Baseline | None = None
    doing: str = ""
