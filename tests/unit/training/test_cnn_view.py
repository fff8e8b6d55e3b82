"""Frames of a convolutional network: they decode, they are small, they show what is there, and they cost little."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.frames import unpack
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled
from playground.functional.blocks import plan
from playground.functional.convnet import forward, start
from playground.specs.cnn import OWN, PRESETS, CNNSpec
from playground.training import cnn_maps, cnn_seen
from playground.training.cnn_data import blueprint, prepare, spread
from playground.training.cnn_drawing import Shown
from playground.training.cnn_first import OnPaper, first_frames
from playground.training.cnn_mistakes import Mistakes
from playground.training.cnn_samples import samples
from playground.training.cnn_share import SHARE, Share
from playground.training.cnn_view import Standing, View
from playground.training.history import History

NOWHERE = Path("nowhere")


def images(spec: CNNSpec, count: int = 120) -> ImageSet:
    """Some validation pictures of a set, in every share."""
    entry = IMAGE_SETS[spec.dataset]
    some = entry.some(NOWHERE, count)
    return ImageSet(some, some, some, entry.classes)


def on_paper(spec: CNNSpec, data: ImageSet) -> OnPaper:
    made = spec.plan()
    return OnPaper(made, spec.activation, start(made, spec.seed, spec.activation), *spread(data.val.x))


def guesses(data: ImageSet, seed: int = 0) -> NDArray[np.float32]:
    """Probabilities that are right about half of the time."""
    random = np.random.default_rng(seed)
    z = random.normal(0, 2, (len(data.val.y), len(data.classes)))
    z[np.arange(len(z)), data.val.y] += 2
    e = np.exp(z)
    return (e / e.sum(axis=1, keepdims=True)).astype(np.float32)


def viewed(spec: CNNSpec, *looks: dict[str, Any], known: bool = True) -> tuple[View, Shown]:
    data = images(spec)
    view, engine = View(spec, data, spec.plan()), on_paper(spec, data)
    if known:
        view.measured(guesses(data), 1)
    for look in looks:
        view.look(look)
    return view, engine


def shown(view: View, engine: Shown, **note: Any) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    return unpack(view.tick(engine, History(), Standing(), **note))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dataset", ["digits", "shapes"])
def test_every_network_is_shown_before_it_begins(preset: str, dataset: str) -> None:
    scene_bytes, tick_bytes = first_frames(
        CNNSpec(dataset=dataset, preset="vgg" if preset == "lenet" and dataset == "digits" else preset)
    )
    (scene, pictures), (tick, blocks) = unpack(scene_bytes), unpack(tick_bytes)
    assert (scene["kind"], tick["kind"], tick["scene"]) == ("cnn.scene", "cnn.tick", scene["scene"])
    stages = scene["stages"]
    assert blocks["maps"].size == sum(stage["maps"] * stage["side"][0] * stage["side"][1] for stage in stages)
    assert blocks["flat"].size == sum(stage["units"] for stage in stages)
    assert scene["params"] == sum(stage["params"] for stage in stages)
    assert blocks["probabilities"].sum() == pytest.approx(1, abs=1e-5)
    assert tick["prediction"] == blocks["probabilities"].argmax()
    assert len(tick["stage_scales"]) == len(tick["weight_norms"]) == len(stages)
    np.testing.assert_array_equal(pictures["samples"][0], blocks["image"])
    assert tick["image"] == {"kind": "sample", "index": 0, "label": scene["sample_labels"][0]}
    assert scene["pad"] == (dataset == "digits")
    assert tick["measured"] == -1 and not blocks["confusion"].any()
    assert len(tick_bytes) < 24_000


def test_the_first_frames_need_no_torch() -> None:
    code = (
        "import sys; from playground.training.cnn_first import first_frames; from playground.specs.cnn import CNNSpec;"
        "import playground.training.cnn_use; first_frames(CNNSpec()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_page_draws_epoch_0_as_the_run_begins() -> None:
    from playground.engine.convnet import ConvEngine

    spec = CNNSpec(preset="vgg", dataset="digits")
    prepared = prepare(spec)
    engine = ConvEngine(blueprint(spec, prepared), prepared.data)
    view = View(spec, prepared.data, prepared.plan, engine)
    (scene, more), (first, _) = unpack(view.scene()), unpack(first_frames(spec)[0])
    assert more["augmented"].shape == (8, 16, 16, 1)
    assert len(np.unique(more["augmented"], axis=0)) > 1
    assert {**scene, "blocks": 0, "scene": 0} == {**first, "blocks": 0, "scene": 0}
    paper = OnPaper(prepared.plan, spec.activation, engine.weights(), prepared.mean, prepared.std)
    np.testing.assert_allclose(
        shown(view, engine)[1]["maps"].astype(int),
        shown(View(spec, prepared.data, prepared.plan), paper)[1]["maps"],
        atol=1,
    )
    engine.step(np.arange(32), 0)
    view.measured(engine.evaluate("val")[1], 0)
    view.look({"cell": [int(prepared.data.val.y[0]), int(engine.evaluate("val")[1][0].argmax())], "tab": 1})
    header, blocks = unpack(view.tick(engine, History(), Standing(step=1)))
    assert blocks["cell_saliency"].shape == blocks["cell_images"].shape[:3]
    assert (blocks["cell_saliency"].max(axis=(1, 2)) == 255).all()
    assert blocks["filter_gradients"].shape == blocks["filters"].shape
    assert max(header["gradient_norms"]) > 0
    assert all(
        (norm > 0) == (stage.parameters > 0)
        for norm, stage in zip(header["weight_norms"], prepared.plan.stages, strict=True)
    )


def test_the_pictures_are_what_the_network_computes() -> None:
    spec = CNNSpec()
    view, engine = viewed(spec, {"image": 5}, {"focus": [2, 3]})
    header, blocks = shown(view, engine)
    data = view.images
    mean, std = spread(data.val.x)
    x = ((data.val.x[view.rows[5]] / 255 - mean) / std).transpose(2, 0, 1).astype(np.float32)
    values = forward(spec.plan(), start(spec.plan(), spec.seed, spec.activation), spec.activation, x)
    scale = header["stage_scales"][2]
    assert values[2].max() / 4 <= scale <= 2 * values[2].max()
    assert 0.95 < np.mean(values[2] <= scale) <= 1
    np.testing.assert_allclose(blocks["focus"], np.minimum(255, 255 * values[2][3] / scale), atol=1)
    first = 6 * 28 * 28 + 6 * 14 * 14
    np.testing.assert_array_equal(blocks["maps"][first + 3 * 100 : first + 400].reshape(10, 10), blocks["focus"])
    assert blocks["focus_kernel"].shape == (6, 5, 5)
    e = np.exp(values[-1] - values[-1].max())
    np.testing.assert_allclose(blocks["probabilities"], e / e.sum(), atol=1e-5)


def test_the_chosen_picture_is_shown_as_the_network_is_given_it() -> None:
    spec = CNNSpec(shift=3, shuffle_pixels=True)
    view, engine = viewed(spec)
    _, blocks = shown(view, engine)
    raw = view.images.val.x[view.rows[0]]
    moved = np.zeros_like(raw)
    moved[3:, 3:] = raw[:-3, :-3]
    order = cnn_seen.permutation(spec, 28, 28)
    assert order is not None
    np.testing.assert_array_equal(blocks["image"].ravel(), moved.ravel()[order])
    assert sorted(order) == list(range(784))


def test_confusion_and_the_worst_mistakes_are_counted_on_the_validation_pictures() -> None:
    spec = CNNSpec()
    view, engine = viewed(spec, {"tab": 2})
    header, blocks = shown(view, engine)
    truth, found = view.images.val.y, guesses(view.images)
    for true, row in enumerate(blocks["confusion"]):
        assert row.tolist() == [int(((truth == true) & (found.argmax(1) == taken)).sum()) for taken in range(10)]
    losses = -np.log(found[np.arange(len(truth)), truth])
    wrong = [index for index in np.argsort(-losses, kind="stable") if found[index].argmax() != truth[index]][:12]
    assert [item["index"] for item in header["wrong_items"]] == wrong
    np.testing.assert_array_equal(blocks["wrong_images"], view.images.val.x[wrong])
    assert f"{int((found.argmax(1) != truth).sum())} are read wrongly" in header["alt"]
    view.look({"wrong": 1})
    header, blocks = shown(view, engine)
    assert header["image"] == {"kind": "wrong", "index": wrong[1], "label": int(truth[wrong[1]])}
    np.testing.assert_array_equal(blocks["image"], view.images.val.x[wrong[1]])


def test_a_cell_shows_its_pictures_the_surest_first() -> None:
    view, engine = viewed(CNNSpec())
    counts = view.drawing.mistakes.confusion().astype(int)
    np.fill_diagonal(counts, 0)
    true, taken = (int(one) for one in np.unravel_index(counts.argmax(), counts.shape))
    view.look({"tab": 1, "cell": [true, taken]})
    header, blocks = shown(view, engine)
    assert header["cell"] == {"true": true, "predicted": taken, "count": counts.max()}
    items = header["cell_items"]
    assert {(item["label"], item["prediction"]) for item in items} == {(true, taken)}
    assert [item["confidence"] for item in items] == sorted((item["confidence"] for item in items), reverse=True)
    assert blocks["cell_images"].shape[0] == len(items) == counts.max() >= 2
    view.look({"pick": 1})
    assert shown(view, engine)[0]["image"] == {"kind": "cell", "index": items[1]["index"], "label": true}
    view.look({"tab": 0})
    assert "cell_images" not in shown(view, engine)[1]
    view.look({"cell": None})
    assert shown(view, engine)[0]["cell"] is None


def drawing(*cells: tuple[int, int]) -> str:
    ink = np.zeros((56, 56), np.uint8)
    for row, column in cells:
        ink[row : row + 4, column : column + 4] = 255
    return base64.b64encode(ink.tobytes()).decode()


STROKE = drawing(*((row, 10) for row in range(4, 40, 2)))


def test_a_drawing_is_read_and_its_steps_are_shown() -> None:
    view, engine = viewed(CNNSpec(dataset="digits", preset="vgg"), {"image": 3}, {"pad": STROKE})
    header, blocks = shown(view, engine)
    assert header["image"] == {"kind": "pad", "index": 0, "label": None}
    assert (blocks["pad_steps"].shape, blocks["image"].shape, header["pad_note"]) == ((4, 28, 28), (16, 16, 1), "")
    ink = blocks["image"][..., 0].astype(int)
    assert ink[:, 6:10].sum() > 0.8 * ink.sum() > 0, "a stroke far from the middle is brought there"
    assert header["alt"].startswith("Epoch 0. The drawing is taken for ")
    view.look({"pad": drawing()})
    header, blocks = shown(view, engine)
    assert header["pad_note"] == "Nothing is drawn yet." and not blocks["image"].any()
    view.look({"pad": None})
    assert shown(view, engine)[0]["image"]["index"] == 3


BAD: list[dict[str, Any]] = [
    {"image": -1}, {"image": 48}, {"image": "a"}, {"image": None}, {"image": True}, {"wrong": 12}, {"cell": [0, 10]},
    {"cell": 3}, {"pick": 0}, {"focus": [0, 6]}, {"focus": [4, 0]}, {"focus": [9, 0]}, {"focus": 1}, {"tab": 5}, {"zoom": 1},
    {"pad": STROKE}, {"pad": 3}, {"image": 4, "focus": [0, 99]},
]  # fmt: skip


@pytest.mark.parametrize("look", BAD, ids=str)
def test_a_view_that_does_not_exist_is_refused_and_nothing_moves(look: dict[str, Any]) -> None:
    view, engine = viewed(CNNSpec(), {"image": 2, "focus": [0, 1], "tab": 0})
    before = shown(view, engine)[0]
    with pytest.raises(InputError):
        view.look(look)
    assert shown(view, engine)[0]["image"] == before["image"]
    assert shown(view, engine)[0]["focus"] == [0, 1]


@pytest.mark.parametrize("text", ["", "AAAA", "%%%%"])
def test_a_drawing_that_is_none_is_refused(text: str) -> None:
    view, _ = viewed(CNNSpec(dataset="digits", preset="vgg"))
    with pytest.raises(InputError, match="56 x 56"):
        view.look({"pad": text})


def test_a_run_that_is_taken_up_again_looks_where_it_looked() -> None:
    view, engine = viewed(CNNSpec(), known=False)
    view.look({"image": 7, "wrong": 3, "cell": [1, 2], "pick": 0, "focus": [0, 0], "tab": 1, "pad": None})
    header, _ = shown(view, engine)
    assert (header["image"]["index"], header["focus"], header["tab"]) == (7, [0, 0], 1)
    assert header["cell"] == {"true": 1, "predicted": 2, "count": 0}
    with pytest.raises(InputError, match="no mistake 3"):
        view.look({"wrong": 3})


def test_what_is_measured_is_forgotten_where_only_some_was() -> None:
    view, engine = viewed(CNNSpec())
    view.measured(np.zeros((0, 10), np.float32), 0)
    header, blocks = shown(view, engine)
    assert header["measured"] == -1 and not blocks["confusion"].any() and not header["wrong_items"]


class Counted:
    """A clock that is wound by hand, and a network whose every forward pass takes a while."""

    def __init__(self, engine: Shown, seconds: float) -> None:
        self.engine, self.seconds, self.now, self.asked = engine, seconds, 0.0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def stages(self, pictures: Any) -> Any:
        self.asked += 1
        self.now += self.seconds
        return self.engine.stages(pictures)


def test_pictures_cost_a_training_run_no_more_than_their_share() -> None:
    view, engine = viewed(CNNSpec())
    slow = Counted(engine, 0.04)
    view.share = Share(lambda: slow.now)
    for step in range(400):
        slow.now += 0.05  # of training
        header = unpack(view.tick(slow, History(), Standing(step=step), status="playing"))[0]
    spent = 0.04 * slow.asked
    assert 0.5 * SHARE < spent / slow.now < 1.2 * SHARE
    assert header["drawing"] == pytest.approx(SHARE, rel=0.5)
    asked = slow.asked
    view.look({"image": 1})
    assert unpack(view.tick(slow, History(), Standing(step=400), status="playing"))[0]["image"]["index"] == 1
    for step in range(401, 404):
        view.tick(slow, History(), Standing(step=step), status="paused")
    view.tick(slow, History(), Standing(step=403), status="paused")
    assert slow.asked == asked + 4, "elsewhere: at once; standing: whenever it is another state, and only then"


def test_a_network_on_the_brink_is_still_drawn() -> None:
    spec = CNNSpec()
    data = images(spec)
    huge = {name: one * np.float32(1e30) for name, one in start(spec.plan(), 1, "relu").items()}
    view = View(spec, data, spec.plan())
    header, blocks = shown(view, OnPaper(spec.plan(), "relu", huge, *spread(data.val.x)))
    assert blocks["maps"].size == 7880
    assert np.isfinite(blocks["probabilities"]).all() and header["prediction"] in range(10)


def test_own_pictures_of_any_size_travel_small() -> None:
    random = np.random.default_rng(0)
    some = Labelled(random.integers(0, 256, (90, 64, 64, 3), dtype=np.uint8), np.arange(90) % 3)
    data = ImageSet(some, some, some, ("a", "b", "c"))
    spec = CNNSpec(dataset=OWN, side=64, preset="resnet")
    view = View(spec, data, spec.plan(3))
    view.measured(guesses(data), 0)
    engine = OnPaper(spec.plan(3), "relu", start(spec.plan(3), 1, "relu"), *spread(some.x))
    assert len(view.scene()) < 160_000
    assert unpack(view.scene())[1]["samples"].shape == (48, 32, 32, 3)
    assert not unpack(view.scene())[0]["pad"]
    frame = view.tick(engine, History(), Standing())
    assert len(frame) < 48_000
    assert unpack(frame)[1]["image"].shape == (64, 64, 3)
    assert unpack(frame)[1]["filters"].shape[-1] == 3


WORDS = ("conv:3:5:1:0", "avg:2", "res:4:2", "drop:20", "conv:2:3:1:1", "avg:3:1")


def test_the_receptive_field_is_what_a_value_depends_on() -> None:
    made = plan(WORDS, (1, 40, 40), 2)
    weights = start(made, 0, "identity")
    columns = cnn_maps.columns(made, "identity")
    picture = np.random.default_rng(0).normal(size=(1, 40, 40)).astype(np.float32)
    base = forward(made, weights, "identity", picture)
    changed = []
    for column in range(40):
        other = picture.copy()
        other[:, :, column] += 1
        changed.append(
            [np.abs(a - b) > 1e-6 for a, b in zip(forward(made, weights, "identity", other), base, strict=True)]
        )
    for stage in (0, 1, 2, 4, 5):
        middle = base[stage].shape[2] // 2
        reach = [one[stage][:, :, middle].any() for one in changed]
        assert sum(reach) == columns[stage].field
    assert (columns[3].maps, columns[3].field, columns[-1].field) == (0, 0, 0)


def test_means_over_squares_and_halves() -> None:
    maps = np.arange(2 * 5 * 7, dtype=np.float32).reshape(2, 5, 7)
    small = cnn_maps.shrunk(maps, 3)
    assert small.shape == (2, 2, 3)
    assert small[1, 0, 1] == maps[1, :3, 3:6].mean()
    assert small[1, 1, 2] == maps[1, 3:, 6:].mean()
    large = np.zeros((2, 50, 45, 3), np.uint8)
    large[:, ::2] = 255
    assert np.unique(cnn_maps.thumbnails(large)).tolist() == [128]
    assert cnn_maps.thumbnails(large).shape == (2, 25, 22, 3)


def test_samples_are_one_of_each_class_in_turn() -> None:
    y = np.repeat(np.arange(4), 50)
    rows = samples(Labelled(np.zeros((200, 4, 4, 1), np.uint8), y))
    assert y[rows[:8]].tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    assert len(rows) == len(set(rows)) == 48


def test_mistakes_want_an_answer_for_every_picture() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Mistakes(np.zeros(3, np.int64), np.zeros((2, 2), np.float32))
    all_right = Mistakes(np.arange(3), np.eye(3, dtype=np.float32), 1)
    assert all_right.words("abc") == "Of 3 validation pictures 0 are read wrongly."
    assert len(all_right.worst()) == 0


def test_saliency_is_mixed_with_its_neighbours_and_none_is_lost() -> None:
    spot = np.zeros((1, 5, 5), np.float32)
    spot[0, 2, 2] = 16
    assert cnn_maps.softened(spot)[0, 1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert cnn_maps.softened(np.ones((2, 3, 4), np.float32)).min() == 1
