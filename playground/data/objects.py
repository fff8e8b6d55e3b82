"""Found objects as records and as a table: what the command line prints and what is downloaded."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from playground.core.detection import Filmed, Moment, Thing
from playground.data.spreadsheet import harmless

COLUMNS = ("file", "model", "at", "label", "index", "score", "left", "top", "right", "bottom", "track", "track_class")

FOLLOWED = 3
"""A track is counted from so many frames on: what is seen in fewer may be nothing."""


class Votes:
    """Which class a track has: the one that its frames say most, each weighted by its confidence."""

    def __init__(self) -> None:
        # Scores in millionths, so that sums do not hang on their order.
        self._sums = Counter[tuple[str, int]]()

    def add(self, thing: Thing) -> None:
        """Count what one frame says."""
        self._sums[thing.label, thing.index] += round(1e6 * thing.score)

    @property
    def winner(self) -> tuple[str, int]:
        """Name and number of the class that leads; of two that are level the one that was said first."""
        return self._sums.most_common(1)[0][0]

    def named(self, thing: Thing) -> Thing:
        """One of the track's boxes under the track's class; a class of its own is kept in brackets."""
        label, index = self.winner
        return thing if index == thing.index else replace(thing, label=f"{label} ({thing.label})", index=index)


def called(moments: Iterable[Moment]) -> dict[int, tuple[str, int]]:
    """Name and number of each track's class, by the track's number."""
    votes = dict[int, Votes]()
    for moment in moments:
        for thing in moment.things:
            if thing.track:
                votes.setdefault(thing.track, Votes()).add(thing)
    return {track: one.winner for track, one in sorted(votes.items())}


def record(thing: Thing, classes: Mapping[int, tuple[str, int]] | None = None) -> dict[str, Any]:
    """One object; its mask, key points and track only where it has them.

    Args:
        thing: As its own picture or frame has it: ``label`` is what the network says there.
        classes: Of a clip: each track's class (``called``), which is said beside it.
    """
    found: dict[str, Any] = {"label": thing.label, "index": thing.index, "score": thing.score, "box": list(thing.box)}
    if thing.mask:
        found["mask"] = [list(point) for point in thing.mask]
    if thing.keypoints:
        found["keypoints"] = [list(point) for point in thing.keypoints]
    if thing.track:
        found["track"] = thing.track
        if classes:
            found["track_class"] = classes[thing.track][0]
    return found


def picture(file: str, model: str, things: Iterable[Thing], seconds: float) -> dict[str, Any]:
    """The objects of one picture: what it is called, which model answered, and how long that took."""
    return {"file": file, "model": model, "predictions": [record(one) for one in things], "seconds": round(seconds, 6)}


def clip(file: str, model: str, filmed: Filmed) -> dict[str, Any]:
    """The objects of one clip, frame by frame, and how many tracks of each class there are."""
    classes = called(filmed.moments)
    frames = [
        {"at": moment.seconds, "predictions": [record(one, classes) for one in moment.things]}
        for moment in filmed.moments
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
                        harmless(found.get("track_class", "")),
                    ]
                )  # fmt: skip
    return held.getvalue()
