"""What each word added: right where it is known beforehand, whole in every family, and true when the word is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from playground.catalog.card import Card, Local
from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable
from playground.core.language import ATTRIBUTIONS, Attribution, Weigh, Weighed
from playground.hub import integrated_text
from playground.hub.desk import Desk
from playground.hub.text_model import TextModel, plain
from playground.hub.word_weights import weigh
from tests.reading import CARD, FAMILIES, Here, quiet, summing, tiny
from tests.text_folder import DATA, MINI, needs_mini, text_folder

WORTH = {"good": 1.5, "bad": -2.0, "un": -0.5, "##kind": -0.25, "not": -0.75, "[MASK]": 0.25}


def ask(desk: Here, question: Weigh) -> Weighed:
    (found,) = weigh(desk, CARD, [question], quiet)
    assert isinstance(found, Weighed), found
    return found


def named(text: str, found: Weighed) -> dict[str, float]:
    return {text[word.start : word.end]: word.value for word in found.words}


def test_what_is_known_beforehand_is_found(tmp_path: Path) -> None:
    text, desk = "Good, but unkind film.", Here(summing(WORTH), tmp_path)
    found = ask(desk, Weigh(text, target=1))
    # Each piece is compared with a mask piece, which is worth 0.25; a word of two pieces with two of them.
    wanted = {"Good": 1.25, ",": -0.25, "but": -0.25, "unkind": -1.25, "film": -0.25, ".": -0.25}
    assert named(text, found) == pytest.approx(wanted)
    assert (found.logit, found.baseline_logit) == pytest.approx((0.75, 7 * 0.25)) and found.label == "class1"
    assert found.error < 1e-5 and found.rest == 0 and "[MASK]" in found.baseline and (found.start, found.end) == (0, 22)
    against = ask(desk, Weigh(text, target=0))
    assert named(text, against) == pytest.approx(dict.fromkeys(wanted, 0.0))
    hidden = named(text, ask(desk, Weigh(text, "occlusion", 1)))

    def sure(logit: float) -> float:
        return 1 / (1 + np.exp(-logit))

    assert hidden == pytest.approx({word: sure(0.75) - sure(0.75 - added) for word, added in wanted.items()})
    assert ask(desk, Weigh(text)).target == 1 and ask(desk, Weigh("bad")).target == 0  # the likeliest


def test_where_the_network_turns_quickly_the_way_is_cut(tmp_path: Path) -> None:
    model = summing({"good": 2.0, "film": -1.2}, bend=lambda total: 3 * torch.tanh(25 * (total - 0.33)))
    desk = Here(model, tmp_path)
    found = ask(desk, Weigh("good film", target=1))
    assert found.error < integrated_text.ENOUGH
    assert sum(word.value for word in found.words) == pytest.approx(
        found.logit - found.baseline_logit, abs=found.error + 1e-5
    )
    ids = torch.tensor(model.batch([model.pieces("good film").ids])[0])
    x, forward = integrated_text.vectors(model.network, ids), integrated_text.logits_of(model.network)
    hurried = integrated_text.along(forward, x, torch.zeros_like(x), 1, seconds=0.0)
    assert hurried.steps == integrated_text.STEPS and hurried.error > 0.1
    slow = integrated_text.along(forward, x, torch.zeros_like(x), 1, seconds=60.0)
    assert slow.error < integrated_text.ENOUGH and slow.steps <= integrated_text.MOST_STEPS


@pytest.mark.parametrize("family", FAMILIES)
def test_in_every_family_the_words_sum_to_the_rise(tmp_path: Path, family: str) -> None:
    model = tiny(family)
    text = "The film wasn't unkind, but very dull: it is a waste of time!"
    found = ask(Here(model, tmp_path), Weigh(text))
    ids = model.pieces(text).ids
    masked = [model.mask] * len(ids)
    wanted = model.by_torch(*model.batch([ids, masked]))[:, found.target]
    assert (found.logit, found.baseline_logit) == pytest.approx(tuple(wanted), abs=1e-4)
    total = sum(word.value for word in found.words) + found.rest
    assert abs(abs(total - (wanted[0] - wanted[1])) - found.error) < 1e-3
    assert found.error < integrated_text.ENOUGH or any("read small numbers with care" in note for note in found.notes)
    assert max(abs(word.value) for word in found.words) > 0.01
    assert [text[word.start : word.end] for word in found.words][2] == "wasn't"


@pytest.mark.parametrize(
    ("family", "together"),
    [
        ("roberta", ["😀", "👍🏽", ":"]),
        ("xlm-roberta", ["😀👍🏽:"]),
        ("deberta-v2", ["😀👍🏽:"]),
    ],  # as their pieces allow
)
def test_words_are_words_however_a_tokenizer_cuts_them(tmp_path: Path, family: str, together: list[str]) -> None:
    text_folder(tmp_path, "own", family)
    source = Local("own", ("config.json", "model.safetensors"))
    card = Card(name="own", title="Own", summary="Small.", task="sentiment", source=source, architecture=family)
    text = "Don't be naïve 😀👍🏽: well-made film."
    found = ask(Here(plain(card, tmp_path), tmp_path), Weigh(text))
    words = [text[word.start : word.end] for word in found.words]
    assert words == ["Don't", "be", "naïve", *together, "well-made", "film", "."]
    assert all(word.value != 0 for word in found.words) and found.rest == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_of_a_long_text_the_part_that_says_most_is_explained(tmp_path: Path, method: Attribution) -> None:
    text = "The plot is a plot of time. " * 30 + "It is a good, good waste of time. " + "The film is a film. " * 30
    desk = Here(summing({"good": 2.0, "plot": -0.01}, longest=66), tmp_path)
    found = ask(desk, Weigh(text, method))
    assert found.label == "class1" and "good, good" in text[found.start : found.end] and found.end - found.start < 400
    assert any("parts" in note for note in found.notes) and 0 < found.start < found.end < len(text)
    best = max(found.words, key=lambda word: word.value)
    assert text[best.start : best.end] == "good"
    assert all(found.start <= word.start < word.end <= found.end for word in found.words)
    one = ask(desk, Weigh("b" * 200, method))  # a single word, longer than what fits
    assert len(one.words) == 1 and one.start <= one.words[0].start < one.words[0].end <= one.end


def test_what_makes_no_sense_is_refused_in_words(tmp_path: Path) -> None:
    desk = Here(summing(WORTH), tmp_path)
    questions = [Weigh("good", target=2), Weigh("good", "guess"), Weigh("\x00 "), Weigh("good")]  # type: ignore[arg-type]
    target, method, empty, good = weigh(desk, CARD, questions, quiet)
    assert (
        "0 to 1" in str(target)
        and "occlusion" in str(method)
        and isinstance(empty, InputError)
        and isinstance(good, Weighed)
    )
    assert isinstance(weigh(desk, None, [Weigh("good")], quiet)[0], ModelUnavailable)
    quiet_words = ask(desk, Weigh("the film", "occlusion", 1))
    assert not any("less than a point" in note for note in quiet_words.notes)  # a mask is worth something here
    silent = ask(Here(summing({"good": 1.0}), tmp_path), Weigh("the film", "occlusion", 1))
    assert any("less than a point" in note for note in silent.notes)


@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_the_starter_names_the_word_that_a_reader_would(tmp_path: Path, method: Attribution) -> None:
    desk, card = Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50), Catalog.read(tmp_path)["starter_sentiment"]
    wanted = {"The food was awful and we left early.": "awful", "This phone is wonderful.": "wonderful"}
    for text, found in zip(wanted, weigh(desk, card, [Weigh(text, method) for text in wanted], quiet), strict=True):
        assert isinstance(found, Weighed) and found.error < integrated_text.ENOUGH
        most = max(found.words, key=lambda word: word.value)
        assert text[most.start : most.end] == wanted[text]


@pytest.fixture(scope="module")
def judge() -> TextModel:
    files = ("config.json", "tokenizer.json", "model.safetensors")
    source = Local(MINI.name, files)
    card = Card(name="mini", title="Mini", summary="Small.", task="sentiment", source=source, architecture="bert")
    return plain(card, MINI.parent)


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    lines = (DATA / "sst2" / "dev.tsv").read_text().splitlines()
    return [line.split("\t")[0] for line in lines[::18]]


@needs_mini
def test_on_real_sentences_the_words_sum_to_what_the_logit_rose(
    tmp_path: Path, judge: TextModel, sentences: list[str]
) -> None:
    desk = Here(judge, tmp_path)
    for number, text in enumerate(sentences[:30]):
        found = ask(desk, Weigh(text, target=number % 2))
        rise = found.logit - found.baseline_logit
        total = sum(word.value for word in found.words) + found.rest
        assert found.error < integrated_text.ENOUGH and total == pytest.approx(rise, abs=found.error + 1e-5)


@needs_mini
@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_leaving_out_the_word_that_it_names_most_moves_the_score_most(
    tmp_path: Path, judge: TextModel, sentences: list[str], method: Attribution
) -> None:
    """On all 872: 65 % (integrated gradients) and 69 % (occlusion), where a word drawn by chance has 7 %."""
    desk, right, chance = Here(judge, tmp_path), 0, 0.0
    for text in sentences:
        found = ask(desk, Weigh(text, method))
        without = [text[: word.start] + text[word.end :] for word in found.words]
        rows = [judge.pieces(one).ids or (judge.unknown,) for one in (text, *without)]
        scores = judge.probabilities(rows)[:, found.target]
        moved = np.abs(scores[1:] - scores[0])
        most = int(np.argmax([abs(word.value) for word in found.words]))
        right += bool(moved[most] >= moved.max() - 1e-7)
        chance += 1 / len(moved)
    assert right / len(sentences) > max(0.4, 4 * chance / len(sentences)), right
