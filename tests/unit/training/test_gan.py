"""Training a generator against a discriminator: its events, what it may be told, that it goes on as if never stopped, its doctor."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.core.errors import InputError, SpecError
from playground.core.events import (
    Change,
    Computation,
    Diverged,
    EpochEnded,
    Finished,
    FrameReady,
    Obeyed,
    OpenTest,
    Restore,
    Save,
    Saved,
    Show,
    Started,
)
from playground.core.frames import unpack
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled
from playground.engine.gan import GANEngine
from playground.functional.gan_file import checked
from playground.functional.gan_losses import LOSSES
from playground.hub.picture_features import DigitFeatures
from playground.specs.gan import EPOCHS, PRESETS, GANSpec
from playground.training import gan_doctor, gan_measure
from playground.training.gan import fit
from playground.training.gan_history import COLUMNS
from playground.training.gan_standing import FIRST_LOOKS
from playground.training.gan_stored import Measured, StoredGAN, unpack_run

SMALL = GANSpec(width=8, latents=8, batch_size=32, most=320, epochs=3, lr=0.002)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few samples are looked at."""
    monkeypatch.setattr(gan_measure, "MADE", {1: 100, 3: 20})


def until(run: Computation, *kinds: type[Any], most: int = 5_000) -> Any:
    """The next event of some kinds."""
    for event in itertools.islice(run, most):
        if isinstance(event, kinds):
            return event
    raise AssertionError(f"none of {kinds} in {most} events")


def stored(run: Computation) -> StoredGAN:
    answer = run.send(Save())
    assert isinstance(answer, Saved)
    return unpack_run(answer.state)


def same(one: StoredGAN, other: StoredGAN) -> bool:
    arrays = [(one.weights, other.weights), (one.engine, other.engine), (one.film, other.film)]
    equal = all(a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a) for a, b in arrays)
    rows = all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in ("history", "recent")
    )
    at = (one.position.epoch, one.position.step, one.position.seen, one.turns) == (
        other.position.epoch, other.position.step, other.position.seen, other.turns,
    )  # fmt: skip
    return equal and rows and at and one.looks == other.looks and one.best == other.best


def test_a_run_counts_steps_measures_and_ends() -> None:
    run = fit(SMALL)
    assert isinstance(next(run), Started)
    epochs = [until(run, EpochEnded) for _ in range(3)]
    assert [(event.epoch, event.step) for event in epochs] == [(1, 10), (2, 20), (3, 30)]
    last = epochs[-1].metrics
    assert {
        "g_loss",
        "d_loss",
        "d_real",
        "d_fake",
        "g_norm",
        "d_norm",
        "frechet",
        "variety",
        "confidence",
        "coverage",
    } <= set(last)
    assert 0 <= last["d_real"] <= 1 and last["frechet"] > last["frechet_real"] > 0 and 0 <= last["coverage"] <= 1
    end = until(run, Finished)
    assert (
        (end.metrics["best_step"], end.metrics["best_epoch"]) == (30, 3)
        and end.seconds > 0
        and isinstance(next(run), Finished)
    )
    shown = run.send(Show(scene=True))
    assert isinstance(shown, FrameReady)
    tick = unpack(shown.frame)[0]
    assert (tick["step"], tick["steps"], tick["status"]) == (30, 30, "done") and "reader of digits" in tick["remark"]
    found = stored(run)
    assert set(checked(found.pair, found.weights)) == set(found.weights) and found.metrics["frechet"] == last["frechet"]
    assert [int(step) for step, _ in found.film["film_at"]] == [0, 10, 20, 30]
    run.send(Change({"epochs": 4}))
    assert until(run, EpochEnded).epoch == 4


@pytest.mark.parametrize(
    "spec",
    [
        SMALL.replace(epochs=40, seed=3),
        SMALL.replace(loss="wasserstein", critic_steps=3, spectral=False, conditional=True, epochs=40),
    ],
)
def test_it_goes_on_as_if_never_stopped(spec: GANSpec) -> None:
    """Also from within a step, between two updates of the critic, and however often it is looked at."""
    whole, first = fit(spec), fit(spec)
    for run, events in ((whole, 60), (first, 1 + 34)):
        for _ in range(events):
            next(run)
    first.send(Show())
    state = first.send(Save())
    assert isinstance(state, Saved)
    second = fit(spec, state=state.state)
    began = next(second)
    assert isinstance(began, Started) and began.step == stored(first).position.step
    for _ in range(59 - 34):
        next(second)
    assert same(stored(whole), stored(second))
    with pytest.raises(InputError, match="another experiment"):
        next(fit(spec.replace(width=12), state=state.state))
    with pytest.raises(InputError, match="cannot be read"):
        unpack_run(state.state[:-40])


