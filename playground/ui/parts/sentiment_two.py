"""The tab "Two models": a second model reads the same text, and how far both agree is said in words."""

from __future__ import annotations

from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.language import Judged, Weighed
from playground.specs.sentiment import SentimentSpec
from playground.ui import asking, controls, lesson, provider
from playground.ui.assets import component
from playground.ui.page import prose
from playground.ui.parts import sentiment as part
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_verdict as verdicts
from playground.ui.parts.sentiment import Answers
from playground.ui.parts.sentiment_models import percent
from playground.ui.words import plain

_FAR = 0.5


def second(spec: SentimentSpec, card: Card) -> Card | None:
    """The other model where it is ready: the one that was asked for, else the next that needs no download."""
    catalog = provider.catalog()
    wanted = catalog.cards.get(spec.second)
    if wanted is not None and wanted != card and catalog.here(wanted):
        return wanted
    ready = [one for one in catalog.ready(models.MENU.tasks) if one != card]
    return ready[-1] if ready else None


def show(answers: Answers, card: Card, spec: SentimentSpec, key: str) -> SentimentSpec:
    """Draw the tab, and return the experiment, which names the second model that answers."""
    other = second(spec, card)
    if other is not None and spec.second in ("", card.name):
        controls.assign(key, second=other.name)
        spec = spec.replace(second=other.name)
    menu, words = st.columns([1, 2], gap="medium", vertical_alignment="bottom")
    with menu:
        models.MENU.draw(spec, key, other, "second", without=card.name)
    if other is None:
        with words:
            prose(f"There is no second model on disk yet: choose one to compare {plain(card.title)} with.")
        return spec
    reply = _ask(answers, other)
    sides = [drawn(one, whose, spec.band) for one, whose in ((answers, card), (reply, other))]
    data = {
        "present": lesson.current().present,
        "sides": sides,
        "beside": True,
        "expecting": any(side["state"] == "waiting" for side in sides),
    }
    component("sentiment_sides")(key=f"{key}-two", data=[data], on_edit_change=lambda: None)
    if isinstance(answers.judged, Judged) and isinstance(reply.judged, Judged):
        prose(agreement(answers.judged, card, reply.judged, other, spec.band))
    return spec


def _ask(answers: Answers, other: Card) -> Answers:
    """What the second model makes of the same text."""
    if answers.judged is None or (isinstance(answers.judged, asking.Refused) and not answers.text):
        return Answers(answers.text, answers.judged)
    judged = part.judge(answers.text, other)
    if not isinstance(judged, Judged):
        return Answers(answers.text, judged)
    target = verdicts.explained(models.classes(other, judged.labels), judged.scores)
    return Answers(answers.text, judged, part.weigh(answers.text, other, "integrated_gradients", target))


def drawn(answers: Answers, card: Card, band: float) -> dict[str, Any]:
    """One model's side as the browser shows it."""
    told = part.said(answers, card, band)
    there = isinstance(answers.weighed, Weighed | asking.Refused)
    state = "waiting" if told["state"] == "answered" and not there else told["state"]
    return {
        "id": f"{card.name} {hash(answers.text)}",
        "title": card.title,
        "text": told.get("text") or answers.text,
        "words": told["words"],
        "unit": "logit",
        "state": state,
        **{name: told[name] for name in ("verdict", "opinion", "notes", "key", "facts")},
    }


def agreement(first: Judged, card: Card, reply: Judged, other: Card, band: float) -> str:
    """How far two models agree on one text."""
    one, two = plain(card.title), plain(other.title)
    mine, theirs = models.classes(card, first.labels), models.classes(other, reply.labels)
    said, answered = verdicts.verdict(mine, first.scores, band), verdicts.verdict(theirs, reply.scores, band)
    both = f"{one} says “{plain(said.words)}” ({percent(said.score)}), {two} says “{plain(answered.words)}” ({percent(answered.score)})"
    if not models.toned(mine) or not models.toned(theirs):
        return f"**{both}.** They sort texts into different classes, so their answers do not stand on one scale."
    apart = abs(models.lean(mine, first.scores) - models.lean(theirs, reply.scores))
    if said.words == answered.words:
        return f"**Both say “{plain(said.words)}”: {percent(said.score)} and {percent(answered.score)}.**" + (
            " Whether they say so for the same words, the colours tell."
            if apart < _FAR
            else " One is much surer than the other."
        )
    if apart < _FAR:
        return f"**{both}.** Their bars lie close together all the same: the classes differ more than the opinions do."
    return f"**They disagree: {both}.** Which of them is right, neither number says; look at the words that pulled them apart."
