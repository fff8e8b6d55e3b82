"""Frames of a GAN run: they decode, they are small, they show what is there, and they cost little."""

from __future__ import annotations

import base64
import json
import math
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.frames import unpack
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled
from playground.functional import gan_plans
from playground.functional.gan import Array, Pair
from playground.functional.gan_losses import LOSSES
from playground.specs.gan import OWN, GANSpec
from playground.training import gan_film, gan_history
from playground.training.gan_film import Film
from playground.training.gan_first import OnPaper, first_frames
from playground.training.gan_grid import BYTES, MOST, grid, of_class
from playground.training.gan_history import COLUMNS, GanHistory
from playground.training.gan_judge import BINS, RECENT, Axis, judge
from playground.training.gan_scene import reals, strip
from playground.training.gan_standing import Finding, Standing
from playground.training.gan_view import View

NOWHERE = Path("nowhere")


class Engine(OnPaper):
    """Two untrained networks, and opinions as if they had been asked."""

    device = "CPU"

    def __init__(self, pair: Pair, seed: int = 1, apart: float = 1.0) -> None:
        super().__init__(pair, gan_plans.start(pair, seed))
        self.drawings, self._apart = 0, apart

    def draw(self, latents: Array, classes: NDArray[np.int64] | None) -> NDArray[np.uint8]:
        self.drawings += 1
        return super().draw(latents, classes)

    def opinions(self) -> tuple[Array, Array]:
        random = np.random.default_rng(0)
        real, fake = (random.normal(mean, 0.5, 100).astype(np.float32) for mean in (self._apart, -self._apart))
        return real, fake

    def gradients(self) -> tuple[float, float]:
        return 0.25, 0.5


@lru_cache
def images(dataset: str, count: int = 120) -> ImageSet:
    entry = IMAGE_SETS[dataset]
    some = entry.some(NOWHERE, count)
    return ImageSet(some, some, some, entry.classes)


