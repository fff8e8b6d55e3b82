"""``playground predict generate``: pictures from random numbers, right here."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from typing import Any

from playground.commands.options import STYLE, count, whole
from playground.commands.predict_generate_files import Made, side_by_side, writable, write_numbers
from playground.commands.predict_generate_model import TASK, Chosen, model
from playground.commands.terminal import DONE, one_line
from playground.core.errors import InputError
from playground.core.generating import MOST_PICTURES, Whose
from playground.core.settings import Settings
from playground.functional.gan import Pair, pixels
from playground.functional.gan_latents import EACH, classes, sheet

SCALES, FARTHEST = 16, 100.0
"""So many times as large a picture may be written, and so far one may go along a direction."""
LARGEST_SEED = 2**31 - 1


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
        help="a generator by its name, or a file of weights (.pth, .pt, .ckpt, .safetensors), a folder or a zip (default: the best on "
        "disk)",
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
        help="how far to go along its principal directions, strongest first, such as --moves=-1.5,0,2 (default: nowhere)",
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
    out, npz = (writable(name, end) for name, end in ((given.out, ".png"), (given.npz, ".npz")))
    settings = Settings.from_environment()
    chosen = model(given.model, given.models_dir)
    made = _drawn(given, settings, chosen)
    shown = pixels(made.pair, made.ink)
    row: dict[str, Any] = {
        "model": chosen.name,
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
            write_numbers(npz, made)
    except OSError as error:
        raise InputError(f"The file cannot be written: {error.strerror or error}.") from None
    if given.json:
        print(json.dumps(row, indent=2))
    else:
        _print(row, chosen.title, made)
    return DONE


def _drawn(given: argparse.Namespace, settings: Settings, chosen: Chosen) -> Made:
    from playground.hub.desk import Desk, device_of  # torch: seconds, spent only on a valid wish
    from playground.hub.generate import at_hand, checked, drawn_by, known

    def say(words: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{words}\x1b[K", end="", file=sys.stderr, flush=True)

    desk = Desk.from_settings(settings, chosen.folder)
    try:
        with at_hand(desk, chosen.card, Whose(chosen.own, given.reading), say) as generator:
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


def _print(row: dict[str, Any], title: str, made: Made) -> None:
    n, high, wide = row["shape"][:3]
    colour = "colour" if len(row["shape"]) == 4 else "grey"
    print(
        f"{one_line(title)}: {n} {'picture' if n == 1 else 'pictures'} of {wide} x {high} pixels in {colour}, seed {row['seed']}"
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
