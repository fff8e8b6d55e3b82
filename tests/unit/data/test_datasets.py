"""Every data set of the registry: shape, words, determinism, balance, and what noise may touch."""

import subprocess
import sys

import numpy as np
import pytest

from playground.core.errors import InputError, UnknownName
from playground.data.dataset import Dataset
from playground.data.registry import DATASETS

DRAWN = [name for name, entry in DATASETS.items() if entry.drawn]
TABLES = [name for name, entry in DATASETS.items() if not entry.drawn]
PLANE_CLASSES = [name for name in DRAWN if DATASETS[name].task != "regression"]


def test_the_menu_has_this_order() -> None:
    assert list(DATASETS) == [
        "circle", "xor", "gauss", "spiral", "moons", "blobs", "plane", "multi_gauss", "iris", "wine", "breast_cancer",
        "diabetes",
    ]  # fmt: skip


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("noise", [0, 50])
def test_shapes_and_words_fit_together(name: str, noise: float) -> None:
    entry = DATASETS[name]
    made = entry.make(201, noise, 7)
    n, d = made.x.shape
    assert d >= 2
    assert n == 201 if entry.drawn else n > 100
    assert (made.task, made.drawn) == (entry.task, entry.drawn)
    assert made.x.dtype == made.y.dtype == np.float64
    assert np.isfinite(made.x).all()
    assert np.isfinite(made.y).all()
    assert len(set(made.inputs)) == d
    assert made.target
    if made.classes:
        assert set(made.y) == set(range(len(made.classes)))
        assert len(set(made.classes)) == len(made.classes)
    assert entry.summary.endswith(".")


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_seed_gives_the_same_data(name: str) -> None:
    one, two = (DATASETS[name].make(100, 20, 5) for _ in range(2))
    np.testing.assert_array_equal(one.x, two.x)
    np.testing.assert_array_equal(one.y, two.y)


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_gives_other_points(name: str) -> None:
    assert not np.array_equal(DATASETS[name].make(100, 20, 5).x, DATASETS[name].make(100, 20, 6).x)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("n", [2, 20, 501, 5000])
def test_points_are_exactly_as_many_and_stay_on_the_plane(name: str, n: int) -> None:
    made = DATASETS[name].make(n, 50, 1)
    assert len(made.y) == n
    assert np.abs(made.x).max() <= 6
    if made.task == "regression":
        assert np.abs(made.y).max() <= 1


@pytest.mark.parametrize("name", PLANE_CLASSES)
@pytest.mark.parametrize("n", [30, 31, 500])
def test_classes_hold_equally_many_points_without_noise(name: str, n: int) -> None:
    made = DATASETS[name].make(n, 0, 3)
    counts = np.bincount(made.y.astype(int), minlength=len(made.classes))
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", PLANE_CLASSES)
def test_every_class_stays_common_with_all_the_noise(name: str) -> None:
    made = DATASETS[name].make(1000, 50, 3)
    assert np.bincount(made.y.astype(int)).min() > 1000 / len(made.classes) / 2


@pytest.mark.parametrize("name", ["circle", "xor", "plane", "multi_gauss"])
def test_noise_relabels_points_and_leaves_them_where_they_are(name: str) -> None:
    clean, noisy = DATASETS[name].make(300, 0, 4), DATASETS[name].make(300, 30, 4)
    np.testing.assert_array_equal(clean.x, noisy.x)
    assert (clean.y != noisy.y).any()


@pytest.mark.parametrize("name", ["gauss", "spiral", "moons", "blobs"])
def test_noise_moves_points_further_the_more_there_is(name: str) -> None:
    clean, some, more = (DATASETS[name].make(300, noise, 4) for noise in (0, 2, 4))
    np.testing.assert_array_equal(clean.y, more.y)
    short, long = (np.linalg.norm(moved.x - clean.x, axis=1) for moved in (some, more))
    assert 0 < short.mean() < long.mean() < 1
    assert (short <= long).all()


