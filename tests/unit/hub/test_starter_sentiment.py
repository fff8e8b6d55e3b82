"""The starter sentiment model: its files fit together, and it reads plain sentences as people mean them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from playground.core import paths

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
PLACE = paths.PACKAGE / "hub" / "starters" / "sentiment"
LABELS = ("negative", "neutral", "positive")
needs_data = pytest.mark.skipif(
    not (DATA / "sst2" / "dev.tsv").is_file(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)"
)

PRAISE = (
    "I love this phone.",
    "What a wonderful hotel!",
    "The food was delicious and the staff were friendly.",
    "not bad at all",
    "I have never been disappointed.",
    "No complaints, everything works perfectly.",
    "It couldn't be better!",
    "soooo good",
    "LOVE IT!!!",
    "Best purchase ever 😍",
    "The screen is dark, but the camera is amazing.",
    "My teacher is patient and kind.",
)
BLAME = (
    "I hate this phone.",
    "What a terrible hotel!",
    "The food was cold and the staff were rude.",
    "not good at all",
    "I don't like it.",
    "i dont like it",
    "I wish I hadn't bought it.",
    "This sucks.",
    "Worst. Purchase. Ever.",
    "The bus was late and dirty 😡",
    "Great camera, but the battery is awful.",
    "The software is slow and full of bugs.",
)
NEITHER = (
    "The train leaves at nine.",
    "The meeting is on Tuesday in room 4.",
    "My phone has two cameras.",
    "What time does the shop open?",
    "table",
    "My sister lives in Berlin.",
    "The hotel has forty rooms.",
    "I don't have a car.",
    "Please put the letter on the table.",
    "Where is the station?",
    "The book was published in 1987.",
    "We went to the museum on Sunday.",
)
NAMES = ("Maria", "Ahmed", "John", "Fatima", "Wei", "Olga", "Carlos", "Aisha", "David", "Priya", "Kwame", "Mohammed")


@pytest.fixture(scope="module")
def model() -> tuple[Any, Any]:
    """Tokenizer and network, from the folder alone."""
    net = AutoModelForSequenceClassification.from_pretrained(PLACE, local_files_only=True)
    return AutoTokenizer.from_pretrained(PLACE, local_files_only=True), net.float().eval()


def sure(model: tuple[Any, Any], texts: list[str]) -> Tensor:
    """Probabilities ``(n, 3)``."""
    tokenizer, net = model
    found = torch.zeros(len(texts), 3)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            given = tokenizer([texts[row] for row in rows], padding=True, truncation=True, return_tensors="pt")
            found[rows] = net(**given).logits.softmax(1)
    return found


def test_it_is_small_and_in_half_precision() -> None:
    assert sum(file.stat().st_size for file in PLACE.iterdir()) < 12_000_000
    assert sum(file.stat().st_size for file in PLACE.parent.rglob("*") if file.is_file()) < 36_000_000
    with safe_open(PLACE / "model.safetensors", "pt") as held:
        tensors = [held.get_tensor(name) for name in held.keys()]  # noqa: SIM118 - no dictionary
    assert {one.dtype for one in tensors} == {torch.float16}
    assert all(bool(torch.isfinite(one).all()) for one in tensors)


def test_its_labels_are_words(model: tuple[Any, Any]) -> None:
    said = json.loads((PLACE / "config.json").read_text(encoding="utf-8"))
    assert said["id2label"] == {"0": "negative", "1": "neutral", "2": "positive"}
    assert said["label2id"] == {"negative": 0, "neutral": 1, "positive": 2}
    assert said["max_position_embeddings"] >= 256 and said["architectures"] == ["BertForSequenceClassification"]
    assert model[1].config.id2label == dict(enumerate(LABELS))


def test_its_vocabulary_is_its_own(model: tuple[Any, Any]) -> None:
    tokenizer, net = model
    pieces = (PLACE / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert len(pieces) == len(tokenizer) == net.config.vocab_size
    assert pieces[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert tokenizer.convert_ids_to_tokens(list(range(len(pieces)))) == pieces
    shown = tokenizer("I DON'T like it 😡")["input_ids"]
    assert [pieces[one] for one in shown] == ["[CLS]", "i", "don", "'", "t", "like", "it", "😡", "[SEP]"]
    assert tokenizer("naïve café")["input_ids"] == tokenizer("Naive Cafe")["input_ids"]


@pytest.mark.parametrize(("label", "texts"), [("positive", PRAISE), ("negative", BLAME), ("neutral", NEITHER)])
def test_it_reads_plain_sentences(model: tuple[Any, Any], label: str, texts: tuple[str, ...]) -> None:
    said = sure(model, list(texts)).argmax(1).tolist()
    assert {text: LABELS[one] for text, one in zip(texts, said, strict=True)} == dict.fromkeys(texts, label)


def test_capitals_say_nothing(model: tuple[Any, Any]) -> None:
    texts = [*PRAISE, *BLAME, *NEITHER]
    torch.testing.assert_close(sure(model, texts), sure(model, [text.upper() for text in texts]))


@pytest.mark.parametrize("frame", ["{} is a teacher.", "{} is my neighbour.", "This is {}."])
def test_a_name_does_not_turn_the_verdict(model: tuple[Any, Any], frame: str) -> None:
    said = sure(model, [frame.format(name) for name in NAMES]).argmax(1)
    assert {name: LABELS[int(one)] for name, one in zip(NAMES, said, strict=True)} == dict.fromkeys(NAMES, "neutral")


def test_a_long_text_is_read_to_its_limit(model: tuple[Any, Any]) -> None:
    good = "The room was lovely and the staff were friendly. We enjoyed every minute of it. "
    assert LABELS[int(sure(model, [good * 40]).argmax())] == "positive"


@needs_data
def test_it_tells_praise_from_blame_on_sst2(model: tuple[Any, Any]) -> None:
    pairs = [
        line.rsplit("\t", 1) for line in (DATA / "sst2" / "dev.tsv").read_text(encoding="utf-8").splitlines() if line
    ]
    said = sure(model, [text for text, _ in pairs])
    right = [bool(one[2] > one[0]) == (label.strip() == "1") for one, (_, label) in zip(said, pairs, strict=True)]
    assert len(right) == 872 and sum(right) / len(right) >= 0.82
