"""Questions about texts and their answers, as they travel between the web process and the inference worker.

All of it is plain and picklable. Places in a text are numbers of its characters (Python's, so that an emoji is one), from the
first to behind the last, so that what is shown stands on the very letters that were typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

LONGEST_TEXT = 100_000
"""Characters that one text may have: some 20,000 words."""

MOST_TEXTS = 5_000
"""So many texts may be asked about in one go."""

Attribution: TypeAlias = Literal["integrated_gradients", "occlusion"]
ATTRIBUTIONS: tuple[Attribution, ...] = ("integrated_gradients", "occlusion")


@dataclass(frozen=True, slots=True)
class Judge:
    """How does a text feel (or whatever else a model sorts texts into)?

    Attributes:
        text: As it was typed.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text that went through the model by itself.

    Attributes:
        start: Its first character.
        end: The one behind its last.
        pieces: How many word pieces it has.
        scores: How sure the model is of each class, for this part alone.
        weight: How much it counts in the verdict on the whole; the weights of all windows sum to 1.
    """

    start: int
    end: int
    pieces: int
    scores: tuple[float, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer to ``Judge``.

    Attributes:
        labels: The model's classes in words, in its own order.
        scores: How sure it is of each, 0 to 1; they sum to 1.
        windows: The parts that were read, in order; one where the text fits the model.
        pieces: How many word pieces the whole text has.
        unknown: Parts of the text that the model has no piece for, as they were typed, the first few.
        seconds: From text to answer: this text's share of its batch.
        device: Where it ran, as a person reads it (``CPU``).
        engine: What ran it (``PyTorch``, ``ONNX Runtime``).
        notes: What has to be said of it, in sentences (control characters left out, ...).
    """

    labels: tuple[str, ...]
    scores: tuple[float, ...]
    windows: tuple[Window, ...]
    pieces: int
    unknown: tuple[str, ...]
    seconds: float
    device: str
    engine: str
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> int:
        """Number of the likeliest class."""
        return max(range(len(self.scores)), key=self.scores.__getitem__)

    @property
    def label(self) -> str:
        """The likeliest class in words."""
        return self.labels[self.best]

    @property
    def score(self) -> float:
        """How sure the model is of it."""
        return self.scores[self.best]


@dataclass(frozen=True, slots=True)
class JudgeMany:
    """The same question about many texts; told on the way how far it is.

    Attributes:
        texts: At most ``MOST_TEXTS``. An empty one has no scores.
    """

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedMany:
    """The answer to ``JudgeMany``.

    Attributes:
        labels: The model's classes in words, in its own order.
        scores: ``(texts, classes)`` float32; a row of NaN for an empty text.
        windows: ``(texts,)`` int32: into how many parts each was read; 0 for an empty one.
        seconds: For all of them.
        device: Where it ran.
        engine: What ran it.
    """

    labels: tuple[str, ...]
    scores: NDArray[np.float32]
    windows: NDArray[np.int32]
    seconds: float
    device: str
    engine: str


@dataclass(frozen=True, slots=True)
class Weigh:
    """Which words of a text spoke for a class, and which against it?

    Attributes:
        text: As it was typed; of a long one the window that counts most is explained.
        method: How that is estimated.
        target: Number of the class; -1 is the likeliest.
    """

    text: str
    method: Attribution = "integrated_gradients"
    target: int = -1


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text and what it added.

    Attributes:
        start: Its first character.
        end: The one behind its last.
        value: Integrated gradients: what it added to the class's logit. Occlusion: by how much the class's probability falls
            when the word is hidden. Positive speaks for the class.
    """

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The answer to ``Weigh``.

    Attributes:
        words: In their order.
        method: How it was estimated.
        target: Number of the class that is explained.
        label: Its name.
        score: The text's probability of it.
        logit: The text's logit of it (of the explained window).
        baseline_logit: The same of the baseline.
        baseline: What the text is compared with, in words.
        rest: What the marks that are no words ([CLS], [SEP]) added; with the words it sums to the rise of the logit, but for ``error``.
        error: Convergence error: how far that sum is from the rise, in logits; 0 for occlusion.
        start: First character of what was explained.
        end: The one behind its last.
        seconds: How long it took.
        notes: What has to be said of it, in sentences.
    """

    words: tuple[Word, ...]
    method: Attribution
    target: int
    label: str
    score: float
    logit: float
    baseline_logit: float
    baseline: str
    rest: float
    error: float
    start: int
    end: int
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadInside:
    """What happens inside the model while it reads a text?

    Attributes:
        text: As it was typed; of a long one its beginning.
        layer: Whose queries, keys and values are wanted, from 0.
        head: Of which head, from 0.
    """

    text: str
    layer: int = 0
    head: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """One word piece as the model is given it.

    Attributes:
        text: As its vocabulary writes it (``##ing``, ``[CLS]``).
        number: In its vocabulary.
        start: First character of the text that it stands for; -1 for a mark that stands for none.
        end: The one behind its last; -1 likewise.
        unknown: The vocabulary has nothing for what stands there.
    """

    text: str
    number: int
    start: int
    end: int
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer to ``ReadInside``; ``t`` pieces, ``d`` numbers a head.

    Attributes:
        pieces: ``t`` of them, marks included.
        whole: How many pieces the whole text has; more than ``t`` where only its beginning is shown.
        vocabulary: How many pieces the model knows.
        attention: ``(layers, heads, t, t)`` float16: each row sums to 1: how much of each piece (column) goes into one (row).
        query: ``(t, d)`` float32, of the layer and head that were asked for.
        key: The same.
        value: The same.
        mixed: ``(t, d)`` float32: attention times value.
        layer: Whose they are.
        head: Likewise.
        labels: The model's classes in words.
        scores: How sure it is of each, for these pieces.
        changed: ``(layers + 1, t)`` float32: length of each piece's vector after the embeddings and after each layer.
        seconds: How long it took.
        notes: What has to be said of it, in sentences.
    """

    pieces: tuple[Piece, ...]
    whole: int
    vocabulary: int
    attention: NDArray[np.float16]
    query: NDArray[np.float32]
    key: NDArray[np.float32]
    value: NDArray[np.float32]
    mixed: NDArray[np.float32]
    layer: int
    head: int
    labels: tuple[str, ...]
    scores: tuple[float, ...]
    changed: NDArray[np.float32]
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuned:
    """A text model that a visitor fine-tuned, asked about texts or to be packed: its run's state carries all of it.

    Attributes:
        state: Of the run, as it is stored.
        texts: To be judged by it as it is now, and by the model that it began as.
    """

    state: bytes
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TunedAnswer:
    """The answer to ``Tuned``.

    Attributes:
        labels: The visitor's classes.
        scores: ``(texts, classes)`` float32, with the weights of the best epoch.
        before: The same with the new classifier as it was before training.
        epoch: Which epoch the weights are of.
        seconds: How long it took.
    """

    labels: tuple[str, ...]
    scores: NDArray[np.float32]
    before: NDArray[np.float32]
    epoch: int
    seconds: float
