"""The page Inside BERT without a browser: alive at once, a visitor's own text, links, lessons, and what is said of bad input."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.core.frames import unpack
from playground.core.language import Opened
from playground.functional.attention import attend
from playground.specs.inside_bert import DEPTHS, LOOKS, MEASURES
from playground.ui import provider
from playground.ui.parts.inside_bert import Found
from playground.ui.parts.inside_bert_text import FIRST, LONGEST, OURS, Typed, mended
from playground.ui.parts.inside_bert_words import late
from tests.pages.support import open_page, problems
from tests.text_folder import text_folder

KEY = "playground.ui.parts.inside_bert_text.Typed/inside_bert"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The models folder with one small network of random weights."""
    place = text_folder(tmp_path / "models", "tiny")
    provider.rescan()
    return place


def data(page: AppTest) -> dict[str, Any]:
    """What the canvas was given."""
    for item in page.get("bidi_component"):
        if item.proto.component_name == "playground.inside_bert":
            found: dict[str, Any] = json.loads(item.proto.json)[0]
            return found
    raise AssertionError("no canvas on the page")


def frame(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    return unpack(base64.b64decode(data(page)["frame"]))


def typed(page: AppTest, text: str, number: int = 1) -> AppTest:
    """The visitor's own text, as the box hands it over."""
    kept: Typed = page.session_state[KEY]
    kept.text, kept.own, kept.length, kept.heard, kept.example = text, True, len(text), number, ""
    page.session_state["playground.ui.controls.Edited/inside_bert"].spec = page.session_state[
        "playground.ui.controls.Edited/inside_bert"
    ].spec.replace(example="")
    return page.run()


def test_it_opens_with_a_sentence_opened(model: Path) -> None:
    page = open_page("inside_bert", model="tiny", layer="1", head="1")
    assert problems(page) == []
    header, blocks = frame(page)
    assert header["state"] == "there" and header["text"] == OURS[FIRST][1] and not header["stale"]
    assert (header["layer"], header["head"]) == (1, 1), "the head whose numbers are shown is the one of the link"
    weights = blocks["attention"].astype(float) / 65535
    assert weights.sum(axis=-1) == pytest.approx(np.ones(weights.shape[:3]), abs=2e-3)
    again = attend(*(blocks[name].astype(np.float64) for name in ("query", "key", "value")))
    assert weights[1, 1] == pytest.approx(again.weights, abs=1e-3), "queries and keys make this very attention"
    assert page.query_params["example"] == FIRST and page.latex
    chosen = open_page("inside_bert", model="tiny").query_params
    assert int(chosen["layer"]) >= 0 and int(chosen["head"]) >= 0, (
        "without one in the link it begins with one of its own"
    )


def test_ones_own_text_is_opened_and_in_no_link(model: Path) -> None:
    page = typed(open_page("inside_bert", model="tiny"), "It was not kind 😀 of Zelda")
    assert problems(page) == []
    header, _ = frame(page)
    assert header["text"].endswith("Zelda") and data(page)["typed"]["text"] == header["text"]
    (smile,) = [row for row in header["pieces"] if header["text"][max(0, row[2]) : row[3]] == "😀"]
    assert smile[4], "a sign that the vocabulary lacks is marked"
    assert page.query_params["example"] == "" and "Zelda" not in json.dumps(dict(page.query_params))


def test_odd_characters_are_read_and_said_like_others(model: Path) -> None:
    page = open_page("inside_bert", model="tiny", depth="pieces")
    texts = ("bad \ud83d film", "bad\x07 \x00film\ttoo", "\u202ebad\u202c film", "שלום bad film", "\r\n\u200b bad")
    for number, text in enumerate(texts, 1):
        page = typed(page, mended(text), number)
        assert problems(page) == []
        header, _ = frame(page)
        assert header["state"] == "there" and not header["stale"] and header["text"] == mended(text)
        for _, _, start, end, _, _ in header["pieces"]:
            assert start < 0 or header["text"][start:end].strip(), "each piece stands for something in the text"
        assert all(row[5] >= 0 for row in header["pieces"] if row[2] >= 0), "and belongs to a word"
    assert mended("a\ud83d b \ud83d\ude00") == "a\ufffd b 😀"


def test_a_picture_of_another_sentence_says_so() -> None:
    class Inside:
        notes = ()

    waits = Found(cast(Opened, Inside()), "bad  film", False, other=True)
    assert "Still of “bad film”" in late(waits).replace("\\", "")
    assert late(replace(waits, current=True, other=False)) == ""


def test_what_cannot_be_opened_is_said_and_the_picture_stays(model: Path) -> None:
    page = open_page("inside_bert")
    for text, words in (("  \n", "The box is empty"), ("a" * (LONGEST + 1), f"at most {LONGEST:,}")):
        page = typed(page, text)
        header, _ = frame(page)
        assert words in header["stale"] and header["text"] == OURS[FIRST][1] and header["of"] == OURS[FIRST][1]
        assert not page.exception and not page.error
    header, _ = frame(typed(page, " ".join(["dull"] * 100)))
    assert header["whole"] > len(header["pieces"]) and not header["stale"]
    assert any("are shown" in item.value for item in page.markdown), "only the beginning, and the page says so"


@pytest.mark.parametrize(("depth", "end"), [(depth, -(number % 2)) for number, depth in enumerate(DEPTHS)])
def test_every_view_opens_by_its_link_with_all_fields_at_an_end(model: Path, depth: str, end: int) -> None:
    last = {"layer": "63", "head": "63", "piece": "511"} if end else {"layer": "0", "head": "0", "piece": "0"}
    query = {
        "depth": depth,
        "look": list(LOOKS)[end],
        "measure": list(MEASURES)[end],
        "example": list(OURS)[end],
        **last,
    }
    page = open_page("inside_bert", v="inside_bert1", all="1", **query)
    assert problems(page) == []
    assert {name: page.query_params[name] for name in query} == query
    header, _ = frame(page)
    assert header["state"] == "there" and (depth == "reason") == bool(header["reason"])


def test_attention_stands_beside_what_hiding_each_word_does(model: Path) -> None:
    page = open_page("inside_bert", depth="reason")
    found = frame(page)[0]["reason"]
    assert len(found["spans"]) == len(found["effect"]) == 10, "nine words and a full stop"
    for measure in MEASURES:
        assert sum(found["attention"][measure]) + found["marks"][measure] == pytest.approx(1, abs=5e-3)
    assert abs(found["effect"][found["largest"]]) == max(map(abs, found["effect"]))


def test_what_a_link_names_wrongly_is_said_and_the_rest_kept(model: Path) -> None:
    page = open_page("inside_bert", example="comparisn", model="nobody", depth="steps")
    said = " ".join(item.value for item in page.warning).replace("\\", "")
    assert "Did you mean 'comparison'" in said and "nobody" in said
    assert page.query_params["example"] == FIRST and page.query_params["depth"] == "steps"


def test_a_lesson_locks_what_the_hand_could_do(model: Path) -> None:
    page = open_page("inside_bert", lock="example,layer", hide="head")
    assert problems(page) == []
    shown = data(page)
    assert shown["edits"] == ["depth", "look", "measure", "piece"] and shown["typed"]["locked"]
