"""Expressions in x and y: a small tree of known operations, its derivatives, and the program that computes them.

A tree (``Node``) is what was written. ``Graph`` holds the same as a graph in which equal parts are shared and nothing
is computed that is known beforehand; its derivatives are taken symbolically, each part once, so that they cost a few
operations per node and no more. ``Program`` runs a part of the graph on arrays. Nothing here is ever executed as Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

UNARY: Mapping[str, Callable[..., Any]] = {
    "neg": np.negative, "sin": np.sin, "cos": np.cos, "tan": np.tan, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
    "abs": np.absolute, "tanh": np.tanh, "sign": np.sign,
}  # fmt: skip
BINARY: Mapping[str, Callable[..., Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "max": np.maximum, "min": np.minimum,
}  # fmt: skip
VARIABLES = ("x", "y")


@dataclass(frozen=True, slots=True)
class Node:
    """One operation as it was written.

    Attributes:
        op: ``"number"``, ``"x"``, ``"y"``, or a key of ``UNARY`` or ``BINARY``.
        args: What it is applied to.
        value: The number, where it is one.
        at: Where it stands in the text, from 0.
        name: The constant's name, where it was written as one (``pi``).
    """

    op: str
    args: tuple[Node, ...] = ()
    value: float = 0.0
    at: int = 0
    name: str = ""

    def uses(self, op: str) -> bool:
        """Whether an operation or a variable occurs anywhere in it."""
        return self.op == op or any(arg.uses(op) for arg in self.args)


class Graph:
    """Operations that share their equal parts. A node is a number, and stands after everything it is made of."""

    def __init__(self) -> None:
        self.nodes: list[tuple[str, tuple[int, ...], float]] = [(name, (), 0.0) for name in VARIABLES]
        self._known = {node: index for index, node in enumerate(self.nodes)}
        self._slopes: dict[tuple[int, int], int] = {}

    def number(self, value: float) -> int:
        """The node of a constant."""
        return self._add(("number", (), float(value)))

    def constant(self, node: int) -> float | None:
        """The value of a node that is a constant; else ``None``."""
        op, _, value = self.nodes[node]
        return value if op == "number" else None

    def apply(self, op: str, *args: int) -> int:
        """The node of an operation, simplified where a part is a constant."""
        values = [self.constant(arg) for arg in args]
        numbers = [value for value in values if value is not None]
        if len(numbers) == len(args):
            function = UNARY.get(op) or BINARY[op]
            with np.errstate(all="ignore"):
                return self.number(float(function(*numbers)))
        if len(args) == 2:
            simple = self._simplified(op, args[0], args[1], values[0], values[1])
            if simple is not None:
                return simple
        if op == "neg" and self.nodes[args[0]][0] == "neg":
            return self.nodes[args[0]][1][0]
        return self._add((op, args, 0.0))

    def slope(self, node: int, along: int) -> int:
        """The node of the derivative of a node along the variable of that number (0 for x, 1 for y)."""
        key = node, along
        if key not in self._slopes:
            self._slopes[key] = self._slope(node, along)
        return self._slopes[key]

    def _add(self, node: tuple[str, tuple[int, ...], float]) -> int:
        if node not in self._known:
            self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return self._known[node]

    def _simplified(self, op: str, u: int, v: int, a: float | None, b: float | None) -> int | None:
        """What ``u op v`` is where one of them is the constant ``a`` or ``b`` that makes it simpler."""
        match op:
            case "+" if a == 0:
                return v
            case "+" | "-" if b == 0:
                return u
            case "-" if a == 0:
                return self.apply("neg", v)
            case "*" if a == 0 or b == 0:
                return self.number(0.0)
            case "*" if a == 1:
                return v
            case "*" | "/" | "^" if b == 1:
                return u
            case "/" if a == 0:
                return self.number(0.0)
            case "^" if b == 0:
                return self.number(1.0)
            case "^" if b in (2, 3, 4):
                square = self.apply("*", u, u)
                return square if b == 2 else self.apply("*", square, u if b == 3 else square)
            case "^" if b == -1:
                return self.apply("/", self.number(1.0), u)
            case "^" if b == 0.5:
                return self.apply("sqrt", u)
        return None

    def _slope(self, node: int, along: int) -> int:
        op, args, _ = self.nodes[node]
        if not args:
            return self.number(1.0 if node == along else 0.0)
        u, du = args[0], self.slope(args[0], along)
        if len(args) == 1:
            return self.apply("*", self._outer(op, node, u), du)
        v, dv = args[1], self.slope(args[1], along)
        match op:
            case "+" | "-":
                return self.apply(op, du, dv)
            case "*":
                return self.apply("+", self.apply("*", du, v), self.apply("*", u, dv))
            case "/":  # (u' - (u / v) v') / v
                return self.apply("/", self.apply("-", du, self.apply("*", node, dv)), v)
            case "^":
                return self._power_slope(node, u, v, du, dv)
        # The larger or smaller of two: the slope of that one; half of each where they are equal.
        side = self.apply("*", self.number(0.5 if op == "max" else -0.5), self.apply("sign", self.apply("-", u, v)))
        half = self.number(0.5)
        first, second = self.apply("+", half, side), self.apply("-", half, side)
        return self.apply("+", self.apply("*", first, du), self.apply("*", second, dv))

    def _outer(self, op: str, node: int, u: int) -> int:
        """The derivative of a function of one argument, at that argument."""
        one = self.number(1.0)
        match op:
            case "neg":
                return self.number(-1.0)
            case "sin":
                return self.apply("cos", u)
            case "cos":
                return self.apply("neg", self.apply("sin", u))
            case "tan":
                return self.apply("+", one, self.apply("*", node, node))
            case "tanh":
                return self.apply("-", one, self.apply("*", node, node))
            case "exp":
                return node
            case "log":
                return self.apply("/", one, u)
            case "sqrt":
                return self.apply("/", self.number(0.5), node)
            case "abs":
                return self.apply("sign", u)
        return self.number(0.0)  # a sign has no slope

    def _power_slope(self, node: int, u: int, v: int, du: int, dv: int) -> int:
        """``v u^(v - 1) u' + u^v ln(u) v'``, without the part that is nothing."""
        exponent = self.constant(v)
        below = self.apply("-", v, self.number(1.0)) if exponent is None else self.number(exponent - 1.0)
        base = self.number(0.0)
        if self.constant(du) != 0:
            base = self.apply("*", self.apply("*", v, self.apply("^", u, below)), du)
        if self.constant(dv) == 0:
            return base
        return self.apply("+", base, self.apply("*", self.apply("*", node, self.apply("log", u)), dv))


class Program:
    """The operations that some nodes of a graph need, in order, each once."""

    def __init__(self, graph: Graph, outputs: tuple[int, ...]) -> None:
        needed = set(outputs)
        for index in range(len(graph.nodes) - 1, -1, -1):
            if index in needed:
                needed.update(graph.nodes[index][1])
        place = {0: 0, 1: 1}
        self._constants: list[Any] = []
        for index in sorted(needed):
            value = graph.constant(index)
            if value is not None:
                place[index] = 2 + len(self._constants)
                self._constants.append(np.array(value))
        self._steps: list[tuple[Callable[..., Any], int, int]] = []
        for index in sorted(needed - place.keys()):
            op, args, _ = graph.nodes[index]
            place[index] = 2 + len(self._constants) + len(self._steps)
            function = UNARY[op] if len(args) == 1 else BINARY[op]
            self._steps.append((function, place[args[0]], place[args[1]] if len(args) == 2 else -1))
        self._outputs = tuple(place[output] for output in outputs)

    def __len__(self) -> int:
        return len(self._steps)

    def run(self, x: Floats, y: Floats) -> tuple[Floats, ...]:
        """The outputs at places of one shape; not-a-number and infinite where there is no value, without a warning."""
        values = [x, y, *self._constants]
        with np.errstate(all="ignore"):
            for function, first, second in self._steps:
                values.append(function(values[first]) if second < 0 else function(values[first], values[second]))
        results = []
        for output in self._outputs:
            whole = np.empty(np.shape(x))
            whole[...] = values[output]
            results.append(whole)
        return tuple(results)


def tex(node: Node) -> str:
    """A tree as it is written by hand, for KaTeX."""
    if node.op == "number":
        return {"pi": r"\pi", "e": "e"}.get(node.name) or _number(node.value)
    if not node.args:
        return node.op
    parts = [tex(arg) for arg in node.args]
    kinds = [arg.op for arg in node.args]
    sums = ("+", "-")
    match node.op:
        case "/":
            return rf"\frac{{{parts[0]}}}{{{parts[1]}}}"
        case "^":
            return f"{_bracketed(parts[0]) if node.args[0].args else parts[0]}^{{{parts[1]}}}"
        case "abs":
            return rf"\left|{parts[0]}\right|"
        case "sqrt":
            return rf"\sqrt{{{parts[0]}}}"
        case "neg":
            return f"-{_bracketed(parts[0]) if kinds[0] in (*sums, 'neg') else parts[0]}"
        case "*":
            left = _bracketed(parts[0]) if kinds[0] in sums else parts[0]
            return rf"{left} \cdot {_bracketed(parts[1]) if kinds[1] in (*sums, 'neg') else parts[1]}"
        case "+" | "-":
            weak = ("neg",) if node.op == "+" else (*sums, "neg")
            return f"{parts[0]} {node.op} {_bracketed(parts[1]) if kinds[1] in weak else parts[1]}"
    return rf"\{node.op}{_bracketed(', '.join(parts))}"


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _number(value: float) -> str:
    digits, _, power = f"{value:.12g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits
