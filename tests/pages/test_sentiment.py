"""The page Sentiment with a model that counts good and bad words: what it asks, what it says, what goes into the link."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.catalog import text_labels
from playground.catalog.card import Card, Local
from playground.core.language import LONGEST_TEXT, Judge, Judged, JudgedMany, JudgeMany, Weigh, Weighed, Window, Word
from playground.data.sentence_examples import SENTENCES
from playground.data.swap_lists import SWAP_LISTS
from playground.data.text_results import with_scores
from playground.jobs.asked import Asked, settled
from playground.jobs.inference import InlineInference
from playground.jobs.inference_messages import Refusal
from playground.ui import asking, provider
from playground.ui.parts import sentiment as part
from playground.ui.parts import sentiment_many as many
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_swap as swap
from playground.ui.parts import sentiment_two as two
from playground.ui.parts import sentiment_verdict as verdicts
from playground.ui.parts import sentiment_why as why
from tests.pages.support import canvas_data, open_page, problems

THREE, PAIR = ("negative", "neutral", "positive"), ("negative", "positive")
STARS = tuple(f"{n} star{'s' if n > 1 else ''}" for n in range(1, 6))
VALUES = {
    "good": 1.0,
    "wonderful": 1.5,
    "gorgeous": 0.8,
    "delicious": 1.0,
    "bad": -1.0,
    "dies": -0.9,
    "waste": -3.0,
    "Ivan": -0.2,
}
CARD = Card(
    name="other", title="Another model", summary="Reads texts.", task="sentiment", source=Local("other", ("config.json", "weights")),
    architecture="bert",
)  # fmt: skip


def worth(text: str) -> float:
    return sum(VALUES.get(word, 0.0) for word in re.findall(r"\w+", text))


def scores(text: str, labels: Sequence[str]) -> tuple[float, ...]:
    logits = np.linspace(-1, 1, len(labels)) * worth(text)
    shares = np.exp(logits) / np.exp(logits).sum()
    return tuple(map(float, shares))


class Counting(InlineInference):
    """Answers by counting words; texts of more than 400 letters go through it in two windows."""

    def __init__(self, folder: Path, labels: tuple[str, ...] = THREE) -> None:
        super().__init__(folder, provider.settings())
        self.labels: dict[str, tuple[str, ...]] = {"": labels}
        self.questions: list[tuple[str, Any]] = []

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        self.questions.append((task, question))
        assert card is not None
        labels = self.labels.get(card.name, self.labels[""])
        return settled(getattr(self, task)(question, labels), visitor)

    def judge(self, asked: Judge, labels: tuple[str, ...]) -> Any:
        text = asked.text
        if "\x00" in text:
            return Refusal("InputError", "This text holds nothing that can be read.")
        whole, half = len(text), len(text) // 2
        spans = [(0, whole, 1.0)] if whole <= 400 else [(0, half + 20, 0.25), (half, whole, 0.75)]
        windows = tuple(Window(a, b, 9, scores(text[a:b], labels), weight) for a, b, weight in spans)
        unknown = ("映画",) if "映画" in text else ()
        return Judged(labels, scores(text, labels), windows, len(text.split()), unknown, 0.002, "CPU", "PyTorch")

    def weigh(self, asked: Weigh, labels: tuple[str, ...]) -> Any:
        start = 0 if len(asked.text) <= 400 else len(asked.text) // 2
        sign = -1.0 if asked.target == 0 else 1.0
        words = tuple(
            Word(start + found.start(), start + found.end(), sign * VALUES.get(found.group(), 0.0))
            for found in re.finditer(r"\w+", asked.text[start:])
        )
        target = asked.target if asked.target >= 0 else int(np.argmax(scores(asked.text, labels)))
        return Weighed(
            words, asked.method, target, labels[target], 0.9, 2.0, 0.5, "as many [MASK] pieces", 0.1, 0.01, start, len(asked.text), 0.03
        )  # fmt: skip

    def judge_long(self, asked: Judge, labels: tuple[str, ...]) -> Any:
        return self.judge(asked, labels)

    def judge_few(self, asked: JudgeMany, labels: tuple[str, ...]) -> Any:
        return self.judge_many(asked, labels)

    def judge_many(self, asked: JudgeMany, labels: tuple[str, ...]) -> Any:
        found = [scores(text, labels) if text.strip() else (np.nan,) * len(labels) for text in asked.texts]
        windows = np.array([int(bool(text.strip())) for text in asked.texts], np.int32)
        return JudgedMany(labels, np.array(found, np.float32), windows, 0.1, "CPU", "PyTorch")


@pytest.fixture(autouse=True)
def stub(inline: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The model that answers every question; its classes are those of ``stub.labels``."""
    made = Counting(tmp_path / "models")
    provider.use_inference(made)
    monkeypatch.setattr(models, "labels", lambda card: text_labels.words(made.labels.get(card.name, made.labels[""])))
    return made


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """A second model on disk."""
    folder = tmp_path / "models" / "other"
    folder.mkdir(parents=True)
    for name in ("config.json", "weights"):
        (folder / name).write_text("{}")
    catalog = provider.catalog()
    monkeypatch.setattr(provider, "_catalog", dataclasses.replace(catalog, cards={**catalog.cards, "other": CARD}))
    return CARD


