"""Uploaded clips: one for each visitor, never where a visitor says, and gone when nobody needs them any more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.core.errors import InputError, QueueFull
from playground.store.clips import ClipStore

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(1000)


class Clock:
    """Stands still until it is set."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_new_clip_takes_the_place_of_the_visitors_old_one(tmp_path: Path) -> None:
    store = ClipStore(tmp_path / "clips", max_bytes=5000)
    old = store.put("rosa", MP4, "old.mp4")
    other = store.put("bob", MP4, "bob.mp4")
    new = store.put("rosa", MP4 + b"!", "../../etc/new clip.mp4")
    assert not store.use(old)
    assert store.use(new)
    assert store.use(other)
    assert (new.name, new.bytes) == ("new clip.mp4", len(MP4) + 1)
    assert new.digest != old.digest == other.digest
    assert sorted(files(tmp_path)) == sorted([new.path, other.path])
    assert "rosa" not in str(new.path)
    assert new.path.parent.stat().st_mode & 0o077 == 0, "nobody else on this machine may look"
    store.drop(old)
    assert store.use(new), "what was replaced already deletes nothing else"
    store.drop(new)
    assert files(tmp_path) == [other.path]
    store.clear()
    assert list((tmp_path / "clips").iterdir()) == []


def test_what_is_no_clip_or_too_large_is_refused_and_leaves_the_old_one(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, max_bytes=5000)
    kept = store.put("ada", MP4, "kept.mp4")
    with pytest.raises(InputError, match="large.mp4 has 0.0 MB; at most 0.005 MB"):
        store.put("ada", MP4 * 5, "large.mp4")
    with pytest.raises(InputError, match=r"animated picture \(GIF\).*Use MP4"):
        store.put("ada", b"GIF89a" + bytes(100), "dance.gif")
    assert store.use(kept)


def test_room_is_bounded_for_all_together(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, max_bytes=5000, total_bytes=2500)
    store.put("ada", MP4, "a.mp4")
    store.put("bob", MP4, "b.mp4")
    with pytest.raises(QueueFull, match="Try again in some minutes"):
        store.put("cleo", MP4, "c.mp4")
    store.put("bob", MP4 + bytes(300), "his old one makes room")


def test_clips_that_nobody_uses_go_by_age(tmp_path: Path) -> None:
    clock = Clock()
    store = ClipStore(tmp_path, max_bytes=5000, keep_seconds=60, clock=clock)
    used, left = store.put("ada", MP4, "a.mp4"), store.put("bob", MP4, "b.mp4")
    orphan = tmp_path / ("0" * 32) / ("1" * 32)
    orphan.parent.mkdir()
    orphan.write_bytes(b"of a server that was killed")
    other = tmp_path / ("2" * 32) / ("3" * 32)
    other.parent.mkdir()
    other.write_bytes(b"of another server on this folder")
    clock.now += 50
    os.utime(orphan, (clock.now - 100, clock.now - 100))
    os.utime(other, (clock.now, clock.now))
    assert store.use(used)
    clock.now += 20
    assert store.prune() == 2
    assert store.use(used)
    assert not store.use(left)
    assert not orphan.parent.exists()
    assert other.exists()
