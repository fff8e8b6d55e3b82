"""What an answer to a text means, and what it does not: sentences in its own numbers, the code that ran, the papers."""

from __future__ import annotations

import shlex

import streamlit as st

from playground.catalog.card import Card
from playground.catalog.text_labels import Label
from playground.core.language import Judged
from playground.functional.text_windows import LENGTH
from playground.specs.sentiment import SentimentSpec
from playground.ui.page import prose, references, show_source
from playground.ui.parts import sentiment_models as models
from playground.ui.parts.sentiment import Answers
from playground.ui.parts.sentiment_models import percent
from playground.ui.parts.sentiment_verdict import verdict
from playground.ui.words import plain

_LONGEST_COMMAND = 300
_SURE = 0.75


def what_you_see(answers: Answers, spec: SentimentSpec, card: Card) -> str:
    """Two or three sentences about this very answer, and a thing to try; about the model while there is none."""
    known = models.labels(card)
    if not isinstance(answers.judged, Judged):
        return f"**{plain(card.title)}.** {plain(card.summary)} {_bounded(known)}"
    judged = answers.judged
    known = models.classes(card, judged.labels)
    found = verdict(known, judged.scores, spec.band)
    name = plain(found.label.words)
    if found.undecided:
        start = (
            f"**Undecided: “{name}” leads with {percent(found.score)} only.** With two classes one of them always has more than half; "
            f"below {percent(0.5 + spec.band, 0)} this page calls nobody the winner. Move the band and see."
        )
    elif found.label.tone == 0 and found.label.stars is None:
        start = f"**“{name}” gets {percent(found.score)}:** the model finds no feeling that outweighs the rest."
    elif found.score >= _SURE:
        start = f"**“{name}” gets {percent(found.score)}.** Change a word and see what the bar does."
    else:
        start = f"**“{name}” leads with {percent(found.score)}; the rest is shared out among the others.** One more word may turn it."
    if len(judged.windows) > 1:
        start += (
            f" The text has {judged.pieces:,} word pieces, more than the model takes in one go, and was read in {len(judged.windows)} "
            f"overlapping windows. They are short on purpose, at most {LENGTH} pieces: so one sentence of opinion is heard among many that "
            "tell a story. See Long texts."
        )
    if judged.unknown:
        some = ", ".join(f"“\u2068{plain(one)}\u2069”" for one in judged.unknown[:4])
        start += f" The model has no word piece for {some}: whatever stands there is the same to it."
    own = "" if spec.example else " Your own text stays with you: it is in no link."
    return f"{start} {_bounded(known)}{own}"


def _bounded(known: tuple[Label, ...]) -> str:
    """How the label space bounds what can be said."""
    if not known:
        return ""
    names = ", ".join(f"“{plain(one.words)}”" for one in known[:6]) + (" and others" if len(known) > 6 else "")
    if models.banded(known):
        return (
            f"It knows {names} and no third: a text without feeling is called one or the other, more or less at random."
        )
    if models.toned(known):
        return f"It chooses among {names}; irony, other people's words and other languages are read as they stand."
    return f"It chooses among {names}, whatever it is given."


def command(spec: SentimentSpec, text: str, card: Card) -> str:
    """The command line that answers the same."""
    start = ["playground", "predict", "sentiment", "--model", card.name, "--json"]
    if len(text) > _LONGEST_COMMAND or "\n" in text or not text.strip():
        return shlex.join([*start, "--file", "texts.csv"])
    return shlex.join([*start, "--", text])


def code(spec: SentimentSpec, answers: Answers, card: Card) -> None:
    """The functions that ran, and the command that does the same."""
    prose("The same without a browser:")
    st.code(command(spec, answers.text, card), language="bash", wrap_lines=True)
    prose("This is what ran:")
    for name in (
        "playground.hub.sentiment:judge",
        "playground.hub.text_model:TextModel.pieces",
        "playground.hub.text_model:TextModel.logits",
        "playground.functional.text_windows:weights",
        "playground.hub.integrated_text:along",
    ):
        show_source(name)


def papers(*cards: Card | None) -> None:
    """What these answers stand on."""
    own = [one.paper for one in cards if one is not None and one.paper]
    references(
        *dict.fromkeys(map(plain, own)),
        "J. Devlin, M.-W. Chang, K. Lee, K. Toutanova: *BERT: pre-training of deep bidirectional transformers*, 2019.",
        "R. Socher et al.: *Recursive deep models for semantic compositionality over a sentiment treebank*, 2013: SST, the sentences "
        "most of these models learnt from.",
        "M. Sundararajan, A. Taly, Q. Yan: *Axiomatic attribution for deep networks*, 2017: integrated gradients.",
        "M. D. Zeiler, R. Fergus: *Visualizing and understanding convolutional networks*, 2014: occlusion; J. Li, W. Monroe, D. Jurafsky: "
        "*Understanding neural networks through representation erasure*, 2016: the same for words.",
        "S. Jain, B. C. Wallace: *Attention is not explanation*, 2019; S. Wiegreffe, Y. Pinter: *Attention is not not explanation*, 2019.",
        "S. Kiritchenko, S. M. Mohammad: *Examining gender and race bias in two hundred sentiment analysis systems*, 2018: swap one word.",
        "C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: *On calibration of modern neural networks*, 2017: why a percentage is no promise.",
    )
    for card in cards:
        if card is not None:
            st.caption(plain(f"{card.title}: {card.source}. Licence of the weights: {card.licence or 'not said'}."))
