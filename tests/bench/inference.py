"""Questions to a pretrained model: ``python tests/bench/inference.py --models FOLDER --photos FOLDER [--rounds 5]``.

One visitor, then twenty at once, each with pictures of their own, on one model; latency, and memory of both processes.
No picture is asked about twice, so that nothing is remembered. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from playground.catalog.listing import Catalog
from playground.core.settings import Settings
from playground.core.vision import Classified, Classify, Photo
from playground.jobs.inference import WorkerInference

VISITORS = 20


def own_megabytes() -> float:
    """Memory of this process, which stands for the web process: it imports what that imports of the queue."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def told(seconds: list[float]) -> str:
    """Median and the slowest twentieth."""
    ordered = sorted(seconds)
    return (
        f"median {1e3 * statistics.median(ordered):.0f} ms, p95 {1e3 * ordered[int(0.95 * (len(ordered) - 1))]:.0f} ms"
    )


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="models folder; without it the starter answers")
    parser.add_argument("--model", default="", help="name of the model; the first that is on disk")
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        folder = given.models or Path(empty)
        catalog = Catalog.read(folder)
        ready = {card.name: card for card in catalog.ready("classify")}
        card = ready[given.model] if given.model else list(ready.values())[-1]
        files = sorted(path for path in given.photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        contents = [path.read_bytes() for path in files]
        count = 0

        def ask(visitor: int) -> tuple[float, Classified]:
            nonlocal count
            count += 1  # bytes after the picture's end change nothing but its identity
            photo = Photo(contents[count % len(contents)] + count.to_bytes(8, "big"), f"{count}.jpg")
            began = time.monotonic()
            answer = worker.ask("classify", card, Classify(photo), visitor=str(visitor)).result(120)
            return time.monotonic() - began, answer

        print(f"{platform.machine()}, {os.cpu_count()} cores, load before {os.getloadavg()[2]:.1f}; {card.title}")
        worker = WorkerInference(Settings(), folder)
        before, began = own_megabytes(), time.monotonic()
        worker.start()
        try:
            while not worker.ready:
                time.sleep(0.01)
            print(f"warm after {time.monotonic() - began:.2f} s; the worker takes {worker.megabytes or 0:.0f} MB")
            seconds, first = ask(0)
            print(
                f"first answer (loads the model) after {seconds:.2f} s; {worker.megabytes or 0:.0f} MB; {first.engine}"
            )
            alone = [ask(0) for _ in range(10 * given.rounds)]
            print(f"one visitor:  {told([took for took, _ in alone])}, by {alone[-1][1].engine}")
            with ThreadPoolExecutor(VISITORS) as visitors:
                for number in range(given.rounds):
                    round_began = time.monotonic()
                    found = list(visitors.map(ask, range(VISITORS)))
                    whole = time.monotonic() - round_began
                    sizes = statistics.mean(answer.batch for _, answer in found)
                    print(
                        f"{VISITORS} at once, round {number + 1}: {told([took for took, _ in found])}, all in {whole:.2f} s "
                        f"({VISITORS / whole:.0f} a second, {sizes:.1f} together); worker {worker.megabytes or 0:.0f} MB"
                    )
            print(f"this process: {before:.0f} MB before, {own_megabytes():.0f} MB after")
        finally:
            worker.stop()


if __name__ == "__main__":
    main()
