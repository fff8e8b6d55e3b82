"""Classes in words: what a configuration calls them never stands on a page as ``LABEL_0``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.catalog import text_labels
from playground.catalog.card import Card, Hub, Local
from playground.catalog.cards import CARDS


def card(name: str, repository: str = "") -> Card:
    source = Hub(repository) if repository else Local(name, ("config.json",))
    return Card(name=name, title=name, summary="A test.", task="sentiment", source=source, architecture="bert")


@pytest.mark.parametrize(
    ("raw", "words", "tones"),
    [
        (["NEGATIVE", "POSITIVE"], ["negative", "positive"], [-1, 1]),
        (["NEG", "NEU", "POS"], ["negative", "neutral", "positive"], [-1, 0, 1]),
        (["Positive", "Neutral", "Negative"], ["positive", "neutral", "negative"], [1, 0, -1]),
        (["1 star", "2 stars", "5 stars"], ["1 star", "2 stars", "5 stars"], [-1, -0.5, 1]),
        (["star_1", "Stars-4"], ["1 star", "4 stars"], [-1, 0.5]),
        (
            ["Very Negative", "Negative", "Neutral", "Positive", "very_positive"],
            ["very negative", "negative", "neutral", "positive", "very positive"],
            [-1, -0.5, 0, 0.5, 1],
        ),
        (["ABBR", "human_being"], ["ABBR", "human being"], [None, None]),
        (["LABEL_0", "LABEL_1"], ["class 1", "class 2"], [None, None]),
        (["POS", "positive"], ["POS (1)", "positive (2)"], [None, None]),
    ],
)  # fmt: skip
def test_classes_are_words_with_a_tone_where_they_have_one(raw: list[str], words: list[str], tones: list) -> None:
    found = text_labels.words(raw)
    assert [label.words for label in found] == words and [label.tone for label in found] == tones
    assert [label.index for label in found] == list(range(len(raw)))


def test_names_from_outside_are_fit_to_be_printed_and_no_two_are_alike() -> None:
    unfit = ["a\ud800b", "\x1b[31mred\n\x00", "\u202etxt\u2066.", "x" * 500, "red", "[31mred", "\u200b", "\x07"]
    raw = text_labels.raw_labels({"id2label": {str(index): name for index, name in enumerate(unfit)}})
    assert raw == ("a b", "[31mred", "txt .", f"{'x' * 59}…", "red", "[31mred (2)", "class 7", "class 8")
    assert [label.words for label in text_labels.words(raw)] == list(raw)
    assert [label.words for label in text_labels.words(["a\x00", "a", "a (1)"])] == ["a (1) (2)", "a (2)", "a (1)"]


def test_stars_are_counted() -> None:
    assert [label.stars for label in text_labels.words(text_labels.SPACES["stars"])] == [1, 2, 3, 4, 5]


def test_numbered_classes_have_the_names_that_their_makers_give_where_these_are_known() -> None:
    numbered = ["LABEL_0", "LABEL_1", "LABEL_2"]
    for known in (card("mine", "cardiffnlp/twitter-roberta-base-sentiment"), card("twitter-roberta-base-sentiment")):
        assert [label.words for label in text_labels.words(numbered, known)] == ["negative", "neutral", "positive"]
        assert text_labels.note(numbered, known) == ""
    assert "does not name them" in text_labels.note(numbered, card("mine"))
    assert [label.words for label in text_labels.words(numbered[:2], known)] == [
        "class 1",
        "class 2",
    ]  # another number of them


def test_a_card_names_its_classes_before_its_files_are_here_and_the_files_say_it_better(tmp_path: Path) -> None:
    stars = CARDS["bert-stars"]
    assert [label.stars for label in text_labels.of_card(stars, tmp_path)] == [1, 2, 3, 4, 5]
    assert text_labels.of_card(card("unheard"), tmp_path) == ()
    (tmp_path / "unheard").mkdir()
    (tmp_path / "unheard" / "config.json").write_text(json.dumps({"id2label": {"1": "good", "0": "bad"}}))
    assert [label.words for label in text_labels.of_card(card("unheard"), tmp_path)] == ["bad", "good"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "no settings"),
        ({"id2label": {"0": "a", "2": "b"}}, "not numbered from 0 on"),
        ({"id2label": []}, "does not name"),
        ({"num_labels": 10**9}, "no number from 1 to"),
        ({"num_labels": True}, "no number from 1 to"),
    ],
)
def test_a_configuration_without_classes_is_refused(said: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        text_labels.raw_labels(said)


def test_a_configuration_that_says_nothing_has_two_numbered_classes_as_the_library_takes_it() -> None:
    assert text_labels.raw_labels({}) == ("LABEL_0", "LABEL_1")
