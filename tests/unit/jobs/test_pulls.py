"""Downloads in the background, against a hub on loopback that fails on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.catalog import download, folder
from playground.catalog.card import Card, Hub, Starter
from playground.core.errors import ModelUnavailable, QueueFull
from playground.jobs import pulls as module
from playground.jobs.pulls import Pull, Pulls
from tests.hub import Faults, served
from tests.hub import Hub as Server

WEIGHTS = bytes(range(256)) * 4000  # 1 MB


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("one", "two"):
        place = tmp_path / "hub" / "timm" / name
        place.mkdir(parents=True)
        (place / "model.safetensors").write_bytes(WEIGHTS)
        (place / "config.json").write_text("{}")
    with served(tmp_path / "hub", monkeypatch) as made:
        yield made


@pytest.fixture
def models(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir()
    return place


def card(name: str = "one", **changes: object) -> Card:
    values: dict = {
        "name": name, "title": name.title(), "summary": "A test.", "task": "classify",
        "source": Hub(f"timm/{name}"), "architecture": name,
    }  # fmt: skip
    return Card(**{**values, **changes})


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def ended(pulls: Pulls, name: str = "one") -> Pull:
    def over() -> bool:
        found = pulls.state(name)
        return found is not None and found.finished

    until(over, f"{name} ends")
    found = pulls.state(name)
    assert found is not None
    return found


def test_it_arrives_and_whoever_waits_for_it_is_told(hub: Server, models: Path) -> None:
    arrived: list[bool] = []
    pulls = Pulls(models, 0, False, arrived=lambda: arrived.append(folder.find(card(), models) is not None))
    assert pulls.start(card()).state == "waiting"
    done = ended(pulls)
    assert (done.state, done.failed, done.words) == ("done", False, "1.0 MB are on disk.")
    assert done.done == done.total == len(WEIGHTS) + 2
    assert arrived == [True]


def test_two_go_one_after_the_other_and_the_same_one_only_once(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.02)
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    pulls.start(card())
    pulls.start(card("two"))
    until(lambda: pulls.states()[-1].state == "running" or hub.sent("one/model.safetensors"), "the first begins")
    assert sum(one.state == "running" for one in pulls.states()) == 1
    assert ended(pulls, "two").state == ended(pulls).state == "done"
    assert hub.sent("one/model.safetensors") == [""]
    assert not pulls.busy()


def test_a_stopped_download_keeps_what_it_has_and_goes_on_next_time(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.1)
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    until(lambda: (pulls.state("one") or Pull(card())).done > 2 * download.CHUNK, "something arrives")
    assert (pulls.state("one") or Pull(card())).total == len(WEIGHTS) + 2
    pulls.cancel("one")
    stopped = ended(pulls)
    assert stopped.state == "cancelled" and "goes on from there" in stopped.words
    assert folder.find(card(), models) is None
    hub.faults = Faults()
    pulls.start(card())
    assert ended(pulls).state == "done"
    assert hub.sent("model.safetensors")[-1].startswith("bytes=")


def test_what_only_waits_is_taken_out_of_the_line(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.05)
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    until(lambda: hub.asked, "the first begins")
    pulls.start(card("two"))
    pulls.cancel("two")
    assert ended(pulls, "two").state == "cancelled"
    pulls.cancel("one")
    ended(pulls)
    assert not [path for _, path, _ in hub.asked if "timm/two" in path]


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (Faults(on="model.safetensors", status=404), "does not exist"),
        (Faults(on="cdn/timm/one/model.safetensors", status=503), "cannot serve it now"),
        (Faults(on="model.safetensors", lie=True), "its hash is another"),
    ],
)
def test_each_failure_is_said_and_the_next_one_goes_on(hub: Server, models: Path, faults: Faults, words: str) -> None:
    hub.faults = faults
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    failed = ended(pulls)
    assert failed.failed and words in failed.words
    hub.faults = Faults()
    pulls.start(card())
    assert ended(pulls).state == "done"


def test_a_cut_connection_ends_well(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", cut=300_000, times=1)
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    assert ended(pulls).state == "done"
    assert (models / "one" / "model.safetensors").read_bytes() == WEIGHTS


def test_offline_and_quota_are_said(hub: Server, models: Path) -> None:
    offline, small = Pulls(models, 0, True), Pulls(models, 100_000, False)
    offline.start(card())
    assert "stay offline" in ended(offline).words and hub.asked == []
    small.start(card())
    assert "Remove one first" in ended(small).words


def test_a_defect_is_told_by_a_number_and_logged(
    models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(module, "fetch", broken)
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    words = ended(pulls).words
    reference = words.split("reference ")[1].rstrip(").")
    assert "secret" not in words and reference in caplog.text


def test_verify_reads_the_files_again(hub: Server, models: Path) -> None:
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    ended(pulls)
    pulls.start(card(), "verify")
    good = ended(pulls)
    assert (good.what, good.state, good.done) == ("verify", "done", len(WEIGHTS) + 2)
    (models / "one" / "model.safetensors").write_bytes(WEIGHTS[:-1] + b"x")
    pulls.start(card(), "verify")
    assert ended(pulls).failed and "its hash is another" in ended(pulls).words
    pulls.forget("one")
    assert pulls.state("one") is None


def test_on_a_public_server_nothing_is_begun_whoever_asks(hub: Server, models: Path) -> None:
    pulls = Pulls(models, 0, False, allowed=False)
    for refused in (lambda: pulls.start(card()), lambda: pulls.start(card(), "verify"), lambda: pulls.cancel("one")):
        with pytest.raises(ModelUnavailable, match="This server is public"):
            refused()
    assert hub.asked == [] and pulls.states() == ()


def test_what_cannot_be_fetched_is_refused_at_once(models: Path) -> None:
    with pytest.raises(ModelUnavailable, match="comes with the playground"):
        Pulls(models, 0, False).start(card(source=Starter("cifar10")))


def test_the_line_is_bounded(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(module, "fetch", lambda *_, **__: gate.wait(60) and folder.Record("", "", {}, 0.0))
    pulls = Pulls(models, 0, False)
    pulls.start(card("first"))
    until(lambda: pulls.states()[0].state == "running", "the first begins")
    for k in range(module.MOST_WAITING):
        pulls.start(card(f"m{k}"))
    with pytest.raises(QueueFull, match="8 models wait already"):
        pulls.start(card("more"))
    gate.set()
    assert ended(pulls, f"m{module.MOST_WAITING - 1}").state == "done"


def test_the_end_of_a_server_ends_its_downloads(hub: Server, models: Path) -> None:
    hub.faults = Faults(on="model.safetensors", pause=0.1)
    pulls = Pulls(models, 0, False)
    pulls.start(card())
    until(lambda: (pulls.state("one") or Pull(card())).done, "something arrives")
    pulls.stop(30)
    assert ended(pulls).state == "cancelled"
