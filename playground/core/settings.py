"""How one server is set up: everything that its owner may say through the environment, in one table.

``playground.core.settings.table()`` is printed in the README; a test keeps the two the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast

from playground.core.errors import SpecError


def _setting(default: Any, help: str, low: float = 0, high: float = float("inf"), public: Any = None) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high, "public": public})


@dataclass(frozen=True)
class Settings:
    """Read once at start by ``Settings.from_environment``; each field is ``PLAYGROUND_`` and its name in capitals."""

    mode: Literal["local", "public"] = _setting(
        "local", "`local`: one person, wide limits. `public`: strangers, tight ones."
    )
    workers: int = _setting(0, "Trainer processes; 0 takes the number of cores, at most 4.", 0, 64)
    runs_per_visitor: int = _setting(3, "Runs that one visitor may have at once.", 1, 1000, public=2)
    runs_at_once: int = _setting(24, "Runs that train at once; further ones wait in the queue.", 1, 10_000)
    heavy_runs_at_once: int = _setting(
        6,
        "Of these, runs of convolutional networks, GANs and BERT, which take a core each; further ones wait in the queue.",
        1,
        10_000,
        public=4,
    )
    queue_length: int = _setting(
        50, "Runs that may wait; beyond that a visitor is asked to come back later.", 0, 100_000
    )
    run_seconds: int = _setting(3600, "Seconds that a run may train before it is stored and stopped.", 1, public=900)
    run_megabytes: int = _setting(
        3000, "Memory of a trainer process, in MB, above which it is ended; one that stands idle takes about 750.", 1000
    )
    grace_seconds: float = _setting(15.0, "Seconds that a run waits for a visitor who seems to be gone.", 0)
    unwatched_seconds: float = _setting(30.0, "Seconds after which a paused run nobody looks at leaves its slot.", 0)
    keep_days: float = _setting(7.0, "Days that a stored run can be opened again.", 0)
    upload_megabytes: int = _setting(5, "Largest table that may be uploaded, in MB.", 1, 200)
    upload_rows: int = _setting(100_000, "Most rows of an uploaded table.", 10, 1_000_000, public=20_000)
    upload_columns: int = _setting(100, "Most columns of an uploaded table.", 2, 10_000)
    models_gigabytes: float = _setting(20.0, "Most that downloaded models may take on disk, in GB.", 0.01, public=5.0)
    memory_megabytes: int = _setting(
        2000, "Memory that loaded models may take together, in MB; the least recently used goes first.", 50, public=1500
    )
    inference_megabytes: int = _setting(
        6000,
        "Memory of the process that runs pretrained models, in MB, above which it is ended and started anew.",
        1000,
    )
    picture_megabytes: int = _setting(20, "Largest picture that may be uploaded, in MB.", 1, 200, public=10)
    picture_megapixels: int = _setting(50, "Most pixels of an uploaded picture, in millions.", 1, 500, public=30)
    pictures_at_once: int = _setting(12, "Pictures that one visitor may upload together.", 1, 100, public=6)
    own_pictures_megabytes: int = _setting(
        50, "Largest zip of pictures in class folders that may be uploaded, in MB.", 1, 200, public=20
    )
    own_pictures_most: int = _setting(20_000, "Most pictures in such a zip.", 2, 100_000, public=3_000)
    video_megabytes: int = _setting(50, "Largest clip that may be uploaded, in MB.", 1, 200, public=20)
    video_seconds: int = _setting(60, "Seconds of a clip that are looked at, from its start.", 1, 600, public=30)
    video_megapixels: int = _setting(9, "Most pixels of one frame of a clip, in millions.", 1, 40)
    clip_minutes: float = _setting(60.0, "Minutes after which an uploaded clip that nobody uses is deleted.", 1)
    questions_waiting: int = _setting(
        200,
        "Questions to pretrained models that may wait; beyond that a visitor is asked to come back later.",
        1,
        10_000,
    )
    offline: int = _setting(0, "1: nothing is ever downloaded; only what lies on disk is used.", 0, 1)
    data: str = _setting("", "Folder for stored runs and uploads; empty: the platform's own place.")
    pictures: str = _setting(
        "",
        "Folder of image data sets (MNIST's own files, CIFAR-10, torchvision's folders); empty: `pictures/` in the data folder.",
    )
    models: str = _setting(
        "", "Folder for downloaded models; empty: `models_cache/` of a checkout, else the platform's."
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings as the environment says; raises ``SpecError`` that names the variable."""
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = f"PLAYGROUND_{item.name.upper()}"
            if environ.get(name, "") == "":
                if values.get("mode") == "public" and item.metadata["public"] is not None:
                    values[item.name] = item.metadata["public"]
                continue
            text = environ[name]
            if item.name == "mode":
                if text not in ("local", "public"):
                    raise SpecError(f"{name} is '{text}'; write local or public.", field=item.name)
                values[item.name] = text
            elif isinstance(item.default, str):
                values[item.name] = text
            else:
                values[item.name] = _read_number(name, text, item.metadata, whole=isinstance(item.default, int))
        return cls(**values)

    @property
    def trainers(self) -> int:
        """How many trainer processes to keep."""
        return self.workers or max(1, min(4, os.cpu_count() or 1))

    @property
    def largest_upload(self) -> int:
        """Bytes of the largest file of any kind that may be uploaded."""
        return (
            max(self.upload_megabytes, self.picture_megabytes, self.own_pictures_megabytes, self.video_megabytes)
            * 1_000_000
        )


def table() -> str:
    """Every setting as a Markdown table: variable, default, default in public mode, meaning."""
    rows = ["| variable | default | in public | meaning |", "|---|---|---|---|"]
    for item in fields(Settings):
        shown = f"`{item.default}`" if item.default != "" else ""
        public = "" if item.metadata["public"] is None else f"`{item.metadata['public']}`"
        rows.append(f"| `PLAYGROUND_{item.name.upper()}` | {shown} | {public} | {item.metadata['help']} |")
    return "\n".join(rows)


def _read_number(name: str, text: str, bounds: Mapping[str, Any], *, whole: bool) -> float:
    low, high = cast(float, bounds["low"]), cast(float, bounds["high"])
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        raise SpecError(f"{name} is '{text}'; write a {'whole ' if whole else ''}number.") from None
    if not low <= number <= high:
        raise SpecError(f"{name} is {text}; allowed is {low:g} to {high:g}.")
    return number
