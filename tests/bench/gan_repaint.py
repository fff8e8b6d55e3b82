"""Repainting a sheet of samples: ``python tests/bench/gan_repaint.py [--rounds 40] [--n 64] [--pictures FOLDER]``.

For each starter: a question "generate" to the inference worker and back, as a slider's move asks it, beside plain PyTorch on the same
network in this process (layers as they are, no preparation), one after the other in each round. No question is asked twice, so that
nothing is remembered. Then the other questions once: directions, neighbours, a clip. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
import numpy as np
import torch

from playground.catalog.cards_gan import GENERATE
from playground.catalog.listing import Catalog
from playground.core import paths
from playground.core.generating import Draw, Drawn, MakeClip, Meet, Nearest
from playground.core.settings import Settings
from playground.engine import gan_network
from playground.functional import gan_file
from playground.functional.gan import Pair, drawn, given
from playground.functional.gan_latents import classes
from playground.functional.interpolation import tour
from playground.jobs.inference import WorkerInference


def told(seconds: list[float]) -> str:
    """Median and the slowest twentieth, in milliseconds."""
    ordered = sorted(seconds)
    return f"{1e3 * statistics.median(ordered):6.1f} ms (p95 {1e3 * ordered[int(0.95 * (len(ordered) - 1))]:.1f})"


def opened(name: str) -> tuple[Pair, torch.nn.Module]:
    """A starter, and its generator by plain PyTorch."""
    folder = paths.PACKAGE / "hub" / "starters" / name
    said = json.loads((folder / gan_file.CONFIG).read_text("utf-8"))
    pair, weights, _ = gan_file.unpack((folder / gan_file.WEIGHTS).read_bytes(), said)
    module = gan_network.build(pair.generator)
    part = gan_file.part(weights, "generator")
    module.load_state_dict({key: torch.from_numpy(one) for key, one in part.items()}, strict=False)
    return pair, module.eval()


def naive(pair: Pair, module: torch.nn.Module, fed: np.ndarray) -> np.ndarray:
    """What a notebook would do."""
    with torch.no_grad():
        ink = module(torch.from_numpy(fed))
        return (((ink + 1) / 2).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--n", type=int, default=64)
    parser.add_argument("--pictures", default="", help="folder of picture sets, for the neighbours")
    given_words = parser.parse_args()
    if given_words.pictures:
        os.environ["PLAYGROUND_PICTURES"] = given_words.pictures
    rng = np.random.default_rng(0)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, load before {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as empty:
        catalog = Catalog.read(Path(empty))
        worker = WorkerInference(Settings(), Path(empty))
        worker.start()
        try:
            while not worker.ready:
                time.sleep(0.01)
            for card in catalog.ready((GENERATE,)):
                pair, module = opened(card.name)
                numbers = classes(pair, given_words.n)
                trips, inside, plain, apart = [], [], [], 0
                for number in range(given_words.rounds + 3):
                    latents = rng.standard_normal((given_words.n, pair.latents)).astype(np.float32)
                    began = time.perf_counter()
                    answer = worker.ask("generate", card, Draw(latents, numbers), visitor="bench").result(60)
                    trip, began = time.perf_counter() - began, time.perf_counter()
                    theirs = naive(pair, module, given(pair, latents, numbers))
                    took = time.perf_counter() - began
                    assert isinstance(answer, Drawn)
                    apart = max(apart, int(abs(answer.pictures.astype(int) - theirs).max()))
                    if number >= 3:  # the first load and warm
                        trips.append(trip)
                        inside.append(answer.seconds)
                        plain.append(took)
                ratio = statistics.median(plain) / statistics.median(inside)
                print(
                    f"{card.name:20} {given_words.n} samples: there and back {told(trips)}, of that drawing {told(inside)} by "
                    f"{answer.engine}; plain PyTorch {told(plain)}: {ratio:.1f} x as long as drawing; pixels differ by {apart} at most"
                )
                for words, task, question in (
                    ("directions", "meet", Meet()),
                    ("neighbours, first", "nearest", Nearest(answer.pictures[:64], "mnist")),
                    ("neighbours, again", "nearest", Nearest(theirs[::-1][:64], "mnist")),
                    (
                        "GIF of 36 frames",
                        "clip",
                        MakeClip(tour(drawn(pair, 1, 3), 12)[:, None], _first(numbers), "gif"),
                    ),
                    (
                        "MP4 of 36 frames",
                        "clip",
                        MakeClip(tour(drawn(pair, 1, 3), 12)[:, None], _first(numbers), "mp4"),
                    ),
                ):
                    began = time.perf_counter()
                    worker.ask(task, None if task == "nearest" else card, question, visitor="bench").result(60)
                    print(f"  {words}: {1e3 * (time.perf_counter() - began):.0f} ms")
        finally:
            worker.stop()


def _first(numbers: np.ndarray | None) -> np.ndarray | None:
    return None if numbers is None else np.zeros((36, 1), np.int64)


if __name__ == "__main__":
    main()
