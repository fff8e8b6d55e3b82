"""``playground predict digit``: a line for each file, without torch."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from playground.cli import main
from playground.data import digit_strokes
from playground.data.digit_examples import DIGIT_EXAMPLES

TALK = (
    Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
    / "photos"
    / "digits"
)
SHOWN = {"shadow": 0, "lined": 3, "board": 2, "marker": 6, "squared": 8}


def answers(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert main(["predict", "digit", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_ours_are_read_whatever_they_are_written_on(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(one.folder / one.file) for one in DIGIT_EXAMPLES.values()]
    rows = answers(capsys, *files)
    assert [row["file"] for row in rows] == files
    assert {name: row["digit"] for name, row in zip(DIGIT_EXAMPLES, rows, strict=True)} == SHOWN
    for row in rows:
        assert row.keys() == {"file", "digit", "confidence", "probabilities", "seconds"}
        probabilities = row["probabilities"]
        assert isinstance(probabilities, list) and len(probabilities) == 10 and abs(sum(probabilities) - 1) < 1e-4
        assert row["confidence"] == max(probabilities)


def test_a_picture_without_a_digit_is_null_and_in_words_without_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("L", (60, 60), 230).save(tmp_path / "blank.png")
    (row,) = answers(capsys, str(tmp_path / "blank.png"))
    assert row["digit"] is None and row["confidence"] == 0 and row["probabilities"] == []
    assert main(["predict", "digit", str(tmp_path / "blank.png")]) == 0
    assert "nothing stands out" in capsys.readouterr().out


def test_bad_input_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    for words in ([str(tmp_path / "a.png")], ["gone.png"], [str(tmp_path), "--model", str(tmp_path)]):
        assert main(["predict", "digit", *words]) == 2
        said = capsys.readouterr()
        assert said.out == "" and len(said.err.strip().splitlines()) == 1


def test_it_needs_no_torch(tmp_path: Path) -> None:
    Image.fromarray(digit_strokes.ink(digit_strokes.DIGITS[4], 64)).save(tmp_path / "four.png")
    code = (
        "import sys; from playground.cli import main; main(['predict', 'digit', sys.argv[1]]); "
        "print(sorted({'torch', 'timm', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "four.png")], capture_output=True, text=True, check=True
    )
    assert "  4  " in done.stdout and done.stdout.strip().endswith("[]")


def changed(picture: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """What one digit becomes in other hands."""
    light = np.asarray(picture.convert("L"))
    for name, now in (("as it is", light), ("inverted", 255 - light)):
        ground = int(now[0, 0])
        yield name, Image.fromarray(now)
        for dx, dy in ((4, 0), (-4, 0), (0, 4), (0, -4)):
            moved = np.full_like(now, ground)
            to, of = (
                (slice(max(0, d), 28 + min(0, d)) for d in (dy, dx)),
                (slice(max(0, -d), 28 + min(0, -d)) for d in (dy, dx)),
            )
            moved[tuple(to)] = now[tuple(of)]
            yield f"{name}, shifted by {dx}, {dy}", Image.fromarray(moved)
        yield f"{name}, scaled", Image.fromarray(now).resize((42, 42))
        yield f"{name}, 400 x 300", Image.fromarray(now).resize((400, 300))
        grey = Image.fromarray((90 + 0.5 * now).astype(np.uint8))
        yield f"{name}, on grey", grey
        for quality in (40,):
            for kind, one in (("", Image.fromarray(now)), ("large ", grey.resize((400, 300)))):
                held = io.BytesIO()
                one.save(held, "JPEG", quality=quality)
                yield f"{name}, {kind}JPEG {quality}", Image.open(held)


@pytest.mark.skipif(not TALK.is_dir(), reason="the talk's ten digits are not on this machine")
def test_the_ten_digits_of_the_talk_and_what_may_become_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {}
    for digit in range(10):
        for number, (name, picture) in enumerate(changed(Image.open(TALK / f"{digit}.png"))):
            file = tmp_path / f"{digit}-{number}.png"
            picture.save(file)
            wanted[str(file)] = (digit, name)
    rows = answers(capsys, *wanted, *(str(TALK / f"{digit}.png") for digit in range(10)))
    assert [row["digit"] for row in rows[-10:]] == list(range(10))
    wrong = [
        (wanted[str(row["file"])], row["digit"]) for row in rows[:-10] if row["digit"] != wanted[str(row["file"])][0]
    ]
    assert wrong == []
