"""The typed formula: fifty that are read as they are meant, fifty that are refused in words, and what they cost."""

from __future__ import annotations

import ast
import inspect
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.functional import expression, formula
from playground.functional.formula import LENGTH, FormulaError, parse

GOOD = [
    "x", "y", "-x", "+y", "x + y", "x - y - 2", "2*x*y", "x/4", "x/2/y", "3.5", "x**2 + 3*y**2", "x^2 + y^2", "-x^2",
    "(-x)^2", "2^-x", "2**3**0.5*x", "x^3 - 3*x*y^2", "x^-1", "x^4*y^3", "x^5", "abs(x)^1.5", "(1 - x)^2 + 100*(y - x^2)^2",
    "sin(x)", "cos(x*y)", "tan(0.2*x)", "exp(-x^2 - y^2)", "log(x^2 + 1)", "log(abs(y) + 0.5)", "sqrt(x^2 + y^2)",
    "abs(x - y)", "tanh(3*x) - tanh(y)", "min(x, y)", "max(x, y)", "max(0, x)", "min(x^2, y^2, 4)", "max(sin(x), cos(y), 0.2*x)",
    "pi*x + e*y", "e^x", "e^(-x*y/5)", "x*sin(1/(y^2 + 0.3))", "sin(cos(tan(x/7)))", ".5*x + 1.*y + 1e-1", "1E2*x", "x + -y",
    "x - -y", "--x", "20 + x^2 - 10*cos(2*pi*x)", "(((((x)))))", "  x\t* y  ", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "abs(x)^abs(y)", "1/(1 + exp(-x - 2*y))", "x*y*x*y*x*y", "exp(sin(x)^2)*cos(y)^2 - tanh(x*y)/3",
]  # fmt: skip
CONSTANT = {"3.5"}

HOSTILE = {
    "": "Write a formula",
    "   ": "Write a formula",
    "3.5": "the same everywhere",
    "x.real": "a point stands only in numbers",
    "x.__class__": "a point stands only in numbers",
    "().__class__.__bases__": "a point stands only in numbers",
    "__import__('os').system('ls')": "\'\'\' has no meaning here",
    "__import__": "'__import__' is not known",
    "eval(x)": "'eval' is not known",
    "exec": "'exec' is not known",
    "open(x)": "'open' is not known",
    "os": "'os' is not known",
    "lambda x: x": "':' has no meaning here",
    "lambda": "'lambda' is not known",
    "x := 3": "':' has no meaning here",
    "(y := x)": "':' has no meaning here",
    "[x for x in y]": "'[' has no meaning here",
    "{x: y}": "'{' has no meaning here",
    "x[0]": "'[' has no meaning here",
    "'abc'": '\'\'\' has no meaning here',
    '"x"': "'\"' has no meaning here",
    "f'{x}'": "''' has no meaning here",
    "x if y else 1": "'if' is not known",
    "x and y": "'and' is not known",
    "x; y": "';' has no meaning here",
    "x\ny": "U+000A has no meaning here",
    "x\0": "U+0000 has no meaning here",
    "x\u202ey": "U+202E has no meaning here",
    "ｘ + ｙ": "'ｘ' has no meaning here",
    "𝑥**2": "'𝑥' has no meaning here",
    "ѕin(x)": "'ѕ' has no meaning here",
    "x²": "write ^2 for '²'",
    "٣*x": "'٣' has no meaning here",
    "x − y": "write - for '−'",
    "9**9**9**9*x": "too large an exponent",
    "x**999999999": "too large an exponent",
    "x**-21": "too large an exponent",
    "x**(10*10)": "too large an exponent",
    "9^20^20^20*x": "too large an exponent",
    "((9^20)^20)^20*x": "this part is no number",
    "1e999*x": "numbers may be as large as 1e+12",
    "9" * 190 + "*x": "numbers may be as large as 1e+12",
    "(" * 90 + "x" + ")" * 90: "more than 24 brackets",
    "-" * 150 + "x": "more than 24 brackets",
    "2" + "^x" * 60: "more than 24 brackets",
    "x*0/0": "this part is no number",
    "x + 1/0": "this part is no number",
    "x + log(-1)": "this part is no number",
    "x*sqrt(0 - 4)": "this part is no number",
    "log(-x^2 - 1)": "has no value anywhere",
    "0*x + nan": "'nan' is not known",
    "inf*x": "'inf' is not known",
    "3x": "write * between them",
    "x y": "write * between them",
    "x(3)": "'x' is no function",
    "pi(x)": "'pi' is no function",
    "sin x": "'sin' needs brackets",
    "sine(x)": "Did you mean 'sin'?",
    "ln(x)": "'ln' is not known",
    "sin()": "nothing between its brackets",
    "sin(x, y)": "takes one argument, not 2",
    "max(x)": "compares two or more",
    "max(x,)": "is missing before ')'",
    "x, y": "a comma stands only",
    "(x": "the bracket opened here is not closed",
    "sin(x": "the bracket opened here is not closed",
    "x)": "this bracket was never opened",
    "(x,y)": "',' follows where ) or an operator is missing",
    "x +": "the formula ends where",
    "* x": "is missing before '*'",
    "x // y": "is missing before '/'",
    "x *** y": "is missing before '*'",
    "x = y": "write only what the height is",
    "x == y": "write only what the height is",
    "x < y": "write only what the height is",
    "1_000*x": "'_000' is not known",
    "0x10": "'x10' is not known",
    "x % y": "'%' has no meaning here",
    "~x": "'~' has no meaning here",
    "x @ y": "'@' has no meaning here",
    "x # y": "'#' has no meaning here",
    "\\x": "'\\' has no meaning here",
    "*" * 199: "is missing before '**'",
    "sin(" * 39 + "x" + ")" * 39: "more than 24 brackets",
    "z + w": "'z' is not known",
    "x + 2 - x*0 - 2 -": "the formula ends where",
    "x" * 199: "is not known",
    "x+" * 500_000 + "x": "may have 200 characters; this one has 1,000,001",
    "(" * 1_000_000: "may have 200 characters; this one has 1,000,000",
}  # fmt: skip


