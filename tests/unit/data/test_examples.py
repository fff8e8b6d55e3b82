"""The pictures that come with the playground."""

from __future__ import annotations

import json

import numpy as np
import pytest

from playground.data.examples import EXAMPLES, FOLDER, Example
from playground.data.pictures import read_picture

MOST_BYTES = 700_000


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.name)
def test_each_is_a_small_photo_with_author_and_licence(example: Example) -> None:
    photo = example.photo()
    picture = read_picture(photo.content, photo.name)
    assert picture.notes == () and 440 <= max(picture.image.size) <= 800
    assert np.asarray(picture.image).std() > 20  # something is on it
    assert example.by and example.licence and example.licence in example.source


def test_together_they_are_light_and_nothing_lies_there_that_nobody_names() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"photos.json"}
    assert {example.file for example in EXAMPLES.values()} == files
    assert sum((FOLDER / name).stat().st_size for name in files) < MOST_BYTES
    assert len(EXAMPLES) >= 8


def test_the_list_is_the_registry_in_order() -> None:
    said = json.loads((FOLDER / "photos.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in said] == list(EXAMPLES)
