"""A generator or a discriminator as ONNX, written node by node in memory, and asked through ONNX Runtime.

Written so that a CPU answers soon: a normalisation is folded into the layer before it, and a transposed convolution on a single
pixel is a product of matrices.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from playground.functional.gan import Array, Layer, Network
from playground.functional.gan_forward import EPSILON

# Read when the library is imported: it would tell its makers what it is used for.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

OPSET, FORMAT = 18, 9
GIVEN, CLASSES, FOUND = "given", "classes", "found"

_ACTS: Mapping[str, str] = {
    "relu": "Relu",
    "leaky_relu": "LeakyRelu",
    "elu": "Elu",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}


class Quick:
    """A network that ONNX Runtime runs. Several threads may use it at once.

    Args:
        network: Its layers.
        weights: Under the names of ``functional.gan``.
    """

    def __init__(self, network: Network, weights: Mapping[str, NDArray[Any]]) -> None:
        content = written(network, weights)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.log_severity_level = 3  # errors alone
        # Threads that spin while they wait take the cores from everybody else on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._told = network.classes > 0 and network.layers[-1].kind == "projection"
        self.bytes = len(content)

    def __call__(self, x: Array, classes: NDArray[np.integer] | None = None) -> Array:
        """What comes out for ``x``, ``(n, *given)``; ``classes`` ``(n,)`` where the network is told them."""
        given: dict[str, NDArray[Any]] = {GIVEN: np.ascontiguousarray(x, np.float32)}
        if self._told:
            given[CLASSES] = np.asarray(classes, np.int64)
        (found,) = self._session.run(None, given)
        return np.asarray(found, np.float32)


def written(network: Network, weights: Mapping[str, NDArray[Any]]) -> bytes:
    """A network as the bytes of an ONNX file, for any number of things at once."""
    graph = _Graph()
    at, shapes = GIVEN, [network.given, *network.shapes()]
    layers, index = network.layers, 0
    while index < len(layers):
        layer, w = layers[index], _of(weights, index)
        if layer.kind in ("linear", "up", "conv") and index + 1 < len(layers) and layers[index + 1].kind == "norm":
            w = _folded(layer, w, _of(weights, index + 1))
            at = _layer(graph, at, layer, w, shapes[index])
            index += 2
            continue
        told = network.classes > 0
        at = _layer(graph, at, layer, w, shapes[index], told=told)
        index += 1
    return graph.model(at, network, shapes[-1])


class _Graph:
    """Nodes and constants, as they come."""

    def __init__(self) -> None:
        self._nodes = list[Any]()
        self._constants = list[Any]()
        self.told = False

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def keep(self, array: NDArray[Any]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def model(self, last: str, network: Network, shape: tuple[int, ...]) -> bytes:
        self._nodes.append(helper.make_node("Identity", [last], [FOUND]))
        given = [helper.make_tensor_value_info(GIVEN, TensorProto.FLOAT, ["n", *network.given])]
        if self.told:
            given.append(helper.make_tensor_value_info(CLASSES, TensorProto.INT64, ["n"]))
        found = helper.make_tensor_value_info(FOUND, TensorProto.FLOAT, ["n", *shape])
        graph = helper.make_graph(self._nodes, "network", given, [found], self._constants)
        model = helper.make_model(
            graph, producer_name="Deep Learning Playground", opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=FORMAT,
        )  # fmt: skip
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def _layer(
    graph: _Graph, x: str, layer: Layer, w: Mapping[str, Array], given: tuple[int, ...], *, told: bool = False
) -> str:
    bias = [graph.keep(w["bias"])] if "bias" in w and layer.kind != "norm" else []
    match layer.kind:
        case "linear":
            return graph.add("Gemm", x, graph.keep(w["weight"]), *bias, transB=1)
        case "conv":
            window = {"kernel_shape": [layer.kernel] * 2, "strides": [layer.stride] * 2, "pads": [layer.padding] * 4}
            return graph.add("Conv", x, graph.keep(w["weight"]), *bias, **window)
        case "up":
            return _up(graph, x, layer, w, given)
        case "norm":
            parts = [graph.keep(w[name]) for name in ("weight", "bias", "running_mean", "running_var")]
            return graph.add("BatchNormalization", x, *parts, epsilon=EPSILON)
        case "act" if layer.name != "identity":
            alpha = {"leaky_relu": {"alpha": layer.slope}, "elu": {"alpha": 1.0}}.get(layer.name, {})
            return graph.add(_ACTS[layer.name], x, **alpha)
        case "reshape":
            return graph.add("Reshape", x, graph.keep(np.array([-1, *layer.shape])))
        case "flatten":
            return graph.add("Flatten", x, axis=1)
        case "enlarge":
            scales = graph.keep(np.array([1, 1, layer.scale, layer.scale], np.float32))
            how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
            return graph.add("Resize", x, "", scales, **how)
        case "projection":
            score = graph.add("Gemm", x, graph.keep(w["weight"]), *bias, transB=1)
            if not told:
                return score
            graph.told = True
            own = graph.add("Mul", graph.add("Gather", graph.keep(w["classes"]), CLASSES, axis=0), x)
            return graph.add("Add", score, graph.add("ReduceSum", own, graph.keep(np.array([1])), keepdims=1))
    return x


def _up(graph: _Graph, x: str, layer: Layer, w: Mapping[str, Array], given: tuple[int, ...]) -> str:
    """A transposed convolution after ``x``, whose maps are ``given``."""
    k = layer.kernel
    bias = w.get("bias", np.zeros(layer.outputs, np.float32))
    if (*given[1:], layer.padding, layer.extra) == (1, 1, 0, 0):
        flat = graph.add("Flatten", x, axis=1)
        found = graph.add(
            "Gemm", flat, graph.keep(w["weight"].reshape(layer.inputs, -1)), graph.keep(bias.repeat(k * k))
        )
        return graph.add("Reshape", found, graph.keep(np.array([-1, layer.outputs, k, k])))
    return graph.add(
        "ConvTranspose", x, graph.keep(w["weight"]), graph.keep(bias), kernel_shape=[k, k], strides=[layer.stride] * 2,
        pads=[layer.padding] * 4, output_padding=[layer.extra] * 2,
    )  # fmt: skip


def _of(weights: Mapping[str, NDArray[Any]], index: int) -> dict[str, Array]:
    at = f"{index}."
    return {name.removeprefix(at): np.asarray(one, np.float32) for name, one in weights.items() if name.startswith(at)}


def _folded(layer: Layer, w: Mapping[str, Array], norm: Mapping[str, Array]) -> dict[str, Array]:
    """A layer and the normalisation behind it as one layer."""
    scale = norm["weight"] / np.sqrt(norm["running_var"] + np.float32(EPSILON))
    bias = w.get("bias", np.zeros(layer.outputs, np.float32))
    shape = (1, -1, 1, 1) if layer.kind == "up" else (-1,) + (1,) * (w["weight"].ndim - 1)
    return {"weight": w["weight"] * scale.reshape(shape), "bias": (bias - norm["running_mean"]) * scale + norm["bias"]}
