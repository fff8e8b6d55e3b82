"""The few settings that an update rule has of its own, beside the learning rate: what each may be, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.core.errors import SpecError, UnknownName
from playground.optim.rules import RULES
from playground.specs.bounds import Bound, Mode, Range
from playground.specs.quoted import shown

SETTINGS: Mapping[str, Range] = {
    "momentum": Range(0, 0.999, step=0.001, label="Momentum", help="Share of its velocity that it keeps at each step."),
    "beta1": Range(0, 0.999, step=0.001, label="β₁", help="How long it remembers the gradient: its velocity."),
    "beta2": Range(0, 0.9999, step=0.0001, label="β₂", help="How long it remembers the gradient's size."),
    "alpha": Range(0, 0.9999, step=0.0001, label="α", help="How long it remembers the gradient's size."),
    "rho": Range(0, 0.999, step=0.001, label="ρ", help="How long it remembers the size of gradients and of steps."),
    "weight_decay": Range(0, 1, log=True, label="Weight decay", help="How much each step shrinks the weights."),
    "momentum_decay": Range(0, 1, log=True, label="Warm-up of β₁", help="How quickly its momentum grows at first."),
    "eps": Range(1e-12, 1, log=True, label="ε", help="Keeps a division from being one by zero."),
}
"""What a setting may be, whichever rule has it."""

_ITEM = re.compile(r"\s*([a-z0-9_]+)\.([a-z0-9_]+)\s*=\s*(\S+)\s*")


def setting(name: str) -> Range:
    """The bound of a setting; one that is not known by name may be any number from 0 to 1."""
    return SETTINGS.get(name, Range(0, 1, label=name.replace("_", " ").capitalize()))


def split(item: str) -> tuple[str, str, float]:
    """Rule, setting and value of a checked item such as ``adam.beta1=0.8``."""
    place, _, value = item.partition("=")
    rule, _, name = place.partition(".")
    return rule, name, float(value)


def join(rule: str, name: str, value: float) -> str:
    """The item that ``split`` takes apart."""
    return f"{rule}.{name}={setting(name).write(value)}"


@dataclass(frozen=True)
class Hyper(Bound):
    """Settings of update rules that differ from the rules' own, each written ``rule.setting=value``."""

    def check(self, value: Any, mode: Mode) -> tuple[str, ...]:
        """Each setting once (the last word counts), only those that differ from the rule's own, in the rules' order."""
        items = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else (value,)
        found: dict[tuple[str, str], float] = {}
        for item in items:
            match = _ITEM.fullmatch(item) if isinstance(item, str) else None
            if match is None:
                raise SpecError(f"{shown(item)} is not of the form rule.setting=value, such as adam.beta1=0.8.")
            rule, name, text = match.groups()
            if rule not in RULES:
                raise SpecError(str(UnknownName("optimizer", rule[:60], RULES)))
            if name not in RULES[rule].hyper:
                has = ", ".join(RULES[rule].hyper) or "none"
                raise SpecError(f"{RULES[rule].title} has no setting {shown(name)}; it has {has}.")
            try:
                found[rule, name] = float(setting(name).check(setting(name).read(text), mode))
            except SpecError as error:
                raise SpecError(f"{RULES[rule].title}, {name}: {error}") from None
        return tuple(
            join(rule, name, found[rule, name])
            for rule, entry in RULES.items()
            for name, own in entry.hyper.items()
            if found.get((rule, name), own) != own
        )

    def write(self, value: Any) -> str:
        """Items joined by commas; none at all is written ``-``."""
        return ",".join(value) or "-"

    def read(self, text: str) -> tuple[str, ...]:
        """See ``Bound.read``."""
        return () if text.strip() == "-" else tuple(part.strip() for part in text.split(",") if part.strip())
