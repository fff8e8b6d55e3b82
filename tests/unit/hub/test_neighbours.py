"""The nearest training pictures: against the definition, copies found, sizes brought together, what is missing said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from playground.core.errors import InputError, UnknownName
from playground.core.generating import Nearest, Neighbours
from playground.data import neighbour_sample
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import Labelled
from playground.hub import neighbours
from playground.hub.desk import Desk

quiet: Callable[[str], None] = lambda words: None  # noqa: E731
NOBODY = cast(Desk, None)  # it is not asked
RNG = np.random.default_rng(0)
DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
needs_data = pytest.mark.skipif(
    not (DATA / "mnist").is_dir() or not (DATA / "fashion-mnist").is_dir(),
    reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)",
)


@pytest.fixture(autouse=True)
def none_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that has no pictures of its own."""
    monkeypatch.setenv("PLAYGROUND_PICTURES", str(tmp_path))
    yield
    neighbours._kept.forget()


def near(pictures: Any, dataset: str) -> Neighbours:
    (found,) = neighbours.nearest(NOBODY, None, [Nearest(pictures, dataset)], quiet)
    assert isinstance(found, Neighbours), found
    return found


def test_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "BLOCK", 700)  # several blocks
    asked, among = (RNG.integers(0, 256, (n, 5, 4, 3), np.uint8) for n in (9, 100))
    among[40] = asked[3]
    among[77] = asked[3]
    where, far = neighbours.closest(asked, among, neighbours.squares_of(among))
    apart = np.sqrt((((asked[:, None] / 255.0 - among[None] / 255.0) ** 2).reshape(9, 100, -1)).mean(2))
    assert np.array_equal(where, apart.argmin(1)) and where[3] == 40  # of two copies the first
    assert np.allclose(far, apart.min(1), atol=1e-6) and far[3] == 0
    monkeypatch.setattr(neighbours, "STEP", 4)
    monkeypatch.setattr(neighbours, "FEWEST", 3)
    kinds = np.array([0, 1, 1, 1, 0, 1, 1, 2, 2])
    table = neighbours.spread(Labelled(asked, kinds), among, neighbours.squares_of(among), 3)
    assert np.allclose(table[0], np.percentile(apart.min(1), range(1, 100)), atol=1e-6)
    assert np.allclose(table[2], np.percentile(apart.min(1)[kinds == 1], range(1, 100)), atol=1e-6)
    assert np.isnan(table[[1, 3]]).all(), "two pictures of a class are too few"


def test_a_distance_is_held_against_its_own_class_where_that_is_known() -> None:
    usual = np.stack([np.linspace(0.05, 0.25, 99), np.linspace(0.02, 0.06, 99), np.linspace(0.2, 0.3, 99)]).astype(
        np.float32
    )
    usual = np.concatenate([usual, np.full((1, 99), np.nan, np.float32)])
    far = np.array([0.04, 0.19, 0.25, 0.4], np.float32)
    five, ranks, kinds = neighbours.beside(far, usual, None)
    assert kinds == 0 and five == pytest.approx(usual[0, [0, 24, 49, 74, 98]])
    assert ranks[0] == 0 and ranks[1] == pytest.approx(0.69, abs=0.01) and ranks[3] == 1
    five, ranks, kinds = neighbours.beside(far, usual, np.array([0, 1, 1, 1]))
    assert kinds == 2 and ranks.tolist() == pytest.approx([0.5, 0, 0.5, 1], abs=1e-3)
    assert five[0] < 0.03 and 0.2 < five[2] < 0.25, "one of four is of the near class"
    five, _, kinds = neighbours.beside(far, usual, np.array([0, 0, 0, 0]))
    assert kinds == 1 and five == pytest.approx(usual[1, [0, 24, 49, 74, 98]])
    assert neighbours.beside(far, usual, np.array([0, 0, 0, 2]))[2] == 0, "too few test pictures are of that class"


def test_a_copy_is_found_and_a_test_picture_is_as_far_as_usual() -> None:
    data = IMAGE_SETS["digits"].load(Path())
    found = near(np.concatenate([data.train.x[[7, 700]], data.test.x[:60]]), "digits")
    assert found.rows[:2].tolist() == [7, 700] and found.distances[:2].tolist() == [0, 0]
    assert np.array_equal(found.pictures[:2], data.train.x[[7, 700]]) and found.pictures.shape == (62, 16, 16, 1)
    assert (found.looked_at, found.all_of_them) == (1257, True) and "All 1,257 training pictures" in found.words
    low, _, middle, _, high = found.usual
    assert 0 < low < np.median(found.distances[2:]) < high and middle == pytest.approx(
        np.median(found.distances[2:]), rel=0.15
    )


def test_a_part_that_comes_along_stands_in_and_says_so() -> None:
    for name, title in (("mnist", "MNIST"), ("fashion", "Fashion-MNIST")):
        some = neighbour_sample.sample(name)
        found = near(some[[5, 900]], name)
        assert found.rows.tolist() == neighbour_sample.rows(name)[[5, 900]].tolist() and not found.distances.any()
        assert (found.looked_at, found.all_of_them) == (len(some), False)
        assert f"55,000 training pictures of {title}" in found.words and f"datasets pull {name}" in found.words
        table = cast(Any, neighbour_sample.usual(name, len(some)))
        assert found.kinds == 0 and found.usual == pytest.approx(table[0, [0, 24, 49, 74, 98]])
        assert table.shape == (11, 99) and (np.diff(table) >= 0).all()
        (told,) = neighbours.nearest(NOBODY, None, [Nearest(some[[5, 900]], name, np.array([1, 1]))], quiet)
        assert isinstance(told, Neighbours) and told.kinds == 1
        assert told.usual == pytest.approx(table[2, [0, 24, 49, 74, 98]]) and told.usual[2] < found.usual[2]


