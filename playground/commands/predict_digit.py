"""``playground predict digit``: which digit was drawn, written or photographed, right here, in NumPy alone."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from playground.commands.options import STYLE
from playground.commands.predict_files import photo
from playground.commands.terminal import DONE
from playground.core.settings import Settings
from playground.data.pictures import read_picture
from playground.functional import digit_readers, mnist_style

TASK = "digit"
SIDE = 1600
"""Of a larger picture no more pixels a side are looked at."""


def add(tasks: Any) -> None:
    """Add the command to the command line."""
    parser = tasks.add_parser(
        TASK,
        help="which digit was drawn",
        description="Read one digit in each picture: drawn, written or photographed, light on dark or dark on light. It is cut "
        "out and prepared as MNIST's digits were.",
        epilog="Exit status: 0 done, 2 bad input (nothing is answered then). 'digit' is null where a picture shows none.",
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a picture with one digit")
    parser.add_argument(
        "--model", metavar="FILE|DIR", default="",
        help="a trained network: a folder or zip with model.safetensors and card.json, or the file (default: the starter CNN)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="as JSON, a line for each file")
    parser.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Answer for each file, in their order."""
    settings = Settings.from_environment()
    photos = [photo(file, settings) for file in given.files]
    reader = (
        digit_readers.opened(*digit_readers.located(Path(given.model))) if given.model else digit_readers.starter("cnn")
    )
    for one in photos:
        started = time.perf_counter()
        picture = read_picture(
            one.content, one.name, megabytes=settings.picture_megabytes, megapixels=settings.picture_megapixels
        ).image
        picture.thumbnail((SIDE, SIDE))
        steps = mnist_style.steps(np.asarray(picture))
        sure = reader.read(steps.digit[None])[0]
        seconds = time.perf_counter() - started
        digit = None if steps.empty else int(sure.argmax())
        confidence = 0.0 if digit is None else float(sure[digit])
        if given.json:
            row = {
                "file": one.name, "digit": digit, "confidence": round(confidence, 6),
                "probabilities": [] if digit is None else [round(float(p), 6) for p in sure], "seconds": round(seconds, 6),
            }  # fmt: skip
            print(json.dumps(row), flush=True)
        elif digit is None:
            print(f"{one.name}  nothing stands out from the ground", flush=True)
        else:
            print(f"{one.name}  {digit}  {100 * confidence:5.1f} %  ({1000 * seconds:.0f} ms)", flush=True)
    return DONE
