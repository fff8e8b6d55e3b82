"""The page Models: what it shows, what the owner may do on it, and that strangers may do nothing, whatever they send."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.catalog import exports
from playground.catalog.card import Card
from playground.catalog.cards import CARDS
from playground.catalog.typed import described
from playground.core.errors import InputError, ModelUnavailable, UnknownName
from playground.core.standing import Standing
from playground.jobs.asked import Asked, settled
from playground.jobs.inference import InlineInference
from playground.jobs.inference_messages import Refusal
from playground.ui import provider
from playground.ui.parts import models as part
from tests.hub import Faults, Hub, served
from tests.pages.support import canvas_data, open_page, problems
from tests.unit.catalog.test_catalog import tensors

WEIGHTS = bytes(range(256)) * 4000


@pytest.fixture
def models(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir(exist_ok=True)
    return place


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("resnet18.a1_in1k", "resnet34.a1_in1k"):
        place = tmp_path / "hub" / "timm" / name
        place.mkdir(parents=True)
        tensors(place / "model.safetensors", weight=np.zeros((100, 500), np.float32))
        (place / "config.json").write_text(json.dumps({"architecture": name.split(".")[0], "num_classes": 1000}))
    with served(tmp_path / "hub", monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> part.Told:
    """What this session was told: one instance, without a running page."""
    made = part.Told()
    monkeypatch.setattr(part, "state", lambda _: made)
    return made


def put(place: Path, **config: object) -> None:
    """A model that somebody copied there."""
    place.mkdir(parents=True)
    (place / "config.json").write_text(json.dumps({"architecture": "resnet18", "num_classes": 3, **config}))
    tensors(place / "model.safetensors", weight=np.zeros((4, 5), np.float32))


def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same server, open to strangers."""
    settings = dataclasses.replace(provider.settings(), mode="public")
    monkeypatch.setattr(provider, "settings", lambda: settings)


def row(name: str) -> dict[str, Any]:
    (found,) = [one for one in part.table()["rows"] if one["name"] == name]
    return found


def ended(name: str) -> dict[str, Any]:
    end = time.monotonic() + 60
    while (pull := row(name)["pull"]) is None or pull["state"] in ("waiting", "running"):
        assert time.monotonic() < end, pull
        time.sleep(0.02)
    found: dict[str, Any] = pull
    return found


def test_every_card_is_there_with_what_is_known_of_it() -> None:
    page = open_page("models")
    data = canvas_data(page)
    assert problems(page) == []
    for card in CARDS.values():
        assert card.title in data and card.paper.split(",")[0].split(":")[0] in data
    assert row("resnet18")["link"] == "https://huggingface.co/timm/resnet18.a1_in1k"
    assert row("resnet18")["size"] == "about 46.8 MB" and row("resnet18")["may"] == ["pull"]
    assert ["Input", "3 × 224 × 224 (channels × height × width)"] in row("resnet18")["facts"]
    assert row("starter_cifar10")["kind"] == "Starter" and "remove" not in row("starter_cifar10")["may"]


def test_a_starter_tells_its_measured_score(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put(
        tmp_path / "cifar10",
        label_names=["cat", "dog", "frog"],
        measured={"test_pictures": 10_000, "accuracy": 0.931, "refused": 0.05},
    )
    monkeypatch.setattr("playground.catalog.folder.STARTERS", tmp_path)
    facts = dict(map(tuple, row("starter_cifar10")["facts"]))  # type: ignore[arg-type]
    assert (
        facts["Measured"] == "93.1% of 10,000 test pictures named rightly; it says 'none of my classes' to 5.0% of them"
    )
    assert facts["Labels"] == "3 of its own: cat, dog, frog" and facts["Parameters"] == "20"


def test_a_download_arrives_and_is_the_best_from_then_on(hub: Hub) -> None:
    part.act({"do": "pull", "name": "resnet18"})
    assert ended("resnet18")["words"] == "0.2 MB are on disk."
    found = row("resnet18")
    assert found["here"] and found["may"] == ["verify", "remove"]
    assert all(len(file["sha256"]) == 64 for file in found["files"])
    assert provider.catalog().best("classify").name == "resnet18"
    part.act({"do": "verify", "name": "resnet18"})
    assert ended("resnet18")["words"] == "Every file was read again and is as it was fetched."
    assert part.act({"do": "remove", "name": "resnet18"}) == "ResNet-18 is removed: 0.2 MB are free again."
    assert not row("resnet18")["here"] and row("resnet18")["pull"] is None


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (Faults(on="model.safetensors", status=404), "does not exist"),
        (Faults(on="resnet18.a1_in1k/model.safetensors", status=503), "cannot serve it now"),
        (Faults(on="model.safetensors", lie=True), "its hash is another"),
    ],
)
def test_a_failed_download_says_why_and_the_page_goes_on(hub: Hub, faults: Faults, words: str) -> None:
    hub.faults = faults
    part.act({"do": "pull", "name": "resnet18"})
    assert ended("resnet18")["state"] == "failed" and words in ended("resnet18")["words"]
    assert problems(open_page("models")) == []
    hub.faults = Faults()
    part.act({"do": "pull", "name": "resnet18"})
    assert ended("resnet18")["state"] == "done"
    part.act({"do": "forget", "name": "resnet18"})
    assert row("resnet18")["pull"] is None


