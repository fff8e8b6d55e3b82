"""Make a quicker copy of a classifier, and measure it.

PyTorch and ONNX Runtime answer in turn, so that whatever else the machine does meets both. It runs in a process of its own
(``making``).
"""

from __future__ import annotations

import json
import pickle
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.exports import Export
from playground.hub import classify, fast
from playground.hub.classify import Classifier, softmax
from playground.hub.configuration import short
from playground.hub.fast import INPUT, Order

ROUNDS = 9
WORTH = 1.05
"""A way that is quicker by less than this is not taken: another measurement would say otherwise."""


def make(order: Order) -> Export:
    """Write a copy to where it is ordered, and tell what it gives."""
    torch.set_num_threads(order.threads)
    classifier = classify.plain(order.card, order.folder)
    photos = classifier.arrays(scenes(6))
    export(classifier, order)
    quick = fast.Fast(order.path)
    by_torch = [softmax(classifier.by_torch(part)) for part in (photos[:1], photos[1:])]
    by_quick = [softmax(quick(part) / np.float32(classifier.temperature)) for part in (photos[:1], photos[1:])]
    difference = float(np.abs(np.concatenate(by_torch) - np.concatenate(by_quick)).max())
    speed_up, channels_last = _measured(classifier, quick, photos[:1])
    used = speed_up > WORTH and difference <= order.equal
    return Export(used, round(speed_up, 3), difference, order.path.stat().st_size if used else 0, channels_last)


def export(classifier: Classifier, order: Order) -> None:
    """Write a network as ONNX, for batches of any size."""
    sample = torch.zeros(2, *classifier.input_size)  # of one picture the exporter would think that it is always one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's, on its own inner life
        program = torch.onnx.export(
            classifier.network, (sample,), dynamo=True, verbose=False, input_names=[INPUT], output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("pictures")},),
        )  # fmt: skip
        cast(Any, program).save(order.path)


def scenes(count: int) -> list[Image.Image]:
    """Pictures with large and small structures, as photos have them (their strength falls with their fineness)."""
    random = np.random.default_rng(0)
    found = []
    for _ in range(count):
        sum_ = np.zeros((320, 400, 3))
        for cells in (3, 6, 12, 24, 48, 96):
            patch = Image.fromarray(random.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
            sum_ += np.asarray(patch.resize((400, 320), Image.Resampling.BICUBIC), dtype=np.float64) / cells
        low, high = sum_.min(), sum_.max()
        found.append(Image.fromarray(((sum_ - low) / (high - low) * 255).astype(np.uint8)))
    return found


def _measured(classifier: Classifier, quick: fast.Fast, one: NDArray[np.float32]) -> tuple[float, bool]:
    """How many times quicker the copy answers one picture than PyTorch's better way, and whether that is channels-last."""
    plain = _seconds(lambda: classifier.by_torch(one), lambda: quick(one))
    classifier.network.to(memory_format=torch.channels_last)
    last = _seconds(lambda: classifier.by_torch(one), lambda: quick(one))
    gain = (plain[0] / plain[1]) / (last[0] / last[1])  # each against the copy, which was there both times
    return min(plain[0] / plain[1], last[0] / last[1]), gain > WORTH


def _seconds(*ways: Callable[[], object]) -> list[float]:
    """The shortest time of each, interleaved: what it takes where nothing else disturbs it."""
    times: list[list[float]] = [[] for _ in ways]
    for round_ in range(ROUNDS + 2):
        for way, kept in zip(ways, times, strict=True):
            began = time.perf_counter()
            way()
            if round_ >= 2:
                kept.append(time.perf_counter() - began)
    return [min(kept) for kept in times]


def carry_out(pickled: bytes) -> None:
    """Make the copy of an order, and write down what came of it."""
    order: Order = pickle.loads(pickled)
    try:
        found = make(order)
    except Exception as error:  # noqa: BLE001
        # A network that the exporter or ONNX Runtime cannot take is no defect: it stays with PyTorch, and the note says why.
        found = Export(False, 0.0, 0.0, 0, problem=short(error))
    order.told.write_text(json.dumps(asdict(found)), encoding="utf-8")
