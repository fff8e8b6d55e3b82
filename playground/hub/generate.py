"""Pictures from latents, and what there is to know of a generator before it draws."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.generating import MOST_PICTURES, Draw, Drawn, Meet, Met, Whose
from playground.functional.gan import Array, Pair, given, pixels
from playground.functional.gan_card import to_json
from playground.hub.desk import Desk, device_of
from playground.hub.directions import directions

if TYPE_CHECKING:
    from playground.hub.generator import Generator

Q = TypeVar("Q")
A = TypeVar("A")

FARTHEST = 1e3
"""No number of a latent may be further from 0: chance never goes beyond 6."""
BLOCK = 64
"""So many pictures are drawn in one go: what is held meanwhile does not grow with the question."""


def generate(
    desk: Desk, card: Card | None, questions: Sequence[Draw], say: Callable[[str], None]
) -> list[Drawn | PlaygroundError]:
    """The pictures of each question, and the discriminator's opinion where it is asked for."""
    return each(desk, card, questions, say, _draw)


def meet(
    desk: Desk, card: Card | None, questions: Sequence[Meet], say: Callable[[str], None]
) -> list[Met | PlaygroundError]:
    """What each generator is, and along which directions its pictures change most."""
    return each(desk, card, questions, say, lambda generator, question: _meet(generator, say))


def each(
    desk: Desk,
    card: Card | None,
    questions: Sequence[Q],
    say: Callable[[str], None],
    answer: Callable[[Generator, Q], A],
) -> list[A | PlaygroundError]:
    """Answer questions one after the other, each by its own generator; what cannot be answered gets its worded error."""
    found: list[A | PlaygroundError] = []
    for question in questions:
        try:
            with at_hand(desk, card, getattr(question, "whose", Whose()), say) as generator:
                found.append(answer(generator, question))
        except PlaygroundError as error:
            found.append(error)
    return found


@contextmanager
def at_hand(desk: Desk, card: Card | None, whose: Whose, say: Callable[[str], None]) -> Iterator[Generator]:
    """The generator that is meant: a visitor's own, else the card's.

    Raises:
        ModelUnavailable: There is neither, or it cannot be used.
        InputError: The visitor's own is none.
    """
    if card is None and not whose.own:
        raise ModelUnavailable("Choose a generator first: this question is about one.")
    with desk.generator(card, say, whose) as generator:
        yield generator


def checked(
    pair: Pair, latents: NDArray[np.floating], classes: NDArray[np.integer] | None
) -> tuple[Array, NDArray[np.int64] | None]:
    """Latents ``(n, latents)`` and their classes, as a generator can be given them.

    Raises:
        InputError: Too few or too many, of another length, not finite or far out, or of no class that there is; says which.
    """
    rows = np.asarray(latents)
    if rows.ndim != 2 or rows.dtype.kind not in "fiu":
        raise InputError(
            f"Latents are rows of numbers, (pictures, {pair.latents}); given was {rows.dtype} {rows.shape}."
        )
    if not 1 <= len(rows) <= MOST_PICTURES:
        raise InputError(f"{len(rows):,} pictures were asked for; 1 to {MOST_PICTURES:,} can be drawn in one go.")
    if rows.shape[1] != pair.latents:
        raise InputError(f"A latent of {rows.shape[1]:,} numbers was given; this generator takes {pair.latents:,}.")
    if not np.isfinite(rows).all():
        row, column = np.argwhere(~np.isfinite(rows))[0]
        raise InputError(f"Number {column + 1} of latent {row + 1} is {rows[row, column]}; it must be a finite number.")
    if float(np.abs(rows).max()) > FARTHEST:
        row, column = np.unravel_index(int(np.abs(rows).argmax()), rows.shape)
        raise InputError(
            f"Number {column + 1} of latent {row + 1} is {rows[row, column]:g}; allowed is {-FARTHEST:g} to {FARTHEST:g}."
        )
    return np.ascontiguousarray(rows, np.float32), _classes(pair, classes, len(rows))


def drawn_by(generator: Generator, latents: Array, classes: NDArray[np.int64] | None) -> Array:
    """Pictures ``(n, c, h, w)`` of checked latents as the generator gives them, a block after the other."""
    fed = given(generator.pair, latents, classes)
    return np.concatenate([generator.draw(fed[start : start + BLOCK]) for start in range(0, len(fed), BLOCK)])


def _draw(generator: Generator, question: Draw) -> Drawn:
    began, pair = time.perf_counter(), generator.pair
    latents, classes = checked(pair, question.latents, question.classes)
    pictures = drawn_by(generator, latents, classes)
    opinions = None
    if question.opinion and pair.discriminator is not None:
        judged = [
            generator.opinions(
                pictures[start : start + BLOCK], None if classes is None else classes[start : start + BLOCK]
            )
            for start in range(0, len(pictures), BLOCK)
        ]
        opinions = np.concatenate(judged).astype(np.float32)
    return Drawn(
        pixels(pair, pictures),
        opinions,
        pair.critic,
        time.perf_counter() - began,
        device_of(generator),
        generator.engine,
    )


def known(generator: Generator) -> tuple[Array, Array]:
    """The principal directions of a generator's latents, and what share of the pictures' change each stands for."""
    weights = {name.removeprefix("generator."): one for name, one in generator.weights.items()}
    return directions(generator.pair, weights, lambda latents, classes: drawn_by(generator, latents, classes))


def _meet(generator: Generator, say: Callable[[str], None]) -> Met:
    pair = generator.pair
    say("Looking for the directions along which its pictures change most")
    found, shares = known(generator)
    return Met(to_json(pair), found, shares, generator.readings, pair.generator.parameters, generator.notes)


def _classes(pair: Pair, classes: NDArray[np.integer] | None, n: int) -> NDArray[np.int64] | None:
    if not pair.classes:
        if classes is not None:
            raise InputError("This generator knows no classes; ask without one.")
        return None
    if classes is None:
        raise InputError(f"Say which of the {len(pair.classes)} classes to draw: {', '.join(pair.classes)}.")
    numbers = np.asarray(classes)
    if numbers.shape != (n,) or numbers.dtype.kind not in "iu":
        raise InputError(
            f"{n:,} pictures need {n:,} whole numbers of classes; given was {numbers.dtype} {numbers.shape}."
        )
    if numbers.min() < 0 or numbers.max() >= len(pair.classes):
        wrong = int(numbers[(numbers < 0) | (numbers >= len(pair.classes))][0])
        raise InputError(f"Class {wrong} was asked for; this generator's classes are 0 to {len(pair.classes) - 1}.")
    return numbers.astype(np.int64)
