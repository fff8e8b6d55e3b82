"""What was found in a clip, to take along: a table and a record, in pixels of the clip's own frames."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from playground.catalog.card import Card
from playground.core.detection import Filmed, Thing
from playground.ui.parts.classification_results import harmless

_COLUMNS = ("file", "model", "second", "object", "label", "index", "score", "left", "top", "right", "bottom")


def table(filmed: Filmed, name: str, card: Card) -> str:
    """CSV: a row for each object in each frame that was looked at; ``object`` is the number it keeps, or empty."""
    held = io.StringIO()
    rows = csv.writer(held, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for moment in filmed.moments:
        for one in moment.things:
            box = [f"{value:.2f}" for value in one.box]
            which = [harmless(one.label), one.index, f"{one.score:.6f}"]
            rows.writerow([harmless(name), card.name, f"{moment.seconds:.3f}", one.track or "", *which, *box])
    return held.getvalue()


def record(filmed: Filmed, name: str, card: Card) -> dict[str, Any]:
    """The same with what was counted, ready for JSON."""
    return {
        "file": name,
        "model": card.name,
        "width": filmed.width,
        "height": filmed.height,
        "duration": filmed.duration,
        "rate": filmed.rate,
        "followed": dict(filmed.tracks),
        "frames": [
            {"second": moment.seconds, "predictions": [_one(thing) for thing in moment.things]}
            for moment in filmed.moments
        ],
        "seconds": round(filmed.seconds, 3),
    }


def as_json(filmed: Filmed, name: str, card: Card) -> str:
    """``record`` as text."""
    return json.dumps(record(filmed, name, card), indent=1)


def _one(thing: Thing) -> dict[str, Any]:
    made: dict[str, Any] = {
        "label": thing.label, "index": thing.index, "score": thing.score, "box": list(thing.box),
        "object": thing.track or None,
    }  # fmt: skip
    return made | ({"keypoints": [list(point) for point in thing.keypoints]} if thing.keypoints else {})
