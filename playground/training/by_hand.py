"""A number of the network set by hand."""

from __future__ import annotations

import numpy as np

from playground.core.errors import InputError
from playground.core.events import Edit
from playground.engine.contract import Engine

LARGEST = 1000.0


def put(engine: Engine, edit: Edit) -> None:
    """Set one weight or bias; raises ``InputError`` where there is none such, or the value is none."""
    layers = engine.weights()
    matrix = layers.weights[edit.layer] if 0 <= edit.layer < len(layers.weights) else np.empty((0, 0))
    sources = range(matrix.shape[1])
    if edit.to not in range(len(matrix)) or not (edit.source is None or edit.source in sources):
        raise InputError("This network has no such weight or bias.")
    if not abs(edit.value) <= LARGEST:
        raise InputError(f"'{edit.value:g}' cannot be set; write a number from -{LARGEST:g} to {LARGEST:g}.")
    engine.put(edit.layer, edit.to, edit.source, edit.value)
