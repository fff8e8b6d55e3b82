"""Clips of generated pictures, opened again: how many frames, how large, how long, and the very pixels where nothing is lost."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from playground.core.errors import InputError
from playground.core.generating import Clip, Draw, Drawn, MakeClip, Whose
from playground.functional.gan import drawn
from playground.functional.interpolation import path
from playground.hub import gan_clips, generate
from playground.hub.desk import Desk
from tests.tiny_gan import packed, tiny

quiet: Callable[[str], None] = lambda words: None  # noqa: E731
KINDS = ("a", "b")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("models"), budget=10**9, megabytes=20, megapixels=50)
    yield made
    made.close()


def ways(channels: int = 1) -> np.ndarray:
    a, b = drawn(tiny(channels)[0], 1, 2)
    return np.stack([path(a, b, 7, "linear"), path(a, b, 7)], axis=1)  # (7, 2, 8)


def made(desk: Desk, question: MakeClip) -> Clip:
    (found,) = gan_clips.clip(desk, None, [question], quiet)
    assert isinstance(found, Clip), found
    return found


def pictures(desk: Desk, latents: np.ndarray, whose: Whose, classes: Any = None) -> np.ndarray:
    (found,) = generate.generate(desk, None, [Draw(latents, classes, whose=whose)], quiet)
    assert isinstance(found, Drawn)
    return found.pictures


def test_a_gif_is_grey_to_the_bit_and_begins_anew(desk: Desk) -> None:
    whose = Whose(packed())
    found = made(desk, MakeClip(ways(), None, "gif", side=40, rate=12, whose=whose))
    assert (found.frames, found.width, found.height) == (
        7,
        2 * 48 + gan_clips.GAP,
        48,
    )  # 16 pixels, three times as large
    shown = Image.open(io.BytesIO(found.content))
    assert shown.n_frames == 7 and shown.size == (found.width, found.height) and shown.info["loop"] == 0
    expected, times = pictures(desk, ways().reshape(14, 8), whose), 0
    for number in range(7):
        shown.seek(number)
        times += shown.info["duration"]
        frame = np.asarray(shown.convert("RGB"))
        assert (frame == frame[..., :1]).all()
        small = frame[1::3, 1::3, 0]
        assert np.array_equal(small[:, :16], expected[2 * number, ..., 0])
        left = 48 + gan_clips.GAP
        assert np.array_equal(frame[1::3, left + 1 :: 3, 0], expected[2 * number + 1, ..., 0])
        assert not frame[:, 48:left].any()
    assert times == pytest.approx(7 / 12 * 1000, abs=10)


def test_a_gif_in_colour_has_the_colours_that_suit(desk: Desk) -> None:
    whose = Whose(packed(3))
    found = made(desk, MakeClip(ways(3)[:, :1], None, "gif", side=16, whose=whose))
    shown = Image.open(io.BytesIO(found.content))
    assert shown.n_frames == 7
    shown.seek(6)
    last = np.asarray(shown.convert("RGB")).astype(int)
    assert abs(last - pictures(desk, ways(3)[6:, 0], whose)[0]).mean() < 12


@pytest.mark.parametrize("channels", [1, 3])
def test_an_mp4_plays_in_browsers(desk: Desk, channels: int) -> None:
    whose = Whose(packed(channels))
    found = made(desk, MakeClip(ways(channels)[:, :1], None, "mp4", side=64, rate=25, whose=whose))
    assert (found.frames, found.width, found.height) == (7, 64, 64)
    with av.open(io.BytesIO(found.content)) as file:
        stream = file.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(stream)]
    assert len(frames) == 7 and frames[0].shape == (64, 64, 3)
    middle = frames[3].reshape(16, 4, 16, 4, 3).mean((1, 3))
    assert abs(middle - pictures(desk, ways(channels)[3:4, 0], whose)[0]).mean() < 20
    assert found.content.index(b"moov") < found.content.index(b"mdat")  # it begins to play before all of it is there


def test_odd_sides_get_a_black_edge_in_an_mp4() -> None:
    shown = np.full((3, 15, 21, 1), 200, np.uint8)
    with av.open(io.BytesIO(gan_clips.mp4(shown, 10))) as file:
        frame = next(file.decode(video=0)).to_ndarray(format="rgb24")
    assert frame.shape == (16, 22, 3) and frame[:14, :20].min() > 150 and frame[15].max() < 60


def test_one_frame_of_each_class(desk: Desk) -> None:
    whose = Whose(packed(classes=KINDS))
    latents = ways()[:1]
    question = MakeClip(latents, np.array([[0, 1]]), "gif", side=16, whose=whose)
    shown = np.asarray(Image.open(io.BytesIO(made(desk, question).content)).convert("L"))
    expected = pictures(desk, latents[0], whose, np.array([0, 1]))
    assert np.array_equal(shown[:, :16], expected[0, ..., 0]) and np.array_equal(shown[:, -16:], expected[1, ..., 0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"latents": np.zeros((2, 8), np.float32)}, "(frames, side by side, 8)"),
        ({"latents": np.zeros((0, 1, 8), np.float32)}, "A clip of 0 pictures"),
        ({"latents": np.zeros((241, 1, 8), np.float32)}, "A clip of 241 pictures was asked for; it has 1 to 240."),
        ({"latents": np.zeros((2, 17, 8), np.float32)}, "17 pictures side by side"),
        ({"latents": np.zeros((2, 1, 7), np.float32)}, "takes 8"),
        ({"latents": np.full((2, 1, 8), np.nan, np.float32)}, "finite"),
        ({"classes": np.zeros((2, 1), np.int64)}, "The classes of 2 x 2 pictures"),
        ({"classes": np.zeros((2, 2), np.int64)}, "knows no classes"),
        ({"format": "avi"}, "there are gif and mp4"),
        ({"rate": 0}, "0 frames a second"),
        ({"rate": 1000}, "1 to 50 can be"),
        ({"side": 4}, "16 to 1024 can be"),
        ({"side": 1024, "latents": np.zeros((2, 8, 8), np.float32)}, "its longer side has 2,048 at most"),
        ({"side": 1000, "latents": np.zeros((200, 1, 8), np.float32)}, "all of them together 120 million"),
    ],
)
def test_what_makes_no_sense_is_said(desk: Desk, change: dict[str, Any], said: str) -> None:
    question = MakeClip(np.zeros((2, 2, 8), np.float32), None, "gif", whose=Whose(packed()))
    (found,) = gan_clips.clip(desk, None, [dataclasses.replace(question, **change)], quiet)
    assert isinstance(found, InputError) and said in str(found)
