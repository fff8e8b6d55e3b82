"""``playground run mlp``: train a multilayer perceptron right here."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.errors import InputError, SpecError
from playground.core.events import Diverged, EpochEnded, Finished
from playground.data.dataset import Dataset
from playground.specs.mlp import OWN, MLPSpec


def add(kinds: Any) -> None:
    """Add the command to the command line."""
    mlp = kinds.add_parser(
        "mlp",
        help="a multilayer perceptron",
        description="Train a multilayer perceptron. The same settings and seed give the same numbers as on the page.",
        epilog=ENDS,
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    mlp.add_argument("--csv", metavar="FILE", help="learn from your own table, with --target, --columns, --target-kind")
    add_fields(mlp, MLPSpec, leave_out=("table",))
    mlp.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    mlp.add_argument("--json", action="store_true", help="one JSON object per epoch on a line; the last has done: true")
    mlp.add_argument("--every", type=count, metavar="N", help="tell only every N-th epoch")
    mlp.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Train, and tell each epoch."""
    began = time.perf_counter()
    spec, data = _experiment(given)
    from playground.training.supervised import fit  # torch: two seconds, spent only on a valid experiment

    every = given.every or (1 if given.json else max(1, spec.epochs // 20))
    if data is not None and not given.json:
        for note in data.notes:
            print(note)
    metrics: Mapping[str, float] = {}
    computation = fit(spec, data=data, device=given.device)
    try:
        for event in computation:
            if isinstance(event, EpochEnded):
                metrics = event.metrics
                if event.epoch % every == 0 or event.epoch == spec.epochs:
                    tell({"epoch": event.epoch, **metrics}, given.json)
            elif isinstance(event, Finished | Diverged):
                last: dict[str, Any] = {"done": True, "epoch": event.epoch}
                last |= {"diverged": event.message, **metrics} if isinstance(event, Diverged) else event.metrics
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                tell({**last, **times}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> tuple[MLPSpec, Dataset | None]:
    """The experiment that the options describe, checked, and the table it names."""
    fields = values(given, MLPSpec)
    if given.csv is None:
        if own := [name for name in ("columns", "target", "target_kind") if name in fields]:
            raise SpecError(f"--{own[0].replace('_', '-')} is about your own table; name its file with --csv.")
        return MLPSpec(**fields).checked(), None
    if fields.setdefault("dataset", OWN) != OWN:
        raise SpecError(f"--csv and --dataset {fields['dataset']} exclude each other; leave one out.")
    spec = MLPSpec(**fields).checked()
    return spec, _table(spec, given.csv)


def _table(spec: MLPSpec, file: str) -> Dataset:
    from playground.data.table import read_table

    try:
        content = Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is no file name"
        raise InputError(f"'{file}' cannot be read: {reason}.") from error
    table = read_table(content, file, max_bytes=200_000_000, max_rows=1_000_000, max_columns=10_000)
    return table.dataset(spec.columns, spec.target, spec.target_kind)
