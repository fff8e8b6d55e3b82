"""Checkpoints of ultralytics in the models folder: told by what their pickle names, without building any of it."""

from __future__ import annotations

import functools
import pickletools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from playground.catalog.card import Card, Local
from playground.catalog.cards_yolo import ULTRALYTICS
from playground.core.errors import ModelUnavailable

LARGEST_PICKLE = 20_000_000
"""Bytes of the pickle without its tensors; a large network's are a tenth of that."""
LONGEST_PICKLE = 1_000_000
"""So many of its steps are gone through, and as many again for the names of classes."""

TASKS = {
    "DetectionModel": "detect",
    "SegmentationModel": "segment",
    "PoseModel": "pose",
    "ClassificationModel": "classify",
}
DOES = {
    "detect": "finds",
    "segment": "finds and outlines",
    "pose": "finds, with key points,",
    "classify": "tells apart",
}
OTHERS = {
    "OBBModel": "boxes that are turned",
    "WorldModel": "open vocabularies",
    "YOLOEModel": "open vocabularies",
    "YOLOESegModel": "open vocabularies",
    "RTDETRDetectionModel": "RT-DETR",
    "YOLOv10DetectionModel": "an early form of YOLOv10",
    "SemanticModel": "maps of the whole picture",
    "DepthModel": "depth",
}
_TASKS_OF = "ultralytics.nn.tasks"
_SPACES: dict[tuple[object, ...], str] = {
    (80, "person"): "coco",
    (1, "person"): "person",
    (1000, "tench"): "imagenet-1k",
}
_COMMON = {"best", "last", "model", "weights"}
"""Names that say nothing: then the folder's is taken."""

_KEEPING = ("BINPUT", "LONG_BINPUT", "MEMOIZE")
_NAME = re.compile(r"[^\w.-]+")
_SHOWN = 6


@dataclass(frozen=True)
class Told:
    """What a checkpoint's pickle says: the class of its network, and the names of that network's classes as far as they show."""

    kind: str
    names: tuple[str, ...] = ()


def yolo_file(path: Path, folder: Path) -> Card | None:
    """The card of a ``.pt`` file; ``None`` where it is none of ultralytics'.

    Args:
        path: The file.
        folder: The models folder, which it lies in.

    Raises:
        ModelUnavailable: It is one and cannot be used, or is cut short; says what is wrong.
        OSError: It cannot be read.
    """
    status = path.stat()
    told = _told(path, status.st_size, status.st_mtime_ns)
    if told is None:
        return None
    if told.kind not in TASKS:
        raise ModelUnavailable(
            f"It is a network of ultralytics' for {OTHERS.get(told.kind, told.kind)}, which is not supported here: "
            f"boxes, masks, key points and classes are."
        )
    task, home = TASKS[told.kind], path.parent.relative_to(folder).as_posix()
    name = _NAME.sub("-", _name(path, folder))
    shown = ", ".join(told.names[:_SHOWN]) + (", ..." if len(told.names) > _SHOWN else "")
    many = f"{len(told.names)} classes ({shown})" if told.names else "classes of its own"
    return Card(
        name=name,
        title=f"{name} (local)",
        summary=f"Found in the models folder: {DOES[task]} {many}.",
        task=task,
        source=Local("" if home == "." else home, (path.name,)),
        architecture=ULTRALYTICS,
        bytes=status.st_size,
        labels=_SPACES.get((len(told.names), *told.names[:1]), "own"),
    )


def _name(path: Path, folder: Path) -> str:
    """The file's name, or where that says nothing the nearest folder's that does: ``runs/detect/balls/weights/best.pt``."""
    for part in (path.stem, *reversed(path.parent.relative_to(folder).parts)):
        if part.lower() not in _COMMON:
            return part
    return path.stem


@functools.lru_cache(maxsize=512)
def _told(path: Path, size: int, time: int) -> Told | None:
    """What a file says of itself, read once as long as it stays as it is."""
    expected = path.stem.lower().startswith("yolo")
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            start = file.read(1 << 16)
        if start.startswith(b"PK") or expected:
            raise ModelUnavailable(
                f"{path.name} is cut short or no checkpoint at all: copy it here once more, whole."
                if size
                else f"{path.name} is empty: copy it here once more."
            )
        return None  # another program's
    try:
        with zipfile.ZipFile(path) as packed:
            inside = next((one for one in packed.infolist() if one.filename.endswith("/data.pkl")), None)
            told = None
            if inside is not None and inside.file_size <= LARGEST_PICKLE:
                with packed.open(inside) as pickled:
                    told = _read(pickled)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelUnavailable(f"{path.name} cannot be read: {' '.join(str(error).split())[:120]}.") from None
    if told is None and expected:
        raise ModelUnavailable(f"{path.name} is no checkpoint of ultralytics' training, and is not opened.")
    return told


def _read(pickled: IO[bytes]) -> Told | None:
    """Go through the steps of a pickle without taking any."""
    kind, words = "", ["", ""]  # the last two
    kept = dict[object, str]()  # words that later steps take up again by their number
    steps = pickletools.genops(pickled)
    for number, (step, given, _) in enumerate(steps):
        if number > LONGEST_PICKLE:
            raise ValueError("its pickle is too long")
        if "UNICODE" in step.name:
            words = [words[1], str(given)]
            if given == "names" and kind:
                return Told(kind, _names(steps, kept))
        elif step.name in _KEEPING:
            kept[given if given is not None else len(kept)] = words[1]
        elif step.name in ("GLOBAL", "STACK_GLOBAL"):
            module, name = str(given).split(" ", 1) if step.name == "GLOBAL" else words
            if module == _TASKS_OF and not kind:
                kind = name
    return Told(kind) if kind else None


def _names(
    steps: Iterator[tuple[pickletools.OpcodeInfo, object, int | None]], kept: dict[object, str]
) -> tuple[str, ...]:
    """The words of the dictionary that follows: they end with the step that fills it."""
    found = list[str]()
    for number, (step, given, _) in enumerate(steps):
        if "UNICODE" in step.name:
            found.append(str(given))
        elif step.name in ("BINGET", "LONG_BINGET"):
            found.append(kept.get(given, ""))
        elif number > LONGEST_PICKLE:
            raise ValueError("its pickle is too long")
        elif step.name in ("SETITEMS", "SETITEM", "BUILD", "STOP") or (number > 2 and step.name == "EMPTY_DICT"):
            break
    return tuple(found)
