"""The registry: a mapping that answers a wrong name with the nearest right one."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.errors import PlaygroundError, UnknownName
from playground.core.registry import Entry, Registry, first_line
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.functional.losses import LOSSES
from playground.optim.rules import RULES

FILLED = [ACTIVATIONS, LOSSES, INITIALISERS, RULES]


def entry(name: str, **fields: str) -> Entry:
    """An entry with every field filled, unless told otherwise."""
    return Entry(
        **{"name": name, "title": name.title(), "summary": "What it does.", "source": "A. Author, 2000"} | fields
    )


def test_entries_come_back_by_name_in_the_order_added() -> None:
    registry: Registry[Entry] = Registry("thing")
    added = [registry.add(entry(name)) for name in ("zeta", "alpha", "mu")]
    assert list(registry) == ["zeta", "alpha", "mu"]
    assert list(registry.values()) == added
    assert len(registry) == 3
    assert "alpha" in registry
    assert registry.get("nothing") is None


def test_wrong_name_says_what_was_meant() -> None:
    with pytest.raises(UnknownName) as caught:
        RULES["adma"]
    assert str(caught.value) == "Unknown optimizer 'adma'. Did you mean 'adam'?"
    assert str(UnknownName("optimizer", "'<b>'", ["sgd"])) == "Unknown optimizer '<b>'. Known: sgd.", "quoted once"


def test_far_off_name_lists_what_there_is() -> None:
    with pytest.raises(UnknownName) as caught:
        LOSSES["xyzzy"]
    assert str(caught.value) == (
        "Unknown loss 'xyzzy'. Known: cross_entropy, mse, mae, huber, brier, hinge, focal, "
        "kl_divergence, smoothed_cross_entropy."
    )


@pytest.mark.parametrize("wrong", [KeyError, PlaygroundError])
def test_unknown_name_is_a_key_error_and_one_of_ours(wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        ACTIVATIONS["rleu"]


def test_name_is_taken_once() -> None:
    registry: Registry[Entry] = Registry("thing")
    registry.add(entry("one"))
    with pytest.raises(ValueError, match="'one' is registered twice"):
        registry.add(entry("one", title="Another"))
    assert registry["one"].title == "One"


@pytest.mark.parametrize("field", ["name", "title", "summary", "source"])
def test_no_field_may_be_empty(field: str) -> None:
    registry: Registry[Entry] = Registry("thing")
    with pytest.raises(ValueError, match=f"has no {field}"):
        registry.add(replace(entry("one"), **{field: "  "}))
    assert len(registry) == 0


@given(st.data())
def test_one_slip_of_the_finger_is_understood(data: st.DataObject) -> None:
    """Two neighbouring letters swapped: never an entry by accident, and the message names a real one."""
    registry = data.draw(st.sampled_from(FILLED))
    name = data.draw(st.sampled_from([name for name in registry if len(name) > 3]))
    at = data.draw(st.integers(0, len(name) - 2))
    slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if slip in registry:
        return
    with pytest.raises(UnknownName) as caught:
        registry[slip]
    suggested = str(caught.value).split("Did you mean '")[1].removesuffix("'?")
    assert suggested in registry


@given(st.text(string.printable, max_size=30))
def test_any_text_either_names_an_entry_or_raises_in_words(text: str) -> None:
    for registry in FILLED:
        if text in registry:
            assert registry[text].name == text
        else:
            with pytest.raises(UnknownName, match=f"Unknown {registry.kind}"):
                registry[text]


@pytest.mark.parametrize("registry", FILLED, ids=lambda registry: registry.kind)
def test_summaries_are_one_sentence(registry: Registry[Entry]) -> None:
    for item in registry.values():
        assert item.summary.endswith(".")
        assert "\n" not in item.summary
        assert len(item.summary) <= 120, f"{item.name}: a menu has one line"


def test_first_line_of_a_docstring() -> None:
    assert first_line("\n  What it is.\n\n  More.") == "What it is."
    assert first_line(None) == ""