def test_other_sizes_and_colours_are_brought_together() -> None:
    data = IMAGE_SETS["digits"].load(Path())
    large = data.train.x[[3]].repeat(2, 1).repeat(2, 2).repeat(3, 3)
    found = near(large, "digits")
    assert found.pictures.shape == (1, 32, 32, 3) and found.rows.tolist() == [3] and found.distances[0] < 0.1
    assert "brought to 32 x 32 pixels" in found.words
    colour = RNG.integers(0, 256, (3, 8, 8, 3), np.uint8)
    grey = neighbours._sized(colour, (8, 8, 1))
    assert np.allclose(grey[..., 0], colour.astype(float).mean(3), atol=0.51)
    half = neighbours._sized(np.full((1, 8, 8, 1), 77, np.uint8), (4, 4, 1))
    assert half.shape == (1, 4, 4, 1) and (half == 77).all()


def test_a_set_is_kept_and_another_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[str]()
    crowd = neighbours._crowd

    def counted(entry: Any, shape: Any, say: Any) -> neighbours.Crowd:
        made.append(entry.name)
        return crowd(entry, shape, say)

    monkeypatch.setattr(neighbours, "_crowd", counted)
    one = np.zeros((1, 28, 28, 1), np.uint8)
    for name in ("mnist", "mnist", "fashion", "mnist"):
        near(one, name)
    assert made == ["mnist", "fashion", "mnist"]
    neighbours._kept.forget()
    near(one, "mnist")
    assert made[-2:] == ["mnist", "mnist"]


@pytest.mark.parametrize(
    ("pictures", "dataset", "error", "said"),
    [
        (np.zeros((0, 28, 28, 1), np.uint8), "mnist", InputError, "0 pictures were asked for; 1 to 64"),
        (np.zeros((65, 28, 28, 1), np.uint8), "mnist", InputError, "65 pictures"),
        (np.zeros((1, 28, 28, 1)), "mnist", InputError, "float64"),
        (np.zeros((1, 28, 28), np.uint8), "mnist", InputError, "Pictures are bytes"),
        (np.zeros((1, 28, 28, 2), np.uint8), "mnist", InputError, "Pictures are bytes"),
        (np.zeros((1, 2, 500, 1), np.uint8), "mnist", InputError, "500 x 2 pixels"),
        (np.zeros((1, 32, 32, 1), np.uint8), "mnist", InputError, "28 x 28 grey pixels, unlike these"),
        (np.zeros((1, 32, 32, 3), np.uint8), "cifar10", InputError, "CIFAR-10 is not on this server"),
        (np.zeros((1, 28, 28, 1), np.uint8), "mnits", UnknownName, "Did you mean 'mnist'?"),
    ],
)
def test_what_makes_no_sense_is_said(pictures: Any, dataset: str, error: type[Exception], said: str) -> None:
    (found,) = neighbours.nearest(NOBODY, None, [Nearest(pictures, dataset)], quiet)
    assert isinstance(found, error) and said in str(found)


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (np.array([1]), "2 pictures need 2 whole numbers of classes; given was int64 (1,)"),
        (np.array([1.0, 2.0]), "float64"),
        (np.array([0, 10]), "Class 10 was given; MNIST has 0 to 9"),
        (np.array([-1, 3]), "Class -1 was given"),
    ],
)
def test_classes_that_make_no_sense_are_said(classes: Any, said: str) -> None:
    (found,) = neighbours.nearest(NOBODY, None, [Nearest(np.zeros((2, 28, 28, 1), np.uint8), "mnist", classes)], quiet)
    assert isinstance(found, InputError) and said in str(found)


@needs_data
def test_the_part_and_its_distances_are_those_of_the_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PICTURES", str(DATA))
    data = IMAGE_SETS["mnist"].load(DATA)
    assert np.array_equal(neighbour_sample.sample("mnist"), data.train.x[neighbour_sample.rows("mnist")])
    found = near(data.test.x[:64], "mnist")
    assert (found.looked_at, found.all_of_them) == (55_000, True)
    table, part = (cast(Any, neighbour_sample.usual("mnist", n)) for n in (55_000, 3_000))
    assert found.usual == pytest.approx(table[0, [0, 24, 49, 74, 98]])
    among = np.ascontiguousarray(neighbour_sample.sample("mnist"))
    some = Labelled(data.test.x[::25], data.test.y[::25])
    measured = neighbours.spread(some, among, neighbours.squares_of(among), 10)
    assert np.allclose(measured[0, 24:75], part[0, 24:75], rtol=0.03) and np.allclose(
        measured[1:, 49], part[1:, 49], rtol=0.1
    )
    assert (
        near(data.test.x[:64], "mnist").distances
        <= neighbours.closest(data.test.x[:64], among, neighbours.squares_of(among))[1] + 1e-6
    ).all()
