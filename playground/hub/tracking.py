"""The same object from frame to frame: ByteTrack (Zhang et al. 2022), as ultralytics has it, on boxes that passed our own thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from ultralytics.trackers.byte_tracker import BYTETracker

from playground.core.detection import Moment, Thing
from playground.data import objects
from playground.functional.suppression import KEPT, suppress

WEAK = 0.1
"""Boxes that are less sure than what is shown, and at least so sure, do not begin a track, but keep one."""

MEMORY_SECONDS = 3.0
"""So long an object may be hidden and still keep its number."""

SAME = 0.7
"""Boxes of two classes that overlap by more (IoU) are one object under two names: only the surer one is followed."""


class Tracks:
    """Numbers the objects of one clip, frame after frame.

    Args:
        rate: Frames a second.
        confidence: Objects that are at least so sure begin a track.
    """

    def __init__(self, rate: float, confidence: float) -> None:
        self._confidence = confidence
        self._tracker = BYTETracker(
            SimpleNamespace(
                track_high_thresh=confidence,
                track_low_thresh=min(WEAK, confidence) - 1e-6,
                new_track_thresh=confidence,
                track_buffer=max(2, round(MEMORY_SECONDS * rate)),
                match_thresh=0.8,
                # Few frames a second leave little overlap: taking the score off that, too, would lose sure objects.
                fuse_score=False,
            )
        )
        self._numbers: dict[int, int] = {}  # of those that were seen often enough
        self._raw: list[tuple[int, ...]] = []
        self._seen: Counter[int] = Counter()
        self._votes: dict[int, objects.Votes] = {}

    def follow(self, things: Sequence[Thing]) -> tuple[Thing, ...]:
        """Tell which objects of the next frame are known. Boxes are matched by where they are, whatever they are called.

        Args:
            things: All that are at least ``min(WEAK, confidence)`` sure, the surest first.

        Returns:
            Those that are sure enough to be shown, with their numbers, as far as they have one by now.
        """
        things = _one_name_each(things)
        self._tracker.update(_Boxes.of(things))
        raw = [0] * len(things)
        for track in self._tracker.tracked_stracks:
            if track.frame_id == self._tracker.frame_id:
                raw[int(track.idx)] = track.track_id
        shown = [number for number, thing in enumerate(things) if thing.score >= self._confidence]
        for number in shown:
            one = raw[number]
            if not one:
                continue
            self._seen[one] += 1
            self._votes.setdefault(one, objects.Votes()).add(things[number])
            if self._seen[one] == objects.FOLLOWED:
                self._numbers[one] = len(self._numbers) + 1
        self._raw.append(tuple(raw[number] for number in shown))
        return tuple(replace(things[number], track=self._numbers.get(raw[number], 0)) for number in shown)

    def written(self, things: Sequence[Thing]) -> tuple[Thing, ...]:
        """Objects of the last frame as they are written into it: under their track's class so far, their own in brackets.

        Args:
            things: What ``follow`` returned last.
        """
        return tuple(
            self._votes[raw].named(thing) if thing.track else thing
            for thing, raw in zip(things, self._raw[-1], strict=True)
        )

    def settled(self, moments: Sequence[Moment]) -> tuple[Moment, ...]:
        """The same frames again, with numbers from each object's first frame on."""
        return tuple(
            replace(
                moment,
                things=tuple(
                    replace(thing, track=self._numbers.get(one, 0))
                    for thing, one in zip(moment.things, raw, strict=True)
                ),
            )
            for moment, raw in zip(moments, self._raw, strict=True)
        )


def counted(moments: Sequence[Moment]) -> tuple[tuple[str, int], ...]:
    """Of each class how many tracks there are, the most first; a track counts once, under its own class."""
    found = Counter(label for label, _ in objects.called(moments).values())
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _one_name_each(things: Sequence[Thing]) -> Sequence[Thing]:
    """Without those that lie where a surer one lies, whatever both are called: they would be two tracks of one object."""
    boxes = np.array([thing.box for thing in things], np.float32).reshape(-1, 4)
    scores = np.array([thing.score for thing in things], np.float32)
    alike = np.zeros(len(things), np.int64)
    fate = suppress(boxes, scores, alike, confidence=0.0, iou=SAME, most=len(things))
    return [thing for thing, one in zip(things, fate, strict=True) if one == KEPT]


@dataclass(frozen=True)
class _Boxes:
    """Objects as the tracker wants them."""

    xywh: NDArray[np.float32]
    conf: NDArray[np.float32]
    cls: NDArray[np.float32]

    @classmethod
    def of(cls, things: Sequence[Thing]) -> Self:
        corners = np.array([thing.box for thing in things], np.float32).reshape(-1, 4)
        size = corners[:, 2:] - corners[:, :2]
        return cls(
            np.concatenate([corners[:, :2] + size / 2, size], axis=1),
            np.array([thing.score for thing in things], np.float32),
            np.array([thing.index for thing in things], np.float32),
        )

    def __len__(self) -> int:
        return len(self.conf)

    def __getitem__(self, chosen: Any) -> _Boxes:
        return _Boxes(self.xywh[chosen], self.conf[chosen], self.cls[chosen])
