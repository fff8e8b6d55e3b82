"""The desk: one load however many ask, pictures decoded once, models let go of, files that changed loaded anew."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable
from playground.core.settings import Settings
from playground.core.vision import Classified, Classify, Photo
from playground.hub import answers, classify, desk
from playground.hub.desk import Desk
from tests.timm_folder import drawn, png, timm_folder

quiet: Callable[[str], None] = lambda words: None  # noqa: E731


@pytest.fixture
def models(tmp_path: Path) -> Path:
    timm_folder(tmp_path, "ten")
    return tmp_path


def at(models: Path, **more: float) -> Desk:
    return Desk(models, budget=int(more.pop("budget", 10**9)), megabytes=20, megapixels=50, **more)  # type: ignore[arg-type]


def test_twenty_at_once_get_each_the_answer_to_its_own_picture_after_one_load(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    real = classify.load
    monkeypatch.setattr(classify, "load", lambda card, *more: loads.append(card.name) or real(card, *more))
    place, card = at(models), Catalog.read(models)["ten"]
    photos = [Photo(png(drawn(seed)), f"{seed}.png") for seed in range(20)]
    gate = threading.Barrier(20)

    def ask(photo: Photo) -> Classified:
        gate.wait(30)
        (found,) = answers.classify(place, card, [Classify(photo, 10)], quiet)
        assert isinstance(found, Classified)
        return found

    with ThreadPoolExecutor(20) as crowd:
        found = list(crowd.map(ask, photos))
    assert loads == ["ten"] and place.standing()[0].hits == 19
    with place.classifier(card) as model:
        wanted = model.probabilities([place.picture(photo).image for photo in photos])
    rows = np.array([[one.score for one in sorted(answer.predictions, key=lambda one: one.index)] for answer in found])
    assert np.abs(rows - wanted).max() < 1e-6
    assert len(np.unique(wanted.round(4), axis=0)) == 20  # had they been exchanged, it would have been seen


def test_a_picture_is_decoded_once_and_forgotten_when_others_take_its_room(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    real = desk.read_picture
    monkeypatch.setattr(
        desk, "read_picture", lambda content, name, **more: decoded.append(name) or real(content, name, **more)
    )
    place = at(models, pictures=3 * 4 * 120 * 90)
    photos = [Photo(png(drawn(seed)), f"{seed}.png") for seed in range(4)]
    first = place.picture(photos[0])
    again = place.picture(Photo(photos[0].content, "other.png"))
    assert again.image is first.image and (first.name, again.name) == ("0.png", "other.png")
    for photo in [*photos[1:], photos[3], photos[0]]:
        place.picture(photo)
    assert decoded == ["0.png", "1.png", "2.png", "3.png", "0.png"]
    place.picture(Photo(png(drawn(9, (400, 400))), "huge.png"))  # more than all the room: answered, not kept
    place.picture(photos[0])
    assert decoded[-2:] == ["huge.png", "0.png"]


def test_a_picture_beyond_the_limits_is_refused_in_words(models: Path) -> None:
    small = Desk(models, budget=10**9, megabytes=0.001, megapixels=50)
    with pytest.raises(InputError, match=r"a\.png has .* MB; at most 0\.001 MB"):
        small.picture(Photo(png(drawn(0)), "a.png"))
    few = Desk(models, budget=10**9, megabytes=20, megapixels=0.01)
    with pytest.raises(InputError, match=r"a\.png has 120 x 90 pixels; at most 0\.01 million"):
        few.picture(Photo(png(drawn(0)), "a.png"))


def test_what_is_loaded_can_be_seen_kept_and_let_go_of(models: Path) -> None:
    place, card = at(models, idle=0.0), Catalog.read(models)["ten"]
    said: list[str] = []
    for _ in range(2):
        with place.classifier(card, said.append):
            assert not place.evict("ten")
    assert said == ["Loading ten (local)"]
    (one,) = place.standing()
    assert (one.name, one.hits, one.pinned, one.engine, one.speed_up) == ("ten", 1, False, "PyTorch", 0.0)
    assert one.bytes > 2 * 300_000 and one.load_seconds > 0
    place.pin("ten", True)
    place.pin("nobody", True)
    place.sweep()
    assert place.standing()[0].pinned
    place.pin("ten", False)
    place.sweep()
    assert place.standing() == ()
    assert not place.evict("ten")


def test_a_model_whose_files_changed_is_loaded_anew(models: Path) -> None:
    place, card = at(models), Catalog.read(models)["ten"]
    with place.classifier(card) as model:
        assert model.labels[0] == "plane"
    config = models / "ten" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"label_names": [f"thing {n}" for n in range(10)]}))
    with place.classifier(card) as model:
        assert model.labels[0] == "thing 0"
    shutil.rmtree(models / "ten")
    with pytest.raises(ModelUnavailable, match="is not on disk"), place.classifier(card):
        pass


def test_what_cannot_be_had_is_said_in_words(models: Path) -> None:
    catalog = Catalog.read(models)
    with (
        pytest.raises(ModelUnavailable, match="ResNet-50 is not on disk.*playground models pull resnet50"),
        at(models).classifier(catalog["resnet50"]),
    ):
        pass
    with (
        pytest.raises(ModelUnavailable, match="models may take 1 MB"),
        at(models, budget=1_000_000).classifier(catalog["ten"]),
    ):
        pass


def test_its_limits_are_the_servers(models: Path) -> None:
    place = Desk.from_settings(Settings(models=str(models), picture_megabytes=1))
    assert place.folder == models
    with pytest.raises(InputError, match="at most 1 MB"):
        place.picture(Photo(bytes(1_000_001), "a.png"))
