"""Cards, and what a models folder is found to hold."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from playground.catalog import exports, folder, headers, scan, typed
from playground.catalog.card import Asset, Card, Hub, Starter
from playground.catalog.cards import CARDS
from playground.catalog.listing import Catalog
from playground.catalog.text_labels import SPACES
from playground.core.errors import InputError, ModelUnavailable, UnknownName


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
    place.mkdir(parents=True, exist_ok=True)
    said = {"architecture": "resnet18", "num_classes": 3, "pretrained_cfg": {"input_size": [3, 64, 64]}, **config}
    (place / "config.json").write_text(json.dumps(said))
    tensors(place / "model.safetensors", weight=np.zeros((4, 5), np.float32))


@pytest.mark.parametrize("card", CARDS.values(), ids=str)
def test_every_card_says_what_it_is(card: Card) -> None:
    assert card.title and card.summary.endswith(".") and card.licence and card.paper[-4:].isdigit()
    if isinstance(card.source, Starter):
        return  # its own files say the rest
    assert card.parameters > 0
    if card.task == "sentiment":
        assert isinstance(card.source, Hub) and card.source.files[0] == "config.json" and card.labels in SPACES
        return
    assert len(card.input_size) == 3
    if isinstance(card.source, Asset):
        assert card.source.file == f"{card.name}.pt" and card.licence == "AGPL-3.0"
        return
    assert isinstance(card.source, Hub) and card.source.repository.startswith(f"timm/{card.architecture}.")


def test_there_are_classifiers_from_small_to_large() -> None:
    sizes = [card.parameters for card in CARDS.values() if card.task == "classify" and isinstance(card.source, Hub)]
    texts = [card.parameters for card in CARDS.values() if card.task == "sentiment" and isinstance(card.source, Hub)]
    assert len(texts) == 3 and texts == sorted(texts)
    assert len(sizes) >= 8 and sizes == sorted(sizes) and sizes[-1] > 10 * sizes[0]


def test_a_folder_of_timms_is_found_wherever_it_lies(tmp_path: Path) -> None:
    model(tmp_path / "mine" / "dogs")
    (found,) = scan.scan(tmp_path)
    assert found.path == "mine/dogs" and found.card is not None
    assert (found.card.architecture, found.card.parameters, found.card.input_size) == ("resnet18", 20, (3, 64, 64))
    catalog = Catalog.read(tmp_path)
    assert [card.name for card in catalog.ready("classify") if not isinstance(card.source, Starter)] == ["dogs"]


def test_a_folder_with_a_known_name_is_that_model(tmp_path: Path) -> None:
    model(tmp_path / "resnet50", num_classes=1000, architecture="resnet50")
    catalog = Catalog.read(tmp_path)
    assert [card.name for card in catalog.ready("classify") if not isinstance(card.source, Starter)] == ["resnet50"]
    assert (catalog["resnet50"].labels, catalog["resnet50"].title) == ("imagenet-1k", "ResNet-50")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: (place / "config.json").write_text("{"), "cannot be read"),
        (lambda place: (place / "config.json").write_text("[]"), "holds no settings"),
        (lambda place: (place / "config.json").write_text("[" * 200_000), "cannot be read"),
        (lambda place: model(place, pretrained_cfg={"input_size": ["a", "b", "c"]}), "cannot be used"),
        (lambda place: model(place, pretrained_cfg={"input_size": [3, None, 1]}), "cannot be used"),
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
    assert headers.parameters(tmp_path / "a.safetensors") == 13


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A starter of this test's own, outside of the models folder."""
    starters = tmp_path / "starters"
    model(starters / "cifar10", label_names=["cat", "dog", "frog"])
    monkeypatch.setattr(folder, "STARTERS", starters)
    return starters / "cifar10"


def test_a_starter_says_itself_what_it_is(starter: Path, tmp_path: Path) -> None:
    card = Catalog.read(tmp_path / "models")["starter_cifar10"]
    assert (card.parameters, card.input_size, card.labels) == (20, (3, 64, 64), "own")
    assert card.bytes == sum(path.stat().st_size for path in starter.iterdir())


def test_the_best_is_the_largest_that_is_known_then_what_is_local_then_the_starter(
    starter: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()

    def best() -> str:
        return Catalog.read(models).best("classify").name

    assert best() == "starter_cifar10"
    model(models / "dogs")
    assert best() == "dogs"
    model(models / "resnet18", num_classes=1000)
    assert best() == "resnet18"
    model(models / "mobilenetv2_100", num_classes=1000, architecture="mobilenetv2_100")
    assert best() == "resnet18"
    model(models / "resnet50", num_classes=1000, architecture="resnet50")
    assert best() == "resnet50"
    with pytest.raises(ModelUnavailable, match="no model for 'translate'"):
        Catalog.read(models).best("translate")


def test_a_text_model_that_nobody_knows_by_name_does_not_answer_before_the_starter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "STARTERS", tmp_path / "starters")
    said = {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}

    def put(place: Path) -> None:
        place.mkdir(parents=True)
        (place / "config.json").write_text(json.dumps(said | {"id2label": {"0": "invoice", "1": "reminder"}}))
        (place / "tokenizer.json").write_text("{}")
        tensors(place / "model.safetensors", a=np.zeros(3, np.float32))

    def best() -> str:
        return Catalog.read(tmp_path / "models").best("sentiment").name

    put(tmp_path / "models" / "billing")
    assert best() == "billing", "there is no other"
    put(tmp_path / "starters" / "sentiment")
    assert best() == "starter_sentiment"
    put(tmp_path / "models" / "bert-stars")
    assert best() == "bert-stars"


