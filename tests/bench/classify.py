"""Image classification, from a file's bytes to its five likeliest classes: ``python tests/bench/classify.py [--rounds 9]``.

Ours (what a page or the command line asks) against timm by hand, as its own README shows it: ``create_model``,
``create_transform``, ``Image.open``, ``model(x).softmax``, one picture after the other, in inference mode. Both in one process,
interleaved, medians. Real weights and photos where the test data are, else random ones. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
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
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from playground.catalog import exports
from playground.catalog.listing import Catalog
from playground.core.vision import Classified, Classify, Photo
from playground.data.pictures import read_picture
from playground.hub import answers
from playground.hub.desk import Desk
from tests.timm_folder import DATA, drawn

NAMES = ("mobilenetv2_100", "mobilenetv3_small_100", "resnet50", "vit_tiny_patch16_224")
SEVERAL = 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--models", default=",".join(NAMES))
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")
    photos = files()
    sizes = [Image.open(io.BytesIO(photo.content)).size for photo in photos]
    print(
        f"{len(photos)} photos of {min(sizes)} to {max(sizes)} pixels, {np.mean([len(p.content) for p in photos]) / 1e3:.0f} kB each"
    )
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder)
        desk = Desk(models, budget=10**10, megabytes=20, megapixels=50, pictures=0)  # nothing is remembered
        print(f"memory with the libraries, no model: {resident():.0f} MB")
        for name in given.models.split(","):
            measure(desk, models, name, photos, given.rounds)
        held = ", ".join(f"{one.name} {one.bytes / 1e6:.0f} ({one.engine})" for one in desk.standing())
        print(f"memory with all of them: {resident():.0f} MB; counted: {held}")
        for one in desk.standing():
            desk.evict(one.name)
        print(f"after letting go of all: {resident():.0f} MB")
        desk.close()


def measure(desk: Desk, models: Path, name: str, photos: list[Photo], rounds: int) -> None:
    """One model: batch 1 and several at once, with and without the quicker copy."""
    real = install(models, name)
    hand = timm.create_model(f"local-dir:{models / name}", pretrained=True).eval()
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(hand), is_training=False)

    def naive(batch: list[Photo]) -> list[Any]:
        found = []
        for photo in batch:
            image = Image.open(io.BytesIO(photo.content)).convert("RGB")
            with torch.inference_mode():
                found.append(torch.topk(hand(transform(image).unsqueeze(0)).softmax(dim=1), k=5))
        return found

    card = Catalog.read(models)[name]

    def ours(batch: list[Photo]) -> list[Any]:
        return answers.classify(desk, card, [Classify(photo) for photo in batch], lambda words: None)

    before = resident()
    ours(photos[:1])
    loaded = resident()
    plain = compare(naive, ours, photos, 1, rounds)
    began = time.perf_counter()
    while desk.improve():
        pass
    making = time.perf_counter() - began
    note = exports.read(card, models)
    one, many = compare(naive, ours, photos, 1, rounds), compare(naive, ours, photos, SEVERAL, max(3, rounds // 3))
    worst = max(
        abs(p.score - float(value))
        for answer, wanted in zip(ours(photos[:10]), naive(photos[:10]), strict=True)
        if isinstance(answer, Classified)
        for p, value in zip(answer.predictions, wanted.values[0], strict=True)
    )
    print(f"{name} ({'real' if real else 'random'} weights)")
    for title, found in (("PyTorch alone, one", plain), ("one", one), (f"{SEVERAL} at once, each", many)):
        print(f"  {title:20} by hand {found[0]:7.2f} ms   ours {found[1]:7.2f} ms   x {found[0] / found[1]:.2f}")
    print(f"  largest difference of a score: {worst:.1e}; copy made in {making:.0f} s, alone {note}")
    print(
        f"  memory: {before:.0f} MB before, {loaded:.0f} loaded, {resident():.0f} with its copy (and the one by hand)"
    )


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


def install(models: Path, name: str) -> bool:
    """Put a model's files into the folder; true where they are the real ones."""
    place = models / name
    place.mkdir()
    real = DATA / "weights/timm" / name
    if real.is_dir():
        for file in real.iterdir():
            (place / file.name).symlink_to(file)
        return True
    torch.manual_seed(0)
    network = timm.create_model(name)
    save_file(network.state_dict(), place / "model.safetensors")
    config = {"architecture": name, "num_classes": 1000, "pretrained_cfg": {}}
    keys = ("input_size", "crop_pct", "crop_mode", "interpolation", "mean", "std")
    config["pretrained_cfg"] = {key: network.pretrained_cfg[key] for key in keys if key in network.pretrained_cfg}
    (place / "config.json").write_text(json.dumps(config))
    return False


def files() -> list[Photo]:
    """Photos as they are uploaded."""
    found = sorted((DATA / "photos/imagenet").glob("*.JPEG")) if DATA.is_dir() else []
    if found:
        photos = [Photo(path.read_bytes(), path.name) for path in found]
        # One that the camera turned is another question by hand, which takes it as it lies.
        return [photo for photo in photos if not read_picture(photo.content, photo.name).notes]
    made = []
    for seed in range(30):
        written = io.BytesIO()
        drawn(seed, (500, 375)).save(written, "JPEG", quality=90)
        made.append(Photo(written.getvalue(), f"{seed}.jpg"))
    return made


def resident() -> float:
    """Memory of this process, in MB."""
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
