"""Networks of ultralytics' with weights by chance, and checkpoints of them: what tests open where no real one is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from ultralytics.nn.tasks import (
    ClassificationModel,
    DetectionModel,
    OBBModel,
    PoseModel,
    SegmentationModel,
    guess_model_task,
    yaml_model_load,
)

import playground.hub.yolo_network  # noqa: F401 - gives back Pillow's way to open pictures, which ultralytics takes

KINDS: dict[str, Any] = {
    "detect": DetectionModel,
    "segment": SegmentationModel,
    "pose": PoseModel,
    "classify": ClassificationModel,
    "obb": OBBModel,
}


def network(name: str, classes: int = 3, *, lively: bool = False) -> Any:
    """A network by the name of its description (``yolo11n-seg``), in evaluation mode.

    Where it is to be lively its scores are spread over 0 to 1; else they are all nearly nothing.
    """
    torch.manual_seed(0)
    said = yaml_model_load(f"{name}.yaml")
    model = KINDS[guess_model_task(said)](said, nc=classes, verbose=False)
    model.names = {index: f"kind {index}" for index in range(classes)}
    if not lively:
        return model.eval()
    coarse = torch.nn.functional.interpolate(torch.rand(4, 3, 12, 12), size=128, mode="bicubic")
    with torch.no_grad():
        for one in model.modules():
            if isinstance(one, torch.nn.BatchNorm2d):
                one.momentum = 1.0
        model.train()(coarse)  # so that no layer's output is nearly the same everywhere
    head = model.model[-1]
    for heads in (getattr(head, "cv3", None), getattr(head, "one2one_cv3", None)):
        for one in heads or ():
            torch.nn.init.normal_(one[-1].weight, std=0.3 / one[-1].in_channels ** 0.5)
            torch.nn.init.constant_(one[-1].bias, -2.0)
    return model.eval()


def checkpoint(path: Path, model: Any, **said: object) -> Path:
    """A file as ultralytics' training leaves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    task = next(task for task, kind in KINDS.items() if type(model) is kind)
    torch.save({"epoch": -1, "ema": None, "model": model, "train_args": {"imgsz": 320, "task": task}, **said}, path)
    return path


def made(place: Path, name: str, classes: int = 3, *, lively: bool = False, **said: object) -> Path:
    """A checkpoint of such a network in a folder."""
    return checkpoint(place / f"{name}.pt", network(name, classes, lively=lively), **said)
