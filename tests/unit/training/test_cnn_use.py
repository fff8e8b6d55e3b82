"""What was trained, used at once on a new picture, and taken along to where none of this project is."""

from __future__ import annotations

import dataclasses
import importlib.util
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from playground.core.cnn_use import Read, Reading, TakeAlong, Taken
from playground.core.errors import InputError
from playground.core.settings import Settings
from playground.data.own_pictures import square
from playground.functional.convnet import start
from playground.jobs.inference import InlineInference
from playground.specs.cnn import OWN, CNNSpec
from playground.training import cnn_use
from playground.training.archive import in_use
from playground.training.cnn_package import answers, package
from playground.training.cnn_stored import Best, Measured, StoredCNN, pack_run, unpack_run
from playground.training.stored import Position

# What the script may find beside Python itself: its four libraries, and what those are made of.
_LIBRARIES = (
    "torch", "torchgen", "functorch", "numpy", "safetensors", "PIL", "typing_extensions", "sympy", "mpmath", "networkx",
    "jinja2", "markupsafe", "fsspec", "filelock", "setuptools",
)  # fmt: skip


def stored(
    spec: CNNSpec, classes: tuple[str, ...] = tuple("0123456789"), shape: tuple[int, int, int] = (1, 16, 16)
) -> StoredCNN:
    """A run with random weights."""
    plan = spec.plan(len(classes))
    random = np.random.default_rng(2)
    weights = {
        name: one + np.abs(random.normal(0, 0.03, one.shape)).astype(np.float32)
        for name, one in start(plan, 1, spec.activation).items()
    }
    metrics = {"train_loss": 1.0, "val_loss": 1.0, "train_accuracy": 0.5, "val_accuracy": 0.5}
    return StoredCNN(
        spec=spec,
        position=Position(),
        engine={},
        best=Best(3, 0.5, 0.875, weights),
        measured=Measured(3, metrics, np.zeros((0, len(classes)), np.float32)),
        history=np.zeros((1, 5), np.float32),
        classes=classes,
        shape=shape,
        mean=np.full(shape[0], 0.3, np.float32),
        std=np.full(shape[0], 0.25, np.float32),
    )


def read(run: StoredCNN, content: bytes, name: str = "a.png", megabytes: float = 20, megapixels: float = 50) -> Reading:
    """What a run says of a picture."""
    return cnn_use.read(Read(pack_run(run), content, name, megabytes, megapixels))


SMALL = CNNSpec(
    dataset="digits", preset="own", blocks=("conv:4:3:1:1:bn", "res:6:2", "max:2", "drop:10", "dense:8")
).checked()
COLOUR = CNNSpec(dataset=OWN, side=16, preset="own", blocks=("conv:4:3:2:1", "gap")).checked()


def png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def one(light: bool, size: tuple[int, int] = (200, 260)) -> bytes:
    """A written 1 on paper, or light on a board."""
    image = Image.new("L", size, 20 if light else 235)
    ImageDraw.Draw(image).line([(110, 60), (100, 200)], fill=235 if light else 25, width=16)
    return png(image)


def test_a_digit_is_prepared_step_by_step_and_read() -> None:
    dark, light = (read(stored(SMALL), one(light)) for light in (False, True))
    assert dark.steps is not None and dark.steps.shape == (4, 28, 28)
    assert dark.picture.shape == (16, 16, 1)
    assert any("turned round" in note for note in dark.notes)
    assert dark.probabilities.shape == (10,) and dark.probabilities.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(dark.probabilities, light.probabilities, atol=0.15)
    np.testing.assert_allclose(dark.probabilities, answers(stored(SMALL), dark.picture[None])[0], atol=1e-6)
    assert dark.titles == ("Convolution, 4 of 3 × 3", "Residual block, 6", "Max pooling 2 × 2")
    assert [len(maps) for maps in dark.maps] == [4, 6, 6]
    assert dark.epoch == 3


