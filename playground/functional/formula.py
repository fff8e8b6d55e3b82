"""A formula as a visitor types it, read as arithmetic on x and y and as nothing else.

The text is cut into numbers, names, operators and brackets, and those are put into a tree of known operations
(``expression``). Whatever else stands in it is answered in words that point at the place. Length, depth, size and
exponents are bounded, so that a text costs milliseconds whatever it says; nothing is ever handed to Python to execute.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from playground.core.errors import InputError
from playground.functional.expression import BINARY, UNARY, VARIABLES, Floats, Graph, Node, Program, tex
from playground.functional.surface import Point

LENGTH, DEPTH, COST, EXPONENT, NUMBER = 200, 24, 250, 20.0, 1e12
DOMAIN: tuple[Point, Point] = ((-5.0, 5.0), (-5.0, 5.0))
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "min", "max")

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<op>\*\*|[-+*/^(),])"
)
_KNOWN = [*VARIABLES, *CONSTANTS, *FUNCTIONS]
_INSTEAD = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "²": "^2", "³": "^3", "π": "pi", "√": "sqrt(...)"}


class FormulaError(InputError):
    """A formula cannot be read. ``at`` is the place in the text, from 0; the message counts from 1."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message if at is None else f"Formula, character {at + 1}: {message}")
        self.at = at


