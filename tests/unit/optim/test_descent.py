"""Many starts and rules at once: the same paths as torch's optimizers alone, and ends that are told as they are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.core.errors import InputError, UnknownName
from playground.functional.formula import parse
from playground.functional.surfaces import SURFACES
from playground.optim.basins import DIVERGED, ELSEWHERE, MOVING, basins
from playground.optim.descent import FAR, Racer, descend
from playground.optim.landscape import Scale, eigenvalues, fitting_rate, hessian
from playground.optim.outcome import Kind
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES

EVERY = [Racer(name) for name in RULES]


def of_torch(surface: str, rule: str, start: tuple[float, float], steps: int) -> np.ndarray:
    """Where torch's optimizer goes on a surface, in double precision."""
    entry, defined = RULES[rule], SURFACES[surface]
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimizer = getattr(torch.optim, entry.torch)([theta], lr=entry.lr, **entry.torch_args)
        path = [theta.detach().numpy().copy()]
        for _ in range(steps):
            x, y = theta.detach().numpy()
            theta.grad = torch.tensor([float(part) for part in defined.gradient(np.float64(x), np.float64(y))])
            optimizer.step()
            path.append(theta.detach().numpy().copy())
    finally:
        torch.set_default_dtype(before)
    return np.array(path)


@pytest.mark.parametrize("surface", ["bowl", "himmelblau", "six_hump_camel"])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_walks_as_torch_does(surface: str, rule: str) -> None:
    """200 steps from two starts beside ten other rules: nobody's path depends on who else walks."""
    starts = [(0.4, -0.3), (-0.7, 0.5)]
    paths = descend(SURFACES[surface], EVERY, starts, 200)
    first = list(RULES).index(rule) * 2
    for run, start in ((first, starts[0]), (first + 1, starts[1])):
        assert paths.racers[run].rule == rule
        np.testing.assert_allclose(paths.positions[run], of_torch(surface, rule, start, 200), rtol=1e-6, atol=1e-6)


def test_everything_is_kept_step_by_step() -> None:
    surface = SURFACES["ravine"]
    paths = descend(surface, [Racer("momentum", 0.02), Racer("adam"), Racer("sgd")], surface.start, 30)
    assert paths.positions.shape == (3, 31, 2)
    np.testing.assert_array_equal(paths.positions[:, 0], [surface.start] * 3)
    x, y = paths.positions[..., 0], paths.positions[..., 1]
    np.testing.assert_array_equal(paths.losses, surface.function(x, y))
    np.testing.assert_array_equal(paths.gradients, np.stack(surface.gradient(x, y), axis=-1)[:, :-1])
    velocity = paths.memory(0, "velocity")
    assert velocity is not None
    np.testing.assert_allclose(paths.moves[0], -0.02 * velocity, rtol=1e-9, atol=1e-12)
    squared = paths.memory(1, "squared gradient")
    assert squared is not None
    np.testing.assert_allclose(squared[0], 0.001 * paths.gradients[1, 0] ** 2)
    assert paths.memory(2, "velocity") is None
    assert paths.ended.tolist() == [30, 30, 30]
    assert not paths.failed.any()


def test_the_way_is_the_same_when_nothing_else_is_kept() -> None:
    """With every rule, noise and runs that diverge: no rule is disturbed by what is not remembered for it."""
    surface, starts = SURFACES["himmelblau"], [(0.4, -0.3), (-3.0, 2.5), (4.9, 4.9)]
    racers = [*EVERY, Racer("sgd", 0.5)]
    full = descend(surface, racers, starts, 40, noise=0.1, seed=3)
    bare = descend(surface, racers, starts, 40, noise=0.1, seed=3, inside=False)
    assert full.failed.any()
    for name in ("positions", "losses", "ended", "failed"):
        np.testing.assert_array_equal(getattr(bare, name), getattr(full, name))
    assert bare.outcomes == full.outcomes
    assert bare.gradients.shape == (36, 0, 2)
    assert bare.memories.shape == (36, 0, 3, 2)


def test_a_schedule_scales_each_step() -> None:
    surface = SURFACES["bowl"]
    plain = descend(surface, [Racer("sgd", 0.1)], (2, 1), 20, schedule="cosine", parameters={"final": 0.1})
    np.testing.assert_allclose(
        plain.moves[0], -0.1 * plain.factors[:, None] * plain.gradients[0], rtol=1e-12, atol=1e-15
    )
    np.testing.assert_array_equal(plain.factors, SCHEDULES["cosine"].factors(20, final=0.1))
    given = descend(surface, [Racer("sgd", 0.1)], (2, 1), 20, schedule=plain.factors)
    np.testing.assert_array_equal(given.positions, plain.positions)


