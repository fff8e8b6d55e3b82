"""A visitor's zip on its way through the worker: decoded pictures come back as a file, or an error in words."""

from __future__ import annotations

from pathlib import Path

from playground.core.collecting import Collect, Collected
from playground.core.errors import InputError
from playground.core.progress import Progress
from playground.data import own_pictures
from playground.hub.collecting import collect
from playground.hub.desk import Desk
from tests.unit.data.test_picture_folders import folders
from tests.unit.data.test_safe_zip import packed


def test_a_zip_comes_back_as_a_file_with_what_is_in_it(tmp_path: Path) -> None:
    desk, said = Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50), []
    good = Collect(packed(folders(cats=12, dogs=8)), "pets.zip")
    answer, one_class, many, odd = collect(
        desk, None,
        [good, Collect(packed(folders(cats=3)), "cats.zip"), Collect(good.content, "pets.zip", most=5),
         Collect(good.content, "pets.zip", side=4000)],
        said.append,
    )  # fmt: skip
    assert isinstance(answer, Collected) and answer.about.pictures == (12, 8)
    place = tmp_path / "kept"
    place.write_bytes(b"pets.zip\n" + answer.content)
    assert own_pictures.read(place, 16).classes == answer.about.classes == ("cats", "dogs")
    assert isinstance(said[-1], Progress) or said[0] == "Reading pictures: 16 of 20"
    assert [isinstance(one, InputError) for one in (one_class, many, odd)] == [True] * 3
    assert "only one class" in str(one_class) and "at most 5" in str(many) and "4000 pixels" in str(odd)
