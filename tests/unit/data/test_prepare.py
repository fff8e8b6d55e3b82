"""What a network is given: split without leaks, standardised by the training part, encoded."""

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.data.dataset import Dataset
from playground.data.prepare import ENCODINGS, Prepared, prepare
from playground.data.registry import DATASETS
from playground.specs.mlp import FEATURES

PLAIN = ("x1", "x2")


def table(n: int = 100, d: int = 3, classes: int = 0, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    x = rng.normal(5, 3, (n, d))
    inputs = tuple(f"input {k}" for k in range(d))
    if not classes:
        return Dataset(x, 100 + 10 * x[:, 0], "regression", inputs, "y")
    names = tuple(f"class {k}" for k in range(classes))
    return Dataset(x, np.arange(n) % classes * 1.0, "binary" if classes == 2 else "classes", inputs, "y", names)


def rows_of(prepared: Prepared) -> list[tuple[float, ...]]:
    parts = (prepared.train, prepared.val, prepared.test)
    return [tuple(row) for part in parts for row in np.column_stack([part.raw, part.y])]


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("share", [10, 50, 90])
def test_every_row_is_in_exactly_one_part(name: str, share: float) -> None:
    data = DATASETS[name].make(200, 10, 1)
    assert sorted(rows_of(prepare(data, PLAIN, share, 1))) == sorted(map(tuple, np.column_stack([data.x, data.y])))


@pytest.mark.parametrize("share", [10, 35, 50, 90])
def test_parts_have_the_sizes_asked_for(share: float) -> None:
    drawn = prepare(DATASETS["blobs"].make(500, 10, 1), PLAIN, share, 1)
    assert (len(drawn.train), len(drawn.val), len(drawn.test)) == (5 * share, 500 - 5 * share, 0)
    own = prepare(table(500, classes=7), PLAIN, share, 1)
    assert abs(len(own.test) - 100) <= 1
    assert abs(len(own.train) - 4 * share) <= 1


@pytest.mark.parametrize("name", [name for name, entry in DATASETS.items() if entry.task != "regression"])
def test_each_class_is_shared_out_alike(name: str) -> None:
    prepared = prepare(DATASETS[name].make(500, 10, 1), PLAIN, 50, 1)
    whole = np.bincount(np.concatenate([part.y for part in (prepared.train, prepared.val, prepared.test)]).astype(int))
    for part in (prepared.train, prepared.val):
        counts = np.bincount(part.y.astype(int), minlength=len(whole))
        assert np.abs(counts - whole * len(part) / whole.sum()).max() <= 1.5


def test_mean_and_deviation_come_from_the_training_part_alone() -> None:
    data = table(200)
    prepared = prepare(data, (), 50, 1)
    np.testing.assert_allclose(prepared.mean, prepared.train.raw.mean(axis=0))
    np.testing.assert_allclose(prepared.scale, prepared.train.raw.std(axis=0))
    assert prepared.y_mean == pytest.approx(prepared.train.y.mean())
    assert prepared.y_scale == pytest.approx(prepared.train.y.std())
    assert not np.allclose(prepared.mean, data.x.mean(axis=0), rtol=1e-6)


def test_other_rows_can_change_at_will_without_a_trace_in_training() -> None:
    data = table(100)
    before = prepare(data, (), 50, 1)
    held_back = ~np.isin(data.x[:, 0], before.train.raw[:, 0])
    x, y = data.x.copy(), data.y.copy()
    x[held_back] *= 1000
    y[held_back] -= 1e6
    after = prepare(Dataset(x, y, "regression", data.inputs, "y"), (), 50, 1)
    np.testing.assert_array_equal(before.train.x, after.train.x)
    np.testing.assert_array_equal(before.targets(before.train.y), after.targets(after.train.y))


def test_the_covered_test_rows_do_not_show_in_the_extent() -> None:
    data = table(100)
    prepared = prepare(data, (), 50, 1)
    x = data.x.copy()
    x[np.isin(x[:, 0], prepared.test.raw[:, 0])] = 1e6
    again = prepare(Dataset(x, data.y, "regression", data.inputs, "y"), (), 50, 1)
    np.testing.assert_array_equal(prepared.extent, again.extent)
    seen = np.concatenate([prepared.train.raw, prepared.val.raw])
    assert (prepared.extent[:, 0] < seen.min(axis=0)).all()
    assert (prepared.extent[:, 1] > seen.max(axis=0)).all()


@pytest.mark.parametrize("name", [name for name, entry in DATASETS.items() if entry.drawn])
def test_drawn_points_stay_as_they_are(name: str) -> None:
    prepared = prepare(DATASETS[name].make(100, 10, 1), PLAIN, 50, 1)
    np.testing.assert_array_equal(prepared.train.x, prepared.train.raw)
    assert prepared.extent.tolist() == [[-6, 6], [-6, 6]]
    assert (prepared.y_mean, prepared.y_scale) == (0, 1)
    assert prepared.features == ("x₁", "x₂")


def test_the_split_depends_on_its_seed_and_not_on_noise() -> None:
    def split(noise: float, seed: int) -> list[tuple[float, ...]]:
        data = DATASETS["plane"].make(100, noise, 1)
        return [tuple(row) for row in prepare(data, PLAIN, 50, seed).train.raw]

    assert split(0, 1) == split(40, 1)
    assert split(0, 1) != split(0, 2)


def test_encodings_are_the_ones_that_may_be_asked_for() -> None:
    assert list(ENCODINGS) == list(FEATURES)
    prepared = prepare(DATASETS["circle"].make(50, 0, 1), tuple(FEATURES), 50, 1)
    assert prepared.features == tuple(FEATURES.values())
    raw = np.array([[0.5, -2.0]])
    expected = [0.5, -2, 0.25, 4, -1, np.sin(0.5), np.sin(-2)]
    np.testing.assert_allclose(prepared.encode(raw), [expected])
    np.testing.assert_array_equal(prepared.encode(prepared.val.raw), prepared.val.x)


def test_features_of_a_table_act_on_standardised_values_and_carry_its_names() -> None:
    prepared = prepare(table(60, d=2), ("x1_x2", "sin_x2", "x1_squared"), 50, 1)
    assert prepared.features == ("input 0 · input 1", "sin input 1", "input 0²")
    z = (prepared.val.raw - prepared.mean) / prepared.scale
    np.testing.assert_allclose(prepared.val.x, np.column_stack([z[:, 0] * z[:, 1], np.sin(z[:, 1]), z[:, 0] ** 2]))


def test_more_than_two_inputs_go_in_as_they_are() -> None:
    prepared = prepare(table(60, d=3), ("sin_x1",), 50, 1)
    assert prepared.features == prepared.inputs
    np.testing.assert_allclose(prepared.train.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(prepared.train.x.std(axis=0), 1)


@pytest.mark.parametrize(("features", "words"), [((), "No feature"), (("x1", "x3"), "Unknown feature 'x3'")])
def test_features_that_do_not_exist_or_are_missing_are_refused(features: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        prepare(DATASETS["circle"].make(50, 0, 1), features, 50, 1)


def test_targets_are_what_each_loss_compares_with() -> None:
    binary = prepare(table(40, classes=2), (), 50, 1)
    assert binary.outputs == 1
    assert binary.targets(np.array([0.0, 1.0])).tolist() == [[0], [1]]
    three = prepare(table(40, classes=3), (), 50, 1)
    assert three.outputs == 3
    assert three.targets(np.array([2.0, 0.0])).tolist() == [[0, 0, 1], [1, 0, 0]]
    number = prepare(table(40), (), 50, 1)
    assert number.outputs == 1
    z = number.targets(number.train.y)
    assert z.shape == (len(number.train), 1)
    assert (z.mean(), z.std()) == pytest.approx((0, 1), abs=1e-12)


def test_a_constant_and_a_doubled_column_do_no_harm() -> None:
    data = table(50)
    x = np.column_stack([data.x[:, 0], data.x[:, 0], np.full(50, 0.1), np.full(50, 1e9)])
    prepared = prepare(Dataset(x, data.y, "regression", ("a", "b", "c", "d"), "y"), (), 50, 1)
    assert prepared.scale[2] == prepared.scale[3] == 1
    np.testing.assert_allclose(prepared.train.x[:, 2:], 0, atol=1e-9)
    np.testing.assert_array_equal(prepared.train.x[:, 0], prepared.train.x[:, 1])
    assert (prepared.extent[:, 1] > prepared.extent[:, 0]).all()
    assert any(note.endswith("c, d.") for note in prepared.notes)


def test_a_class_with_few_rows_is_in_every_part_that_it_can_be_in() -> None:
    y = np.array([0] * 40 + [1] * 3 + [2] * 2 + [3.0])
    data = Dataset(np.random.default_rng(0).normal(size=(46, 2)), y, "classes", ("a", "b"), "y", ("w", "x", "y", "z"))
    for share in (10, 50, 90):
        prepared = prepare(data, PLAIN, share, 1)
        assert set(prepared.train.y) == {0, 1, 2, 3}
        assert set(prepared.val.y) == {0, 1, 2}
        assert set(prepared.test.y) == {0, 1}
        assert [note for note in prepared.notes if "Class 'z' has a single row" in note]


@pytest.mark.parametrize("share", [10, 50, 90])
@pytest.mark.parametrize("n", [3, 4, 10])
def test_tiny_tables_leave_no_part_empty(n: int, share: float) -> None:
    prepared = prepare(table(n), (), share, 1)
    assert min(len(prepared.train), len(prepared.val), len(prepared.test)) >= 1
    assert np.isfinite(prepared.train.x).all()


def test_rows_that_cannot_be_split_and_shares_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="at least 3"):
        prepare(table(2), (), 50, 1)
    for share in (9, 91, float("nan")):
        with pytest.raises(InputError, match="10 to 90"):
            prepare(table(20), (), share, 1)
