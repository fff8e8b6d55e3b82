"""``playground predict detect``: which objects are in pictures and clips, right here."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from playground.catalog.card import Card
from playground.catalog.cards_yolo import OBJECTS
from playground.catalog.listing import Catalog
from playground.commands.models import models_folder
from playground.commands.options import STYLE, whole
from playground.commands.predict_files import checked, chosen, photo
from playground.commands.terminal import DONE
from playground.core.detection import (
    FLOOR,
    MOST_OBJECTS,
    Detect,
    Detected,
    Draw,
    Drawn,
    Film,
    Filmed,
    Thing,
    Thresholds,
)
from playground.core.errors import InputError, PlaygroundError, UnknownName
from playground.core.settings import Settings
from playground.core.vision import Photo
from playground.data import objects
from playground.data.clips import SUFFIXES, is_clip
from playground.functional.things import things

TOGETHER = 16
"""So many pictures are asked about at once: what the network says of each is large until it is gone through."""

WRITTEN = (".png", ".mp4", ".csv")

A = TypeVar("A")


def add(tasks: Any) -> None:
    """Add the command to the command line."""
    parser = tasks.add_parser(
        "detect",
        help="which objects are in a picture or a clip",
        description="Find the objects in pictures and clips, with their places in pixels of the upright picture.",
        epilog="Exit status: 0 done, 2 bad input (nothing is answered then).",
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    default = Thresholds()
    parser.add_argument("files", metavar="FILE", nargs="+", help=f"a picture, or a clip ({', '.join(SUFFIXES)})")
    parser.add_argument("--model", metavar="NAME", default="", help="which model (default: the best that is on disk)")
    parser.add_argument(
        "--conf", type=_within(FLOOR, 1), default=default.confidence, metavar="N",
        help=f"only objects that are at least so sure, {FLOOR:g} to 1 (default: {default.confidence:g})",
    )  # fmt: skip
    parser.add_argument(
        "--iou", type=_within(0, 1), default=default.iou, metavar="N",
        help=f"of two boxes that overlap by more, the surer one stays, 0 to 1 (default: {default.iou:g}); "
        "models without suppression take no notice",
    )  # fmt: skip
    parser.add_argument("--classes", metavar="NAMES", default="", help="only these, with commas between (default: all)")
    parser.add_argument(
        "--most", type=_most, default=default.most, metavar="N",
        help=f"so many objects of a picture or frame, 1 to {MOST_OBJECTS} (default: {default.most})",
    )  # fmt: skip
    parser.add_argument("--agnostic", action="store_true", help="boxes of different classes suppress each other, too")
    parser.add_argument(
        "--rate", type=_within(0.2, 30), default=5.0, metavar="N",
        help="frames of each second of a clip that are looked at, 0.2 to 30 (default: 5)",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="FILE", default="",
        help="write, too: .png one picture with its objects, .mp4 one clip with them, .csv a table of any number of files",
    )  # fmt: skip
    parser.add_argument("--models-dir", metavar="DIR", default="", help="look here instead of the models folder")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Answer for each file, in their order."""
    settings = Settings.from_environment()
    files = [_file(file, settings) for file in given.files]
    out = _out(given.out, files)
    catalog = Catalog.read(models_folder(given.models_dir))
    card = chosen(catalog, given.model, OBJECTS, "finds no objects in pictures")
    thresholds = Thresholds(given.conf, given.iou, (), given.agnostic, given.most)
    records, drawn = _answers(settings, catalog, card, files, thresholds, given, out)
    if out is not None:
        _write(out, objects.table(records).encode() if out.suffix.lower() == ".csv" else drawn)
    if given.json:
        print(json.dumps(records, indent=2))
    else:
        _print(records, card)
    return DONE


def _file(file: str, settings: Settings) -> Photo | Path:
    """A picture's content, or where a clip lies."""
    path = Path(file)
    if path.suffix.lower() in SUFFIXES or (
        path.is_file() and is_clip(path)
    ):  # opening a pipe would wait for its writer
        return checked(file, settings.video_megabytes, "PLAYGROUND_VIDEO_MEGABYTES")
    return photo(file, settings)


