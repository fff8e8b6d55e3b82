"""A trained convolutional network as ONNX, written node by node, and asked through ONNX Runtime.

The file holds all that is needed: it takes pictures from 0 to 1 as they are, brings their pixels into order and scale, and
gives raw outputs and probabilities.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from playground.core.errors import InputError
from playground.functional.blocks import Plan, Stage
from playground.functional.convnet import EPSILON, has_past

# Read when the library is imported: it would tell its makers what it is used for.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

OPSET, FORMAT = 18, 9
INPUT, LOGITS, OUTPUT = "pictures", "logits", "probabilities"

_SINGLE: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "relu": ("Relu", {}), "tanh": ("Tanh", {}), "sigmoid": ("Sigmoid", {}), "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
    "elu": ("Elu", {}), "selu": ("Selu", {}), "softplus": ("Softplus", {}), "softsign": ("Softsign", {}),
    "mish": ("Mish", {}), "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}), "hard_swish": ("HardSwish", {}),
}  # fmt: skip


def written(
    plan: Plan,
    weights: Mapping[str, NDArray[Any]],
    activation: str,
    mean: NDArray[np.float32],
    std: NDArray[np.float32],
    permutation: NDArray[np.int64] | None = None,
) -> bytes:
    """A network as the bytes of an ONNX file, for any number of pictures at once.

    Args:
        plan: The network.
        weights: By the names of ``functional.convnet``.
        activation: Name in ``ACTIVATIONS``.
        mean: Of each channel, taken off.
        std: Of each channel, divided by afterwards.
        permutation: Where the value of each pixel comes from; ``None`` leaves them in their places.

    Raises:
        InputError: ONNX has no such activation.
    """
    graph = _Graph(weights)
    channels, high, wide = plan.given
    at = INPUT
    if permutation is not None:
        at = graph.add("Reshape", at, graph.constant(np.array([0, channels, high * wide])))
        at = graph.add("Gather", at, graph.constant(permutation), axis=2)
        at = graph.add("Reshape", at, graph.constant(np.array([0, channels, high, wide])))
    at = graph.add("Sub", at, graph.constant(mean.reshape(1, -1, 1, 1)))
    at = graph.add("Div", at, graph.constant(std.reshape(1, -1, 1, 1)))
    last = len(plan.stages) - 1
    for index, stage in enumerate(plan.stages):
        at = _stage(graph, at, index, stage, activation if index < last else "identity")
    graph.add("Identity", at, to=LOGITS)
    graph.add("Softmax", at, to=OUTPUT, axis=1)
    return graph.model(plan)


def answered(model: bytes, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities ``(n, classes)`` of pictures ``(n, c, h, w)`` from 0 to 1, by ONNX Runtime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run([OUTPUT], {INPUT: pictures})[0], dtype=np.float32)


class _Graph:
    """Nodes and constants, each with a name of its own."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def add(self, kind: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        """Append a node; gives the name of what it makes."""
        name = to or f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, array: NDArray[Any]) -> str:
        """Keep an array; gives its name."""
        name = f"constant_{len(self._constants)}"
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def weight(self, name: str) -> str:
        """One of the network's own arrays."""
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(self._weights[name], np.float32), name)
        return name

    def model(self, plan: Plan) -> bytes:
        """The whole as the bytes of a file."""
        given = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["n", *plan.given])
        found = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", plan.classes]) for name in (LOGITS, OUTPUT)
        ]
        graph = helper.make_graph(self._nodes, "network", [given], found, list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(
            graph, producer_name="Deep Learning Playground", opset_imports=opsets, ir_version=FORMAT
        )
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def _stage(graph: _Graph, x: str, index: int, stage: Stage, activation: str) -> str:
    """One block after ``x``; gives the name of what comes out."""
    block, at = stage.block, f"{index}."
    window: dict[str, Any] = {"kernel_shape": [block.kernel] * 2, "strides": [block.stride] * 2}
    match block.kind:
        case "conv":
            pads = [block.padding] * 4
            if not block.norm:
                weights = (graph.weight(f"{at}conv.weight"), graph.weight(f"{at}conv.bias"))
                return _bent(graph, graph.add("Conv", x, *weights, pads=pads, **window), activation)
            found = graph.add("Conv", x, graph.weight(f"{at}conv.weight"), pads=pads, **window)
            return _bent(graph, _norm(graph, found, f"{at}norm"), activation)
        case "res":
            first = graph.add("Conv", x, graph.weight(f"{at}conv1.weight"), pads=[1] * 4, **window)
            first = _bent(graph, _norm(graph, first, f"{at}norm1"), activation)
            second = graph.add("Conv", first, graph.weight(f"{at}conv2.weight"), pads=[1] * 4, kernel_shape=[3, 3])
            second = _norm(graph, second, f"{at}norm2")
            if has_past(stage):
                past = graph.weight(f"{at}past.weight")
                x = graph.add("Conv", x, past, kernel_shape=[1, 1], strides=[block.stride] * 2)
                x = _norm(graph, x, f"{at}pastnorm")
            return _bent(graph, graph.add("Add", second, x), activation)
        case "max" | "avg":
            return graph.add("MaxPool" if block.kind == "max" else "AveragePool", x, **window)
        case "gap":
            return graph.add("Flatten", graph.add("GlobalAveragePool", x), axis=1)
        case "dense":
            flat = graph.add("Flatten", x, axis=1)
            weights = (graph.weight(f"{at}dense.weight"), graph.weight(f"{at}dense.bias"))
            return _bent(graph, graph.add("Gemm", flat, *weights, transB=1), activation)
    return x  # dropout: off when a network is used


def _norm(graph: _Graph, x: str, at: str) -> str:
    parts = [graph.weight(f"{at}.{name}") for name in ("weight", "bias", "mean", "var")]
    return graph.add("BatchNormalization", x, *parts, epsilon=EPSILON)


def _bent(graph: _Graph, x: str, activation: str) -> str:
    """An activation after ``x``."""
    if activation in _SINGLE:
        kind, attributes = _SINGLE[activation]
        return graph.add(kind, x, **dict[str, Any](attributes))
    match activation:
        case "identity":
            return x
        case "silu":
            return graph.add("Mul", x, graph.add("Sigmoid", x))
        case "hard_tanh":
            return graph.add("Clip", x, *(graph.constant(np.array(edge, np.float32)) for edge in (-1, 1)))
        case "gelu":
            erf = graph.add("Erf", graph.add("Div", x, graph.constant(np.array(math.sqrt(2), np.float32))))
            half = graph.add("Mul", x, graph.constant(np.array(0.5, np.float32)))
            return graph.add("Mul", half, graph.add("Add", erf, graph.constant(np.array(1, np.float32))))
    raise InputError(f"The activation '{activation}' cannot be written as ONNX; train with relu to have such a file.")
