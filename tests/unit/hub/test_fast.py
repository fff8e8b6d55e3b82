"""Quicker copies: equal to PyTorch, made once, measured, and never in anybody's way."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from playground.catalog import exports, scan
from playground.catalog import folder as on_disk
from playground.catalog.exports import Export
from playground.catalog.listing import Catalog
from playground.core.vision import Photo
from playground.data.pictures import read_picture
from playground.hub import classify, exporting, fast
from playground.hub.classify import softmax
from playground.hub.desk import Desk
from tests.timm_folder import DATA, drawn, needs_data, png, timm_folder

FAMILIES = ["test_resnet", "test_vit", "mobilenetv3_small_050", "test_convnext", "playground_cifar_net"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one network and its copy, made once for all tests."""
    models = tmp_path_factory.mktemp("template")
    timm_folder(models, "ten")
    make_copy(models, "ten")
    return models


@pytest.fixture
def models(template: Path, tmp_path: Path) -> Path:
    """The network alone."""
    shutil.copytree(template / "ten", tmp_path / "ten")
    return tmp_path


def copied(template: Path, models: Path) -> Export:
    """Put the copy of the template where it belongs."""
    shutil.copytree(template / exports.FOLDER, models / exports.FOLDER)
    found = exports.read(Catalog.read(models)["ten"], models)
    assert found is not None and found.used
    return found


def make_copy(models: Path, name: str) -> Path:
    """Make a copy in this process, and keep it; so small a network may be slower by it, here."""
    card = Catalog.read(models)[name]
    made = models / "made.onnx"
    found = exporting.make(fast.Order(card, models, made, models / "told.json", threads=1))
    exports.keep(card, models, made, replace(found, used=True, bytes=made.stat().st_size))
    return exports.place(card, models) / exports.MODEL


def at(models: Path, **more: int) -> Desk:
    return Desk(models, budget=10**9, megabytes=20, megapixels=50, **more)


def images() -> list[object]:
    return [read_picture(png(drawn(seed, (80 + 9 * seed, 90))), str(seed)).image for seed in range(5)]


def until_done(desk: Desk) -> None:
    """Let it make what it wants to make."""
    for _ in range(300):
        if not desk.improve():
            return
    raise AssertionError("a copy has been under way for five minutes")


@pytest.mark.parametrize("architecture", FAMILIES)
def test_every_family_says_the_same_through_onnx_runtime_in_batches_of_any_size(
    tmp_path: Path, architecture: str
) -> None:
    timm_folder(tmp_path, "net", architecture, side=32 if "cifar" in architecture else 64, temperature=1.3)
    card = Catalog.read(tmp_path)["net"]
    path = tmp_path / "net.onnx"
    found = exporting.make(fast.Order(card, tmp_path, path, tmp_path / "told", threads=1))
    assert found.problem == "" and found.difference <= fast.EQUAL and found.speed_up > 0
    model = classify.plain(card, tmp_path)
    x = model.arrays(images())  # type: ignore[arg-type]
    wanted = softmax(model.by_torch(x))
    assert classify.adopt(model, path) == path.stat().st_size
    assert model.fast is not None
    for count in (1, 2, 5):
        assert np.abs(model.probabilities_of(x[:count]) - wanted[:count]).max() < 1e-5
    many = np.concatenate([x] * 8)  # more than go through at once
    assert np.abs(model.probabilities_of(many) - np.concatenate([wanted] * 8)).max() < 1e-5
    assert model.probabilities_of(x[:0]).shape == (0, 10)
    assert np.ptp(wanted, axis=0).max() > 0.01  # the pictures do differ


def test_a_desk_makes_a_copy_in_a_process_of_its_own_while_it_answers_and_finds_it_again(models: Path) -> None:
    desk, card = at(models), Catalog.read(models)["ten"]
    assert not desk.improve()  # nothing is loaded
    with desk.classifier(card) as model:
        before = model.probabilities(images())  # type: ignore[arg-type]
        began = time.monotonic()
        assert desk.improve()
        assert time.monotonic() - began < 30  # it waits for nobody for long
        assert np.array_equal(model.probabilities(images()), before)  # type: ignore[arg-type]
    until_done(desk)
    note = exports.read(card, models)
    assert note is not None and note.problem == "" and note.difference <= fast.EQUAL and note.speed_up > 0
    (one,) = desk.standing()
    assert (one.speed_up, one.difference) == (note.speed_up, note.difference)
    assert one.engine == ("ONNX Runtime" if note.used else "PyTorch")
    with desk.classifier(card) as model:
        assert np.abs(model.probabilities(images()) - before).max() <= fast.EQUAL  # type: ignore[arg-type]
    assert not list((models / exports.FOLDER).glob(".new-*"))
    assert [found.path for found in scan.scan(models)] == ["ten"]  # a copy is no model of its own

    later = at(models)
    with later.classifier(card):
        assert later.standing()[0].engine == one.engine
    assert not later.improve()  # it is known


def test_a_copy_counts_as_memory_answers_and_is_made_anew_when_what_it_was_made_of_changes(
    template: Path, models: Path
) -> None:
    desk, card = at(models), Catalog.read(models)["ten"]
    with desk.classifier(card):
        alone = desk.standing()[0].bytes
    made = copied(template, models)
    desk = at(models)
    with desk.classifier(card) as model:
        assert model.fast is not None
        assert np.abs(model.probabilities(images()) - softmax(model.by_torch(model.arrays(images())))).max() < 1e-5  # type: ignore[arg-type]
    assert desk.standing()[0].bytes == alone + made.bytes
    assert on_disk.size(models) > made.bytes + 300_000  # the disk's quota counts it, too

    weights = models / "ten" / "model.safetensors"
    os.utime(weights, ns=(1, 1))
    assert exports.read(card, models) is None
    with desk.classifier(card) as model:
        assert model.fast is None
    assert exports.remove(card, models) >= made.bytes and exports.remove(card, models) == 0


