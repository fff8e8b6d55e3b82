"""What PyTorch's automatic differentiation says about a small network, computed in a worker: no page imports torch.

How a page uses it::

    answer = autograd.check(weights, biases, x, targets, "tanh", "mse")
    one_step.show(..., check=answer if isinstance(answer, Check) else None)
    if answer is None:
        autograd.look_again()  # runs the page again once the answer is there
    elif isinstance(answer, str):
        st.caption(answer)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike, NDArray

from playground.ui import provider, visitors
from playground.ui.parts.one_step import Check

LIBRARY = "PyTorch autograd"
MOST_NUMBERS, MOST_SAMPLES = 4096, 64
_SECONDS = 0.4


def check(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    x: ArrayLike,
    targets: ArrayLike,
    activation: str,
    loss: str,
) -> Check | str | None:
    """The gradients of the mean loss of one batch, by torch's autograd in double precision.

    Returns at once, whatever the workers do: the first call sends the question on its way, later calls with the same
    numbers find the answer. Every visitor has few questions under way at a time; one more simply waits (``None``).

    Args:
        weights: One matrix ``(fan_out, fan_in)`` a layer; the last layer's outputs stay raw.
        biases: One vector ``(fan_out,)`` a layer.
        x: Inputs, ``(n, fan_in)``, at most ``MOST_SAMPLES``.
        targets: As the loss wants them, ``(n, outputs)``.
        activation: Name in ``ACTIVATIONS``.
        loss: Name in ``LOSSES``.

    Returns:
        What autograd says; ``None`` while that is not known yet (see ``look_again``); words for a person where it
        cannot be known.
    """
    arrays = ([_doubles(one) for one in weights], [_doubles(one) for one in biases], _doubles(x), _doubles(targets))
    numbers = sum(one.size for one in (*arrays[0], *arrays[1]))
    if numbers > MOST_NUMBERS or len(arrays[2]) > MOST_SAMPLES:
        return "This network or batch is too large for the comparison with autograd."
    answer = provider.manager().errands.ask(visitors.current(), "autograd", (*arrays, activation, loss))
    if answer is None or isinstance(answer, str):
        return answer
    return Check(LIBRARY, tuple(answer[0]), tuple(answer[1]))


def look_again() -> None:
    """Run the page again as soon as an answer is there; call it at the end of a page that got ``None``."""
    _wait()


@st.fragment(run_every=_SECONDS)
def _wait() -> None:
    if provider.manager().errands.due(visitors.current()):
        st.rerun()


def _doubles(array: ArrayLike) -> NDArray[np.float64]:
    return np.ascontiguousarray(array, dtype=np.float64)
