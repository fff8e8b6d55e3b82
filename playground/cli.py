"""The command line: ``playground serve | list | run``. Everything runs here, in this process.

Exit status: 0 when it was done, 1 when a run diverged, 2 for bad input (one line says what is wrong), 130 after Ctrl-C,
141 when whoever read the output stopped reading.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from playground import __version__
from playground.core.errors import InputError, PlaygroundError, SpecError, UnknownName
from playground.core.events import Diverged, EpochEnded, Finished
from playground.core.settings import Settings
from playground.data.dataset import Dataset
from playground.data.registry import DATASETS
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.functional.losses import LOSSES
from playground.optim.rules import RULES
from playground.specs.bounds import Bound, Choice, Range, Several, Sizes, WordList
from playground.specs.mlp import OWN, MLPSpec
from playground.specs.spec import Spec

DONE, DIVERGED, BAD_INPUT, INTERRUPTED, NO_READER = 0, 1, 2, 130, 141

KINDS: Mapping[str, Mapping[str, Any]] = {
    "activations": ACTIVATIONS,
    "datasets": DATASETS,
    "initialisations": INITIALISERS,
    "losses": LOSSES,
    "optimizers": RULES,
    "settings": {},
}

EXAMPLES = """\
examples:
  playground serve --port 8501
  playground list optimizers
  playground run mlp --dataset spiral --hidden 8,8,8 --epochs 200 --json --every 10
  playground run mlp --csv wine.csv --target quality --epochs 50
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"playground: {_one_line(message)} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the exit status."""
    try:
        given = _parser().parse_args(argv)
        status: int = given.do(given)
        sys.stdout.flush()
        return status
    except PlaygroundError as error:
        print(f"playground: {_one_line(str(error))}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("playground: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Python would flush once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER


def _parser() -> argparse.ArgumentParser:
    style = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="playground",
        description="See how deep learning works: serve the playground, or train its networks right here.",
        epilog=EXAMPLES,
        formatter_class=style,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"playground {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="serve the pages to a browser", allow_abbrev=False)
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all (default: %(default)s)"
    )
    serve.add_argument("--port", type=_port, default=8501, metavar="N", help="port to listen on (default: %(default)s)")
    serve.set_defaults(do=_serve)

    listing = commands.add_parser("list", help=f"list {', '.join(KINDS)}", allow_abbrev=False)
    listing.add_argument("kind", metavar="KIND", help=f"one of {', '.join(KINDS)}")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(do=_list)

    run = commands.add_parser("run", help="train a network in this terminal", allow_abbrev=False)
    kinds = run.add_subparsers(metavar="WHAT", required=True)
    mlp = kinds.add_parser(
        "mlp",
        help="a multilayer perceptron",
        description="Train a multilayer perceptron. The same settings and seed give the same numbers as on the page.",
        epilog="Exit status: 0 done, 1 diverged, 2 bad input, 130 interrupted.",
        formatter_class=style,
        allow_abbrev=False,
    )
    mlp.add_argument("--csv", metavar="FILE", help="learn from your own table, with --target, --columns, --target-kind")
    _add_fields(mlp, MLPSpec, leave_out=("table",))
    mlp.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    mlp.add_argument("--json", action="store_true", help="one JSON object per epoch on a line; the last has done: true")
    mlp.add_argument("--every", type=_count, metavar="N", help="tell only every N-th epoch")
    mlp.set_defaults(do=_run_mlp)
    return parser


def _add_fields(parser: argparse.ArgumentParser, spec: type[Spec], leave_out: Sequence[str]) -> None:
    """One option for each field of an experiment, described by its bound."""
    default = spec()
    for name, bound in spec.bounds().items():
        if name not in leave_out:
            shown = bound.write(getattr(default, name))
            words = f"{bound.label}. {bound.help}".strip() + f" {_allowed(bound)}".rstrip()
            help = f"{words} (default: {shown})" if shown else words
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, dest=name, metavar=_metavar(bound), help=help.replace("%", "%%"))


def _allowed(bound: Bound) -> str:
    match bound:
        case Range():
            return f"{bound.low:g} to {bound.high:g}{f' {bound.unit}' if bound.unit else ''}."
        case Sizes():
            return f"Up to {bound.longest} numbers of {bound.low} to {bound.high}, such as 8,8,8; - for none."
        case Choice() | Several():
            return f"{'One' if isinstance(bound, Choice) else 'Some'} of {', '.join(bound.options())}."
    return ""


def _metavar(bound: Bound) -> str:
    if isinstance(bound, Range):
        return "N"
    return "LIST" if isinstance(bound, Sizes | Several | WordList) else "NAME"


def _serve(given: argparse.Namespace) -> int:
    from playground.ui.serve import serve  # Streamlit and uvicorn: only where they are wanted

    serve(given.host, given.port)
    return DONE


def _list(given: argparse.Namespace) -> int:
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


def _run_mlp(given: argparse.Namespace) -> int:
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
                    _tell({"epoch": event.epoch, **metrics}, given.json)
            elif isinstance(event, Finished | Diverged):
                last: dict[str, Any] = {"done": True, "epoch": event.epoch}
                last |= {"diverged": event.message, **metrics} if isinstance(event, Diverged) else event.metrics
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                _tell({**last, **times}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> tuple[MLPSpec, Dataset | None]:
    """The experiment that the options describe, checked, and the table it names."""
    bounds = MLPSpec.bounds()
    texts = {name: text for name in bounds if (text := getattr(given, name, None)) is not None}
    values = {name: bounds[name].read(text) for name, text in texts.items()}
    if given.csv is None:
        if own := [name for name in ("columns", "target", "target_kind") if name in values]:
            raise SpecError(f"--{own[0].replace('_', '-')} is about your own table; name its file with --csv.")
        return MLPSpec(**values).checked(), None
    if values.setdefault("dataset", OWN) != OWN:
        raise SpecError(f"--csv and --dataset {values['dataset']} exclude each other; leave one out.")
    spec = MLPSpec(**values).checked()
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


def _tell(row: Mapping[str, Any], as_json: bool) -> None:
    """One line, at once."""
    finite = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()
    }
    if as_json:
        print(json.dumps(finite), flush=True)
    else:
        words = [f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items()]
        print("  ".join(words).replace("done True  ", "done  ").replace("_", " "), flush=True)


def _port(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; choose 1 to 65535")
    return number


def _count(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1")
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