@dataclass(frozen=True)
class Formula:
    """A surface that was typed. It has the same parts as one of the registry.

    Attributes:
        text: What was typed.
        formula: The same for KaTeX.
        domain: The part of the plane that is looked at.
        start: A place in it to start from, where the formula has a value and a slope.
        dimensions: 1 where only ``x`` occurs, else 2.
        minima: None is known.
    """

    text: str
    formula: str
    domain: tuple[Point, Point]
    start: Point
    dimensions: int
    _value: Program = field(repr=False, compare=False)
    _slope: Program = field(repr=False, compare=False)
    minima: tuple[Point, ...] = ()

    def function(self, x: Floats, y: Floats) -> Floats:
        """The height at each place, float64; not-a-number or infinite where there is none, without a warning."""
        return self._value.run(np.asarray(x, np.float64), np.asarray(y, np.float64))[0]

    def gradient(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The slopes along x and y at each place."""
        along_x, along_y = self._slope.run(np.asarray(x, np.float64), np.asarray(y, np.float64))
        return along_x, along_y


def parse(text: str, domain: tuple[Point, Point] = DOMAIN) -> Formula:
    """The formula that a text means, such as ``x**2 + 3*y**2``.

    Allowed are numbers, ``x``, ``y``, ``pi``, ``e``, ``+ - * / ** ^``, brackets, and sin, cos, tan, exp, log, sqrt, abs,
    tanh, min and max (of two or more).

    Raises:
        FormulaError: Anything else, or a formula without a value anywhere in the domain.
    """
    if len(text) > LENGTH:
        raise FormulaError(f"A formula may have {LENGTH} characters; this one has {len(text):,}.")
    tree = _Parser(text).formula()
    graph = Graph()
    root = _lower(tree, graph)
    if graph.constant(root) is not None:
        raise FormulaError("This formula is the same everywhere; use x or y, as in x**2 + 3*y**2.")
    value, slope = Program(graph, (root,)), Program(graph, (graph.slope(root, 0), graph.slope(root, 1)))
    if len(slope) > COST:
        raise FormulaError(
            f"The gradient of this formula takes {len(slope)} operations; {COST} are allowed. Shorten it."
        )
    dimensions = 2 if tree.uses("y") else 1
    return Formula(text.strip(), tex(tree), domain, _start(value, slope, domain, dimensions), dimensions, value, slope)


def _start(value: Program, slope: Program, domain: tuple[Point, Point], dimensions: int) -> Point:
    """The place nearest to the upper left that has a value and a slope; without a value anywhere it is an error."""
    (x0, x1), (y0, y1) = domain
    share = np.linspace(0.1, 0.9, 33)
    heights = y0 + (y1 - y0) * share[::-1] if dimensions == 2 else np.zeros(1)
    x, y = np.meshgrid(x0 + (x1 - x0) * share, heights)
    (height,), along = value.run(x, y), slope.run(x, y)
    finite = np.isfinite(height) & np.isfinite(along[0]) & np.isfinite(along[1])
    if not finite.any():
        raise FormulaError(f"This formula has no value anywhere on the plane from {x0:g} to {x1:g}; change it.")
    sloping = finite & (np.maximum(np.abs(along[0]), np.abs(along[1])) > 1e-6)
    fitting = sloping if sloping.any() else finite
    corner = np.abs(x - x0) / (x1 - x0) + np.abs(y - y1) / (y1 - y0)
    best = np.argmin(np.where(fitting, corner, np.inf))
    exact = float(x.ravel()[best]), float(y.ravel()[best])
    short = float(f"{exact[0]:.4g}"), float(f"{exact[1]:.4g}")
    found = (*value.run(*map(np.asarray, short)), *slope.run(*map(np.asarray, short)))
    return short if np.isfinite(found).all() else exact  # with few digits it is another place


def _lower(node: Node, graph: Graph) -> int:
    """A tree as a node of a graph; a part that is no number whatever x and y are is an error."""
    if node.op == "number":
        return graph.number(node.value)
    if not node.args:
        return VARIABLES.index(node.op)
    args = [_lower(arg, graph) for arg in node.args]
    if node.op == "^":
        exponent = graph.constant(args[1])
        if exponent is not None and abs(exponent) > EXPONENT:
            raise FormulaError(f"{exponent:g} is too large an exponent; choose -20 to 20.", node.args[1].at)
    made = graph.apply(node.op, *args)
    value = graph.constant(made)
    if value is not None and not math.isfinite(value):
        raise FormulaError(
            "this part is no number (it divides by 0, leaves a function's domain, or grows too large).", node.at
        )
    return made


class _Parser:
    """Reads a text once, from left to right, by descent through the usual levels of arithmetic."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._index = self._depth = 0

    def formula(self) -> Node:
        """The whole text as one tree."""
        if self._tokens[0][0] == "end":
            raise FormulaError("Write a formula in x and y, such as x**2 + 3*y**2.")
        tree = self._sum()
        kind, word, at = self._tokens[self._index]
        if kind == "end":
            return tree
        if word == ")":
            raise FormulaError("this bracket was never opened.", at)
        if word == ",":
            raise FormulaError("a comma stands only between the arguments of min and max.", at)
        if kind == "name" and word not in _KNOWN:
            raise FormulaError(_not_known(word), at)
        raise FormulaError(f"'{_cut(word)}' follows without an operator; write * between them, as in 3*x.", at)

    def _sum(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._signed, "*", "/")

    def _chain(self, read: Callable[[], Node], *operators: str) -> Node:
        left = read()
        while self._word() in operators:
            _, word, at = self._take()
            left = Node(word, (left, read()), at=at)
        return left

    def _signed(self) -> Node:
        if self._word() not in ("+", "-"):
            return self._power()
        _, word, at = self._take()
        self._deeper(at)
        inner = self._signed()
        self._depth -= 1
        return Node("neg", (inner,), at=at) if word == "-" else inner

    def _power(self) -> Node:
        base = self._atom()
        if self._word() not in ("**", "^"):
            return base
        _, _, at = self._take()
        self._deeper(at)
        exponent = self._signed()  # to the right first: 2^3^x is 2^(3^x)
        self._depth -= 1
        return Node("^", (base, exponent), at=at)

    def _atom(self) -> Node:
        kind, word, at = self._take()
        if kind == "number":
            value = float(word)
            if value > NUMBER:
                raise FormulaError(f"numbers may be as large as {NUMBER:g}.", at)
            return Node("number", value=value, at=at)
        if kind == "name":
            return self._named(word, at)
        if word == "(":
            self._deeper(at)
            inner = self._sum()
            self._close(at)
            return inner
        if kind == "end":
            raise FormulaError("the formula ends where a number, x, y or a function is missing.", at)
        raise FormulaError(f"a number, x, y or a function is missing before '{word}'.", at)

    def _named(self, word: str, at: int) -> Node:
        called = self._word() == "("
        if word in FUNCTIONS:
            if not called:
                raise FormulaError(f"'{word}' needs brackets, as in {word}({'x, y' if word in BINARY else 'x'}).", at)
            return self._call(word, at)
        if word not in _KNOWN:
            raise FormulaError(_not_known(word), at)
        if called:
            raise FormulaError(f"'{word}' is no function; write {word}*(...) to multiply.", at)
        if word in CONSTANTS:
            return Node("number", value=CONSTANTS[word], at=at, name=word)
        return Node(word, at=at)

    def _call(self, word: str, at: int) -> Node:
        opened = self._take()[2]
        if self._word() == ")":
            raise FormulaError(f"'{word}' has nothing between its brackets.", at)
        self._deeper(at)
        args = [self._sum()]
        while self._word() == ",":
            self._take()
            args.append(self._sum())
        self._close(opened)
        if word in UNARY and len(args) > 1:
            raise FormulaError(f"'{word}' takes one argument, not {len(args)}.", at)
        if word in BINARY and len(args) < 2:
            raise FormulaError(f"'{word}' compares two or more, as in {word}(x, y).", at)
        made = args[0]
        for arg in args[1:]:
            made = Node(word, (made, arg), at=at)
        return made if word in BINARY else Node(word, (made,), at=at)

    def _close(self, opened: int) -> None:
        if self._word() != ")":
            kind, word, at = self._tokens[self._index]
            if kind == "end":
                raise FormulaError("the bracket opened here is not closed.", opened)
            raise FormulaError(f"'{word}' follows where ) or an operator is missing.", at)
        self._take()
        self._depth -= 1

    def _deeper(self, at: int) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            raise FormulaError(f"more than {DEPTH} brackets, signs or exponents inside each other.", at)

    def _take(self) -> tuple[str, str, int]:
        token = self._tokens[self._index]
        self._index += token[0] != "end"
        return token

    def _word(self) -> str:
        return self._tokens[self._index][1]


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Kind, text and place of each piece, and an end."""
    found, at = [], 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(_unknown(text[at]), at)
        found.append((str(match.lastgroup), match.group(), at))
        at = match.end()
    return [*found, ("end", "", len(text))]


def _unknown(character: str) -> str:
    if character in _INSTEAD:
        return f"write {_INSTEAD[character]} for '{character}'."
    if character == ".":
        return "a point stands only in numbers, such as 0.5."
    if character in "=<>!":
        return f"'{character}' has no meaning here; write only what the height is, as in x**2 + 3*y**2."
    shown = f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"
    return f"{shown} has no meaning here; use numbers, x, y, + - * / ^ ( ) and {', '.join(FUNCTIONS)}."


def _not_known(word: str) -> str:
    near = difflib.get_close_matches(word.lower(), _KNOWN, n=1)
    return f"'{_cut(word)}' is not known. " + (f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(_KNOWN)}.")


def _cut(word: str) -> str:
    return word if len(word) <= 20 else f"{word[:20]}…"
