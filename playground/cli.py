"""The command line: ``playground serve | list | models | datasets | predict | run``. Everything runs here, in this process.

Exit status: 0 when it was done, 1 when a run diverged, 2 for bad input (one line says what is wrong), 130 after Ctrl-C,
141 when whoever read the output stopped reading.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from playground import __version__
from playground.commands import cnn, datasets, descent, finetune, gan, listing, mlp, models, predict
from playground.commands.options import STYLE, port
from playground.commands.terminal import BAD_INPUT, DONE, INTERRUPTED, NO_READER, one_line
from playground.core import libraries, paths
from playground.core.errors import PlaygroundError

EXAMPLES = """\
examples:
  playground serve --port 8501
  playground list optimizers
  playground models pull resnet18
  playground datasets pull mnist
  playground predict classify cat.jpg --model resnet18 --json
  playground predict detect street.jpg --classes person,bus --out found.png
  playground run mlp --dataset spiral --hidden 8,8,8 --epochs 200 --json --every 10
  playground run mlp --csv wine.csv --target quality --epochs 50
  playground run descent --surface rosenbrock --optimizer adam --lr 0.02 --start=-1.2,1 --json
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"playground: {one_line(message)} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the exit status."""
    libraries.set_up(paths.models_place(os.environ.get("PLAYGROUND_MODELS", "")))
    try:
        given = _parser().parse_args(argv)
        status: int = given.do(given)
        sys.stdout.flush()
        return status
    except PlaygroundError as error:
        print(f"playground: {one_line(str(error))}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("playground: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Python would flush once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="playground",
        description="See how deep learning works: serve the playground, or train its networks right here.",
        epilog=EXAMPLES,
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"playground {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="serve the pages to a browser", allow_abbrev=False)
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all (default: %(default)s)"
    )
    serve.add_argument("--port", type=port, default=8501, metavar="N", help="port to listen on (default: %(default)s)")
    serve.set_defaults(do=_serve)

    listing.add(commands)
    models.add(commands)
    datasets.add(commands)
    predict.add(commands)
    run = commands.add_parser(
        "run", help="train a network, or walk down a surface, in this terminal", allow_abbrev=False
    )
    kinds = run.add_subparsers(metavar="WHAT", required=True)
    mlp.add(kinds)
    cnn.add(kinds)
    finetune.add(kinds)
    gan.add(kinds)
    descent.add(kinds)
    return parser


def _serve(given: argparse.Namespace) -> int:
    from playground.ui.serve import serve  # Streamlit and uvicorn: only where they are wanted

    serve(given.host, given.port)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
