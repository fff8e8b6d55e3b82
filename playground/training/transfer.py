"""Telling a visitor's own classes apart: by a new last layer, from scratch, and by tuning. Tasks of the inference worker.

That worker, not a trainer, has what this needs at hand: the pretrained model in its cache. Pictures stay files until they are
looked at, so that a thousand of them take no more memory than a few. Each training is one question of seconds; one that its
page no longer asks ends when it next tells how far it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.progress import Progress
from playground.core.transfer import Learn, Learnt, Measured, Tell, Told
from playground.data.cut_pictures import CutPictures, check_cut, read_cut
from playground.functional.last_layer import LastLayer, fit_last_layer
from playground.hub import own_classifier
from playground.hub.classify import Classifier
from playground.hub.desk import Desk
from playground.hub.features import features_of
from playground.hub.own_classifier import OwnClassifier
from playground.training.held_out import DRAWS, check, measured, right, subset

Say = Callable[[str], None]

MOST, MOST_CLASSES = 1200, 12
"""So many pictures and classes one question may bring."""


def learn(desk: Desk, card: Card | None, questions: Sequence[Learn], say: Say) -> list[Learnt | PlaygroundError]:
    """Learn to tell classes apart; each question gets its own answer, or its own error in words."""
    answers: list[Learnt | PlaygroundError] = []
    for question in questions:
        try:
            answers.append(_learn(desk, card, question, say))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def tell(desk: Desk, card: Card | None, questions: Sequence[Tell], say: Say) -> list[Told | PlaygroundError]:
    """Say which of the classes pictures show, by several classifiers each."""
    answers: list[Told | PlaygroundError] = []
    for question in questions:
        try:
            answers.append(_tell(desk, _named(card), question, say))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def _learn(desk: Desk, card: Card | None, question: Learn, say: Say) -> Learnt:
    lesson = question.lesson
    if len(lesson.pictures) > MOST or len(lesson.classes) > MOST_CLASSES:
        raise InputError(f"At most {MOST:,} pictures in {MOST_CLASSES} classes are learnt from.")
    check(lesson.labels, lesson.held, lesson.classes)
    for at, one in enumerate(lesson.pictures, 1):
        check_cut(one, f"Picture {at}")
    images = CutPictures(lesson.pictures)
    labels = np.asarray(lesson.labels, np.int64)
    if question.way == "scratch":
        return _from_scratch(images, labels, question, say)
    with desk.classifier(_named(card), say) as classifier:
        return _on_features(classifier, images, labels, question, say)


def _on_features(
    classifier: Classifier, images: CutPictures, labels: NDArray[np.int64], question: Learn, say: Say
) -> Learnt:
    """A last layer for each size, on features that are computed once; the largest one is kept, and tuned where that is asked."""
    began = time.perf_counter()
    lesson, manner = question.lesson, question.manner
    features = features_of(classifier, images, say)  # (n, d)
    held = np.flatnonzero(lesson.held)
    found, layer = list[Measured](), LastLayer(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
    for size in question.sizes:
        rights, rows = list[float](), np.zeros(0, np.intp)
        for draw in range(DRAWS if size else 1):
            rows = subset(lesson.labels, lesson.held, size, draw, manner.seed)
            layer = fit_last_layer(features[rows], labels[rows], len(lesson.classes), manner.decay)
            rights.append(right(layer.scores(features[held]), labels[held]))
        found.append(measured(len(rows) / len(lesson.classes), rights, len(held)))
    made, notes = own_classifier.with_last_layer(classifier, layer), list[str]()
    scores = layer.scores(features[held])
    if question.way == "tuned":
        rows = subset(lesson.labels, lesson.held, question.sizes[-1], 0, manner.seed)
        chosen = images.of(rows)
        made, epochs = own_classifier.tuned(classifier, layer, chosen, labels[rows], manner, _epochs(say, "Tuning"))
        if epochs < own_classifier.EPOCHS:
            notes.append(f"There was time for {epochs} of {own_classifier.EPOCHS} passes over the pictures.")
        scores = _scores(made, images.of(held), classifier, len(lesson.classes))
        found = [measured(len(rows) / len(lesson.classes), [right(scores, labels[held])], len(held))]
    return _learnt(made, found, scores, began, classifier.card.name, notes)


def _from_scratch(images: CutPictures, labels: NDArray[np.int64], question: Learn, say: Say) -> Learnt:
    """A small network for each size; the last one is kept."""
    began = time.perf_counter()
    lesson, manner = question.lesson, question.manner
    held = np.flatnonzero(lesson.held)
    found, made, scores = list[Measured](), None, np.zeros((0, len(lesson.classes)), np.float32)
    for size in question.sizes:
        rows = subset(lesson.labels, lesson.held, size, 0, manner.seed)
        each = len(rows) / len(lesson.classes)
        chosen, words = images.of(rows), f"From scratch, {each:.3g} a class"
        made = own_classifier.from_scratch(
            chosen, labels[rows], len(lesson.classes), manner, manner.seed, _epochs(say, words)
        )
        scores = _scores(made, images.of(held), None, len(lesson.classes))
        found.append(measured(each, [right(scores, labels[held])], len(held)))
    assert made is not None
    return _learnt(made, found, scores, began)


def _learnt(
    made: OwnClassifier,
    found: Sequence[Measured],
    scores: NDArray[np.float32],
    began: float,
    model: str = "",
    notes: Sequence[str] = (),
) -> Learnt:
    return Learnt(
        made.way, tuple(found), scores, made.packed(), made.trained, made.whole, time.perf_counter() - began, model,
        tuple(notes),
    )  # fmt: skip


def _scores(
    made: OwnClassifier, images: Sequence[Image.Image], classifier: Classifier | None, classes: int
) -> NDArray[np.float32]:
    if not images:
        return np.zeros((0, classes), np.float32)
    return np.concatenate([made.scores(images[at : at + 16], classifier) for at in range(0, len(images), 16)])


def _tell(desk: Desk, card: Card, question: Tell, say: Say) -> Told:
    began = time.perf_counter()
    image = read_cut(question.picture, "The picture")
    with desk.classifier(card, say) as classifier:
        rows = [own_classifier.opened(one, classifier).scores([image], classifier)[0] for one in question.packed]
    return Told(np.stack(rows), time.perf_counter() - began)


def _named(card: Card | None) -> Card:
    if card is None:
        raise ModelUnavailable("Choose a model first: its features are what this learns from.")
    return card


def _epochs(say: Say, words: str) -> Callable[[int, int], None]:
    """Says which epoch it is."""
    return lambda epoch, epochs: say(Progress(f"{words}: epoch {epoch} of {epochs}", (epoch - 1) / epochs))
