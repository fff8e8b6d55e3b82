"""Pictures in class folders, in a zip or on disk, however deep: sorted out, decoded within limits, made square and small."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from playground.core.errors import InputError
from playground.data.class_names import NAMED, class_names, natural, shown
from playground.data.image_set import Pictures
from playground.data.own_pictures import NOT_YET, TEST, TRAIN, VAL, Own, resized, shared_out, square
from playground.data.picture_heads import effort, looks_like_picture
from playground.data.pictures import MEGABYTES, MEGAPIXELS, read_picture
from playground.data.safe_zip import HEAD, Member, leftover, members

SIDE = 64
"""Pictures are kept so large; smaller ones as small as they are."""
CLASSES = 100
AT_ONCE = 16
"""So many pictures are decoded before it is told how far it is."""
ENDINGS = {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".ppm", ".pgm"}
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz"}
SHARES = {
    "train": TRAIN, "training": TRAIN, "val": VAL, "valid": VAL, "validation": VAL, "dev": VAL,
    "test": TEST, "testing": TEST,
}  # fmt: skip

Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many pictures of how many have been read."""


@dataclass(frozen=True)
class Limits:
    """How much is taken.

    Attributes:
        pictures: So many pictures in all.
        megabytes: Of the zip.
        picture_megabytes: Of one picture.
        picture_megapixels: Of one picture; larger ones are passed over.
        megapixels: Of all pictures together, by their headers; where it is infinite, they are not looked at beforehand.
    """

    pictures: int = 20_000
    megabytes: float = 200
    picture_megabytes: float = MEGABYTES
    picture_megapixels: float = MEGAPIXELS
    megapixels: float = math.inf


@dataclass(frozen=True)
class _Sorted:
    """A picture and where it belongs."""

    member: Member
    group: str
    share: int


def _nothing(done: int, total: int) -> None:
    """Tell nobody."""


def from_zip(
    content: bytes, name: str, *, side: int = SIDE, limits: Limits = Limits(), tell: Tell = _nothing,
    hands: Executor | None = None,
) -> Own:  # fmt: skip
    """The pictures of a zip of class folders.

    Args:
        content: The whole zip.
        name: What it is called, for the words of an error.
        side: Larger pictures are made so small.
        limits: How much is taken.
        tell: Is told how far it is.
        hands: Threads to decode with.

    Raises:
        InputError: It cannot be trusted, is too much, or nothing can be learnt from it; says what to do.
    """
    found = members(content, name, megabytes=limits.megabytes, files=limits.pictures)
    return _collected(found, "The zip", side, limits, tell, hands)


def from_path(
    path: Path, *, side: int = SIDE, limits: Limits = Limits(), tell: Tell = _nothing, hands: Executor | None = None
) -> Own:
    """The pictures of a folder of class folders, or of a zip of such; see ``from_zip``."""
    if path.is_file():
        size = path.stat().st_size
        if size > limits.megabytes * 1e6:
            raise InputError(f"{path} has {size / 1e6:,.1f} MB; at most {limits.megabytes:g} MB are taken.")
        return from_zip(path.read_bytes(), path.name, side=side, limits=limits, tell=tell, hands=hands)
    if not path.is_dir():
        raise InputError(
            f"There is no folder and no zip {path}; name one that holds a folder of pictures for each class."
        )
    return _collected(list(_walk(path, 4 * limits.pictures)), str(path), side, limits, tell, hands)


def _walk(top: Path, most: int) -> Iterator[Member]:
    """The files of a folder, in the order of their names; links are not followed."""
    count = 0
    for folder, below, names in os.walk(top):
        below.sort()
        for name in sorted(names):
            path = Path(folder) / name
            parts = path.relative_to(top).parts
            if path.is_symlink() or not path.is_file() or leftover(parts):
                continue
            count += 1
            if count > most:
                raise InputError(f"{top} holds more than {most:,} files. Name a folder with fewer.")
            yield Member((top.name, *parts), path.stat().st_size, path.read_bytes, partial(_head, path))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _collected(found: list[Member], where: str, side: int, limits: Limits, tell: Tell, hands: Executor | None) -> Own:
    notes: list[str] = []
    chosen = _sorted_out(found, where, notes)
    if len(chosen) > limits.pictures:
        raise InputError(f"{where} holds {len(chosen):,} pictures; at most {limits.pictures:,} are taken.")
    names = {one.group for one in chosen}
    if len(names) > CLASSES:
        raise InputError(f"{where} holds {len(names):,} class folders; at most {CLASSES} are taken.")
    if limits.megapixels < math.inf:
        _check_effort(chosen, where, limits, tell)
    kept, small = _decoded(chosen, side, limits, tell, hands, notes)
    classes = tuple(sorted({one.group for one in kept}, key=natural))
    number = {name: i for i, name in enumerate(classes)}
    empty = sorted(names - set(classes), key=natural)
    if not kept:
        raise InputError(
            f"None of the pictures in {where[0].lower()}{where[1:]} can be read. {' '.join(notes)}".strip()
        )
    if empty:
        notes.append(f"Nothing could be read of: {', '.join(empty[:NAMED])}.")
    y = np.array([number[one.group] for one in kept], dtype=np.int64)
    share, said = shared_out(y, classes, np.array([one.share for one in kept], dtype=np.int8))
    size = max(16, *(len(one) for one in small))
    x = np.concatenate([resized(one[None], size) for one in small])
    return Own(x, y, share, classes, tuple(notes + said))