def viewed(spec: GANSpec, snapshots: int = 0) -> tuple[View, Engine, Film]:
    pair = spec.pair()
    engine, view = Engine(pair), View(spec, pair, images(spec.dataset), grid(pair, spec.seed))
    film = Film(view.grid)
    for number in range(snapshots):
        drawn = np.full_like(engine.draw(view.grid.latents, view.grid.classes), number)
        film.add(number * gan_film.EVERY, number // 2, drawn)
    engine.drawings = 0
    return view, engine, film


def shown(
    view: View, engine: Engine, film: Film, moment: Standing | None = None, **note: Any
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    return unpack(view.tick(engine, GanHistory(), film, moment or Standing(), **note))


@pytest.mark.parametrize("dataset", ["digits", "shapes"])
@pytest.mark.parametrize("conditional", [False, True])
def test_every_run_is_shown_before_it_begins(dataset: str, conditional: bool) -> None:
    scene_bytes, tick_bytes = first_frames(GANSpec(dataset=dataset, conditional=conditional))
    (scene, pictures), (tick, blocks) = unpack(scene_bytes), unpack(tick_bytes)
    assert (scene["kind"], tick["kind"], tick["scene"]) == ("gan.scene", "gan.tick", scene["scene"])
    cells = scene["columns"] * scene["rows"]
    assert blocks["grid"].shape[0] == pictures["real"].shape[0] == len(scene["cell_classes"]) == cells
    assert blocks["grid"].std() > 4  # noise rather than an even grey
    assert tick["grid"] == {
        "columns": scene["columns"], "rows": scene["rows"], "cells": scene["cell_classes"], "class": None,
        "kind": "now", "snapshot": None, "step": 0, "epoch": 0,
    }  # fmt: skip
    assert len(tick_bytes) < 60_000
    assert scene["film"] == [{"step": 0, "epoch": 0}]
    assert scene["class_names"] == (scene["classes"] if conditional else [])
    if conditional:  # a column a class, and real pictures of the same class
        assert scene["cell_classes"][:10] == list(range(10)) == scene["real_labels"][:10]
        assert np.array_equal(pictures["latents"][0], pictures["latents"][9])
    json.dumps([scene, tick], allow_nan=False)


def test_the_page_needs_no_torch_for_it() -> None:
    code = (
        "import sys; from playground.specs.gan import GANSpec; from playground.training.gan_first import first_frames; "
        "import playground.training.gan_package; first_frames(GANSpec()); "
        "print([name for name in ('torch', 'onnxruntime', 'streamlit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_own_pictures_are_shown_and_their_absence_is_said() -> None:
    with pytest.raises(InputError, match="own pictures"):
        first_frames(GANSpec(dataset=OWN, side=16))
    random = np.random.default_rng(0)
    some = Labelled(random.integers(0, 256, (20, 16, 16, 3), dtype=np.uint8), np.arange(20) % 3)
    scene, blocks = unpack(
        first_frames(GANSpec(dataset=OWN, side=16, conditional=True), ImageSet(some, some, some, ("a", "b", "c")))[0]
    )
    assert scene["class_names"] == ["a", "b", "c"]
    assert scene["counts"] == {"train": 20, "val": 20, "test": 20}
    assert blocks["real"].shape[1:] == (16, 16, 3)


@pytest.mark.parametrize("classes", [0, 2, 3, 7, 10, 16, 17, 40, 100])
@pytest.mark.parametrize("shape", [(1, 16, 16), (1, 28, 28), (3, 32, 32), (3, 64, 64)])
def test_a_grid_has_a_form_and_every_class_that_it_can_hold(classes: int, shape: tuple[int, int, int]) -> None:
    pair = gan_plans.pair(shape, 8, 8, tuple(str(n) for n in range(classes)))
    made = grid(pair, 3)
    cells = made.columns * made.rows
    assert made.latents.shape == (cells, 8)
    assert cells <= MOST
    assert cells * math.prod(shape) <= BYTES
    assert np.array_equal(made.latents, grid(pair, 3).latents)
    if classes:
        assert made.classes is not None
        there = set(made.cells())
        assert there <= set(range(classes))
        assert len(there) >= min(classes, cells // 2, 6)
        only = of_class(pair, 3, made, classes - 1)
        assert set(only.cells()) == {classes - 1}
        assert len(np.unique(only.latents, axis=0)) == cells
    else:
        assert set(made.cells()) == {-1}


def test_one_class_is_looked_at() -> None:
    view, engine, film = viewed(GANSpec(conditional=True))
    before = shown(view, engine, film)
    view.look({"class": 7})
    tick, blocks = shown(view, engine, film)
    assert (tick["grid"]["class"], set(tick["grid"]["cells"])) == (7, {7})
    assert not np.array_equal(blocks["grid"], before[1]["grid"])
    assert blocks["latents"].shape == (len(blocks["grid"]), view.pair.latents)
    view.look({"class": None})
    assert np.array_equal(shown(view, engine, film)[1]["grid"], before[1]["grid"])


def test_a_snapshot_is_looked_at_while_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gan_film, "MOST", 5)
    view, engine, film = viewed(GANSpec(), 5)
    shown(view, engine, film)
    view.look({"snapshot": 3})
    engine.drawings = 0
    tick, blocks = shown(view, engine, film, Standing(step=40, epoch=2, status="playing"))
    assert (blocks["grid"] == 3).all()
    assert (tick["grid"]["kind"], tick["grid"]["snapshot"], tick["grid"]["step"]) == ("snapshot", 3, 30)
    assert (tick["latest"], engine.drawings) == ({"step": 40, "epoch": 2}, 0)  # what is not seen is not drawn
    film.add(50, 2, film.snapshots[0].pictures)  # one too many: thinned out, and the one before it is there still
    assert [one.step for one in film.snapshots] == [0, 20, 40]
    tick, blocks = shown(view, engine, film)
    assert (tick["grid"]["snapshot"], tick["grid"]["step"]) == (1, 20)
    assert (blocks["grid"] == 2).all()
    view.look({"snapshot": None})
    assert shown(view, engine, film)[0]["grid"]["kind"] == "now"


def test_a_run_that_came_back_is_looked_at_where_it_was() -> None:
    view, engine, film = viewed(GANSpec(), 5)
    view.look({"snapshot": 3})  # before any frame
    assert shown(view, engine, film)[0]["grid"]["snapshot"] == 3
    view, engine, film = viewed(GANSpec(), 2)
    view.look({"snapshot": 3})
    assert shown(view, engine, film)[0]["grid"]["kind"] == "now"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ({"snapshot": 5}, "no snapshot"),
        ({"snapshot": -1}, "no snapshot"),
        ({"snapshot": "2"}, "no snapshot"),
        ({"snapshot": True}, "no snapshot"),
        ({"class": 10}, "no class"),
        ({"class": 1.0}, "no class"),
        ({"snapshot": 1, "image": 3}, "image"),
    ],
)
def test_what_is_not_there_cannot_be_looked_at(view: dict[str, Any], words: str) -> None:
    one, engine, film = viewed(GANSpec(conditional=True), 5)
    shown(one, engine, film)
    with pytest.raises(InputError, match=words):
        one.look(view)
    assert (one.snapshot, one.number) == (None, None)
    alone, _, _ = viewed(GANSpec())
    with pytest.raises(InputError, match="without classes"):
        alone.look({"class": 0})


def test_a_new_snapshot_is_a_new_scene_and_an_old_one_is_not() -> None:
    view, engine, film = viewed(GANSpec(), 2)
    first = view.scene_id(film)
    assert shown(view, engine, film)[0]["scene"] == first == view.scene_id(film)
    film.add(20, 1, film.snapshots[0].pictures)
    assert view.scene_id(film) != first
    scene, blocks = unpack(view.scene(film))
    assert [one["step"] for one in scene["film"]] == [0, 10, 20]
    assert blocks["film"].shape == (3, 2, 16, 16, 1)
    again = View(view.spec, view.pair, images("digits"), view.grid)
    assert again.scene(film) == view.scene(film)


@pytest.mark.parametrize("loss", LOSSES)
def test_opinions_are_named_and_scaled_as_the_loss_reads_them(loss: str) -> None:
    view, engine, film = viewed(GANSpec(loss=loss))
    scene, _ = unpack(view.scene(film))
    tick, blocks = shown(view, engine, film)
    kind = LOSSES[loss].says
    assert scene["judge"]["kind"] == kind
    assert scene["judge"]["accuracy"] == (kind != "critic") == (tick["judge"]["right_real"] is not None)
    assert blocks["opinions"].shape == (2, BINS)
    assert list(blocks["opinions"].sum(axis=1)) == [100, 100] == tick["judge"]["n"]
    low, high = tick["judge"]["range"]
    assert (low, high) == (0, 1) if kind == "probability" else low <= -2 < 2 <= high
    assert low <= tick["judge"]["fake"] < tick["judge"]["real"] <= high
    if loss == "least_squares":  # its middle is 0.5: what scores 1 is real, what scores -1 is made
        assert (scene["judge"]["middle"], tick["judge"]["right_fake"]) == (0.5, 1.0)
    assert tick["gradient_norms"] == {"generator": 0.25, "discriminator": 0.5}
    assert ("critic scores" in tick["alt"]) == (kind == "critic")


def test_the_axis_of_scores_grows_in_doublings_and_narrows_seldom() -> None:
    axis = Axis(judge("wasserstein"))
    ends = []
    for size in [*np.linspace(1, 100, 100), *np.linspace(100, 90, 50)]:
        axis.histogram(np.array([size, size / 2], np.float32), np.array([-size, 0], np.float32))
        assert axis.low <= -size
        assert axis.high >= size
        ends.append((axis.low, axis.high))
    assert len(set(ends)) < 12
    assert len(set(ends[-50:])) == 1
    widths = []
    for _ in range(2 * RECENT):
        assert axis.histogram(np.array([np.nan, 3], np.float32), np.array([np.inf, -1e38], np.float32)).sum() == 1
        widths.append(axis.high - axis.low)
    assert widths[RECENT // 2] > 100  # what was seen a moment ago keeps its place
    assert widths[-1] < 10
    axis.histogram(np.array([16], np.float32), np.array([-7], np.float32))
    for size in np.linspace(3, 4, RECENT):
        axis.histogram(np.array([size], np.float32), np.array([-size], np.float32))
    assert axis.high - axis.low <= 12  # early extremes do not stay


def test_what_a_run_says_is_in_the_frame() -> None:
    view, engine, film = viewed(GANSpec())
    finding = Finding(
        "collapse", "All samples are alike", "…", "Lower the rate", {"lr": 1e-4}, True, {"variety": 0.1}, 30
    )
    moment = Standing(
        epoch=2, step=40, seen=5, total=9, metrics={"g_loss": 1.23456789, "frechet": 20.0}, best={"step": 40.0, "frechet": 20.0},
        finding=finding, eta=math.inf,
    )  # fmt: skip
    tick, _ = shown(view, engine, film, moment, status="playing", speed=3)
    assert (tick["status"], tick["speed"], tick["progress"]) == ("playing", 3, {"seen": 5, "total": 9})
    assert tick["metrics"] == {"g_loss": 1.2346, "frechet": 20.0}
    assert (tick["finding"]["change"], tick["finding"]["live"], tick["eta"]) == ({"lr": 1e-4}, True, None)
    assert all(part in tick["alt"] for part in ("step 40", "Fréchet distance 20", "All samples are alike", "tells"))


def test_drawing_is_paid_from_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    view, engine, film = viewed(GANSpec())
    monkeypatch.setattr(view.share, "affords", lambda: False)
    shown(view, engine, film, Standing(step=1), status="playing")
    tick, _ = shown(view, engine, film, Standing(step=2), status="playing")
    assert (engine.drawings, tick["grid"]["step"], tick["latest"]["step"]) == (1, 1, 2)
    tick, _ = shown(view, engine, film, Standing(step=2), status="paused")  # time is free where the run stands
    assert (engine.drawings, tick["grid"]["step"]) == (2, 2)


def test_a_history_is_bounded_and_the_same_after_it_was_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gan_history, "KEPT", 8)
    whole, stored = GanHistory(), GanHistory()
    for number in range(45):
        for one in (whole, stored):
            one.add(number / 4, number, g_loss=float(number), **({"frechet": 1.0} if number % 10 == 0 else {}))
        stored = GanHistory(stored.rows())
    assert np.array_equal(whole.rows(), stored.rows(), equal_nan=True)
    assert len(whole) <= 16
    curve = dict(zip(COLUMNS, whole.curve(), strict=True))
    assert curve["step"][-1] == 44
    assert (np.diff(curve["step"]) > 0).all()
    assert np.nanmean(curve["frechet"]) == 1  # what was measured seldom is not lost
    assert (curve["step"] - 9 <= curve["g_loss"]).all()
    assert (curve["g_loss"] <= curve["step"]).all()
    assert (whole.newest("frechet"), whole.newest("g_loss")) == (1.0, 44.0)
    assert whole.curve(5).shape[1] <= 5
    monkeypatch.undo()
    first = GanHistory()
    for number in range(1000):
        first.add(number, number, g_loss=100.0 if number == 3 else 1.0)
    assert first.curve().shape[1] <= gan_history.SHOWN
    assert first.curve()[COLUMNS.index("g_loss")].max() == 100  # the first spike stays as high as it was
    whole.rewind(20)
    assert whole.rows()[-1, 2] <= 20
    assert GanHistory().curve().shape == (len(COLUMNS), 0)
    with pytest.raises(TypeError, match="no such columns"):
        whole.add(1, 1, accuracy=1)


def test_a_film_is_thinned_out_by_steps_and_the_same_after_it_was_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gan_film, "MOST", 6)
    pair = GANSpec().pair()
    made = grid(pair, 1)
    one = np.zeros((len(made.latents), 16, 16, 1), np.uint8)
    film, stored = Film(made), Film(made)
    for step in range(400):
        for each in (film, stored):
            if each.due(step):
                each.add(step, step // 100, one)
                assert not each.due(step)
        stored = Film(made, stored.arrays())
    assert [item.step for item in film.snapshots] == [item.step for item in stored.snapshots] == [0, 80, 160, 240, 320]
    film.add(399, 3, one + 1)  # the end of a run need not be due, and gives way
    assert film.snapshots[-1].step == 399
    film.add(400, 4, one)
    assert [item.step for item in film.snapshots][-2:] == [320, 400]
    film.rewind(200)
    assert [item.step for item in film.snapshots] == [0, 80, 160]
    for broken in ({}, {**film.arrays(), "film_at": np.zeros((3, 2), np.int64)}, {**film.arrays(), "film": one[None]}):
        with pytest.raises(InputError, match="snapshots"):
            Film(made, broken)


@pytest.mark.parametrize(
    ("shape", "small"),
    [
        ((1, 28, 28), (2, 28, 28, 1)),
        ((3, 32, 32), (2, 16, 16, 3)),
        ((3, 64, 64), (1, 21, 21, 3)),
        ((1, 64, 64), (2, 21, 21, 1)),
    ],
)
def test_a_strip_of_many_snapshots_stays_small(shape: tuple[int, int, int], small: tuple[int, ...]) -> None:
    pair = gan_plans.pair(shape, 4, 8, tuple("abcdefghijklmnop"))
    film = Film(grid(pair, 1))
    channels, high, wide = shape
    for number in range(gan_film.MOST):
        film.add(number * 10, 0, np.full((len(film.grid.latents), high, wide, channels), number, np.uint8))
    made = strip(film, pair)
    assert made.shape == (gan_film.MOST, *small)
    assert made.nbytes <= 100_000
    assert [int(one.min()) for one in made] == [int(one.max()) for one in made] == list(range(gan_film.MOST))


def test_real_pictures_stand_for_the_same_classes() -> None:
    data = images("digits")
    pair = GANSpec(conditional=True).pair()
    rows = reals(data.val, grid(pair, 1))
    assert list(data.val.y[rows]) == grid(pair, 1).cells()
    few = Labelled(data.val.x[:3], np.zeros(3, np.int64))
    assert set(reals(few, grid(pair, 1))) <= {0, 1, 2}


def test_frames_are_what_the_browser_reads() -> None:
    """Header and blocks by name: `ui/live/gan_*.js` reads these."""
    view, engine, film = viewed(GANSpec(conditional=True), 3)
    tick, blocks = shown(view, engine, film)
    assert set(blocks) == {"grid", "curve", "opinions"}
    assert set(unpack(view.scene(film))[1]) == {"real", "film", "latents"}
    assert {
        "grid",
        "judge",
        "latest",
        "snapshots",
        "finding",
        "best",
        "metrics",
        "gradient_norms",
        "drawing",
        "alt",
    } <= set(tick)
    assert len(base64.b64encode(view.scene(film))) < 300_000
