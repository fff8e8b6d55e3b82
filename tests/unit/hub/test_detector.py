"""Detectors propose the boxes that ``YOLO(path).predict(...)`` proposes."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import ultralytics
from PIL import Image
from ultralytics import YOLO
from ultralytics.data.augment import LetterBox
from ultralytics.utils import ops

from playground.catalog.card import Card, Local
from playground.catalog.cards_yolo import FROM_YAML, ULTRALYTICS
from playground.catalog.listing import Catalog
from playground.core.detection import FLOOR, Candidates
from playground.core.errors import InputError, ModelUnavailable
from playground.data.examples import OBJECTS
from playground.functional.suppression import KEPT, suppress
from playground.hub import classify, detector
from playground.hub.desk import Desk
from playground.hub.detector import Detector
from playground.hub.exporting import scenes
from playground.hub.letterbox import letterbox
from tests import yolo_file

SHARED = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test data in {SHARED}")
YOLOS = SHARED / "weights" / "yolo"


def load(path: Path, task: str = "detect") -> Detector:
    source = Local("", (path.name,))
    card = Card(name=path.stem, title=path.stem, summary="-", task=task, source=source, architecture=ULTRALYTICS)
    return detector.load(card, path.parent).model


def candidates(model: Detector, image: Image.Image, side: int = 0) -> tuple[Candidates, Any, Any]:
    (fed,) = model.prepare([image], side)
    rows, prototypes = model.raw(fed.pixels)
    found, heat, grids = model.candidates(rows[0], fed, *image.size)
    assert len(heat) == rows.shape[2] == sum(grid.rows * grid.columns for grid in grids)
    return found, fed, prototypes


def twins(found: Candidates, boxes: Any) -> list[Any]:
    """For each of predict's boxes the candidates that are the same one, within a pixel and a hundredth; all must be found."""
    places = []
    for box, score, label in zip(boxes.xyxy.numpy(), boxes.conf.numpy(), boxes.cls.numpy(), strict=True):
        same = (np.abs(found.boxes - box).max(axis=1) < 1) & (np.abs(found.scores - score) < 0.01)
        places.append(np.flatnonzero(same & (found.labels == label)))
        assert len(places[-1])
    return places


@pytest.mark.parametrize("name", ["yolo11n-seg", "yolo11n-pose", "yolo26n", "yolo26n-seg", "yolo26n-pose"])
def test_every_head_proposes_what_predict_proposes(tmp_path: Path, name: str) -> None:
    path = yolo_file.made(tmp_path, name, lively=True)
    image, model = scenes(1)[0], load(path)
    found, fed, prototypes = candidates(model, image)
    assert (np.diff(found.scores) <= 0).all() and found.scores[-1] >= FLOOR
    # predict can use either head of a network that has two
    said: dict[str, Any] = {"nms": False} if model.end_to_end else {}
    (by_hand,) = YOLO(path).predict(image, conf=0.01, iou=1.0, max_det=60, verbose=False, imgsz=320, **said)
    assert len(by_hand.boxes) > 20
    places = twins(found, by_hand.boxes)
    if by_hand.keypoints is not None:
        assert found.keypoints is not None
        for same, points in zip(places, by_hand.keypoints.data.numpy(), strict=True):
            assert np.abs(found.keypoints[same] - points).max(axis=(1, 2)).min() < 1
    if by_hand.masks is not None:
        assert found.coefficients is not None
        shrunk = found.boxes * np.float32(fed.width / image.width) + np.tile(np.float32([fed.left, fed.top]), 2)
        for same, mask in zip(places, by_hand.masks.data, strict=True):
            mixed = ops.process_mask(
                torch.from_numpy(prototypes[0]), torch.from_numpy(found.coefficients[same]),
                torch.from_numpy(shrunk[same]), fed.size, upsample=True,
            )  # fmt: skip
            assert (mixed != mask).float().mean(dim=(1, 2)).min() < 0.01


def test_half_precision_moves_no_edge_by_a_pixel_and_no_score_by_a_hundredth() -> None:
    model = detector.load(Catalog.read(Path("nowhere")).cards["starter_scenes"], Path("nowhere")).model
    assert not model.half, "processors keep full precision"
    (fed,) = model.prepare([Image.open(io.BytesIO(OBJECTS["photograph"].photo().content)).convert("RGB")])
    whole, _ = model.by_torch(fed.pixels)
    model.half = True
    half, _ = model.by_torch(fed.pixels)
    assert np.abs(half - whole).max() > 0, "it is half indeed"
    scores = slice(4, 4 + len(model.names))
    assert np.abs(half[:, scores] - whole[:, scores]).max() < 0.01
    sure = whole[:, scores].max(axis=1) > 0.05
    assert np.abs(half[:, :4] - whole[:, :4]).max(axis=1)[sure].max() < 1


