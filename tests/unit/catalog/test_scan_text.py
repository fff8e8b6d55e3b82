"""Folders of transformers' in the models folder: found by what they say of themselves, and told what is wrong with them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from playground.catalog.listing import Catalog
from tests.unit.catalog.test_catalog import model, tensors


def texts(place: Path, **more: object) -> None:
    """A folder as transformers saves one."""
    place.mkdir(parents=True, exist_ok=True)
    said = {
        "architectures": ["BertForSequenceClassification"], "model_type": "bert", "id2label": {"0": "NEGATIVE", "1": "POSITIVE"}, **more
    }  # fmt: skip
    (place / "config.json").write_text(json.dumps(said))
    (place / "tokenizer.json").write_text("{}")
    tensors(place / "model.safetensors", weight=np.zeros((4, 5), np.float32))


def test_a_folder_that_sorts_texts_is_found_and_one_of_timms_stays_one(tmp_path: Path) -> None:
    texts(tmp_path / "mine" / "films")
    model(tmp_path / "dogs", model_type="bert", architectures=["BertForSequenceClassification"])
    catalog = Catalog.read(tmp_path)
    card = catalog["films"]
    assert (card.task, card.architecture, card.parameters, card.labels) == ("sentiment", "bert", 20, "polarity")
    assert card.source.files == ("config.json", "tokenizer.json", "model.safetensors") and "negative" in card.summary
    assert catalog["dogs"].task == "classify" and catalog.problems == ()
    assert [one.name for one in catalog.ready("sentiment") if one.name != "starter_sentiment"] == ["films"]
    assert catalog.here(card)


def test_vocabularies_of_either_kind_and_older_weights_count(tmp_path: Path) -> None:
    texts(tmp_path / "old")
    (tmp_path / "old" / "tokenizer.json").rename(tmp_path / "old" / "vocab.txt")
    (tmp_path / "old" / "tokenizer_config.json").write_text("{}")
    (tmp_path / "old" / "model.safetensors").rename(tmp_path / "old" / "pytorch_model.bin")
    assert Catalog.read(tmp_path)["old"].source.files == (
        "config.json", "vocab.txt", "tokenizer_config.json", "pytorch_model.bin",
    )  # fmt: skip


def test_a_folder_with_a_known_name_is_that_model(tmp_path: Path) -> None:
    texts(tmp_path / "bert-stars", id2label={str(n): f"{n + 1} stars" for n in range(5)})
    card = Catalog.read(tmp_path)["bert-stars"]
    assert (card.title, card.licence) == ("Multilingual BERT, stars", "mit")


def test_a_known_model_is_meant_by_its_repository_too(tmp_path: Path) -> None:
    found = Catalog.read(tmp_path).known("nlptown/bert-base-multilingual-uncased-sentiment")
    assert found is not None and found.name == "bert-stars"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: texts(place, architectures=["BertForMaskedLM"]), "BertForMaskedLM of transformers: only networks that sort"),
        (lambda place: texts(place, architectures=["GPT2ForSequenceClassification"], model_type="gpt2"), "of the kinds bert"),
        (lambda place: texts(place, model_type="roberta"), "of the kinds bert"),
        (lambda place: texts(place, id2label={"0": "LABEL_0"}), "a single number, no classes"),
        (lambda place: texts(place, id2label={"1": "a", "2": "b"}), "names no classes"),
        (lambda place: (place / "tokenizer.json").unlink(), "no tokenizer beside it"),
        (lambda place: (place / "model.safetensors").unlink(), "no weights beside it"),
        (lambda place: os.truncate(place / "model.safetensors", 100), "cut short"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path, spoil: object, words: str) -> None:
    texts(tmp_path / "bad")
    spoil(tmp_path / "bad")  # type: ignore[operator]
    (found,) = Catalog.read(tmp_path).problems
    assert found.card is None and words in found.problem


def test_folders_of_other_libraries_are_left_alone(tmp_path: Path) -> None:
    for name, said in (("a", {"_class_name": "UNet"}), ("b", {"model_type": "bert"}), ("c", {"architectures": "x"})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps(said))
    catalog = Catalog.read(tmp_path)
    assert catalog.problems == () and set(catalog.cards) == set(Catalog.read(tmp_path / "nowhere").cards)
