"""Answers about clips: which objects are in them, and where they go.

One clip at a time, a few frames at once through the network, and a word on how far it is after each few: there the inference
worker lets quick questions go first, and ends a clip that nobody waits for any more (``say`` raises).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from playground.catalog.card import Card
from playground.core.detection import Detected, Film, Filmed, Moment, Thing
from playground.core.errors import InputError, PlaygroundError
from playground.core.progress import Progress
from playground.functional.things import things
from playground.hub import drawing
from playground.hub.desk import Desk
from playground.hub.detect import seen
from playground.hub.film_reading import Frame, reading
from playground.hub.film_writing import Mp4
from playground.hub.tracking import WEAK, Tracks, counted

TOGETHER: Final = 8
"""So many frames go through the network at once: whoever asks about a picture meanwhile waits for no more than these."""

MOST_THINGS = 100
"""The surest of each frame: a minute's frames with more are tens of megabytes."""

TYPE = 0.05
"""Height of the letters in the clip, as a part of its frame's shorter side: the page shows it only about 270 pixels high."""

WORKING_SECONDS = 240.0
"""After so long what has been looked at is handed over, with a note: better a part than nothing."""

RATES = (0.2, 30.0)


def film(
    desk: Desk, card: Card | None, questions: Sequence[Film], say: Callable[[str], None]
) -> list[Filmed | PlaygroundError]:
    """Look through clips; each gets its own answer, or its own error in words."""
    return [_safely(desk, card, question, say) for question in questions]


def _safely(desk: Desk, card: Card | None, question: Film, say: Callable[[str], None]) -> Filmed | PlaygroundError:
    try:
        if card is None:
            raise InputError("No model was named to look through the clip with.")
        if not RATES[0] <= question.rate <= RATES[1]:
            raise InputError(f"{question.rate:g} frames a second were asked for; {RATES[0]:g} to {RATES[1]:g} can be.")
        return _film(desk, card, question, say)
    except PlaygroundError as error:
        return error


def _film(desk: Desk, card: Card, question: Film, say: Callable[[str], None]) -> Filmed:
    began = time.perf_counter()
    told = _Telling(say, question)
    moments: list[Moment] = []
    device = engine = ""
    tracks = Tracks(question.rate, question.thresholds.confidence)
    with reading(Path(question.path), question.name, megapixels=question.megapixels) as clip, Mp4(question.rate) as mp4:
        frames = clip.frames(question.rate, question.seconds, told.again)
        for few in _batches(frames):
            if time.perf_counter() - began > WORKING_SECONDS:
                clip.notes.append(
                    f"It took more than {WORKING_SECONDS:g} seconds: only the first {few[0].seconds:.0f} s of the clip were "
                    "looked at. Fewer frames a second or a smaller model reach further."
                )
                break
            with desk.detector(card, say) as model:
                fed = model.prepare([frame.image for frame in few])
                found = seen(desk, model, fed, [(clip.width, clip.height)] * len(few))
            device, engine = found[0].device, found[0].engine
            for frame, detected in zip(few, found, strict=True):
                moment = Moment(round(frame.seconds, 3), tracks.follow(_candidates(detected, question)))
                _draw(frame, tracks.written(moment.things), detected, labels=question.labels)
                mp4.add(frame.image, frame.seconds)
                moments.append(replace(moment, things=tuple(replace(one, mask=()) for one in moment.things)))
            told.so_far(len(moments), few[-1].seconds, clip.duration)
        else:
            if not clip.ended:
                clip.notes.append(f"Only the first {question.seconds:g} s of the clip were looked at.")
        if not moments:
            raise InputError(f"{question.name} has no picture that can be decoded.")
        written = mp4.finish()
        settled = tracks.settled(moments)
        return Filmed(
            written, settled, counted(settled), round(clip.duration, 3), question.rate, clip.width, clip.height,
            time.perf_counter() - began, device, engine, tuple(clip.notes),
        )  # fmt: skip


def _candidates(detected: Detected, question: Film) -> tuple[Thing, ...]:
    """What passes the thresholds, and what is so nearly as sure that it keeps a track."""
    wanted = question.thresholds
    weak = replace(wanted, confidence=min(wanted.confidence, WEAK), most=min(wanted.most, MOST_THINGS))
    return things(detected, weak, outlined=wanted.confidence)


def _draw(frame: Frame, shown: Sequence[Thing], detected: Detected, *, labels: bool) -> None:
    """Draw objects into a frame, which may be smaller than the clip's own."""
    across, down = frame.image.width / detected.width, frame.image.height / detected.height
    fitted = [
        replace(
            one,
            box=(one.box[0] * across, one.box[1] * down, one.box[2] * across, one.box[3] * down),
            mask=tuple((x * across, y * down) for x, y in one.mask),
            keypoints=tuple((x * across, y * down, visible) for x, y, visible in one.keypoints),
        )
        for one in shown
    ]
    type_size = round(min(TYPE * frame.image.height, TYPE * frame.image.width))
    drawing.into(frame.image, fitted, labels=labels, type_size=type_size)


def _batches(frames: Iterator[Frame]) -> Iterator[list[Frame]]:
    while few := list(itertools.islice(frames, TOGETHER)):
        yield few


class _Telling:
    """Says how far it is."""

    def __init__(self, say: Callable[[str], None], question: Film) -> None:
        self._say, self._question = say, question
        self._began = time.perf_counter()
        self._last: str = Progress("Reading the clip", 0.0)

    def again(self) -> None:
        """The same once more: it is a chance to be ended."""
        self._say(self._last)

    def so_far(self, frames: int, seconds: float, duration: float) -> None:
        """So many frames were looked at; the last one lies at ``seconds``, and the clip says it lasts for ``duration``."""
        until = min(duration, self._question.seconds)
        if until <= seconds:  # the file does not say, or not the truth
            self._last = Progress(f"Frame {frames}", 0.0)
        else:
            step = seconds / max(1, frames - 1) or 1 / self._question.rate
            part = min(1.0, (seconds + step) / until)
            expected = max(frames, round(frames / part))
            left = (time.perf_counter() - self._began) * (1 / part - 1)
            self._last = Progress(f"Frame {frames} of {expected}, about {max(1, round(left))} s left", part)
        self._say(self._last)
