"""Uploaded tables: apart by visitor, bounded in age and room, deaf to paths."""

import threading
from pathlib import Path

import pytest

from playground.core.errors import InputError, RunNotFound
from playground.store.uploads import UploadStore

DAY = 86_400


class Clock:
    """Time that passes by a second a look."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> UploadStore:
    return UploadStore(
        tmp_path / "uploads", keep_days=7, max_bytes=1000, visitor_bytes=2200, total_bytes=4400, clock=clock
    )


def has(store: UploadStore, visitor: str, upload_id: str) -> bool:
    try:
        store.get(visitor, upload_id)
    except RunNotFound:
        return False
    return True


def test_a_table_comes_back_with_its_name(store: UploadStore) -> None:
    content = bytes(range(256))
    assert store.get("ada", store.put("ada", content, "my täble.csv")) == ("my täble.csv", content)


def test_the_same_table_keeps_its_id_and_lies_there_once(store: UploadStore) -> None:
    first, again = store.put("ada", b"a,b\n", "t.csv"), store.put("ada", b"a,b\n", "t.csv")
    assert first == again
    assert len(list(store.folder.glob("*/*"))) == 1
    assert store.put("ada", b"a,c\n", "t.csv") != first
    assert store.put("ada", b"a,b\n", "u.csv") != first


def test_another_visitor_has_another_id_and_no_way_in(store: UploadStore) -> None:
    mine = store.put("ada", b"secret", "t.csv")
    assert store.put("bob", b"secret", "t.csv") != mine
    with pytest.raises(RunNotFound, match="upload it again"):
        store.get("bob", mine)
    store.delete("bob", mine)
    assert has(store, "ada", mine)


@pytest.mark.parametrize(
    "upload_id", ["", "x", "../../etc/passwd", "0" * 31, "0" * 33, "0" * 31 + "/", "A" * 32, "0" * 32 + "\n", "0" * 32]
)
def test_an_id_that_was_never_given_is_not_found(store: UploadStore, upload_id: str) -> None:
    store.put("ada", b"a", "t.csv")
    with pytest.raises(RunNotFound):
        store.get("ada", upload_id)


@pytest.mark.parametrize("visitor", ["../..", "/etc", "", "a/b", "\x00"])
@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\secret\\evil.csv", "evil.csv\nsecond line"])
def test_neither_visitor_nor_name_leads_out_of_the_folder(store: UploadStore, visitor: str, name: str) -> None:
    store.put(visitor, b"a", name)
    inside = [path for path in store.folder.parent.rglob("*") if path.is_file()]
    assert [path.parent.parent for path in inside] == [store.folder]
    shown, content = store.get(visitor, inside[0].name)
    assert shown.startswith("evil.csv")
    assert content == b"a"


def test_a_table_too_large_is_refused_in_words(store: UploadStore) -> None:
    with pytest.raises(InputError, match="at most 0.001 MB"):
        store.put("ada", bytes(1001), "t.csv")


def test_a_visitors_oldest_table_makes_room_for_the_same_visitors_new_one(store: UploadStore) -> None:
    other = store.put("bob", bytes(900), "b.csv")
    ids = [store.put("ada", bytes(900), f"{number}.csv") for number in range(4)]
    assert [has(store, "ada", upload_id) for upload_id in ids] == [False, False, True, True]
    assert has(store, "bob", other)


def test_what_is_used_stays_longer_than_what_is_not(store: UploadStore) -> None:
    first, second = store.put("ada", bytes(900), "1.csv"), store.put("ada", bytes(900), "2.csv")
    store.get("ada", first)
    store.put("ada", bytes(900), "3.csv")
    assert (has(store, "ada", first), has(store, "ada", second)) == (True, False)


def test_all_visitors_together_have_a_bound(store: UploadStore) -> None:
    ids = {str(number): store.put(str(number), bytes(900), "t.csv") for number in range(6)}
    assert [has(store, visitor, ids[visitor]) for visitor in ids] == [False, False, True, True, True, True]


def test_unused_tables_are_forgotten_after_their_days(store: UploadStore, clock: Clock) -> None:
    old = store.put("ada", b"old", "t.csv")
    clock.now += 4 * DAY
    young = store.put("ada", b"young", "t.csv")
    clock.now += 4 * DAY
    assert not has(store, "ada", old)
    assert store.prune() == 1
    assert has(store, "ada", young)
    clock.now += 8 * DAY
    assert store.prune() == 1
    assert list(store.folder.iterdir()) == []


def test_two_threads_keep_all_they_put(store: UploadStore, tmp_path: Path) -> None:
    roomy = UploadStore(tmp_path / "roomy")
    kept: dict[str, list[str]] = {"ada": [], "bob": []}

    def work(visitor: str) -> None:
        for number in range(30):
            kept[visitor].append(roomy.put(visitor, f"{number}".encode(), "t.csv"))

    threads = [threading.Thread(target=work, args=(visitor,)) for visitor in kept]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for visitor, ids in kept.items():
        assert [roomy.get(visitor, upload_id)[1] for upload_id in ids] == [f"{number}".encode() for number in range(30)]
