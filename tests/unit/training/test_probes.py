"""Frames of the multilayer perceptron: they decode, they are small, and they show what is there."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.events import EpochEnded, FrameReady, Look, Show
from playground.core.frames import unpack
from playground.data.registry import DATASETS
from playground.engine.contract import Layers
from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import probabilities
from playground.specs.mlp import FEATURES, MLPSpec
from playground.training.blueprint import blueprint, initial_layers, prepared_data
from playground.training.history import History
from playground.training.measure import forward
from playground.training.probes import BINS, Moment, Probe, first_frames
from playground.training.supervised import fit

Frame = tuple[dict[str, Any], dict[str, NDArray[Any]]]


def shown(spec: MLPSpec, epochs: int = 2, view: dict[str, Any] | None = None) -> tuple[bytes, bytes]:
    """Scene and tick of a run after some epochs."""
    run = fit(spec)
    next(run)
    for _ in range(epochs):
        while not isinstance(next(run), EpochEnded):
            pass
    if view:
        run.send(Look(view))
    answer = run.send(Show(scene=True))
    assert isinstance(answer, FrameReady)
    assert answer.scene is not None
    return answer.scene, answer.frame


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_data_set_is_shown(dataset: str) -> None:
    spec = MLPSpec(dataset=dataset, hidden=(5, 3), optimizer="adam", lr=0.01)
    scene_bytes, tick_bytes = shown(spec)
    (scene, points), (tick, blocks) = unpack(scene_bytes), unpack(tick_bytes)
    assert (scene["kind"], tick["kind"], tick["scene"]) == ("mlp.scene", "mlp.tick", scene["scene"])
    data = prepared_data(spec)
    features, outputs = len(data.features), data.outputs
    assert scene["counts"] == {"train": len(data.train.y), "val": len(data.val.y), "test": len(data.test.y)}
    assert points["train"].shape == (min(400, len(data.train.y)), 3)
    assert ("fade" in points) == (len(data.inputs) > 2)
    assert scene["params"] == blocks["weights"].size + blocks["biases"].size
    assert blocks["weights"].size == features * 5 + 15 + 3 * outputs
    side = blocks["units"].shape[1]
    assert blocks["units"].shape == (features + 8, side, side)
    assert 10 <= side <= 30
    names = {"winner", "sure"} if data.task == "classes" else {"output"}
    assert names <= set(blocks)
    assert all(blocks[name].shape == (64, 64) for name in names)
    assert blocks["curve"].shape == (5, 3)
    assert blocks["curve"][0].tolist() == [0, 1, 2]
    assert blocks["weight_hist"].sum(axis=1).tolist() == [features * 5, 15, 3 * outputs]
    assert blocks["gradient_hist"].shape == (3, BINS)
    assert len(tick["unit_scales"]) == len(tick["weight_scales"]) == 3
    assert tick["alt"].startswith("Epoch 2: training loss ")
    assert all(value is not None for value in tick["metrics"].values())


def test_frames_stay_small() -> None:
    assert len(shown(MLPSpec(), epochs=5)[1]) < 16_000
    history = History()
    for epoch in range(5000):
        history.add(epoch, 1, 1, 1, 1)
    spec = MLPSpec()
    data = prepared_data(spec)
    layers = blueprint(spec, data).start
    assert len(Probe(spec, data).tick(layers, layers, history, Moment())) < 16_000
    wide = MLPSpec(hidden=(64,) * 6, samples=50, batch_size=25)
    assert len(shown(wide, epochs=1)[1]) < 120_000


def test_a_frame_of_the_default_network_is_packed_quickly() -> None:
    spec = MLPSpec()
    data = prepared_data(spec)
    probe, layers, history = Probe(spec, data), blueprint(spec, data).start, History()
    history.add(0, 1, 1, 1, 1)
    times = []
    for _ in range(30):
        began = time.process_time()
        probe.tick(layers, layers, history, Moment())
        times.append(time.process_time() - began)
    assert min(times) < 0.010, "the aim is 3 ms; ten leave room for a slow machine"


def test_the_pictures_are_those_of_the_definitions() -> None:
    spec = MLPSpec(features=("x1", "x2", "x1_squared"), hidden=(4, 3), activation="relu")
    data = prepared_data(spec)
    layers = blueprint(spec, data).start
    probe = Probe(spec, data)
    probe.look({"focus": [1, 2]})
    tick, blocks = unpack(probe.tick(layers, None, History(), Moment()))
    # The pixel in row 3 from the top, column 50 from the left.
    x, y = -6 + 12 * 50.5 / 64, 6 - 12 * 3.5 / 64
    h = np.array([x, y, x * x])
    values = [h]
    for weights, biases in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        values.append(np.maximum(weights @ values[-1] + biases, 0))
    z = layers.weights[-1] @ values[-1] + layers.biases[-1]
    assert blocks["output"][3, 50] == pytest.approx(255 / (1 + np.exp(-z[0])), abs=0.51)
    scale = tick["unit_scales"][1]
    assert scale == 2.0 ** round(np.log2(scale))
    assert blocks["focus"][3, 50] == pytest.approx(127.5 + 127.5 * values[1][2] / scale, abs=1)
    side = blocks["units"].shape[1]
    x, y = -6 + 12 * 0.5 / side, 6 - 12 * (side - 0.5) / side  # the lower left corner
    assert blocks["units"][2, side - 1, 0] == pytest.approx(127.5 + 127.5 * x * x / 64, abs=1)
    assert blocks["units"][1, side - 1, 0] == pytest.approx(127.5 + 127.5 * y / 8, abs=1)
    weights = np.concatenate([matrix.ravel() for matrix in layers.weights])
    scales = np.repeat(tick["weight_scales"], [matrix.size for matrix in layers.weights])
    np.testing.assert_allclose(blocks["weights"] / 32767 * scales, weights, atol=1e-4)


@pytest.mark.parametrize("activation", [name for name, entry in ACTIVATIONS.items() if entry.trainable])
@pytest.mark.parametrize("dataset", ["circle", "blobs", "plane"])
def test_the_numpy_picture_agrees_with_the_engine(activation: str, dataset: str) -> None:
    from playground.engine.torch import TorchEngine

    spec = MLPSpec(dataset=dataset, activation=activation, hidden=(6, 5))
    data = prepared_data(spec)
    engine = TorchEngine(blueprint(spec, data))
    x = data.val.x.astype(np.float32)
    _, z = engine.evaluate(x, data.targets(data.val.y).astype(np.float32))
    np.testing.assert_allclose(forward(engine.weights(), activation, x)[-1], z, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dataset", ["spiral", "iris", "diabetes"])
def test_the_page_draws_epoch_0_as_the_run_begins(dataset: str) -> None:
    spec = MLPSpec(dataset=dataset)
    scene, tick = first_frames(spec)
    run_scene, run_tick = shown(spec, epochs=0)
    assert scene == run_scene
    ours, theirs = unpack(tick), unpack(run_tick)
    assert ours[0]["status"] == "ready"
    assert ours[0]["metrics"] == pytest.approx(theirs[0]["metrics"], rel=1e-4)
    for name, block in ours[1].items():
        np.testing.assert_allclose(block.astype(float), theirs[1][name].astype(float), rtol=1e-4, atol=1)


def test_drawing_epoch_0_needs_no_torch() -> None:
    code = (
        "import sys; from playground.training.probes import first_frames; from playground.specs.mlp import MLPSpec;"
        "first_frames(MLPSpec()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_colour_scales_only_grow_and_in_doublings() -> None:
    spec = MLPSpec(hidden=(3,), activation="identity")
    data = prepared_data(spec)
    probe, start = Probe(spec, data), initial_layers(spec, (2, 3, 1))
    scales = []
    for factor in (1.0, 3.0, 0.01, 50.0):
        layers = Layers(tuple(factor * matrix for matrix in start.weights), start.biases)
        tick, _ = unpack(probe.tick(layers, layers, History(), Moment()))
        scales.append([tick["unit_scales"][1], tick["weight_scales"][0]])
    for before, after in itertools.pairwise(scales):
        assert all(b >= a and np.log2(b).is_integer() for a, b in zip(before, after, strict=True))
    assert scales[0] == [min(column) for column in zip(*scales, strict=True)]
    assert scales[1] == scales[2]
    assert scales[3][1] > scales[2][1]


def test_a_slice_goes_through_the_held_point_and_the_far_points_fade() -> None:
    spec = MLPSpec(dataset="iris")
    data = prepared_data(spec)
    probe = Probe(spec, data)
    first = probe.scene()
    probe.look({"axes": [2, 0], "held": 7})
    grid = probe.plane.grid(64)
    point = (data.train.raw[7] - data.mean) / data.scale
    np.testing.assert_allclose(grid[:, [1, 3]], np.tile(point[[1, 3]], (64 * 64, 1)), rtol=1e-5)
    scene, blocks = unpack(probe.scene())
    assert (scene["axes"], scene["held"]) == ([2, 0], 7)
    assert scene["scene"] != unpack(first)[0]["scene"]
    assert blocks["train_near"][7] == 255 == blocks["fade"].max()
    held = np.abs((data.train.raw - data.train.raw[7]) / data.scale)[:, [1, 3]].sum(axis=1)
    assert blocks["train_near"][held.argmax()] < 64
    # Iris petals and sepals grow together: the corner of long petals and short sepals is empty.
    assert blocks["fade"][-1, -1] < 40
    corner = scene["extent"][0][0]
    np.testing.assert_allclose(blocks["train"][:, 0] + corner, data.train.raw[:, 2], rtol=1e-6)
    probe.look({"axes": [0, 1], "held": "mean"})
    assert probe.scene() == first


def test_a_point_beyond_the_training_points_is_a_validation_point() -> None:
    spec = MLPSpec(dataset="iris")
    data = prepared_data(spec)
    probe = Probe(spec, data)
    count = len(data.train.y)
    probe.look({"held": count + 2})
    np.testing.assert_array_equal(probe.plane.anchor(), data.val.raw[2])
    with pytest.raises(InputError, match="drawn point"):
        probe.look({"held": count + len(data.val.y)})


BAD_VIEWS: list[dict[str, Any]] = [
    {"axes": [0, 2]}, {"axes": [1, 1]}, {"axes": "ab"}, {"axes": [0]}, {"held": -1}, {"held": "median"}, {"held": None},
    {"focus": [3, 0]}, {"focus": [1, 4]}, {"focus": [0, 2]}, {"focus": 3}, {"focus": [0.5, 0]}, {"zoom": 2},
]  # fmt: skip


@pytest.mark.parametrize("view", BAD_VIEWS, ids=str)
def test_a_view_that_does_not_exist_is_refused_and_nothing_moves(view: dict[str, Any]) -> None:
    spec = MLPSpec()
    probe = Probe(spec, prepared_data(spec))
    before = probe.plane.view
    with pytest.raises(InputError):
        probe.look(view)
    assert probe.plane.view == before


def test_a_scene_is_sent_when_it_changed_and_the_workers_words_win() -> None:
    run = fit(MLPSpec(dataset="iris"))
    next(run)

    def show(**changes: Any) -> FrameReady:
        answer = run.send(Show(**changes))
        assert isinstance(answer, FrameReady)
        return answer

    assert show().scene is not None
    assert show().scene is None
    run.send(Look({"focus": [1, 0]}))
    assert show().scene is None
    run.send(Look({"axes": [1, 2]}))
    assert show().scene is not None
    header, _ = unpack(show(note={"status": "playing", "speed": 25, "rate": 3.5}).frame)
    assert (header["status"], header["speed"], header["rate"]) == ("playing", 25, 3.5)


@pytest.mark.parametrize("dataset", ["circle", "blobs", "plane"])
def test_a_network_on_the_brink_is_still_drawn(dataset: str) -> None:
    spec = MLPSpec(dataset=dataset, activation="relu", features=tuple(FEATURES), l2=0.1)
    data = prepared_data(spec)
    start = blueprint(spec, data).start
    huge = Layers(tuple(1e25 * matrix for matrix in start.weights), start.biases)
    tick, blocks = unpack(Probe(spec, data).tick(huge, huge, History(), Moment()))
    assert tick["penalty"] > 1e40
    assert blocks["weight_hist"].sum() == start.count() - sum(vector.size for vector in start.biases)
    for name in ("output", "winner", "sure"):
        assert name not in blocks or blocks[name].shape == (64, 64)


def test_with_several_classes_the_winner_and_how_sure_it_is_are_shown() -> None:
    scene, tick = shown(MLPSpec(dataset="blobs", optimizer="adam", lr=0.05), epochs=6)
    blocks = unpack(tick)[1]
    assert set(np.unique(blocks["winner"])) == {0, 1, 2}
    assert blocks["sure"].min() >= 255 // 3
    # Where the points of a class lie, that class has won.
    points = unpack(scene)[1]["train"]
    columns = np.clip(points[:, 0] / 12 * 64, 0, 63).astype(int)
    rows = np.clip((12 - points[:, 1]) / 12 * 64, 0, 63).astype(int)
    assert np.mean(blocks["winner"][rows, columns] == points[:, 2]) > 0.9
    assert probabilities(np.zeros((1, 3)))[0, 0] == pytest.approx(1 / 3)
