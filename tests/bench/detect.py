"""Object detection, from a picture file's bytes to its boxes: ``python tests/bench/detect.py [--rounds 9] [--score]``.

Ours (what a page or the command line asks) against ``YOLO(path).predict(...)`` by hand, as its own README shows it, one picture
after the other. Both in one process, interleaved, medians; PyTorch alone, then with the quicker copy; then several at once.
Real weights and photos where the test data are, else random ones. With ``--score`` also mAP50-95 on COCO's photos there, by
ultralytics' own metrics: those are pictures that the model was trained on. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["YOLO_CONFIG_DIR"] = tempfile.gettempdir()  # its settings, where by hand it would write them into the home
os.environ["YOLO_AUTOINSTALL"] = "false"
os.environ["YOLO_OFFLINE"] = "true"
import torch
from PIL import Image

from playground.catalog import exports
from playground.catalog.card import Card, Local
from playground.core.detection import Detect, Detected, Thing, Thresholds
from playground.core.vision import Photo
from playground.data.pictures import read_picture
from playground.functional.things import things
from playground.hub import detect
from playground.hub.desk import Desk
from tests import yolo_file
from tests.timm_folder import DATA, drawn

SEVERAL = 8
PREDICT = Thresholds(0.25, 0.7)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--model", default="yolo11n", help="a description of ultralytics', or yolo11n with real weights"
    )
    parser.add_argument("--score", action="store_true", help="mAP on COCO's photos, too")
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")
    photos = files()
    with tempfile.TemporaryDirectory() as folder:
        card, real = install(Path(folder), given.model)
        desk = Desk(Path(folder), budget=10**10, megabytes=20, megapixels=50, pictures=0)  # nothing is remembered
        print(f"{card.name} ({'real' if real else 'random'} weights), {len(photos)} photos")
        measure(desk, card, Path(folder), photos, given.rounds)
        if given.score:
            score(desk, card)
        desk.close()
    print(f"load {os.getloadavg()[0]:.1f}")


def measure(desk: Desk, card: Card, folder: Path, photos: list[Photo], rounds: int) -> None:
    """Batch 1 and several at once, with and without the quicker copy."""
    from ultralytics import YOLO

    hand = YOLO(str(folder / card.source.files[-1]))

    def naive(batch: list[Photo]) -> list[Any]:
        return [hand.predict(Image.open(io.BytesIO(photo.content)), verbose=False)[0] for photo in batch]

    def ours(batch: list[Photo]) -> list[tuple[Thing, ...]]:
        found = detect.detect(desk, card, [Detect(photo) for photo in batch], lambda words: None)
        return [things(one, PREDICT) for one in found if isinstance(one, Detected)]

    before = resident()
    ours(photos[:1])
    print(f"  memory: {before:.0f} MB before, {resident():.0f} loaded")
    told("PyTorch alone, one", compare(naive, ours, photos, 1, max(3, rounds // 2)))
    began = time.perf_counter()
    while desk.improve():
        pass
    print(f"  copy made in {time.perf_counter() - began:.0f} s: {exports.read(card, folder)}")
    told("one", compare(naive, ours, photos, 1, rounds))
    told(f"{SEVERAL} at once, each", compare(naive, ours, photos, SEVERAL, max(3, rounds // 3)))
    pixels, scores, missed = apart(naive(photos), ours(photos))
    print(f"  the same objects but {missed}; boxes {pixels:.2f} px, scores {scores:.4f} apart at most")
    print(f"  memory: {resident():.0f} MB with the copy, and the one by hand")


def told(title: str, found: tuple[float, float]) -> None:
    """One line."""
    print(f"  {title:20} by hand {found[0]:7.1f} ms   ours {found[1]:7.1f} ms   x {found[0] / found[1]:.2f}")


def compare(
    naive: Callable[[list[Photo]], Any], ours: Callable[[list[Photo]], Any], photos: list[Photo], size: int, rounds: int
) -> tuple[float, float]:
    """Milliseconds a picture of both, interleaved; medians over rounds of other photos each."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(-2, rounds):
        start = (round_ + 2) * size % len(photos)
        batch = [photos[(start + offset) % len(photos)] for offset in range(size)]
        for way, kept in zip((naive, ours), times, strict=True):
            began = time.perf_counter()
            way(batch)
            if round_ >= 0:
                kept.append((time.perf_counter() - began) / size * 1e3)
    return statistics.median(times[0]), statistics.median(times[1])


