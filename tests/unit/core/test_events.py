"""Events and commands travel between processes: plain, picklable, and not to be changed on the way."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any, get_args

import pytest

from playground.core import events

EXAMPLES: dict[str, Any] = {
    "epoch": 3, "step": 70, "device": "CPU", "message": "words", "metrics": {"train_loss": 0.5}, "seconds": 0.25,
    "frame": b"\1\2", "scene": None, "state": b"npz", "note": "", "view": {"axes": [0, 1]}, "settings": {"lr": 0.1},
    "layer": 1, "to": 0, "source": None, "value": -0.5,
    "rows": (0, 2), "first": 10, "total": 100, "x": ((0.5, 1.0),), "t": ((1.0,),), "inputs": ("x1", "x2"), "outputs": ("y",),
    "weights": ((0.1,),), "biases": ((0.2,),), "weight_gradients": ((0.3,),), "bias_gradients": ((0.4,),),
    "new_weights": ((0.5,),), "new_biases": ((0.6,),), "activation": "tanh", "loss": "mse", "rule": "sgd",
}  # fmt: skip


@pytest.mark.parametrize("kind", [*get_args(events.Event), *get_args(events.Command)], ids=lambda kind: kind.__name__)
def test_each_survives_pickling_and_cannot_be_changed(kind: type[Any]) -> None:
    values = {item.name: EXAMPLES[item.name] for item in dataclasses.fields(kind)}
    if kind is events.Show:
        values = {"scene": True, "note": {"speed": 10}}
    made = kind(**values)
    assert pickle.loads(pickle.dumps(made)) == made
    assert kind.__doc__
    for name in values:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, name, None)
