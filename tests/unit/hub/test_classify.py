"""Classification: the same numbers as timm by hand, readable labels, and worded refusals."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from playground.catalog.listing import Catalog
from playground.core.errors import ModelUnavailable
from playground.data.pictures import read_picture
from playground.hub import classify

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with one small network of three classes, as timm saves it."""
    torch.manual_seed(0)
    network = timm.create_model("mobilenetv3_small_050", num_classes=3)
    place = tmp_path / "pets"
    place.mkdir()
    save_file(network.state_dict(), place / "model.safetensors")
    said = {
        "architecture": "mobilenetv3_small_050", "num_classes": 3, "label_names": ["cat", "dog", "parrot"],
        "pretrained_cfg": {"input_size": [3, 96, 96], "crop_pct": 0.9, "interpolation": "bilinear", "mean": [0.5] * 3, "std": [0.5] * 3},
    }  # fmt: skip
    (place / "config.json").write_text(json.dumps(said))
    return tmp_path


def photo(seed: int, size: tuple[int, int] = (120, 90)) -> Image.Image:
    drawn = np.random.default_rng(seed).integers(0, 256, (size[1] // 10, size[0] // 10, 3), dtype=np.uint8)
    return Image.fromarray(drawn).resize(size, Image.Resampling.BICUBIC)


def test_a_local_folder_answers_as_timm_by_hand_does(models: Path) -> None:
    card = Catalog.read(models)["pets"]
    ours = classify.load(card, models).model
    hand = timm.create_model(f"local-dir:{models / 'pets'}", pretrained=True).eval()
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(hand))
    images = [photo(seed, size) for seed, size in enumerate([(120, 90), (50, 200), (97, 96)])]
    with torch.inference_mode():
        wanted = hand(torch.stack([transform(image) for image in images])).softmax(-1).numpy()
    found = ours.probabilities(images)
    assert np.abs(found - wanted).max() < 1e-6
    assert ours.labels == ("cat", "dog", "parrot")
    best = classify.top(found[0], ours.labels, k=2)
    assert best[0].score >= best[1].score and best[0].index == int(wanted[0].argmax())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda said: said | {"num_classes": 5}, "not those of a mobilenetv3_small_050 with 5 classes"),
        (lambda said: said | {"architecture": "resnet18"}, "not those of a resnet18"),
        (lambda said: said | {"architecture": "my_net"}, "knows no network 'my_net'"),
    ],
)
def test_weights_of_another_network_are_refused_in_words(models: Path, spoil: object, words: str) -> None:
    config = models / "pets" / "config.json"
    config.write_text(json.dumps(spoil(json.loads(config.read_text()))))  # type: ignore[operator]
    with pytest.raises(ModelUnavailable, match=words):
        classify.load(Catalog.read(models)["pets"], models)


@needs_data
def test_mobilenetv2_names_the_imagenet_samples_and_equals_timm() -> None:
    folder = DATA / "weights"
    ours = classify.load(Catalog.read(folder)["mobilenetv2_100"], folder).model
    rows = [line.split("\t") for line in (DATA / "photos/imagenet/labels.tsv").read_text().splitlines()]
    named = {row[0]: row for row in rows if (DATA / "photos/imagenet" / row[0]).is_file()}
    images = [read_picture((DATA / "photos/imagenet" / name).read_bytes(), name).image for name in named]
    found = ours.probabilities(images)
    hand = timm.create_model(f"local-dir:{folder / 'timm/mobilenetv2_100'}", pretrained=True).eval()
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(hand))
    with torch.inference_mode():
        wanted = torch.cat([hand(transform(image)[None]).softmax(-1) for image in images]).numpy()
    assert np.abs(found - wanted).max() < 1e-5
    right = sum(int(row[2]) == int(best) for row, best in zip(named.values(), found.argmax(1), strict=True))
    assert len(named) == 30 and right >= 24
