"""``playground list``: what there is to choose from."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from playground.commands.terminal import DONE
from playground.core.errors import UnknownName
from playground.core.settings import Settings
from playground.data.registry import DATASETS
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.functional.losses import LOSSES
from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES

KINDS: Mapping[str, Mapping[str, Any]] = {
    "activations": ACTIVATIONS,
    "datasets": DATASETS,
    "initialisations": INITIALISERS,
    "losses": LOSSES,
    "optimizers": RULES,
    "schedules": SCHEDULES,
    "settings": {},
    "surfaces": SURFACES,
}


def add(commands: Any) -> None:
    """Add the command to the command line."""
    listing = commands.add_parser("list", help=f"list {', '.join(KINDS)}", allow_abbrev=False)
    listing.add_argument("kind", metavar="KIND", help=f"one of {', '.join(KINDS)}")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Print one kind."""
    if given.kind not in KINDS:
        raise UnknownName("kind", given.kind[:60], KINDS)
    rows = _settings() if given.kind == "settings" else [_plain(entry) for entry in KINDS[given.kind].values()]
    if given.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return DONE
    columns = list(rows[0])[:3]
    widths = [max(len(str(row[column])) for row in rows) for column in columns[:-1]]
    for row in rows:
        cells = [str(row[column]).ljust(width) for column, width in zip(columns, widths, strict=False)]
        print("  ".join([*cells, str(row[columns[-1]])]))
    return DONE


def _settings() -> list[dict[str, Any]]:
    """The environment variables of a server."""
    return [
        {"name": f"PLAYGROUND_{item.name.upper()}", "default": item.default, "summary": item.metadata["help"]}
        for item in dataclasses.fields(Settings)
    ]


def _plain(entry: Any) -> dict[str, Any]:
    """What of a registry's entry can be written down: everything but its functions."""
    plain: dict[str, Any] = {}
    for item in dataclasses.fields(entry):
        value = getattr(entry, item.name)
        if isinstance(value, str | bool | int | float):
            plain[item.name] = value
        elif isinstance(value, Mapping):
            plain[item.name] = dict(value)
        elif isinstance(value, frozenset):
            plain[item.name] = sorted(value)
    return plain
