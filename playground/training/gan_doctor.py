"""What goes wrong between a generator and a discriminator, said from what was measured, with one thing to do about it.

Three things do: samples that are all alike (mode collapse), a discriminator that is so far ahead that it teaches nothing, and two
networks that chase each other without getting anywhere. A finding rests on numbers of the run alone, and names them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.functional.gan_losses import LOSSES
from playground.specs.gan import GANSpec
from playground.training.gan_history import COLUMNS
from playground.training.gan_standing import Finding
from playground.training.gan_stored import Measured
from playground.training.gan_words import percent

SURE, SURE_ROWS = 0.97, 10
"""The discriminator wins where it tells this share of both kinds right, in the mean over so many rows."""
ALIKE = 0.5
"""Samples are alike where each lies so much nearer to the next one than real pictures do."""
FEW, FEW_STEPS, FEW_LOOKS = 0.5, 600, 3
"""Too few digits turn up where it is this share or less, after so many steps, and was so several times."""
SWINGS, SWING_ROWS, LOW, HIGH = 4, 30, 0.6, 1.5
"""Two networks swing where the discriminator's loss goes so often from so far below its median to so far above it, or back, within
so many rows."""
EARLY = 150
"""What was measured before so many steps says nothing: every generator begins with pictures that are much alike."""
LATELY = 5
"""Distances whose best is compared with that of as many before, for a trend."""

Rows = NDArray[Any]


def examine(
    spec: GANSpec, recent: Collection[Rows], looks: Collection[Measured], before: Finding | None = None
) -> Finding | None:
    """What is wrong, if anything: the gravest first.

    Args:
        spec: The experiment, with the settings as they are now.
        recent: The last rows of measurements, in ``COLUMNS``, oldest first.
        looks: What the last measurements of samples found, oldest first.
        before: What was wrong last; it keeps the step at which it was seen first.
    """
    rows = np.array(recent, np.float64).reshape(len(recent), len(COLUMNS))
    looks = tuple(looks)
    found = (
        _collapse(spec, [one for one in looks if one.step >= EARLY]) or _won(spec, rows) or _swinging(spec, rows, looks)
    )
    if found is not None and before is not None and before.name == found.name:
        return dataclasses.replace(found, since=before.since)
    return found


def _collapse(spec: GANSpec, looks: Sequence[Measured]) -> Finding | None:
    if not looks:
        return None
    last = looks[-1]
    variety, evidence = last.values["variety"], dict[str, float]()
    covered = [one.values.get("coverage", 1.0) for one in looks[-FEW_LOOKS:] if one.step >= FEW_STEPS]
    if variety < ALIKE:
        words = (
            f"Each sample is {percent(variety)} as far from the next one like it as real pictures are from each other."
        )
        evidence["variety"] = variety
    elif len(covered) == FEW_LOOKS and max(covered) <= FEW:
        words = f"Only {10 * covered[-1]:.0f} of the ten digits turn up among the samples."
        evidence |= {"coverage": covered[-1], "variety": variety}
    else:
        return None
    remedy, change = _calmer(spec)
    return _finding(
        spec, "collapse", "Mode collapse: the samples are too alike", words, remedy, change, evidence, last.step
    )


def _won(spec: GANSpec, rows: Rows) -> Finding | None:
    if LOSSES[spec.loss].middle is None or len(rows) < SURE_ROWS:
        return None  # a critic is meant to be ahead
    lately = {name: float(rows[-SURE_ROWS:, COLUMNS.index(name)].mean()) for name in ("d_real", "d_fake", "g_norm")}
    if min(lately["d_real"], lately["d_fake"]) < SURE:
        return None
    first = float(rows[0, COLUMNS.index("g_norm")])
    said = f"It tells {percent(lately['d_real'])} of real and {percent(lately['d_fake'])} of made pictures right"
    if spec.loss == "minimax":
        said += (
            f"; the length of the generator's gradient is {lately['g_norm']:.2g}, since the minimax loss is flat where all are "
            "found out"
            if first < 10 * lately["g_norm"]
            else f"; the length of the generator's gradient fell from {first:.2g} to {lately['g_norm']:.2g}, since the minimax "
            "loss is flat where all are found out"
        )
    remedy, change = _weaker(spec)
    evidence = {**lately, "steps": float(rows[-1, 1] - rows[-SURE_ROWS, 1])}
    return _finding(
        spec,
        "discriminator_wins",
        "The discriminator wins too early",
        f"{said}.",
        remedy,
        change,
        evidence,
        int(rows[-1, 1]),
    )


def _swinging(spec: GANSpec, rows: Rows, looks: Sequence[Measured]) -> Finding | None:
    if len(rows) < SWING_ROWS:
        return None
    lately = rows[-SWING_ROWS:]
    size = np.abs(lately[:, COLUMNS.index("d_loss")])
    middle = float(np.median(size))
    sides = np.where(size > HIGH * middle, 1, np.where(size < LOW * middle, -1, 0))
    turns = int(np.count_nonzero(np.diff(sides[sides != 0])))
    distances = [one.values["frechet"] for one in looks]
    better = len(distances) >= 2 * LATELY and min(distances[-LATELY:]) < 0.95 * min(distances[:-LATELY])
    if turns < SWINGS or better:
        return None
    steps = float(lately[-1, 1] - lately[0, 1])
    words = (
        f"In the last {steps:,.0f} steps the discriminator's loss went {turns} times from low to high or back, between "
        f"{size.min():.2g} and {size.max():.2g}: now one network is ahead, now the other."
    )
    remedy, change = _slower(spec)
    evidence = {"turns": float(turns), "steps": steps, "lowest": float(size.min()), "highest": float(size.max())}
    return _finding(
        spec,
        "oscillation",
        "The two networks swing without getting anywhere",
        words,
        remedy,
        change,
        evidence,
        int(lately[-1, 1]),
    )


def _weaker(spec: GANSpec) -> tuple[str, dict[str, Any]]:
    """What holds a discriminator back."""
    if spec.loss == "minimax":
        return "Take the non-saturating loss: its gradient is largest where the discriminator is sure.", {
            "loss": "nonsaturating"
        }
    if spec.d_lr > 1:
        return "Let the discriminator learn no faster than the generator.", {"d_lr": 1.0}
    if spec.critic_steps > 1:
        return "Give the discriminator one update for each of the generator.", {"critic_steps": 1}
    if spec.beta1 > 0.5:
        return "Lower the momentum to 0.5.", {"beta1": 0.5}
    if spec.r1 < 1:
        return "Keep the discriminator flat at real pictures by an R1 penalty of 1.", {"r1": 1.0}
    return "Let the discriminator learn four times slower.", {"d_lr": max(0.01, spec.d_lr / 4)}


def _calmer(spec: GANSpec) -> tuple[str, dict[str, Any]]:
    """What brings variety back."""
    if spec.loss == "wasserstein" and spec.penalty < 1:
        return "Set the gradient penalty to 10: nothing holds the critic, and the generator runs after its scores.", {
            "penalty": 10.0
        }
    if spec.lr > 0.002:
        return _rate(
            "A generator that learns too fast runs to the one picture that passes now: lower the learning rate", spec
        )
    if spec.beta1 > 0.5:
        return "Lower the momentum to 0.5.", {"beta1": 0.5}
    if spec.d_lr < 1:
        return "Let the discriminator learn as fast as the generator, so that it notices.", {"d_lr": 1.0}
    if spec.loss != "wasserstein" and not spec.spectral:
        return "Hold the discriminator by spectral normalisation.", {"spectral": True}
    if spec.loss == "wasserstein":
        return _rate("Lower the learning rate", spec)
    return "Take the Wasserstein loss: a critic scores how pictures are spread.", {
        "loss": "wasserstein", "critic_steps": 3, "beta1": 0.0, "spectral": False,
    }  # fmt: skip


def _slower(spec: GANSpec) -> tuple[str, dict[str, Any]]:
    """What damps."""
    if spec.loss == "wasserstein" and spec.penalty < 1:
        return "Set the gradient penalty to 10, which holds the critic's scores.", {"penalty": 10.0}
    if spec.beta1 > 0.5:
        return "Lower the momentum to 0.5: it carries each network past the other.", {"beta1": 0.5}
    if spec.lr > 0.002:
        return _rate("Lower the learning rate", spec)
    if spec.loss != "wasserstein" and spec.r1 < 1:
        return "Keep the discriminator flat at real pictures by an R1 penalty of 1.", {"r1": 1.0}
    return _rate("Lower the learning rate", spec)


def _rate(words: str, spec: GANSpec) -> tuple[str, dict[str, Any]]:
    """A lower learning rate."""
    rate = min(0.001, float(f"{spec.lr / 4:.0e}"))
    return f"{words}, say to {rate:g}.", {"lr": max(1e-6, rate)}


def _finding(
    spec: GANSpec, name: str, title: str, words: str, remedy: str, change: Mapping[str, Any], evidence: Mapping[str, float],
    since: int,
) -> Finding:  # fmt: skip
    live = all(spec.bounds()[field].live for field in change)
    return Finding(name, title, words, remedy, change, live, evidence, since)


def divergence(spec: GANSpec, epoch: int, step: int, back_to: int) -> str:
    """Why numbers are probably no longer finite, and one thing to do about it.

    Args:
        spec: The experiment, with the settings as they are now.
        epoch: Complete epochs when it happened.
        step: Steps when it happened.
        back_to: The step that ``Restore`` returns to.
    """
    what = f"Training diverged in epoch {epoch + 1:,} (step {step:,}): a loss is no longer a finite number."
    where = f"Go back to {f'step {back_to:,}' if back_to else 'the start'}"
    if spec.loss == "wasserstein" and spec.penalty < 1:
        return f"{what} Nothing holds the critic's scores. {where} and set the gradient penalty to 10."
    return (
        f"{what} Each step jumped further than the one before. {where} and lower the learning rate, say from {spec.lr:g} to "
        f"{lower(spec):g}."
    )


def lower(spec: GANSpec) -> float:
    """A learning rate to try next: a tenth, rounded to one digit, or the usual one if that is lower."""
    return max(1e-6, float(f"{min(spec.lr / 10, GANSpec().lr):.0e}"))


def remark(spec: GANSpec, metrics: Mapping[str, float]) -> str:
    """What was measured last in a sentence, where there are digits to read; empty elsewhere."""
    if "confidence" not in metrics:
        return ""
    asked = f" {percent(metrics['asked'])} are read as the digit that was asked for." if "asked" in metrics else ""
    return (
        f"A reader of digits is {percent(metrics['confidence'])} sure of the samples, and finds {10 * metrics['coverage']:.0f} of the ten "
        f"digits.{asked}"
    )
