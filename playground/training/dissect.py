"""What the next step of a run will do, without doing it: the batch, the gradients, the weights afterwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.events import Dissected
from playground.data.prepare import Prepared
from playground.engine import autograd
from playground.engine.contract import Array, Engine, Layers
from playground.specs.mlp import MLPSpec
from playground.training.blueprint import live_settings
from playground.training.stored import Position


def dissected(
    spec: MLPSpec, prepared: Prepared, engine: Engine, at: Position, rows: NDArray[np.intp], x: Array, t: Array
) -> Dissected:
    """The next step of a run, which afterwards goes on as if nobody had asked.

    The engine takes the step and is brought back to where it was, so that the new weights are those of its own update
    rule with all that rule remembers. Dropout is off meanwhile: the step is the one that the whole network would take.

    Args:
        spec: The experiment, with its live settings as they are now.
        prepared: Its data.
        engine: What carries out the steps.
        at: Where the run stands.
        rows: Numbers of the batch's rows in the training part.
        x: The batch as the engine takes it.
        t: Its targets.
    """
    settings = live_settings(spec)
    before, loss = engine.weights(), spec.loss_for(prepared.task)
    try:
        slopes = Layers(*autograd.gradients(before.weights, before.biases, x, t, spec.activation, loss))
    except InputError:  # too large to be worth it; the picture says that there is no comparison
        slopes = Layers((), ())
    after = _after(engine, x, t, at.step, settings["dropout"])
    return Dissected(
        epoch=at.epoch,
        step=at.step,
        rows=rows,
        first=at.seen,
        total=len(prepared.train),
        x=np.array(x),
        t=np.array(t),
        inputs=prepared.features,
        outputs=prepared.classes if prepared.task == "classes" else (prepared.target,),
        weights=before.weights,
        biases=before.biases,
        weight_gradients=slopes.weights,
        bias_gradients=slopes.biases,
        new_weights=after.weights,
        new_biases=after.biases,
        activation=spec.activation,
        loss=loss,
        rule=spec.optimizer,
        settings=settings,
    )


def _after(engine: Engine, x: Array, t: Array, number: int, dropout: float) -> Layers:
    """The parameters after one more step; the engine is as before, whatever happens."""
    kept = engine.state()
    engine.change({"dropout": 0.0})
    try:
        engine.step(x, t, number)
        return engine.weights()
    finally:
        engine.load(kept)
        engine.change({"dropout": dropout})
