"""The example texts of the page Sentiment: what they claim to be, the starter says, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.catalog.card import Card, Local
from playground.core import paths
from playground.core.language import Judge, Judged
from playground.data.sentence_examples import SENTENCES
from playground.data.spreadsheet import harmless
from playground.hub.sentiment import judge
from playground.hub.text_model import plain
from tests.reading import Here, quiet


def test_plain_examples_are_read_as_their_hints_say() -> None:
    place = paths.PACKAGE / "hub" / "starters" / "sentiment"
    card = Card(
        name="sentiment", title="Starter", summary="For a test.", task="sentiment", architecture="bert",
        source=Local("sentiment", (*sorted(name for name in os.listdir(place) if name != "model.safetensors"), "model.safetensors")),
    )  # fmt: skip
    model, claimed = plain(card, place.parent), [one for one in SENTENCES.values() if one.plain]
    assert {"praise", "complaint", "negation", "neutral", "turn", "long"} <= {one.name for one in claimed}
    for one in claimed:
        (found,) = judge(Here(model, Path("nowhere")), card, [Judge(one.text)], quiet)
        assert isinstance(found, Judged) and found.labels[found.best] == one.plain, one.name
        assert found.scores[found.best] > 0.7, f"{one.name}: {found.scores}"


@pytest.mark.parametrize(
    "text", ["=1", "+A1", "-A1", "@x", "\uff1d1+1", "\uff0bA1", "\uff0d2+3", "\uff20SUM(A1)", "-5+3", "\t=1", "-"]
)
def test_what_a_spreadsheet_may_calculate_is_made_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+0.25", "-1,5", "-2e-05", "5", "", "a=1"])
def test_plain_numbers_stay_numbers(text: str) -> None:
    assert harmless(text) == text