def test_a_download_is_stopped_and_not_removed_meanwhile(hub: Hub) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.5)
    part.act({"do": "pull", "name": "resnet18"})
    assert row("resnet18")["may"] == ["cancel"]
    with pytest.raises(InputError, match="being fetched"):
        part.act({"do": "remove", "name": "resnet18"})
    part.act({"do": "cancel", "name": "resnet18"})
    assert ended("resnet18")["state"] == "cancelled"


def test_offline_is_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = dataclasses.replace(provider.settings(), offline=1)
    monkeypatch.setattr(provider, "settings", lambda: settings)
    part.act({"do": "pull", "name": "resnet18"})
    assert "stay offline" in ended("resnet18")["words"]
    assert "nothing is fetched" in part.table()["disk"]["words"]


def test_a_folder_put_there_by_hand_is_found_and_a_broken_one_said(models: Path) -> None:
    part.table()
    put(models / "mine" / "dogs")
    put(models / "bad")
    (models / "bad" / "model.safetensors").unlink()
    assert "dogs" not in [one["name"] for one in part.table()["rows"]]
    assert part.act({"do": "rescan"}) == "New: dogs (local)."
    assert row("dogs")["kind"] == "Put there by hand" and row("dogs")["here"] and row("dogs")["may"] == []
    ((path, words),) = part.table()["problems"]
    assert path == "bad" and "no weights beside it" in words and str(models) not in words
    with pytest.raises(ModelUnavailable, match="take it out by hand"):
        part.act({"do": "remove", "name": "dogs"})


class Knowing(InlineInference):
    """Answers as timm would of ``resnet34``; ``tests/unit/hub/test_named.py`` asks timm itself."""

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        assert (task, card) == ("named", None)
        if "resnet34" not in question:
            return settled(Refusal("InputError", "Unknown model 'resnet43'. Did you mean 'resnet34'?"))
        return settled(described("resnet34", "timm/resnet34.a1_in1k", parameters=21_797_672, labels="imagenet-1k"))


def test_any_timm_model_is_looked_up_by_name_then_fetched_and_found_again_after_a_restart(
    hub: Hub, told: part.Told, models: Path
) -> None:
    provider.use_inference(Knowing(models, provider.settings()))
    part.act({"do": "find", "name": " hf-hub:timm/resnet34.a1_in1k "})
    assert told.asking
    part._find()
    proposed = row("resnet34")
    assert proposed["proposed"] and proposed["may"] == ["pull"] and proposed["size"] == "about 87.2 MB"
    part.act({"do": "pull", "name": "resnet34"})
    assert ended("resnet34")["state"] == "done" and told.proposed is None
    provider.shut_down()
    provider.use_inference(Knowing(models, provider.settings()))
    found = row("resnet34")
    assert found["here"] and found["kind"] == "By name" and found["may"] == ["verify", "remove"]
    with pytest.raises(InputError, match="on disk already"):
        part.act({"do": "find", "name": "resnet34.a1_in1k"})


def test_an_unknown_name_is_answered_with_the_nearest(told: part.Told, models: Path) -> None:
    provider.use_inference(Knowing(models, provider.settings()))
    part.act({"do": "find", "name": "resnet43"})
    part._find()
    assert told.wrong and "Did you mean 'resnet34'?" in told.words and told.proposed is None


