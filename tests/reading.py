"""Text models made by hand whose answers can be known beforehand, tiny ones of every family, and a desk that has them: for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn

from playground.catalog.card import Card, Local
from playground.hub.desk import Desk
from playground.hub.text_files import TextFolder
from playground.hub.text_model import TextModel

CARD = Card(
    name="by_hand", title="By hand", summary="Made for a test.", task="sentiment", source=Local("by_hand", ("none",)), architecture="none"
)  # fmt: skip
MARKS = ("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]")
WORDS = (
    "the", "film", "was", "not", "very", "good", "bad", "dull", "fine", "a", "an", "it", "is", "and", "but", ".", ",", "!",
    "'", "t", "don", "un", "##ing", "##kind", "##s", "wast", "##e", "of", "time", "kind", "plot",
)  # fmt: skip
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz0123456789") + tuple(
    f"##{one}" for one in "abcdefghijklmnopqrstuvwxyz0123456789"
)
VOCABULARY = {word: number for number, word in enumerate(dict.fromkeys((*MARKS, *WORDS, *LETTERS)))}

FAMILIES: dict[str, tuple[str, dict[str, Any]]] = {
    "bert": ("Bert", {}),
    "distilbert": ("DistilBert", {"dim": 32, "n_heads": 2, "n_layers": 2, "hidden_dim": 48}),
    "roberta": ("Roberta", {"max_position_embeddings": 70}),
    "electra": ("Electra", {"embedding_size": 16}),
    "albert": ("Albert", {"embedding_size": 16, "num_hidden_layers": 3}),
    "mpnet": ("MPNet", {"max_position_embeddings": 70}),
    "deberta-v2": (
        "DebertaV2",
        {"relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_buckets": 8, "pooler_hidden_size": 32},
    ),
}


def quiet(words: str) -> None:
    """Progress that nobody reads."""


def tokenizer() -> Tokenizer:
    """Words and parts of words in small letters, as BERT has them."""
    made = Tokenizer(models.WordPiece(VOCABULARY, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    marks = [(mark, VOCABULARY[mark]) for mark in ("[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    return made


def model_of(network: nn.Module, config: Any, *, longest: int = 64, classes: int = 3) -> TextModel:
    """A text model around a network that is given the pieces above."""
    folder = TextFolder(
        network.eval().requires_grad_(False), config, tokenizer(), tuple(f"class{n}" for n in range(classes)), longest,
        padding=VOCABULARY["[PAD]"], unknown=VOCABULARY["[UNK]"], mask=VOCABULARY["[MASK]"],
    )  # fmt: skip
    return TextModel(CARD, folder, torch.device("cpu"))


def tiny(family: str, *, classes: int = 3) -> TextModel:
    """A network of a family of transformers' with weights drawn so large that it is not nearly linear."""
    import transformers

    name, settings = FAMILIES[family]
    common = {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48, "max_position_embeddings": 64,
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
    }  # fmt: skip
    own = {"max_position_embeddings": 64} if family == "distilbert" else common
    config = getattr(transformers, f"{name}Config")(
        vocab_size=len(VOCABULARY), pad_token_id=1, num_labels=classes, initializer_range=0.3, **(own | settings)
    )
    config._attn_implementation = "eager"
    torch.manual_seed(3)
    return model_of(getattr(transformers, f"{name}ForSequenceClassification")(config), config, classes=classes)


class Sum(nn.Module):
    """Adds up a number that each piece has, and bends the sum; looks at nothing else.

    Args:
        worth: Of each piece that has one.
        bend: From the sum to the logit of class 1; class 0 has the logit 0.
    """

    def __init__(self, worth: dict[str, float], bend: Callable[[Tensor], Tensor] = lambda total: total) -> None:
        super().__init__()
        self.table, self.bend = nn.Embedding(len(VOCABULARY), 2), bend
        nn.init.zeros_(self.table.weight)
        for piece, number in worth.items():
            self.table.weight.data[VOCABULARY[piece], 1] = number

    def get_input_embeddings(self) -> nn.Embedding:
        return self.table

    def forward(
        self, input_ids: Tensor | None = None, inputs_embeds: Tensor | None = None, attention_mask: Tensor | None = None
    ) -> SimpleNamespace:
        x = self.table(input_ids) if inputs_embeds is None else inputs_embeds  # (n, t, 2)
        assert attention_mask is not None
        total = (x[..., 1] * attention_mask).sum(dim=1)
        return SimpleNamespace(logits=torch.stack([torch.zeros_like(total), self.bend(total)], dim=1))


def summing(worth: dict[str, float], *, longest: int = 64, **more: Any) -> TextModel:
    """A text model of two classes that adds up its pieces."""
    return model_of(
        Sum(worth, **more), SimpleNamespace(model_type="none", num_attention_heads=1), longest=longest, classes=2
    )


class Here(Desk):
    """A desk on which one text model lies ready.

    Attributes:
        only: That model.
    """

    def __init__(self, model: TextModel, folder: Path) -> None:
        super().__init__(folder, budget=10**9, megabytes=20, megapixels=50)
        self.only = model

    @contextmanager
    def reader(self, card: Card, say: Callable[[str], None] = quiet) -> Iterator[TextModel]:
        yield self.only
