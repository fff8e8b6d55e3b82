"""Folders of transformers': read as the library itself reads them, and refused in words where something is wrong with them."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from playground.catalog.card import Local
from playground.catalog.cards import CARDS
from playground.catalog.text_families import FAMILIES
from playground.catalog.text_labels import SPACES
from playground.core.errors import ModelUnavailable
from playground.hub import text_files, text_model
from playground.hub.text_model import TextModel
from tests.reading import CARD, MARKS
from tests.text_folder import changed, text_folder

TEXTS = ("the film was not good, and don't waste it!", "a", "Ünkind 日本 😀 plots?", "the the the bad")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return text_folder(tmp_path_factory.mktemp("texts"), "small")


@pytest.fixture
def small(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "small")
    return tmp_path / "small"


def ready(place: Path) -> TextModel:
    return TextModel(CARD, text_files.opened(place), torch.device("cpu"))


def scores(model: TextModel) -> np.ndarray:
    return model.probabilities([model.pieces(text).ids for text in TEXTS])


def rewritten(place: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    """Other weights in a folder."""
    held = load_file(place / "model.safetensors")
    change(held)
    save_file(held, place / "model.safetensors")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_says_what_the_library_itself_says(tmp_path: Path, family: str) -> None:
    place = text_folder(tmp_path, "net", family)
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(place))
    network = transformers.AutoModelForSequenceClassification.from_pretrained(str(place), dtype=torch.float32).eval()
    model = ready(place)
    before, behind = model.marks()
    for text in TEXTS:
        assert [*before, *model.pieces(text).ids, *behind] == tokenizer(text)["input_ids"]
    with torch.no_grad():
        wanted = network(**tokenizer(list(TEXTS), padding=True, return_tensors="pt")).logits.softmax(-1).numpy()
    assert np.abs(scores(model) - wanted).max() < 2e-6 and wanted[:, 0].std() > 0.01


@pytest.mark.parametrize("name", ["distilbert-sst2", "roberta-tweets", "bert-stars"])
def test_a_card_has_as_many_parameters_as_the_library_builds(name: str) -> None:
    published = {
        "distilbert-sst2": transformers.DistilBertConfig(),
        "roberta-tweets": transformers.RobertaConfig(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1),
        "bert-stars": transformers.BertConfig(vocab_size=105_879),
    }
    card, config = CARDS[name], published[name]
    config.num_labels = len(SPACES[card.labels])
    with torch.device("meta"):
        network = getattr(transformers, FAMILIES[card.architecture].network)(config)
    assert sum(one.numel() for one in network.parameters()) == card.parameters


def test_older_names_and_files_half_precision_and_leftovers_of_training_are_read(small: Path) -> None:
    wanted = scores(ready(small))
    held = {key: one.half() for key, one in load_file(small / "model.safetensors").items()}
    old = {}
    for key, one in held.items():
        for new, before in (("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")):
            key = key.replace(new, before)
        old[key] = one
    old |= {"bert.embeddings.position_ids": torch.arange(64), "cls.predictions.bias": torch.zeros(3)}
    (small / "model.safetensors").unlink()
    torch.save(old, small / "pytorch_model.bin")
    model = ready(small)
    assert next(model.network.parameters()).dtype == torch.float32
    assert np.abs(scores(model) - wanted).max() < 5e-3


def test_new_classes_get_a_new_last_layer_on_the_same_encoder(small: Path) -> None:
    first = text_files.opened(small, classes=("one", "two", "three"), seed=1)
    again = text_files.opened(small, classes=("one", "two", "three"), seed=1)
    other = text_files.opened(small, classes=("one", "two", "three"), seed=2)
    old = load_file(small / "model.safetensors")
    for key, one in first.network.state_dict().items():
        assert torch.equal(one, again.network.state_dict()[key])
        if not key.startswith("classifier."):
            assert torch.equal(one, old[key])
    weight = "classifier.weight"
    assert first.network.state_dict()[weight].shape == (3, 32) and first.raw == ("one", "two", "three")
    assert not torch.equal(first.network.state_dict()[weight], other.network.state_dict()[weight])


def test_an_encoder_saved_by_itself_can_be_given_a_classifier(small: Path) -> None:
    whole = load_file(small / "model.safetensors")
    encoder = {
        key.removeprefix("bert."): one for key, one in whole.items() if "classifier" not in key and "pooler" not in key
    }
    save_file(encoder, small / "model.safetensors")
    changed(small, architectures=["BertModel"], id2label=None)
    found = text_files.opened(small, classes=("a", "b"))
    name = "bert.encoder.layer.1.output.dense.weight"
    assert torch.equal(found.network.state_dict()[name], whole[name])
    with pytest.raises(ModelUnavailable, match="does not sort texts into classes"):
        text_files.opened(small)


def test_settings_that_are_not_on_the_list_are_left_out(small: Path) -> None:
    changed(
        small, attn_implementation="somebody/kernel", auto_map={"AutoConfig": "evil.Config"}, quantization_config={}
    )
    config = text_files.opened(small).config
    assert config._attn_implementation == "eager" and not hasattr(config, "auto_map")


def test_a_text_fits_as_the_tighter_of_network_and_tokenizer_says(small: Path) -> None:
    assert text_files.opened(small).longest == 64
    (small / "tokenizer_config.json").write_text('{"model_max_length": 40}')
    assert text_files.opened(small).longest == 40
    (small / "tokenizer_config.json").write_text('{"model_max_length": NaN}')
    assert text_files.opened(small).longest == 64


def test_what_a_network_has_no_use_for_is_never_converted(small: Path) -> None:
    held = load_file(small / "model.safetensors")
    held["cls.predictions.bias"] = torch.zeros(1).expand(5_000_000_000)
    (small / "model.safetensors").unlink()
    torch.save(held, small / "pytorch_model.bin")
    assert ready(small).labels == ("negative", "positive")


def test_numbers_that_are_none_are_refused_in_words(small: Path) -> None:
    rewritten(small, lambda held: held["classifier.bias"].fill_(3e38))
    rewritten(small, lambda held: held["classifier.weight"].fill_(3e38))
    source = Local("small", ("config.json", "vocab.txt", "model.safetensors"))
    with pytest.raises(ModelUnavailable, match="no finite number"):
        text_model.load(replace(CARD, source=source), small.parent)
    with pytest.raises(ModelUnavailable, match="no finite number"):
        scores(ready(small))


class Evil:
    """Runs a command wherever somebody unpacks it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch ran",)


