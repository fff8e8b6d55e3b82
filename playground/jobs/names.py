"""What can be asked of a worker, by name: the web process knows the words, the worker imports what they stand for.

That is how the web process stays free of torch: it never imports a module of ``COMPUTATIONS`` or ``TASKS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from playground.core.errors import UnknownName
from playground.core.events import Computation

Lane: TypeAlias = Literal["quick", "slow", "film", "texts"]
LANES: tuple[Lane, ...] = ("quick", "slow", "film", "texts")
LONG: Mapping[Lane, str] = {"film": "A clip", "texts": "A table of texts"}
"""Lanes of what may take minutes, and what a visitor may have one of there: it gives way to the quick ones."""

UNWATCHED_SECONDS = 40.0
"""So long nobody must have looked how far a watched question is before it is stopped, unless its task says otherwise."""


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of question to a pretrained model.

    Attributes:
        where: ``module:function`` of what answers it: ``(desk, card, questions, say)`` to one answer, or one error in words,
            for each question.
        lane: Which thread of the inference worker answers it: what takes seconds must not hold up what takes none. What
            is under way in a lane of ``LONG``, for minutes, gives way to the quick ones whenever it tells how far it is.
        most: So many questions are answered in one call at most.
        bytes: Where several are, they take no more than this together; 0 is what pictures may.
        seconds: How long a call may take.
        watched: It is stopped when nobody has looked how far it is for a while.
        unwatched: So many seconds is that while; a page looks several times a second, and one in the background every second.
    """

    where: str
    lane: Lane = "quick"
    most: int = 8
    bytes: int = 0
    seconds: float = 30.0
    watched: bool = False
    unwatched: float = UNWATCHED_SECONDS


COMPUTATIONS: Mapping[str, str] = {
    "mlp": "playground.training.supervised:fit",
    "cnn": "playground.training.cnn:fit",
    "finetune": "playground.training.finetune:fit",
    "gan": "playground.training.gan:fit",
}
FUNCTIONS: Mapping[str, str] = {"autograd": "playground.engine.autograd:gradients"}
"""What a worker may be asked to compute in one go, beside its runs."""
SPECS: Mapping[str, str] = {
    "mlp": "playground.specs.mlp:MLPSpec",
    "cnn": "playground.specs.cnn:CNNSpec",
    "finetune": "playground.specs.finetune:FinetuneSpec",
    "gan": "playground.specs.gan:GANSpec",
}
HEAVY = frozenset({"cnn", "finetune", "gan"})
"""Kinds of run whose steps take tens of milliseconds instead of a fraction of one: they keep to trainers of their own, as
long as there are two, so that small networks go on at their pace."""

TASKS: Mapping[str, Task] = {
    "look": Task("playground.hub.answers:look", most=1),  # a file that hangs a decoder has no company to blame
    "classify": Task("playground.hub.answers:classify", seconds=60.0),  # a large model's first answer waits for a disk
    "film": Task("playground.hub.film:film", "film", most=1, seconds=300.0, watched=True),
    "explain": Task("playground.hub.explain:explain", "slow", most=1, seconds=60.0),
    "feed": Task("playground.hub.inside:feed", "slow", most=1, seconds=60.0),
    "shake": Task("playground.hub.shake:shake", "slow", most=1, seconds=60.0),
    "attack": Task("playground.hub.attack:attack", "slow", most=1, seconds=60.0),
    "named": Task("playground.hub.named:named", "slow", most=1, seconds=60.0),
    "detect": Task("playground.hub.detect:detect", seconds=60.0),
    "draw": Task("playground.hub.drawing:draw", "slow", most=1, seconds=60.0),
    "cut": Task("playground.hub.drawing:cut", "slow", most=1, seconds=60.0),
    "collect": Task("playground.hub.collecting:collect", "slow", most=1, seconds=180.0, watched=True, unwatched=15.0),
    "own_learn": Task(
        "playground.training.transfer:learn", "slow", most=1, seconds=150.0, watched=True, unwatched=15.0
    ),
    "own_tell": Task("playground.training.transfer:tell", seconds=60.0),
    "own_pack": Task("playground.training.transfer_files:pack", "slow", most=1, seconds=150.0),
    "cnn_predict": Task("playground.training.cnn_use:cnn_predict", most=1),
    "cnn_package": Task("playground.training.cnn_use:cnn_package", "slow", most=1, seconds=60.0),
    "judge": Task("playground.hub.sentiment:judge", most=16, bytes=24_000, seconds=120.0),
    "judge_long": Task(
        "playground.hub.sentiment:judge", "slow", most=1, seconds=120.0
    ),  # a book's chapter takes seconds
    "judge_few": Task("playground.hub.sentiment:judge_many", "slow", most=1, seconds=60.0),
    "judge_many": Task(
        "playground.hub.sentiment:judge_many", "texts", most=1, seconds=300.0, watched=True, unwatched=15.0
    ),
    "weigh": Task("playground.hub.word_weights:weigh", "slow", most=1, seconds=60.0),
    "read_inside": Task("playground.hub.text_inside:read_inside", "slow", most=1, seconds=60.0),
    "finetune_tell": Task("playground.training.finetune_use:tell", most=1, seconds=60.0),
    "finetune_pack": Task("playground.training.finetune_use:pack", "slow", most=1, seconds=60.0),
    "generate": Task("playground.hub.generate:generate", most=1, seconds=30.0),
    "meet": Task("playground.hub.generate:meet", "slow", most=1, seconds=60.0),
    "nearest": Task("playground.hub.neighbours:nearest", "slow", most=1, seconds=60.0),
    "clip": Task("playground.hub.gan_clips:clip", "slow", most=1, seconds=60.0),
    "gan_pack": Task("playground.training.gan_use:pack", "slow", most=1, seconds=60.0),
    "own_zip": Task(
        "playground.training.transfer_files:unzip", "slow", most=1, seconds=120.0, watched=True, unwatched=15.0
    ),
}
"""What the inference worker may be asked (see ``playground.jobs.inference``)."""


def resolve(kind: str, table: Mapping[str, str]) -> Any:
    """Import what a kind of run stands for in a table of ``module:name``.

    Raises:
        UnknownName: The table has no such kind.
    """
    if kind not in table:
        raise UnknownName("kind of run", kind, table)
    return located(table[kind])


def located(where: str) -> Any:
    """Import what lies at ``module:name`` (or at ``module:Class.method``)."""
    module, _, path = where.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    return found


def computation(kind: str, table: Mapping[str, str] = COMPUTATIONS) -> Callable[..., Computation]:
    """The function ``fit(spec, *, state=None, data=None)`` of a kind, imported at its first call (most import torch)."""

    def function(*args: Any, **kwargs: Any) -> Computation:
        made: Computation = resolve(kind, table)(*args, **kwargs)
        return made

    return function
