"""Specs: every value is checked at every door, and a link brings back exactly what was written into it."""

from __future__ import annotations

import importlib
import math
import pkgutil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import playground.specs as specs_room
from playground.core.errors import SpecError
from playground.optim.rules import RULES
from playground.specs.bounds import Bound, Choice, Mode, Numbers, Range, Several, Sizes, Toggle, WordList, Words
from playground.specs.cnn import Blocks
from playground.specs.descent import DescentSpec
from playground.specs.hyper import Hyper, join, setting
from playground.specs.mlp import OWN, MLPSpec
from playground.specs.quoted import shown
from playground.specs.spec import Spec

for module in pkgutil.iter_modules(specs_room.__path__):
    importlib.import_module(f"{specs_room.__name__}.{module.name}")
SPECS = sorted(
    (cls for cls in Spec.__subclasses__() if cls.__module__.startswith("playground.specs.")), key=lambda cls: cls.KIND
)


def values(bound: Bound) -> st.SearchStrategy[Any]:
    """Any allowed value of a bound."""
    match bound:
        case Range(whole=True):
            return st.integers(int(bound.low), int(bound.high))
        case Range():
            return st.floats(bound.low, bound.high, allow_nan=False, allow_subnormal=False)
        case Choice():
            return st.sampled_from(sorted(bound.options()))
        case Several():
            names = st.sampled_from(sorted(bound.options()))
            return st.lists(names, unique=True, min_size=bound.least, max_size=bound.most).map(tuple)
        case Numbers():
            number = st.floats(bound.low, bound.high, allow_nan=False, allow_subnormal=False)
            return st.lists(number, max_size=bound.longest).map(tuple)
        case Sizes():
            return st.lists(st.integers(bound.low, bound.high), max_size=bound.longest).map(tuple)
        case Toggle():
            return st.booleans()
        case Words():
            return st.text(max_size=20)
        case WordList():
            return st.lists(st.text(max_size=5), max_size=4).map(tuple)
        case Hyper():
            own = [(rule, name) for rule, entry in RULES.items() for name in entry.hyper]
            item = st.sampled_from(own).flatmap(
                lambda one: values(setting(one[1])).map(lambda value: join(*one, value))
            )
            return st.lists(item, max_size=4).map(tuple)
        case Blocks():
            words = ["conv:4:3:1:1:bn", "conv:3:5", "res:4", "max:2", "avg:3:1", "gap", "drop:10", "dense:5"]
            return st.lists(st.sampled_from(words), max_size=5).map(tuple)
    raise AssertionError(f"no values for {bound}")


def specs(cls: type[Spec]) -> st.SearchStrategy[Spec]:
    """Experiments with any allowed values (their combination may still be refused)."""
    return st.builds(cls, **{name: values(bound) for name, bound in cls.bounds().items()})


@pytest.mark.parametrize("cls", SPECS)
@given(data=st.data())
def test_a_link_restores_every_linked_field(cls: type[Spec], data: st.DataObject) -> None:
    try:
        spec = data.draw(specs(cls)).checked()
    except SpecError:
        return
    query = spec.to_query()
    restored, problems = cls.from_query(query)
    assert problems == []
    for name, bound in cls.bounds().items():
        expected = getattr(spec if bound.linked else cls(), name)
        assert getattr(restored, name) == expected, name
    assert restored.to_query() == query


@pytest.mark.parametrize("cls", SPECS)
@given(data=st.data())
def test_a_record_restores_everything(cls: type[Spec], data: st.DataObject) -> None:
    try:
        spec = data.draw(specs(cls)).checked()
    except SpecError:
        return
    assert cls.from_dict(spec.to_dict()) == spec


@pytest.mark.parametrize("cls", SPECS)
@given(field=st.sampled_from(sorted(MLPSpec.bounds())), text=st.text(max_size=60))
def test_nothing_in_a_link_can_break_the_page(cls: type[Spec], field: str, text: str) -> None:
    spec, problems = cls.from_query({field: text, "v": "mlp1"}, "public")
    assert spec == spec.checked("public")
    assert all(isinstance(problem, str) and len(problem) < 700 for problem in problems)


# What a browser may send in the place of any value: numbers of any size and length, halves of characters, nested lists.
NAMES = sorted({name for cls in SPECS for bound in cls.bounds().values() if isinstance(bound, Choice | Several)
                for name in bound.options()})  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-4, 12), st.floats(), st.text(st.characters(), max_size=8),
    st.sampled_from([*NAMES, "", "x", "1", "nan", "adam.beta1=0.8"]), st.sampled_from([10**400, -(10**400)]),
)  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def verdict(spec: Spec, mode: Mode = "local") -> Spec | str:
    """The experiment where it is allowed, else why it is not."""
    try:
        return spec.checked(mode)
    except SpecError as error:
        return str(error)


@pytest.mark.parametrize("cls", SPECS)
@pytest.mark.parametrize("mode", ["local", "public"])
@settings(max_examples=60)
@given(value=JSON)
def test_any_value_of_any_type_is_taken_or_refused_in_words(cls: type[Spec], mode: Mode, value: Any) -> None:
    for field in cls.bounds():
        found = verdict(cls().replace(**{field: value}), mode)
        if isinstance(found, str):
            assert found.encode()  # can be sent
            assert len(found) < 1000
        else:
            assert found.checked(mode) == found
            assert all(text.isprintable() or text.encode() for text in found.to_query().values())