def test_the_circle_has_a_gap_between_disc_and_ring() -> None:
    made = DATASETS["circle"].make(2000, 0, 1)
    radius = np.hypot(*made.x.T)
    assert radius[made.y == 1].max() <= 2.5
    assert radius[made.y == 0].min() >= 3.5
    assert radius.max() <= 5


def test_exclusive_or_is_the_sign_of_the_product() -> None:
    made = DATASETS["xor"].make(2000, 0, 1)
    np.testing.assert_array_equal(made.y, made.x[:, 0] * made.x[:, 1] > 0)
    assert np.abs(made.x).min() >= 0.3
    quarters = np.unique(np.sign(made.x), axis=0, return_counts=True)[1]
    assert quarters.tolist() == [500] * 4


def test_the_two_clouds_have_their_centres_and_variances() -> None:
    for noise, variance in ((0, 0.5), (50, 4)):
        made = DATASETS["gauss"].make(4000, noise, 1)
        upper = made.x[made.y == 1]
        assert np.allclose(upper.mean(axis=0), 2, atol=0.15)
        assert np.allclose(upper.var(axis=0), variance, rtol=0.12)


def test_the_arms_of_the_spiral_are_opposite_and_never_meet() -> None:
    made = DATASETS["spiral"].make(500, 0, 1)
    np.testing.assert_allclose(made.x[made.y == 1], -made.x[made.y == 0], atol=1e-12)
    apart = np.linalg.norm(made.x[made.y == 1][:, None] - made.x[made.y == 0], axis=2)
    assert apart.min() > 0.01
    assert np.hypot(*made.x.T).max() <= 5


def test_the_plane_is_a_plane_from_minus_one_to_one() -> None:
    made = DATASETS["plane"].make(500, 0, 1)
    np.testing.assert_allclose(made.y, made.x.sum(axis=1) / 12)


def test_hills_and_hollows_alternate() -> None:
    made = DATASETS["multi_gauss"].make(5000, 0, 1)
    for tip, sign in (((-4, 2.5), 1), ((0, 2.5), -1), ((4, 2.5), 1), ((-4, -2.5), -1), ((0, -2.5), 1), ((4, -2.5), -1)):
        distance = np.linalg.norm(made.x - tip, axis=1)
        near = distance < 1
        np.testing.assert_allclose(made.y[near], sign * (1 - distance[near] / 2))


@pytest.mark.parametrize(("n", "noise"), [(1, 0), (0, 0), (10**9, 0), (100, -1), (100, 51), (100, float("nan"))])
def test_what_is_out_of_range_is_refused_in_words(n: int, noise: float) -> None:
    with pytest.raises(InputError, match="choose from"):
        DATASETS["circle"].make(n, noise, 1)


def test_a_wrong_name_suggests_the_right_one() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'spiral'"):
        DATASETS["spirral"]


@pytest.mark.parametrize("name", TABLES)
def test_tables_hold_what_scikit_learn_loads(name: str) -> None:
    from sklearn import datasets  # the oracle; the package itself never imports it

    asked = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name}")(**asked)
    made = DATASETS[name].make(10, 0, 0)
    np.testing.assert_array_equal(made.x, bunch.data)
    np.testing.assert_array_equal(made.y, bunch.target)
    assert len(made.inputs) == len(bunch.feature_names)
    if name in ("iris", "breast_cancer"):
        assert list(made.classes) == list(bunch.target_names)
    if name == "breast_cancer":
        ours = [text.replace(", standard error", " error") for text in made.inputs]
        assert ours == list(bunch.feature_names)


def test_the_registry_imports_no_heavy_library() -> None:
    code = (
        "import sys; from playground.data.registry import DATASETS; DATASETS['wine'].make(2, 0, 0); "
        "print([name for name in ('sklearn', 'scipy', 'pandas', 'torch', 'streamlit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_parts_that_do_not_fit_are_a_defect() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Dataset(np.zeros((3, 2)), np.zeros(4), "regression", ("a", "b"), "y")
    with pytest.raises(ValueError, match="does not fit"):
        Dataset(np.zeros((3, 2)), np.zeros(3), "binary", ("a", "b"), "y", ("one", "two", "three"))