def component(page: AppTest, name: str) -> dict[str, Any]:
    """What a component of the page was given."""
    for item in page.get("bidi_component"):
        if item.proto.component_name == f"playground.{name}":
            return json.loads(item.proto.json)[0]
    raise AssertionError(f"no {name} on the page: {canvas_data(page)[:300]}")


def typed(page: AppTest, text: str) -> AppTest:
    """Type a text of one's own, as the box tells it."""
    mine = page.session_state["playground.ui.parts.sentiment.Typed/sentiment"]
    assert mine.take({"number": mine.heard + 1, "text": text, "length": len(text)})
    edited = page.session_state["playground.ui.controls.Edited/sentiment"]
    edited.spec = edited.spec.replace(example=part.named(text, ""))
    return page.run()


def tab(page: AppTest, name: str) -> AppTest:
    page.session_state["sentiment-tabs"] = name
    return page.run()


def prose(page: AppTest) -> str:
    return " ".join(item.value for item in page.markdown)


def test_it_opens_with_an_example_answered_and_its_words_coloured() -> None:
    page = open_page("sentiment")
    assert problems(page) == []
    data = component(page, "sentiment")
    assert data["box"]["text"] == SENTENCES[part.FIRST].text and page.query_params["example"] == part.FIRST
    answer = data["answer"]
    assert (
        answer["state"] == "answered" and answer["verdict"]["words"] == "Positive" and answer["opinion"]["band"] is None
    )
    assert sum(answer["opinion"]["scores"]) == pytest.approx(1, abs=1e-4)
    pulls = {data["box"]["text"][int(a) : int(b)]: value for a, b, value in answer["words"]}
    assert pulls["wonderful"] > 0 > pulls["dies"] and pulls["camera"] == 0
    assert "towards positive" in answer["key"] and [one["name"] for one in data["examples"]] == list(SENTENCES)
    assert "Undecided band" not in [one.label for one in page.slider], "a model that knows neutral needs none"


def test_a_word_pulls_to_the_same_side_whatever_the_verdict() -> None:
    page = typed(open_page("sentiment"), "good but bad and bad")
    answer = component(page, "sentiment")["answer"]
    assert answer["verdict"]["words"] == "Negative" and answer["verdict"]["tone"] == -1
    assert [value for *_, value in answer["words"]] == [1, 0, -1, 0, -1], "it is always the good end that is explained"
    assert "▲ (blue) pulls towards positive, ▼ (orange) towards negative" in answer["key"]


def test_ones_own_text_is_answered_and_stands_in_no_link(stub: Counting) -> None:
    page = typed(open_page("sentiment"), "my secret is bad 😍")
    assert component(page, "sentiment")["answer"]["verdict"]["words"] == "Negative"
    assert page.query_params["example"] == "" and "secret" not in json.dumps(dict(page.query_params))
    assert stub.questions[-1][1].text == "my secret is bad 😍"
    typed(page, SENTENCES["praise"].text)
    assert page.query_params["example"] == "praise", "one of ours is known by its words"


