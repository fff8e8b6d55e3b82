"""``playground models``: what there is, what is on disk, and bringing, checking and deleting it."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.catalog import folder as on_disk
from playground.catalog.card import Card, Starter
from playground.catalog.download import fetch
from playground.catalog.listing import Catalog
from playground.catalog.typed import parse
from playground.commands.predict_files import place
from playground.commands.terminal import DONE, one_line
from playground.core import paths
from playground.core.errors import InputError
from playground.core.settings import Settings

FAILED = 1


def add(commands: Any) -> None:
    """Add the command to the command line."""
    models = commands.add_parser("models", help="list, fetch, check and delete pretrained models", allow_abbrev=False)
    what = models.add_subparsers(metavar="WHAT", required=True)
    help_of = dict.fromkeys(("verify", "remove"), "name of a model")
    help_of["pull"] = "name of a model, or any of timm's (resnet34, resnet34.a1_in1k)"
    for name, help, do in (
        ("list", "every model: what it is, whether it is on disk", _list),
        ("pull", "fetch models", _pull),
        ("verify", "read models on disk again and compare their hashes", _verify),
        ("remove", "delete models", _remove),
        ("prune", "delete what broken downloads left", _prune),
    ):
        parser = what.add_parser(name, help=help, allow_abbrev=False)
        if name in ("pull", "verify", "remove"):
            parser.add_argument("names", metavar="NAME", nargs="*" if name == "verify" else "+", help=help_of[name])
        parser.add_argument("--models-dir", metavar="DIR", default="", help="look here instead of the models folder")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.set_defaults(do=do)


def models_folder(given: str) -> Path:
    """The folder that was named, which must be there; else this installation's own."""
    if not given:
        return paths.models_folder(Settings.from_environment())
    folder = place(given)
    if not folder.is_dir():
        raise InputError(f"There is no folder {given}; name one that holds models, or leave --models-dir out.")
    return folder


def _list(given: argparse.Namespace) -> int:
    catalog = Catalog.read(models_folder(given.models_dir))
    rows = [row(catalog, card) for card in catalog.cards.values()]
    if given.json:
        wrong = [{"path": found.path, "problem": found.problem} for found in catalog.problems]
        print(json.dumps({"folder": str(catalog.folder), "models": rows, "problems": wrong}, indent=2))
        return DONE
    width = max(len(str(one["name"])) for one in rows)
    for one in rows:
        where = f"{one['bytes_on_disk'] / 1e6:7,.1f} MB on disk" if one["on_disk"] else "      not on disk"
        print(f"{one['name']:{width}}  {one['task']:9} {where}  {one_line(one['title'])}")
    for found in catalog.problems:
        print(one_line(f"{found.path}: {found.problem}"), file=sys.stderr)
    return DONE


def row(catalog: Catalog, card: Card) -> dict[str, Any]:
    """A model with what is known of it, JSON-ready."""
    record = catalog.record(card)
    return {
        **{item.name: getattr(card, item.name) for item in dataclasses.fields(card) if item.name != "source"},
        "source": str(card.source),
        "on_disk": catalog.here(card),
        "bytes_on_disk": record.bytes if record else card.bytes if isinstance(card.source, Starter) else 0,
        "commit": record.commit if record else "",
        "sha256": {name: held.sha256 for name, held in record.files.items()} if record else card.sha256,
    }


def _pull(given: argparse.Namespace) -> int:
    settings, folder = Settings.from_environment(), models_folder(given.models_dir)
    catalog = Catalog.read(folder)
    cards = [_wanted(catalog, name) for name in given.names]
    for card in cards:
        if isinstance(card.source, Starter):
            raise InputError(f"{card.title} is not downloaded: it {card.source}.")
    rows = []
    for card in cards:
        began = time.perf_counter()
        record = fetch(
            card, folder, quota=int(settings.models_gigabytes * 1e9), offline=bool(settings.offline),
            progress=_bar(card) if sys.stderr.isatty() and not given.json else None,
        )  # fmt: skip
        rows.append({**row(catalog, card), "seconds": round(time.perf_counter() - began, 3)})
        if not given.json:
            print(f"{card.name}: {record.bytes / 1e6:,.1f} MB from {record.source}")
    if given.json:
        print(json.dumps(rows, indent=2))
    return DONE


def _wanted(catalog: Catalog, text: str) -> Card:
    """A card of ours, or any other classifier of timm's by its name there; then timm itself is asked, which takes seconds."""
    known = catalog.known(text)
    if known is not None:
        return known
    parse(text)
    from playground.hub.named import card  # imports torch and timm

    return card(text)


def _bar(card: Card) -> Callable[[int, int], None]:
    """One line on the terminal that fills."""

    def show(done: int, total: int) -> None:
        share = done / total if total else 0.0
        filled = "#" * round(30 * share)
        end = "\n" if total and done >= total else ""
        text = f"\r{card.name} [{filled:<30}] {done / 1e6:,.1f} of {total / 1e6:,.1f} MB"
        print(text, end=end, file=sys.stderr, flush=True)

    return show


def _verify(given: argparse.Namespace) -> int:
    folder = models_folder(given.models_dir)
    catalog = Catalog.read(folder)
    cards = [catalog[name] for name in given.names] or [c for c in catalog.cards.values() if catalog.record(c)]
    found = {card.name: on_disk.verify(card, folder) for card in cards}
    if given.json:
        print(json.dumps([{"name": name, "problems": problems} for name, problems in found.items()], indent=2))
    else:
        for name, problems in found.items():
            print(f"{name}: {' '.join(problems) or 'as it was fetched'}")
    return FAILED if any(found.values()) else DONE


def _remove(given: argparse.Namespace) -> int:
    folder = models_folder(given.models_dir)
    catalog = Catalog.read(folder)
    cards = [catalog[name] for name in given.names]
    freed = {card.name: catalog.remove(card) for card in cards}
    _say_freed(freed, given.json)
    return DONE


def _prune(given: argparse.Namespace) -> int:
    folder = models_folder(given.models_dir)
    _say_freed({"prune": Catalog.read(folder).prune()}, given.json)
    return DONE


def _say_freed(freed: dict[str, int], as_json: bool) -> None:
    if as_json:
        print(json.dumps([{"name": name, "freed_bytes": count} for name, count in freed.items()], indent=2))
    else:
        for name, count in freed.items():
            print(f"{name}: {count / 1e6:,.1f} MB freed")
