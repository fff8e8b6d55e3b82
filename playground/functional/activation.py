"""What an activation carries in the registry, and how one gets there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from playground.core.registry import Entry, Registry, Span, first_line
from playground.functional.ops import Array

Elementwise: TypeAlias = Callable[..., Array]  # of an array, and of parameters by name


@dataclass(frozen=True, kw_only=True)
class Activation(Entry):
    """An activation function.

    Attributes:
        function: The value at each element of an array.
        derivative: The slope at each element.
        torch: Its name in ``torch.nn.functional`` or ``torch``; empty where there is none.
        init: The initialisation that suits it, a name in ``INITIALISERS``.
        formula: The definition, for KaTeX.
        parameters: What function and derivative can be given by name beside ``x``; each has a default.
        trainable: Whether networks may be trained with it here. A step has no slope to follow, and the slope of a PReLU
            is itself learnt, which only its own page does.
    """

    function: Elementwise
    derivative: Elementwise
    torch: str
    init: str
    formula: str
    parameters: Mapping[str, Span] = field(default_factory=dict)
    trainable: bool = True


def register(
    registry: Registry[Activation],
    function: Elementwise,
    title: str,
    formula: str,
    source: str,
    *,
    torch: str | None = None,
    init: str = "he_normal",
    parameters: Mapping[str, tuple[float, float, float]] = MappingProxyType({}),
    trainable: bool = True,
) -> Callable[[Elementwise], Elementwise]:
    """Registers ``function`` together with the decorated derivative; its docstring's first line is the summary.

    ``torch`` is given only where torch calls it by another name, or has none; ``parameters`` as low, high, default.
    """

    def decorate(derivative: Elementwise) -> Elementwise:
        registry.add(
            Activation(
                name=function.__name__,
                title=title,
                summary=first_line(function.__doc__),
                source=source,
                function=function,
                derivative=derivative,
                torch=function.__name__ if torch is None else torch,
                init=init,
                formula=formula,
                parameters=MappingProxyType({name: Span(*span) for name, span in parameters.items()}),
                trainable=trainable,
            )
        )
        return derivative

    return decorate
