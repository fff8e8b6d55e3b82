"""How many seeds solve the spiral: ``python tests/bench/spiral.py [--seeds 16] [--lr 0.03] ...`` prints a table.

Spiral without noise, hidden layers 8-8-8, tanh, SGD, batch 10, learning rate 0.03, at most 1,500 epochs. A seed solves it
when its validation accuracy reaches 0.95 at any epoch. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import platform
import time

from playground.core.events import Diverged, EpochEnded, Finished
from playground.specs.mlp import MLPSpec
from playground.training.supervised import fit


def main() -> None:
    """Train every seed and print where it reached 0.95, its best and its last validation accuracy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=1500)
    parser.add_argument("--init", default="auto")
    parser.add_argument("--loss", default="auto")
    parser.add_argument("--lr", type=float, default=0.03)
    given = parser.parse_args()
    solved = 0
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{'seed':>4} {'0.95 at epoch':>14} {'best':>6} {'last':>6} {'epochs/s':>9}", flush=True)
    for seed in range(1, given.seeds + 1):
        spec = MLPSpec(
            dataset="spiral", noise=0, hidden=(8, 8, 8), activation="tanh", optimizer="sgd", batch_size=10,
            lr=given.lr, epochs=given.epochs, seed=seed, init=given.init, loss=given.loss,
        )  # fmt: skip
        reached, best, last, began = 0, 0.0, 0.0, time.perf_counter()
        for event in fit(spec):
            if isinstance(event, EpochEnded):
                last = event.metrics["val_accuracy"]
                best = max(best, last)
                reached = reached or (event.epoch if last >= 0.95 else 0)
            if isinstance(event, Finished | Diverged):
                break
        solved += bool(reached)
        rate = given.epochs / (time.perf_counter() - began)
        print(f"{seed:>4} {reached or '-':>14} {best:>6.3f} {last:>6.3f} {rate:>9.0f}", flush=True)
    print(f"{solved} of {given.seeds} seeds reached 0.95")


if __name__ == "__main__":
    main()