def same_after_suppression(model: Detector, path: Path, image: Image.Image, confidence: float) -> list[str]:
    found, _, _ = candidates(model, image)
    fate = suppress(found.boxes, found.scores, found.labels, confidence=confidence, iou=0.7)
    kept = np.flatnonzero(fate == KEPT)
    (by_hand,) = YOLO(path).predict(image, conf=confidence, iou=0.7, verbose=False)
    assert sorted(int(same[0]) for same in twins(found, by_hand.boxes)) == sorted(kept.tolist())
    return [model.names[found.labels[index]] for index in kept]


@shared
def test_the_bus_and_its_four_people_are_where_predict_finds_them() -> None:
    path = YOLOS / "yolo11n.pt"
    model = load(path)
    with Image.open(Path(ultralytics.__file__).parent / "assets" / "bus.jpg") as bus:
        assert same_after_suppression(model, path, bus.convert("RGB"), 0.25) == ["bus", *["person"] * 4]
    with Image.open(sorted((SHARED / "photos" / "coco").rglob("*.jpg"))[0]) as photo:
        assert same_after_suppression(model, path, photo.convert("RGB"), 0.1)


@pytest.mark.parametrize(("width", "height"), [(810, 1080), (333, 97), (97, 333), (640, 640), (3, 2000), (20, 20)])
def test_a_picture_is_fed_as_ultralytics_feeds_it(width: int, height: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    fed = letterbox(Image.fromarray(pixels), 320, 32)
    by_hand = LetterBox((320, 320), auto=True, stride=32)(image=pixels)
    assert np.array_equal(fed.pixels[0], by_hand.transpose(2, 0, 1).astype(np.float32) / np.float32(255))
    corners = np.array([[0, 0, *reversed(fed.size)]], np.float32)
    back = ops.scale_boxes(fed.size, corners.copy(), (height, width))
    assert np.abs(fed.back(corners.reshape(-1, 2, 2), width, height).reshape(-1, 4) - back).max() < 1e-3
    inside = fed.seen
    assert 0 <= inside.left < inside.right <= 1 and 0 <= inside.top < inside.bottom <= 1


def test_threads_with_pictures_of_different_shapes_do_not_mix_them_up(tmp_path: Path) -> None:
    model = load(yolo_file.made(tmp_path, "yolo11n", lively=True))
    images = [scenes(1)[0].resize(size) for size in ((96, 64), (64, 96), (64, 64), (128, 32))] * 3
    alone = [candidates(model, image, 64)[0] for image in images]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda image: candidates(model, image, 64)[0], images))
    for one, other in zip(alone, together, strict=True):
        assert one.boxes.shape == other.boxes.shape and np.abs(one.boxes - other.boxes).max() < 0.01


def test_a_side_is_rounded_up_or_refused_in_words(tmp_path: Path) -> None:
    model = load(yolo_file.made(tmp_path, "yolo11n"))
    image = Image.new("RGB", (200, 200))
    assert (model.prepare([image])[0].size, model.prepare([image], 90)[0].size) == ((320, 320), (96, 96))
    for side in (5, 1281, -32):
        with pytest.raises(InputError, match="32 to 1280"):
            model.prepare([image], side)


def test_the_desk_has_detectors_and_classifiers_and_knows_which_is_which(tmp_path: Path) -> None:
    yolo_file.made(tmp_path, "yolo11n", classes=2)
    yolo_file.made(tmp_path, "yolo11n-cls", classes=2)
    cards = Catalog.read(tmp_path).cards
    desk = Desk(tmp_path, budget=10**9, megabytes=1, megapixels=1)
    with desk.detector(cards["yolo11n"]) as found, desk.classifier(cards["yolo11n-cls"]) as other:
        assert found.names == other.labels == ("kind 0", "kind 1")
        assert {one.name for one in desk.standing()} == {"yolo11n", "yolo11n-cls"}
    with pytest.raises(ModelUnavailable, match="finds no objects"), desk.detector(cards["yolo11n-cls"]):
        pass
    with pytest.raises(ModelUnavailable, match="does not classify"), desk.classifier(cards["yolo11n"]):
        pass
    desk.close()


def test_the_detector_that_comes_with_the_playground_is_opened() -> None:
    card = Catalog.read(Path("nowhere")).cards["starter_scenes"]
    assert (card.architecture, card.task) == (FROM_YAML, "detect") and card.parameters > 100_000
    model = detector.load(card, Path("nowhere")).model
    assert (len(model.names), model.side) == (18, 320)


@shared
def test_a_users_classifier_says_what_predict_says() -> None:
    found = Catalog.read(YOLOS).cards["catdog-yolo11n-cls"]
    model, by_hand = classify.load(found, YOLOS).model, YOLO(YOLOS / "catdog-yolo11n-cls.pt")
    photos = sorted((SHARED / "photos" / "catdog").rglob("*.jpg"))
    assert len(photos) == 12
    for path in photos:
        with Image.open(path) as photo:
            image = photo.convert("RGB")
        ours = model.probabilities([image])[0]
        assert model.labels[int(ours.argmax())] == path.name.split(".")[0]
        assert np.abs(ours - by_hand.predict(image, verbose=False)[0].probs.data.numpy()).max() < 1e-5
