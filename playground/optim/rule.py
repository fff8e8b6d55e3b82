"""What an update rule carries in the registry, and how one gets there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry, first_line

Array: TypeAlias = NDArray[np.floating[Any]]
State: TypeAlias = tuple[Array, Array, Array, Array]
Step: TypeAlias = Callable[..., State]


@dataclass(frozen=True, kw_only=True)
class Rule(Entry):
    """An update rule.

    Attributes:
        step: From parameters ``theta``, gradient ``g``, three memories, the number ``t`` of this step (from 1), the
            learning rate and the hyper-parameters to the new parameters and memories.
        lr: A learning rate to start from.
        hyper: Default hyper-parameters, in the order in which ``step`` takes them.
        torch: The class in ``torch.optim``.
        torch_args: What that class is given beside ``lr`` to be this rule with the default hyper-parameters. A
            hyper-parameter has the name of torch's argument (``momentum``, ``alpha``, ``weight_decay`` ...), but for
            ``beta1`` and ``beta2``, which torch takes as ``betas``.
        formula: One step, for KaTeX.
        memory: What the memories in use hold, in order, as a person reads it: ``velocity`` (a mean of gradients, drawn
            as an arrow), ``squared gradient`` (per axis) ...
    """

    step: Step
    lr: float
    hyper: Mapping[str, float]
    torch: str
    formula: str
    torch_args: Mapping[str, Any] = field(default_factory=dict)
    memory: tuple[str, ...] = ()


def register(
    registry: Registry[Rule],
    title: str,
    formula: str,
    source: str,
    *,
    lr: float,
    hyper: Mapping[str, float] = MappingProxyType({}),
    torch: str,
    torch_args: Mapping[str, Any] = MappingProxyType({}),
    memory: tuple[str, ...] = (),
) -> Callable[[Step], Step]:
    """Registers the decorated step; its docstring's first line is the summary."""

    def decorate(step: Step) -> Step:
        registry.add(
            Rule(
                name=step.__name__,
                title=title,
                summary=first_line(step.__doc__),
                source=source,
                step=step,
                lr=lr,
                hyper=MappingProxyType(dict(hyper)),
                torch=torch,
                torch_args=MappingProxyType(dict(torch_args)),
                formula=formula,
                memory=memory,
            )
        )
        return step

    return decorate
