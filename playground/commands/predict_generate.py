"""``playground predict generate``: pictures from random numbers, right here."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.catalog.scan_gan import generator_at
from playground.commands.models import models_folder
from playground.commands.options import STYLE, count, whole
from playground.commands.predict_files import chosen, place
from playground.commands.terminal import DONE, one_line
from playground.core.errors import InputError
from playground.core.generating import MOST_PICTURES, Whose
from playground.core.settings import Settings
from playground.functional.gan import Pair, pixels
from playground.functional.gan_latents import EACH, classes, sheet

TASK = "generate"
SCALES, FARTHEST = 16, 100.0
"""So many times as large a picture may be written, and so far one may go along a direction."""
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Made:
    """What was drawn.

    Attributes:
        pair: By which generator.
        latents: ``(n, latents)``.
        classes: ``(n,)`` or None.
        ink: ``(n, c, h, w)`` as the generator gives it.
        engine: What ran it, and where.
        readings: How its file can be read, the one taken first.
        notes: What has to be said of it.
        seconds: For drawing alone.
    """

    pair: Pair
    latents: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    ink: NDArray[np.float32]
    engine: str
    readings: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float


def add(tasks: Any) -> None:
    """Add the command to the command line."""
    parser = tasks.add_parser(
        TASK,
        help="draw pictures with a generator",
        description=(
            "Draw pictures with a generator, from the random numbers of a seed: the same seed gives the same pixels, and the first "
            "pictures of a seed are the same however many are drawn. They are written side by side into one PNG file."
        ),
        epilog="Exit status: 0 done, 2 bad input (nothing is written then).",
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--model",
        metavar="NAME|FILE",
        default="",
        help="a generator by its name, a file of weights (.pth, .pt, .ckpt, .safetensors), or a folder (default: the best on disk)",
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="what the random numbers are drawn with (default: 0)"
    )
    parser.add_argument(
        "--n", type=_n, default=16, metavar="N", help=f"so many pictures, 1 to {MOST_PICTURES} (default: 16)"
    )
    parser.add_argument(
        "--class",
        dest="wanted",
        metavar="CLASS",
        default="",
        help="a class by its name or number, where the generator knows classes (default: each in turn)",
    )
    parser.add_argument(
        "--moves", type=_moves, default=(), metavar="LIST",
        help="how far to go along its principal directions, strongest first, such as 1.5,0,-2 (default: nowhere)",
    )  # fmt: skip
    parser.add_argument("--out", metavar="FILE.png", default="", help="write the pictures into this file")
    parser.add_argument(
        "--columns", type=count, default=0, metavar="N", help="so many side by side (default: a square)"
    )
    parser.add_argument(
        "--scale",
        type=_scale,
        default=1,
        metavar="N",
        help=f"each pixel becomes N x N of the same, 1 to {SCALES} (default: 1)",
    )
    parser.add_argument(
        "--npz", metavar="FILE.npz", default="",
        help="write the numbers, too: pictures (n, h, w) or (n, h, w, 3) from 0 to 1, latents, classes",
    )  # fmt: skip
    parser.add_argument(
        "--reading", metavar="NAME", default="", help="how to read a file whose shapes leave several ways open"
    )
    parser.add_argument("--models-dir", metavar="DIR", default="", help="look here instead of the models folder")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Draw, and write what was asked for."""
    if not given.out and not given.npz:
        raise InputError(
            "Say where the pictures are to go: --out FILE.png, or --npz FILE.npz for the numbers, or both."
        )
    out, npz = (_writable(name, end) for name, end in ((given.out, ".png"), (given.npz, ".npz")))
    settings = Settings.from_environment()
    card, folder = _model(given.model, given.models_dir)
    made = _drawn(given, settings, card, folder)
    shown = pixels(made.pair, made.ink)
    row: dict[str, Any] = {
        "model": card.name,
        "seed": given.seed,
        "n": given.n,
        "classes": None if made.classes is None else [made.pair.classes[k] for k in made.classes],
        "file": given.out or None,
        "npz": given.npz or None,
        "shape": list(shown.shape if shown.shape[3] == 3 else shown.shape[:3]),
        "latents": made.pair.latents,
        "engine": made.engine,
        "reading": made.readings[0] or None,
        "readings": [one for one in made.readings if one],
        "seconds": round(made.seconds, 6),
    }
    columns = min(given.columns or math.ceil(math.sqrt(given.n)), given.n)
    try:
        if out is not None:
            side_by_side(shown, columns, given.scale).save(out, "PNG")
        if npz is not None:
            _numbers(npz, made)
    except OSError as error:
        raise InputError(f"The file cannot be written: {error.strerror or error}.") from None
    if given.json:
        print(json.dumps(row, indent=2))
    else:
        _print(row, card, made)
    return DONE


