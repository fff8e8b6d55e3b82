"""Folders as transformers saves them, with small random networks of every family and tokenizers of their own kinds: for tests."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.reading import FAMILIES, LETTERS, MARKS, WORDS

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MINI = DATA / "weights" / "bert" / "bert-mini-sst2"
needs_mini = pytest.mark.skipif(not MINI.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")

NAMES = {0: "NEGATIVE", 1: "POSITIVE"}
BYTES = ("roberta",)
"""Families that cut a text into pairs of bytes that were seen together often."""
PROBABLE = ("xlm-roberta", "albert", "deberta-v2")
"""Families that cut a text into the likeliest pieces."""


def text_folder(models: Path, name: str, family: str = "bert", *, seed: int = 0, **said: Any) -> Path:
    """A network of two classes, or of those in ``id2label``, in a models folder; its weights are drawn so large that texts differ."""
    import torch
    import transformers

    place = models / name
    place.mkdir(parents=True, exist_ok=True)
    _vocabulary(place, family)
    size = len(transformers.AutoTokenizer.from_pretrained(str(place)))
    kind, own = FAMILIES["roberta" if family == "xlm-roberta" else family]
    common = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}
    common["max_position_embeddings"] = 64
    settings = ({"max_position_embeddings": 64} if family == "distilbert" else common) | own
    settings |= {"vocab_size": size, "initializer_range": 0.3, "id2label": NAMES, "pad_token_id": 1, **said}
    kind = "XLMRoberta" if family == "xlm-roberta" else kind
    torch.manual_seed(seed)
    config = getattr(transformers, f"{kind}Config")(**settings)
    getattr(transformers, f"{kind}ForSequenceClassification")(config).save_pretrained(str(place))
    return place


def changed(place: Path, **said: Any) -> None:
    """Other settings in a folder's configuration; ``None`` takes one out."""
    path = place / "config.json"
    all_ = json.loads(path.read_text()) | said
    path.write_text(json.dumps({key: value for key, value in all_.items() if value is not None}))


def _vocabulary(place: Path, family: str) -> None:
    """The files of a tokenizer of the family's kind."""
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    (place / "config.json").write_text(json.dumps({"model_type": family}))
    if family in BYTES:
        letters = sorted(pre_tokenizers.ByteLevel.alphabet())
        pairs = [
            ("t", "h"),
            ("th", "e"),
            ("Ġ", "a"),
            ("Ġ", "the"),
            ("i", "s"),
            ("Ġ", "is"),
            ("g", "o"),
            ("o", "d"),
            ("go", "od"),
        ]
        pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *letters, *("".join(pair) for pair in pairs)]
        (place / "vocab.json").write_text(json.dumps({piece: at for at, piece in enumerate(pieces)}))
        (place / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in pairs))
        return
    if family in PROBABLE:
        marks = (
            ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
            if family == "xlm-roberta"
            else ("[CLS]", "<pad>", "[SEP]", "<unk>", "[MASK]")
        )
        letters = [*"abcdefghijklmnopqrstuvwxyz.,!'", "▁"]
        likely = (
            [(one, 0.0) for one in marks] + [(one, -5.0) for one in letters] + [(f"▁{one}", -3.0) for one in WORDS[:18]]
        )
        made = Tokenizer(models.Unigram(likely, unk_id=3))
        made.normalizer = normalizers.NFKC()
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        marked = [(mark, marks.index(mark)) for mark in (marks[0], marks[2])]
        made.post_processor = processors.TemplateProcessing(single=f"{marks[0]} $A {marks[2]}", special_tokens=marked)
        made.save(str(place / "tokenizer.json"))
        said = {
            "tokenizer_class": {"xlm-roberta": "XLMRobertaTokenizer", "albert": "AlbertTokenizer"}.get(
                family, "DebertaV2Tokenizer"
            )
        }
        (place / "tokenizer_config.json").write_text(json.dumps(said))
        return
    pieces = list(dict.fromkeys((*MARKS, *WORDS, *LETTERS)))
    if family == "mpnet":
        pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "[UNK]", *pieces[len(MARKS) :]]
    (place / "vocab.txt").write_text("\n".join(pieces) + "\n")
    del transformers
