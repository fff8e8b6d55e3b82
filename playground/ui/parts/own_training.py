"""What a visitor's own classes are being learnt into: which questions are open, which are answered, what is out of date.

Each training is a question to the inference worker, which holds the pretrained models and decodes the pictures; two are open
at a time. A page that is left asks no more, and what is under way for it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from playground.catalog.card import Card
from playground.core.transfer import Learn, Learnt, Lesson, Manner, Measured, Tell, Told, Way
from playground.data.own_example import own_example
from playground.specs.transfer import TransferSpec
from playground.training.held_out import sizes_of
from playground.ui import asking
from playground.ui.parts.own_album import Album

AT_ONCE = 2
PATIENCE_SECONDS = 600.0


@dataclass
class Piece:
    """One training, or several that share all of their work.

    Attributes:
        question: What is asked.
        learnt: Its answer, once it is there.
        problem: Why there is none.
        words: How far it is; empty while nothing is known.
        part: How much of it is done, 0 to 1.
        open: Whether it has been asked and not answered.
    """

    question: Learn
    learnt: Learnt | None = None
    problem: str = ""
    words: str = ""
    part: float = 0.0
    open: bool = False

    @property
    def pending(self) -> bool:
        """Whether there is neither an answer nor a reason why not."""
        return self.learnt is None and not self.problem


@dataclass
class Training:
    """What was begun when Train was pressed.

    Attributes:
        lesson: The pictures as they were then.
        manner: How they are learnt.
        card: The model whose features are used.
        pieces: In the order in which they are asked.
        stopped: Whether it was stopped before it was done.
    """

    lesson: Lesson
    manner: Manner
    card: Card
    pieces: list[Piece] = field(default_factory=list)
    stopped: bool = False

    def tune(self, manner: Manner) -> None:
        """Have the last parts of the pretrained network learn along; anew where that was done otherwise."""
        self.pieces = [one for one in self.pieces if one.question.way != "tuned"]
        self.pieces.append(Piece(Learn("tuned", self.lesson, manner, (0,))))
        self.stopped = False

    def of(self, way: Way) -> list[Piece]:
        """The pieces of one way."""
        return [one for one in self.pieces if one.question.way == way]

    def kept(self, way: Way) -> Learnt | None:
        """The classifier that learnt from all pictures in one way, once it is there."""
        return next((one.learnt for one in self.of(way) if one.learnt and one.question.sizes[-1] == 0), None)

    def measured(self, way: Way) -> list[Measured]:
        """All that was measured in one way, from few pictures to many."""
        found = [each for one in self.of(way) if one.learnt for each in one.learnt.measured]
        return sorted(found, key=lambda one: one.each)

    @property
    def working(self) -> bool:
        """Whether there is more to come."""
        return not self.stopped and any(one.pending for one in self.pieces)

    @property
    def done(self) -> float:
        """How much of it is done, 0 to 1."""
        return sum(one.part if one.pending else 1.0 for one in self.pieces) / max(1, len(self.pieces))

    def ask(self) -> None:
        """Ask for what is next; what was asked before is found again, and what has come is kept."""
        waiting = 0
        for one in self.pieces:
            if self.stopped or not one.pending or waiting >= AT_ONCE:
                continue
            card = None if one.question.way == "scratch" else self.card
            answer = asking.ask("own_learn", card, one.question, PATIENCE_SECONDS)
            one.open = isinstance(answer, asking.Waiting)
            if isinstance(answer, Learnt):
                one.learnt = answer
            elif isinstance(answer, asking.Refused):
                one.problem = answer.words
            else:
                one.words, one.part = answer.words, getattr(answer.words, "part", 0.0)
                waiting += 1

    def stop(self) -> None:
        """Want no more of it; what is there already stays."""
        for one in self.pieces:
            if one.pending and one.open:
                asking.stop("own_learn", None if one.question.way == "scratch" else self.card, one.question)
                one.open = False
        self.stopped = True


@dataclass
class Course:
    """What this session learns, and what was last said of a picture.

    Attributes:
        training: The last one; ``None`` before the first.
        told: Which picture the answer is about, by id, and by which ways it is.
        scores: The answer: one row for each way.
        seconds: How long it took.
    """

    training: Training | None = None
    told: tuple[str, tuple[Way, ...]] = ("", ())
    scores: list[list[float]] = field(default_factory=list)
    seconds: float = 0.0

    def begin(self, lesson: Lesson, spec: TransferSpec, card: Card) -> None:
        """Train the last layer and, size by size, the network from scratch; what was computed beforehand is taken as it is."""
        if self.training is not None:
            self.training.stop()
        sizes, manner = sizes_of(lesson.labels, lesson.held), spec.manner
        # All pictures first, so that there is something to try; then the few, for the curve.
        few = [Piece(Learn("scratch", lesson, manner, (size,))) for size in (0, *sizes[:-1])]
        pieces = [Piece(Learn("last", lesson, manner, sizes)), *few]
        self.training = Training(lesson, manner, card, pieces)
        self.told, self.scores = ("", ()), []

    def forget(self) -> None:
        """What was learnt is about pictures that are gone."""
        if self.training is not None:
            self.training.stop()
        self.training, self.told, self.scores = None, ("", ()), []

    def begin_with_example(self, album: Album, spec: TransferSpec, card: Card) -> None:
        """The same for the example, most of which is known beforehand."""
        self.begin(album.lesson(), spec, card)
        known, training = own_example(), self.training
        assert training is not None
        if spec.manner != known.manner:
            return
        scratch = Piece(
            Learn("scratch", training.lesson, spec.manner, sizes_of(training.lesson.labels, training.lesson.held))
        )
        scratch.learnt = known.learnt["scratch"]
        training.pieces[1:] = [scratch]
        if card.name == known.model:
            training.pieces[0].learnt = known.learnt["last"]

    def stale(self, album: Album, spec: TransferSpec, card: Card) -> bool:
        """Whether pictures, model or manner are others than those that were learnt from."""
        if self.training is None:
            return False
        same = self.training.manner == spec.manner or self._tuned_otherwise(spec)
        return self.training.lesson != album.lesson() or self.training.card.name != card.name or not same

    def _tuned_otherwise(self, spec: TransferSpec) -> bool:
        """Whether the manner differs in nothing but what fine-tuning unfreezes."""
        assert self.training is not None
        return replace(self.training.manner, depth=spec.manner.depth) == spec.manner

    def tell(self, album: Album) -> Any:
        """Ask all classifiers about the picture that is tried; ``None`` where there is nothing to ask."""
        if self.training is None or album.tried is None:
            return None
        kept = {way: self.training.kept(way) for way in ("last", "scratch", "tuned")}
        there: dict[Way, bytes] = {way: one.packed for way, one in kept.items() if one is not None}  # type: ignore[misc]
        if not there:
            return None
        answer = asking.ask("own_tell", self.training.card, Tell(album.tried.content, tuple(there.values())))
        if isinstance(answer, Told):
            self.told, self.scores, self.seconds = (
                (album.tried.id, tuple(there)),
                answer.scores.tolist(),
                answer.seconds,
            )
        return answer
