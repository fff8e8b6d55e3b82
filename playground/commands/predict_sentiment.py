"""``playground predict sentiment``: how texts feel, right here."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.catalog.scan import configuration
from playground.catalog.scan_text import text_folder
from playground.commands.models import models_folder
from playground.commands.options import STYLE
from playground.commands.predict_files import checked, chosen, place
from playground.commands.terminal import DONE, one_line
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.language import LONGEST_TEXT, MOST_TEXTS, JudgedMany, JudgeMany
from playground.core.settings import Settings
from playground.data.text_cleaning import readable
from playground.data.text_lists import TextFile, read_texts

TASK = "sentiment"
STDIN = "-"
SHOWN = 90


def add(tasks: Any) -> None:
    """Add the command to the command line."""
    parser = tasks.add_parser(
        TASK,
        help="how a text feels",
        description=(
            "Sort texts by how they feel, or by whatever else the model was trained for. A text that is longer than the model "
            "reads at once is read in overlapping parts."
        ),
        epilog="Put -- before texts that begin with a dash. Exit status: 0 done, 2 bad input (nothing is answered then).",
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    parser.add_argument("texts", metavar="TEXT", nargs="*", help="a text; - for standard input, a text a line")
    parser.add_argument(
        "--file", metavar="FILE", default="", help="texts from a file: a line each, or a CSV or TSV table"
    )
    parser.add_argument("--column", metavar="NAME", default="", help="which column of it (default: the likeliest)")
    parser.add_argument(
        "--model",
        metavar="NAME|DIR",
        default="",
        help="a model, or a folder of transformers' (default: the best on disk)",
    )
    parser.add_argument("--models-dir", metavar="DIR", default="", help="look here instead of the models folder")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Answer for each text, in their order."""
    settings = Settings.from_environment()
    texts, own = _texts(given, settings)
    card, folder = _model(given.model, given.models_dir)
    rows = list(_rows(texts, own, _answers(settings, card, folder, texts)))
    if given.json:
        print(json.dumps(rows, indent=2))
    else:
        _print(rows)
    return DONE


def _texts(given: argparse.Namespace, settings: Settings) -> tuple[list[str], bool]:
    """All texts, and whether they were typed: then each must have something in it."""
    if given.file and given.texts:
        raise InputError("Give texts or --file, not both.")
    if given.file or given.texts == [STDIN]:
        file = _file(given.file, settings)
        column = given.column or file.likely
        for note in file.notes if not given.json else ():
            print(note, file=sys.stderr)
        if len(file.columns) > 1 and not given.column:
            print(f"The texts are taken from '{column}' (--column names another).", file=sys.stderr)
        return list(file.column(column)), False
    if given.column:
        raise InputError("--column names a column of a file; give one with --file.")
    if not given.texts:
        raise InputError("There is no text: give some, a file with --file, or - to read standard input.")
    for number, text in enumerate(given.texts, 1):
        if not text.strip():
            raise InputError(f"Text {number} is empty; leave it out or type a sentence.")
    return list(given.texts), True


def _file(name: str, settings: Settings) -> TextFile:
    if name:
        path = checked(name, settings.upload_megabytes, "PLAYGROUND_UPLOAD_MEGABYTES", "one file of texts")
        content = path.read_bytes()
    else:
        content = sys.stdin.buffer.read(settings.upload_megabytes * 1_000_000 + 1)
    return read_texts(
        content,
        name or "Standard input",
        max_bytes=settings.upload_megabytes * 1_000_000,
        max_rows=settings.upload_rows,
        max_columns=settings.upload_columns,
    )


def _model(name: str, models_dir: str) -> tuple[Card, Path]:
    """The model and the folder that it lies in: by its name, or by a folder of its own."""
    catalog = Catalog.read(models_folder(models_dir))
    known = catalog.known(name) if name else None
    if not name or (known is not None and catalog.here(known)) or not place(name).is_dir():
        return chosen(catalog, name, (TASK,), "does not judge texts"), catalog.folder
    folder = place(name).resolve()
    if not (folder / "config.json").is_file():
        raise ModelUnavailable(f"{name} holds no model: there is no config.json in it. Name a folder of transformers'.")
    try:
        card = text_folder(folder, folder.name, configuration(folder / "config.json"))
    except ModelUnavailable as error:
        raise ModelUnavailable(f"{name} cannot be used: {error}") from None
    if card is None:
        raise ModelUnavailable(f"{name} holds no model that judges texts. Name a folder of transformers'.")
    return card, folder.parent


def _answers(settings: Settings, card: Card, folder: Path, texts: Sequence[str]) -> list[JudgedMany]:
    """Answers for all texts, so many at a time as may be asked about in one go."""
    for number, text in enumerate(texts, 1):
        if len(text) > LONGEST_TEXT:
            raise InputError(
                f"Text {number:,} has {len(text):,} characters; at most {LONGEST_TEXT:,} are read in one go. Shorten or split it."
            )
    from playground.hub.desk import Desk  # torch and transformers: seconds, spent only on a valid wish
    from playground.hub.sentiment import judge_many

    def say(words: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{words}\x1b[K", end="", file=sys.stderr, flush=True)

    desk = Desk.from_settings(settings, folder)
    found = []
    try:
        for start in range(0, len(texts), MOST_TEXTS):
            (one,) = judge_many(desk, card, [JudgeMany(tuple(texts[start : start + MOST_TEXTS]))], say)
            if isinstance(one, PlaygroundError):
                raise one
            found.append(one)
    finally:
        desk.close()
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return found


def _rows(texts: Sequence[str], typed: bool, answers: Sequence[JudgedMany]) -> Iterator[dict[str, Any]]:
    labels = answers[0].labels
    judged = (pair for one in answers for pair in zip(one.scores.tolist(), one.windows.tolist(), strict=True))
    for number, (text, (scores, windows)) in enumerate(zip(texts, judged, strict=True), 1):
        if not windows:
            if typed:
                raise InputError(f"There is nothing in text {number} that can be read: no letters, digits or signs.")
            yield {"text": text, "label": None, "score": None, "scores": {}, "windows": 0}
            continue
        best = max(range(len(labels)), key=scores.__getitem__)
        named = dict(zip(labels, scores, strict=True))
        yield {"text": text, "label": labels[best], "score": scores[best], "scores": named, "windows": windows}


def _print(rows: Sequence[dict[str, Any]]) -> None:
    wide = max((len(row["label"]) for row in rows if row["label"]), default=0)
    for row in rows:
        text = one_line(readable(row["text"])[0])
        text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        parts = f"  ({row['windows']} parts)" if row["windows"] > 1 else ""
        said = f"{row['label']:<{wide}}  {100 * row['score']:5.1f} %" if row["windows"] else f"{'':<{wide}}  nothing"
        print(f"{said}  {text}{parts}")
