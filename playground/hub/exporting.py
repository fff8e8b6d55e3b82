"""Make a quicker copy of a classifier, a detector or a text model, and measure it.

PyTorch and ONNX Runtime answer in turn, so that whatever else the machine does meets both. It runs in a process of its own
(``making``).
"""

from __future__ import annotations

import json
import pickle
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from playground.catalog.exports import Export
from playground.functional.losses import softmax
from playground.hub import fast, kinds
from playground.hub.fast import INPUT, Order

# timm, ultralytics and transformers take seconds each: only those that are wanted are imported.
if TYPE_CHECKING:
    from playground.hub.classify import Classifier
    from playground.hub.detector import Detector
    from playground.hub.text_model import TextModel

ROUNDS, LASTING = 9, 0.5
"""Each engine answers so many times, and small networks for so many seconds: a shorter look shows whoever else was busy then."""

SENTENCES = (
    "The hotel was clean and quiet, but breakfast came late and the coffee was cold on both of our mornings there, sadly.",
    "Great!",
    "I did not expect to like this phone, and I was wrong.",
    "The train leaves at nine.",
    "Nobody answered my letters for three weeks, and then they sent me the wrong spare part again, without a word.",
)
"""What a text model's copy is compared with it on; the first is what it is timed on."""

WORTH = 1.05
"""A way that is quicker by less than this is not taken: another measurement would say otherwise."""


def make(order: Order) -> Export:
    """Write a copy to where it is ordered, and tell what it gives."""
    torch.set_num_threads(order.threads)
    ways = {kinds.CLASSIFY: _of_a_classifier, kinds.TEXT: _of_a_text_model}
    return ways.get(order.card.task, _of_a_detector)(order)


def _of_a_classifier(order: Order) -> Export:
    from playground.hub import classify

    classifier = classify.plain(order.card, order.folder)
    photos = classifier.arrays(scenes(6))
    export(classifier, order)
    quick = fast.Fast(order.path)
    by_torch = [softmax(classifier.by_torch(part)) for part in (photos[:1], photos[1:])]
    by_quick = [softmax(quick(part) / np.float32(classifier.temperature)) for part in (photos[:1], photos[1:])]
    difference = float(np.abs(np.concatenate(by_torch) - np.concatenate(by_quick)).max())
    one = photos[:1]
    speed_up, channels_last = _measured(classifier.network, lambda: classifier.by_torch(one), lambda: quick(one))
    return _told(order, speed_up, difference, channels_last, equal=difference <= order.equal)


