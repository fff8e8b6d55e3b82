"""The order of classes."""

from __future__ import annotations

import itertools

from playground.data.labels import classes_of


def test_the_order_of_classes_is_that_of_the_labels_and_not_that_in_which_they_came() -> None:
    wanted = classes_of(["nan", "NaN", "1", "01", "1.0", "inf"])
    assert wanted[:3] == ("01", "1", "1.0") and set(wanted[3:]) == {"nan", "NaN", "inf"}
    for names in itertools.permutations(wanted):
        assert classes_of(names) == wanted
    assert classes_of(["10", "9", "grade 10", "grade 2"]) == ("9", "10", "grade 2", "grade 10")
