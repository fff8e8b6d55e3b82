"""Train the home page's experiments and keep what each network learnt, as small pictures.

Run as ``python recipes/home_cards.py``. Data: the drawn sets and iris of ``playground.data``; seed 1 each; 400 epochs (the
spiral 1,500). Writes ``playground/data/samples/home_cards.npz``: for each card the 64 x 64 output surface (uint8), for
three classes the winning class and its probability. Prints each card's validation accuracy or error.
"""

from __future__ import annotations

import numpy as np

from playground.core import frames, paths
from playground.core.events import EpochEnded, FrameReady, Look, Show
from playground.specs.mlp import OWN
from playground.training.supervised import fit
from playground.ui.parts.home import EXPERIMENTS

SURFACES = ("output", "winner", "sure")


def main() -> None:
    """Train every card's experiment and write the file."""
    kept = {}
    for experiment in EXPERIMENTS:
        spec = experiment.spec
        if spec.dataset == OWN:
            continue
        run = fit(spec)
        epochs = 1500 if spec.dataset == "spiral" else 400
        last = next(event for event in run if isinstance(event, EpochEnded) and event.epoch == epochs)
        if experiment.look:
            run.send(Look({"axes": list(experiment.look)}))
        shown = run.send(Show())
        assert isinstance(shown, FrameReady)
        _, blocks = frames.unpack(shown.frame)
        assert shown.scene is not None
        kept[f"{spec.dataset}.extent"] = np.array(frames.unpack(shown.scene)[0]["extent"])
        kept.update({f"{spec.dataset}.{name}": blocks[name] for name in SURFACES if name in blocks})
        run.close()
        print(f"{experiment.title}: {dict(last.metrics)}")
    np.savez_compressed(paths.SAMPLES / "home_cards.npz", **kept)


if __name__ == "__main__":
    main()