def test_noise_comes_from_the_seed_and_is_the_same_for_every_rule() -> None:
    surface = SURFACES["bowl"]
    paths = descend(surface, [Racer("sgd"), Racer("adam")], [(2, 1), (1, 2)], 400, noise=0.5, seed=3)
    x, y = paths.positions[:, :-1, 0], paths.positions[:, :-1, 1]
    noise = paths.gradients - np.stack(surface.gradient(x, y), axis=-1)
    np.testing.assert_allclose(noise[0], noise[2], atol=1e-12)
    assert noise.std() == pytest.approx(0.5, rel=0.05)
    assert not np.allclose(noise[0], noise[1])
    again = descend(surface, [Racer("sgd"), Racer("adam")], [(2, 1), (1, 2)], 400, noise=0.5, seed=3)
    np.testing.assert_array_equal(paths.positions, again.positions)
    other = descend(surface, [Racer("sgd"), Racer("adam")], [(2, 1), (1, 2)], 400, noise=0.5, seed=4)
    assert not np.allclose(paths.positions, other.positions)


def test_on_a_curve_only_x_moves() -> None:
    paths = descend(SURFACES["double_well"], EVERY, (1.8, 0.7), 50, noise=0.3)
    np.testing.assert_array_equal(paths.positions[..., 1], 0)


def test_a_diverging_run_stops_where_it_left_and_the_others_go_on() -> None:
    surface = SURFACES["rosenbrock"]
    paths = descend(surface, [Racer("sgd", 0.1), Racer("sgd", 0.0005)], surface.start, 100)
    assert paths.failed.tolist() == [True, False]
    stop = int(paths.ended[0])
    assert 1 < stop < 10
    assert np.isfinite(paths.positions[0, :stop]).all()
    assert np.abs(paths.positions[0, :stop]).max() < FAR * 4
    assert np.isnan(paths.positions[0, stop + 1 :]).all()
    assert np.isnan(paths.gradients[0, stop:]).all()
    assert np.isfinite(paths.gradients[0, :stop]).all()
    assert np.isfinite(paths.positions[1]).all()
    assert paths.outcomes[0].step == stop
    assert "overshot" in paths.outcomes[0].words
    assert f"step {stop}" in paths.outcomes[0].words
    assert "learning rate" in paths.outcomes[0].advice


@pytest.mark.parametrize(
    ("surface", "racer", "start", "steps", "kind", "word"),
    [
        ("bowl", Racer("sgd", 0.1), (2, 1), 200, Kind.CONVERGED, "of the minimum at (0, 0). At step 200:"),
        (
            "rosenbrock",
            Racer("momentum", 0.001),
            (-1.2, 1),
            3000,
            Kind.CONVERGED,
            "of the minimum at (1, 1). At step 3,000:",
        ),
        ("bowl", Racer("adam", 0.5), (2, 1), 20, Kind.MOVING, "at step 20 it is at"),
        ("rosenbrock", Racer("sgd", 0.0005), (-1.2, 1), 500, Kind.MOVING, "Give it more steps"),
        ("two_wells", Racer("sgd", 0.01), (1.8, 1.2), 500, Kind.LOCAL, "lower ground (\u22120.305)"),
        ("double_well", Racer("sgd", 0.01), (1.8, 0), 500, Kind.LOCAL, "(0.9601, 0)"),
        ("rastrigin", Racer("sgd", 0.001), (2.4, -1.6), 500, Kind.LOCAL, "momentum"),
        ("saddle", Racer("sgd", 0.1), (2.5, 0), 300, Kind.SADDLE, "curvatures are \u22122.00 and 2.00"),
        ("double_well", Racer("sgd", 0.01), (0.07542, 0), 3, Kind.SADDLE, "every way leads down"),
        ("plateau", Racer("sgd", 0.03), (-3, 2.8), 300, Kind.PLATEAU, "Plateau"),
        ("bowl", Racer("sgd", 2.1), (2, 1), 500, Kind.DIVERGED, "overshot"),
        ("bowl", Racer("adam", 0.4, {"beta1": 0.0, "beta2": 0.0}), (2, 1), 100, Kind.MOVING, ""),
    ],
)
def test_an_end_is_told_as_it_is(
    surface: str, racer: Racer, start: tuple[float, float], steps: int, kind: Kind, word: str
) -> None:
    (outcome,) = descend(SURFACES[surface], [racer], start, steps).outcomes
    assert outcome.kind == kind, outcome.words
    assert word in f"{outcome.words} {outcome.advice}"
    assert outcome.words.endswith(".")
    assert bool(outcome.advice) == (kind != Kind.CONVERGED)


def test_who_circles_around_a_minimum_is_said_to() -> None:
    (outcome,) = descend(SURFACES["bowl"], [Racer("rmsprop", 0.02)], (2, 1), 500, noise=0.3, seed=1).outcomes
    assert outcome.kind == Kind.CONVERGED
    (outcome,) = descend(parse("abs(x) + abs(y)"), [Racer("sgd", 0.03)], (2.01, 1.3), 500).outcomes
    assert outcome.kind == Kind.CONVERGED
    assert "it circles" in outcome.words
    assert "schedule" in outcome.advice


