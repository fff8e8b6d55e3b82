"""What was seen in a clip, in sentences and in the numbers of its time line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playground.catalog.card import Card
from playground.core.detection import Filmed
from playground.core.palette import tint
from playground.data.objects import FOLLOWED, called
from playground.ui import provider
from playground.ui.parts import detection_models as models
from playground.ui.parts.classification_models import in_words
from playground.ui.words import plain

ROWS, LIVES = 8, 200
"""So many classes have a row, and so many objects a line in the table."""

_FEW = 4
_ON_OURS = ("3", "7", "circle", "square", "star", "heart")


def what_you_see(filmed: Filmed, card: Card) -> str:
    """Two or three sentences about this very clip, and a thing to try."""
    total = sum(count for _, count in filmed.tracks)
    if not total:
        return f"**No track goes through this clip.** {_nothing(filmed, card)}"
    parts = [f"{count:,} × “{plain(name)}”" for name, count in filmed.tracks[:_FEW]]
    rest = total - sum(count for _, count in filmed.tracks[:_FEW])
    parts += [f"{rest:,} of other classes"] if rest else []
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    most, at = max((len(moment.things), -moment.seconds) for moment in filmed.moments)
    are = "box is" if most == 1 else "boxes are"
    many = f"{in_words(total).capitalize()} track{'s' if total != 1 else ''}"
    return (
        f"**{many} of at least {in_words(FOLLOWED)} frames: {listed}.** A track is one object followed from frame to frame by where "
        "its box is; its class is the one that its frames say most, weighted by confidence. Of two boxes at one place only the surer "
        "one is followed. An object that is lost and found again is two tracks; that happens more often with fewer frames a second. "
        f"At most {in_words(most)} {are} in sight at once, first at {-at:.1f} s."
    )


def drawn_for(filmed: Filmed, card: Card) -> str:
    """Under our own clip: which model it was drawn for, where the one that looked has other classes; else nothing."""
    found = {thing.label for moment in filmed.moments for thing in moment.things}
    if models.is_starter(card) or found & set(_ON_OURS):
        return ""
    known = provider.catalog()[models.STARTER]
    return f"This clip was drawn for “{plain(known.title)}”; {plain(card.title)} has other classes: what it names here is wrong."


def _nothing(filmed: Filmed, card: Card) -> str:
    if any(moment.things for moment in filmed.moments):
        few = in_words(FOLLOWED)
        return f"What was seen was seen in fewer than {few} frames, or moved too far from one to the next: look at more frames a second."
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
    """What the time line is drawn from: how many of each class are in sight when, and from when to when each track goes.

    A box counts under its track's class, whatever its own frame says; a box without a track under its own.
    """
    classes, indices = called(filmed.moments), dict[str, int]()
    seen = list[Counter[str]]()
    for moment in filmed.moments:
        names = [classes.get(thing.track, (thing.label, thing.index)) for thing in moment.things]
        indices |= dict(names)
        seen.append(Counter(name for name, _ in names))
    order = sum(seen, Counter[str]())
    followed = dict(filmed.tracks)
    named = sorted(order, key=lambda name: (-followed.get(name, 0), -order[name]))
    rows = [
        {
            "name": name,
            "colour": tint(indices[name]).colour,
            "followed": followed.get(name, 0),
            "counts": [one[name] for one in seen],
        }
        for name in named[:ROWS]
    ]
    lives = _lives(filmed, classes)
    return {
        "duration": max(filmed.duration, filmed.moments[-1].seconds),
        "times": [moment.seconds for moment in filmed.moments],
        "rows": rows,
        "more": len(named) - len(rows),
        "lives": lives[:LIVES],
        "others": max(0, len(lives) - LIVES),
    }


def _lives(filmed: Filmed, classes: Mapping[int, tuple[str, int]]) -> list[list[Any]]:
    """Of each track: its number, its class, when it is first and last in sight, in how many frames."""
    seen = dict[int, list[float]]()
    for moment in filmed.moments:
        for thing in moment.things:
            if thing.track:
                seen.setdefault(thing.track, []).append(moment.seconds)
    return [[number, classes[number][0], at[0], at[-1], len(at)] for number, at in sorted(seen.items())]
