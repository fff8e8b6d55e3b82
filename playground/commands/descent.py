"""``playground run descent``: walk down a surface right here; NumPy alone."""

from __future__ import annotations

import argparse
from typing import Any

from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.errors import SpecError
from playground.optim.descent import Paths
from playground.optim.rules import RULES
from playground.specs.descent import OWN, DescentSpec
from playground.specs.hyper import split


def add(kinds: Any) -> None:
    """Add the command to the command line."""
    descent = kinds.add_parser(
        "descent",
        help="gradient descent on a surface",
        description="Walk down a surface, or a formula of your own, with one optimizer or several.",
        epilog=ENDS,
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    add_fields(descent, DescentSpec)
    descent.add_argument("--json", action="store_true", help="one JSON object per step on a line")
    descent.add_argument("--every", type=count, metavar="N", help="tell only every N-th step")
    descent.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Walk, and tell each step."""
    spec = _experiment(given)
    paths = spec.paths()
    every = given.every or (1 if given.json else max(1, spec.steps // 20))
    for index, name in enumerate(spec.optimizer):
        last = int(paths.ended[index])
        for step in range(last + 1):
            if step % every == 0 or step == last:
                tell(_row(paths, index, step, name if len(spec.optimizer) > 1 else ""), given.json)
        if not given.json:
            outcome = paths.outcomes[index]
            print(f"{RULES[name].title}: {outcome.words} {outcome.advice}".rstrip())
    return DIVERGED if paths.failed.any() else DONE


def _row(paths: Paths, run: int, step: int, name: str) -> dict[str, Any]:
    """One step of one run; the optimizer is named where there are several."""
    x, y = (float(value) for value in paths.positions[run, step])
    row = {"step": step, "x": x, "y": y, "loss": float(paths.losses[run, step])}
    return {"optimizer": name, **row} if name else row


def _experiment(given: argparse.Namespace) -> DescentSpec:
    """The experiment that the options describe, checked."""
    fields = values(given, DescentSpec)
    if "formula" in fields and fields.setdefault("surface", OWN) != OWN:
        raise SpecError(f"--formula and --surface {fields['surface']} exclude each other; leave one out.")
    if "extent" in fields and fields.get("surface") != OWN:
        raise SpecError("--extent is about your own formula; write it with --formula.")
    spec = DescentSpec(**fields).checked()
    for rule, name, _ in map(split, spec.hyper):
        if rule not in spec.optimizer:
            raise SpecError(f"--hyper {rule}.{name}: {RULES[rule].title} does not take part; name it with --optimizer.")
    return spec
