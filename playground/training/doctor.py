"""What went wrong with a run, and what to try: words from the numbers at hand."""

from __future__ import annotations

from collections.abc import Mapping

from playground.functional.activations import ACTIVATIONS
from playground.optim.rules import RULES
from playground.specs.mlp import MLPSpec


def divergence(spec: MLPSpec, epoch: int, step: int, back_to: int) -> str:
    """Why the loss is probably no longer a finite number, and one thing to do about it.

    Args:
        spec: The experiment, with the settings as they are now.
        epoch: Complete epochs when it happened.
        step: Updates when it happened.
        back_to: The epoch that ``Restore`` returns to.
    """
    what = f"Training diverged in epoch {epoch + 1:,} (step {step:,}): the loss is no longer a finite number."
    where = f"Go back to {f'epoch {back_to:,}' if back_to else 'the start'}"
    lr = f"lower the learning rate, say from {spec.lr:g} to {lower(spec):g}"
    name = spec.label("l2") if spec.lr * spec.l2 >= 1 else "L1" if spec.lr * spec.l1 >= 1 else ""
    if name:
        field = "l2" if name != "L1" else "l1"
        value = getattr(spec, field)
        return (
            f"{what} With a learning rate of {spec.lr:g}, {name} {value:g} throws each weight past zero at every step. "
            f"{where}, and lower {name} or {lr}."
        )
    if spec.activation == "identity" or ACTIVATIONS[spec.activation].init.startswith("he"):
        hint = (
            f" {ACTIVATIONS[spec.activation].title} has no upper bound; tanh keeps signals small."
            if spec.hidden
            else ""
        )
    else:
        hint = ""
    return f"{what} Each step jumped further than the one before. {where} and {lr}.{hint}"


def lower(spec: MLPSpec) -> float:
    """A learning rate to try next: a tenth, rounded to one digit, or the rule's usual one if that is lower."""
    return max(1e-5, float(f"{min(spec.lr / 10, RULES[spec.optimizer].lr):.0e}"))


def remark(spec: MLPSpec, metrics: Mapping[str, float]) -> str:
    """What the losses say while all goes well, in a sentence with a thing to try; empty where they say nothing."""
    train, validation = metrics.get("train_loss"), metrics.get("val_loss")
    if train is None or validation is None or validation < 0.05 or validation < 3 * train:
        return ""
    tries = [words for field, words in (("l2", "some L2"), ("dropout", "dropout")) if not getattr(spec, field)]
    remedy = " or ".join(["more data", "fewer units", *tries][:3])
    return (
        f"Validation loss is {validation / max(train, 1e-6):,.0f} times the training loss: the network learns these very points "
        f"by heart (overfitting). Try {remedy}."
    )