@pytest.mark.parametrize("typed", ["", "../../etc", "google/vit", "x" * 500, "<b>", "timm/../x"])
def test_what_is_no_name_is_refused_without_asking_anybody(told: part.Told, typed: str) -> None:
    with pytest.raises(InputError):
        part.act({"do": "find", "name": typed})
    assert not told.asking


@pytest.mark.parametrize("wish", [None, 3, {}, {"do": "format"}, {"do": ["pull"]}, "pull"])
def test_a_wish_that_the_page_never_makes_is_refused(wish: object) -> None:
    with pytest.raises(InputError, match="reload it"):
        part.act(wish)


@pytest.mark.parametrize("deed", ["pull", "verify", "remove", "evict", "pin", "unpin"])
def test_a_model_that_nobody_knows_is_refused_by_name(deed: str) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'resnet18'"):
        part.act({"do": deed, "name": "resnet-18"})


@pytest.mark.parametrize("deed", list(part._DEEDS))
def test_on_a_public_server_every_deed_is_refused(
    deed: str, hub: Hub, monkeypatch: pytest.MonkeyPatch, told: part.Told
) -> None:
    public(monkeypatch)
    with pytest.raises(ModelUnavailable, match="playground models pull NAME"):
        part.act({"do": deed, "name": "resnet18"})
    assert hub.asked == [] and not told.asking and not provider.pulls().busy()


def test_a_public_server_only_shows(monkeypatch: pytest.MonkeyPatch, models: Path) -> None:
    put(models / "resnet18", num_classes=1000)
    public(monkeypatch)
    shown = part.table()
    assert not shown["may"] and "playground models pull NAME" in shown["public"]
    assert all(one["may"] == [] for one in shown["rows"])
    assert row("resnet18")["here"]
    assert problems(open_page("models")) == []


def test_what_is_in_memory_is_told_and_can_be_let_go(monkeypatch: pytest.MonkeyPatch, models: Path) -> None:
    put(models / "resnet18", num_classes=1000)
    done: list[tuple[Any, ...]] = []

    class Remembering(InlineInference):
        def standing(self) -> tuple[Standing, ...]:
            return (Standing("resnet18", 61_000_000, 12, 0.82, 3.0, False, "ONNX Runtime", 3.1, 4e-7),)

        def evict(self, name: str) -> None:
            done.append(("evict", name))

        def pin(self, name: str, pinned: bool) -> None:
            done.append(("pin", name, pinned))

    provider.use_inference(Remembering(models, provider.settings()))
    assert row("resnet18")["memory"] == "61.0 MB, loaded in 0.82 s, 12 answers, idle 3 s"
    assert row("resnet18")["engine"] == "3.1 × faster by ONNX Runtime, largest difference 4e-7"
    assert row("resnet18")["may"] == ["evict", "pin"]
    for deed in ("evict", "pin", "unpin"):
        part.act({"do": deed, "name": "resnet18"})
    assert done == [("evict", "resnet18"), ("pin", "resnet18", True), ("pin", "resnet18", False)]


@pytest.mark.parametrize(
    ("export", "words"),
    [
        (exports.Export(True, 3.1, 4e-7, 3), "3.1 × faster by ONNX Runtime"),
        (exports.Export(False, 0.8, 1e-6, 0), "measured at 0.8 ×"),
        (exports.Export(False, 0.0, 0.0, 0, problem="no such operator"), "no such operator"),
    ],
)
def test_what_was_measured_is_told_of_models_that_are_not_loaded(
    models: Path, export: exports.Export, words: str
) -> None:
    put(models / "resnet18", num_classes=1000)
    made = models / "made.onnx"
    made.write_bytes(b"abc")
    exports.keep(provider.rescan()["resnet18"], models, made, export)
    assert words in row("resnet18")["engine"]


CHANGED: list[Callable[[Path], object]] = [
    lambda place: (place / "config.json").write_text("[]"),
    lambda place: (place / "config.json").write_text('{"label_names": 3}'),
    lambda place: (place / "config.json").write_bytes(b"\xff\xfe"),
]


@pytest.mark.parametrize("change", CHANGED)
def test_files_that_change_under_it_do_not_end_the_page(models: Path, change: Callable[[Path], object]) -> None:
    put(models / "dogs", label_names=["a", "b", "c"])
    provider.rescan()
    change(models / "dogs")
    assert row("dogs")["here"]