def test_texts_that_cannot_be_read_are_answered_in_words(stub: Counting) -> None:
    page = typed(open_page("sentiment"), "")
    assert component(page, "sentiment")["answer"]["state"] == "empty"
    asked = len(stub.questions)
    mine = page.session_state["playground.ui.parts.sentiment.Typed/sentiment"]
    assert mine.take({"number": 99, "text": "", "length": LONGEST_TEXT + 7}) and mine.text == ""
    answer = component(page.run(), "sentiment")["answer"]
    assert (
        answer["state"] == "failed"
        and "100,007 characters; at most 100,000" in answer["notes"]
        and len(stub.questions) == asked
    )
    assert "99" in str(component(page, "sentiment")["box"]["heard"])
    mine.take({"number": 100, "text": "x" * (LONGEST_TEXT + 1), "length": 3})
    assert mine.text == "" and mine.problem, "the server counts for itself"
    for wrong in (
        {"number": 5, "text": "old"},
        {"number": "200", "text": "a"},
        {"number": True, "text": "a"},
        {"number": 300, "text": 4},
    ):
        assert not mine.take(wrong)
    for said, note in (("a\x00b", "One control character"), ("bad \ud800 film", "One broken character")):
        answer = component(typed(page, said), "sentiment")["answer"]
        assert answer["state"] == "answered" and note in answer["notes"]
        assert stub.questions[-1][1].text.isprintable(), "halves of characters and controls get no further than the box"
    for name in ("Which words", "Swap one word", "Long texts", "Code"):
        assert problems(tab(page, name)) == []


def test_between_two_classes_there_is_an_undecided_band(stub: Counting) -> None:
    stub.labels[""] = PAIR
    page = typed(open_page("sentiment", band="0.2"), "Ivan reads")
    answer = component(page, "sentiment")["answer"]
    assert (
        answer["verdict"]["words"] == "Undecided"
        and "leans to negative" in answer["verdict"]["also"]
        and answer["opinion"]["band"] == 0.2
    )
    assert "calls nobody the winner" in prose(page)
    next(one for one in page.slider if one.label == "Undecided band").set_value(0.0).run()
    assert component(page, "sentiment")["answer"]["verdict"]["words"] == "Negative" and page.query_params["band"] == "0"
    known = text_labels.words(PAIR)
    assert (
        not verdicts.verdict(known, (0.4, 0.6), 0.1).undecided and verdicts.verdict(known, (0.41, 0.59), 0.1).undecided
    )
    assert not verdicts.verdict(text_labels.words(THREE), (0.3, 0.36, 0.34), 0.4).undecided


def test_stars_are_stars_and_unknown_classes_have_no_side(stub: Counting) -> None:
    stub.labels[""] = STARS
    answer = component(typed(open_page("sentiment"), "wonderful and good"), "sentiment")["answer"]
    assert (
        answer["verdict"]["stars"] == 5 and answer["verdict"]["words"] == "5 stars" and "away from it" in answer["key"]
    )
    stub.labels[""] = ("sports", "weather")
    answer = component(typed(open_page("sentiment"), "good"), "sentiment")["answer"]
    assert answer["verdict"] == {
        "words": "Weather",
        "score": answer["verdict"]["score"],
        "stars": None,
        "tone": None,
        "also": "",
    }
    assert "▲ (blue) speaks for “weather”" in answer["key"] and answer["opinion"]["band"] is None


