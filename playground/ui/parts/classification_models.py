"""Which models classify, and what each of them can say at all."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.ui import provider
from playground.ui.parts.model_menu import Menu

MENU = Menu(
    ("classify",),
    "does not classify pictures.",
    "Nothing else is on disk, so the small model that comes with the playground answers.",
    ("model", "second"),
    {"target": -1, "stage": 0},
)
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True)
class Space:
    """What a model can say at all.

    Attributes:
        count: How many classes.
        names: Their names where the model brings its own.
        score: What is compared with the threshold for "none of my classes"; empty where there is none.
        threshold: Below it the model says that.
    """

    count: int
    names: tuple[str, ...] = ()
    score: str = ""
    threshold: float = 0.0

    @property
    def words(self) -> str:
        """``ten classes``, ``1,000 classes``."""
        return f"{in_words(self.count)} class{'es' if self.count != 1 else ''}"


def in_words(number: int) -> str:
    """Small numbers as a word, others in groups of three."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def percent(share: float, places: int = 1) -> str:
    """``71.3 %`` of a share; what is not quite nothing, or not quite all, is not called so."""
    shown, least = 100 * share, 10.0**-places
    if share > 0 and round(shown, places) == 0:
        return f"less than {least:.{places}f} %"
    if share < 1 and round(shown, places) == 100:
        return f"more than {100 - least:.{places}f} %"
    return f"{shown:.{places}f} %"


def space(card: Card) -> Space | None:
    """What a model that is on disk can say, by its own configuration; ``None`` where that cannot be read."""
    path = on_disk.place(card, provider.catalog().folder) / "config.json"
    try:
        return _space(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@functools.lru_cache(maxsize=64)
def _space(path: Path, version: int) -> Space | None:
    """The same for one version of the file."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict):
        return None
    inner = said.get("pretrained_cfg")
    both: list[dict[str, Any]] = [said, inner if isinstance(inner, dict) else {}]
    count = next((one["num_classes"] for one in both if isinstance(one.get("num_classes"), int)), 0)
    names: list[Any] = next((one["label_names"] for one in both if isinstance(one.get("label_names"), list)), [])
    refusal = said.get("refusal")
    rule: dict[str, Any] = refusal if isinstance(refusal, dict) else {}
    threshold = rule.get("threshold")
    if not isinstance(threshold, int | float):
        return Space(count, tuple(map(str, names)))
    return Space(count, tuple(map(str, names)), str(rule.get("score", "")), float(threshold))
