"""Checkpoints of ultralytics in the models folder are told without building any of them."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path

import pytest
import torch
from ultralytics.nn.tasks import yaml_model_load
from ultralytics.utils.downloads import GITHUB_ASSETS_NAMES, attempt_download_asset

from playground.catalog.card import Asset, Card, Local
from playground.catalog.cards import CARDS
from playground.catalog.cards_yolo import OBJECTS, RELEASE, ULTRALYTICS
from playground.catalog.listing import Catalog
from playground.catalog.scan import scan
from tests import yolo_file

SHARED = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test data in {SHARED}")
YOLOS = [card for card in CARDS.values() if isinstance(card.source, Asset)]


@pytest.mark.parametrize("card", YOLOS, ids=lambda card: card.name)
def test_a_card_says_what_the_library_builds_and_where_it_fetches_from(card: Card) -> None:
    assert isinstance(card.source, Asset) and card.source.file in GITHUB_ASSETS_NAMES
    assert attempt_download_asset.__defaults__ is not None and RELEASE in attempt_download_asset.__defaults__
    said = yaml_model_load(f"{card.name}.yaml")
    if card.task == "classify":
        said["nc"] = 1000
    with torch.device("meta") if card.task == "classify" else torch.no_grad():
        model = yolo_file.KINDS[card.task](said, verbose=False)
    assert sum(one.numel() for one in model.parameters()) == card.parameters


def test_what_lies_there_is_told_by_its_network(tmp_path: Path) -> None:
    for name in ("yolo11n", "yolo11n-seg", "yolo11n-pose", "yolo11n-cls"):
        yolo_file.made(tmp_path / "mine", name, classes=2)
    shutil.copy(tmp_path / "mine" / "yolo11n.pt", tmp_path / "yolo_balls.pt")
    torch.save({"weight": torch.zeros(3)}, tmp_path / "generator.pt")
    found = {one.path: one.card for one in scan(tmp_path) if one.card is not None}
    assert {path: card.task for path, card in found.items()} == {
        "yolo_balls.pt": "detect", "mine/yolo11n.pt": "detect", "mine/yolo11n-seg.pt": "segment",
        "mine/yolo11n-pose.pt": "pose", "mine/yolo11n-cls.pt": "classify",
    }  # fmt: skip
    balls = found["yolo_balls.pt"]
    assert (balls.name, balls.source, balls.architecture) == ("yolo_balls", Local("", ("yolo_balls.pt",)), ULTRALYTICS)
    assert "2 classes (kind 0, kind 1)" in balls.summary


def test_names_that_say_nothing_are_taken_from_the_folder_and_no_two_are_the_same(tmp_path: Path) -> None:
    path = yolo_file.made(tmp_path / "runs" / "balls" / "weights", "yolo11n").rename(
        tmp_path / "runs" / "balls" / "weights" / "best.pt"
    )
    shutil.copy(path, path.with_name("last.pt"))
    assert [one.card.name for one in scan(tmp_path) if one.card] == ["balls", "runs-balls-weights-last"]


def test_a_file_of_a_known_name_is_that_model_only_with_its_classes(tmp_path: Path) -> None:
    yolo_file.made(tmp_path / "mine", "yolo11n", classes=2)
    assert "2 classes" in Catalog.read(tmp_path / "mine").cards["yolo11n"].summary
    model = yolo_file.network("yolo11n", 80)
    model.names[0] = "person"
    yolo_file.checkpoint(tmp_path / "theirs" / "yolo11n.pt", model)
    catalog = Catalog.read(tmp_path / "theirs")
    card = catalog.cards["yolo11n"]
    assert (card.title, card.paper, card.labels) == (CARDS["yolo11n"].title, CARDS["yolo11n"].paper, "coco")
    assert catalog.best(OBJECTS) == card and list(catalog.ready(("detect",)))[-1] == card
    assert catalog.best("classify").name == "starter_cifar10"


def test_what_cannot_be_used_is_listed_with_the_reason(tmp_path: Path) -> None:
    yolo_file.made(tmp_path, "yolo11n-obb")
    os.truncate(yolo_file.made(tmp_path, "yolov8n"), 200_000)
    (tmp_path / "yolo_page.pt").write_text("<html>")
    (tmp_path / "other.pt").write_bytes(b"\x80\x02}.")
    for name in ("yolo_other.pt", "somebody.pt"):
        torch.save({"model": torch.nn.Linear(1, 1)}, tmp_path / name)
    found = {one.path: one.problem for one in scan(tmp_path)}
    assert "boxes that are turned, which is not supported here" in found.pop("yolo11n-obb.pt")
    assert "cut short" in found.pop("yolov8n.pt") and "cut short" in found.pop("yolo_page.pt")
    assert "no checkpoint of ultralytics'" in found.pop("yolo_other.pt")
    assert found == {}


def test_nothing_is_imported_to_tell(tmp_path: Path) -> None:
    source = importlib.import_module("playground.catalog.scan_yolo")
    assert not {"torch", "pickle", "ultralytics"} & set(vars(source))


@shared
def test_the_models_that_there_are_to_test_with_are_found() -> None:
    cards = Catalog.read(SHARED / "weights").cards
    assert cards["yolo11n"].title == "YOLO11n" and cards["yolo11n"].bytes > 5e6
    assert (cards["catdog-yolo11n-cls"].task, cards["catdog-yolo11n-cls"].labels) == ("classify", "own")
    (broken,) = scan(SHARED / "corrupt")
    assert broken.card is None and "cut short" in broken.problem
