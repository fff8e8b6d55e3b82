"""Readers of digits: the two that come with the playground, and what else is opened or refused in words."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from playground.core.errors import InputError, ModelUnavailable
from playground.functional import digit_readers
from playground.functional.blocks import plan
from playground.functional.convnet import start

CARD = {
    "blocks": ["conv:4:3", "max:2", "gap"], "activation": "tanh", "shape": [1, 8, 8],
    "classes": list("0123456789"), "mean": [0.2], "std": [0.3],
}  # fmt: skip


def written(folder: Path, **changes: Any) -> Path:
    """A small reader of 8 x 8 pixels, some of its card changed."""
    folder.mkdir(exist_ok=True)
    save_file(start(plan(CARD["blocks"], (1, 8, 8), 10), 1, "tanh"), folder / "model.safetensors")
    (folder / "card.json").write_text(json.dumps({**CARD, **changes}))
    return folder


def test_both_starters_are_small_and_know_the_ten_digits() -> None:
    for kind, most in (("cnn", 1_000_000), ("mlp", 1_000_000)):
        reader = digit_readers.starter(kind)
        assert (digit_readers.STARTERS / f"{kind}.safetensors").stat().st_size < most
        sure = reader.read(np.zeros((3, 28, 28), np.uint8))
        assert sure.shape == (3, 10) and np.allclose(sure.sum(1), 1, atol=1e-5)
        assert [one.shape[1:] for one in reader.stages(np.zeros((2, 28, 28), np.uint8))] == [
            stage.shape for stage in reader.plan.stages
        ]


def test_a_folder_a_file_and_a_zip_are_the_same_reader(tmp_path: Path) -> None:
    folder = written(tmp_path / "one")
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as held:
        for name in ("model.safetensors", "card.json"):
            held.write(folder / name, name)
    digits = np.random.default_rng(1).integers(0, 256, (4, 28, 28), dtype=np.uint8)
    places = (folder, folder / "model.safetensors", tmp_path / "one.zip")
    answers = [digit_readers.opened(*digit_readers.located(place)).read(digits) for place in places]
    assert np.array_equal(answers[0], answers[1]) and np.array_equal(answers[0], answers[2])
    assert answers[0].shape == (4, 10) and answers[0].std() > 0


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"classes": ["cat", "dog"]}, InputError, "cat, dog"),
        ({"blocks": ["conv:5:3", "max:2", "gap"]}, ModelUnavailable, "0.conv.weight"),
        ({"blocks": ["conv:4:90"]}, InputError, "kernel"),
        ({"std": [0.0]}, ModelUnavailable, "std"),
        ({"activation": "wobble"}, ModelUnavailable, "wobble"),
        ({"shape": [1, 8]}, ModelUnavailable, "cannot be read"),
    ],
)
def test_what_is_no_reader_of_digits_is_said(tmp_path: Path, changes: dict[str, Any], error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        digit_readers.opened(*digit_readers.located(written(tmp_path / "one", **changes)))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"no weights")
    with pytest.raises(InputError, match="no card beside it"):
        digit_readers.located(tmp_path / "broken.safetensors")
    with pytest.raises(InputError, match="holds no model.safetensors"):
        digit_readers.located(tmp_path)
    with pytest.raises(InputError, match="is no reader"):
        digit_readers.located(tmp_path / "gone.safetensors")
    (tmp_path / "broken.json").write_text(json.dumps(CARD))
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        digit_readers.opened(*digit_readers.located(tmp_path / "broken.safetensors"))