def test_the_middle_of_a_photograph_is_what_a_network_of_colours_is_given() -> None:
    image = Image.new("RGB", (300, 100), "red")
    image.paste("blue", (100, 0, 200, 100))
    reading = read(stored(COLOUR, ("cat", "dog"), (3, 16, 16)), png(image))
    assert reading.picture.shape == (16, 16, 3) and reading.steps is None
    np.testing.assert_allclose(reading.picture[1:-1, 1:-1].reshape(-1, 3), [[0, 0, 255]] * 196, atol=12)
    assert reading.notes == ("The middle of the picture was cut out, square.",)
    assert reading.classes == ("cat", "dog")


def test_light_ground_is_turned_round_where_pictures_are_grey() -> None:
    spec = CNNSpec(dataset="shapes", preset="convnetjs", shuffle_pixels=True)
    run = stored(spec, tuple("abcdefghij"), (1, 28, 28))
    image = Image.new("L", (28, 28), 240)
    image.paste(10, (10, 10, 18, 18))
    reading = read(run, png(image))
    assert sorted(np.unique(reading.picture)) == [15, 245], "and its pixels are in the order that was learnt"
    assert not (reading.picture[10:18, 10:18] == 245).all()
    assert "Turned round" in reading.notes[0]
    raw = np.full((1, 28, 28, 1), 15, np.uint8)
    raw[:, 10:18, 10:18] = 245
    np.testing.assert_allclose(reading.probabilities, answers(run, raw)[0], atol=1e-6)


