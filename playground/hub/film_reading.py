"""Clips from outside: read frame by frame within limits, upright, or refused in words.

The file's own words about itself are checked before anything is decoded, and again while it is: a header may claim
anything. It is read as the one container that its first bytes say it is, through a file that is open already, so that no
playlist, address or other file is ever followed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from playground.core.errors import InputError
from playground.data import clips

LONGEST = 1280
"""Longest side, in pixels, of the frames that are handed out; larger ones are made smaller as they are decoded."""

MEGAPIXELS = 9.0
FASTEST = 240
"""Clips with more frames a second than this are refused: nobody's camera made them, and each frame is to be decoded."""

SMALLEST = 16
BROKEN = 50
"""After so many broken pieces in a row, reading ends."""

BEAT_SECONDS = 0.5
"""While frames are decoded that nobody looks at, ``beat`` is called so often."""

_CODECS = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,mpeg4,mjpeg,h263,mpeg2video,mpeg1video,prores,msmpeg4"
_THREADS = 2
_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
_WIDEST_PIXEL = 5.0
_NOTHING = "{name} has no picture that can be decoded: it is empty or broken."


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame.

    Attributes:
        seconds: From the clip's start.
        image: RGB, upright, both sides even.
    """

    seconds: float
    image: Image.Image


class Clip:
    """A clip that is open; made by ``reading``.

    Attributes:
        width: Of a frame, upright, in pixels; 0 until the first one is decoded.
        height: The same.
        duration: What the file says of its length, in seconds, as long as it is not known better; 0 where it says nothing.
        ended: Whether all of it was read.
        notes: What has to be said of it, in sentences.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, name: str, megapixels: float) -> None:
        self._container, self._stream, self._name, self._megapixels = container, stream, name, megapixels
        self.width = self.height = 0
        self.duration = _told(container, stream)
        self.ended = False
        self.notes: list[str] = []

    def frames(self, rate: float, seconds: float, beat: Callable[[], None] = lambda: None) -> Iterator[Frame]:
        """So many frames of each second, from the first on; a clip that has fewer gives all of them.

        Args:
            rate: How many.
            seconds: Reading ends there.
            beat: Called now and then while nothing is handed out; may raise.

        Raises:
            InputError: The clip breaks a limit on its way, or nothing in it can be decoded.
        """
        wanted, number, beaten = 0, 0, time.monotonic()
        first: float | None = None
        at = -1.0
        for frame in self._decoded():
            number += 1
            if time.monotonic() - beaten >= BEAT_SECONDS:
                beat()
                beaten = time.monotonic()
            now = self._time(frame, number)
            first = now if first is None else first
            if number > FASTEST * (max(at, 0) + 1):
                raise InputError(
                    f"{self._name} has more than {FASTEST} frames a second; at most so many are read. "
                    "Save it with fewer."
                )
            if not math.isfinite(now) or now - first <= at:
                continue  # a frame without a place of its own in time
            at = now - first
            if at >= seconds:
                self.duration = max(self.duration, at)
                return
            if at + 1e-6 >= wanted / rate:
                wanted = math.floor(at * rate + 1e-6) + 1
                yield Frame(at, self._upright(frame))
                beaten = time.monotonic()
        if first is None:
            raise InputError(_NOTHING.format(name=self._name))
        self.duration, self.ended = at + 1 / self._speed(), True

    def _decoded(self) -> Iterator[VideoFrame]:
        """All frames; pieces that are broken are left out, and said."""
        broken, lost = 0, False
        packets = self._container.demux(self._stream)
        while broken < BROKEN:
            try:
                packet = next(packets, None)
                if packet is None:
                    break
                for frame in packet.decode():
                    assert isinstance(frame, VideoFrame)
                    yield self._judged(frame)
                broken = 0
            except FFmpegError:
                broken, lost = broken + 1, True
        if lost:
            self.notes.append("Parts of the file are broken and were left out.")

    def _judged(self, frame: VideoFrame) -> VideoFrame:
        """Whatever the header said, this is what was decoded."""
        check_size(frame.width, frame.height, self._name, self._megapixels)
        return frame

    def _time(self, frame: VideoFrame, number: int) -> float:
        return (number - 1) / self._speed() if frame.pts is None else float(frame.time)

    def _speed(self) -> float:
        """Frames a second as the file says; what is usual where that cannot be."""
        told = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
        return float(told) if 0 < told <= FASTEST else 25.0

    def _upright(self, frame: VideoFrame) -> Image.Image:
        """A frame as a player shows it: square pixels, rotated as the camera noted."""
        shape = _pixel_shape(self._stream)
        wide, high = frame.width * shape, float(frame.height)
        turn = round(frame.rotation / 90) * 90 % 360
        upright = (high, wide) if turn in (90, 270) else (wide, high)
        if not self.width:
            self.width, self.height = (max(1, round(side)) for side in upright)
        scale = min(1.0, LONGEST / max(wide, high))
        fitted = frame.reformat(_even(wide * scale), _even(high * scale), "rgb24", interpolation="AREA")
        image = Image.fromarray(np.ascontiguousarray(fitted.to_ndarray()))
        return image.transpose(_TURNS[turn]) if turn else image