def test_of_a_long_text_the_part_that_counts_is_coloured_and_its_windows_shown() -> None:
    page = tab(open_page("sentiment", example="long"), "Long texts")
    text, answer = SENTENCES["long"].text, component(page, "sentiment")["answer"]
    assert answer["part"] and text.endswith(answer["text"])
    pulls = {answer["text"][int(a) : int(b)]: value for a, b, value in answer["words"]}
    assert pulls["waste"] == -3 and "In the part that counts most" in answer["key"]
    windows = component(page, "sentiment_long")["windows"]
    assert [(one["words"], one["weight"]) for one in windows] == [("negative", 0.25), ("negative", 0.75)] or len(
        windows
    ) == 2
    assert all(not one["last"] or one["last"][1:] not in one["begin"] for one in windows), "nothing is printed twice"
    assert windows[-1]["last"].endswith("from beginning to end.") and "Window 2 of 2 counts most, 75 %" in prose(page)
    short = tab(open_page("sentiment"), "Long texts")
    next(one for one in short.button if one.label == "Try a long review").click().run()
    assert short.query_params["example"] == "long"


# -- which words


def test_every_method_and_class_is_explained_and_what_the_numbers_add_up_to_is_said() -> None:
    page = tab(open_page("sentiment", method="integrated_gradients"), "Which words")
    side = component(page, "sentiment_sides")["sides"][0]
    assert side["state"] == "answered" and side["unit"] == "logit"
    assert (
        "Convergence error 0.0100" in side["facts"]
        and "[MASK]" in side["facts"]
        and "special tokens ([CLS], [SEP]) +0.100" in side["facts"]
    )
    page = tab(open_page("sentiment", method="occlusion", target="0"), "Which words")
    side = component(page, "sentiment_sides")["sides"][0]
    assert side["unit"] == "probability" and "speaks for “negative”" in side["key"] and problems(page) == []
    assert side["feel"] == -1 and side["title"].startswith("Example: "), "what speaks for negative is orange"


def test_words_have_one_colour_and_one_sign_above_and_in_the_tab() -> None:
    page = tab(typed(open_page("sentiment"), "good but bad and bad"), "Which words")
    side = component(page, "sentiment_sides")["sides"][0]
    assert side["words"] == component(page, "sentiment")["answer"]["words"] and side["feel"] == 1
    assert "Blue pulls towards positive" in side["key"] and "▲ speaks for “positive”" in side["key"]
    known = text_labels.words(THREE)
    assert [why.feeling(known, at) for at in range(3)] == [-1, 0, 1] and list(why.explained(known)) == [2, 1, 0]
    assert verdicts.number(-0.0004) == "0.00" and verdicts.number(-0.26, 1) == "-0.3"


def test_a_word_is_changed_and_both_answers_stand_beside_each_other() -> None:
    page = tab(typed(open_page("sentiment"), "😍 It was good and delicious."), "Which words")
    mine = page.session_state["playground.ui.parts.sentiment_why.Changed/sentiment"]
    (side,) = component(page, "sentiment_sides")["sides"]
    sides = [(side["text"], side["id"], side["offset"])]
    start = side["text"].index("good")
    change = {"side": 0, "id": side["id"], "start": start, "end": start + 4, "put": " bad  "}
    for wrong in (
        {**change, "id": "x"},
        {**change, "side": 3},
        {**change, "end": 999},
        {**change, "put": 1},
        {**change, "start": -2},
    ):
        why.obey(mine, {"change": wrong, "number": mine.heard + 1}, sides)
        assert mine.text == ""
    why.obey(mine, {"change": change, "number": 99}, sides)
    assert mine.text == "😍 It was bad and delicious."
    page.run()
    before, after = component(page, "sentiment_sides")["sides"]
    assert (before["verdict"]["words"], after["verdict"]["words"]) == ("Positive", "Negative") or after[
        "opinion"
    ] != before["opinion"]
    assert "The change moves" in prose(page)
    next(one for one in page.button if one.label == "Go on with the changed text").click().run()
    assert (
        component(page, "sentiment")["box"]["text"] == "😍 It was bad and delicious."
        and page.query_params["example"] == ""
    )
    assert len(component(page, "sentiment_sides")["sides"]) == 1


