"""The pretrained models of ultralytics that a visitor finds by name, task by task from small to large.

How many parameters each has is as the installed library builds it (a test compares); hashes and bytes are recorded beside the
files once they are fetched.
"""

from __future__ import annotations

from playground.catalog.card import Asset, Card, Starter
from playground.core.registry import Registry

ULTRALYTICS, FROM_YAML = "ultralytics", "ultralytics_yaml"
"""Architectures: a checkpoint of ultralytics', and a description with weights beside it."""

RELEASE = "v8.4.0"
"""Of the assets: the one that the installed library fetches from."""

OBJECTS = ("detect", "segment", "pose")
"""Tasks whose models find objects."""

_PAPERS = {
    "yolov8": "G. Jocher, A. Chaurasia, J. Qiu: Ultralytics YOLOv8, 2023",
    "yolo11": "G. Jocher, J. Qiu: Ultralytics YOLO11, 2024",
    "yolo26": "G. Jocher, J. Qiu: Ultralytics YOLO26, 2026",
}


def add(cards: Registry[Card]) -> None:
    """Add those that find objects."""
    cards.add(
        Card(
            name="starter_scenes",
            title="Starter: digits and shapes",
            summary="A small detector of our own that comes with the playground: ten digits and eight shapes.",
            task="detect",
            source=Starter("scenes", ("model.yaml", "model.safetensors")),
            architecture=FROM_YAML,
            labels="own",
            licence="AGPL-3.0",
            paper=_PAPERS["yolo11"],
        )
    )
    _add(
        cards,
        "detect",
        "yolov8n",
        3_157_200,
        "YOLOv8n",
        "An earlier generation: the one that many projects were built on.",
    )
    _add(
        cards, "detect", "yolo26n", 2_572_280, "YOLO26n",
        "The newest: proposes each object once, so nothing has to be suppressed.",
    )  # fmt: skip
    _add(
        cards, "detect", "yolo11n", 2_624_080, "YOLO11n",
        "The smallest of its family: 80 kinds of everyday objects, quick on a CPU.",
    )  # fmt: skip
    _add(
        cards, "detect", "yolo11s", 9_458_752, "YOLO11s", "The small size: more accurate than the smallest, and slower."
    )
    _add(
        cards, "detect", "yolo11m", 20_114_688, "YOLO11m",
        "The medium size: the most accurate here, and several times slower.",
    )  # fmt: skip
    _add(
        cards, "segment", "yolov8n-seg", 3_409_968, "YOLOv8n with masks",
        "An earlier generation that outlines what it finds.",
    )  # fmt: skip
    _add(cards, "segment", "yolo11n-seg", 2_876_848, "YOLO11n with masks", "Outlines what it finds, pixel by pixel.")
    _add(
        cards, "pose", "yolo26n-pose", 3_747_554, "YOLO26n with key points",
        "Finds people and their joints, and needs no suppression.",
    )  # fmt: skip
    _add(
        cards, "pose", "yolo11n-pose", 2_908_507, "YOLO11n with key points", "Finds people, and where their joints are."
    )


def add_classifier(cards: Registry[Card]) -> None:
    """Add the one that names whole pictures: it stands among the other classifiers, by its size."""
    cards.add(
        Card(
            name="yolo11n-cls",
            title="YOLO11n classifier",
            summary="The same backbone with a head that names the whole picture.",
            task="classify",
            source=Asset("yolo11n-cls.pt", RELEASE),
            architecture=ULTRALYTICS,
            parameters=2_812_104,
            input_size=(3, 224, 224),
            labels="imagenet-1k",
            licence="AGPL-3.0",
            paper=_PAPERS["yolo11"],
        )
    )


def _add(cards: Registry[Card], task: str, name: str, parameters: int, title: str, summary: str) -> None:
    """A network that finds objects, trained on COCO."""
    card = Card(
        name=name,
        title=title,
        summary=summary,
        task=task,
        source=Asset(f"{name}.pt", RELEASE),
        architecture=ULTRALYTICS,
        parameters=parameters,
        input_size=(3, 640, 640),
        labels="person" if task == "pose" else "coco",
        licence="AGPL-3.0",
        paper=next(paper for family, paper in _PAPERS.items() if name.startswith(family)),
    )
    cards.add(card)
