"""Texts judged: as ``transformers.pipeline`` does it, many at a time, and long ones by the part that says something."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from playground.catalog.card import Card, Local
from playground.core import paths
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError, Stopped
from playground.core.language import LONGEST_TEXT, MOST_TEXTS, Judge, Judged, JudgedMany, JudgeMany
from playground.core.progress import Progress
from playground.hub import sentiment
from playground.hub.sentiment import judge, judge_many
from playground.hub.text_model import TextModel, plain
from tests.reading import CARD, FAMILIES, Here, quiet, summing, tiny

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
MINI = DATA / "weights" / "bert" / "bert-mini-sst2"
STARTER = paths.PACKAGE / "hub" / "starters" / "sentiment"
needs_data = pytest.mark.skipif(not MINI.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")

VARIED = (
    "It was a complete waste of time.",
    "NOT bad at all!!!",
    "don't",
    "Ça va, naïve café – “fine”…",
    "😀",
    "שלום, what a film",
    "電影 very good",
    "a  \t b\n\nc",
    "The film was fine, " * 6,
    "it ' s a charming and often affecting journey . " * 9,
    "10/10 :-) <br /> see https://example.org/?a=b&c=d",
)


def files_of(place: Path) -> tuple[str, ...]:
    return (*tuple(one.name for one in sorted(place.iterdir()) if one.name != "model.safetensors"), "model.safetensors")


def on_disk(place: Path) -> TextModel:
    """A model in a folder, as a desk opens it."""
    card = Card(
        name=place.name, title=place.name, summary="For a test.", task="sentiment", architecture="bert",
        source=Local(place.name, files_of(place)),
    )  # fmt: skip
    return plain(card, place.parent)


@pytest.fixture(scope="module")
def mini() -> TextModel:
    """The small BERT of the test data."""
    return on_disk(MINI)


def ask(model: TextModel, *texts: str) -> list[Judged | PlaygroundError]:
    return judge(Here(model, Path("nowhere")), CARD, [Judge(text) for text in texts], quiet)


def one(model: TextModel, text: str) -> Judged:
    (found,) = ask(model, text)
    assert isinstance(found, Judged), found
    return found


def many(model: TextModel, texts: tuple[str, ...]) -> JudgedMany:
    (found,) = judge_many(Here(model, Path("nowhere")), CARD, [JudgeMany(texts)], quiet)
    assert isinstance(found, JudgedMany), found
    return found


@needs_data
def test_what_fits_is_judged_as_by_the_pipeline(mini: TextModel) -> None:
    import transformers

    texts = [text for text in VARIED if len(mini.pieces(text)) <= mini.room]
    assert len(texts) >= len(VARIED) - 1
    pipe = transformers.pipeline("text-classification", str(MINI), top_k=None, device="cpu")
    wanted = [{row["label"].lower(): row["score"] for row in pipe(text)[0]} for text in texts]  # one by one: unpadded
    together = many(mini, (*texts, "x" * 5000))
    for text, row, scores, found in zip(texts, wanted, together.scores, ask(mini, *texts), strict=False):
        assert isinstance(found, Judged) and found.labels == ("negative", "positive")
        assert dict(zip(found.labels, found.scores, strict=True)) == pytest.approx(row, abs=1e-5), text
        assert dict(zip(found.labels, scores, strict=True)) == pytest.approx(row, abs=1e-5), text
        assert one(mini, text).scores == pytest.approx(found.scores, abs=1e-6)
        assert [(window.weight, window.scores) for window in found.windows] == [(1.0, found.scores)]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_batch_says_what_each_text_gets_alone(family: str) -> None:
    model = tiny(family)
    texts = ("the film was not very good", "bad", "it is a waste of time, " * 30, "", "dull plot!", "\u200b")
    found = many(model, texts)
    assert found.windows.tolist()[:2] == [1, 1] and found.windows[2] > 3 and found.windows[3] == found.windows[5] == 0
    assert np.isnan(found.scores[[3, 5]]).all()
    for text, row, windows in zip(texts, found.scores, found.windows, strict=True):
        if windows:
            alone = one(model, text)
            assert alone.scores == pytest.approx(row, abs=1e-5) and len(alone.windows) == windows
            assert sum(alone.scores) == pytest.approx(1, abs=1e-6)


def test_a_long_text_is_the_mean_of_its_windows_and_they_say_where_they_are() -> None:
    model = summing({"good": 4.0, "bad": -4.0})
    text = " ".join(["the plot of the film is a plot.", *["it was of time and of a kind, " * 5 + "."] * 8, "So bad!"])
    found = one(model, text)
    assert (found.label, found.pieces) == ("class0", len(model.pieces(text))) and len(found.windows) > 4
    assert sum(window.weight for window in found.windows) == pytest.approx(1)
    mean = sum(window.weight * np.array(window.scores) for window in found.windows)
    assert found.scores == pytest.approx(mean)
    assert text[found.windows[0].start : found.windows[0].end].startswith("the plot of the film")
    assert text[found.windows[-1].start : found.windows[-1].end].endswith("So bad!")
    assert all(window.pieces <= model.room for window in found.windows)


def test_each_text_has_its_own_answer_or_its_own_words() -> None:
    model = summing({"good": 1.0})
    found = ask(model, "good", "  \n", "good 漢 \x00😀漢 ☃", "x" * (LONGEST_TEXT + 1), "\u200b", "漢 字")
    assert (
        isinstance(found[0], Judged) and found[0].score == pytest.approx(1 / (1 + np.exp(-1))) and found[0].notes == ()
    )
    assert "There is no text to read" in str(found[1])
    assert isinstance(found[2], Judged) and found[2].unknown == ("漢", "😀", "☃")
    assert found[2].notes[0] == "One control character was read as a space."
    assert "100,001 characters; at most 100,000" in str(found[3]) and isinstance(found[3], InputError)
    assert "nothing in the text that can be read" in str(found[4])
    assert isinstance(found[5], Judged) and "Most of this text is unknown" in found[5].notes[-1]
    assert found[0].seconds > 0 and (found[0].device, found[0].engine) == ("CPU", "PyTorch")


def test_bad_questions_are_told() -> None:
    desk = Here(summing({}), Path("nowhere"))
    for card, texts, said in (
        (None, ("a",), "Choose a model first"),
        (CARD, (), "No texts were given"),
        (CARD, ("a",) * (MOST_TEXTS + 1), "5,001 texts were given; at most 5,000"),
        (CARD, ("a", "b" * (LONGEST_TEXT + 1)), "Text 2 has 100,001 characters"),
    ):
        (found,) = judge_many(desk, card, [JudgeMany(texts)], quiet)
        assert isinstance(found, PlaygroundError) and said in str(found)
    assert isinstance(judge(desk, None, [Judge("a")], quiet)[0], ModelUnavailable)


def test_it_tells_how_far_it_is_from_short_to_long_and_stops_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentiment, "HELD_TEXTS", 4)
    model, said, sizes = summing({"good": 1.0}), list[Progress](), list[tuple[int, int]]()
    real = model.logits
    monkeypatch.setattr(model, "logits", lambda ids, mask: sizes.append(ids.shape) or real(ids, mask))
    texts = (*tuple("good " * (1 + 7 * number % 11) for number in range(11)), "film and plot. " * 4000)

    def listen(words: str) -> None:
        assert isinstance(words, Progress)
        said.append(words)

    (found,) = judge_many(Here(model, Path("nowhere")), CARD, [JudgeMany(texts)], listen)
    assert isinstance(found, JudgedMany) and found.scores.shape == (12, 2)
    assert found.scores[:, 1].argmax() == max(range(11), key=lambda number: len(texts[number]))
    assert said[-1] == "12 of 12 texts" and said[-1].part == 1 and len(said) > 10
    assert [one.part for one in said] == sorted(one.part for one in said)
    assert all(rows * width <= sentiment.AT_ONCE and rows <= sentiment.ROWS for rows, width in sizes)

    def enough(words: str) -> None:
        if len(sizes) > 3:
            raise Stopped("Nobody wants it.")

    sizes.clear()
    (found,) = judge_many(Here(model, Path("nowhere")), CARD, [JudgeMany(texts)], enough)
    assert isinstance(found, Stopped) and len(sizes) == 4


def plot(words: int, seed: int) -> list[str]:
    """Sentences of plots that say no opinion."""
    with gzip.open(DATA / "subj" / "objective.txt.gz", "rt", encoding="latin-1") as file:
        lines = [line.strip() for line in file]
    draw, found = np.random.default_rng(seed), list[str]()
    while sum(len(line.split()) for line in found) < words:
        line = lines[draw.integers(len(lines))]
        found.append(line[0].upper() + line[1:])
    return found


VERDICTS = (("It was a complete waste of time.", "negative"), ("I loved every minute of it.", "positive"))
STEPS = (
    "Anna takes the early train to the harbour town where her brother works.", "He keeps the books of a small shipping firm.",
    "On Monday a letter arrives from the city.", "It says that the house will be sold in the spring.",
    "They call their mother, who lives with an aunt in the hills.", "She asks them to bring the papers from the desk.",
    "The two drive there by bus and stay for a week.", "In the attic they find a box with photographs from 1962.",
    "One of them shows a man on a bridge.", "Nobody in the village knows his name.",
    "The teacher looks him up in the list of the old school.", "He had moved to another country after the war.",
    "Anna writes to the office there and waits for an answer.", "Her brother goes back to his work at the harbour.",
    "In May the answer comes, with an address.", "She takes a boat and then a second train.",
    "The man opens the door and asks who she is.", "They talk about the house and about the river.",
    "He gives her a key that belongs to the desk.", "At home they open the drawer and find a map.",
)  # fmt: skip


@needs_data
@pytest.mark.parametrize(("verdict", "wanted"), VERDICTS)
@pytest.mark.parametrize("place", [MINI, STARTER], ids=["mini", "starter"])
def test_a_verdict_in_the_last_sentence_of_3000_words_is_heard(place: Path, verdict: str, wanted: str) -> None:
    found = one(on_disk(place), " ".join([*plot(3000, seed=7), verdict]))
    assert len(found.windows) > 60 and found.label == wanted, found.scores


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_the_starter_hears_the_one_opinion_wherever_it_stands(place: float) -> None:
    model = on_disk(STARTER)
    sentences = [STEPS[number * 7 % len(STEPS)] for number in range(310)]
    assert len(" ".join(sentences).split()) > 3000
    at = round(place * len(sentences))
    for verdict, wanted in VERDICTS:
        found = one(model, " ".join([*sentences[:at], verdict, *sentences[at:]]))
        assert found.label == wanted, found.scores
        heaviest = max(found.windows, key=lambda window: window.weight)
        assert heaviest.start <= found_at(sentences, at) <= heaviest.end


def found_at(sentences: list[str], at: int) -> int:
    """Where a sentence that is put in begins."""
    return len(" ".join(sentences[:at])) + 1
