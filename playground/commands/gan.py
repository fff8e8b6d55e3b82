"""``playground run gan``: train a generator and a discriminator right here."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.commands.cnn import OWNERS
from playground.commands.datasets import pictures_folder
from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.errors import InputError, SpecError
from playground.core.events import Computation, Diverged, EpochEnded, Finished, Save, Saved
from playground.data import cifar
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet
from playground.data.picture_folders import from_path
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


@dataclass(frozen=True)
class _Experiment:
    spec: GANSpec
    data: ImageSet | None
    folder: Path | None

    @property
    def pictures(self) -> int:
        """Training pictures of an epoch."""
        there = IMAGE_SETS[self.spec.dataset].counts["train"] if self.data is None else len(self.data.train.y)
        there = min(there, self.spec.most or there)
        return max(1, there // self.spec.batch_size) * min(self.spec.batch_size, there)


def run(given: argparse.Namespace) -> int:
    """Train, and tell each epoch."""
    began = time.perf_counter()
    place = _place(given.save)
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
                rate = asked.pictures * event.epoch / event.seconds if event.seconds else 0.0
                if isinstance(event, Finished) and place is not None:
                    _save(computation, place)
                    last["saved"] = str(place)
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                tell({**last, **times, "images_per_second": round(rate, 1)}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> _Experiment:
    """The experiment that the options describe, checked, and the pictures that it names."""
    named = given.dataset or GANSpec().dataset
    known = named in IMAGE_SETS
    preset = PRESETS[given.preset].settings if given.preset else {}
    fields = {"epochs": EPOCHS[named if known else OWN], **preset, **values(given, GANSpec)}
    if known:
        spec = GANSpec(**{**fields, "dataset": named}).checked()
        folder = pictures_folder(given.data_dir)
        if named == "cifar10" and cifar.here(folder) and not cifar.ready(folder):
            print("CIFAR-10 is decoded once, which takes up to half a minute.", file=sys.stderr)
        return _Experiment(spec, None, folder)
    path = Path(named).expanduser()
    if not path.exists():
        raise SpecError(
            f"'{named}' is no set of pictures, folder or zip; choose from {', '.join(IMAGE_SETS)}, or name a folder or zip that "
            "holds a folder of pictures for each class."
        )
    spec = GANSpec(**{**fields, "dataset": OWN}).checked()
    data = from_path(path, side=spec.side, limits=OWNERS).image_set(spec.side)
    if not given.json:
        for note in data.notes:
            print(note)
    return _Experiment(spec, data, None)


def _place(named: str | None) -> Path | None:
    """The folder to save into, made before anything is trained; raises ``InputError`` where it cannot be."""
    if named is None:
        return None
    place = Path(named).expanduser()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {place} cannot be made ({error.strerror}); name another with --save.") from None
    return place


def _save(computation: Computation, place: Path) -> None:
    """Put the folder of the generator there."""
    from playground.training.gan_package import files
    from playground.training.gan_stored import unpack_run

    saved = computation.send(Save())
    assert isinstance(saved, Saved)
    for name, content in files(unpack_run(saved.state)).items():
        (place / name).write_bytes(content)
