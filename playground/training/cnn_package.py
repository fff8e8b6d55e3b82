"""A trained network to take along, as one zip: weights, card, a script that needs none of this project, ONNX, a self-check."""

from __future__ import annotations

import importlib.util
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from playground import __version__
from playground.core.errors import InputError
from playground.data.image_set import IMAGE_SETS, Pictures
from playground.functional import convnet
from playground.functional.activations import ACTIVATIONS
from playground.functional.blocks import Plan
from playground.functional.losses import probabilities
from playground.specs.cnn import OWN
from playground.training.cnn_samples import DIGITS, title
from playground.training.cnn_seen import permutation
from playground.training.cnn_stored import StoredCNN

CHECKED = 4
"""Pictures in the self-check."""
CLOSE = 1e-3
"""So far apart may the probabilities of two ways to compute them be at most."""

_WEIGHTS, _CARD, _SCRIPT, _ONNX, _CHECK = "model.safetensors", "card.json", "predict.py", "model.onnx", "check.npz"


def answers(stored: StoredCNN, pictures: Pictures) -> NDArray[np.float32]:
    """Probabilities ``(n, classes)`` of pictures ``(n, h, w, c)`` in 0 to 255, with the run's best weights."""
    return np.asarray(probabilities(stages(stored, pictures)[-1]), dtype=np.float32)


def stages(stored: StoredCNN, pictures: Pictures) -> list[NDArray[np.float32]]:
    """What each stage makes of pictures ``(n, h, w, c)`` in 0 to 255, with the run's best weights; raw outputs last."""
    plan, order = _plan(stored), permutation(stored.spec, *stored.shape[1:])
    values = pictures.reshape(len(pictures), -1, pictures.shape[3])
    ordered = (values if order is None else values[:, order]).reshape(pictures.shape)
    x = np.asarray((ordered.astype(np.float32) / 255 - stored.mean) / stored.std, np.float32).transpose(0, 3, 1, 2)
    return convnet.forward(plan, stored.best.weights, stored.spec.activation, x)


def package(stored: StoredCNN) -> bytes:
    """The run's best weights as a zip with everything that is needed to use them elsewhere.

    It holds ``model.safetensors``, ``card.json``, ``predict.py``, ``check.npz`` and, where ONNX has the network's
    activation, ``model.onnx``.

    Raises:
        InputError: PyTorch has no such activation; or the ONNX file does not give what the network gives.
    """
    name = stored.spec.activation
    if not ACTIVATIONS[name].torch and name != "identity":
        raise InputError(
            f"PyTorch has no activation '{name}', so no script of its own can compute this network; train with relu."
        )
    channels, high, wide = stored.shape
    order = permutation(stored.spec, high, wide)
    weights: dict[str, NDArray[Any]] = {key: np.ascontiguousarray(one) for key, one in stored.best.weights.items()}
    if order is not None:
        weights["permutation"] = order
    pictures = np.random.default_rng(0).integers(0, 256, (CHECKED, high, wide, channels), dtype=np.uint8)
    given = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), dtype=np.float32) / np.float32(255)
    wanted = answers(stored, pictures)
    files = {_WEIGHTS: save(weights), _SCRIPT: _script(), _CHECK: _arrays(pictures=given, probabilities=wanted)}
    onnx, told = _onnx(stored, order, given, wanted)
    if onnx:
        files[_ONNX] = onnx
    files[_CARD] = (json.dumps({**_card(stored), "onnx": told}, indent=1, ensure_ascii=False) + "\n").encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (_CARD, _SCRIPT, _WEIGHTS, _ONNX, _CHECK):
            if file in files:
                archive.writestr(zipfile.ZipInfo(file, (2020, 1, 1, 0, 0, 0)), files[file], zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _onnx(
    stored: StoredCNN, order: NDArray[np.int64] | None, given: NDArray[np.float32], wanted: NDArray[np.float32]
) -> tuple[bytes, dict[str, Any]]:
    """The ONNX file, empty where there can be none, and what is to be told of it."""
    from playground.hub import convnet_onnx  # onnx and its runtime, which the page does not need to draw

    try:
        model = convnet_onnx.written(
            _plan(stored), stored.best.weights, stored.spec.activation, stored.mean, stored.std, order
        )
    except InputError as error:
        return b"", {"file": None, "why": str(error)}
    apart = float(np.abs(convnet_onnx.answered(model, given) - wanted).max())
    if not apart < CLOSE:
        raise InputError(f"The ONNX file gives other probabilities than the network (up to {apart:.1g} apart).")
    return model, {
        "file": _ONNX,
        "input": "pictures: float32, n x channels x height x width, 0 to 1",
        "outputs": ["logits", "probabilities"],
        "largest_difference": apart,
        "checked_on": CHECKED,
    }


def _card(stored: StoredCNN) -> dict[str, Any]:
    """What the network is, where it comes from and how well it does."""
    spec, plan = stored.spec, _plan(stored)
    own = spec.dataset == OWN
    entry = None if own else IMAGE_SETS[spec.dataset]
    tested = {key: value for key, value in stored.opened.items() if key != "opened"}
    return {
        "format": 1,
        "title": title(spec),
        "made_with": f"Deep Learning Playground {__version__}",
        "blocks": [stage.block.word for stage in plan.stages[:-1]],
        "activation": ACTIVATIONS[spec.activation].torch or spec.activation,
        "parameters": plan.parameters,
        "shape": list(stored.shape),
        "classes": list(stored.classes),
        "mean": [float(value) for value in stored.mean],
        "std": [float(value) for value in stored.std],
        "digits": stored.classes == DIGITS and stored.shape[0] == 1,
        "epoch": stored.best.epoch,
        "val_accuracy": stored.best.accuracy,
        "val_loss": stored.best.loss,
        "test_opened": tested or None,
        "data": {
            "name": spec.dataset,
            "title": "The visitor's own pictures" if entry is None else entry.title,
            "source": "" if entry is None else entry.source,
            "licence": "" if entry is None else entry.licence,
        },
        "experiment": spec.to_dict(),
        "use": "python predict.py PICTURE...; python predict.py --check",
        "limits": "It knows these classes only, and answers with one of them whatever it is shown.",
    }


def _plan(stored: StoredCNN) -> Plan:
    return stored.spec.plan(len(stored.classes))


def _script() -> bytes:
    """The script as it lies here, not imported: that would import torch."""
    found = importlib.util.find_spec("playground.hub.standalone")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).read_bytes()


def _arrays(**arrays: NDArray[Any]) -> bytes:
    held = io.BytesIO()
    np.savez_compressed(held, allow_pickle=False, **arrays)
    return held.getvalue()