def test_live_settings() -> None:
    run = fit(SMALL.replace(epochs=200))
    next(run)
    until(run, EpochEnded)
    for settings, words in (
        ({"width": 16}, "cannot change"),
        ({"lr": -1}, "outside"),
        ({"loss": "hinge"}, "cannot change"),
    ):
        answer = run.send(Change(settings))
        assert isinstance(answer, Obeyed) and words in answer.note
    assert isinstance(answer := run.send(OpenTest()), Obeyed) and "no test set" in answer.note
    assert run.send(Change({"lr": 0.1, "d_lr": 100, "critic_steps": 2, "r1": 100, "ema": 0.0})) == Obeyed()
    until(run, EpochEnded)


def test_a_divergence_stands_still_until_it_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    step, lost = GANEngine.step, list[int]()

    def once_not_a_number(self: GANEngine, rows: Any, number: int, both: bool = True) -> None:
        if number == 25 and not lost:
            lost.append(number)
            next(self._made.parameters()).data[0, 0] = np.nan
        step(self, rows, number, both)

    monkeypatch.setattr(GANEngine, "step", once_not_a_number)
    run = fit(SMALL.replace(epochs=200))
    next(run)
    end = until(run, Diverged, most=200)
    assert end.step == 30 and "learning rate" in end.message and isinstance(next(run), Diverged)
    shown = run.send(Show())
    assert isinstance(shown, FrameReady)
    tick = unpack(shown.frame)[0]
    assert tick["status"] == "diverged" and tick["suggest"]["lr"] < SMALL.lr
    assert tick["restore_step"] == 0 and "Go back to the start" in end.message  # the button says the same
    assert stored(run).position.step == 0  # what is stored is the last good state
    again = fit(SMALL.replace(epochs=200))
    next(again)
    for _ in range(12):
        next(again), next(run)
    assert same(stored(run), stored(again))
    lost.clear()
    until(run, Diverged, most=200)
    back = run.send(Restore())
    assert isinstance(back, Obeyed) and back.note == "Back at step 0."
    assert run.send(Restore()) == Obeyed("Nothing to restore: the run has not diverged.")


def test_own_pictures_in_colour_and_what_cannot_be_learnt_from() -> None:
    rng = np.random.default_rng(0)

    def some(n: int) -> Labelled:
        return Labelled(rng.integers(0, 256, (n, 16, 16, 3), dtype=np.uint8), np.arange(n) % 2)

    spec = SMALL.replace(dataset="own", side=16, conditional=True, epochs=1, most=0)
    data = ImageSet(some(40), some(4), some(0), ("cat", "dog"))
    run = fit(spec, data=data)
    next(run)
    end = until(run, Finished)
    assert end.metrics["frechet"] > 0 and "confidence" not in end.metrics and stored(run).pair.classes == ("cat", "dog")
    with pytest.raises(InputError, match="at least 16"):
        next(fit(spec, data=ImageSet(some(10), some(4), some(0), ("cat", "dog"))))
    with pytest.raises(InputError, match="none were given"):
        next(fit(spec))
    with pytest.raises(InputError, match="16 × 16"):
        next(fit(spec.replace(side=32), data=data))
    with pytest.raises(SpecError, match="too large"):
        GANSpec(dataset="own", side=64, batch_size=128).checked("public")


def test_presets_and_sets_are_experiments_that_a_public_server_allows() -> None:
    for preset in PRESETS.values():
        spec = GANSpec(**preset.settings).checked("public")
        assert spec.pair().critic == (LOSSES[spec.loss].says != "probability")
        for name in IMAGE_SETS:
            assert GANSpec(**{**preset.settings, "dataset": name, "epochs": EPOCHS[name]}).checked("public")
    assert sum(not bound.advanced for bound in GANSpec.bounds().values()) == 6


def test_the_reader_of_digits_reads_the_small_ones_and_sees_collapse_as_little_variety() -> None:
    val = IMAGE_SETS["digits"].some(Path(), 200)
    features, sure = DigitFeatures().of(val.x)
    assert sure is not None and (sure.argmax(axis=1) == val.y).mean() > 0.8 and features.shape == (200, 64)
    alike = features[:100] * 0.02 + features[0]
    assert gan_measure.apart(alike) < 0.05 * gan_measure.apart(features[:100])


# -- the doctor


def rows(**columns: Any) -> list[Any]:
    """Forty rows, ten steps apart; a healthy run's unless said otherwise."""
    usual = {
        "g_loss": 0.75,
        "d_loss": 1.35,
        "d_real": 0.6,
        "d_fake": 0.6,
        "g_norm": 0.4,
        "d_norm": 0.4,
        "frechet": np.nan,
    }
    steps = np.arange(1, 41) * 10.0
    table = {
        name: np.broadcast_to(value, 40)
        for name, value in {**usual, "step": steps, "epoch": steps / 20, **columns}.items()
    }
    return list(np.stack([table[name] for name in COLUMNS], axis=1))


def look(step: int, **values: float) -> Measured:
    return Measured(step, 1, {"frechet": 1.0, "variety": 1.2, **values})


