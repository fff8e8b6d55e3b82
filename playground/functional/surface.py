"""What a surface carries in the registry, and how one gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from playground.core.registry import Entry, Registry, first_line
from playground.functional.ops import Array

Point: TypeAlias = tuple[float, float]
Height: TypeAlias = Callable[[Array, Array], Array]
Slope: TypeAlias = Callable[[Array, Array], tuple[Array, Array]]


@dataclass(frozen=True, kw_only=True)
class Surface(Entry):
    """A landscape to walk down: a loss of one or two weights that can be seen whole.

    Attributes:
        function: Its height at each pair of elements of ``x`` and ``y``. A surface of one dimension ignores ``y``.
        gradient: Its slope along ``x`` and along ``y`` at the same places.
        formula: The height, for KaTeX.
        domain: The part worth seeing, ``((x0, x1), (y0, y1))``.
        start: A place to start from that shows what is special about it.
        minima: Where it is known to be lowest nearby; more than one, not all equally low, where there are several.
        dimensions: 1 for a curve over ``x``, 2 for a surface.
    """

    function: Height
    gradient: Slope
    formula: str
    domain: tuple[Point, Point]
    start: Point
    minima: tuple[Point, ...]
    dimensions: Literal[1, 2]


def register(
    registry: Registry[Surface],
    function: Height,
    title: str,
    formula: str,
    source: str,
    *,
    domain: tuple[Point, Point],
    start: Point,
    minima: tuple[Point, ...],
    dimensions: Literal[1, 2] = 2,
) -> Callable[[Slope], Slope]:
    """Registers ``function`` together with the decorated gradient; its docstring's first line is the summary."""

    def decorate(gradient: Slope) -> Slope:
        registry.add(
            Surface(
                name=function.__name__,
                title=title,
                summary=first_line(function.__doc__),
                source=source,
                function=function,
                gradient=gradient,
                formula=formula,
                domain=domain,
                start=start,
                minima=minima,
                dimensions=dimensions,
            )
        )
        return gradient

    return decorate