def evil(place: Path) -> None:
    (place / "model.safetensors").unlink()
    (place / "pytorch_model.bin").write_bytes(pickle.dumps({"classifier.weight": Evil()}))


def claims(place: Path) -> None:
    header = json.dumps(
        {"classifier.weight": {"dtype": "F32", "shape": [500_000_000], "data_offsets": [0, 2_000_000_000]}}
    )
    (place / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header.encode() + bytes(100))


def said(**more: object) -> Callable[[Path], None]:
    return lambda place: changed(place, **more)


def dropped_to(kind: torch.dtype) -> Callable[[Path], None]:
    return lambda place: rewritten(
        place, lambda held: held.update({key: one.to(kind) for key, one in held.items() if "classifier" in key})
    )


def spread(place: Path) -> None:
    """One number that claims to be five thousand million."""
    held = load_file(place / "model.safetensors")
    held["classifier.weight"] = torch.zeros(1).expand(2, 2_500_000_000)
    (place / "model.safetensors").unlink()
    torch.save(held, place / "pytorch_model.bin")


def sparse(file: str, size: int) -> Callable[[Path], None]:
    """A file that takes no room on the disk."""

    def grow(place: Path) -> None:
        (place / file).touch()
        os.truncate(place / file, size)

    return grow


def dropped(part: str) -> Callable[[Path], None]:
    return lambda place: rewritten(place, lambda held: [held.pop(key) for key in list(held) if part in key])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: (place / "config.json").unlink(), "there is no config.json"),
        (lambda place: (place / "config.json").write_text("[1]"), "holds no settings"),
        (lambda place: (place / "config.json").write_text("[" * 200_000), "cannot be read"),
        (said(model_type="llama"), "its model_type is 'llama'; networks that can be opened here are bert, "),
        (said(architectures=["BertForMaskedLM"]), "does not sort texts into classes"),
        (said(problem_type="regression"), "no probabilities of classes"),
        (said(id2label={"0": "one"}), "a single number"),
        (said(id2label={"0": "one", "5": "two"}), "not numbered from 0"),
        (said(vocab_size=10**12), "vocab_size in its config.json is 1000000000000"),
        (said(num_hidden_layers=10**9), "num_hidden_layers"),
        (said(num_attention_heads=5), "makes no BertForSequenceClassification"),
        (said(hidden_act="evil"), "makes no BertForSequenceClassification"),
        (said(hidden_size=64), "instead of"),
        (said(id2label={str(n): f"c{n}" for n in range(3)}), r"classifier.weight is \(2, 32\) instead of \(3, 32\)"),
        (said(num_hidden_layers=1), "There is no place for bert.encoder.layer.1"),
        (said(num_hidden_layers=3), "bert.encoder.layer.2.* is missing"),
        (dropped("classifier"), "have no classifier"),
        (dropped("query"), "query.* is missing"),
        (lambda place: rewritten(place, lambda held: held["classifier.bias"].fill_(torch.nan)), "no finite numbers"),
        (lambda place: (place / "vocab.txt").unlink(), "no tokenizer beside its weights"),
        (lambda place: (place / "tokenizer.json").write_text("{nonsense"), "cannot be read"),
        (lambda place: (place / "tokenizer.json").write_text('{"model": {"type": "Evil"}}'), "cannot be read"),
        (lambda place: (place / "tokenizer_config.json").write_text('{"auto_map": {}}'), "a program of its own"),
        (lambda place: (place / "tokenizer_config.json").write_text('{"tokenizer_class": "EvilTokenizer"}'), "asks for EvilTok"),
        (lambda place: (place / "tokenizer_config.json").write_text('{"model_max_length": 3}'), "too few for a sentence"),
        (lambda place: (place / "vocab.txt").write_text("\n".join((*MARKS, *map(str, range(500))))), "do not belong together"),
        (lambda place: (place / "model.safetensors").unlink(), "there are no weights"),
        (lambda place: os.truncate(place / "model.safetensors", 2000), "not a whole safetensors file"),
        (claims, "not a whole safetensors file"),
        (evil, r"Mine: pytorch_model.bin was not opened: beside weights it holds \w+\.system, which could run code"),
        (said(model_type="\u202ella\x1b[31mma"), r"model_type is 'lla \[31mma'"),
        (said(layer_norm_eps=-1), "layer_norm_eps in its config.json is -1; allowed is a number above 0"),
        (said(layer_norm_eps=float("nan")), "layer_norm_eps in its config.json is nan"),
        (said(vocab_size=2_000_000, hidden_size=1024), "instead of"),
        (dropped_to(torch.int8), "holds int8, and not real numbers"),
        (spread, r"classifier.weight is \(2, 2500000000\) instead of"),
        (sparse("model.safetensors", 16 * 10**9), "model.safetensors has 16,000 MB; at most 2,500 MB are opened"),
        (sparse("config.json", 1_100_000_000), "config.json cannot be read .it has 1,100.0 MB; settings take 1 MB"),
        (sparse("tokenizer_config.json", 1_100_000_000), "tokenizer_config.json is larger than 1 MB"),
        (sparse("added_tokens.json", 1_100_000_000), "added_tokens.json is larger than 1 MB"),
        (sparse("special_tokens_map.json", 1_100_000_000), "special_tokens_map.json is larger than 1 MB"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_folder_is_said(
    small: Path, spoil: Callable[[Path], object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small)
    spoil(small)
    with pytest.raises(ModelUnavailable, match=words) as refused:
        text_files.opened(small, title="Mine")
    assert str(refused.value).startswith("Mine") and str(small) not in str(refused.value)
    assert not (small / "ran").exists()
