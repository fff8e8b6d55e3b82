"""``python -m playground.hub.own_export``: writes one classifier of a visitor's own classes as ONNX, and ends.

A process of its own, since the exporter takes seconds and memory that only an end gives back. The order comes by standard
input, pickled; the zip goes to standard output.
"""

from __future__ import annotations

import copy
import io
import json
import pickle
import subprocess
import sys
import tempfile
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.transfer import SIDE, Pack
from playground.hub import classify, fast, own_classifier
from playground.hub.classify import Classifier, softmax
from playground.hub.features import last_layer
from playground.hub.own_classifier import OwnClassifier, Tuned

SECONDS = 120.0
EQUAL = 1e-4
"""So far apart may the probabilities of the copy and of the original be at most."""


@dataclass(frozen=True)
class Order:
    """What is to be written: which classifier, and the pretrained model that it stands on."""

    pack: Pack
    card: Card
    folder: Path


def written(order: Order) -> bytes:
    """The zip, made in a process of its own; raises ``ModelUnavailable`` where the network cannot be written so."""
    command = [sys.executable, "-P", "-m", "playground.hub.own_export"]
    try:
        done = subprocess.run(command, input=pickle.dumps(order), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ModelUnavailable("Writing this network down took too long. Choose a smaller model.") from None
    if done.returncode == 2:
        raise ModelUnavailable(done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1])
    if done.returncode or not done.stdout.startswith(b"PK"):
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def make(order: Order) -> bytes:
    """The same in this process."""
    torch.set_num_threads(1)
    classifier = classify.plain(order.card, order.folder)
    made = own_classifier.opened(order.pack.packed, classifier)
    sample = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    fed = made.fed([Image.fromarray(sample)], None if made.side else classifier)  # (1, 3, h, w)
    network = made.network if made.side else _with_own_last_layer(classifier, made, fed)
    with tempfile.TemporaryDirectory(prefix="playground-") as place:
        path = Path(place) / "model.onnx"
        _export(network, fed, path)
        wanted, found = made.scores([Image.fromarray(sample)], classifier), softmax(fast.Fast(path)(fed))
        if np.abs(wanted - found).max() > EQUAL:
            raise ModelUnavailable(
                "The copy of this network says something else than the network: it is not handed out."
            )
        return _zip(path.read_bytes(), order, made, classifier, fed, wanted)


def _with_own_last_layer(classifier: Classifier, made: OwnClassifier, fed: NDArray[np.float32]) -> nn.Module:
    """The pretrained network with nothing in its last layer's place, and the new layer behind it.

    Some networks scale what their last layer gives; by how much is seen where nothing is in its place.
    """
    tuned = cast(Tuned, made.network)
    with torch.inference_mode():
        features = tuned.body(torch.from_numpy(fed))
    body = _alone(tuned)
    head = last_layer(classifier)
    body.set_submodule(head, nn.Flatten())
    with torch.inference_mode():
        plain = body(torch.from_numpy(fed))
    scale = (
        float((plain * features).sum() / (features * features).sum().clamp(min=1e-12))
        if plain.shape == features.shape
        else 0.0
    )
    if not scale or not torch.allclose(plain, scale * features, atol=1e-4, rtol=1e-3):
        raise ModelUnavailable(
            f"{classifier.card.title}: its last layer cannot be replaced in a file. Choose another model."
        )
    layer = nn.Linear(tuned.layer.in_features, tuned.layer.out_features)
    with torch.no_grad():
        layer.weight.copy_(tuned.layer.weight / scale)
        layer.bias.copy_(tuned.layer.bias)
    return nn.Sequential(body, layer).eval()


def _alone(tuned: Tuned) -> nn.Module:
    """A copy of the body's network without what listens to it."""
    network = copy.deepcopy(tuned.body.network)
    for part in network.modules():
        part._forward_pre_hooks.clear()
    return network


def _export(network: nn.Module, fed: NDArray[np.float32], path: Path) -> None:
    sample = torch.from_numpy(
        np.repeat(fed, 2, axis=0)
    )  # of one picture the exporter would think that it is always one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's, on its own inner life
        program = torch.onnx.export(
            network.eval().requires_grad_(False), (sample,), dynamo=True, verbose=False, input_names=[fast.INPUT],
            output_names=["logits"], dynamic_shapes=({0: torch.export.Dim("pictures")},),
        )  # fmt: skip
        cast(Any, program).save(path)


def _zip(
    onnx: bytes,
    order: Order,
    made: OwnClassifier,
    classifier: Classifier,
    fed: NDArray[np.float32],
    wanted: NDArray[np.float32],
) -> bytes:
    box = classifier.crop_of(SIDE, SIDE)
    shape = (3, made.side, made.side) if made.side else classifier.input_size
    smooth = next(
        (str(step.interpolation.value) for step in classifier.transform.transforms if hasattr(step, "interpolation")),
        "bicubic",
    )
    measured = order.pack.measured
    said = {
        "classes": order.pack.classes,
        "made": {"last": "new last layer", "scratch": "from scratch", "tuned": "fine-tuned"}[made.way],
        "pretrained": made.model,
        "licence of the pretrained model": order.card.licence if made.model else "",
        "accuracy on held-out pictures": measured.accuracy if measured else None,
        "held-out pictures": measured.of if measured else 0,
        "training pictures a class": measured.each if measured else None,
        "square": SIDE,
        "box": [0, 0, 1, 1] if made.side else [box.left, box.top, box.right, box.bottom],
        "side": shape[1:],
        "resample": "box" if made.side else smooth,
        "mean": [0.5] * 3 if made.side else classifier.mean,
        "std": [0.5] * 3 if made.side else classifier.std,
    }
    check, held = io.BytesIO(), io.BytesIO()
    np.savez_compressed(check, pictures=fed, probabilities=wanted)
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.onnx", onnx)
        archive.writestr("card.json", json.dumps(said, indent=1, ensure_ascii=False))
        archive.writestr("check.npz", check.getvalue())
        archive.writestr("predict.py", Path(__file__).with_name("own_predict.txt").read_text(encoding="utf-8"))
    return held.getvalue()


def main() -> int:
    """Carry out one order."""
    try:
        content = make(pickle.loads(sys.stdin.buffer.read()))
    except (PlaygroundError, InputError) as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
