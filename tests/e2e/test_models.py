"""The page Models in a real browser, against a hub on loopback: fetch, stop, verify, remove, rescan; strangers only look."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.support import PHONE, Server, Visitor
from tests.hub import Faults, Hub
from tests.unit.catalog.test_catalog import tensors

SETTINGS: dict[str, str] = {}
MEGABYTES = 2


@pytest.fixture(scope="module", autouse=True)
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The hub that this file's server knows; it is there before the server."""
    root = tmp_path_factory.mktemp("hub")
    for name in ("resnet18.a1_in1k", "vit_tiny_patch16_224.augreg_in21k_ft_in1k"):
        place = root / "timm" / name
        place.mkdir(parents=True)
        tensors(place / "model.safetensors", weight=np.ones((MEGABYTES, 250_000), np.float32))
        (place / "config.json").write_text(json.dumps({"architecture": name.split(".")[0], "num_classes": 1000}))
    made = Hub(root)
    models = tmp_path_factory.mktemp("models")
    SETTINGS.update(HF_ENDPOINT=made.address, PLAYGROUND_MODELS=str(models))
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def quick(hub: Hub) -> None:
    """Nothing is wrong with the hub unless a test says so."""
    hub.faults = Faults()


def folder() -> Path:
    """The server's models folder."""
    return Path(SETTINGS["PLAYGROUND_MODELS"])


def arrived(arrive: Callable[..., Visitor], **options: Any) -> Visitor:
    """A visitor who sees the page."""
    visitor = arrive(**options)
    visitor.go("/models")
    visitor.page.get_by_test_id("models").wait_for()
    return visitor


def row(visitor: Visitor, name: str) -> Any:
    """One model's row."""
    return visitor.page.get_by_test_id(f"model-{name}")


def press(visitor: Visitor, name: str, words: str) -> None:
    """Press one of its buttons."""
    row(visitor, name).get_by_role("button", name=re.compile(f"^{words} ")).click()


def says(visitor: Visitor, name: str, words: str) -> None:
    """Wait until its row says something."""
    visitor.until(lambda: words in row(visitor, name).inner_text(), f"{name}: {words}")


def test_fetch_with_a_bar_verify_and_remove(arrive: Callable[..., Visitor], hub: Hub) -> None:
    visitor = arrived(arrive)
    seen = threading.Event()
    hub.faults = Faults(on="model.safetensors", halfway=seen)
    press(visitor, "resnet18", "Download")
    bar = row(visitor, "resnet18").get_by_role("progressbar")
    visitor.until(lambda: bar.count() > 0 and 0 < int(bar.get_attribute("aria-valuenow") or 0) < 100, "the bar fills")
    says(visitor, "resnet18", f"of {MEGABYTES}.0 MB")
    seen.set()
    says(visitor, "resnet18", "are on disk.")
    assert (folder() / "resnet18" / "model.safetensors").is_file()
    press(visitor, "resnet18", "Verify")
    says(visitor, "resnet18", "is as it was fetched")
    row(visitor, "resnet18").get_by_role("button", name="ResNet-18", exact=True).click()
    says(visitor, "resnet18", "sha256")
    visitor.shoot("models-detail")
    press(visitor, "resnet18", "Remove")
    assert (folder() / "resnet18").is_dir()  # not before it is confirmed
    press(visitor, "resnet18", "Keep")
    press(visitor, "resnet18", "Remove")
    press(visitor, "resnet18", "Delete")
    visitor.until(lambda: "ResNet-18 is removed" in visitor.read("told"), "it says that it is gone")
    assert not (folder() / "resnet18").exists()


def test_a_download_is_stopped_and_a_failed_one_says_why(arrive: Callable[..., Visitor], hub: Hub) -> None:
    visitor = arrived(arrive)
    hub.faults = Faults(on="model.safetensors", pause=0.3)
    press(visitor, "resnet18", "Download")
    press(visitor, "vit_tiny_patch16_224", "Download")
    says(visitor, "vit_tiny_patch16_224", "Waiting for the ones before it")
    press(visitor, "vit_tiny_patch16_224", "Stop")
    says(visitor, "vit_tiny_patch16_224", "Taken out of the line.")
    press(visitor, "resnet18", "Stop")
    says(visitor, "resnet18", "goes on from there")
    hub.faults = Faults(on="model.safetensors", status=404)
    press(visitor, "resnet18", "Download")
    says(visitor, "resnet18", "does not exist, or not for everyone (404)")
    press(visitor, "resnet50", "Download")
    says(visitor, "resnet50", "does not exist")
    visitor.shoot("models-failed")


def test_what_somebody_put_there_is_found(arrive: Callable[..., Visitor]) -> None:
    visitor = arrived(arrive)
    for name in ("dogs", "bad"):
        (folder() / name).mkdir()
        (folder() / name / "config.json").write_text(json.dumps({"architecture": "resnet18", "num_classes": 3}))
    tensors(folder() / "dogs" / "model.safetensors", weight=np.zeros((4, 5), np.float32))
    visitor.press("rescan")
    row(visitor, "dogs").wait_for()
    assert "New: dogs (local)" in visitor.read("told")
    assert "no weights beside it" in visitor.read("problems")
    visitor.page.get_by_test_id("only-here").check()
    visitor.until(lambda: row(visitor, "resnet50").count() == 0, "only what is on disk is shown")
    assert row(visitor, "dogs").count() == 1


def test_a_wrong_name_is_refused_in_words(arrive: Callable[..., Visitor]) -> None:
    visitor = arrived(arrive)
    visitor.page.get_by_test_id("timm-name").fill("google/vit")
    visitor.page.get_by_test_id("timm-name").press("Enter")
    visitor.until(lambda: "is no name of a timm model" in visitor.read("told"), "it is refused")


def test_on_a_phone_nothing_lies_outside(arrive: Callable[..., Visitor]) -> None:
    visitor = arrived(arrive, viewport=PHONE)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    low = visitor.page.get_by_test_id("models").evaluate(
        "root => [...root.querySelectorAll('button')].filter(b => b.offsetParent && b.offsetHeight < 44).map(b => b.textContent)"
    )
    assert low == []
    visitor.shoot("models-phone")


def test_strangers_only_look(arrive: Callable[..., Visitor], tmp_path: Path) -> None:
    public = Server(tmp_path, **{**SETTINGS, "PLAYGROUND_MODE": "public"})
    try:
        visitor = arrived(arrive, at=public)
        assert "playground models pull NAME" in visitor.read("public")
        models = visitor.page.get_by_test_id("models")
        names = {one.get_attribute("data-act") for one in models.get_by_role("button").all()}
        assert names == {"open"}
        assert models.get_by_role("textbox").count() == 0
    finally:
        public.stop()
