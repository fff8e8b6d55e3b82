"""Detectors of a few layers with weights by chance: what tests run where the size of a real one would only cost time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playground.catalog.card import Card, Local

CLASSES = 3
_BACKBONE = [
    [-1, 1, "Conv", [8, 3, 2]], [-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [24, 3, 2]],
    [-1, 1, "Conv", [32, 3, 2]],
]  # fmt: skip
_HEADS = {
    "detect": ["Detect", ["nc"]], "segment": ["Segment", ["nc", 8, 16]], "pose": ["Pose", ["nc", [17, 3]]]
}  # fmt: skip


def network(task: str = "detect", *, end_to_end: bool = False, seed: int = 0) -> Any:
    """A network over strides 8, 16 and 32 whose scores are spread over 0 to 1, in evaluation mode."""
    import torch

    from tests.yolo_file import KINDS

    torch.manual_seed(seed)
    said: dict[str, Any] = {
        "nc": CLASSES, "backbone": _BACKBONE, "head": [[[2, 3, 4], 1, *_HEADS[task]]], "end2end": end_to_end
    }  # fmt: skip
    if task == "pose":
        said["kpt_shape"] = [17, 3]
    model = KINDS[task](said, verbose=False)
    model.names = {index: f"kind {index}" for index in range(CLASSES)}
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_var, 0.02, 0.1)  # no two pictures look alike
    head = model.model[-1]
    for heads in (head.cv3, getattr(head, "one2one_cv3", None)):
        for one in heads or ():
            torch.nn.init.normal_(one[-1].weight, std=1.5)
            torch.nn.init.normal_(one[-1].bias, mean=-2.0, std=0.5)
    return model.eval()


def put(models: Path, name: str = "tiny", task: str = "detect", *, end_to_end: bool = False, seed: int = 0) -> Card:
    """Such a network as a file in a models folder, and its card."""
    from tests.yolo_file import checkpoint

    checkpoint(models / f"{name}.pt", network(task, end_to_end=end_to_end, seed=seed))
    return Card(
        name=name, title=name.capitalize(), summary="Made for a test.", task=task, source=Local("", (f"{name}.pt",)),
        architecture="ultralytics",
    )  # fmt: skip