def _of_a_detector(order: Order) -> Export:
    from playground.hub import detector, quicker  # ultralytics: seconds

    model = detector.plain(order.card, order.folder)
    wide = scenes(3)
    shapes = [
        np.concatenate([fed.pixels for fed in model.prepare(images, side)])
        for images, side in ((wide, 0), ([image.rotate(90, expand=True) for image in wide[:1]], model.side // 2))
    ]
    export_detector(model, order)
    quick = quicker.Boxes(fast.Fast(order.path))
    apart = [quicker.apart(model.by_torch(x), quick(x), len(model.names)) for x in shapes]
    scores, pixels = max(one for one, _ in apart), max(one for _, one in apart)
    one = shapes[0][:1]
    speed_up, channels_last = _measured(model.network, lambda: model.by_torch(one), lambda: quick(one))
    return _told(order, speed_up, scores, channels_last, equal=scores <= quicker.SCORES and pixels <= quicker.PIXELS)


def _of_a_text_model(order: Order) -> Export:
    from playground.hub import fast_text, text_model

    model = text_model.plain(order.card, order.folder)
    rows = [model.pieces(text).ids[: model.room] for text in (*SENTENCES, " ".join(SENTENCES * 4))]
    export_text_model(model, order)
    quick = fast_text.FastText(order.path)
    batches = [model.batch(rows[:1]), model.batch(rows[1:-1]), model.batch(rows[-1:])]  # one, padded ones, a long one
    difference = max(float(np.abs(softmax(model.by_torch(*x)) - softmax(quick(*x))).max()) for x in batches)
    one = batches[0]
    by_torch, by_quick = _seconds(lambda: model.by_torch(*one), lambda: quick(*one))
    return _told(order, by_torch / by_quick, difference, False, equal=difference <= order.equal)


def _told(order: Order, speed_up: float, difference: float, channels_last: bool, *, equal: bool) -> Export:
    used = speed_up > WORTH and equal
    return Export(used, round(speed_up, 3), difference, order.path.stat().st_size if used else 0, channels_last)


def export(classifier: Classifier, order: Order) -> None:
    """Write a network as ONNX, for batches of any size."""
    sample = torch.zeros(2, *classifier.input_size)  # of one picture the exporter would think that it is always one
    _write(classifier.network, (sample,), ({0: torch.export.Dim("pictures")},), ["logits"], order)


def export_detector(model: Detector, order: Order) -> None:
    """Write a network as ONNX, for batches of any size and pictures of any shape whose sides are multiples of the stride."""
    from playground.hub.detector import SIDES

    step = max(model.strides)
    most = max(SIDES) // step
    sides = {at: step * torch.export.Dim(name, min=1, max=most) for at, name in ((2, "rows"), (3, "columns"))}
    free = {0: torch.export.Dim("pictures", min=1, max=64), **sides}
    sample = torch.zeros(2, 3, 5 * step, 4 * step)  # no two alike, or the exporter would think that they always are
    outputs = ["proposals", "prototypes"] if model.network.masks else ["proposals"]
    with _light(model):
        _write(model.network, (sample,), (free,), outputs, order)


def export_text_model(model: TextModel, order: Order) -> None:
    """Write a network as ONNX, for batches of any size and texts of any length that fits."""
    from playground.hub.fast_text import INPUTS

    ids, mask = (
        torch.from_numpy(one) for one in model.batch([[model.unknown if model.unknown >= 0 else 5] * n for n in (9, 5)])
    )
    free = {0: torch.export.Dim("texts"), 1: torch.export.Dim("pieces", min=2, max=model.longest)}
    _write(_Read(model.network), (ids, mask), (free, free), ["logits"], order, inputs=INPUTS)


class _Read(nn.Module):
    """A text network as a function of pieces and mask alone."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits ``(n, classes)`` of pieces ``(n, t)``."""
        return cast(Tensor, self.network(input_ids=ids, attention_mask=mask).logits)


class Expected(nn.Module):
    """Expected distances of a box's edges: what ultralytics' ``DFL`` says, with one product in place of a softmax across rows.

    Args:
        values: ``(bins,)``: the distance that each bin stands for.
    """

    def __init__(self, values: Tensor) -> None:
        super().__init__()
        self.both = nn.Buffer(torch.stack((values, torch.ones_like(values))))

    def forward(self, x: Tensor) -> Tensor:
        """From ``(n, 4 x bins, cells)`` to ``(n, 4, cells)``."""
        bins: Tensor = cast(Any, x).unflatten(1, (4, self.both.shape[1]))
        sums: Tensor = self.both @ (bins - bins.amax(2, keepdim=True)).exp()  # (n, 4, 2, cells)
        return sums[:, :, 0] / sums[:, :, 1]


@contextmanager
def _light(model: Detector) -> Iterator[None]:
    """A detector whose head is written in the way that is quickest for ONNX Runtime."""
    head = cast(Any, model.network).model.model[-1]
    before = head.dfl
    if type(before).__name__ == "DFL":
        head.dfl = Expected(before.conv.weight.detach().flatten())
    try:
        yield
    finally:
        head.dfl = before


def _write(
    network: nn.Module,
    sample: tuple[Tensor, ...],
    free: tuple[dict[int, Any], ...],
    outputs: list[str],
    order: Order,
    inputs: tuple[str, ...] = (INPUT,),
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's, on its own inner life
        program = torch.onnx.export(
            network,
            sample,
            dynamo=True,
            verbose=False,
            input_names=list(inputs),
            output_names=outputs,
            dynamic_shapes=free,
        )
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


def _measured(network: nn.Module, by_torch: Callable[[], object], quick: Callable[[], object]) -> tuple[float, bool]:
    """How many times quicker the copy answers one picture than PyTorch's better way, and whether that is channels-last."""
    plain = _seconds(by_torch, quick)
    network.to(memory_format=torch.channels_last)
    last = _seconds(by_torch, quick)
    gain = (plain[0] / plain[1]) / (last[0] / last[1])  # each against the copy, which was there both times
    return min(plain[0] / plain[1], last[0] / last[1]), gain > WORTH


def _seconds(*ways: Callable[[], object]) -> list[float]:
    """The shortest time of each, interleaved: what it takes where nothing else disturbs it."""
    times: list[list[float]] = [[] for _ in ways]
    round_, begun = 0, time.perf_counter()
    while round_ < ROUNDS + 2 or time.perf_counter() - begun < LASTING:
        for way, kept in zip(ways, times, strict=True):
            began = time.perf_counter()
            way()
            if round_ >= 2:
                kept.append(time.perf_counter() - began)
        round_ += 1
    return [min(kept) for kept in times]


def carry_out(pickled: bytes) -> None:
    """Make the copy of an order, and write down what came of it."""
    order: Order = pickle.loads(pickled)
    try:
        found = make(order)
    except Exception as error:  # noqa: BLE001
        # A network that the exporter or ONNX Runtime cannot take is no defect: it stays with PyTorch, and the note says why.
        words = " ".join(str(error).split())[:160] or type(error).__name__
        found = Export(False, 0.0, 0.0, 0, problem=words)
    order.told.write_text(json.dumps(asdict(found)), encoding="utf-8")
