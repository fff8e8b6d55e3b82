"""Pictures in class folders: found however they are nested, decoded as a viewer shows them, shared out, kept and read again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from playground.core.errors import InputError
from playground.data import own_pictures, picture_folders
from playground.data.own_pictures import TEST, TRAIN, VAL, Own
from playground.data.picture_folders import Limits, from_path, from_zip
from playground.data.picture_heads import effort
from tests.unit.data.test_safe_zip import packed

RED, BLUE, GREEN = (220, 30, 30), (30, 30, 220), (30, 200, 30)


def photo(
    colour: Any = RED, format: str = "PNG", size: tuple[int, int] = (24, 20), mode: str = "RGB", **more: Any
) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(file, format, **more)
    return file.getvalue()


def folders(**counts: int) -> dict[str, bytes]:
    """So many pictures for each class."""
    return {f"{name}/{i}.png": photo((10 * i, 0, 0)) for name, count in counts.items() for i in range(count)}


def collect(files: dict[str, bytes], **more: Any) -> Own:
    return from_zip(packed(files), "my.zip", **more)


@pytest.mark.parametrize("above", ["", "pets/", "my pets/2024/", "export/train/"])
def test_the_class_is_the_first_folder_that_differs(above: str) -> None:
    files = {f"{above}{name}": content for name, content in folders(cats=4, dogs=4).items()}
    own = collect({**files, f"__MACOSX/{above}cats/._1.png": b"x", f"{above}cats/old/9.png": photo()})
    assert own.classes == ("cats", "dogs")
    assert np.bincount(own.y).tolist() == [5, 4]


def test_classes_come_in_the_order_a_person_would_give_them() -> None:
    assert collect(folders(**{"class 10": 2, "class 2": 2, "Apple": 2, "banana": 2})).classes == (
        "Apple", "banana", "class 2", "class 10",
    )  # fmt: skip


def test_folders_that_say_the_share_are_believed() -> None:
    files = {
        f"set/{share}/{name}": content for share in ("train", "valid") for name, content in folders(a=3, b=3).items()
    }
    own = collect({**files, "set/sample.png": photo()})
    assert own.classes == ("a", "b")
    assert own.counts == {"train": 6, "val": 6, "test": 0}
    assert "no test pictures" in " ".join(own.notes) and "sample.png" in " ".join(own.notes)
    with_test = collect(
        {f"{share}/{name}": one for share in ("Train", "Test") for name, one in folders(a=10, b=10).items()}
    )
    assert with_test.counts == {"train": 16, "val": 4, "test": 20}  # what is chosen on comes out of what is learnt from


def test_shares_are_the_same_each_time_and_in_proportion() -> None:
    first, second = collect(folders(a=40, b=20, c=2)), collect(folders(a=40, b=20, c=2))
    assert (first.share == second.share).all()
    for number, wanted in enumerate([(28, 6, 6), (14, 3, 3), (1, 1, 0)]):
        assert tuple(int((first.share[first.y == number] == one).sum()) for one in (TRAIN, VAL, TEST)) == wanted


def test_a_class_with_one_picture_is_learnt_from_and_said() -> None:
    own = collect(folders(a=4, lonely=1))
    assert own.share[own.y == 1].tolist() == [TRAIN]
    assert any("lonely has a single picture" in note for note in own.notes)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (folders(cats=5), "only one class"),
        (folders(a=1, b=1), "No class has two pictures"),
        ({"1.png": photo(), "2.png": photo()}, "no class folders"),
        ({"notes/readme.txt": b"x"}, "holds no pictures"),
        ({"inner.zip": packed(folders(a=2, b=2))}, "packed itself: inner.zip.*Unpack"),
        ({"a/1.jpg": b"no", "b/1.jpg": b"no"}, "None of the pictures"),
    ],
)
def test_what_nothing_can_be_learnt_from_is_refused(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(InputError, match=words):
        collect(files)


def test_too_many_pictures_or_classes_are_refused() -> None:
    with pytest.raises(InputError, match="holds 6 pictures; at most 5"):
        collect(folders(a=3, b=3), limits=Limits(pictures=5))
    with pytest.raises(InputError, match="101 class folders"):
        collect({f"{i}/1.png": photo() for i in range(101)})


def test_mixed_formats_come_out_as_a_viewer_shows_them() -> None:
    turned = Image.new("RGB", (40, 20), BLUE)
    turned.paste(RED, (0, 0, 20, 20))  # red on the left; the camera notes that it lay on its side
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(file, "JPEG", exif=exif, quality=95, subsampling=0)
    clear = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(clear, "PNG")
    own = collect(
        {
            "a/1.jpg": photo(RED, "JPEG"), "a/2.PNG": photo(RED), "a/3.webp": photo(RED, "WEBP"), "a/4.gif": photo(RED, "GIF"),
            "a/5.bmp": photo(RED, "BMP"), "a/6.png": photo(RED, mode="P"), "b/1.png": photo(RED, mode="L"),
            "b/2.png": clear.getvalue(), "b/3.jpg": file.getvalue(),
        }
    )  # fmt: skip
    middle = own.x[:, own.x.shape[1] // 2, own.x.shape[1] // 2].astype(int)
    assert np.abs(middle[own.y == 0] - RED).max() < 40  # a palette has no colour nearer
    grey, white, _ = own.x[own.y == 1].astype(int)
    assert np.ptp(grey, axis=2).max() == 0 and white.min() == 255
    upright = own.x[own.y == 1][2].astype(int)
    assert upright[2, :, 0].mean() > 180 and upright[-3, :, 2].mean() > 180  # turned by a quarter: red on top


def test_what_cannot_be_read_is_named_five_at_most_and_the_rest_is_used() -> None:
    bad = {f"a/bad{i}.jpg": photo(format="JPEG")[:60] for i in range(7)}
    own = collect({**folders(a=3, b=3), **bad, "a/tiny.png": photo(size=(2, 2)), "a/notes.txt": b"x"})
    said = " ".join(own.notes)
    assert len(own.x) == 6
    assert (
        "8 could not be read" in said and said.count("bad") == 5 and "3 more" in said and "1 file is no picture" in said
    )


def test_large_pictures_are_passed_over_by_what_their_heads_say() -> None:
    limits = Limits(picture_megapixels=0.1, picture_megabytes=0.002)
    wide, heavy = photo(size=(400, 300)), np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(heavy).save(file, "PNG")
    own = collect({**folders(a=3, b=3), "a/wide.png": wide, "b/heavy.png": file.getvalue()}, limits=limits)
    assert (
        len(own.x) == 6
        and "pixels; at most 0.1 million" in " ".join(own.notes)
        and "at most 0.002 MB" in " ".join(own.notes)
    )


def test_pictures_are_cut_square_and_no_larger_than_needed() -> None:
    split = Image.new("RGB", (300, 100), BLUE)
    split.paste(RED, (100, 0, 200, 100))
    file = io.BytesIO()
    split.save(file, "JPEG", quality=95)
    own = collect({**folders(a=2), "b/1.jpg": file.getvalue(), "b/2.jpg": file.getvalue()})
    assert own.x.shape[1:] == (64, 64, 3)
    assert np.abs(own.x[own.y == 1][0][8:-8, 8:-8].astype(int) - RED).max() < 40  # its middle
    assert collect(folders(a=2, b=2)).x.shape[1:] == (20, 20, 3)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    collect(folders(a=20, b=20), tell=lambda done, total: told.append((done, total)))
    assert told == [(16, 40), (32, 40), (40, 40)]


def test_a_folder_on_disk_is_read_as_its_zip_is(tmp_path: Path) -> None:
    files = {**folders(a=5, b=5), "a/.DS_Store": b"x"}
    top = tmp_path / "pets"
    for name, content in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    (top / "a" / "link.png").symlink_to(top / "b" / "1.png")
    (tmp_path / "pets.zip").write_bytes(packed(files))
    folder, zipped = from_path(top), from_path(tmp_path / "pets.zip")
    assert folder.classes == zipped.classes == ("a", "b")
    assert (folder.x == zipped.x).all() and (folder.share == zipped.share).all()
    with pytest.raises(InputError, match="no folder and no zip"):
        from_path(tmp_path / "nothing")


def test_kept_pictures_are_read_again_behind_their_name(tmp_path: Path) -> None:
    own = collect(folders(a=8, b=4))
    place = tmp_path / "kept"
    place.write_bytes("päts.zip\n".encode() + own_pictures.pack(own))
    again, about = own_pictures.read(place, 32), own_pictures.about(place)
    assert again.shape == (3, 32, 32) and again.classes == ("a", "b") and again.notes == own.notes
    assert [len(again.share(name).x) for name in ("train", "val", "test")] == list(own.counts.values())  # type: ignore[arg-type]
    assert about.pictures == (8, 4) and about.thumbs.shape == (6 + 4, 48, 48, 3) and about.counts == own.counts
    same = own_pictures.opened(place)
    assert (same.x == own.x).all() and (same.y == own.y).all()
    place.write_bytes(place.read_bytes()[:-40])
    with pytest.raises(InputError, match="not kept whole"):
        own_pictures.read(place, 32)
    with pytest.raises(InputError, match="not kept here any more"):
        own_pictures.read(tmp_path / "gone", 32)


def test_pictures_that_are_too_much_together_are_refused_before_any_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{'ab'[i % 2]}/{i}.png": photo(size=(500, 400)) for i in range(10)}  # 0.2 million pixels each
    assert len(collect(files, limits=Limits(megapixels=2)).x) == 10
    large = {**files, "b/passed over.png": photo(size=(2000, 1000))}
    assert len(collect(large, limits=Limits(megapixels=2, picture_megapixels=1)).x) == 10, (
        "is not decoded, and not counted"
    )
    monkeypatch.setattr(picture_folders, "read_picture", lambda *given, **more: pytest.fail("decoded"))
    with pytest.raises(
        InputError, match=r"more than 1 megapixels together.*first 6 of 10.*Make the pictures smaller first"
    ):
        collect(files, limits=Limits(megapixels=1))


def test_many_passes_over_a_picture_count_as_more_pixels() -> None:
    scans = photo(format="JPEG", size=(100, 100)) + b"\xff\xda" * 63
    assert effort(photo(format="JPEG", size=(100, 100)), 1) == 10_000 and effort(scans, 1) == 40_000


def test_class_names_with_the_same_beginning_are_kept_apart_and_it_is_said() -> None:
    long = "The very long name of a class of pictures"
    own = collect(folders(**{f"{long} {end}": 2 for end in ("with cats", "with dogs")}, short=2))
    assert own.classes == ("short", f"{long[:38]} 2", long[:40]) and np.bincount(own.y).tolist() == [2, 2, 2]
    assert any("cut to 40 characters" in note and f"{long[:38]} 2" in note for note in own.notes)
    split = {f"{share}/{name}": one for share in ("train", "val") for name, one in folders(**{long: 2, "b": 2}).items()}
    assert collect(split).classes == ("b", long[:40]), "one class in both shares"


def test_a_file_without_an_ending_is_a_picture_only_if_it_begins_as_one(tmp_path: Path) -> None:
    for name, content in folders(a=2, b=2).items():
        path = tmp_path / name.removesuffix(".png")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "a" / "passwd").write_text("root:x:0:0:BM")
    own = from_path(tmp_path)
    assert len(own.x) == 4 and "passwd" not in " ".join(own.notes) and "1 file is no picture" in " ".join(own.notes)
    assert len(collect({"a/1": photo(), "a/2": photo(format="WEBP"), "b/1": photo(format="GIF"), "b/2": b"no"}).x) == 3
    config = tmp_path / "config"
    config.mkdir()
    (config / "hosts").write_text("127.0.0.1")
    with pytest.raises(InputError, match=r"holds no pictures\. 1 file is no picture"):
        from_path(config)