def test_a_long_text_is_judged_where_no_short_one_waits_behind_it(
    stub: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(part.asking, "begin", lambda task, *_: asked.append(task) or stub)
    monkeypatch.setattr(part, "soon", lambda *_: None)
    for text in ("short", "long " * part.QUICK_TEXT):
        part.judge(text, CARD)
    assert asked == ["judge", "judge_long"]


def test_a_word_left_out_takes_one_space_along() -> None:
    assert why.swapped("It was not good.", 7, 10, "") == "It was good."
    assert why.swapped("It was good.", 7, 11, "") == "It was."
    assert why.swapped("Not good", 0, 3, "") == "good"
    assert why.swapped("a b", 0, 1, "very  c\n") == "very c b"


# -- swap one word


def test_every_list_stands_in_its_own_sentence_and_in_a_marked_place() -> None:
    for entry in SWAP_LISTS.values():
        made = swap.sentences(entry.before, entry.after, entry.words)
        assert len(set(made)) == len(entry.words) >= 10 and entry.careful
        page = tab(open_page("sentiment", swap=entry.name), "Swap one word")
        shown = component(page, "sentiment_swap")
        assert [row["word"] for row in shown["rows"]] == list(entry.words) and problems(page) == []
    assert swap.sentences("He is a ", ".", ["engineer", "nurse"]) == ("He is an engineer.", "He is a nurse.")
    assert swap.sentences("", " sang.", ["women", "men"]) == ("Women sang.", "Men sang.")
    page = tab(typed(open_page("sentiment"), "The nurse was good."), "Swap one word")
    mine = page.session_state["playground.ui.parts.sentiment_swap.Marked/sentiment"]
    for wrong in ([0, 5], "The", [4, 9, 2], None):
        swap.obey(mine, {"mark": wrong, "number": mine.heard + 1})
        assert mine.start == -1
    swap.obey(mine, {"mark": [4, 9], "number": 50})
    shown = component(page.run(), "sentiment_swap")
    assert shown["sentence"] == ["The ", " was good."] and shown["marked"] == [4, 9]
    said = prose(page)
    assert "From “Ivan”" in said and "are a look, not a measurement" in said and "Means:" in said


# -- several texts


def test_lines_are_judged_at_once_and_a_file_by_the_column_that_is_chosen() -> None:
    page = tab(open_page("sentiment"), "Several texts")
    assert len(component(page, "sentiment_many")["rows"]) == 5 and "5 texts:" in prose(page) and problems(page) == []
    mine = page.session_state["playground.ui.parts.sentiment_many.Many/sentiment"]
    content = b"id,review,remark\n1,This was good,bad\n2,=bad(),good\n3,,good\n"
    many.take(mine, "reviews.csv", content)
    assert mine.file is not None and mine.column == "review" and not mine.problem
    page.run()
    next(one for one in page.button if one.label == "Judge 3 texts").click().run()
    rows = component(page, "sentiment_many")["rows"]
    assert [row[1] for row in rows] == ["positive", "negative", "empty"] and rows[2][2] is None
    judged, file, _, _ = mine.done
    cells = list(
        csv.reader(io.StringIO(with_scores(file, judged.labels, judged.scores, judged.windows).decode("utf-8-sig")))
    )
    assert cells[0][:4] == ["id", "review", "remark", "predicted"] and cells[2][1] == "'=bad()" and cells[3][3] == ""
    next(one for one in page.selectbox if one.label == "Column with the texts").set_value("remark").run()
    next(one for one in page.button if one.label == "Judge 3 texts").click().run()
    assert [row[1] for row in component(page, "sentiment_many")["rows"]] == ["negative", "positive", "positive"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"PK\x03\x04 xl/ [Content_Types].xml", "Excel"),
        ("a.csv", b"\x00\x01\x02\xff" * 50, "not"),
        ("a.txt", b"x\n" * 6000, "at most 5,000"),
        ("a.csv", b"x" * 6_000_000, "MB"),
    ],
)
def test_a_file_that_is_no_list_of_texts_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    page = tab(open_page("sentiment"), "Several texts")
    many.take(page.session_state["playground.ui.parts.sentiment_many.Many/sentiment"], name, content)
    page.run()
    (said,) = [item.value for item in page.error]
    assert words in said.replace("\\", "") and not page.exception