@pytest.mark.parametrize("value", [10**400, [10**400], [["sgd"]], [{}], None, "\ud800", ["\ud800"]], ids=repr)
@pytest.mark.parametrize("field", ["lr", "hidden", "features", "dataset", "columns", "table", "seed", "optimizer"])
def test_what_is_no_value_at_all_is_refused_in_words(field: str, value: Any) -> None:
    found = verdict(MLPSpec().replace(**{field: value}))
    assert isinstance(found, str)
    assert found.encode()


def test_numbers_too_long_to_be_written_are_quoted_too() -> None:
    assert shown(10**5000) == "'this value'"
    assert "outside what is allowed" in str(verdict(MLPSpec(lr=10**5000)))


@pytest.mark.parametrize("cls", SPECS)
def test_defaults_are_allowed_in_public(cls: type[Spec]) -> None:
    assert cls().checked("public") == cls()


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"lr": math.nan}, "'nan' is not a number"),
        ({"lr": math.inf}, "outside what is allowed; choose a number from 1e-05 to 10"),
        ({"lr": 0}, "outside what is allowed"),
        ({"lr": "fast"}, "'fast' is not a number"),
        ({"lr": True}, "'True' is not a number"),
        ({"batch_size": 2.5}, "'2.5' is not a whole number"),
        ({"dataset": "spirl"}, "Did you mean 'spiral'?"),
        ({"hidden": (8,) * 7}, "7 layers are too many; choose 0 to 6"),
        ({"hidden": (8, 0)}, "a layer of '0' is not allowed; choose 1 to 64 units"),
        ({"hidden": "888"}, "is not a list of whole numbers"),
        ({"features": ()}, "choose at least 1"),
        ({"features": ("x3",)}, "'x3' is unknown"),
        ({"seed": -1}, "outside what is allowed"),
        ({"loss": "mse"}, "does not fit this data"),
        ({"dataset": "plane", "loss": "hinge"}, "choose auto, mse, mae, huber"),
        ({"table": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_wrong_value_is_refused_in_words(given_: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError) as caught:
        MLPSpec().replace(**given_).checked()
    assert words in str(caught.value)
    assert caught.value.field in given_


def test_public_bounds_are_tighter_and_say_so() -> None:
    spec = MLPSpec(samples=5000)
    assert spec.checked("local") == spec
    with pytest.raises(SpecError, match="20 to 2000 on this public server"):
        spec.checked("public")


def test_live_changes_are_told_from_those_that_start_again() -> None:
    spec = MLPSpec()
    assert spec.live_changes(spec.replace(lr=0.1, l2=0.01)) == {"lr": 0.1, "l2": 0.01}
    assert spec.live_changes(spec.replace(lr=0.1, activation="relu")) is None
    assert spec.live_changes(spec) == {}


def test_what_a_visitor_owns_never_stands_in_a_link() -> None:
    spec = MLPSpec(dataset=OWN, table="secret-table", columns=("salary", "age"), target="name")
    written = " ".join(spec.to_query().values())
    assert not any(word in written for word in ("secret", "salary", "age", "name"))


def test_a_link_of_another_version_is_read_as_far_as_it_goes() -> None:
    spec, problems = MLPSpec.from_query({"v": "mlp99", "lr": "0.1", "gone": "1"})
    assert spec == MLPSpec(lr=0.1)
    assert len(problems) == 1
    assert "another version" in problems[0]


def test_a_link_to_another_kind_of_experiment_says_nothing_to_this_one() -> None:
    spec, problems = MLPSpec.from_query({"v": "descent1", "lr": "0.1", "seed": "7"})
    assert spec == MLPSpec() and problems == []
    assert MLPSpec.named_by("mlp12") and not MLPSpec.named_by("descent1")


def test_one_field_to_blame_in_a_link_leaves_the_others_alone() -> None:
    query = {"v": "descent1", "surface": "formula", "formula": "log(x)", "start": "0,0", "steps": "200"}
    spec, problems = DescentSpec.from_query(query)
    assert (spec.surface, spec.formula, spec.start, spec.steps) == ("formula", "log(x)", (), 200)
    assert len(problems) == 1 and "no value" in problems[0]


def test_an_unknown_setting_in_a_record_is_refused() -> None:
    with pytest.raises(SpecError, match="unknown setting 'colour'"):
        MLPSpec.from_dict({"colour": "red"})


def test_labels_and_relevance_follow_the_other_values() -> None:
    assert MLPSpec(optimizer="adamw").label("l2") == "Weight decay"
    assert MLPSpec().label("l2") == "L2"
    assert not MLPSpec(optimizer="sgd").relevant("momentum")
    assert MLPSpec(optimizer="nesterov").relevant("momentum")
    assert not MLPSpec(dataset="iris").relevant("noise")
    assert MLPSpec(dataset=OWN).relevant("target")


@pytest.mark.parametrize("bound", [Numbers(-10, 10, longest=4, label="n"), Sizes(1, 9, longest=4, label="s")])
def test_two_commas_in_a_row_are_said_to_miss_a_number(bound: Numbers | Sizes) -> None:
    for text in ("1,,2", "1, ,2"):
        with pytest.raises(SpecError, match="a number is missing between two commas"):
            bound.check(bound.read(text), "local")
    assert bound.check(bound.read("1, 2"), "local") == (1, 2)


def test_whole_numbers_are_written_out_however_large() -> None:
    bound = Range(0, 2**31 - 1, whole=True, label="Seed")
    for value in (-1.0, 9_999_999_999.0):
        with pytest.raises(SpecError, match=f"'{value:.0f}' is outside .* from 0 to 2147483647\\."):
            bound.check(value, "local")
