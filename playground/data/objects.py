"""Found objects as records and as a table: what the command line prints and what is downloaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from playground.core.detection import Filmed, Thing
from playground.data.spreadsheet import harmless

COLUMNS = ("file", "model", "at", "label", "index", "score", "left", "top", "right", "bottom", "track")


def record(thing: Thing) -> dict[str, Any]:
    """One object; its mask, key points and track only where it has them."""
    found: dict[str, Any] = {"label": thing.label, "index": thing.index, "score": thing.score, "box": list(thing.box)}
    if thing.mask:
        found["mask"] = [list(point) for point in thing.mask]
    if thing.keypoints:
        found["keypoints"] = [list(point) for point in thing.keypoints]
    if thing.track:
        found["track"] = thing.track
    return found


def picture(file: str, model: str, things: Iterable[Thing], seconds: float) -> dict[str, Any]:
    """The objects of one picture: what it is called, which model answered, and how long that took."""
    return {"file": file, "model": model, "predictions": [record(one) for one in things], "seconds": round(seconds, 6)}


def clip(file: str, model: str, filmed: Filmed) -> dict[str, Any]:
    """The objects of one clip, frame by frame, and how many different ones of each class were followed."""
    frames = [
        {"at": moment.seconds, "predictions": [record(one) for one in moment.things]} for moment in filmed.moments
    ]
    return {
        "file": file, "model": model, "width": filmed.width, "height": filmed.height, "frames": frames,
        "tracks": dict(filmed.tracks), "duration": filmed.duration, "rate": filmed.rate,
        "notes": list(filmed.notes), "seconds": round(filmed.seconds, 6),
    }  # fmt: skip


def table(records: Sequence[Mapping[str, Any]]) -> str:
    """Records of pictures and clips as CSV, one row an object; ``at`` is the second of a clip.

    A record without objects because of an ``"error"`` has no row; no cell is one that a spreadsheet takes for a formula.
    """
    held = io.StringIO()
    rows = csv.writer(held, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for one in records:
        for part in one.get("frames", [one]):
            for found in part.get("predictions", ()):
                box = [f"{value:.2f}" for value in found["box"]]
                rows.writerow(
                    [
                        harmless(one["file"]), one["model"], part.get("at", ""), harmless(found["label"]), found["index"],
                        f"{found['score']:.6f}", *box, found.get("track", ""),
                    ]
                )  # fmt: skip
    return held.getvalue()
