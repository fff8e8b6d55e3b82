"""What is said of the end of a run, and what to try; ``outcome`` puts the numbers in."""

from __future__ import annotations

import math

from playground.core.numbers import MINUS

SAID = {
    "minimum": (
        "From step {step} on it stays within {reach} of the minimum at {at}. At step {last}: {end}, loss {loss}.",
        "",
    ),
    "minimum unnamed": (
        "From step {step} on it stays within {reach} of where it ends, about as low as this surface gets. "
        "At step {last}: {end}, loss {loss}.",
        "",
    ),
    "circling": (
        "Converged, but not to rest: in its last {window} steps it circles, at most {stray} away from where it ends. "
        "At step {last}: {end}, loss {loss}.",
        "Let the learning rate fall with a schedule, and it comes to rest.",
    ),
    "local": (
        "Local minimum: from step {step} on it stays within {reach} of the one at {at}. At step {last}: {end}, loss {loss}; "
        "there is lower ground ({lowest}).",
        "Try another start, momentum, or gradient noise that can carry it over the rim.",
    ),
    "circling high": (
        "Local minimum: in its last {window} steps it circles, at most {stray} away from where it ends. "
        "At step {last}: {end}, loss {loss}; there is lower ground ({lowest}).",
        "Try another start, or a larger learning rate at first and a schedule that lets it fall.",
    ),
    "saddle": (
        "Saddle: from step {step} on it stays within {reach} of {at}, where there is no slope, yet no minimum; the "
        "curvatures are {low} and {high}, down one way and up the other. At step {last}: {end}, loss {loss}.",
        "Gradient noise or momentum carries it off; so does a start a little to the side.",
    ),
    "top": (
        "Hilltop: from step {step} on it stays within {reach} of {at}, where there is no slope, yet every way leads down "
        "(curvatures {low} and {high}). At step {last}: {end}, loss {loss}.",
        "Any gradient noise, or a start a little to the side, sets it rolling.",
    ),
    "plateau": (
        "Plateau: at step {last} it is at {end}, loss {loss}, and the slope is only {slope}: going all the way across the "
        "picture at that slope would win little.",
        "Try a larger learning rate, or a rule that divides by the gradient's size, such as Adam or RMSprop.",
    ),
    "moving": (
        "Still moving: at step {last} it is at {end}, loss {loss}, slope {slope}.",
        "Give it more steps, a larger learning rate, or momentum.",
    ),
    "overshot": (
        "Diverged at step {step}: its steps overshot further and further; its last loss was {loss}.",
        "Lower the learning rate; where the surface is steep, to a tenth.",
    ),
    "ran away": (
        "Diverged at step {step}: it ran downhill out of the picture, where this surface has no lowest point.",
        "Change the formula so that it rises far out, for example by adding 0.01*(x^4 + y^4).",
    ),
    "left": (
        "Stopped at step {step}: it stepped to {end}, where this surface has no value.",
        "Lower the learning rate, or start further inside.",
    ),
}
"""By reason (see ``outcome``): what happened and what to try. A run that stays near a place is not said to be there."""


def coordinate(value: float) -> str:
    """Where a minimum is, with four digits; what is left of rounding is 0."""
    return f"{0.0 if abs(value) < 5e-4 else value:.4g}".replace("-", MINUS)


def rounded_up(length: float) -> str:
    """Two digits, rounded up, so that nothing is longer."""
    if length < 1e-300:  # the unit of which may be less than any number
        return "0"
    unit = 10.0 ** (math.floor(math.log10(length)) - 1)
    return f"{math.ceil(length / unit - 1e-9) * unit:.2g}"
