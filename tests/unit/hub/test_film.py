"""Clips through a network made by hand that finds every bright square: boxes, numbers, the annotated clip, limits, stopping."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from playground.catalog.card import Card, Local
from playground.core.detection import Candidates, Film, Filmed, Grid, Thresholds
from playground.core.errors import InputError, PlaygroundError, Stopped
from playground.core.progress import Progress
from playground.hub import film as task
from playground.hub import scratch
from playground.hub.film import TOGETHER, film
from playground.hub.film_writing import Mp4
from playground.hub.letterbox import Fed, letterbox

CARD = Card(
    name="squares", title="Squares", summary="Made for a test.", task="detect", source=Local("squares", ("none",)), architecture="none"
)  # fmt: skip
SIDE = 40


class Squares:
    """Stands for a ``Detector``: proposes the box around what is bright, and one that no threshold should let through."""

    names, end_to_end, fast, device = ("square", "nothing"), False, None, torch.device("cpu")

    def __init__(self) -> None:
        self.batches: list[int] = []

    def prepare(self, images: list[Image.Image], side: int = 0) -> list[Fed]:
        return [letterbox(image, 320, 32) for image in images]

    def raw(self, x: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], None]:
        self.batches.append(len(x))
        return x, None

    def candidates(self, row: Any, fed: Fed, width: int, height: int) -> tuple[Candidates, Any, tuple[Grid, ...]]:
        rows, columns = np.nonzero(row[2] < 0.2)  # no blue: yellow
        corners = np.array([[columns.min(), rows.min()], [columns.max() + 1, rows.max() + 1]], np.float32)
        box = fed.back(corners, width, height).reshape(1, 4)
        found = Candidates(
            np.concatenate([box, box]), np.array([0.9, 0.05], np.float32), np.array([0, 1]), np.array([0, 1])
        )
        return found, np.zeros(4, np.float16), (Grid(32, 2, 2),)


class Desk:
    """Stands for the desk: it has this one model, and one hand."""

    def __init__(self) -> None:
        self.model = Squares()
        self.hands = ThreadPoolExecutor(1)

    @contextmanager
    def detector(self, card: Card, say: Any) -> Iterator[Squares]:
        yield self.model


def clip(path: Path, count: int = 30, rate: int = 10, size: tuple[int, int] = (320, 240)) -> Path:
    """A yellow square that moves to the right, 40 pixels a second."""
    with Mp4(rate) as made:
        for k in range(count):
            image = Image.new("RGB", size, (70, 80, 150))
            x = 20 + 4 * k
            ImageDraw.Draw(image).rectangle((x, 60, x + SIDE - 1, 60 + SIDE - 1), fill=(255, 230, 0))
            made.add(image, k / rate)
        path.write_bytes(made.finish())
    return path


@pytest.fixture
def desk() -> Desk:
    return Desk()


def ask(desk: Desk, question: Film, said: list[str] | None = None) -> Filmed | PlaygroundError:
    (found,) = film(desk, CARD, [question], (said if said is not None else []).append)  # type: ignore[arg-type]
    return found


def answered(desk: Desk, question: Film, said: list[str] | None = None) -> Filmed:
    found = ask(desk, question, said)
    assert isinstance(found, Filmed), found
    return found


def test_a_clip_is_looked_through_counted_and_written_anew(desk: Desk, tmp_path: Path) -> None:
    said: list[str] = []
    found = answered(desk, Film(str(clip(tmp_path / "a.mp4")), "a.mp4", "", rate=5), said)
    assert (found.width, found.height, found.rate, found.notes) == (320, 240, 5, ())
    assert found.duration == pytest.approx(3.0, abs=0.05)
    assert found.tracks == (("square", 1),)
    assert [moment.seconds for moment in found.moments] == pytest.approx([k / 5 for k in range(15)])
    for k, moment in enumerate(found.moments):
        (one,) = moment.things
        assert (one.label, one.track, one.mask) == ("square", 1, ())
        assert one.box == pytest.approx((20 + 8 * k, 60, 60 + 8 * k, 100), abs=2.5)
    assert desk.model.batches == [8, 7]
    assert [re.sub(r"\d+ s left", "... s left", words) for words in said] == [
        "Frame 8 of 15, about ... s left",
        "Frame 15 of 15, about ... s left",
    ]
    assert isinstance(said[0], Progress)
    assert said[0].part == pytest.approx(1.6 / 3, abs=0.02)
    assert found.mp4.index(b"moov") < found.mp4.index(b"mdat"), "a browser begins to play before all of it is there"
    with av.open(io.BytesIO(found.mp4)) as written:
        stream = written.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        frames = [frame.to_ndarray(format="rgb24") for frame in written.decode(stream)]
    assert len(frames) == 15
    untouched = np.array([70, 80, 150])
    drawn = np.abs(frames[5].astype(int) - untouched).max(axis=2) > 60
    assert drawn[40:60, 60:100].any(), "the label stands over the box"
    assert not drawn[140:, :].any()


def test_only_what_passes_the_thresholds_is_there(desk: Desk, tmp_path: Path) -> None:
    path = str(clip(tmp_path / "a.mp4", count=6))
    none = answered(desk, Film(path, "a.mp4", "", thresholds=Thresholds(confidence=0.95)))
    assert none.tracks == ()
    assert all(moment.things == () for moment in none.moments)
    both = answered(desk, Film(path, "a.mp4", "", thresholds=Thresholds(confidence=0.02, agnostic=False)))
    assert dict(both.tracks) == {"square": 1}, "two names at one place are one object"
    other = answered(desk, Film(path, "a.mp4", "", thresholds=Thresholds(confidence=0.02, classes=(1,))))
    assert other.tracks == (("nothing", 1),)


def test_a_large_clip_is_drawn_small_and_told_in_its_own_pixels(desk: Desk, tmp_path: Path) -> None:
    found = answered(desk, Film(str(clip(tmp_path / "a.mp4", count=3, size=(1920, 1080))), "a.mp4", ""))
    assert (found.width, found.height) == (1920, 1080)
    assert found.moments[0].things[0].box == pytest.approx((20, 60, 60, 100), abs=6)
    with av.open(io.BytesIO(found.mp4)) as written:
        assert (written.streams.video[0].width, written.streams.video[0].height) == (1280, 720)


def test_only_so_many_seconds_are_looked_at_and_that_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(clip(tmp_path / "a.mp4", count=30))
    found = answered(desk, Film(path, "a.mp4", "", rate=10, seconds=1.0))
    assert len(found.moments) == 10
    assert found.notes == ("Only the first 1 s of the clip were looked at.",)
    monkeypatch.setattr(task, "WORKING_SECONDS", 0.0)
    monkeypatch.setattr(task.time, "perf_counter", iter(range(1000)).__next__)
    none = ask(desk, Film(path, "a.mp4", ""))
    assert isinstance(none, InputError)


def test_it_ends_when_nobody_wants_it_any_more(desk: Desk, tmp_path: Path) -> None:
    def say(words: str) -> None:
        raise Stopped("Nobody waits for this any more.")

    question = Film(str(clip(tmp_path / "a.mp4", count=30)), "a.mp4", "", rate=10)
    (found,) = film(desk, CARD, [question], say)  # type: ignore[arg-type]
    assert isinstance(found, Stopped)
    assert desk.model.batches == [TOGETHER]
    assert not list(tmp_path.glob("*clip-*"))


def test_what_cannot_be_looked_through_is_said(desk: Desk, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(500))
    for question, words in [
        (Film(str(bad), "holiday.mp4", ""), "holiday.mp4 is a broken clip"),
        (Film(str(tmp_path / "gone.mp4"), "gone.mp4", ""), "upload it again"),
        (Film(str(bad), "a.mp4", "", rate=float("nan")), "frames a second were asked for"),
        (Film(str(clip(tmp_path / "a.mp4", count=2)), "a.mp4", "", megapixels=0.01), "320 x 240 pixels a frame"),
    ]:
        found = ask(desk, question)
        assert isinstance(found, InputError)
        assert words in str(found)
    (found,) = film(desk, None, [Film("", "", "")], print)  # type: ignore[arg-type]
    assert "No model was named" in str(found)


def test_what_a_killed_process_left_behind_is_deleted() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = Path(tempfile.mkdtemp(prefix=f"playground-clip-{ended.pid}-"))
    (left / "clip.mp4").write_bytes(b"footage")
    with scratch.folder() as mine:
        scratch.sweep()
        assert Path(mine).is_dir() and not left.exists()
