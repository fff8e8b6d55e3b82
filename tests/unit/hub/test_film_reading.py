"""Clips from outside: what a camera made is read upright and in its own time, what a villain made is refused in words."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Sequence
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from playground.core.errors import InputError
from playground.data.clips import is_clip
from playground.hub import film_reading
from playground.hub.film_reading import Frame, reading


def made(
    path: Path,
    *,
    count: int = 20,
    rate: int = 10,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    pixels: str = "yuv420p",
    times: Sequence[float] | None = None,
    sound: bool = False,
) -> Path:
    """A clip whose left upper quarter is white and whose grey grows from frame to frame."""
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "threads": "1"} if codec == "libx264" else {}
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.time_base = Fraction(1, 1000) if times else Fraction(1, rate)
        if sound:
            add_sound(container)
        for number in range(count):
            image = np.full((size[1], size[0], 3), 10 * number % 200, np.uint8)
            image[: size[1] // 2, : size[0] // 2] = 255
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.time_base = stream.codec_context.time_base
            frame.pts = round(times[number] * 1000) if times else number
            container.mux(stream.encode(frame))
        if count:
            container.mux(stream.encode())
        else:
            container.start_encoding()
    return path


def add_sound(container: Any) -> None:
    stream = container.add_stream("aac", rate=44100, layout="mono")
    for number in range(20):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 44100, 1024 * number, Fraction(1, 44100)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def read(path: Path, rate: float = 5.0, seconds: float = 60.0, **how: Any) -> tuple[list[Frame], Any]:
    with reading(path, path.name, **how) as clip:
        return list(clip.frames(rate, seconds)), clip


def patched(path: Path, where: bytes, offset: int, new: bytes) -> Path:
    """The file with some bytes after a mark replaced by others."""
    content = bytearray(path.read_bytes())
    at = content.index(where) + offset
    content[at : at + len(new)] = new
    path.write_bytes(content)
    return path


def refusal(path: Path, **how: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **how)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "libx264", "yuv444p"),
        ("a.mkv", "mpeg4", "yuv420p"),
        ("a.webm", "libvpx", "yuv420p"),
        ("a.avi", "mjpeg", "yuvj420p"),
    ],
)
def test_every_container_gives_frames_at_the_rate_that_was_asked_for(
    tmp_path: Path, name: str, codec: str, pixels: str
) -> None:
    path = made(tmp_path / name, codec=codec, pixels=pixels)
    assert is_clip(path)
    frames, clip = read(path)
    assert [frame.seconds for frame in frames] == pytest.approx([k / 5 for k in range(10)], abs=0.02)
    assert (clip.width, clip.height, clip.ended) == (64, 48, True)
    assert clip.duration == pytest.approx(2.0, abs=0.05)
    assert clip.notes == []
    first = np.asarray(frames[0].image)
    assert first.shape == (48, 64, 3)
    assert first[:20, :28].mean() > 230 > 60 > first[28:, 36:].mean()
    all_of_them, _ = read(path, rate=30)
    assert len(all_of_them) == 20, "a clip with fewer frames gives all that it has"


def test_reading_ends_at_the_limit_and_says_how_long_the_clip_is(tmp_path: Path) -> None:
    frames, clip = read(made(tmp_path / "a.mp4", count=50), rate=2, seconds=1.5)
    assert [frame.seconds for frame in frames] == pytest.approx([0, 0.5, 1.0])
    assert not clip.ended
    assert clip.duration == pytest.approx(5.0, abs=0.1)


def test_frames_keep_their_own_time_where_a_clip_stutters(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mkv", count=6, times=[0, 0.04, 0.08, 1.0, 1.04, 3.0])
    assert [frame.seconds for frame in read(path)[0]] == pytest.approx([0, 1.0, 3.0], abs=0.01)


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [((0, 1, -1, 0), "right"), ((-1, 0, 0, -1), "below right"), ((0, -1, 1, 0), "below left")],
)
def test_a_phone_held_upright_gives_upright_frames(
    tmp_path: Path, matrix: tuple[int, int, int, int], corner: str
) -> None:
    path = made(tmp_path / "a.mp4", count=3)
    a, b, c, d = (value << 16 for value in matrix)
    wide = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    patched(path, b"tkhd", 4 + 40, wide)
    (frame, *_), clip = read(path)
    upright = matrix[0] == 0
    assert (clip.width, clip.height) == ((48, 64) if upright else (64, 48))
    assert frame.image.size == (clip.width, clip.height)
    image = np.asarray(frame.image)[..., 0]
    rows, columns = np.nonzero(image > 200)
    below, right = rows.mean() > image.shape[0] / 2, columns.mean() > image.shape[1] / 2
    assert (below, right) == ("below" in corner, "right" in corner)


def test_large_frames_are_handed_out_smaller_with_even_sides(tmp_path: Path) -> None:
    (frame, *_), clip = read(made(tmp_path / "a.mp4", count=2, size=(1922, 1082)))
    assert (clip.width, clip.height) == (1922, 1082)
    assert frame.image.size == (1280, 720)
    (odd, *_), clip = read(made(tmp_path / "b.avi", count=2, size=(51, 37), codec="mjpeg", pixels="yuvj444p"))
    assert (clip.width, clip.height) == (51, 37)
    assert (odd.image.width % 2, odd.image.height % 2) == (0, 0)


# -- what is refused


def test_what_is_no_clip_is_said(tmp_path: Path) -> None:
    gif = tmp_path / "bomb.gif"
    gif.write_bytes(b"GIF89a\xff\xff\xff\xff" + bytes(200))  # 65,535 x 65,535
    assert "bomb.gif is an animated picture (GIF), not a clip. Use MP4, MOV, WebM, MKV or AVI." in refusal(gif)
    for name, content, words in [
        ("empty.mp4", b"", "is empty"),
        ("text.mp4", b"no clip at all " * 9, "is not a clip that can be read"),
        ("list.mp4", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n", "is not a clip"),
        ("concat.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n", "is not a clip"),
        ("photo.mp4", b"\xff\xd8\xff\xe0" + bytes(90), "is a picture (JPEG)"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        assert words in refusal(path)
        assert not is_clip(path)
    assert "upload it again" in refusal(tmp_path / "gone.mp4")


def test_sound_without_a_picture_is_said(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        add_sound(container)
    assert "song.mp4 has sound but no picture" in refusal(path)


def test_sound_beside_the_picture_is_left_alone(tmp_path: Path) -> None:
    assert len(read(made(tmp_path / "a.mp4", sound=True))[0]) == 10


def test_a_clip_without_frames_is_said(tmp_path: Path) -> None:
    for name in ("a.mkv", "a.mp4"):
        assert "has no picture" in refusal(made(tmp_path / name, count=0, codec="mpeg4"))


def test_frames_that_are_too_large_or_small_are_said_from_the_header(tmp_path: Path) -> None:
    large = made(tmp_path / "large.mp4", count=1, size=(640, 480))
    assert "640 x 480 pixels a frame; at most 0.3 million" in refusal(large, megapixels=0.3)
    assert "has only 8 x 8 pixels" in refusal(
        made(tmp_path / "small.avi", size=(8, 8), codec="mjpeg", pixels="yuvj420p")
    )


def test_a_header_that_claims_small_frames_does_not_get_large_ones_decoded(tmp_path: Path) -> None:
    path = made(tmp_path / "liar.mp4", count=3, size=(1600, 1200))
    content = path.read_bytes()
    at = content.index(b"avc1", content.index(b"stsd")) + 4 + 24
    assert content[at : at + 4] == struct.pack(">HH", 1600, 1200)
    path.write_bytes(content[:at] + struct.pack(">HH", 64, 48) + content[at + 4 :])
    words = refusal(path, megapixels=1.0)
    assert "1,600 x 1,200" in words or "broken" in words or "no picture that can be decoded" in words


def test_a_header_that_claims_hours_ends_where_the_frames_do(tmp_path: Path) -> None:
    path = made(tmp_path / "long.mp4", count=20)
    for box in (b"mvhd", b"mdhd"):
        patched(path, box, 4 + 16, struct.pack(">I", 2_000_000_000))
    frames, clip = read(path)
    assert len(frames) == 10
    assert clip.duration == pytest.approx(2.0, abs=0.05)


def test_thousands_of_frames_a_second_are_refused(tmp_path: Path) -> None:
    fast = made(tmp_path / "fast.mkv", count=600, times=[k / 1000 for k in range(600)], codec="mpeg4", rate=1000)
    assert "more than 240 frames a second" in refusal(fast) or "frames a second; at most 240" in refusal(fast)
    still = made(tmp_path / "still.avi", count=300, rate=1000, codec="mjpeg", pixels="yuvj420p", size=(16, 16))
    assert "frames a second" in refusal(still)


def test_a_file_that_breaks_off_gives_what_is_there_and_one_without_its_index_is_said(tmp_path: Path) -> None:
    path = made(tmp_path / "cut.mkv", count=60)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    frames, clip = read(path)
    assert 5 < len(frames) < 30
    assert clip.duration < 5.5
    mp4 = made(tmp_path / "cut.mp4", count=60)
    mp4.write_bytes(mp4.read_bytes()[:2000])
    assert "cut.mp4 is a broken clip" in refusal(mp4)


def test_broken_parts_are_left_out_and_said(tmp_path: Path) -> None:
    path = made(tmp_path / "a.avi", count=30, codec="mjpeg", pixels="yuvj420p", size=(320, 240))
    content = bytearray(path.read_bytes())
    marks = [at for at in range(len(content)) if content.startswith(b"00dc", at)]
    for at in marks[10:16]:
        (size,) = struct.unpack_from("<I", content, at + 4)
        content[at + 8 : at + 8 + size] = bytes(size)
    path.write_bytes(content)
    frames, clip = read(path, rate=10)
    assert 20 <= len(frames) < 30
    assert clip.notes == ["Parts of the file are broken and were left out."]


def test_no_other_file_and_no_address_is_ever_opened(tmp_path: Path) -> None:
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        path = made(tmp_path / "a.mp4", count=3)
        address = f"http://127.0.0.1:{server.server_port}/x.mp4".encode()
        # An external data reference in place of the one that says "in this very file".
        content = path.read_bytes()
        at = content.index(b"url \x00\x00\x00\x01")
        path.write_bytes(content[:at] + b"url \x00\x00\x00\x00" + content[at + 8 :])
        read(path)
        path.write_bytes(b"\x00\x00\x00\x18ftypisom" + address)
        refusal(path)
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_while_nothing_is_handed_out_it_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_reading, "BEAT_SECONDS", 0.0)
    path, beats = made(tmp_path / "a.mp4", count=30), 0

    def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 12:
            raise InterruptedError

    def ended(go_on: Callable[[], None]) -> None:
        with reading(path, "a.mp4") as clip:
            list(clip.frames(0.5, 60, go_on))

    with pytest.raises(InterruptedError):
        ended(beat)
