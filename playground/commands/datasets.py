"""``playground datasets``: the sets of pictures, which of them are on disk, and fetching the others."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.commands.terminal import DONE
from playground.core import paths
from playground.core.errors import InputError
from playground.core.settings import Settings
from playground.data.image_registry import IMAGE_SETS, ImageSetEntry

EVERY = 0.2
"""So many seconds lie between two lines of progress at least."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    datasets = commands.add_parser("datasets", help="list sets of pictures, and fetch them", allow_abbrev=False)
    what = datasets.add_subparsers(metavar="WHAT", required=True)
    for name, help, do in (
        ("list", "every set: how many pictures it has, whether it is on disk", _list),
        ("pull", "fetch a set, and get it ready", _pull),
    ):
        parser = what.add_parser(name, help=help, allow_abbrev=False)
        if name == "pull":
            parser.add_argument("name", metavar="NAME", help="mnist, fashion or cifar10")
        parser.add_argument("--data-dir", metavar="DIR", default="", help="look here instead of the pictures folder")
        parser.add_argument("--json", action="store_true", help="as JSON; for pull, a line each time it gets on")
        parser.set_defaults(do=do)


def pictures_folder(given: str) -> Path:
    """The folder that was named, which must be there, or that of a file that was; else this installation's own."""
    if not given:
        return paths.pictures_folder(Settings.from_environment())
    place = Path(given).expanduser()
    if place.is_file():
        return place.parent
    if not place.is_dir():
        raise InputError(f"There is no folder {given}; name one that holds sets of pictures, or leave --data-dir out.")
    return place


def _list(given: argparse.Namespace) -> int:
    folder = pictures_folder(given.data_dir)
    rows = [row(entry, folder) for entry in IMAGE_SETS.values()]
    if given.json:
        print(json.dumps({"folder": str(folder), "datasets": rows}, indent=2))
        return DONE
    for one in rows:
        size = f"{one['megabytes']:,.1f} MB to fetch" if not one["here"] else "here"
        counts = " + ".join(f"{count:,}" for count in one["counts"].values())
        shape = " x ".join(str(side) for side in one["shape"])
        print(f"{one['name']:8}  {size:18}  {counts:24}  {shape:12}  {one['title']}")
    return DONE


def row(entry: ImageSetEntry, folder: Path) -> dict[str, Any]:
    """A set with what is known of it, JSON-ready."""
    here = entry.here(folder)
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "source": entry.source,
        "licence": entry.licence,
        "shape": list(entry.shape),
        "classes": list(entry.classes),
        "counts": dict(entry.counts),
        "megabytes": entry.megabytes,
        "here": here,
        "ready": here and entry.ready(folder),
    }


def _pull(given: argparse.Namespace) -> int:
    began, settings, entry = time.perf_counter(), Settings.from_environment(), IMAGE_SETS[given.name]
    folder = pictures_folder(given.data_dir)
    say = _lines if given.json else _bar(entry.name)
    if not entry.here(folder):
        if settings.offline:
            raise InputError(f"{entry.title} is not in {folder}, and PLAYGROUND_OFFLINE says that nothing is fetched.")
        if settings.pictures and not given.data_dir:
            raise InputError(
                f"{entry.title} is not in {folder}. That is the folder PLAYGROUND_PICTURES names, which is only read; to fetch "
                f"into it all the same, say --data-dir {folder}."
            )
        from playground.hub.picture_sets import fetch  # torchvision

        fetch(entry.name, folder, _seldom(say, "bytes"))
    if entry.prepare is not None and not entry.ready(folder):
        entry.prepare(folder, _seldom(say, "pictures"))
    last = {**row(entry, folder), "done": True, "folder": str(folder), "seconds": round(time.perf_counter() - began, 3)}
    print(json.dumps(last) if given.json else f"{entry.name}: {entry.title} is ready in {folder}")
    return DONE


def _seldom(say: Callable[[int, int, str], None], unit: str) -> Callable[[int, int], None]:
    """Tell now and then, and at the end."""
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY or done >= total:
            last = time.monotonic()
            say(done, total, unit)

    return tell


def _lines(done: int, total: int, unit: str) -> None:
    print(json.dumps({"done": False, "arrived": done, "total": total, "unit": unit}), flush=True)


def _bar(name: str) -> Callable[[int, int, str], None]:
    """One line on the terminal that fills."""

    def show(done: int, total: int, unit: str) -> None:
        if not sys.stderr.isatty():
            return
        filled = "#" * round(30 * done / total if total else 0)
        shown = f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB" if unit == "bytes" else f"{done:,} of {total:,} pictures"
        end = "\n" if done >= total else ""
        print(f"\r{name} [{filled:<30}] {shown}", end=end, file=sys.stderr, flush=True)

    return show