def test_a_model_fetched_by_name_is_listed_again_by_its_record(tmp_path: Path) -> None:
    model(tmp_path / "resnet34", architecture="resnet34", num_classes=1000)
    weights = tmp_path / "resnet34" / "model.safetensors"
    held = {path.name: folder.Held("0" * 64, path.stat().st_size) for path in (tmp_path / "resnet34").iterdir()}
    record = folder.Record("the hub", "abc", held, 0.0, "timm/resnet34.a1_in1k", "main")
    folder.write(record, tmp_path / "resnet34")
    catalog = Catalog.read(tmp_path)
    card = catalog["resnet34"]
    assert card.source == Hub("timm/resnet34.a1_in1k", tuple(held), "main")
    assert (card.architecture, card.parameters, card.bytes) == ("resnet34", 20, record.bytes)
    assert catalog.record(card) == record
    assert catalog.known("hf-hub:timm/resnet34.a1_in1k") is card
    os.truncate(weights, 10)
    broken = Catalog.read(tmp_path)
    assert "resnet34" not in broken.cards and "is not whole" in broken.problems[0].problem
    assert broken.prune() > 0 and not (tmp_path / "resnet34").exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("resnet18", "resnet18"),
        ("resnet18.a1_in1k", "resnet18"),
        ("timm/resnet18.a1_in1k", "resnet18"),
        ("hf-hub:timm/resnet18", "resnet18"),
        ("resnet18.tv_in1k", None),
        ("resnet34", None),
        ("../resnet18", None),
    ],
)
def test_a_typed_name_finds_the_card_that_it_means(text: str, name: str | None, tmp_path: Path) -> None:
    found = Catalog.read(tmp_path).known(text)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "../x", "timm/../x", "google/vit", "x" * 101, "résnet", "a.b.c", "-x", "a\nb"]
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        typed.parse(text)


def copied(card: Card, models: Path) -> Path:
    """A quicker copy of a model, as the hub's part leaves it."""
    made = models / "made"
    made.write_bytes(b"onnx")
    exports.keep(card, models, made, exports.Export(True, 3.0, 1e-7, 4))
    return exports.place(card, models)


def test_a_model_goes_with_its_quicker_copy(tmp_path: Path) -> None:
    model(tmp_path / "resnet34", num_classes=1000)
    held = {path.name: folder.Held("0" * 64, path.stat().st_size) for path in (tmp_path / "resnet34").iterdir()}
    folder.write(folder.Record("the hub", "", held, 0.0, "timm/resnet34.a1_in1k", "main"), tmp_path / "resnet34")
    catalog = Catalog.read(tmp_path)
    copy = copied(catalog["resnet34"], tmp_path)
    assert catalog.prune() == 0 and copy.is_dir()
    assert catalog.remove(catalog["resnet34"]) > 0
    assert not copy.exists() and not (tmp_path / "resnet34").exists()


def test_prune_takes_the_quicker_copies_of_what_is_gone_or_another_by_now(tmp_path: Path) -> None:
    model(tmp_path / "dogs")
    model(tmp_path / "cats")
    catalog = Catalog.read(tmp_path)
    gone, other = copied(catalog["dogs"], tmp_path), copied(catalog["cats"], tmp_path)
    (tmp_path / "dogs" / "model.safetensors").unlink()
    tensors(tmp_path / "cats" / "model.safetensors", weight=np.zeros((9, 9), np.float32))
    assert Catalog.read(tmp_path).prune() > 0
    assert not gone.exists() and not other.exists() and (tmp_path / "cats").exists()


def test_a_starter_stays(starter: Path, tmp_path: Path) -> None:
    catalog = Catalog.read(tmp_path / "models")
    with pytest.raises(ModelUnavailable, match="comes with the playground"):
        catalog.remove(catalog["starter_cifar10"])
    catalog.prune()
    assert starter.is_dir()


def test_a_folder_that_cannot_be_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = tmp_path / "shut"
    shut.mkdir()
    looking = Path.iterdir

    def iterdir(path: Path) -> object:
        if path == shut:
            raise PermissionError(13, "Permission denied", str(path))
        return looking(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert [(one.path, one.problem) for one in scan.scan(tmp_path)] == [
        ("shut", "The folder cannot be looked into: Permission denied.")
    ]
