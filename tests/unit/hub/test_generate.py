"""Pictures from latents: the numbers of the definition, refused in words where they make no sense, and principal directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.generating import MOST_PICTURES, Draw, Drawn, Meet, Met, Whose
from playground.core.settings import Settings
from playground.functional import gan_card
from playground.functional.gan import Layer, Network, Pair, drawn, given, pixels
from playground.functional.gan_forward import forward
from playground.hub import directions, generate
from playground.hub.desk import Desk
from playground.jobs.inference import InlineInference
from tests.tiny_gan import packed, tiny

quiet: Callable[[str], None] = lambda words: None  # noqa: E731
KINDS = ("a", "b", "c")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("models"), budget=10**9, megabytes=20, megapixels=50)
    yield made
    made.close()


def draw(desk: Desk, question: Draw) -> Drawn:
    (found,) = generate.generate(desk, None, [question], quiet)
    assert isinstance(found, Drawn), found
    return found


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_those_of_the_definition(desk: Desk, channels: int) -> None:
    pair, weights = tiny(channels, KINDS)
    latents, classes = drawn(pair, 5, 70), np.arange(70) % 3  # more than one block
    found = draw(desk, Draw(latents, classes, opinion=True, whose=Whose(packed(channels, KINDS))))
    part = {name.removeprefix("generator."): one for name, one in weights.items()}
    ink = forward(pair.generator, part, given(pair, latents, classes))
    assert found.pictures.shape == (70, 16, 16, channels) and found.pictures.dtype == np.uint8
    apart = found.pictures.astype(int) - pixels(pair, ink)
    assert abs(apart).max() <= 1 and (apart != 0).mean() < 1e-3  # where rounding is a matter of the last bit
    assert found.pictures.std(axis=0).mean() > 5  # they differ from each other
    theirs = {name.removeprefix("discriminator."): one for name, one in weights.items() if name.startswith("disc")}
    assert pair.discriminator is not None and found.opinions is not None
    logits = forward(pair.discriminator, theirs, ink, classes)[:, 0]
    assert np.allclose(found.opinions, 1 / (1 + np.exp(-logits.astype(float))), atol=1e-4)
    assert not found.critic and found.engine and found.device == "CPU" and found.seconds > 0


def test_the_first_pictures_of_a_seed_are_the_same_however_many(desk: Desk) -> None:
    pair, _ = tiny()
    whose = Whose(packed())
    many = draw(desk, Draw(drawn(pair, 1, 64), whose=whose)).pictures
    for n in (1, 5, 16):
        assert np.array_equal(draw(desk, Draw(drawn(pair, 1, n), whose=whose)).pictures, many[:n])
    assert draw(desk, Draw(drawn(pair, 1, 2), opinion=False, whose=whose)).opinions is None
    assert np.array_equal(draw(desk, Draw(drawn(pair, 2, 1), whose=whose)).pictures[0], many[0]) is False


def test_a_critic_gives_scores_and_one_without_a_discriminator_none(desk: Desk) -> None:
    latents = drawn(tiny()[0], 0, 16)
    scored = draw(desk, Draw(latents, opinion=True, whose=Whose(packed(critic=True))))
    plain = draw(desk, Draw(latents, opinion=True, whose=Whose(packed())))
    assert scored.critic and scored.opinions is not None and plain.opinions is not None
    assert np.allclose(1 / (1 + np.exp(-scored.opinions.astype(float))), plain.opinions, atol=1e-5)
    assert draw(desk, Draw(latents, opinion=True, whose=Whose(packed(judge=False)))).opinions is None


Z = np.zeros((2, 8), np.float32)


@pytest.mark.parametrize(
    ("latents", "classes", "own", "said"),
    [
        (np.zeros((0, 8)), None, packed(), "0 pictures were asked for; 1 to 1,024"),
        (np.zeros((MOST_PICTURES + 1, 8)), None, packed(), "1,025 pictures were asked for"),
        (np.zeros((2, 7)), None, packed(), "A latent of 7 numbers was given; this generator takes 8."),
        (np.zeros(8), None, packed(), "rows of numbers"),
        (np.array([["a"] * 8]), None, packed(), "rows of numbers"),
        (Z + np.array([0] * 7 + [np.nan]), None, packed(), "Number 8 of latent 1 is nan; it must be a finite number."),
        (Z - np.inf, None, packed(), "is -inf"),
        (Z + np.eye(8)[[2, 2]] * -1e9, None, packed(), "Number 3 of latent 1 is -1e+09; allowed is -1000 to 1000."),
        (Z, np.array([0, 1]), packed(), "knows no classes"),
        (Z, None, packed(classes=KINDS), "Say which of the 3 classes to draw: a, b, c."),
        (Z, np.array([0]), packed(classes=KINDS), "2 pictures need 2 whole numbers"),
        (Z, np.array([0.0, 1.0]), packed(classes=KINDS), "whole numbers"),
        (Z, np.array([0, 3]), packed(classes=KINDS), "Class 3 was asked for; this generator's classes are 0 to 2."),
        (Z, np.array([-1, 0]), packed(classes=KINDS), "Class -1"),
    ],
)
def test_what_makes_no_sense_is_said(desk: Desk, latents: Any, classes: Any, own: bytes, said: str) -> None:
    good = Draw(Z, np.zeros(2, np.int64) if own == packed(classes=KINDS) else None, whose=Whose(own))
    found = generate.generate(desk, None, [Draw(latents, classes, whose=Whose(own)), good], quiet)
    assert isinstance(found[0], InputError) and said in str(found[0])
    assert isinstance(found[1], Drawn)  # the others have their answers


def test_no_generator_and_a_broken_one_are_said(desk: Desk) -> None:
    for task, question in ((generate.generate, Draw(Z)), (generate.meet, Meet())):
        (found,) = task(desk, None, [question], quiet)  # type: ignore[operator]
        assert isinstance(found, ModelUnavailable) and "Choose a generator first" in str(found)
    (found,) = generate.generate(desk, None, [Draw(Z, whose=Whose(packed()[:-4]))], quiet)
    assert isinstance(found, PlaygroundError) and "Your generator cannot be used" in str(found)


def test_meeting_one_tells_its_card_and_its_directions(desk: Desk) -> None:
    pair, _ = tiny(1, KINDS)
    (found,) = generate.meet(desk, None, [Meet(Whose(packed(1, KINDS)))], quiet)
    assert isinstance(found, Met)
    assert gan_card.from_json(found.card) == pair
    assert found.parameters == pair.generator.parameters
    assert found.directions.shape == (8, 8) and found.directions.dtype == np.float32
    assert np.allclose(found.directions @ found.directions.T, np.eye(8), atol=1e-5)
    assert (np.diff(found.shares) <= 1e-6).all() and found.shares.sum() == pytest.approx(1, abs=1e-4)
    (again,) = generate.meet(desk, None, [Meet(Whose(packed(1, KINDS)))], quiet)
    assert isinstance(again, Met) and np.array_equal(again.directions, found.directions)


LINEAR = Pair(Network((6,), (Layer("linear", 6, 16), Layer("reshape", shape=(1, 4, 4)))), None, 6)


def linear_generator(latents: Any, classes: Any) -> Any:
    return (latents @ MATRIX.T).reshape(-1, 1, 4, 4).astype(np.float32)


MATRIX = np.linalg.qr(np.random.default_rng(0).standard_normal((16, 6)))[0] * [5, 4, 3, 2, 1, 0]
TURN = np.linalg.qr(np.random.default_rng(1).standard_normal((6, 6)))[0]
MATRIX = MATRIX @ TURN.T


@pytest.mark.parametrize("effort", [directions.EFFORT, 0.0])
def test_of_a_linear_generator_they_are_its_singular_vectors(effort: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """All latents tried, and the strongest of the first layer alone."""
    monkeypatch.setattr(directions, "EFFORT", effort)
    monkeypatch.setattr(directions, "SOME", 3)
    found, shares = directions.directions(LINEAR, {"0.weight": MATRIX}, linear_generator)
    k = 6 if effort else 3
    assert found.shape == (k, 6)
    assert np.allclose(abs((found[:3] * TURN.T[:3]).sum(1)), 1, atol=1e-5)
    squares = np.array([25, 16, 9, 4, 1, 0])[:k]
    assert np.allclose(shares, squares / squares.sum(), atol=1e-5)
    lighter = (MATRIX @ found.T).sum(0)
    assert (lighter > -1e-5).all()


def test_the_first_layer_is_found_behind_a_reshape() -> None:
    up = Pair(Network((6,), (Layer("reshape", shape=(6, 1, 1)), Layer("up", 6, 1, kernel=4))), None, 6)
    weight = MATRIX.T.reshape(6, 1, 4, 4)
    assert np.allclose(abs((directions.strongest(up, {"1.weight": weight})[:3] * TURN.T[:3]).sum(1)), 1, atol=1e-5)
    assert directions.effort(up.generator) == 6 * 16
    conditional = Pair(
        Network((8,), (Layer("linear", 8, 16), Layer("reshape", shape=(1, 4, 4))), 2), None, 6, classes=("a", "b")
    )
    wide = np.concatenate([MATRIX, np.full((16, 2), 99.0)], axis=1)
    assert np.allclose(
        abs((directions.strongest(conditional, {"0.weight": wide})[:3] * TURN.T[:3]).sum(1)), 1, atol=1e-5
    )


def test_the_questions_travel_through_inference(tmp_path: Path) -> None:
    inference = InlineInference(tmp_path, Settings())
    pair, _ = tiny()
    question = Draw(drawn(pair, 1, 3), whose=Whose(packed()))
    first = inference.ask("generate", None, question).result()
    assert inference.ask("generate", None, Draw(drawn(pair, 1, 3), whose=Whose(packed()))).result() is first
    assert isinstance(inference.ask("meet", None, Meet(Whose(packed()))).result(), Met)
    with pytest.raises(InputError, match="finite"):
        inference.ask("generate", None, Draw(question.latents * np.float32(np.nan), whose=Whose(packed()))).result()
    inference.stop()
