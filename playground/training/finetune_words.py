"""What a fine-tuning run says in words: what went wrong, what its numbers mean, and what to try."""

from __future__ import annotations

import math
from collections.abc import Mapping

from playground.specs.finetune import ALL, FinetuneSpec
from playground.training.cnn_words import percent


def divergence(spec: FinetuneSpec, epoch: int, step: int, back_to: int) -> str:
    """Why the loss is probably no longer a finite number, and one thing to do about it.

    Args:
        spec: The experiment, with the settings as they are now.
        epoch: Complete epochs when it happened.
        step: Updates when it happened.
        back_to: The epoch that ``Restore`` returns to.
    """
    where = f"Go back to {f'epoch {back_to:,}' if back_to else 'the start'}"
    return (
        f"Training diverged in epoch {epoch + 1:,} (step {step:,}): the loss is no longer a finite number. What the encoder knew is "
        f"overwritten by such long steps. {where} and lower the learning rate, say from {spec.lr:g} to {lower(spec):g}."
    )


def lower(spec: FinetuneSpec) -> float:
    """A learning rate to try next: a tenth, rounded to one digit."""
    return max(1e-6, float(f"{spec.lr / 10:.0e}"))


def remark(
    spec: FinetuneSpec, metrics: Mapping[str, float], baseline: Mapping[str, float], epoch: int, best: Mapping[str, float]
) -> str:  # fmt: skip
    """What the numbers say while all goes well, in a sentence; empty where they say nothing.

    Args:
        spec: The experiment.
        metrics: As measured last.
        baseline: Accuracies without training the encoder.
        epoch: Complete epochs.
        best: Epoch and validation accuracy of the best weights.
    """
    if not epoch:
        return ""
    if spec.patience and epoch - best["epoch"] >= spec.patience:
        return f"Stopped early: {spec.patience} epochs brought nothing better than epoch {best['epoch']:,.0f}, whose weights are kept."
    train, validation, frozen = metrics["train_accuracy"], metrics["val_accuracy"], baseline.get("frozen", math.nan)
    if epoch >= 3 and best["val_accuracy"] <= baseline["majority"] + 0.01 and train < baseline["majority"] + 0.1:
        return f"No better than always saying the majority class ({percent(baseline['majority'])}). Try another learning rate."
    if train - validation > 0.15 and train > 0.9:
        return (
            f"Learnt by heart: {percent(train)} of the training texts, {percent(validation)} of the validation texts. More texts "
            "help most; frozen layers or dropout may."
        )
    if spec.freeze != ALL and epoch >= spec.epochs and math.isfinite(frozen):
        gain = best["val_accuracy"] - frozen
        if gain <= 0:
            return f"Training the encoder brought nothing here: a classifier on the frozen one is right on {percent(frozen)}."
        return f"Training the encoder brought {100 * gain:.0f} points over a classifier on the frozen one ({percent(frozen)})."
    return ""
