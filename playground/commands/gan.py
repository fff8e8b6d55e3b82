"""``playground run gan``: train a generator and a discriminator right here."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.picture_data import Experiment, experiment, place
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.events import Computation, Diverged, EpochEnded, Finished, Save, Saved
from playground.data.image_registry import IMAGE_SETS
from playground.specs.gan import EPOCHS, OWN, PRESETS, GANSpec


def add(kinds: Any) -> None:
    """Add the command to the command line."""
    gan = kinds.add_parser(
        "gan",
        help="a generator of pictures and its discriminator",
        description="Train a generator against a discriminator. The same settings and seed give the same numbers as on the page.",
        epilog=ENDS,
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    default = GANSpec()
    gan.add_argument(
        "--dataset",
        metavar="NAME|DIR|ZIP",
        help=f"One of {', '.join(IMAGE_SETS)}, or a folder or zip that holds a folder of pictures for each class "
        f"(default: {default.dataset})",
    )
    gan.add_argument(
        "--data-dir", metavar="DIR", default="", help="where sets of pictures lie (default: the pictures folder)"
    )
    gan.add_argument(
        "--preset",
        metavar="NAME",
        help=f"Settings that belong together: one of {', '.join(PRESETS)}; others win over them.",
    )
    add_fields(gan, GANSpec, leave_out=("dataset", "pictures", "epochs"))
    usual = ", ".join(f"{name} {epochs}" for name, epochs in EPOCHS.items() if name != OWN)
    gan.add_argument(
        "--epochs", metavar="N", help=f"{GANSpec.bounds()['epochs'].help} (default: {usual}; {EPOCHS[OWN]} otherwise)"
    )
    gan.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    gan.add_argument(
        "--save", metavar="DIR", help="put the generator there, with a sheet of samples and a script that draws with it"
    )
    gan.add_argument("--json", action="store_true", help="one JSON object per epoch on a line; the last has done: true")
    gan.add_argument("--every", type=count, metavar="N", help="tell only every N-th epoch (default: 1)")
    gan.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Train, and tell each epoch."""
    began = time.perf_counter()
    saved_to = place(given.save)
    asked = _experiment(given)
    from playground.training.gan import fit  # torch: two seconds, spent only on a valid experiment

    metrics: Mapping[str, float] = {}
    computation = fit(asked.spec, data=asked.data, device=given.device, folder=asked.folder)
    try:
        for event in computation:
            if isinstance(event, EpochEnded):
                metrics = event.metrics
                if event.epoch % (given.every or 1) == 0 or event.epoch == asked.spec.epochs:
                    tell({"epoch": event.epoch, "step": event.step, **metrics}, given.json)
            elif isinstance(event, Finished | Diverged):
                last: dict[str, Any] = {"done": True, "epoch": event.epoch, "step": event.step}
                last |= {"diverged": event.message, **metrics} if isinstance(event, Diverged) else event.metrics
                rate = _of_an_epoch(asked) * event.epoch / event.seconds if event.seconds else 0.0
                if isinstance(event, Finished) and saved_to is not None:
                    _save(computation, saved_to)
                    last["saved"] = str(saved_to)
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                tell({**last, **times, "images_per_second": round(rate, 1)}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> Experiment[GANSpec]:
    """The experiment that the options describe, checked, and the pictures that it names."""
    named = given.dataset or GANSpec().dataset
    preset = PRESETS[given.preset].settings if given.preset else {}
    usual = EPOCHS[named if named in IMAGE_SETS else OWN]
    return experiment(GANSpec, given, {"epochs": usual, **preset, **values(given, GANSpec)})


def _of_an_epoch(asked: Experiment[GANSpec]) -> int:
    """Pictures that one epoch learns from: whole batches."""
    size = asked.spec.batch_size
    return max(1, asked.pictures // size) * min(size, asked.pictures)


def _save(computation: Computation, place: Path) -> None:
    """Put the folder of the generator there."""
    from playground.training.gan_package import files
    from playground.training.gan_stored import unpack_run

    saved = computation.send(Save())
    assert isinstance(saved, Saved)
    for name, content in files(unpack_run(saved.state)).items():
        (place / name).write_bytes(content)