def _out(text: str, files: Sequence[Photo | Path]) -> Path | None:
    """Where to write; known to be possible before anything is answered."""
    if not text:
        return None
    path = Path(text)
    if path.suffix.lower() not in WRITTEN:
        raise InputError(
            f"'{text}' cannot be written: name a file that ends in {', '.join(WRITTEN[:-1])} or {WRITTEN[-1]}."
        )
    for suffix, kind, what in ((".png", Photo, "picture"), (".mp4", Path, "clip")):
        if path.suffix.lower() == suffix and not (len(files) == 1 and isinstance(files[0], kind)):
            raise InputError(f"'{text}' holds one {what}: name one {what} alone, or write a table (.csv) instead.")
    try:
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise InputError(
                f"'{text}' cannot be written: {'it is a folder' if path.is_dir() else 'its folder is not there'}."
            )
        for file in files:
            if path.exists() and path.samefile(file.name if isinstance(file, Photo) else file):
                raise InputError(f"'{text}' is a file that is asked about; it is not overwritten. Name another.")
    except (OSError, ValueError) as error:
        raise InputError(
            f"'{text}' cannot be written: {getattr(error, 'strerror', None) or 'that is no file name'}."
        ) from None
    return path


def _answers(
    settings: Settings, catalog: Catalog, card: Card, files: Sequence[Photo | Path], thresholds: Thresholds,
    given: argparse.Namespace, out: Path | None,
) -> tuple[list[dict[str, Any]], bytes]:  # fmt: skip
    """A record for each file, and the content of the picture or clip that is to be written."""
    from playground.hub import detect, drawing, film  # torch and ultralytics: seconds, spent only on a valid wish
    from playground.hub.desk import Desk

    def say(words: str) -> None:
        if sys.stderr.isatty():
            print(words, file=sys.stderr)

    records: dict[int, dict[str, Any]] = {}
    drawn = b""
    desk = Desk.from_settings(settings, catalog.folder)
    try:
        with desk.detector(card, say) as model:
            wanted = replace(thresholds, classes=_classes(given.classes, model.names))
        photos = [(number, file) for number, file in enumerate(files) if isinstance(file, Photo)]
        for start in range(0, len(photos), TOGETHER):
            some = photos[start : start + TOGETHER]
            answers = detect.detect(desk, card, [Detect(file) for _, file in some], say)
            for (number, file), answer in zip(some, _good(answers, Detected), strict=True):
                found: tuple[Thing, ...] = things(answer, wanted)
                records[number] = objects.picture(file.name, card.name, found, answer.seconds)
                if out is not None and out.suffix.lower() == ".png":
                    drawn = _good(drawing.draw(desk, None, [Draw(file, found)], say), Drawn)[0].png
        for number, path in ((number, file) for number, file in enumerate(files) if isinstance(file, Path)):
            question = Film(
                str(path),
                str(path),
                _digest(path),
                given.rate,
                wanted,
                settings.video_seconds,
                megapixels=settings.video_megapixels,
            )
            (filmed,) = _good(film.film(desk, card, [question], say), Filmed)
            records[number] = objects.clip(str(path), card.name, filmed)
            drawn = filmed.mp4 if out is not None and out.suffix.lower() == ".mp4" else drawn
    finally:
        desk.close()
    return [records[number] for number in range(len(files))], drawn


def _good(answers: Sequence[A | PlaygroundError], kind: type[A]) -> list[A]:
    """Answers of which none is an error; the first error is raised."""
    for one in answers:
        if isinstance(one, PlaygroundError):
            raise one
    return [one for one in answers if isinstance(one, kind)]


def _classes(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """Numbers of the classes that were typed; capitals do not matter."""
    lower = {name.lower(): number for number, name in enumerate(names)}
    wanted = [word.strip() for word in text.split(",") if word.strip()]
    for word in wanted:
        if word.lower() not in lower:
            raise UnknownName("class", word[:80], names)
    return tuple(lower[word.lower()] for word in wanted)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"'{path}' cannot be written: {error.strerror}.") from None


def _print(records: Sequence[dict[str, Any]], card: Card) -> None:
    for one in records:
        if "frames" in one:
            print(f"{one['file']}  ({card.title}, {len(one['frames'])} frames, {one['seconds']:.1f} s)")
            for label, count in one["tracks"].items():
                print(f"  {count} {'track' if count == 1 else 'tracks'} of {label}")
            for note in one["notes"]:
                print(f"  {note}")
            continue
        counts = Counter(found["label"] for found in one["predictions"])
        told = ", ".join(f"{count} x {label}" for label, count in counts.most_common()) or "nothing"
        print(f"{one['file']}  ({card.title}, {1000 * one['seconds']:.0f} ms): {told}")
        for found in one["predictions"]:
            box = " ".join(f"{value:7.1f}" for value in found["box"])
            print(f"  {100 * found['score']:5.1f} %  {box}  {found['label']}")


def _within(low: float, high: float) -> Callable[[str], float]:
    """A number between two others, for argparse."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not {low:g} to {high:g}")
        return number

    return read


def _most(text: str) -> int:
    number = whole(text)
    if not 1 <= number <= MOST_OBJECTS:
        raise argparse.ArgumentTypeError(f"'{text}' is not 1 to {MOST_OBJECTS}")
    return number
