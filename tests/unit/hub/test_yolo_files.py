"""Checkpoints of ultralytics: networks are filled, and nothing in a file is ever called."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils import IterableSimpleNamespace

from playground.catalog.card import Card, Local
from playground.catalog.cards_yolo import ULTRALYTICS
from playground.core.errors import ModelUnavailable
from playground.hub import yolo_files
from tests import yolo_file

SHARED = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test data in {SHARED}")

BUILT = {
    "yolo11n": ("detect", False), "yolo11n-seg": ("segment", False), "yolo11n-pose": ("pose", False),
    "yolov8n-seg": ("segment", False), "yolo26n": ("detect", True), "yolo26n-seg": ("segment", True),
    "yolo26n-pose": ("pose", True), "yolov5n": ("detect", False), "yolov9t": ("detect", False),
    "yolov10n": ("detect", True), "yolo12n": ("detect", False),
}  # fmt: skip


def card(path: Path, task: str = "detect") -> Card:
    return Card(
        name=path.stem,
        title=path.stem,
        summary="-",
        task=task,
        source=Local("", (path.name,)),
        architecture=ULTRALYTICS,
    )


def opened(path: Path) -> yolo_files.Opened:
    return yolo_files.detector(card(path), path.parent)


def refusal(path: Path) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        opened(path)
    words = str(caught.value)
    assert path.name in words or path.stem in words
    assert "\n" not in words and len(words) < 400
    return words


class Called:
    """Pickled as a call."""

    def __init__(self, function: Any, *given: Any) -> None:
        self.call = function, given

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


@pytest.mark.parametrize("name", BUILT)
def test_every_generation_and_head_is_opened(tmp_path: Path, name: str) -> None:
    found = opened(yolo_file.made(tmp_path, name))
    task, end_to_end = BUILT[name]
    network = found.network
    assert ("segment" if network.masks else "pose" if network.points[0] else "detect") == task
    assert (network.end_to_end, network.strides, network.classes) == (end_to_end, (8, 16, 32), 3)
    assert (found.names, found.side) == (("kind 0", "kind 1", "kind 2"), 320)
    kinds = {type(one) for one in network.modules()}
    assert not any("shell_of" in vars(kind) for kind in kinds)
    assert not any(one.requires_grad or one.dtype != torch.float32 for one in network.parameters())


def test_every_name_on_the_list_is_a_part_of_a_network() -> None:
    for name in yolo_files.FILLED:
        real = vars(yolo_files._shell(name))["shell_of"]
        assert issubclass(real, torch.nn.Module) and f"{real.__module__}.{real.__name__}" == name
        assert real.__reduce__ is object.__reduce__ and real.__new__ is object.__new__
        with pytest.raises(TypeError, match="was called"):
            yolo_files._shell(name)()


def test_a_command_in_a_checkpoint_is_named_and_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    path = yolo_file.made(tmp_path, "yolo11n", note=Called(os.system, f"touch {trace}"))
    assert "system" in refusal(path) and not trace.exists()


def test_a_network_that_a_file_calls_into_being_runs_no_code_of_its_configuration(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f"__import__('pathlib').Path({str(trace)!r}).touch() or torch.nn.SiLU()"
    said = {"nc": 1, "activation": code, "backbone": [[-1, 1, "Conv", [8, 3, 2]]], "head": []}
    path = yolo_file.made(tmp_path, "yolo11n", note=Called(DetectionModel, said))
    assert "DetectionModel was called" in refusal(path) and not trace.exists()


def test_what_training_leaves_in_a_file_is_left_out(tmp_path: Path) -> None:
    model = yolo_file.network("yolo11n")
    model.args = IterableSimpleNamespace(box=7.5, cls=0.5, dfl=1.5, imgsz=256)
    model.criterion = model.init_criterion()
    path = yolo_file.checkpoint(tmp_path / "last.pt", model, ema=model, train_args={"imgsz": [256, 192]})
    assert opened(path).side == 256


def test_what_finds_no_objects_is_said(tmp_path: Path) -> None:
    assert "ClassificationModel, which finds no objects" in refusal(yolo_file.made(tmp_path, "yolo11n-cls"))
    assert "OBBModel" in refusal(yolo_file.made(tmp_path, "yolo11n-obb"))
    torch.save({"a": torch.zeros(3)}, tmp_path / "numbers.pt")
    assert "there is no network in it" in refusal(tmp_path / "numbers.pt")


def test_a_network_that_is_not_what_it_claims_to_be_gets_a_sentence(tmp_path: Path) -> None:
    model = yolo_file.network("yolo11n")
    model.names = {0: "one"}
    assert "3 classes, and not as many names" in refusal(yolo_file.checkpoint(tmp_path / "names.pt", model))
    model = yolo_file.network("yolo11n")
    del model.model[-1].stride
    assert "stride" in refusal(yolo_file.checkpoint(tmp_path / "stride.pt", model))


def test_a_broken_file_gets_a_sentence(tmp_path: Path) -> None:
    path = yolo_file.made(tmp_path, "yolo11n")
    os.truncate(path, 300_000)
    assert "cut short" in refusal(path)
    (tmp_path / "page.pt").write_text("<html>")
    assert "is no checkpoint" in refusal(tmp_path / "page.pt")
    assert "is not on disk" in refusal(tmp_path / "none.pt")


@shared
def test_the_truncated_file_gets_a_clear_error(tmp_path: Path) -> None:
    shutil.copy(SHARED / "corrupt" / "truncated-yolo11n.pt", tmp_path)
    assert "cut short" in refusal(tmp_path / "truncated-yolo11n.pt")


@shared
def test_the_official_network_is_opened_with_its_80_names() -> None:
    found = opened(SHARED / "weights" / "yolo" / "yolo11n.pt")
    assert (len(found.names), found.names[5], found.side, found.network.end_to_end) == (80, "bus", 640, False)