def provoked(spec: GANSpec, steps: int, batch: int = 16) -> list[Any]:
    """What the doctor finds in a run of so many steps, as it goes."""
    run = fit(spec.replace(width=8, latents=16, batch_size=batch, epochs=200))
    next(run)
    found: list[Any] = []
    for event in run:
        if isinstance(event, EpochEnded | Diverged) or event.step >= steps:  # type: ignore[union-attr]
            shown = run.send(Show())
            assert isinstance(shown, FrameReady)
            found.append(unpack(shown.frame)[0]["finding"])
            if event.step >= steps or isinstance(event, Diverged):  # type: ignore[union-attr]
                return found
    raise AssertionError("a run does not end by itself")


def test_a_discriminator_that_is_too_strong_is_found_and_the_minimax_loss_named() -> None:
    found = provoked(GANSpec(loss="minimax", d_lr=50, lr=0.0004, r1=0.0), 120)[-1]
    assert found["name"] == "discriminator_wins" and found["change"] == {"loss": "nonsaturating"} and not found["live"]
    assert min(found["evidence"]["d_real"], found["evidence"]["d_fake"]) > 0.97 and "100 %" in found["words"]


def test_a_generator_that_runs_after_a_critic_that_nothing_holds_collapses_and_is_found() -> None:
    spec = GANSpec(loss="wasserstein", penalty=0, lr=0.02, beta1=0.9)
    found = provoked(spec, 160, batch=32)[-1]
    assert found["name"] == "collapse" and found["evidence"]["variety"] < 0.5
    assert found["live"] and found["change"] == {"penalty": 10.0}


def test_networks_that_swing_are_found() -> None:
    found = provoked(GANSpec(loss="hinge", lr=0.01, beta1=0.9, d_lr=0.1, r1=0.0), 320)[-1]
    assert found["name"] == "oscillation" and found["evidence"]["turns"] >= 4 and found["change"] == {"beta1": 0.5}


@pytest.mark.parametrize(("preset", "steps"), [("dcgan", 310), ("wgan_gp", 60), ("conditional", 160)])
def test_a_healthy_run_is_left_alone(preset: str, steps: int) -> None:
    assert set(provoked(GANSpec(**PRESETS[preset].settings), steps)) == {None}


def test_samples_are_first_measured_soon_and_the_frame_says_when() -> None:
    run = fit(SMALL.replace(most=0, epochs=20))
    next(run)
    steps = list[int]()
    for event in itertools.islice(run, 160):
        shown = run.send(Show())
        assert isinstance(shown, FrameReady)
        tick = unpack(shown.frame)[0]
        if "frechet" in tick["metrics"]:
            break
        steps.append(event.step)  # type: ignore[union-attr]
        assert tick["look_at"] == FIRST_LOOKS[0]
    assert steps[-1] == FIRST_LOOKS[0] and tick["look_at"] == FIRST_LOOKS[1]
    run.close()


def test_findings_by_their_numbers() -> None:
    spec = GANSpec()
    assert gan_doctor.examine(spec, rows(), [look(50, variety=0.1)]) is None  # every generator begins so
    assert gan_doctor.examine(spec, rows(), [look(400)]) is None
    wins = {"d_real": 0.99, "d_fake": 0.99}
    assert (
        gan_doctor.examine(spec.replace(loss="wasserstein"), rows(**wins), [look(400)]) is None
    )  # a critic may be ahead
    found = gan_doctor.examine(spec, rows(**wins), [look(400)])
    assert found is not None and found.name == "discriminator_wins" and found.live
    later = gan_doctor.examine(spec, rows(**wins, step=np.arange(50, 90) * 10.0), [look(800)], found)
    assert later is not None and later.since == found.since  # the same trouble, seen first then
    few = [look(step, coverage=0.3) for step in (600, 800, 1000)]
    found = gan_doctor.examine(spec, rows(), few)
    assert found is not None and found.name == "collapse" and "3 of the ten digits" in found.words
    assert gan_doctor.examine(spec, rows(), few[:2]) is None  # not yet
    swing = 1 + 0.9 * np.sin(np.arange(40) / 2)
    better = [look(step, frechet=20 / step) for step in range(100, 1100, 100)]
    found = gan_doctor.examine(spec, rows(d_loss=swing), [look(400)])
    assert found is not None and found.name == "oscillation"
    assert gan_doctor.examine(spec, rows(d_loss=swing), better) is None  # it swings, and gets somewhere


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    "settings", [{}, {"lr": 0.05}, {"beta1": 0.9}, {"d_lr": 50.0}, {"spectral": True}, {"critic_steps": 5}]
)
def test_every_remedy_is_a_change_to_another_experiment_that_is_allowed(loss: str, settings: dict[str, Any]) -> None:
    spec = GANSpec(loss=loss, **settings)
    swing, wins = 1 + 0.9 * np.sin(np.arange(40) / 2), {"d_real": 0.99, "d_fake": 0.99}
    for table, looks in ((rows(), [look(300, variety=0.1)]), (rows(**wins), []), (rows(d_loss=swing), [])):
        found = gan_doctor.examine(spec, table, looks)
        if found is not None:
            assert spec.replace(**found.change).checked() != spec and found.remedy.endswith(".") and found.evidence
            assert found.live == (spec.live_changes(spec.replace(**found.change)) is not None)
