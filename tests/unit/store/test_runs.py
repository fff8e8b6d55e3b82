"""Stored runs: apart by visitor, bounded in age and room, and never the end of the server."""

import logging
import sqlite3
import threading
from pathlib import Path

import pytest

from playground.core.errors import RunNotFound
from playground.store.runs import SCHEMA, RunStore

DAY = 86_400


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> RunStore:
    return RunStore(tmp_path / "deep" / "runs.sqlite", keep_days=7, max_bytes=1000, clock=clock)


def save(store: RunStore, run_id: str, visitor: str = "ada", state: bytes = b"state") -> None:
    store.save(run_id, visitor, "mlp", {"lr": 0.03, "hidden": [4, 2]}, state, "upload", {"epoch": 12})


def test_a_run_comes_back_as_it_was_saved(store: RunStore) -> None:
    save(store, "r1", state=bytes(range(256)))
    run = store.load("r1", "ada")
    assert (run.run_id, run.kind, run.upload_id) == ("r1", "mlp", "upload")
    assert run.spec == {"lr": 0.03, "hidden": [4, 2]}
    assert run.summary == {"epoch": 12}
    assert run.state == bytes(range(256))
    assert run.size == 256


def test_another_store_on_the_same_file_finds_it(store: RunStore, clock: Clock) -> None:
    save(store, "r1")
    assert RunStore(store.path, clock=clock).load("r1", "ada").state == b"state"


def test_saving_again_replaces(store: RunStore) -> None:
    save(store, "r1", state=b"old")
    save(store, "r1", state=b"new")
    assert store.load("r1", "ada").state == b"new"
    assert len(store.list("ada")) == 1


def test_another_visitor_can_neither_see_nor_change_nor_delete_it(store: RunStore) -> None:
    save(store, "r1", "ada")
    with pytest.raises(RunNotFound):
        store.load("r1", "bob")
    with pytest.raises(RunNotFound):
        save(store, "r1", "bob", b"forged")
    store.delete("r1", "bob")
    assert store.list("bob") == ()
    assert store.load("r1", "ada").state == b"state"


def test_the_file_does_not_hold_the_cookie(store: RunStore) -> None:
    save(store, "r1", "secret-cookie-of-ada")
    assert b"secret-cookie" not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())


def test_unknown_and_deleted_runs_are_not_found(store: RunStore) -> None:
    save(store, "r1")
    store.delete("r1", "ada")
    for run_id in ("r1", "never", "' OR 1=1 --"):
        with pytest.raises(RunNotFound, match="7 days"):
            store.load(run_id, "ada")


def test_the_list_is_the_newest_first(store: RunStore) -> None:
    for run_id in ("r1", "r2", "r3"):
        save(store, run_id)
    save(store, "r1")
    assert [run.run_id for run in store.list("ada")] == ["r1", "r3", "r2"]


def test_old_runs_cannot_be_opened_and_are_pruned(store: RunStore, clock: Clock) -> None:
    save(store, "old")
    clock.now += 6 * DAY
    save(store, "young")
    clock.now += 2 * DAY
    with pytest.raises(RunNotFound):
        store.load("old", "ada")
    assert [run.run_id for run in store.list("ada")] == ["young"]
    assert store.prune() == 1
    assert store.prune() == 0
    assert store.load("young", "ada")


def test_room_is_made_by_forgetting_the_oldest(store: RunStore) -> None:
    for number in range(5):
        save(store, f"r{number}", f"visitor {number}", bytes(400))
    assert [len(store.list(f"visitor {number}")) for number in range(5)] == [0, 0, 0, 1, 1]


def test_two_threads_and_two_stores_lose_nothing(store: RunStore, clock: Clock) -> None:
    stores = [store, RunStore(store.path, clock=clock)]
    problems: list[Exception] = []

    def work(which: int) -> None:
        try:
            for number in range(25):
                save(stores[which], f"{which}-{number}", state=b"x")
                stores[which].load(f"{which}-{number}", "ada")
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            problems.append(error)

    threads = [threading.Thread(target=work, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(store.list("ada")) == 50


def test_a_file_that_is_no_database_is_set_aside(store: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(b"this is not a database at all" * 100)
    with caplog.at_level(logging.WARNING):
        assert store.list("ada") == ()
    assert "set aside" in caplog.text
    assert store.path.with_name("runs.sqlite.set-aside").read_bytes().startswith(b"this is not")
    save(store, "r1")
    assert store.load("r1", "ada")


def test_damage_in_the_middle_is_met_when_it_is_read(store: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(200):
        save(store, f"r{number}", state=b"x")
    content = bytearray(store.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    store.path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        save(store, "after")
    assert "set aside" in caplog.text
    assert [run.run_id for run in store.list("ada")] == ["after"]


def test_a_file_of_another_version_is_set_aside(store: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    store.path.parent.mkdir(parents=True)
    old = sqlite3.connect(store.path)
    old.execute("CREATE TABLE runs (run_id TEXT)")
    old.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    old.commit()
    old.close()
    with caplog.at_level(logging.WARNING):
        save(store, "r1")
    assert "schema" in caplog.text
    assert store.load("r1", "ada").state == b"state"


def test_a_file_deleted_while_the_server_runs_begins_anew(store: RunStore) -> None:
    save(store, "r1")
    for path in store.path.parent.iterdir():
        path.unlink()
    assert store.list("ada") == ()
    save(store, "r2")
    assert store.load("r2", "ada")
