"""What an answer to a picture means, and what it does not: sentences in its own numbers, the code that ran, the papers."""

from __future__ import annotations

import shlex
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.vision import Classified
from playground.specs.classification import ClassificationSpec
from playground.ui.page import prose, references, show_source
from playground.ui.parts import classification_models as models
from playground.ui.parts import opened_up
from playground.ui.parts.classification import brief, briefs
from playground.ui.parts.classification_models import percent
from playground.ui.parts.pictured_answers import Shown
from playground.ui.words import plain

_SURE, _CLOSE = 0.9, 0.75


def what_you_see(answer: Any, card: Card) -> str:
    """Two or three sentences about this very answer, and a thing to try; about the model while there is none."""
    space = models.space(card)
    if not isinstance(answer, Classified) or not answer.predictions:
        weights = f" It has {card.parameters / 1e6:,.1f} million weights." if card.parameters else ""
        return f"**{plain(card.title)}.** {plain(card.summary)}{weights} {_bounded(card, space)}"
    if answer.refused:
        return (
            f"**The model says that it knows none of this.** It was trained on {space.words if space else 'a few classes'} only"
            f"{_named(space)}. Its softmax shares out 100 % among them whatever comes in, so one bar is always the "
            "longest. The threshold was set so that it refuses few of the pictures it was made for; it errs in both ways."
        )
    first = answer.predictions[0]
    name = plain(brief(first, card))
    if len(answer.predictions) == 1:
        start = f"**“{name}” gets {percent(first.score)}.** Ask for more answers to see what else was in the running."
    else:
        second = answer.predictions[1]
        other = plain(briefs(answer.predictions[:2], card)[1])
        if first.score >= _SURE:
            start = f"**“{name}” gets {percent(first.score)}, everything else together {percent(1 - first.score)}.**"
        elif second.score >= _CLOSE * first.score:
            start = (
                f"**It is nearly a draw: “{name}” {percent(first.score)}, “{other}” {percent(second.score)}.** A small change of "
                "the picture may turn it: try Shake it."
            )
        else:
            start = f"**“{name}” leads with {percent(first.score)}; the runner-up, “{other}”, has {percent(second.score)}.**"
    return f"{start} {_bounded(card, space)} {_sureness(first.score)}"


def _bounded(card: Card, space: models.Space | None) -> str:
    """How the label space bounds what can be said."""
    if space is None or not space.count:
        return "It can only name a class that it was trained on."
    if card.labels == "imagenet-1k":
        return (
            f"This model knows {space.words}, those of ImageNet: many breeds of dog, and hardly a class for people. Whatever you show it, "
            "it names one of them."
        )
    none = ", or say that it is none" if space.score else ""
    return f"This model knows {space.words}{_named(space)}: whatever you show it, it can only name one of them{none}."


def _named(space: models.Space | None) -> str:
    return f" ({', '.join(map(plain, space.names))})" if space and 0 < len(space.names) <= 12 else ""


def _sureness(score: float) -> str:
    return (
        f"The number is no promise to be right {percent(score, 0)} of the time: networks tend to be surer than they should "
        "(Guo et al. 2017), also on pictures that are none of their classes."
    )


def command(spec: ClassificationSpec, picture: Shown, card: Card) -> str:
    """The command line that answers the same."""
    file = picture.photo.name if picture.own else f"playground/data/samples/photos/{picture.photo.name}"
    words = ["playground", "predict", "classify", "--model", card.name, file]
    words += ["--top", str(spec.top)] if spec.top != ClassificationSpec().top else []
    return shlex.join([*words, "--json"])


def code() -> None:
    """The functions that ran."""
    prose(
        "This is what ran: the picture is decoded within limits, brought to what the network wants, and its answer read."
    )
    show_source("playground.data.pictures:read_picture")
    show_source("playground.hub.answers:classify")
    show_source("playground.hub.classify:Classifier.logits_of")
    show_source("playground.hub.classify:softmax")
    show_source("playground.hub.classify:top")


def papers(card: Card, second: Card | None) -> None:
    """What this answer stands on."""
    own = [one.paper for one in (card, second) if one is not None and one.paper]
    references(
        *dict.fromkeys(map(plain, own)),
        "O. Russakovsky et al.: *ImageNet large scale visual recognition challenge*, 2015: the 1,000 classes.",
        "C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: *On calibration of modern neural networks*, 2017: why the number is too sure.",
        "W. Liu, X. Wang, J. D. Owens, Y. Li: *Energy-based out-of-distribution detection*, 2020: none of my classes, by a threshold.",
        *opened_up.PAPERS,
        "R. Wightman: *PyTorch image models* (timm), 2019: networks, weights and how pictures are prepared for them.",
    )
    st.caption(plain(f"{card.title}: {card.source}. Licence of the weights: {card.licence or 'not said'}."))