@pytest.mark.parametrize("spoil", ["cut", "empty", "html", "another"])
def test_a_copy_that_is_broken_or_says_something_else_never_answers(template: Path, models: Path, spoil: str) -> None:
    copied(template, models)
    card = Catalog.read(models)["ten"]
    path = exports.place(card, models) / exports.MODEL
    whole = path.read_bytes()
    if spoil == "another":
        timm_folder(models, "other")
        whole = make_copy(models, "other").read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "html": b"<html>", "another": whole}[spoil])
    note = path.with_name(exports.NOTE)
    said = json.loads(note.read_text())
    said["export"]["bytes"] = path.stat().st_size  # whoever did this knows how
    note.write_text(json.dumps(said))
    model = classify.load(card, models).model
    assert model.fast is None
    assert np.allclose(model.probabilities(images()).sum(1), 1)  # type: ignore[arg-type]


def test_a_copy_that_does_not_pay_is_noted_and_not_tried_again(models: Path) -> None:
    card = Catalog.read(models)["ten"]
    exports.keep(card, models, models / "none", Export(False, 0.7, 1e-8, 0, channels_last=True))
    desk = at(models)
    with desk.classifier(card) as model:
        assert model.fast is None
        kernels = [kernel for kernel in model.network.parameters() if kernel.ndim == 4 and min(kernel.shape[1:]) > 1]
        assert kernels and all(kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels)
    assert desk.standing()[0].speed_up == 0.7 and not desk.improve()


def test_an_export_that_fails_says_why_and_pytorch_answers_on(models: Path) -> None:
    desk, card = at(models), Catalog.read(models)["ten"]
    with desk.classifier(card):
        (models / "ten" / "model.safetensors").write_bytes(b"gone")  # while it is loaded
    until_done(desk)
    assert desk.standing()[0].engine == "PyTorch"
    assert not desk.improve()


def test_where_nothing_can_be_written_a_copy_lives_in_memory_alone(
    template: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, card = at(models), Catalog.read(models)["ten"]
    (models / exports.FOLDER).write_text("a file where the folder would be")

    def wait(making: fast.Making, seconds: float) -> Export:
        shutil.copy(template / exports.FOLDER / "ten" / exports.MODEL, making.path)
        return Export(True, 2.0, 0.0, making.path.stat().st_size)

    monkeypatch.setattr(fast.Making, "wait", wait)
    with desk.classifier(card):
        pass
    assert not desk.improve()
    with desk.classifier(card) as model:
        assert model.fast is not None
        assert np.abs(model.probabilities(images()) - softmax(model.by_torch(model.arrays(images())))).max() < 1e-5  # type: ignore[arg-type]
    assert desk.standing()[0].engine == "ONNX Runtime" and exports.read(card, models) is None


def test_a_full_disk_quota_leaves_a_model_with_pytorch(models: Path) -> None:
    desk = at(models, quota=on_disk.size(models) + 1000)
    with desk.classifier(Catalog.read(models)["ten"]):
        pass
    assert not desk.improve() and not (models / exports.FOLDER).exists()


def test_the_process_that_makes_a_copy_ends_with_whoever_ordered_it(models: Path) -> None:
    making = fast.Making(Catalog.read(models)["ten"], models)
    assert making._process.stdin is not None
    making._process.stdin.close()  # what the end of its orderer does
    assert making._process.wait(60) == 1
    making.close()
    assert not list((models / exports.FOLDER).iterdir())


def test_a_name_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    card = Catalog.read(tmp_path)["resnet18"]
    for name in ("..", "../..", "/etc", ".onnx", "", "a/../../b"):
        place = exports.place(replace(card, name=name), tmp_path)
        assert place.resolve().parent == (tmp_path / exports.FOLDER).resolve(), name


def test_a_note_from_another_version_does_not_count(models: Path) -> None:
    card = Catalog.read(models)["ten"]
    export = Export(False, 0.0, 0.0, 0, problem="no")
    exports.keep(card, models, models / "none", export)
    assert exports.read(card, models) == export
    note = exports.place(card, models) / exports.NOTE
    said = json.loads(note.read_text())
    for wrong in (
        {**said, "made_of": {**said["made_of"], "versions": {"torch": "1.0"}}},
        {"made_of": said["made_of"], "export": {**asdict(export), "surprise": 1}},
        [],
    ):
        note.write_text(json.dumps(wrong))
        assert exports.read(card, models) is None


@needs_data
def test_the_real_mobilenetv2_equals_timm_through_onnx_runtime(tmp_path: Path) -> None:
    place = tmp_path / "mobilenetv2_100"
    place.mkdir()
    for name in ("config.json", "model.safetensors"):
        (place / name).symlink_to(DATA / "weights/timm/mobilenetv2_100" / name)
    make_copy(tmp_path, "mobilenetv2_100")
    photos = sorted((DATA / "photos/imagenet").glob("*.JPEG"))
    desk = at(tmp_path)
    with desk.classifier(Catalog.read(tmp_path)["mobilenetv2_100"]) as model:
        x = model.arrays([desk.picture(Photo(path.read_bytes(), path.name)).image for path in photos])
        assert model.fast is not None
        assert np.abs(model.probabilities_of(x) - softmax(model.by_torch(x))).max() < 1e-5
        labels = dict(line.split("\t")[:3:2] for line in (DATA / "photos/imagenet/labels.tsv").read_text().splitlines())
        best = model.probabilities_of(x).argmax(1)
        assert sum(int(labels[path.name]) == index for path, index in zip(photos, best, strict=True)) >= 24