@contextmanager
def reading(path: Path, name: str, *, megapixels: float = MEGAPIXELS) -> Iterator[Clip]:
    """Have a clip open as long as the block lasts.

    Args:
        path: Where it lies.
        name: What it is called, for the words of errors.
        megapixels: Clips whose frames have more pixels, in millions, are refused.

    Raises:
        InputError: It is no clip, a broken one, has no picture, or breaks a limit; says which, and what is allowed.
    """
    shown = name[:80] or "The clip"
    try:
        file = path.open("rb")
    except OSError:
        raise InputError(f"{shown} is not kept here any more; upload it again.") from None
    with file:
        kind = clips.container(file.read(clips.HEAD), shown)
        file.seek(0)
        options = {
            "max_pixels": str(int(megapixels * 1.1e6) + 100_000),  # codecs count in blocks of 16 or 64
            "codec_whitelist": _CODECS,
            "probesize": "5000000",
            "analyzeduration": "5000000",
        }
        try:
            with av.open(
                file, "r", format=kind, options=options, metadata_errors="replace", io_open=_refuse
            ) as container:
                yield Clip(container, _video(container, shown, megapixels), shown, megapixels)
        except av.error.EOFError:
            raise InputError(_NOTHING.format(name=shown)) from None
        except (FFmpegError, ValueError, OverflowError) as error:  # PyAV raises the latter on what no file should say
            raise InputError(f"{shown} is a broken clip: it cannot be read ({_reason(error)}). Save it anew.") from None


def check_size(width: int, height: int, name: str, megapixels: float) -> None:
    """Refuse frames that are too large or too small, in words."""
    if width * height > megapixels * 1e6:
        raise InputError(
            f"{name} has {width:,} x {height:,} pixels a frame; at most {megapixels:g} million are decoded. "
            "Make it smaller first."
        )
    if min(width, height) < SMALLEST:
        raise InputError(
            f"{name} has only {width} x {height} pixels a frame; a clip needs {SMALLEST} x {SMALLEST} at the least."
        )


def _video(container: InputContainer, name: str, megapixels: float) -> VideoStream:
    """The first moving picture in a clip that is open, ready to be decoded."""
    if not container.streams.video:
        what = "sound but no picture" if container.streams.audio else "no picture"
        raise InputError(f"{name} has {what}: there is nothing to look at.")
    stream = container.streams.video[0]
    context = stream.codec_context
    if context is None:
        raise InputError(f"{name} is coded in a way that cannot be decoded here. Save it as MP4 (H.264).")
    if context.width and context.height:
        check_size(context.width, context.height, name, megapixels)
    told = stream.average_rate or Fraction(0)
    if told > FASTEST:
        raise InputError(
            f"{name} has {float(told):,.0f} frames a second; at most {FASTEST} are read. Save it with fewer."
        )
    stream.thread_count, stream.thread_type = _THREADS, "AUTO"
    return stream


def _told(container: InputContainer, stream: VideoStream) -> float:
    """Seconds that the file says it lasts; 0 where it says nothing, or nothing that can be."""
    told = [float(container.duration) / 1e6] if container.duration else []
    if stream.duration and stream.time_base:
        told.insert(0, float(stream.duration * stream.time_base))
    return next((one for one in told if math.isfinite(one) and 0 < one < 1e6), 0.0)


def _pixel_shape(stream: VideoStream) -> float:
    """How wide one pixel is for its height."""
    shape = stream.sample_aspect_ratio
    found = float(shape) if shape else 1.0
    return found if 1 / _WIDEST_PIXEL <= found <= _WIDEST_PIXEL else 1.0


def _even(side: float) -> int:
    """The nearest even number of pixels: H.264 halves the colours' resolution."""
    return max(2, 2 * round(side / 2))


def _refuse(url: str, *_: Any) -> NoReturn:
    raise InputError("The clip wants to open another file, which is not done here.")


def _reason(error: Exception) -> str:
    """The library's own words, short, in one line and without a path."""
    words = error.strerror if isinstance(error, FFmpegError) and error.strerror else str(error)
    return " ".join(words.split())[:80] or type(error).__name__