def test_rows_whose_classes_nearly_tie_are_marked() -> None:
    shares = np.array([[0.1, 0.43, 0.47], [0.1, 0.2, 0.7]], np.float32)
    judged = JudgedMany(THREE, shares, np.ones(2, np.int32), 0.1, "CPU", "PyTorch")
    rows = many.rows_of(judged, ("a", "b"), text_labels.words(THREE), 0.1)
    assert [row[6] for row in rows] == [True, False]
    assert "1 of them is close" in many.summary(judged, rows, Counter(row[1] for row in rows), CARD)


def test_texts_that_are_turned_away_say_why(stub: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stub, "judge_many", lambda asked, labels: Refusal("TimeLimit", "It took too long."))
    page = tab(open_page("sentiment"), "Several texts")
    assert any("took too long" in item.value for item in page.error)
    assert next(one for one in page.button if one.label.startswith("Judge")).disabled is False


# -- two models, links, lessons


def test_two_models_read_the_same_text(stub: Counting, other: Card) -> None:
    stub.labels["other"] = PAIR
    page = tab(open_page("sentiment", model="starter_sentiment", second="other"), "Two models")
    sides = component(page, "sentiment_sides")["sides"]
    assert [side["title"] for side in sides][1] == "Another model" and [side["state"] for side in sides] == [
        "answered"
    ] * 2
    assert len(sides[0]["opinion"]["scores"]) == 3 and len(sides[1]["opinion"]["scores"]) == 2
    assert "Both say “positive”" in prose(page) and page.query_params["second"] == "other"
    apart = two.agreement(stub.judge(Judge("good good"), THREE), CARD, stub.judge(Judge("bad bad"), PAIR), CARD, 0.1)
    assert apart.startswith("**They disagree")
    assert any("Second model" in item.value for item in open_page("sentiment", second="nobody").warning)


def test_what_a_link_names_wrongly_is_said_and_the_rest_kept() -> None:
    page = open_page("sentiment", example="prais", model="starter_sentimen", method="occlusion", band="0.2")
    said = " ".join(item.value for item in page.warning).replace("\\", "")
    assert "Did you mean 'praise'" in said and "Did you mean 'starter_sentiment'" in said
    assert page.query_params["method"] == "occlusion" and page.query_params["example"] == part.FIRST
    assert not page.run().warning, "it is said once"
    empty = open_page("sentiment", example="")
    assert problems(empty) == [] and empty.query_params["example"] == part.FIRST


def test_a_lesson_hides_and_locks(stub: Counting) -> None:
    stub.labels[""] = PAIR
    page = open_page("sentiment", hide="model,example", lock="band")
    data = component(page, "sentiment")
    assert data["examples"] == [] and "Model" not in [one.label for one in page.selectbox]
    assert next(one for one in page.slider if one.label == "Undecided band").disabled
    assert component(open_page("sentiment", lock="example"), "sentiment")["box"]["locked"]


@pytest.mark.parametrize("name", ["Code", "References"])
def test_code_and_references_open(name: str) -> None:
    page = tab(open_page("sentiment", example="praise"), name)
    assert problems(page) == []
    if name == "Code":
        assert any(
            "playground predict sentiment --model starter_sentiment --json -- 'What a lovely" in item.value
            for item in page.code
        )


def test_examples_are_texts_that_may_be_asked() -> None:
    texts = [one.text for one in SENTENCES.values()]
    assert len(set(texts)) == len(texts) and all(0 < len(text) <= LONGEST_TEXT for text in texts)
    assert {"negation", "irony", "mixed", "neutral", "long"} <= set(SENTENCES) and len(
        SENTENCES["long"].text.split()
    ) > 500


def test_waiting_and_refused_answers_have_their_words() -> None:
    card = provider.catalog()["starter_sentiment"]
    waiting = part.said(part.Answers("x", asking.Waiting("")), card, 0.1)
    assert waiting["state"] == "waiting" and waiting["verdict"]["words"] == part.WAKING
    refused = part.said(part.Answers("x", asking.Refused("No memory.")), card, 0.1)
    assert refused["state"] == "failed" and refused["notes"] == "No memory."
