"""How a data set joins the registry: one decorated function.

Import the filled registry from ``playground.data.registry``; this module only holds what its parts need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from playground.core.errors import InputError
from playground.core.registry import Entry, Registry, first_line
from playground.data.dataset import Dataset, Task

Maker: TypeAlias = Callable[[int, float, int], Dataset]

MOST_POINTS = 100_000


@dataclass(frozen=True, kw_only=True)
class DatasetEntry(Entry):
    """A data set that anyone may choose by name.

    Attributes:
        task: What there is to learn; see ``Dataset.task``.
        drawn: ``True`` where points are drawn (number, noise and seed matter), ``False`` for a measured table.
        function: ``(n, noise, seed) -> Dataset`` as it was written; call ``make``, which checks what it is given.
    """

    task: Task
    drawn: bool
    function: Maker

    def make(self, n: int, noise: float, seed: int) -> Dataset:
        """The data.

        Args:
            n: How many points to draw; a table ignores it.
            noise: How far they stray from the clean pattern, in percent, 0 to 50; a table ignores it.
            seed: The same seed draws the same points; a table ignores it.

        Raises:
            InputError: Where ``n`` or ``noise`` is outside its range.
        """
        if not 2 <= n <= MOST_POINTS:
            raise InputError(f"{n} points were asked for; choose from 2 to {MOST_POINTS:,}.")
        if not 0 <= noise <= 50:
            raise InputError(f"A noise of {noise:g} % was asked for; choose from 0 to 50.")
        return self.function(n, noise, seed)


DATASETS: Registry[DatasetEntry] = Registry("data set")


def dataset(name: str, *, title: str, task: Task, source: str, drawn: bool = True) -> Callable[[Maker], Maker]:
    """Register the decorated function ``(n, noise, seed) -> Dataset``; its docstring's first line is the summary."""

    def register(function: Maker) -> Maker:
        summary = first_line(function.__doc__)
        DATASETS.add(
            DatasetEntry(
                name=name, title=title, summary=summary, source=source, task=task, drawn=drawn, function=function
            )
        )
        return function

    return register
