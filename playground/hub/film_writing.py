"""A clip that browsers play, written frame by frame: H.264 in MP4, by a library that ships its encoder."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from playground.hub import scratch

CLOCK = 90_000
"""Ticks a second."""

_OPTIONS = {"preset": "veryfast", "crf": "25", "maxrate": "2500k", "bufsize": "5000k", "threads": "2", "g": "50"}


class Mp4:
    """A clip that is being written; leaves nothing behind on disk.

    Args:
        rate: Frames a second, roughly: each comes with its own time.
    """

    def __init__(self, rate: float) -> None:
        self._rate = Fraction(rate).limit_denominator(1000)
        self._folder = scratch.folder()
        self._path = Path(self._folder.name) / "clip.mp4"
        # The index goes before the pictures, so that a browser begins to play before all of it is there.
        self._container = av.open(str(self._path), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream: VideoStream | None = None
        self._size = (0, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete what was written."""
        self._container.close()
        self._folder.cleanup()

    def add(self, image: Image.Image, seconds: float) -> None:
        """Append a frame.

        Args:
            image: RGB with even sides; one of another size than the first is brought to that.
            seconds: From the clip's start; later than the one before.
        """
        if self._stream is None:
            self._size = image.size
            self._stream = self._container.add_stream("libx264", rate=self._rate, options=_OPTIONS)
            self._stream.width, self._stream.height = image.size
            self._stream.pix_fmt = "yuv420p"
            self._stream.codec_context.time_base = Fraction(1, CLOCK)
        if image.size != self._size:
            image = image.resize(self._size)
        frame = VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
        frame.time_base, frame.pts = Fraction(1, CLOCK), round(seconds * CLOCK)
        frame.duration = round(CLOCK / self._rate)
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> bytes:
        """The whole file; nothing can be added any more."""
        if self._stream is not None:
            self._container.mux(self._stream.encode())
        self._container.close()
        return self._path.read_bytes()