@pytest.mark.parametrize("content", [b"", b"GIF89a nothing", b"<svg></svg>"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="x.png"):
        read(stored(SMALL), content, "x.png")


def test_the_limits_that_come_with_a_question_hold() -> None:
    picture = png(Image.new("RGB", (1200, 1000)))
    with pytest.raises(InputError, match="at most 1 million"):
        read(stored(SMALL), picture, megapixels=1)
    with pytest.raises(InputError, match="at most 0.001 MB"):
        read(stored(SMALL), picture, megabytes=0.001)


def test_a_large_jpeg_is_decoded_no_larger_than_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.new("RGB", (2400, 1600), "red")
    image.paste("blue", (400, 0, 2000, 1600))
    held = io.BytesIO()
    image.save(held, "JPEG")
    decoded = []

    def kept(image: Image.Image, edge: int) -> Any:
        decoded.append(image.size)
        return square(image, edge)

    monkeypatch.setattr(cnn_use, "square", kept)
    reading = read(stored(COLOUR, ("cat", "dog"), (3, 16, 16)), held.getvalue())
    assert decoded == [(300, 200)]
    np.testing.assert_allclose(reading.picture[1:-1, 1:-1].reshape(-1, 3), [[0, 0, 255]] * 196, atol=12)


def test_both_are_answered_as_questions_and_each_refusal_is_its_own(tmp_path: Path) -> None:
    inference, state = InlineInference(tmp_path, Settings(models=str(tmp_path))), pack_run(stored(SMALL))
    reading = inference.ask("cnn_predict", None, Read(state, one(light=True), "one.png", 10, 30)).result(0)
    assert isinstance(reading, Reading) and reading.epoch == 3
    taken = inference.ask("cnn_package", None, TakeAlong(state)).result(0)
    assert isinstance(taken, Taken) and zipfile.is_zipfile(io.BytesIO(taken.content))
    empty = Read(state, png(Image.new("L", (90, 90), 255)), "empty.png", 10, 30)
    with pytest.raises(InputError, match="No digit"):
        inference.ask("cnn_predict", None, empty).result(0)
    with pytest.raises(InputError, match="cannot be read"):
        inference.ask("cnn_package", None, TakeAlong(b"PK")).result(0)


def test_what_the_optimizer_goes_on_with_is_left_behind() -> None:
    run = stored(SMALL)
    whole = pack_run(dataclasses.replace(run, engine={"moments": np.ones(50_000, np.float32)}))
    used = in_use(whole)
    assert len(used) < len(whole) - 190_000 and not unpack_run(used).engine
    content = one(light=False)
    np.testing.assert_array_equal(
        cnn_use.read(Read(used, content, "one.png", 10, 30)).probabilities, read(run, content).probabilities
    )
    with pytest.raises(InputError, match="cannot be read"):
        in_use(b"PK")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the libraries of the script and nothing of the playground."""
    folder = tmp_path_factory.mktemp("libraries")
    for name in _LIBRARIES:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            continue
        lies = Path(found.origin).parent if found.submodule_search_locations else Path(found.origin)
        (folder / lies.name).symlink_to(lies)
        for libraries in lies.parent.glob(f"{'pillow' if name == 'PIL' else name}.libs"):
            (folder / libraries.name).symlink_to(libraries)
    return folder


def script(folder: Path, libraries: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script by a bare interpreter: no site-packages, no settings of this one."""
    environment = {"PYTHONPATH": str(libraries), "PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-S", "predict.py", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_package_works_where_nothing_of_this_project_is(tmp_path: Path, elsewhere: Path) -> None:
    run = stored(SMALL.replace(shuffle_pixels=True))
    with zipfile.ZipFile(io.BytesIO(package(unpack_run(pack_run(run))))) as archive:
        assert set(archive.namelist()) == {"card.json", "predict.py", "model.safetensors", "model.onnx", "check.npz"}
        archive.extractall(tmp_path)
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert card["blocks"] == list(SMALL.blocks) and card["digits"]
    assert (card["epoch"], card["val_accuracy"], card["data"]["licence"]) == (3, 0.875, "CC BY 4.0")
    assert card["onnx"]["largest_difference"] < 1e-5
    assert CNNSpec.from_dict(card["experiment"]) == run.spec
    (tmp_path / "one.png").write_bytes(one(light=False))
    done = script(tmp_path, elsewhere, "--check", "--json", "one.png")
    assert done.returncode == 0, done.stderr
    missing, checked, answer = done.stdout.splitlines()
    assert missing == "ONNX Runtime is not installed: model.onnx is not checked."
    assert checked.startswith("PyTorch: 4 pictures, largest difference ")
    told = json.loads(answer)
    here = read(run, one(light=False))
    np.testing.assert_allclose([told["probabilities"][name] for name in here.classes], here.probabilities, atol=0.15)


def test_the_script_computes_every_block_and_says_what_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from playground.hub import standalone

    blocks = ("conv:4:3:1:1", "avg:2", "res:4", "res:6:2", "conv:5:2:1:0:bn", "drop:20", "gap", "dense:6")
    run = stored(COLOUR.replace(blocks=blocks, activation="silu").checked(), ("cat", "dog", "hen"), (3, 16, 16))
    with zipfile.ZipFile(io.BytesIO(package(run))) as archive:
        archive.extractall(tmp_path)
    network = standalone.Network(tmp_path)
    assert standalone.check(network, tmp_path)
    assert "ONNX Runtime: 4 pictures" in capsys.readouterr().out
    network.weights["7.dense.bias"][0] += 1
    assert not standalone.check(network, tmp_path)
    monkeypatch.setattr(standalone, "HERE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["predict.py", str(tmp_path / "card.json")])
    assert standalone.main() == 2
    assert "cannot identify image file" in capsys.readouterr().err


def test_a_network_that_onnx_cannot_hold_goes_without_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.hub import convnet_onnx

    monkeypatch.setattr(convnet_onnx, "_SINGLE", {})
    with zipfile.ZipFile(io.BytesIO(package(stored(SMALL)))) as archive:
        assert "model.onnx" not in archive.namelist()
        assert "cannot be written as ONNX" in json.loads(archive.read("card.json"))["onnx"]["why"]


def test_a_network_that_pytorch_has_no_words_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    run = stored(SMALL)
    monkeypatch.setattr("playground.training.cnn_package.ACTIVATIONS", {"relu": type("Own", (), {"torch": ""})})
    with pytest.raises(InputError, match="PyTorch has no activation"):
        package(run)
