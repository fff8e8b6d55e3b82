"""The tab "Two models": a second model answers the same picture, and how far both agree is said in words."""

from __future__ import annotations

from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.vision import Classified, Classify
from playground.specs.classification import ClassificationSpec
from playground.ui import asking, controls, lesson, provider
from playground.ui.assets import component
from playground.ui.page import prose
from playground.ui.parts import classification as part
from playground.ui.parts import classification_models as models
from playground.ui.parts.classification_models import percent
from playground.ui.parts.pictured_answers import Shown
from playground.ui.words import plain


def second(spec: ClassificationSpec, card: Card) -> Card | None:
    """The other model where it is ready: the one that was asked for, else the next that needs no download."""
    catalog = provider.catalog()
    wanted = catalog.cards.get(spec.second)
    if wanted is not None and wanted != card and catalog.here(wanted):
        return wanted
    ready = [one for one in catalog.ready(models.MENU.tasks) if one != card]
    return ready[-1] if ready else None


def show(picture: Shown, answer: Any, card: Card, spec: ClassificationSpec, key: str) -> ClassificationSpec:
    """Draw the tab, and return the experiment, which names the second model that answers.

    Args:
        picture: The picture.
        answer: The first model's answer, in whatever state.
        card: The first model.
        spec: The page's experiment.
        key: The page's key.
    """
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
    reply = (
        asking.Refused(picture.problem)
        if picture.problem
        else asking.ask("classify", other, Classify(picture.photo, spec.top))
    )
    sides = [part.said(one, whose, spec.top) for one, whose in ((answer, card), (reply, other))]
    shared = {row["full"] for row in sides[0]["rows"]} & {row["full"] for row in sides[1]["rows"]}
    for side in sides:
        side["label"] = side["notes"] if side["state"] == "failed" else side["label"]
        for row in side["rows"]:
            row["shared"] = row["full"] in shared
    component("two")(key=f"{key}-two", data=[{"sides": sides, "present": lesson.current().present}])
    with words:
        prose(agreement(answer, reply, card, other))
    return spec


def agreement(first: Any, reply: Any, card: Card, other: Card) -> str:
    """What both answers have in common, in words; empty until both are there."""
    if not isinstance(first, Classified) or not isinstance(reply, Classified):
        return ""
    one, two = plain(card.title), plain(other.title)
    best, theirs = first.predictions[0], reply.predictions[0]
    if first.refused or reply.refused:
        if first.refused and reply.refused:
            return "**Both models say that this is none of the classes they know.**"
        (who, other_one, said) = (one, two, theirs) if first.refused else (two, one, best)
        said_name = plain(part.brief(said, other if first.refused else card))
        return (
            f"**{who} says that this is none of its classes; {other_one} says “{said_name}” ({percent(said.score)}).**"
        )
    name, others = plain(part.brief(best, card)), plain(part.brief(theirs, other))
    spaces = [models.space(whose) for whose in (card, other)]
    if card.labels != other.labels or (spaces[0] and spaces[1] and spaces[0].count != spaces[1].count):
        counts = " and ".join(
            f"{whose.words} ({title})" for whose, title in zip(spaces, (one, two), strict=True) if whose
        )
        return (
            f"**{one} says “{name}”, {two} says “{others}”.** They choose among different names, {counts}, so the same thing may be "
            "called otherwise, and the numbers are not shared out among the same classes."
        )
    labels = {item.label for item in reply.predictions}
    count = sum(item.label in labels for item in first.predictions)
    many = models.in_words(count).capitalize() if count else "None"
    common = (
        f"{many} of the first {models.in_words(len(first.predictions))} stand{'' if count > 1 else 's'} in both lists."
    )
    if best.label == theirs.label:
        surer = one if best.score >= theirs.score else two
        return f"**Both say “{name}”: {percent(best.score)} and {percent(theirs.score)}.** {surer} is the surer one. {common}"
    place = next((at for at, item in enumerate(reply.predictions, 1) if item.label == best.label), 0)
    where = (
        f"{two} has “{name}” at place {place}, with {percent(reply.predictions[place - 1].score)}." if place
        else f"{two} does not have “{name}” among its first {len(reply.predictions)}."
    )  # fmt: skip
    both = f"{one} says “{name}” ({percent(best.score)}), {two} says “{others}” ({percent(theirs.score)})"
    return f"**They disagree: {both}.** {where} {common}"
