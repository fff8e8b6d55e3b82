"""Options of the command line: one for each field of an experiment, and the numbers beside them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from playground.specs.bounds import Bound, Choice, Numbers, Range, Several, Sizes, Toggle, WordList
from playground.specs.hyper import Hyper
from playground.specs.quoted import written
from playground.specs.spec import Spec

STYLE = argparse.RawDescriptionHelpFormatter
ENDS = "Exit status: 0 done, 1 diverged, 2 bad input, 130 interrupted."


def add_fields(parser: argparse.ArgumentParser, spec: type[Spec], leave_out: Sequence[str] = ()) -> None:
    """One option for each field of an experiment, described by its bound."""
    default = spec()
    for name, bound in spec.bounds().items():
        if name not in leave_out:
            shown = bound.write(getattr(default, name))
            words = f"{bound.label}. {bound.help}".strip() + f" {_allowed(bound)}".rstrip()
            help = f"{words} (default: {shown})" if shown else words
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, dest=name, metavar=_metavar(bound), help=help.replace("%", "%%"))


def values(given: argparse.Namespace, spec: type[Spec]) -> dict[str, Any]:
    """What the options say about an experiment's fields, read but not yet checked; only what was given."""
    bounds = spec.bounds()
    texts = {name: text for name in bounds if (text := getattr(given, name, None)) is not None}
    return {name: bounds[name].read(text) for name, text in texts.items()}


def _allowed(bound: Bound) -> str:
    match bound:
        case Range():
            return f"{written(bound.low)} to {written(bound.high)}{f' {bound.unit}' if bound.unit else ''}."
        case Sizes():
            return f"Up to {bound.longest} numbers of {bound.low} to {bound.high}, such as 8,8,8; - for none."
        case Choice() | Several():
            none = isinstance(bound, Several) and not bound.least
            return f"{'One' if isinstance(bound, Choice) else 'Some'} of {', '.join(bound.options())}{'; - for none' if none else ''}."
        case Numbers():
            return f"Up to {bound.longest} numbers of {bound.low:g} to {bound.high:g}, such as 0.5,1; - for none."
    return ""


def _metavar(bound: Bound) -> str:
    if isinstance(bound, Range):
        return "N"
    if isinstance(bound, Toggle):
        return "0|1"
    return "LIST" if isinstance(bound, Sizes | Several | Numbers | WordList | Hyper) else "NAME"


def port(text: str) -> int:
    """A port, for argparse."""
    number = whole(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; choose 1 to 65535")
    return number


def count(text: str) -> int:
    """A whole number from 1, for argparse."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1")
    return number


def whole(text: str) -> int:
    """A whole number, for argparse."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None
