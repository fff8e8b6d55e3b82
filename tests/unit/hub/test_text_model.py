"""A text model in use: pieces on the letters that were typed, batches, memory, quicker copies, and the way from the hub."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playground.catalog import download, exports
from playground.catalog.cards import CARDS
from playground.catalog.listing import Catalog
from playground.core.errors import ModelUnavailable
from playground.functional.losses import softmax
from playground.hub import exporting, fast, text_model
from playground.hub.desk import Desk
from tests.hub import served
from tests.text_folder import MINI, needs_mini, text_folder

TEXTS = ("the film was good", "bad", "a very dull plot, and an unkind one: don't!", "it is not bad")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("texts")
    text_folder(models, "small", num_hidden_layers=1)
    return models


@pytest.fixture
def models(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template / "small", tmp_path / "small")
    return tmp_path


def at(models: Path, **more: int | float) -> Desk:
    return Desk(models, **{"budget": 10**9, "megabytes": 20, "megapixels": 50, **more})  # type: ignore[arg-type]


def small(models: Path) -> text_model.TextModel:
    return text_model.plain(Catalog.read(models)["small"], models)


def test_pieces_stand_on_the_very_letters_that_were_typed(models: Path) -> None:
    text = "The  FILM was 😀 ünkinds,\t\ud800 don't"
    found = small(models).pieces(text)
    assert [text[start:end] for start, end in found.spans[:4]] == ["The", "FILM", "was", "😀"]
    assert [text[start:end] for start, end in found.spans[4:7]] == ["ün", "kind", "s"]
    assert found.tokens[4:7] == ("un", "##kind", "##s") and text[slice(*found.spans[-1])] == "t"
    lost = [text[start] for (start, _), unknown in zip(found.spans, found.unknown, strict=True) if unknown]
    assert lost == ["😀"]  # half of a sign is left out, and moves nothing
    assert len(found) == len(found.ids) == len(found.tokens)


def test_bytes_of_one_letter_share_its_place_and_blanks_belong_to_no_word(tmp_path: Path) -> None:
    text_folder(tmp_path, "small", "roberta")
    text = "the 日 good"
    found = small(tmp_path).pieces(text)
    assert found.tokens[0] == "the" and not any(found.unknown)
    bytes_ = [span for span in found.spans if text[span[0] : span[1]] == "日"]
    assert len(bytes_) == 3 and {text[slice(*span)] for span in found.spans} <= {
        "the",
        "",
        "日",
        "g",
        "o",
        "d",
        "go",
        "good",
    }


def test_rows_of_unlike_length_are_filled_up_and_say_what_they_say_alone(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = small(models)
    rows = [model.pieces(text).ids for text in TEXTS]
    ids, mask = model.batch(rows)
    assert ids.shape == mask.shape == (4, max(map(len, rows)) + 2)
    assert mask.sum(1).tolist() == [len(row) + 2 for row in rows] and (ids[mask == 0] == model.padding).all()
    alone = np.concatenate([model.by_torch(*model.batch([row])) for row in rows])
    assert np.abs(model.by_torch(ids, mask) - alone).max() < 1e-5
    monkeypatch.setattr(text_model, "MOST_NUMBERS", 1)  # a text at a time
    assert np.abs(model.logits(ids, mask) - alone).max() < 1e-5
    assert model.logits(ids[:0], mask[:0]).shape == (0, 2)
    with pytest.raises(ValueError, match="more than the 62 that fit"):
        model.batch([[5] * 63])


def test_a_desk_loads_a_text_model_once_counts_its_memory_and_lets_it_go(models: Path) -> None:
    desk, card = at(models, idle=0.0), Catalog.read(models)["small"]
    with desk.reader(card) as first:
        assert not desk.evict("small")
    with desk.reader(card) as second:
        assert second is first and first.labels == ("negative", "positive")
    (standing,) = desk.standing()
    assert (standing.hits, standing.bytes, standing.engine) == (1, 2 * first.bytes, "PyTorch")
    desk.sweep()
    assert desk.standing() == ()
    desk.close()


def test_a_desk_refuses_what_reads_no_texts_is_not_there_or_too_large(models: Path) -> None:
    desk = at(models, budget=1000)
    for card, words in (
        (CARDS["resnet18"], "reads no texts"),
        (CARDS["bert-stars"], "playground models pull bert-stars"),
        (Catalog.read(models)["small"], "Choose a smaller one"),
    ):
        with pytest.raises(ModelUnavailable, match=words), desk.reader(card):
            pass
    with pytest.raises(ModelUnavailable, match="classify"), desk.classifier(Catalog.read(models)["small"]):
        pass
    desk.close()


def test_a_quicker_copy_says_the_same_for_texts_of_any_length_and_a_broken_one_does_not_answer(models: Path) -> None:
    card = Catalog.read(models)["small"]
    made = models / "made.onnx"
    found = exporting.make(fast.Order(card, models, made, models / "told.json", threads=1))
    assert found.problem == "" and found.difference <= fast.EQUAL and found.speed_up > 0
    exports.keep(card, models, made, replace(found, used=True, bytes=made.stat().st_size))
    model = text_model.load(card, models).model
    assert model.fast is not None
    for texts in (TEXTS, TEXTS[:1], (" ".join(TEXTS * 3),), ("",)):
        x = model.batch([model.pieces(text).ids[: model.room] for text in texts])
        assert np.abs(softmax(model.logits(*x)) - softmax(model.by_torch(*x))).max() < fast.EQUAL
    path = exports.place(card, models) / exports.MODEL
    path.write_bytes(bytes(path.stat().st_size))
    assert text_model.load(card, models).model.fast is None and exports.read(card, models) is None


@needs_mini
def test_files_of_a_hub_repository_arrive_and_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = CARDS["distilbert-sst2"]
    place = tmp_path / "hub" / "distilbert" / "distilbert-base-uncased-finetuned-sst-2-english"
    place.mkdir(parents=True)
    for name in card.source.files:
        shutil.copy(MINI / name, place / name)
    models = tmp_path / "models"
    models.mkdir()
    with served(tmp_path / "hub", monkeypatch):
        record = download.fetch(card, models)
    assert set(record.files) == set(card.source.files)  # no tokenizer.json among them: the vocabulary is read
    desk = at(models)
    with desk.reader(card) as model:
        rows = [model.pieces(text).ids for text in ("A wonderful film.", "A complete waste of time.")]
        good, bad = model.probabilities(rows)
    assert model.labels == ("negative", "positive") and good[1] > 0.9 and bad[0] > 0.9
    desk.close()
