"""The kinds of networks of transformers' that sort texts here, and which of their settings are read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_ANY = ("PreTrainedTokenizer", "TokenizersBackend")
_EVERY = ("vocab_size", "max_position_embeddings", "initializer_range", "pad_token_id", "bos_token_id", "eos_token_id")
_BERT = (
    *_EVERY,
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "hidden_act",
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "type_vocab_size",
    "layer_norm_eps",
    "classifier_dropout",
)
_BOUNDS = {
    "vocab_size": (4, 2_000_000),
    "max_position_embeddings": (4, 100_000),
    "hidden_size": (1, 16_384),
    "num_hidden_layers": (1, 96),
    "num_attention_heads": (1, 256),
    "intermediate_size": (1, 65_536),
    "type_vocab_size": (0, 1_000),
}


@dataclass(frozen=True)
class Family:
    """One kind of network.

    Attributes:
        kind: Its ``model_type``.
        network: Its class in transformers.
        config: Its configuration's class.
        prefix: What the names of the encoder's weights begin with.
        settings: What is taken from a ``config.json``.
        bounds: Of those that cost memory or time, from and to.
        tokenizers: Classes that its tokenizer may be of (a ``Fast`` at the end does not count).
        reserved: Positions at the beginning of its table that no piece gets.
    """

    kind: str
    network: str
    config: str
    prefix: str
    settings: tuple[str, ...]
    bounds: Mapping[str, tuple[int, int]]
    tokenizers: tuple[str, ...]
    reserved: int = 0


_DISTILBERT = {
    "vocab_size": (4, 2_000_000),
    "max_position_embeddings": (4, 100_000),
    "dim": (1, 16_384),
    "n_layers": (1, 96),
    "n_heads": (1, 256),
    "hidden_dim": (1, 65_536),
}

FAMILIES: Mapping[str, Family] = {
    family.kind: family
    for family in (
        Family(
            "bert", "BertForSequenceClassification", "BertConfig", "bert", _BERT, _BOUNDS, ("BertTokenizer", *_ANY)
        ),
        Family(
            "distilbert", "DistilBertForSequenceClassification", "DistilBertConfig", "distilbert",
            (*_EVERY, "dim", "n_layers", "n_heads", "hidden_dim", "activation", "dropout", "attention_dropout",
             "seq_classif_dropout", "sinusoidal_pos_embds"),
            _DISTILBERT, ("DistilBertTokenizer", "BertTokenizer", *_ANY),
        ),
        Family(
            "roberta", "RobertaForSequenceClassification", "RobertaConfig", "roberta", _BERT, _BOUNDS,
            ("RobertaTokenizer", *_ANY), reserved=2,
        ),
        Family(
            "xlm-roberta", "XLMRobertaForSequenceClassification", "XLMRobertaConfig", "roberta", _BERT, _BOUNDS,
            ("XLMRobertaTokenizer", *_ANY), reserved=2,
        ),
        Family(
            "electra", "ElectraForSequenceClassification", "ElectraConfig", "electra", (*_BERT, "embedding_size"),
            {**_BOUNDS, "embedding_size": (1, 16_384)}, ("ElectraTokenizer", "BertTokenizer", *_ANY),
        ),
        Family(
            "albert", "AlbertForSequenceClassification", "AlbertConfig", "albert",
            (*_BERT, "embedding_size", "num_hidden_groups", "inner_group_num", "classifier_dropout_prob"),
            {**_BOUNDS, "embedding_size": (1, 16_384), "num_hidden_groups": (1, 96), "inner_group_num": (1, 16)},
            ("AlbertTokenizer", *_ANY),
        ),
        Family(
            "mpnet", "MPNetForSequenceClassification", "MPNetConfig", "mpnet", (*_BERT, "relative_attention_num_buckets"),
            {**_BOUNDS, "relative_attention_num_buckets": (1, 4_096)}, ("MPNetTokenizer", *_ANY), reserved=2,
        ),
        Family(
            "deberta-v2", "DebertaV2ForSequenceClassification", "DebertaV2Config", "deberta",
            (*_BERT, "relative_attention", "max_relative_positions", "position_buckets", "norm_rel_ebd", "share_att_key",
             "pos_att_type", "position_biased_input", "pooler_dropout", "pooler_hidden_act", "pooler_hidden_size",
             "conv_kernel_size", "conv_act", "legacy"),
            {**_BOUNDS, "conv_kernel_size": (0, 99)}, ("DebertaV2Tokenizer", *_ANY),
        ),
    )
}  # fmt: skip
"""By ``model_type``."""
