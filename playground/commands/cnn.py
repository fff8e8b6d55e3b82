"""``playground run cnn``: train a convolutional network right here."""

from __future__ import annotations

import argparse
import io
import sys
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.commands.datasets import pictures_folder
from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.errors import InputError, SpecError
from playground.core.events import Computation, Diverged, EpochEnded, Finished, OpenTest, Save, Saved
from playground.data import cifar
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet
from playground.data.picture_folders import Limits, from_path
from playground.specs.cnn import OWN, CNNSpec

OWNERS = Limits(pictures=200_000, megabytes=4_000)
"""How much is taken of files that lie on one's own disk."""


def add(kinds: Any) -> None:
    """Add the command to the command line."""
    cnn = kinds.add_parser(
        "cnn",
        help="a convolutional network",
        description="Train a convolutional network. The same settings and seed give the same numbers as on the page. The weights "
        "that do best on the validation pictures are kept, and measured on the test pictures at the end.",
        epilog=ENDS,
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    default = CNNSpec()
    cnn.add_argument(
        "--dataset",
        metavar="NAME|DIR|ZIP",
        help=f"One of {', '.join(IMAGE_SETS)}, or a folder or zip that holds a folder of pictures for each class "
        f"(default: {default.dataset})",
    )
    cnn.add_argument(
        "--data-dir", metavar="DIR", default="", help="where sets of pictures lie (default: the pictures folder)"
    )
    add_fields(cnn, CNNSpec, leave_out=("dataset", "pictures", "blocks"))
    cnn.add_argument(
        "--blocks",
        metavar="LIST",
        help="Your own network in place of a preset, first block to last: conv:filters[:kernel[:stride[:padding[:bn]]]], "
        "res:filters[:stride], max:kernel[:stride], avg:kernel[:stride], gap, drop:percent, dense:units; such as "
        "conv:32:3:1:1:bn,max:2,dense:64. The output follows by itself.",
    )
    cnn.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    cnn.add_argument("--save", metavar="DIR", help="put the best weights there, with a script that predicts with them")
    cnn.add_argument("--json", action="store_true", help="one JSON object per epoch on a line; the last has done: true")
    cnn.add_argument("--every", type=count, metavar="N", help="tell only every N-th epoch (default: 1)")
    cnn.set_defaults(do=run)


@dataclass(frozen=True)
class _Experiment:
    spec: CNNSpec
    data: ImageSet | None
    folder: Path | None

    @property
    def pictures(self) -> int:
        """Training pictures of an epoch."""
        there = IMAGE_SETS[self.spec.dataset].counts["train"] if self.data is None else len(self.data.train.y)
        return min(there, self.spec.most or there)


def run(given: argparse.Namespace) -> int:
    """Train, and tell each epoch."""
    began = time.perf_counter()
    place = _place(given.save)
    asked = _experiment(given)
    from playground.training.cnn import fit  # torch: two seconds, spent only on a valid experiment

    metrics: Mapping[str, float] = {}
    computation = fit(asked.spec, data=asked.data, device=given.device, folder=asked.folder)
    try:
        for event in computation:
            if isinstance(event, EpochEnded):
                metrics = event.metrics
                if event.epoch % (given.every or 1) == 0 or event.epoch == asked.spec.epochs:
                    tell({"epoch": event.epoch, **metrics}, given.json)
            elif isinstance(event, Finished | Diverged):
                last: dict[str, Any] = {"done": True, "epoch": event.epoch}
                last |= {"diverged": event.message, **metrics} if isinstance(event, Diverged) else event.metrics
                rate = asked.pictures * event.epoch / event.seconds if event.seconds else 0.0
                if isinstance(event, Finished) and place is not None:
                    _save(computation, place, bool(asked.data is None or len(asked.data.test.y)))
                    last["saved"] = str(place)
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                tell({**last, **times, "images_per_second": round(rate, 1)}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> _Experiment:
    """The experiment that the options describe, checked, and the pictures that it names."""
    fields = values(given, CNNSpec)
    if fields.get("blocks") and fields.setdefault("preset", OWN) != OWN:
        raise SpecError(f"--blocks and --preset {fields['preset']} exclude each other; leave one out.")
    named = given.dataset or CNNSpec().dataset
    if named in IMAGE_SETS:
        spec = CNNSpec(**{**fields, "dataset": named}).checked()
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
    spec = CNNSpec(**{**fields, "dataset": OWN}).checked()
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


def _save(computation: Computation, place: Path, tested: bool) -> None:
    """Put the package of the best weights into a folder."""
    from playground.training.cnn_package import package
    from playground.training.cnn_stored import unpack_run

    if tested:
        computation.send(OpenTest())
    saved = computation.send(Save())
    assert isinstance(saved, Saved)
    with zipfile.ZipFile(io.BytesIO(package(unpack_run(saved.state)))) as archive:
        archive.extractall(place)
