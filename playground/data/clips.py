"""What a clip's first bytes tell: which container it is, or why it is none that can be read here. Nothing is decoded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playground.core.errors import InputError

SUFFIXES = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi")
HEAD = 64
"""So many bytes are looked at."""

_READ = "Use MP4, MOV, WebM, MKV or AVI."
_PICTURES: Mapping[bytes, str] = {
    b"GIF8": "an animated picture (GIF)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
}


def container(head: bytes, name: str = "") -> str:
    """The container that a file is, as FFmpeg calls it: ``mov`` (MP4, too), ``matroska`` (WebM, too) or ``avi``.

    Args:
        head: Its first ``HEAD`` bytes.
        name: What it is called, for the words of an error.

    Raises:
        InputError: It is none of them; says what to use.
    """
    shown = name[:80] or "The file"
    if not head:
        raise InputError(f"{shown} is empty.")
    if head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip", b"pnot"):
        if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"heic", b"heix", b"mif1"):
            raise InputError(f"{shown} is a picture, not a clip. {_READ}")
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    for magic, what in _PICTURES.items():
        if head.startswith(magic):
            raise InputError(f"{shown} is {what}, not a clip. {_READ}")
    raise InputError(f"{shown} is not a clip that can be read here. {_READ}")


def is_clip(path: Path) -> bool:
    """Whether a file's first bytes are a clip's (a file that cannot be opened is none)."""
    try:
        with path.open("rb") as file:
            return bool(container(file.read(HEAD)))
    except (OSError, InputError):
        return False
