"""Fetching sets of pictures in a process of its own, followed line by line; against a server on loopback."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from playground.core.errors import InputError, QueueFull
from playground.core.settings import Settings
from playground.hub import picture_sets
from playground.jobs.set_pulls import SetPull, SetPulls
from tests.unit.data.test_image_sets import idx

TELLS = """
import json, sys, time
for done in (10, 20):
    print(json.dumps({"done": False, "arrived": done, "total": 40, "unit": "bytes"}), flush=True)
print("and something else", flush=True)
NEXT
"""


def pulls(then: str, **settings: object) -> SetPulls:
    """Downloads whose process says how far it is, and goes on as told."""
    return SetPulls(Settings(**settings), (sys.executable, "-c", TELLS.replace("NEXT", then)))  # type: ignore[arg-type]


def settled(made: SetPulls, name: str) -> SetPull:
    """How it ended."""
    for _ in range(1500):
        found = made.state(name)
        if found is not None and found.finished:
            return found
        time.sleep(0.02)
    raise AssertionError("it does not end")


def test_progress_is_followed_to_the_end() -> None:
    made = pulls("")
    assert made.start("mnist").state == "running"
    assert settled(made, "mnist") == SetPull("mnist", "done", 20, 40, "bytes")
    made.forget("mnist")
    assert made.state("mnist") is None


def test_a_failure_is_told_in_the_programs_own_words() -> None:
    made = pulls("sys.exit('playground: MNIST cannot be fetched.')")
    made.start("mnist")
    failed = settled(made, "mnist")
    assert (failed.state, failed.words) == ("failed", "MNIST cannot be fetched.")


def test_one_at_a_time_and_a_stop_ends_it() -> None:
    made = pulls("time.sleep(60)")
    made.start("mnist")
    assert made.start("mnist").state == "running" and made.busy()
    with pytest.raises(QueueFull, match="mnist is on its way"):
        made.start("fashion")
    made.stop()
    assert settled(made, "mnist").state == "cancelled" and not made.busy()


def test_a_public_server_refuses() -> None:
    with pytest.raises(InputError, match="public"):
        pulls("", mode="public").start("mnist")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, *given: object) -> None:
        """Nothing."""


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """MNIST's four files, small, on loopback; their address and hashes."""
    place, listed = tmp_path / "mirror", []
    place.mkdir()
    for share, n in (("train", 30), ("t10k", 10)):
        arrays = {"images-idx3": np.zeros((n, 28, 28), np.uint8), "labels-idx1": np.arange(n, dtype=np.uint8) % 10}
        for what, array in arrays.items():
            content = gzip.compress(idx(array))
            (place / f"{share}-{what}-ubyte.gz").write_bytes(content)
            listed.append((f"{share}-{what}-ubyte.gz", hashlib.md5(content).hexdigest()))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(place)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", listed
    server.shutdown()
    server.server_close()
    thread.join()


def test_torchvision_fetches_compares_and_leaves_only_the_files(
    mirror: tuple[str, list[tuple[str, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchvision.datasets import MNIST

    address, listed = mirror
    monkeypatch.setattr(MNIST, "mirrors", [address])
    monkeypatch.setattr(MNIST, "resources", listed)
    folder, told = tmp_path / "pictures", []
    folder.mkdir()
    assert picture_sets.fetch("mnist", folder, lambda done, total: told.append((done, total))) == folder / "mnist"
    assert sorted(path.name for path in folder.rglob("*")) == sorted(["mnist", *(name for name, _ in listed)])
    assert told and all(0 < done <= total for done, total in told)
    (folder / "mnist").rename(tmp_path / "first")
    monkeypatch.setattr(MNIST, "resources", [(listed[0][0], "0" * 32)])
    with pytest.raises(InputError, match="cannot be fetched"):
        picture_sets.fetch("mnist", folder, lambda done, total: None)
    assert not any(folder.iterdir())
