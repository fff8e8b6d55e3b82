"""How small a change of every pixel makes a network say something else: the fast gradient sign method.

I. J. Goodfellow, J. Shlens, C. Szegedy: Explaining and harnessing adversarial examples, 2015.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from playground.catalog.card import Card
from playground.core.errors import PlaygroundError
from playground.core.vision import Attack, Attacked
from playground.hub.answering import each, followed, pixels
from playground.hub.classify import Classifier
from playground.hub.desk import Desk

EPSILONS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0)
"""Strengths, in levels of 255."""

AT_ONCE = 8
"""So many changed pictures exist at the same time."""

_HALVES = "A picture file holds whole levels: what half a level does happens only before it is saved."


def attack(
    desk: Desk, card: Card | None, questions: Sequence[Attack], say: Callable[[str], None]
) -> list[Attacked | PlaygroundError]:
    """For each picture, the scores while it is pushed away from its label; what cannot be done is said in words."""
    return each(desk, card, questions, say, lambda classifier, question: _attack(desk, classifier, question, say))


def fgsm(forward: Callable[[Tensor], Tensor], picture: Tensor, label: int) -> Tensor:
    """The direction in which each value of each pixel raises the loss: -1, 0 or 1.

    Args:
        forward: From pictures ``(n, 3, h, w)`` with values 0 to 1 to logits ``(n, classes)``.
        picture: One of them, ``(1, 3, h, w)``.
        label: What it is said to show.

    Returns:
        ``(1, 3, h, w)``. A step of ``epsilon`` along it is the largest rise that a change of at most ``epsilon`` a
        value can give, if the loss were linear.
    """
    picture = picture.detach().requires_grad_()
    loss = cross_entropy(forward(picture), torch.tensor([label], device=picture.device))
    (slope,) = torch.autograd.grad(loss, picture)
    return slope.sign()


def _attack(desk: Desk, classifier: Classifier, question: Attack, say: Callable[[str], None]) -> Attacked:
    began = time.perf_counter()
    image = desk.picture(question.photo).image
    x = classifier.prepare([image])  # (1, 3, h, w), normalised
    mean, std = (x.new_tensor(levels)[:, None, None] for levels in (classifier.mean, classifier.std))
    picture = (x * std + mean).clamp(0, 1)  # (1, 3, h, w), 0 to 1
    judged = [classifier.judge(x)]  # (1, classes) and (1,) each
    label = int(judged[0][0].argmax())
    say("Finding the direction that hurts most")
    sign = fgsm(lambda pixels: classifier.forward((pixels - mean) / std), picture, label)
    say(f"Asking the network at {len(EPSILONS)} strengths")
    for start in range(1, len(EPSILONS), AT_ONCE):
        steps = x.new_tensor(EPSILONS[start : start + AT_ONCE])[:, None, None, None] / 255
        pushed = (picture + steps * sign).clamp(0, 1)  # (n, 3, h, w)
        judged.append(classifier.judge((pushed - mean) / std))
    scores, refused = (np.concatenate(parts) for parts in zip(*judged, strict=True))  # (n, classes), (n,)
    classes, along = followed(scores, classifier.labels, 0)
    flipped = np.flatnonzero((scores.argmax(axis=1) != label) | (refused != refused[0]))
    return Attacked(
        pixels(classifier, x[0].cpu().numpy()),
        np.ascontiguousarray(sign[0].permute(1, 2, 0).to(torch.int8).cpu().numpy()),
        EPSILONS, classes, along, int(flipped[0]) if len(flipped) else -1, time.perf_counter() - began, (_HALVES,), tuple(refused.tolist()),
    )  # fmt: skip