def side_by_side(pictures: NDArray[np.uint8], columns: int, scale: int = 1) -> Image.Image:
    """Pictures ``(n, h, w, c)`` as one, row by row without gaps; places that are left over are black."""
    n, high, wide, channels = pictures.shape
    rows = -(-n // columns)
    filled = np.zeros((rows * columns, high, wide, channels), np.uint8)
    filled[:n] = pictures
    page = (
        filled.reshape(rows, columns, high, wide, channels)
        .swapaxes(1, 2)
        .reshape(rows * high, columns * wide, channels)
    )
    page = page.repeat(scale, 0).repeat(scale, 1)
    return Image.fromarray(page[..., 0] if channels == 1 else page)


def _model(name: str, models_dir: str) -> tuple[Card, Path]:
    """The generator and the folder that it lies in: by its name, or by a file or folder of its own."""
    catalog = Catalog.read(models_folder(models_dir))
    known = catalog.known(name) if name else None
    if not name or (known is not None and catalog.here(known)) or not place(name).exists():
        return chosen(catalog, name, (TASK,), "draws no pictures"), catalog.folder
    path = place(name)
    path = (
        path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    )  # the very name: it says what the file is
    return generator_at(path), path.parent


def _drawn(given: argparse.Namespace, settings: Settings, card: Card, folder: Path) -> Made:
    from playground.hub.desk import Desk, device_of  # torch: seconds, spent only on a valid wish
    from playground.hub.generate import at_hand, checked, drawn_by, known

    def say(words: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{words}\x1b[K", end="", file=sys.stderr, flush=True)

    desk = Desk.from_settings(settings, folder)
    try:
        with at_hand(desk, card, Whose(reading=given.reading), say) as generator:
            pair = generator.pair
            numbers = classes(pair, given.n, _class(pair, given.wanted))
            directions = known(generator)[0] if any(given.moves) else None
            latents, numbers = checked(pair, sheet(pair, given.seed, given.n, given.moves, directions), numbers)
            began = time.perf_counter()
            ink = drawn_by(generator, latents, numbers)
            seconds = time.perf_counter() - began
            engine = f"{generator.engine} on {device_of(generator)}"
            return Made(pair, latents, numbers, ink, engine, generator.readings, generator.notes, seconds)
    finally:
        desk.close()
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _class(pair: Pair, wanted: str) -> int:
    """The number of a class that was typed, by its name first; ``EACH`` where none was."""
    if not wanted:
        return EACH
    if not pair.classes:
        raise InputError("This generator knows no classes; leave --class out.")
    if wanted in pair.classes:
        return pair.classes.index(wanted)
    named = ", ".join(pair.classes[:20])
    if not wanted.isdecimal() or not 0 <= int(wanted) < len(pair.classes):
        raise InputError(
            f"There is no class '{wanted[:40]}'; this generator's are 0 to {len(pair.classes) - 1}, or by name: {named}."
        )
    return int(wanted)


def _numbers(path: Path, made: Made) -> None:
    ink = made.ink if made.pair.span == "sigmoid" else (made.ink + 1) / 2
    pictures = np.clip(np.nan_to_num(ink), 0, 1).transpose(0, 2, 3, 1).astype(np.float32)
    arrays = {"pictures": pictures if pictures.shape[3] == 3 else pictures[..., 0], "latents": made.latents}
    if made.classes is not None:
        arrays["classes"] = made.classes
    with path.open("wb") as file:  # under the very name: NumPy would put its own end behind another
        np.savez(file, **arrays)


def _writable(name: str, end: str) -> Path | None:
    """Where to write; refused before anything is drawn where it cannot be."""
    if not name:
        return None
    path = place(name)
    if path.suffix.lower() != end:
        raise InputError(f"'{name[-80:]}' does not end in {end}, which is what is written; name a {end} file.")
    if path.is_dir():
        raise InputError(f"'{name[-80:]}' is a folder; name a {end} file.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {str(path.parent)[-80:]} to write into.")
    return path


def _print(row: dict[str, Any], card: Card, made: Made) -> None:
    n, high, wide = row["shape"][:3]
    colour = "colour" if len(row["shape"]) == 4 else "grey"
    print(
        f"{one_line(card.title)}: {n} {'picture' if n == 1 else 'pictures'} of {wide} x {high} pixels in {colour}, seed {row['seed']}"
    )
    for name in (row["file"], row["npz"]):
        if name:
            print(f"  {one_line(str(name))}")
    if row["classes"]:
        asked = list(dict.fromkeys(row["classes"]))
        print(f"  asked for: {one_line(', '.join(asked))}")
    print(f"  {1000 * row['seconds']:.0f} ms, {row['engine']}")
    if len(made.readings) > 1:
        print("  Its file can be read in several ways; the first was taken, --reading NAME takes another:")
        for name in made.readings:
            print(f"    {one_line(name)}")
    for note in made.notes:
        print(f"  {one_line(note)}")


def _seed(text: str) -> int:
    return _within(text, 0, LARGEST_SEED)


def _n(text: str) -> int:
    return _within(text, 1, MOST_PICTURES)


def _scale(text: str) -> int:
    return _within(text, 1, SCALES)


def _within(text: str, low: int, high: int) -> int:
    number = whole(text)
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"'{text}' is not {low} to {high}")
    return number


def _moves(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(word) for word in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers such as 1.5,0,-2") from None
    if not all(math.isfinite(one) and abs(one) <= FARTHEST for one in found):
        raise argparse.ArgumentTypeError(f"'{text}': each number is {-FARTHEST:g} to {FARTHEST:g}")
    return found
