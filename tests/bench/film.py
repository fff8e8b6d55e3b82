"""A clip beside photos: ``python tests/bench/film.py [--models FOLDER] [--model NAME] [--clip FILE] [--rate 5]``.

One visitor has a clip of 30 s looked through while another asks about a new photo every second: how long each photo waits
and how long the clip takes, next to the same photos alone. No photo is asked about twice. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.core import libraries, paths
from playground.core.detection import Detect, Film, Filmed
from playground.core.settings import Settings
from playground.core.vision import Photo
from playground.jobs.inference import WorkerInference

EVERY = 1.0
"""Seconds from photo to photo."""


def thirty_seconds(path: Path) -> Path:
    """The clip of ours, five times one after the other, in 1280 x 720."""
    from PIL import Image

    from playground.hub.film_reading import reading
    from playground.hub.film_writing import Mp4

    with reading(paths.SAMPLES / "clips" / "shapes.mp4", "shapes.mp4") as clip, Mp4(20) as made:
        frames = [frame.image.resize((1280, 720), Image.Resampling.BICUBIC) for frame in clip.frames(20, 60)]
        for number in range(600):
            made.add(frames[number % len(frames)], number / 20)
        path.write_bytes(made.finish())
    return path


def photo(number: int) -> Photo:
    """A photo that nobody has asked about: noise in 1280 x 960."""
    from PIL import Image

    held = io.BytesIO()
    noise = np.random.default_rng(number).integers(0, 255, (60, 80, 3), np.uint8)
    Image.fromarray(noise).resize((1280, 960)).save(held, "JPEG", quality=85)
    return Photo(held.getvalue(), f"{number}.jpg")


def photos(worker: WorkerInference, card: Card, first: int, going: threading.Event, least: int) -> list[float]:
    """Ask about one photo after the other; seconds that each took."""
    took = list[float]()
    while going.is_set() or len(took) < least:
        question = Detect(photo(first + len(took)))
        began = time.perf_counter()
        worker.ask("detect", card, question, visitor="photographer").result(120)
        took.append(time.perf_counter() - began)
        time.sleep(max(0.0, EVERY - took[-1]))
    return took


def told(seconds: list[float]) -> str:
    """Median and slowest."""
    return (
        f"{len(seconds)} photos, median {1e3 * statistics.median(seconds):.0f} ms, slowest {1e3 * max(seconds):.0f} ms"
    )


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="models folder; without it the starter answers")
    parser.add_argument("--model", default="starter_scenes")
    parser.add_argument("--clip", type=Path, help="without it: 30 s made from the clip of ours")
    parser.add_argument("--rate", type=float, default=5.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        folder = given.models or Path(empty)
        libraries.set_up(folder)
        card = Catalog.read(folder)[given.model]
        clip = given.clip or thirty_seconds(Path(empty) / "thirty.mp4")
        worker = WorkerInference(Settings(), folder)
        idle, going = threading.Event(), threading.Event()
        try:
            worker.ask("detect", card, Detect(photo(0)), visitor="photographer").result(300)
            print(
                f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores; {card.title}, {given.rate:g} frames a second"
            )
            print(f"alone:       {told(photos(worker, card, 1000, idle, 20))}")
            began = time.perf_counter()
            film = worker.ask(
                "film", card, Film(str(clip), clip.name, "", rate=given.rate), visitor="filmer", seconds=600
            )
            going.set()
            taken = list[float]()
            asker = threading.Thread(target=lambda: taken.extend(photos(worker, card, 2000, going, 1)))
            asker.start()
            while not film.done():
                _ = film.words  # somebody looks at it
                time.sleep(0.2)
            lasted = time.perf_counter() - began
            going.clear()
            asker.join()
            answer = film.result()
            assert isinstance(answer, Filmed)
            print(f"beside clip: {told(taken)}")
            frames = f"{len(answer.moments)} frames of {answer.duration:.1f} s in {lasted:.1f} s"
            print(f"the clip:    {frames}; {dict(answer.tracks)}; {answer.engine}", *answer.notes)
        finally:
            worker.stop()


if __name__ == "__main__":
    main()
