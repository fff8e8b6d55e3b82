"""Cards, and what a models folder is found to hold."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from playground.catalog import folder, scan
from playground.catalog.card import Card, Hub
from playground.catalog.cards import CARDS
from playground.catalog.listing import Catalog
from playground.core.errors import ModelUnavailable, UnknownName


def tensors(path: Path, **arrays: np.ndarray) -> None:
    """A real safetensors file, written by hand."""
    header, body = {}, b""
    for name, array in arrays.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + array.nbytes],
        }
        body += array.astype("<f4").tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def model(place: Path, **config: object) -> None:
    """A folder as timm saves one."""
    place.mkdir(parents=True)
    said = {"architecture": "resnet18", "num_classes": 3, "pretrained_cfg": {"input_size": [3, 64, 64]}, **config}
    (place / "config.json").write_text(json.dumps(said))
    tensors(place / "model.safetensors", weight=np.zeros((4, 5), np.float32))


@pytest.mark.parametrize("card", CARDS.values(), ids=str)
def test_every_card_says_what_it_is(card: Card) -> None:
    assert card.title and card.summary.endswith(".") and card.licence and card.paper[-4:].isdigit()
    assert card.parameters > 0 and len(card.input_size) == 3
    assert isinstance(card.source, Hub) and card.source.repository.startswith(f"timm/{card.architecture}.")


def test_there_are_classifiers_from_small_to_large() -> None:
    sizes = [card.parameters for card in CARDS.values() if card.task == "classify"]
    assert len(sizes) >= 8 and sizes == sorted(sizes) and sizes[-1] > 10 * sizes[0]


def test_a_folder_of_timms_is_found_wherever_it_lies(tmp_path: Path) -> None:
    model(tmp_path / "mine" / "dogs")
    (found,) = scan.scan(tmp_path)
    assert found.path == "mine/dogs" and found.card is not None
    assert (found.card.architecture, found.card.parameters, found.card.input_size) == ("resnet18", 20, (3, 64, 64))
    catalog = Catalog.read(tmp_path)
    assert [card.name for card in catalog.ready("classify")] == ["dogs"]


def test_a_folder_with_a_known_name_is_that_model(tmp_path: Path) -> None:
    model(tmp_path / "resnet50", num_classes=1000, architecture="resnet50")
    catalog = Catalog.read(tmp_path)
    assert [card.name for card in catalog.ready("classify")] == ["resnet50"]
    assert (catalog["resnet50"].labels, catalog["resnet50"].title) == ("imagenet-1k", "ResNet-50")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: (place / "config.json").write_text("{"), "cannot be read"),
        (lambda place: (place / "config.json").write_text("[]"), "holds no settings"),
        (lambda place: (place / "model.safetensors").unlink(), "no weights beside it"),
        (lambda place: os.truncate(place / "model.safetensors", 100), "cut short"),
        (lambda place: (place / "model.safetensors").write_bytes(b"<html>not found</html>"), "not a safetensors file"),
        (lambda place: (place / "model.safetensors").write_bytes(b"\x08" + bytes(7) + b"nonsense"), "no readable"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path, spoil: object, words: str) -> None:
    model(tmp_path / "bad")
    spoil(tmp_path / "bad")  # type: ignore[operator]
    (found,) = Catalog.read(tmp_path).problems
    assert found.card is None and words in found.problem


def test_links_are_not_followed_and_other_libraries_folders_are_left_alone(tmp_path: Path) -> None:
    model(tmp_path / "elsewhere" / "real")
    models = tmp_path / "models"
    models.mkdir()
    (models / "link").symlink_to(tmp_path / "elsewhere")
    (models / "bert").mkdir()
    (models / "bert" / "config.json").write_text('{"model_type": "bert"}')
    assert scan.scan(models) == []


def test_a_wrong_name_suggests_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'resnet18'"):
        Catalog.read(tmp_path)["resnet-18"]


def test_a_local_model_is_never_removed_by_us(tmp_path: Path) -> None:
    model(tmp_path / "dogs")
    with pytest.raises(ModelUnavailable, match="by hand"):
        folder.remove(Catalog.read(tmp_path)["dogs"], tmp_path)


def test_the_numbers_in_a_header_are_counted_without_reading_the_rest(tmp_path: Path) -> None:
    tensors(tmp_path / "a.safetensors", a=np.zeros((2, 3), np.float32), b=np.zeros(7, np.float32))
    assert scan.parameters(tmp_path / "a.safetensors") == 13