@pytest.mark.parametrize(
    ("text", "start", "word"),
    [
        ("x^2 - y^2", (1, 0.1), "no lowest point"),
        ("sqrt(x) + y^2", (1, 1), "has no value"),
        ("-exp(x)", (1, 1), "no lowest point"),
    ],
)
def test_a_formula_without_an_end_is_said_to_have_none(text: str, start: tuple[float, float], word: str) -> None:
    (outcome,) = descend(parse(text), [Racer("sgd", 0.3)], start, 500).outcomes
    assert outcome.kind == Kind.DIVERGED
    assert word in outcome.words


@pytest.mark.parametrize("name", SURFACES)
def test_every_rule_ends_in_words_on_every_surface(name: str) -> None:
    surface = SURFACES[name]
    paths = descend(surface, [Racer(rule, fitting_rate(surface, rule)) for rule in RULES], surface.start, 300)
    assert len(paths.outcomes) == len(RULES)
    assert not paths.failed.any(), "the fitting rate keeps every rule in the picture"
    for outcome in paths.outcomes:
        assert outcome.words.isprintable()
        assert np.isfinite(outcome.loss)


def test_known_curvatures_are_measured() -> None:
    x, y = np.array([0.3, -1.0]), np.array([0.2, 0.5])
    low, high = eigenvalues(*hessian(SURFACES["ravine"], x, y))
    np.testing.assert_allclose(low, 1, rtol=1e-6)
    np.testing.assert_allclose(high, 25, rtol=1e-6)
    xx, xy, yy = hessian(SURFACES["rosenbrock"], x, y)
    np.testing.assert_allclose(xx, 1200 * x * x - 400 * y + 2, rtol=1e-6)
    np.testing.assert_allclose(xy, -400 * x, rtol=1e-6)
    np.testing.assert_allclose(yy, 200, rtol=1e-6)
    assert Scale.of(SURFACES["himmelblau"]).lowest == 0


def test_steps_to_a_tolerance() -> None:
    """On a parabola plain descent halves the distance at rate 1/2: the excess is a quarter at each step."""
    paths = descend(SURFACES["parabola"], [Racer("sgd", 0.5), Racer("sgd", 1e-6)], (2, 0), 30)
    assert paths.steps_to([0.26, 1e-2, 1e-4]).tolist() == [[1, 4, 7], [-1, -1, -1]]


def test_wrong_names_are_answered_in_words() -> None:
    surface = SURFACES["bowl"]
    with pytest.raises(UnknownName, match="Did you mean 'adam'"):
        descend(surface, [Racer("adma")], (1, 1), 3)
    with pytest.raises(UnknownName, match="Unknown schedule"):
        descend(surface, [Racer("sgd")], (1, 1), 3, schedule="cosin")
    with pytest.raises(InputError, match="SGD has no setting 'momentum'; it has none"):
        descend(surface, [Racer("sgd", hyper={"momentum": 0.9})], (1, 1), 3)


def test_hyper_parameters_reach_their_rule() -> None:
    surface = SURFACES["ravine"]
    one, other = (
        descend(surface, [Racer("momentum", 0.01, {"momentum": mu})], surface.start, 50).positions for mu in (0.5, 0.9)
    )
    assert not np.allclose(one, other)
    plain = descend(surface, [Racer("sgd", 0.01)], surface.start, 50).positions
    np.testing.assert_allclose(
        descend(surface, [Racer("momentum", 0.01, {"momentum": 0.0})], surface.start, 50).positions, plain
    )


@pytest.mark.parametrize("name", ["himmelblau", "styblinski_tang", "double_well", "two_wells"])
def test_basins_are_those_of_the_known_minima(name: str) -> None:
    surface = SURFACES[name]
    found = basins(surface, Racer("sgd", fitting_rate(surface, "sgd")), columns=21, rows=21, steps=400)
    assert len(found.places) == len(surface.minima)
    for place in found.places:
        nearest = min(np.abs(np.array(point) - place).max() for point in surface.minima)
        assert nearest < 0.02
    assert (np.diff(found.losses) > -1e-6).all()
    assert (found.ends >= 0).mean() > 0.95
    assert found.ends.shape == (21 if surface.dimensions == 2 else 1, 21)
    # A start next to a minimum ends in it.
    for number, place in enumerate(found.places):
        row, column = np.abs(found.y - place[1]).argmin(), np.abs(found.x - place[0]).argmin()
        assert found.ends[row, column] == number


def test_basins_mark_who_diverged_who_moves_and_who_is_one_too_many() -> None:
    surface = SURFACES["rastrigin"]
    assert (basins(SURFACES["bowl"], Racer("sgd", 3.0), columns=4, rows=4).ends == DIVERGED).all()
    assert (basins(SURFACES["bowl"], Racer("sgd", 1e-5), columns=4, rows=4).ends == MOVING).all()
    found = basins(surface, Racer("sgd", 0.001), columns=20, rows=20, most=3)
    assert found.places.shape == (3, 2)
    assert (found.ends == ELSEWHERE).any()
    np.testing.assert_allclose(found.places[0], 0, atol=0.01)
