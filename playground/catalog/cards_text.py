"""The pretrained text models that a visitor finds by name, from small to large.

How many parameters each has is as the installed library builds it (a test compares); hashes and bytes are recorded beside the
files once they are fetched.
"""

from __future__ import annotations

from playground.catalog.card import Card, Hub, Starter
from playground.core.registry import Registry

SENTIMENT = "sentiment"
"""The task: sorting texts, by how they feel or by whatever else a model was trained for."""


def add(cards: Registry[Card]) -> None:
    """Add them."""
    cards.add(
        Card(
            name="starter_sentiment",
            title="Starter: a small BERT",
            summary="A small BERT of our own that comes with the playground; it reads English.",
            task=SENTIMENT,
            source=Starter("sentiment", ("config.json", "tokenizer.json", "model.safetensors")),
            architecture="bert",
            labels="polarity-3",
            licence="AGPL-3.0",
            paper="J. Devlin et al.: BERT: pre-training of deep bidirectional transformers for language understanding, 2019",
        )
    )
    cards.add(
        Card(
            name="distilbert-sst2",
            title="DistilBERT, film reviews",
            summary="Six layers that were taught by BERT's twelve, then trained on sentences of English film reviews.",
            task=SENTIMENT,
            source=Hub(
                "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
                ("config.json", "tokenizer_config.json", "vocab.txt", "model.safetensors"),
            ),
            architecture="distilbert",
            parameters=66_955_010,
            labels="polarity",
            licence="apache-2.0",
            paper="V. Sanh et al.: DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter, 2019",
        )
    )
    cards.add(
        Card(
            name="roberta-tweets",
            title="RoBERTa, messages",
            summary="Twelve layers that read 124 million short English messages; positive, neutral or negative.",
            task=SENTIMENT,
            source=Hub(
                "cardiffnlp/twitter-roberta-base-sentiment-latest",
                ("config.json", "vocab.json", "merges.txt", "special_tokens_map.json", "pytorch_model.bin"),
            ),
            architecture="roberta",
            parameters=124_647_939,
            labels="polarity-3",
            licence="cc-by-4.0",
            paper="D. Loureiro et al.: TimeLMs: diachronic language models from Twitter, 2022",
        )
    )
    cards.add(
        Card(
            name="bert-stars",
            title="Multilingual BERT, stars",
            summary="Reviews of products in English, German, French, Spanish, Italian and Dutch, from one to five stars.",
            task=SENTIMENT,
            source=Hub(
                "nlptown/bert-base-multilingual-uncased-sentiment",
                ("config.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "model.safetensors"),
            ),
            architecture="bert",
            parameters=167_360_261,
            labels="stars",
            licence="mit",
            paper="J. Devlin et al.: BERT: pre-training of deep bidirectional transformers for language understanding, 2019",
        )
    )
