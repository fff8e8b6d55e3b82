"""Zip files from outside, looked into without unpacking anything to disk, and refused in words where they are not to be trusted.

All is judged by the zip's own list first: how many files, how large, where to. What is read afterwards is never longer than
that list said.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from playground.core.errors import InputError

RATIO, ALWAYS = 100, 20_000_000
"""A zip may unpack to so many times its own size; what unpacks to fewer bytes than the second number may in any case."""
IN_ALL = 20
"""All files unpacked may have so many times the bytes that the zip itself may have."""
_DRIVE = re.compile("[A-Za-z]:")
HEAD = 16
"""So many first bytes tell what kind of file it is."""
_LEFTOVERS = ("__macosx", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A file among others.

    Attributes:
        parts: Its path, folder by folder; the last part is the file's name.
        size: In bytes.
        read: Gives its content; raises ``InputError`` where it is broken.
        head: Gives its first bytes, ``HEAD`` of them where there are so many; raises as ``read`` does.
    """

    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]
    head: Callable[[], bytes]


def members(content: bytes, name: str, *, megabytes: float, files: int) -> list[Member]:
    """The files in a zip, without folders and without what systems leave behind.

    Args:
        content: The whole zip.
        name: What it is called, for the words of an error.
        megabytes: A larger zip is not looked at.
        files: A zip with more files is not read; the doubles that macOS puts beside each file are allowed for.

    Raises:
        InputError: It is no zip, a broken one, too large, or holds what no zip of pictures holds; says which, and what to do.
    """
    shown = _shown(name) or "The file"
    if len(content) > megabytes * 1e6:
        raise InputError(f"{shown} has {len(content) / 1e6:,.1f} MB; at most {megabytes:g} MB are taken.")
    listed = content.count(
        b"PK\x01\x02"
    )  # as many at least as are in its list, which is so never read when it is too long
    if listed > 2 * files + 1000:
        raise InputError(f"{shown} holds about {listed:,} files; at most {files:,} are taken. Take fewer pictures.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise InputError(f"{shown} is not a zip file that can be read here ({_reason(error)}).") from None
    _check_sizes(entries, len(content), megabytes, shown)
    found: dict[tuple[str, ...], Member] = {}
    for entry in entries:
        parts = _parts(entry.filename, shown)
        _check_kind(entry, shown)
        if entry.is_dir() or not parts or leftover(parts):
            continue
        if parts in found:
            raise InputError(f"{shown} holds two files called {_shown('/'.join(parts))}. Pack it anew.")
        found[parts] = Member(
            parts, entry.file_size, _reader(archive, entry, entry.file_size + 1), _reader(archive, entry, HEAD)
        )
    return list(found.values())


def leftover(parts: tuple[str, ...]) -> bool:
    """Whether a file is nobody's, but what a system put there (``__MACOSX``, ``.DS_Store``, ``Thumbs.db``)."""
    return any(part.startswith(".") or part.casefold() in _LEFTOVERS for part in parts)


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, megabytes: float, shown: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > max(ALWAYS, RATIO * size):
        raise InputError(
            f"{shown} has {size / 1e6:,.1f} MB and would unpack to {unpacked / 1e6:,.0f} MB, {unpacked / size:,.0f} times as much: "
            "no zip of pictures does. It is not read."
        )
    if unpacked > IN_ALL * megabytes * 1e6:
        raise InputError(
            f"{shown} would unpack to {unpacked / 1e6:,.0f} MB; at most {IN_ALL * megabytes:,.0f} MB are read. Make the pictures "
            "smaller first."
        )


def _check_kind(entry: zipfile.ZipInfo, shown: str) -> None:
    """Refuse what is neither a plain file nor a folder."""
    name = _shown(entry.filename)
    if entry.flag_bits & 0x1:
        raise InputError(f"{shown} is locked with a password ({name}). Pack it without one.")
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link to another place" if mode == stat.S_IFLNK else "no plain file"
        raise InputError(f"{shown} holds {name}, which is {what}. Pack the pictures themselves.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{shown} packs {name} in an unusual way. Pack it anew as an ordinary zip.")


def _parts(name: str, shown: str) -> tuple[str, ...]:
    """A path folder by folder; some Windows programs write backslashes between them. A drive is one letter and a colon."""
    path = name.replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if path.startswith("/") or ".." in parts or (parts and _DRIVE.fullmatch(parts[0])):
        raise InputError(f"{shown} holds the path {_shown(name)}, which leads out of it. Pack the class folders anew.")
    return tuple(unicodedata.normalize("NFC", part) for part in parts)


def _reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(entry) as file:
                return file.read(most)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            ValueError,
        ) as error:
            name = _shown(entry.filename)
            raise InputError(f"{name} is broken in the zip ({_reason(error)}).") from None

    return read


def _shown(name: str) -> str:
    """A name from outside, short and without characters that nobody sees."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= 80 else f"{plain[:40]}...{plain[-36:]}"


def _reason(error: BaseException) -> str:
    return _shown(" ".join(str(error).split())) or type(error).__name__
