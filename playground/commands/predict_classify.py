"""``playground predict classify``: what is in pictures, right here."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.commands.models import models_folder
from playground.commands.options import STYLE, whole
from playground.commands.predict_files import chosen, photo
from playground.commands.terminal import DONE
from playground.core.errors import PlaygroundError
from playground.core.settings import Settings
from playground.core.vision import MOST_ANSWERS, Classified, Classify, Photo

TASK = "classify"


def add(tasks: Any) -> None:
    """Add the command to the command line."""
    parser = tasks.add_parser(
        TASK,
        help="what is in a picture",
        description="Name what is in pictures: the likeliest classes of each. All files go through the network together.",
        epilog="Exit status: 0 done, 2 bad input (nothing is answered then).",
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a picture")
    parser.add_argument("--model", metavar="NAME", default="", help="which model (default: the best that is on disk)")
    parser.add_argument(
        "--top", type=_top, default=5, metavar="N", help=f"so many classes, 1 to {MOST_ANSWERS} (default: 5)"
    )
    parser.add_argument("--models-dir", metavar="DIR", default="", help="look here instead of the models folder")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Answer for each file, in their order."""
    settings = Settings.from_environment()
    photos = [photo(file, settings) for file in given.files]
    catalog = Catalog.read(models_folder(given.models_dir))
    card = chosen(catalog, given.model, (TASK,), "does not classify pictures")
    answers, refuses = _answers(settings, catalog, card, photos, given.top)
    if given.json:
        rows = [_row(one, card, answer, refuses) for one, answer in zip(photos, answers, strict=True)]
        print(json.dumps(rows, indent=2))
    else:
        _print(photos, card, answers)
    return DONE


def _answers(
    settings: Settings, catalog: Catalog, card: Card, photos: Sequence[Photo], top: int
) -> tuple[list[Classified], bool]:
    """An answer for each photo, and whether the model knows how to refuse one."""
    from playground.hub.answers import classify  # torch and timm: seconds, spent only on a valid wish
    from playground.hub.desk import Desk

    def say(words: str) -> None:
        if sys.stderr.isatty():
            print(words, file=sys.stderr)

    desk = Desk.from_settings(settings, catalog.folder)
    try:
        found = classify(desk, card, [Classify(one, top) for one in photos], say)
        with desk.classifier(card) as model:
            refuses = model.refusal is not None
    finally:
        desk.close()
    wrong = next((one for one in found if isinstance(one, PlaygroundError)), None)
    if wrong is not None:
        raise wrong
    return [one for one in found if isinstance(one, Classified)], refuses


def _row(asked: Photo, card: Card, answer: Classified, refuses: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": asked.name,
        "model": card.name,
        "predictions": [{"label": one.label, "index": one.index, "score": one.score} for one in answer.predictions],
        "seconds": round(answer.seconds, 6),
    }
    return row | {"refused": answer.refused} if refuses else row


def _print(photos: Sequence[Photo], card: Card, answers: Sequence[Classified]) -> None:
    for asked, answer in zip(photos, answers, strict=True):
        print(f"{asked.name}  ({card.title}, {1000 * answer.seconds:.0f} ms)")
        if answer.refused:
            print("  none of its classes, it says; the likeliest would be:")
        for one in answer.predictions:
            print(f"  {100 * one.score:5.1f} %  {one.label}")


def _top(text: str) -> int:
    number = whole(text)
    if not 1 <= number <= MOST_ANSWERS:
        raise argparse.ArgumentTypeError(f"'{text}' is not 1 to {MOST_ANSWERS}")
    return number