def apart(wanted: list[Any], found: list[tuple[Thing, ...]]) -> tuple[float, float, int]:
    """The largest difference of an edge and of a score, and how many objects only one of both has."""
    pixels = scores = 0.0
    missed = 0
    for one, ours in zip(wanted, found, strict=True):
        rest = list(ours)
        for box, label, score in zip(
            one.boxes.xyxy.tolist(), one.boxes.cls.tolist(), one.boxes.conf.tolist(), strict=True
        ):
            far = [
                (float(np.abs(np.subtract(thing.box, box)).max()), thing) for thing in rest if thing.index == int(label)
            ]
            distance, thing = min(far, key=lambda pair: pair[0], default=(np.inf, None))
            if thing is None or distance > 5:
                missed += 1
                continue
            rest.remove(thing)
            pixels, scores = max(pixels, distance), max(scores, abs(thing.score - score))
        missed += len(rest)
    return pixels, scores, missed


def score(desk: Desk, card: Card) -> None:
    """Print mAP on COCO's photos, by ultralytics' own metrics."""
    from ultralytics.utils.metrics import ap_per_class, box_iou

    images = sorted((DATA / "photos/coco").rglob("*.jpg"))
    if not images:
        print("  no COCO photos: no score")
        return
    steps = torch.linspace(0.5, 0.95, 10)
    stats: dict[str, list[Any]] = {"tp": [], "conf": [], "pred_cls": [], "target_cls": []}
    for image in images:
        (answer,) = detect.detect(desk, card, [Detect(Photo(image.read_bytes(), image.name))], lambda words: None)
        assert isinstance(answer, Detected)
        found = things(answer, Thresholds(0.001, 0.7), outlined=2)
        label = Path(str(image.with_suffix(".txt")).replace("/images/", "/labels/"))
        rows = (
            [[float(part) for part in line.split()] for line in label.read_text().splitlines()]
            if label.is_file()
            else []
        )
        true = np.array(rows, dtype=np.float64).reshape(-1, 5)
        size = np.array([answer.width, answer.height])
        corners = np.concatenate([(true[:, 1:3] - true[:, 3:] / 2) * size, (true[:, 1:3] + true[:, 3:] / 2) * size], 1)
        boxes, kinds = np.array([one.box for one in found]).reshape(-1, 4), np.array([one.index for one in found])
        shared = box_iou(torch.tensor(corners), torch.tensor(boxes)).numpy()
        shared *= true[:, :1] == kinds[None]
        right = np.zeros((len(found), len(steps)), bool)
        for column, least in enumerate(steps.tolist()):
            pairs = np.array(np.nonzero(shared >= least)).T
            pairs = pairs[shared[pairs[:, 0], pairs[:, 1]].argsort()[::-1]]
            pairs = pairs[np.unique(pairs[:, 1], return_index=True)[1]]
            pairs = pairs[np.unique(pairs[:, 0], return_index=True)[1]]
            right[pairs[:, 1], column] = True
        for name, part in (
            ("tp", right),
            ("conf", [one.score for one in found]),
            ("pred_cls", kinds),
            ("target_cls", true[:, 0]),
        ):
            stats[name].append(np.array(part))
    whole = {name: np.concatenate(parts) for name, parts in stats.items()}
    ap = ap_per_class(whole["tp"], whole["conf"], whole["pred_cls"], whole["target_cls"])[5]  # (classes, steps)
    print(
        f"  {len(images)} COCO photos that the model was trained on, {len(whole['target_cls'])} objects: mAP50-95 {ap.mean():.3f}, "
        f"mAP50 {ap[:, 0].mean():.3f}"
    )


def install(models: Path, name: str) -> tuple[Card, bool]:
    """Put a model's file into the folder; true where it is the real one."""
    file, real = models / f"{name}.pt", DATA / "weights/yolo" / f"{name}.pt"
    if real.is_file():
        shutil.copy(real, file)
    else:
        yolo_file.checkpoint(file, yolo_file.network(name, 80))
    task = "segment" if name.endswith("-seg") else "pose" if name.endswith("-pose") else "detect"
    return (
        Card(
            name=name, title=name, summary="Measured.", task=task, source=Local("", (file.name,)), architecture="ultralytics"
        ),
        real.is_file(),
    )  # fmt: skip


def files() -> list[Photo]:
    """Photos as they are uploaded."""
    found = sorted((DATA / "photos/coco").rglob("*.jpg")) if DATA.is_dir() else []
    if found:
        photos = [Photo(path.read_bytes(), path.name) for path in found]
        # One that the camera turned is another question by hand, which takes it as it lies.
        return [photo for photo in photos if not read_picture(photo.content, photo.name).notes]
    made = []
    for seed in range(24):
        written = io.BytesIO()
        drawn(seed, (640, 480)).save(written, "JPEG", quality=90)
        made.append(Photo(written.getvalue(), f"{seed}.jpg"))
    return made


def resident() -> float:
    """Memory of this process, in MB."""
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
