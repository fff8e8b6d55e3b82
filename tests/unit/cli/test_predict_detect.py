"""``playground predict detect``: JSON and nothing but JSON, files written, or one clear line."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from playground.cli import main
from tests import tiny_yolo
from tests.timm_folder import drawn, png, timm_folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    tiny_yolo.put(folder / "models", task="pose")
    timm_folder(folder / "models", "ten")
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn(0, (160, 120)).save(folder / "turned.png", exif=exif)
    (folder / "0.png").write_bytes(png(drawn(0, (160, 120))))
    (folder / "1.png").write_bytes(png(drawn(1, (160, 120))))
    (folder / "folder").mkdir()
    (folder / "page.jpg").write_text("<html>")
    (folder / "page.mp4").write_text("<html>")
    with (folder / "large.mov").open("wb") as file:
        file.truncate(900_000_000)
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture(autouse=True)
def _there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_MODELS", str(place / "models"))
    monkeypatch.chdir(place)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(["predict", "detect", *words])
    except SystemExit as ended:  # of argparse
        status = int(str(ended.code))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_each_picture_gets_its_row_with_boxes_in_pixels_of_the_upright_picture(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(
        capsys, "--model", "tiny", "0.png", "turned.png", "1.png", "--conf", "0.3", "--json", "--out", "found.csv"
    )
    assert (status, err) == (0, "")
    rows = json.loads(out)
    assert [row["file"] for row in rows] == ["0.png", "turned.png", "1.png"]
    for row, (width, height) in zip(rows, [(160, 120), (120, 160), (160, 120)], strict=True):
        assert (
            row.keys() == {"file", "model", "predictions", "seconds"} and row["model"] == "tiny" and row["seconds"] > 0
        )
        scores = [one["score"] for one in row["predictions"]]
        assert scores == sorted(scores, reverse=True) and scores[0] <= 1 and scores[-1] >= 0.3
        for one in row["predictions"]:
            assert one.keys() == {"label", "index", "score", "box", "keypoints"} and len(one["keypoints"]) == 17
            assert one["label"] == f"kind {one['index']}"
            left, top, right, bottom = one["box"]
            assert 0 <= left <= right <= width and 0 <= top <= bottom <= height
    assert max(one["box"][3] for one in rows[1]["predictions"]) > 120
    with (place / "found.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert [(one["file"], one["label"]) for one in written] == [
        (row["file"], one["label"]) for row in rows for one in row["predictions"]
    ]


def test_thresholds_and_classes_leave_some_out_and_one_picture_is_drawn(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {}
    for name, words in (
        ("all", ()), ("overlapping", ("--iou", "1")), ("some", ("--classes", "KIND 2, kind 0")), ("few", ("--most", "2"))
    ):  # fmt: skip
        status, out, _ = run(capsys, "0.png", "--model", "tiny", "--conf", "0.3", *words, "--json")
        found[name] = [one["index"] for one in json.loads(out)[0]["predictions"]]
        assert status == 0
    assert len(found["overlapping"]) > len(found["all"]) > len(found["some"]) > 0 and len(found["few"]) == 2
    assert set(found["some"]) <= {0, 2} < set(found["all"])
    status, out, _ = run(capsys, "0.png", "--model", "tiny", "--conf", "0.3", "--out", "found.PNG")
    with Image.open(place / "found.PNG") as written:
        assert status == 0 and written.size == (160, 120)
    assert out.startswith("0.png  (tiny (local), ") and out.count("\n") == len(found["all"]) + 1 and " x kind " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.png",), "'gone.png' cannot be read: No such file or directory"),
        (("0.png", "folder"), "'folder' is a folder"),
        (("pipe",), "'pipe' is no ordinary file"),
        (("0.png", "page.jpg"), "page.jpg is not a picture that can be read here"),
        (("page.mp4",), "page.mp4 is not a clip that can be read here"),
        (("large.mov",), "'large.mov' has 900 MB; at most 50 MB are taken (PLAYGROUND_VIDEO_MEGABYTES)"),
        (("0.png", "--model", "tny"), "Did you mean 'tiny'?"),
        (("0.png", "--model", "ten"), "finds no objects in pictures"),
        (("0.png", "--model", "yolo11s"), "is not on disk. Fetch it first: playground models pull yolo11s"),
        (("0.png", "--model", "tiny", "--classes", "kind 1,knid 2"), "Unknown class 'knid 2'. Did you mean 'kind 2'?"),
        (("0.png", "--conf", "2"), "'2' is not 0.001 to 1"),
        (("0.png", "--conf", "nan"), "'nan' is not 0.001 to 1"),
        (("0.png", "--iou", "high"), "'high' is not a number"),
        (("0.png", "--most", "301"), "'301' is not 1 to 300"),
        (("0.png", "1.png", "--out", "a.png"), "'a.png' holds one picture: name one picture alone"),
        (("0.png", "--out", "a.mp4"), "'a.mp4' holds one clip"),
        (("0.png", "--out", "a.txt"), "name a file that ends in .png, .mp4 or .csv"),
        (("0.png", "--out", "nowhere/a.png"), "its folder is not there"),
        (("0.png", "--out", "0.png"), "is a file that is asked about; it is not overwritten"),
        ((), "FILE"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    status, out, err = run(capsys, *words, "--json")
    assert (status, out) == (2, "")
    assert said in err and err.count("\n") == 1, err
