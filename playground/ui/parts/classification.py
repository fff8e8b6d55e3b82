"""The page Image classification: one picture and its answer, and what has to be said about that answer."""

from __future__ import annotations

from typing import Any

from playground.catalog.card import Card, Starter
from playground.core.vision import Classified, Classify, Prediction
from playground.data.examples import EXAMPLES
from playground.specs.classification import ClassificationSpec
from playground.ui import asking, lesson
from playground.ui.assets import component
from playground.ui.page import place
from playground.ui.parts import classification_models as models
from playground.ui.parts import pictured_answers
from playground.ui.parts.classification_models import percent
from playground.ui.parts.pictured import HEIGHT, Pictured
from playground.ui.parts.pictured_answers import Answers, Shown

PICTURED = Pictured("classification", EXAMPLES, {"target": -1})
WAKING = "The model is waking up."


def settle(spec: ClassificationSpec, key: str) -> ClassificationSpec:
    """The experiment with a picture and a model that there are; what a link says wrongly is said in words, and the rest kept."""
    return models.MENU.settle(pictured_answers.settle(PICTURED, spec, next(iter(EXAMPLES))), key)


def ask(spec: ClassificationSpec, picture: Shown, card: Card) -> Answers:
    """Ask for everything that is to be seen."""
    return pictured_answers.ask(PICTURED, picture, card, "classify", lambda photo: Classify(photo, spec.top))


def caption(answer: Classified, card: Card) -> str:
    """What stands on one of the visitor's own pictures."""
    return "none of its classes" if answer.refused else brief(answer.predictions[0], card)


def show(spec: ClassificationSpec, picture: Shown, answers: Answers, card: Card, key: str) -> None:
    """Draw the picture with its answer."""
    data = {
        **said(answers.shown, card, spec.top),
        "picture": pictured_answers.drawn(PICTURED, picture, answers),
        "present": lesson.current().present,
        "height": HEIGHT,
        "expecting": answers.waiting,
    }
    with place(HEIGHT):
        component("answer")(key=f"{key}-answer", data=[data], on_edit_change=lambda: None)


def said(answer: Any, card: Card, wanted: int) -> dict[str, Any]:
    """One model's answer in words and numbers, in whatever state it is."""
    space = models.space(card)
    starter = isinstance(card.source, Starter)  # its title says how many classes it has
    known = f"{card.title}, {space.words}" if space and space.count and not starter else card.title
    empty = {
        "model": known,
        "name": card.name,
        "rows": [],
        "wanted": min(wanted, space.count) if space and space.count else wanted,
        "grey": False,
        "also": "",
        "notes": "",
        "facts": "",
        "waiting": False,
    }
    if isinstance(answer, asking.Waiting):
        return {**empty, "state": "waiting", "label": answer.words or WAKING, "waiting": True}
    if isinstance(answer, asking.Refused):
        return {**empty, "state": "failed", "label": "No answer", "notes": answer.words}
    found: tuple[Prediction, ...] = answer.predictions[:wanted]
    rows = [
        {"label": name, "full": one.label, "score": one.score}
        for name, one in zip(briefs(found, card), found, strict=True)
    ]
    batch = f", {answer.batch} pictures at once" if answer.batch > 1 else ""
    done = {
        **empty,
        "state": "answered",
        "label": brief(found[0], card),
        "rows": rows,
        "facts": f"{card.title}, {answer.seconds:.3f} s, {answer.device}, {answer.engine}{batch}",
    }
    if answer.refused:
        none = f"None of my {space.words}" if space else "None of my classes"
        return {**done, "state": "none", "label": none, "grey": True, "notes": why_none(answer, card, space)}
    others = found[0].label.split(", ")[1:] if card.labels == "imagenet-1k" else []
    return {**done, "also": f"also called {', '.join(others)}" if others else ""}


def why_none(answer: Classified, card: Card, space: models.Space | None) -> str:
    """Why a model says that a picture is none of its classes, and why the bars do not show that."""
    best = answer.predictions[0]
    start = f"The likeliest of them, {brief(best, card)}, gets {percent(best.score, 0)}. "
    if space and space.score == "max_softmax":
        rule = f"Below {100 * space.threshold:.3g} % this model rather says that it knows none of it."
    elif space and space.score:
        kind = {
            "max_logit": "largest output before the softmax",
            "energy": "logarithm of the sum of all outputs' exponentials (Liu et al. 2020: minus the energy)",
        }
        rule = (
            f"The softmax shares out 100 % whatever comes in and stays sure on nonsense, so the {kind.get(space.score, space.score)} "
            f"is looked at instead: it lies below the threshold of {space.threshold:.2f}."
        )
    else:
        rule = "That is below its threshold."
    return start + rule


def brief(one: Prediction, card: Card) -> str:
    """A class's name as it stands on a picture: ImageNet's list several names for a class, the first is enough."""
    return one.label.split(",")[0].strip() or one.label if card.labels == "imagenet-1k" else one.label


def briefs(found: tuple[Prediction, ...], card: Card) -> list[str]:
    """The same for a list; where two classes would read the same (ImageNet has two cranes), they are written out."""
    short = [brief(one, card) for one in found]
    return [name if short.count(name) == 1 else one.label for name, one in zip(short, found, strict=True)]
