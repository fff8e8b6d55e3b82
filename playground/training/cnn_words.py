"""What a run of a convolutional network says in words: what went wrong, what its numbers mean, and what to try."""

from __future__ import annotations

from collections.abc import Mapping

from playground.optim.rules import RULES
from playground.specs.cnn import CNNSpec


def divergence(spec: CNNSpec, epoch: int, step: int, back_to: int) -> str:
    """Why the loss is probably no longer a finite number, and one thing to do about it.

    Args:
        spec: The experiment, with the settings as they are now.
        epoch: Complete epochs when it happened.
        step: Updates when it happened.
        back_to: The epoch that ``Restore`` returns to.
    """
    what = f"Training diverged in epoch {epoch + 1:,} (step {step:,}): the loss is no longer a finite number."
    where = f"Go back to {f'epoch {back_to:,}' if back_to else 'the start'}"
    norms = not any("bn" in word or word.startswith("res") for word in spec.words)
    hint = " Batch normalisation after each convolution keeps signals in bounds." if norms else ""
    return (
        f"{what} Each step jumped further than the one before. {where} and lower the learning rate, say from {spec.lr:g} to "
        f"{lower(spec):g}.{hint}"
    )


def lower(spec: CNNSpec) -> float:
    """A learning rate to try next: a tenth, rounded to one digit, or the rule's usual one if that is lower."""
    return max(1e-5, float(f"{min(spec.lr / 10, RULES[spec.optimizer].lr):.0e}"))


def dead(spec: CNNSpec, stage: str) -> str:
    """That a network can learn no more, for a stage of it answers to nothing.

    Args:
        spec: The experiment, with the settings as they are now.
        stage: The first stage that is 0 everywhere.
    """
    return f"Dead: “{stage}” is all 0: no gradient flows back. Reset, learning rate {lower(spec):g}."


def percent(share: float) -> str:
    """``97 %``."""
    return f"{100 * share:.0f} %"


def remark(spec: CNNSpec, metrics: Mapping[str, float], epoch: int, best: int) -> str:
    """What the numbers say while all goes well, in a sentence; empty where they say nothing.

    Args:
        spec: The experiment.
        metrics: As measured last.
        epoch: Complete epochs.
        best: The epoch that did best on the validation pictures.
    """
    if not epoch:
        return ""
    if spec.patience and epoch - best >= spec.patience:
        return (
            f"Stopped early: {spec.patience} epochs brought nothing better than epoch {best:,}, whose weights are kept."
        )
    train, validation = metrics["train_accuracy"], metrics["val_accuracy"]
    if spec.shuffle_labels:
        if train > validation + 0.1:
            return f"Learnt by heart: {percent(train)} of the shuffled answers. Right on validation pictures: {percent(validation)}."
        return ""
    if train - validation > 0.08 and train > 0.5:
        remedy = (
            "augmentation"
            if not spec.augment
            else "dropout"
            if not any(w.startswith("drop") for w in spec.words)
            else "more pictures"
        )
        return (
            f"Overfitting: training accuracy is {percent(train - validation)} above validation accuracy. Try {remedy}."
        )
    return ""
