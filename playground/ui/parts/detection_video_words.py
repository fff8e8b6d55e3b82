"""What was seen in a clip, in sentences and in the numbers of its time line."""

from __future__ import annotations

from collections import Counter
from typing import Any

from playground.catalog.card import Card
from playground.core.detection import Filmed
from playground.core.palette import tint
from playground.ui.parts import detection_models as models
from playground.ui.parts.classification_models import in_words
from playground.ui.words import plain

ROWS, LIVES = 8, 200
"""So many classes have a row, and so many objects a line in the table."""

_FEW = 4


def what_you_see(filmed: Filmed, card: Card) -> str:
    """Two or three sentences about this very clip, and a thing to try."""
    total = sum(count for _, count in filmed.tracks)
    if not total:
        return f"**Nothing was followed through this clip.** {_nothing(filmed, card)}"
    parts = [f"{count:,} × “{plain(name)}”" for name, count in filmed.tracks[:_FEW]]
    rest = total - sum(count for _, count in filmed.tracks[:_FEW])
    parts += [f"{rest:,} of other classes"] if rest else []
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    most, at = max((len(moment.things), -moment.seconds) for moment in filmed.moments)
    objects = "object was" if total == 1 else "different objects were"
    are = "box is" if most == 1 else "boxes are"
    return (
        f"**{in_words(total).capitalize()} {objects} followed: {listed}.** At most {in_words(most)} {are} in sight at once, first at "
        f"{-at:.1f} s. Each is counted once, however many frames show it: a box that overlaps where an object of the frame before was "
        "going to be is taken for the same one. Look at fewer frames a second, and what moves fast is lost and counted again."
    )


def _nothing(filmed: Filmed, card: Card) -> str:
    if any(moment.things for moment in filmed.moments):
        return "What was seen was seen in one frame only, or moved too far from one to the next: look at more frames a second."
    if models.is_starter(card):
        return "This small detector knows ten digits and eight shapes, and finds nothing else."
    return f"No box was sure enough to be shown; {plain(card.title)} finds only the classes that it was trained on."


def facts(filmed: Filmed) -> str:
    """How it was looked at, in one line."""
    frames = len(filmed.moments)
    return (
        f"{frames:,} frame{'s' if frames != 1 else ''}, {filmed.rate:g} a second of {filmed.duration:.1f} s, "
        f"{filmed.width} x {filmed.height}; {filmed.seconds:.1f} s on {filmed.device}, {filmed.engine}"
    )


def timeline(filmed: Filmed) -> dict[str, Any]:
    """What the time line is drawn from: how many of each class are in sight when, and from when to when each object is."""
    indices = dict[str, int]()
    order = Counter[str]()
    for moment in filmed.moments:
        for thing in moment.things:
            indices.setdefault(thing.label, thing.index)
            order[thing.label] += 1
    followed = dict(filmed.tracks)
    named = sorted(order, key=lambda name: (-followed.get(name, 0), -order[name]))
    rows = [
        {
            "name": name,
            "colour": tint(indices[name]).colour,
            "followed": followed.get(name, 0),
            "counts": [sum(thing.label == name for thing in moment.things) for moment in filmed.moments],
        }
        for name in named[:ROWS]
    ]
    lives = _lives(filmed)
    return {
        "duration": max(filmed.duration, filmed.moments[-1].seconds),
        "times": [moment.seconds for moment in filmed.moments],
        "rows": rows,
        "more": len(named) - len(rows),
        "lives": lives[:LIVES],
        "others": max(0, len(lives) - LIVES),
    }


def _lives(filmed: Filmed) -> list[list[Any]]:
    """Of each object: its number, what it is called most often, when it is first and last in sight, in how many frames."""
    seen = dict[int, list[tuple[float, str]]]()
    for moment in filmed.moments:
        for thing in moment.things:
            if thing.track:
                seen.setdefault(thing.track, []).append((moment.seconds, thing.label))
    return [
        [number, Counter(label for _, label in found).most_common(1)[0][0], found[0][0], found[-1][0], len(found)]
        for number, found in sorted(seen.items())
    ]
