"""Downloads through the hub library's own protocol, against a hub on loopback that fails on demand."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playground.catalog import download, folder
from playground.catalog.card import Asset, Card, Hub
from playground.core.errors import ModelUnavailable
from tests.hub import COMMIT, Faults, served
from tests.hub import Hub as Server

WEIGHTS = bytes(range(256)) * 2500  # 640 kB
FETCH = """
import pickle, sys
from playground.catalog import download
sys.stdout.buffer.write(pickle.dumps(download.fetch(*pickle.load(sys.stdin.buffer))))
"""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    place = tmp_path / "hub" / "timm" / "tiny.in1k"
    place.mkdir(parents=True)
    (place / "model.safetensors").write_bytes(WEIGHTS)
    (place / "config.json").write_text(json.dumps({"architecture": "tiny"}))
    release = tmp_path / "hub" / "assets" / "v1"
    release.mkdir(parents=True)
    (release / "yolo.pt").write_bytes(WEIGHTS)
    with served(tmp_path / "hub", monkeypatch) as made:
        yield made


@pytest.fixture
def models(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir()
    return place


def card(**changes: object) -> Card:
    values: dict = {
        "name": "tiny", "title": "Tiny", "summary": "A test.", "task": "classify",
        "source": Hub("timm/tiny.in1k"), "architecture": "tiny",
    }  # fmt: skip
    return Card(**{**values, **changes})


def test_a_model_arrives_whole_with_its_hashes_on_record(hub: Server, models: Path) -> None:
    told: list[tuple[int, int]] = []
    record = download.fetch(card(), models, progress=lambda done, total: told.append((done, total)))
    assert (models / "tiny" / "model.safetensors").read_bytes() == WEIGHTS
    assert record.commit == COMMIT
    assert record.files["model.safetensors"].sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    assert folder.find(card(), models) == record
    assert told[-1][0] == told[-1][1] == record.bytes
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert not (models / "tiny" / folder.PARTS).exists()
    assert folder.verify(card(), models) == []


def test_what_is_on_disk_is_not_asked_for_again(hub: Server, models: Path) -> None:
    download.fetch(card(), models)
    asked = len(hub.asked)
    download.fetch(card(), models, offline=True)
    assert len(hub.asked) == asked


def test_a_cut_connection_goes_on_where_it_ended(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", cut=300_000, times=1)
    download.fetch(card(), models)
    assert (models / "tiny" / "model.safetensors").read_bytes() == WEIGHTS
    assert hub.sent("model.safetensors") == ["", f"bytes={download.CHUNK}-"]


def test_what_a_broken_download_left_is_used_by_the_next_and_is_no_model_until_then(hub: Server, models: Path) -> None:
    class Left(Exception):
        pass

    def leave(done: int, total: int) -> None:
        if done > 2 * download.CHUNK:
            raise Left

    with pytest.raises(Left):
        download.fetch(card(), models, progress=leave)
    assert folder.find(card(), models) is None
    assert not (models / "tiny" / "model.safetensors").exists()
    before = len(hub.sent("model.safetensors"))
    download.fetch(card(), models)
    (rest,) = hub.sent("model.safetensors")[before:]
    assert rest.startswith("bytes=") and int(rest[6:-1]) > 0
    assert (models / "tiny" / "model.safetensors").read_bytes() == WEIGHTS


def test_a_busy_hub_is_asked_again(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="cdn/timm/tiny.in1k/model.safetensors", status=503, times=2)
    assert download.fetch(card(), models).bytes > len(WEIGHTS)


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (Faults(on="cdn/timm/tiny.in1k/model.safetensors", status=503), "cannot serve it now"),
        (Faults(on="cdn/timm/tiny.in1k/model.safetensors", status=403), "not for everyone"),
        (Faults(on="model.safetensors", lie=True), "its hash is another"),
        (Faults(on="config.json", lie=True), "its hash is another"),
    ],
)
def test_each_failure_has_its_words_and_leaves_no_model(hub: Server, models: Path, faults: Faults, words: str) -> None:
    hub.faults = faults
    with pytest.raises(ModelUnavailable, match=words):
        download.fetch(card(), models)
    assert folder.find(card(), models) is None
    hub.faults = Faults()
    assert download.fetch(card(), models).bytes > len(WEIGHTS)


def test_a_repository_that_does_not_exist_is_said(hub: Server, models: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"timm/gone at main on the model hub does not exist"):
        download.fetch(card(source=Hub("timm/gone")), models)


def test_a_hub_out_of_reach_is_said(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match="cannot be reached from this server"):
        download.fetch(card(), models)


def test_a_hash_that_the_card_knows_is_held_against_the_hub(hub: Server, models: Path) -> None:
    known = card(sha256={"model.safetensors": "0" * 64})
    with pytest.raises(ModelUnavailable, match="holds another model.safetensors"):
        download.fetch(known, models)
    assert hub.sent("model.safetensors") == []


def test_an_asset_comes_the_same_way(hub: Server, models: Path) -> None:
    asset = card(name="yolo", source=Asset("yolo.pt", "v1"))
    record = download.fetch(asset, models)
    assert record.files["yolo.pt"].bytes == len(WEIGHTS)
    wrong = card(name="other", source=Asset("yolo.pt", "v1"), sha256={"yolo.pt": "0" * 64})
    with pytest.raises(ModelUnavailable, match="its hash is another"):
        download.fetch(wrong, models)


def test_offline_and_quota_are_said_before_anything_is_asked(hub: Server, models: Path) -> None:
    with pytest.raises(ModelUnavailable, match="stay offline"):
        download.fetch(card(), models, offline=True)
    assert hub.asked == []
    with pytest.raises(ModelUnavailable, match=r"models may take .* Remove one first"):
        download.fetch(card(), models, quota=100_000)
    assert hub.sent("model.safetensors") == []


def test_many_threads_fetch_it_once(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.01)
    threads = [threading.Thread(target=download.fetch, args=(card(), models)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert hub.sent("model.safetensors") == [""]


def test_two_processes_fetch_it_once(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.02)
    both = [
        subprocess.Popen([sys.executable, "-c", FETCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)
    ]
    with ThreadPoolExecutor(2) as hands:
        said = list(hands.map(lambda one: one.communicate(pickle.dumps((card(), models)), timeout=120)[0], both))
    one, other = map(pickle.loads, said)
    assert one.files == other.files
    assert hub.sent("model.safetensors") == [""]


def test_verify_names_what_changed_and_remove_frees_it(hub: Server, models: Path) -> None:
    download.fetch(card(), models)
    weights = models / "tiny" / "model.safetensors"
    weights.write_bytes(WEIGHTS[:-1] + b"x")
    assert folder.verify(card(), models) == ["model.safetensors is not what was fetched: its hash is another."]
    assert folder.remove(card(), models) > len(WEIGHTS)
    assert folder.find(card(), models) is None
    with pytest.raises(ModelUnavailable, match="is not on disk"):
        folder.remove(card(), models)


def test_what_was_asked_for_stands_on_the_record(hub: Server, models: Path) -> None:
    download.fetch(card(), models)
    record = folder.read(models / "tiny")
    assert record is not None and (record.repository, record.revision) == ("timm/tiny.in1k", "main")


def test_verify_tells_how_far_it_is_and_can_be_ended(hub: Server, models: Path) -> None:
    record = download.fetch(card(), models)
    told: list[tuple[int, int]] = []
    assert folder.verify(card(), models, lambda done, total: told.append((done, total))) == []
    assert told[-1] == (record.bytes, record.bytes)

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        folder.verify(card(), models, stop)


def test_prune_takes_what_was_stopped_of_a_model_that_has_no_card(models: Path) -> None:
    (models / "resnet34" / folder.PARTS).mkdir(parents=True)
    (models / "resnet34" / folder.PARTS / "x.part").write_bytes(b"x" * 50)
    assert folder.prune([], models) == 50
    assert not (models / "resnet34").exists()


def test_prune_takes_leftovers_and_nothing_that_somebody_put_there(hub: Server, models: Path) -> None:
    parts = models / "tiny" / folder.PARTS
    parts.mkdir(parents=True)
    (parts / "model.safetensors.part").write_bytes(b"x" * 100)
    mine = models / "mine"
    mine.mkdir()
    (mine / "model.safetensors").write_bytes(b"precious")
    assert folder.prune([card(), card(name="mine")], models) == 100
    assert not (models / "tiny").exists() and (mine / "model.safetensors").exists()
