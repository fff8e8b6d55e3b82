"""``playground run cnn``: train a convolutional network right here."""

from __future__ import annotations

import argparse
import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.picture_data import Experiment, experiment, place
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.errors import SpecError
from playground.core.events import Computation, Diverged, EpochEnded, Finished, OpenTest, Save, Saved
from playground.data.image_registry import IMAGE_SETS
from playground.specs.cnn import OWN, CNNSpec


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


def run(given: argparse.Namespace) -> int:
    """Train, and tell each epoch."""
    began = time.perf_counter()
    saved_to = place(given.save)
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
                if isinstance(event, Finished) and saved_to is not None:
                    _save(computation, saved_to, bool(asked.data is None or len(asked.data.test.y)))
                    last["saved"] = str(saved_to)
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                tell({**last, **times, "images_per_second": round(rate, 1)}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> Experiment[CNNSpec]:
    """The experiment that the options describe, checked, and the pictures that it names."""
    fields = values(given, CNNSpec)
    if fields.get("blocks") and fields.setdefault("preset", OWN) != OWN:
        raise SpecError(f"--blocks and --preset {fields['preset']} exclude each other; leave one out.")
    return experiment(CNNSpec, given, fields)


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
