"""What the page Your own pictures says about its own state, in sentences."""

from __future__ import annotations

from playground.core.transfer import Measured
from playground.ui.parts.own_album import Album
from playground.ui.parts.own_training import Course
from playground.ui.state import state

WHAT_IS_LEARNT = """
| | what is learnt | on what | starts from |
|---|---|---|---|
| **Last layer only** | one layer | features of the pretrained model, which stays as it is | zeros |
| **From scratch** | three convolutions and one layer | the pixels | random weights |
| **Fine-tuned** | the same layer, and the last parts of the pretrained model | the pixels | the trained last layer |

A pretrained network has seen many pictures of other things. What its last layer is given, some hundred numbers for each picture, tells
edges, textures and parts apart already; a new layer on top has little left to learn, so a few pictures are enough. A network from
scratch has to
find all of that in your pictures.

Each picture is cut to its middle square. The accuracy is measured on the held-out pictures, the last quarter of each class; for the
curve, 5, 10, 20 and 50 of the others are drawn at random, five times over for the last layer. Your pictures stay in this session:
they are in no link, and they are gone when you close the page.
"""


def what_you_see(key: str) -> str:
    """Two or three sentences about this very state."""
    album, training = state(Album, key), state(Course, key).training
    last, scratch = (training.kept(way) if training is not None else None for way in ("last", "scratch"))
    if training is None or last is None or scratch is None:
        return (
            "**Bring pictures of two or more things, then press Train.** The last quarter of each class is held out: nothing is learnt "
            "from it, and nothing is chosen on it. Shots in a row look alike, so move the thing or the camera between them."
        )
    a, b = (max(one.measured, key=lambda each: each.each) for one in (last, scratch))
    if not a.of:
        return "**No class has a second picture, so nothing could be held out.** Add some more to see how well it does."
    start = (
        f"**With {a.each:.3g} pictures a class, the last layer alone gets {_share(a)} held-out pictures right; the network from scratch "
        f"gets {_share(b)}.** "
    )
    learnt = (
        f"The last layer learns {last.trained:,} numbers on features that the model got from many other pictures; the other learns all of "
        f"its {scratch.trained:,} from yours. "
    )
    few = [one for one in training.measured("last") if one.draws > 1]
    try_ = (
        f"With {few[0].each:.0f} a class the last layer got {100 * few[0].low:.0f} to {100 * few[0].high:.0f} %, depending on which "
        "ones were taken. "
        if few
        else ""
    )
    more = "Take pictures of two things on your desk next: Start with my own." if album.example else (
        f"{a.of} held-out pictures tell little: one of them is {100 / a.of:.0f} %. Try new pictures on the right."
    )  # fmt: skip
    return start + learnt + try_ + more


def _share(one: Measured) -> str:
    return f"{round(one.accuracy * one.of)} of {one.of}"
