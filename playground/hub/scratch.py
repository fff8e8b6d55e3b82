"""Folders for what is only written on the way, and what such folders hold where their process was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "playground-clip-"


def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is deleted with everything in it; its name says whose it is."""
    return tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")


def sweep() -> None:
    """Delete what processes left behind that are no more: a clip is its visitor's, and nobody's after that."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = path.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            shutil.rmtree(path, ignore_errors=True)  # another server of this machine may be at it, too


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True