def _sorted_out(found: list[Member], where: str, notes: list[str]) -> list[_Sorted]:
    """Which file is of which class: the first folder in which the paths differ, below one for each share if there are such."""
    endings = [os.path.splitext(one.parts[-1])[1].casefold() for one in found]
    pictures = [
        one
        for one, ending in zip(found, endings, strict=True)
        if ending in ENDINGS or (not ending and _looks_like_picture(one))
    ]
    archives = [one for one, ending in zip(found, endings, strict=True) if ending in ARCHIVES]
    if archives:
        notes.append(f"Not looked into, since it is packed itself: {_listed(archives)}.")
    if other := len(found) - len(pictures) - len(archives):
        notes.append(f"{other:,} {'file is' if other == 1 else 'files are'} no picture and passed over.")
    if not pictures:
        hint = " Unpack what is in it, and pack the class folders themselves." if archives else ""
        raise InputError(f"{where} holds no pictures. {' '.join(notes)}{hint}".strip())
    paths = _below_common([one.parts for one in pictures])
    shares = [NOT_YET] * len(paths)
    first = {path[0].casefold() for path in paths if len(path) > 1}
    if first <= set(SHARES) and any(len(path) > 2 for path in paths):
        shares = [SHARES.get(path[0].casefold(), NOT_YET) for path in paths]
        paths = _below_common([path[1:] for path in paths])
    loose = [one for one, path in zip(pictures, paths, strict=True) if len(path) < 2]
    if len(loose) == len(pictures):
        raise InputError(
            f"The pictures in {where[0].lower()}{where[1:]} lie in no class folders. Put those of each class into a folder with its "
            "name (cats/1.jpg, dogs/1.jpg)."
        )
    if loose:
        notes.append(f"In no class folder, and passed over: {_listed(loose)}.")
    names = class_names({path[0] for path in paths if len(path) >= 2}, notes)
    return [
        _Sorted(one, names[path[0]], share)
        for one, path, share in zip(pictures, paths, shares, strict=True)
        if len(path) >= 2
    ]


def _looks_like_picture(one: Member) -> bool:
    """Whether a file without an ending begins as a picture does."""
    try:
        return looks_like_picture(one.head())
    except (InputError, OSError):
        return False  # it cannot be read, and is counted with what is no picture


def _below_common(paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Paths without the folders that hold everything."""
    while all(len(path) > 1 for path in paths) and len({path[0] for path in paths}) == 1:
        deep = sum(len(path) > 2 for path in paths)
        if 2 * deep < len(paths) or not deep:
            break
        paths = [path[1:] for path in paths]
    return paths


def _check_effort(chosen: list[_Sorted], where: str, limits: Limits, tell: Tell) -> None:
    """Refuse pictures that take long to decode all together, by their headers."""
    total = 0.0
    for at, one in enumerate(chosen, 1):
        if at % AT_ONCE == 1:
            tell(0, len(chosen))
        with contextlib.suppress(InputError, OSError):  # said where it is decoded
            if one.member.size <= limits.picture_megabytes * 1e6:
                total += effort(one.member.read(), limits.picture_megapixels)
        if total > limits.megapixels * 1e6:
            raise InputError(
                f"{where} holds pictures of more than {limits.megapixels:,.0f} megapixels together, the most that is read here (the "
                f"first {at:,} of {len(chosen):,} have {total / 1e6:,.0f}). Make the pictures smaller first: 500 pixels a side are plenty."
            )


def _decoded(
    chosen: list[_Sorted], side: int, limits: Limits, tell: Tell, hands: Executor | None, notes: list[str]
) -> tuple[list[_Sorted], list[Pictures]]:
    """What could be read, and each as a small square."""

    def decode(one: _Sorted) -> Pictures | str:
        name = "/".join(shown(part) for part in one.member.parts[-2:])
        try:
            if one.member.size > limits.picture_megabytes * 1e6:  # before it is unpacked
                size, most = one.member.size / 1e6, limits.picture_megabytes
                return f"{name} has {size:,.1f} MB; at most {most:g} MB are taken."
            read, most = one.member.read(), limits.picture_megapixels
            found = read_picture(read, name, megabytes=limits.picture_megabytes, megapixels=most, near=side)
            return square(found.image, side)
        except InputError as error:
            return str(error)
        except OSError as error:
            return f"{name} cannot be read ({error.strerror})."

    kept, small, wrong = [], [], []
    for start in range(0, len(chosen), AT_ONCE):
        some = chosen[start : start + AT_ONCE]
        for one, picture in zip(some, (hands.map if hands else map)(decode, some), strict=True):
            if isinstance(picture, str):
                wrong.append(picture)
            else:
                kept.append(one)
                small.append(picture)
        tell(start + len(some), len(chosen))
    if wrong:
        more = f" And {len(wrong) - NAMED:,} more." if len(wrong) > NAMED else ""
        notes.append(f"{len(wrong):,} could not be read: {' '.join(wrong[:NAMED])}{more}")
    return kept, small


def _listed(found: Iterable[Member]) -> str:
    names = [shown(one.parts[-1]) for one in found]
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
