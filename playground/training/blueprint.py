"""From an experiment to what an engine is built from: its data prepared, its initial weights drawn. NumPy only."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.data.dataset import Dataset
from playground.data.prepare import Prepared, prepare
from playground.data.registry import DATASETS
from playground.engine.contract import Blueprint, Layers
from playground.functional.initial import INITIALISERS, draw_biases
from playground.optim.rules import RULES
from playground.specs.mlp import OWN, MLPSpec


def prepared_data(spec: MLPSpec, data: Dataset | None = None) -> Prepared:
    """The data of an experiment, split and scaled.

    Args:
        spec: A checked experiment.
        data: The visitor's own table, where ``spec.dataset`` is ``"own"``; otherwise left out.

    Raises:
        InputError: An own table is wanted and not there.
        SpecError: The chosen loss does not fit the target.
    """
    if data is None:
        if spec.dataset == OWN:
            raise InputError(
                "This experiment learns from an own table, and none was given; upload it, or name its file."
            )
        data = DATASETS[spec.dataset].make(spec.samples, spec.noise, spec.seed)
    spec.loss_for(data.task)
    return prepare(data, spec.features, spec.train_share, spec.seed)


def initial_layers(spec: MLPSpec, sizes: tuple[int, ...]) -> Layers:
    """Initial weights and biases, float64; each layer draws each of them from a stream of its own."""
    name = spec.init_for()
    weights, biases = [], []
    for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
        drawn = INITIALISERS[name].draw(fan_in, fan_out, generator(spec.seed, Stream.WEIGHTS, layer))
        weights.append(np.asarray(drawn, dtype=np.float64))
        spread = draw_biases(fan_out, generator(spec.seed, Stream.WEIGHTS, layer, 1))
        biases.append(np.zeros(fan_out) if name == "zeros" else spread)
    return Layers(tuple(weights), tuple(biases))


def live_settings(spec: MLPSpec) -> dict[str, float]:
    """The settings an engine may be given mid-run, by the names it knows.

    With AdamW the field ``l2`` is the rule's own decoupled weight decay (Loshchilov and Hutter, 2019), and no term is
    added to the gradient.
    """
    hyper = RULES[spec.optimizer].hyper
    decoupled = "weight_decay" in hyper
    settings = {"lr": spec.lr, "l1": spec.l1, "l2": 0.0 if decoupled else spec.l2, "dropout": spec.dropout}
    if decoupled:
        settings["weight_decay"] = spec.l2
    if "momentum" in hyper:
        settings["momentum"] = spec.momentum
    return settings


def blueprint(spec: MLPSpec, prepared: Prepared, device: str = "auto") -> Blueprint:
    """What an engine needs to train this experiment on this data."""
    sizes = (prepared.train.x.shape[1], *spec.hidden, prepared.outputs)
    settings = live_settings(spec)
    hyper: Mapping[str, Any] = RULES[spec.optimizer].hyper
    return Blueprint(
        sizes=sizes,
        activation=spec.activation,
        loss=spec.loss_for(prepared.task),
        task=prepared.task,
        rule=spec.optimizer,
        hyper={name: float(settings.get(name, default)) for name, default in hyper.items()},
        lr=spec.lr,
        start=initial_layers(spec, sizes),
        l1=spec.l1,
        l2=settings["l2"],
        dropout=spec.dropout,
        seed=spec.seed,
        batch_size=spec.batch_size,
        device=device,
    )


def penalty(spec: MLPSpec, layers: Layers) -> float:
    """What L1 and L2 add to the loss at these weights; AdamW's decoupled decay adds nothing."""
    l2 = live_settings(spec)["l2"]
    total = 0.0
    for weights in layers.weights:
        total += spec.l1 * float(np.abs(weights).sum()) + 0.5 * l2 * float(np.square(weights).sum())
    return total
