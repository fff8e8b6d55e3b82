"""What the page Your own pictures says about its own state, in sentences."""

from __future__ import annotations

from collections import Counter

from playground.core.transfer import Lesson, Measured
from playground.data.own_example import own_example
from playground.ui.parts.own_album import Album
from playground.ui.parts.own_training import Course
from playground.ui.state import state

WHAT_IS_LEARNT = """
| | what is learnt | on what | starts from |
|---|---|---|---|
| **Last layer only** | one layer | features of the pretrained model, which stays as it is | zeros |
| **From scratch** | three convolutions and one layer | the pixels | random weights |
| **Fine-tuned** | the same layer, and the last parts of the pretrained model | the pixels | the trained last layer |

A pretrained network has seen many pictures, most of them of other things. What its last layer is given, some hundred numbers for each
picture, tells edges, textures and parts apart already; a new layer on top has little left to learn, so a few pictures are enough. A
network from scratch has to find all of that in your pictures.

Each picture is cut to its middle square. The accuracy is measured on the held-out pictures, the newest quarter of each class, which are
dashed and come first among its pictures; for the curve, 5, 10, 20 and 50 of the others are drawn at random, five times over for the
last layer. Your pictures stay in this session: they are in no link, and they are gone when you close the page.
"""

AT_HOME = (
    "This model is at home here: the ten classes that it was trained on include dogs, and automobiles and trucks, which look much like "
    "buses. With things that it has never seen it leads by less. "
)
"""Said of the example with the starter classifier, whose classes (CIFAR-10's) are near to it."""


def what_you_see(key: str) -> str:
    """Two or three sentences about this very state."""
    album, training = state(Album, key), state(Course, key).training
    last, scratch = (training.kept(way) if training is not None else None for way in ("last", "scratch"))
    if training is None or last is None or scratch is None:
        return (
            "**Bring pictures of two or more things, then press Train.** The newest quarter of each class is held out: nothing is "
            "learnt from it, and nothing is chosen on it. Shots in a row look alike, so move the thing or the camera between them."
        )
    a, b = (max(one.measured, key=lambda each: each.each) for one in (last, scratch))
    if not a.of:
        return "**No class has a second picture, so nothing could be held out.** Add some more to see how well it does."
    start = (
        f"**With {_each(training.lesson)} pictures a class, the last layer alone gets {_share(a)} held-out pictures right; the network "
        f"from scratch gets {_share(b)}.** "
    )
    learnt = (
        f"The last layer learns {last.trained:,} numbers on features that the model got from many other pictures; the other learns all of "
        f"its {scratch.trained:,} from yours. "
    )
    if album.example and training.card.name == own_example().model:
        learnt += AT_HOME
    few = [one for one in training.measured("last") if one.draws > 1]
    try_ = (
        f"With {few[0].each:.0f} a class the last layer got {100 * few[0].low:.0f} to {100 * few[0].high:.0f} %, depending on which "
        "ones were taken. "
        if few
        else ""
    )
    more = "Take pictures of two things on your desk next: Start with my own." if album.example else (
        f"{a.of} held-out pictures tell little: one of them is {100 / a.of:.0f} %. Try new pictures under *Try it*."
    )  # fmt: skip
    return start + learnt + try_ + more


def _each(lesson: Lesson) -> str:
    """How many pictures of a class are learnt from: ``9``, or ``9 to 10`` where the classes differ."""
    counts = Counter(label for label, held in zip(lesson.labels, lesson.held, strict=True) if not held)
    low, high = min(counts.values()), max(counts.values())
    return f"{low}" if low == high else f"{low} to {high}"


def _share(one: Measured) -> str:
    return f"{round(one.accuracy * one.of)} of {one.of}"
