"""What can be submitted, by name: the web process knows the words, the worker imports what they stand for.

That is how the web process stays free of torch: it never imports a module of ``COMPUTATIONS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from playground.core.errors import UnknownName
from playground.core.events import Computation

COMPUTATIONS: Mapping[str, str] = {"mlp": "playground.training.supervised:fit"}
FUNCTIONS: Mapping[str, str] = {"autograd": "playground.engine.autograd:gradients"}
"""What a worker may be asked to compute in one go, beside its runs."""
SPECS: Mapping[str, str] = {"mlp": "playground.specs.mlp:MLPSpec"}


def resolve(kind: str, table: Mapping[str, str]) -> Any:
    """Import what a kind of run stands for in a table of ``module:name``.

    Raises:
        UnknownName: The table has no such kind.
    """
    if kind not in table:
        raise UnknownName("kind of run", kind, table)
    module, _, name = table[kind].partition(":")
    return getattr(importlib.import_module(module), name)


def computation(kind: str, table: Mapping[str, str] = COMPUTATIONS) -> Callable[..., Computation]:
    """The function ``fit(spec, *, state=None, data=None)`` of a kind, imported at its first call (most import torch)."""

    def function(*args: Any, **kwargs: Any) -> Computation:
        made: Computation = resolve(kind, table)(*args, **kwargs)
        return made

    return function
