"""``playground run finetune``: train a pretrained text model on, right here."""

from __future__ import annotations

import argparse
import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playground.catalog.card import Card
from playground.commands.models import models_folder
from playground.commands.options import ENDS, STYLE, add_fields, count, values
from playground.commands.predict_files import checked, place
from playground.commands.terminal import DIVERGED, DONE, tell
from playground.core.errors import InputError, SpecError
from playground.core.events import Computation, Diverged, EpochEnded, Finished, Save, Saved
from playground.data.text_set import LabelledTexts
from playground.specs.finetune import OWN, FinetuneSpec

OWNERS_BYTES, OWNERS_ROWS = 200_000_000, 1_000_000
"""How much is taken of a file that lies on one's own disk."""


def add(kinds: Any) -> None:
    """Add the command to the command line."""
    tune = kinds.add_parser(
        "finetune",
        help="a pretrained text model with a new classifier",
        description="Fine-tune a pretrained text model on texts with labels. The same settings and seed give the same numbers as on "
        "the page. The weights that do best on the validation texts are kept, and measured on the test texts at the end; beside "
        "them stands what a classifier on the frozen encoder does.",
        epilog=ENDS,
        formatter_class=STYLE,
        allow_abbrev=False,
    )
    tune.add_argument("--csv", metavar="FILE", help="learn from your own table of texts and labels")
    tune.add_argument("--text", metavar="COLUMN", help="its column of texts (default: the one that looks like it)")
    tune.add_argument("--label", metavar="COLUMN", help="its column of labels (default: the one that looks like it)")
    tune.add_argument("--test", metavar="FILE", help="test on the rows of this table, which has the same columns")
    add_fields(tune, FinetuneSpec, leave_out=("table", "text_column", "label_column", "base"))
    tune.add_argument(
        "--base",
        metavar="NAME|DIR",
        help=f"the pretrained model, or a transformers folder (default: {FinetuneSpec().base})",
    )
    tune.add_argument("--models-dir", metavar="DIR", help="where models lie (default: the models folder)")
    tune.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    tune.add_argument("--save", metavar="DIR", help="put the best weights there, as a folder that transformers opens")
    tune.add_argument(
        "--json", action="store_true", help="one JSON object per epoch on a line; the last has done: true"
    )
    tune.add_argument("--every", type=count, metavar="N", help="tell only every N-th epoch (default: 1)")
    tune.set_defaults(do=run)


def run(given: argparse.Namespace) -> int:
    """Train, and tell each epoch."""
    began = time.perf_counter()
    home = _made(given.save)
    spec, data, model = _experiment(given)
    from playground.training.finetune import fit  # torch and transformers: seconds, spent only on a valid experiment

    if data is not None and not given.json:
        for note in data.notes:
            print(note)
    metrics: Mapping[str, float] = {}
    computation = fit(spec, data=data, device=given.device, model=model)
    try:
        for event in computation:
            if isinstance(event, EpochEnded):
                metrics = event.metrics
                if event.epoch % (given.every or 1) == 0 or event.epoch == spec.epochs:
                    tell({"epoch": event.epoch, **metrics}, given.json)
            elif isinstance(event, Finished | Diverged):
                last: dict[str, Any] = {"done": True, "epoch": event.epoch}
                last |= {"diverged": event.message, **metrics} if isinstance(event, Diverged) else event.metrics
                if isinstance(event, Finished) and home is not None:
                    _save(computation, home, model)
                    last["saved"] = str(home)
                times = {"seconds": round(event.seconds, 6), "wall_seconds": round(time.perf_counter() - began, 6)}
                tell({**last, **times}, given.json)
                return DIVERGED if isinstance(event, Diverged) else DONE
    finally:
        computation.close()
    raise AssertionError("a computation ends with Finished or Diverged")


def _experiment(given: argparse.Namespace) -> tuple[FinetuneSpec, LabelledTexts | None, tuple[Card, Path]]:
    """The experiment that the options describe, checked; its texts, and the model that it starts from."""
    fields = values(given, FinetuneSpec)
    own = None
    if given.base is not None:
        named = place(given.base)
        own = named if named.is_dir() else None
        fields["base"] = named.name[:120] or "folder" if own is not None else given.base
    if given.csv is None:
        for name in ("text", "label", "test"):
            if getattr(given, name) is not None:
                raise SpecError(f"--{name} is about your own table; name its file with --csv.")
        spec = FinetuneSpec(**fields).checked()
        return spec, None, _model(spec, own, given.models_dir)
    if fields.setdefault("dataset", OWN) != OWN:
        raise SpecError(f"--csv and --dataset {fields['dataset']} exclude each other; leave one out.")
    spec = FinetuneSpec(**fields, text_column=given.text or "", label_column=given.label or "").checked()
    model = _model(spec, own, given.models_dir)
    data = _texts(given.csv, spec.text_column, spec.label_column)
    if given.test is not None:
        from playground.data.text_table import with_test

        data = with_test(data, _texts(given.test, spec.text_column, spec.label_column))
    return spec, data, model


def _model(spec: FinetuneSpec, own: Path | None, models: str | None) -> tuple[Card, Path]:
    from playground.training.finetune_data import base, from_folder

    return (from_folder(own), own) if own is not None else base(spec, models_folder(models or ""))


def _texts(file: str, text: str, label: str) -> LabelledTexts:
    from playground.data.text_lists import read_texts
    from playground.data.text_table import labelled_texts

    path = checked(file, OWNERS_BYTES / 1e6, "", "a table of texts and labels")
    found = read_texts(path.read_bytes(), file, max_bytes=OWNERS_BYTES, max_rows=OWNERS_ROWS)
    return labelled_texts(found, text, label)


def _made(named: str | None) -> Path | None:
    """The folder to save into, made before anything is trained; raises ``InputError`` where it cannot be."""
    if named is None:
        return None
    folder = place(named)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be made ({error.strerror}); name another with --save.") from None
    return folder


def _save(computation: Computation, home: Path, model: tuple[Card, Path]) -> None:
    """Put the best weights into a folder."""
    from playground.training.finetune_use import packed

    saved = computation.send(Save())
    assert isinstance(saved, Saved)
    with zipfile.ZipFile(io.BytesIO(packed(saved.state, model))) as archive:
        archive.extractall(home)