def places(n: int = 300) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-4, 4, n), rng.uniform(-4, 4, n)
    x[:3], y[:3] = [0.5, -1, 2], [0.5, -1, 2]  # where min and max are equal
    return x, y


def by_torch(text: str, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The same formula as Python reads it, with torch's functions (these texts are the test's own)."""
    every = {"sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh"}
    names = {name: getattr(torch, name) for name in every}
    names |= {
        "x": x,
        "y": y,
        "pi": torch.tensor(math.pi, dtype=torch.float64),
        "e": torch.tensor(math.e, dtype=torch.float64),
    }
    for name, pick in (("min", torch.minimum), ("max", torch.maximum)):
        names[name] = lambda *args, pick=pick: _folded(pick, args, x)
    return eval(text.strip().replace("^", "**"), {"__builtins__": {}}, names) + 0 * x


def _folded(pick: object, args: tuple[object, ...], x: torch.Tensor) -> torch.Tensor:
    tensors = [torch.as_tensor(arg, dtype=torch.float64) + 0 * x for arg in args]
    made = tensors[0]
    for tensor in tensors[1:]:
        made = pick(made, tensor)  # type: ignore[operator]
    return made


def test_there_are_fifty_of_each() -> None:
    assert len(GOOD) >= 50
    assert len(HOSTILE) >= 50
    assert len(set(GOOD)) == len(GOOD)


@pytest.mark.parametrize("text", [text for text in GOOD if text not in CONSTANT])
def test_a_good_formula_has_the_values_and_gradients_of_autograd(text: str) -> None:
    made, here = parse(text), places()
    x, y = (torch.from_numpy(place.copy()).requires_grad_() for place in here)
    height = by_torch(text, x, y)
    value, slopes = made.function(*here), made.gradient(*here)
    np.testing.assert_allclose(value, height.detach().numpy(), rtol=1e-12, atol=1e-12)
    grads = torch.autograd.grad(height.sum(), (x, y), allow_unused=True)
    for ours, theirs in zip(slopes, grads, strict=True):
        wanted = np.zeros_like(ours) if theirs is None else theirs.numpy()
        assert ours.shape == value.shape == here[0].shape
        np.testing.assert_allclose(ours, wanted, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:40]))
def test_a_hostile_text_is_answered_in_words(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    message = str(caught.value)
    assert HOSTILE[text] in message
    assert message.isprintable(), "one line, nothing that moves a cursor"
    assert len(message) < 250


@pytest.mark.parametrize(
    ("text", "at"),
    [("x + foo", 4), ("x**999", 3), ("(x", 0), ("3 x", 2), ("x + 1/0", 5), ("x.real", 1), ("sin(x, y)", 0)],
)
def test_the_message_points_at_the_place(text: str, at: int) -> None:
    with pytest.raises(FormulaError, match=f"^Formula, character {at + 1}: ") as caught:
        parse(text)
    assert caught.value.at == at


@settings(max_examples=300, deadline=None)
@given(st.text("xy0123456789.+-*/^() ,sincoexplgqrtabhmp_'\"[]é\0", max_size=60))
def test_any_text_is_a_formula_or_a_worded_answer(text: str) -> None:
    try:
        made = parse(text)
    except FormulaError as error:
        said = str(error)
    else:
        said = made.text.replace("\t", " ")
        assert made.function(*places(5)).shape == (5,)
    assert said.isprintable()


def test_there_is_no_value_where_a_function_has_none_and_no_warning_either() -> None:
    made = parse("log(x) + 1/y + sqrt(x)")
    x, y = np.array([-1.0, 0.0, 1.0, 1.0, 1e308]), np.array([1.0, 1.0, 0.0, 2.0, 1e-320])
    value = made.function(x, y)
    assert np.isnan(value[0])
    assert np.isinf(value[1:3]).all()
    assert value[3] == 1.5
    assert len(made.gradient(x, y)) == 2


@pytest.mark.parametrize("shape", [(), (1,), (3, 4), (0,)])
def test_shape_is_kept_even_by_a_constant_slope(shape: tuple[int, ...]) -> None:
    made = parse("3*x")
    for result in (made.function(np.ones(shape), np.ones(shape)), *made.gradient(np.ones(shape), np.ones(shape))):
        assert result.shape == shape
        assert result.dtype == np.float64
    np.testing.assert_array_equal(made.gradient(np.ones(shape), np.ones(shape))[0], 3.0)


def test_equal_parts_are_computed_once_and_known_parts_not_at_all() -> None:
    assert len(parse("sin(x*y) + sin(x*y)")._value) == 3
    assert len(parse("x*(2*3 - 5) + 0*y")._value) == 0
    longest = parse("*".join(["x", "y"] * 29) + "*x")
    assert len(longest._slope) < 5 * longest.text.count("*"), "a gradient costs a few operations for each one written"


def test_a_gradient_that_costs_too_much_is_refused_in_words() -> None:
    for text in ("*".join(["x", "y"] * 49), f"max({','.join(['x', 'y', 'x*y'] * 24)})"):
        assert len(text) <= LENGTH
        with pytest.raises(FormulaError, match="operations; 250 are allowed. Shorten it"):
            parse(text)


def test_one_dimension_where_only_x_occurs_and_a_start_with_a_slope() -> None:
    assert [parse(text).dimensions for text in ("x^2", "y^2", "x*y")] == [1, 2, 2]
    for text in ("x^2", "sqrt(x) + y", "max(0, x - 4)", "log(x*y)"):
        made = parse(text)
        x, y = (np.array(value) for value in made.start)
        assert np.isfinite(made.function(x, y))
        assert np.hypot(*made.gradient(x, y)) > 0


def test_the_domain_is_the_one_that_was_asked_for() -> None:
    with pytest.raises(FormulaError, match="from -5 to 5"):
        parse("sqrt(x - 9)")
    assert parse("sqrt(x - 9)", ((0, 20), (0, 20))).domain == ((0, 20), (0, 20))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x**2 + 3*y**2", r"x^{2} + 3 \cdot y^{2}"),
        ("(x + 1)*-y", r"\left(x + 1\right) \cdot \left(-y\right)"),
        ("x - (y - 1)", r"x - \left(y - 1\right)"),
        ("-(x + y)^2", r"-\left(x + y\right)^{2}"),
        ("sqrt(abs(x))/pi", r"\frac{\sqrt{\left|x\right|}}{\pi}"),
        ("max(x, e, 1e-5)", r"\max\left(\max\left(x, e\right), 1 \cdot 10^{-5}\right)"),
        ("tanh(x)", r"\tanh\left(x\right)"),
    ],
)
def test_a_formula_is_shown_as_it_is_written_by_hand(text: str, written: str) -> None:
    assert parse(text).formula == written


def test_nothing_is_ever_executed() -> None:
    """The two modules call no eval, exec or compile, and import nothing that does."""
    for module in (formula, expression):
        tree = ast.parse(inspect.getsource(module))
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not called & {"eval", "exec", "compile", "__import__", "getattr"}
        names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)}
        assert not any("ast" in name.split() or "importlib" in name for name in names)
