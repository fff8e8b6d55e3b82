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
    low = neighbours.spread(asked, among, neighbours.squares_of(among))
    assert np.allclose(low, np.percentile(apart.min(1), [1, 25, 50, 75, 99]), atol=1e-6)


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
        assert found.usual == neighbour_sample.usual(name, len(some))


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


@needs_data
def test_the_part_and_its_distances_are_those_of_the_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PICTURES", str(DATA))
    data = IMAGE_SETS["mnist"].load(DATA)
    assert np.array_equal(neighbour_sample.sample("mnist"), data.train.x[neighbour_sample.rows("mnist")])
    found = near(data.test.x[:64], "mnist")
    assert (found.looked_at, found.all_of_them) == (55_000, True)
    assert found.usual == neighbour_sample.usual("mnist", 55_000)
    among = np.ascontiguousarray(neighbour_sample.sample("mnist"))
    measured = neighbours.spread(data.test.x[::25], among, neighbours.squares_of(among))
    assert np.allclose(measured[1:4], cast(Any, neighbour_sample.usual("mnist", 3_000))[1:4], rtol=0.03)
    assert (
        near(data.test.x[:64], "mnist").distances
        <= neighbours.closest(data.test.x[:64], among, neighbours.squares_of(among))[1] + 1e-6
    ).all()
