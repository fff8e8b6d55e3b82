"""``playground predict generate``: the pixels of a seed, as everywhere else; files and numbers; refusals in one clear line."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from playground.catalog.listing import Catalog
from playground.cli import main
from playground.commands.predict_generate_files import side_by_side
from playground.core.generating import Draw, Drawn, Meet, Met
from playground.core.settings import Settings
from playground.functional import digit_readers, gan_file
from playground.functional.gan import drawn
from playground.functional.gan_latents import sheet
from playground.jobs.inference import InlineInference
from tests.tiny_gan import tiny

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
FOREIGN = DATA / "weights" / "gan"
needs_data = pytest.mark.skipif(not FOREIGN.is_dir(), reason=f"no test data in {DATA} (PLAYGROUND_TEST_DATA)")
KINDS = ("ant", "bee", "7")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two tiny generators in the models folder, and the second one outside of it, too."""
    monkeypatch.setenv("PLAYGROUND_MODELS", str(tmp_path / "models"))
    for name, channels, classes in (("tiny", 1, ()), ("kinds", 3, KINDS), ("../mine", 3, KINDS)):
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        pair, weights = tiny(channels, classes)
        (folder / "config.json").write_text(json.dumps(gan_file.card(pair, {"title": name})))
        save_file(weights, folder / "model.safetensors")
    pair, weights = tiny()
    (tmp_path / "whole.safetensors").write_bytes(gan_file.pack(pair, weights, {}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(["predict", "generate", *words])
    except SystemExit as ended:  # of argparse
        status = int(str(ended.code))
    said = capsys.readouterr()
    return status, said.out, said.err


def row_of(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    status, out, err = run(capsys, "--json", *words)
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def asked(place: Path, name: str, question: Any) -> Any:
    """What a page is answered."""
    inference = InlineInference(place / "models", Settings())
    try:
        return inference.ask(
            "meet" if isinstance(question, Meet) else "generate", Catalog.read(place / "models")[name], question
        ).result()
    finally:
        inference.stop()


def pixels_of(path: Path | str) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def cut(path: Path, n: int, columns: int) -> np.ndarray:
    """The single pictures of 16 x 16 pixels of a file."""
    page = pixels_of(path)
    rows = len(page) // 16
    page = page.reshape(rows, 16, columns, 16, -1).swapaxes(1, 2).reshape(rows * columns, 16, 16, -1)
    return page[:n]


def test_the_pixels_are_those_of_the_page(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = row_of(capsys, "--model", "tiny", "--seed", "1", "--n", "11", "--out", "a.png", "--npz", "a.npz")
    pair, _ = tiny()
    page = asked(place, "tiny", Draw(drawn(pair, 1, 11)))
    assert isinstance(page, Drawn)
    assert pixels_of("a.png").shape == (3 * 16, 4 * 16)
    assert np.array_equal(cut(place / "a.png", 11, 4), page.pictures)
    with np.load("a.npz") as numbers:
        pictures, latents = numbers["pictures"], numbers["latents"]
        assert numbers.files == ["pictures", "latents"]
    assert pictures.shape == (11, 16, 16) and pictures.dtype == np.float32
    assert 0 <= pictures.min() < 0.5 < pictures.max() <= 1 and pictures.std() > 0.01
    assert np.array_equal(np.round(pictures * 255).astype(np.uint8), page.pictures[..., 0])
    assert np.array_equal(latents, drawn(pair, 1, 11))
    assert (row["model"], row["seed"], row["n"], row["classes"]) == ("tiny", 1, 11, None)
    assert (row["file"], row["npz"], row["shape"]) == ("a.png", "a.npz", [11, 16, 16]) and row["seconds"] > 0
    first = Path("a.png").read_bytes()
    row_of(capsys, "--model", "tiny", "--seed", "1", "--n", "11", "--out", "b.png")
    assert Path("b.png").read_bytes() == first
    row_of(capsys, "--model", "tiny", "--seed", "1", "--n", "4", "--columns", "4", "--out", "b.png")
    assert np.array_equal(cut(place / "b.png", 4, 4), page.pictures[:4])  # the first of a seed stay the first
    row_of(capsys, "--model", "tiny", "--seed", "2", "--n", "11", "--out", "b.png")
    assert Path("b.png").read_bytes() != first


def test_classes_by_name_and_number_and_each_in_turn(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair, _ = tiny(3, KINDS)
    each = row_of(capsys, "--model", "kinds", "--n", "4", "--out", "a.png")
    assert each["classes"] == ["ant", "bee", "7", "ant"] and each["shape"] == [4, 16, 16, 3]
    page = asked(place, "kinds", Draw(drawn(pair, 0, 4), np.array([0, 1, 2, 0])))
    assert np.array_equal(cut(place / "a.png", 4, 2), page.pictures)
    bees = asked(place, "kinds", Draw(drawn(pair, 0, 4), np.ones(4, np.int64)))
    for wanted in ("bee", "1"):
        row = row_of(capsys, "--model", "mine", "--class", wanted, "--n", "4", "--out", "b.png", "--npz", "b.npz")
        assert row["classes"] == ["bee"] * 4 and np.array_equal(cut(place / "b.png", 4, 2), bees.pictures)
        with np.load("b.npz") as numbers:
            assert numbers["pictures"].shape == (4, 16, 16, 3) and numbers["classes"].tolist() == [1] * 4
    assert row_of(capsys, "--model", "kinds", "--class", "7", "--n", "1", "--out", "b.png")["classes"] == ["7"]


def test_moves_go_along_the_directions_that_the_page_shows(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair, _ = tiny()
    met = asked(place, "tiny", Meet())
    assert isinstance(met, Met)
    moved = sheet(pair, 3, 4, (1.5, 0, -2), met.directions)
    row_of(capsys, "--model", "tiny", "--seed", "3", "--n", "4", "--moves", "1.5,0,-2", "--out", "a.png")
    page = asked(place, "tiny", Draw(moved))
    assert np.array_equal(cut(place / "a.png", 4, 2), page.pictures)
    assert not np.array_equal(page.pictures, asked(place, "tiny", Draw(drawn(pair, 3, 4))).pictures)


def test_a_file_by_its_path_and_words_for_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row_of(capsys, "--model", "tiny", "--n", "4", "--out", "a.png")
    status, out, err = run(capsys, "--model", "whole.safetensors", "--n", "4", "--scale", "3", "--out", "b.png")
    assert (status, err) == (0, "")
    large = pixels_of("b.png")
    assert large.shape == (96, 96) and np.array_equal(large[::3, ::3], pixels_of("a.png"))
    assert "4 pictures of 16 x 16 pixels in grey, seed 0" in out and "b.png" in out and " ms, " in out
    with zipfile.ZipFile("run.zip", "w") as archive:
        for name in ("config.json", "model.safetensors"):
            archive.write(place / "models" / "tiny" / name, f"generator/{name}")
    row = row_of(capsys, "--model", "run.zip", "--n", "4", "--out", "c.png")
    assert row["model"] == "run" and Path("c.png").read_bytes() == Path("a.png").read_bytes()
    row = row_of(capsys, "--model", "gan_digits_by_class", "--class", "7", "--n", "1", "--out", "c.png")
    assert row["shape"] == [1, 28, 28] and row["classes"] == ["7"]  # a starter is always there


def test_places_that_are_left_over_are_black() -> None:
    page = np.asarray(side_by_side(np.full((3, 2, 5, 1), 9, np.uint8), 2))
    assert page.shape == (4, 10) and (page[:2] == 9).all() and (page[2:, :5] == 9).all() and not page[2:, 5:].any()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say where the pictures are to go: --out FILE.png"),
        (("--out", "a.jpg"), "'a.jpg' does not end in .png"),
        (("--out", "gone/a.png"), "There is no folder gone to write into"),
        (("--npz", "a.csv"), "does not end in .npz"),
        (("--out", "a.png", "--model", "gone"), "Unknown model 'gone'"),
        (("--out", "a.png", "--model", "tinyy"), "Did you mean 'tiny'?"),
        (("--out", "a.png", "--model", "models"), "models holds no config.json of a generator"),
        (("--out", "a.png", "--model", "note.txt"), "note.txt: a file that ends in"),
        (("--out", "a.png", "--model", "cut.safetensors"), "cut.safetensors"),
        (("--out", "a.png", "--model", "note.zip"), "note.zip"),
        (("--out", "a.png", "--model", "other.zip"), "other.zip holds no generator: config.json and model.safetensors"),
        (("--out", "a.png", "--model", "broken.zip"), "broken.zip cannot be used"),
        (("--out", "a.png", "--model", "starter_cifar10"), "draws no pictures"),
        (("--out", "a.png", "--models-dir", "gone"), "There is no folder gone"),
        (("--out", "a.png", "--model", "tiny", "--class", "1"), "knows no classes; leave --class out"),
        (("--out", "a.png", "--model", "kinds", "--class", "wasp"), "0 to 2, or by name: ant, bee, 7"),
        (("--out", "a.png", "--model", "kinds", "--class", "3"), "There is no class '3'"),
        (("--out", "a.png", "--model", "tiny", "--moves", ",".join(["1"] * 9)), "9 directions"),
        (("--out", "a.png", "--moves", "1,x"), "no list of numbers"),
        (("--out", "a.png", "--moves", "nan"), "each number is -100 to 100"),
        (("--out", "a.png", "--n", "0"), "'0' is not 1 to 1024"),
        (("--out", "a.png", "--n", "5000"), "'5000' is not 1 to 1024"),
        (("--out", "a.png", "--seed", "-1"), "'-1' is not 0 to"),
        (("--out", "a.png", "--columns", "0"), "not a whole number from 1"),
    ],
)
def test_what_makes_no_sense_is_said(
    place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    (place / "note.txt").write_text("no weights")
    (place / "cut.safetensors").write_bytes((place / "whole.safetensors").read_bytes()[:-99])
    (place / "note.zip").write_text("no zip")
    for name, inside in (("other", ("a.txt",)), ("broken", ("config.json", "model.safetensors"))):
        with zipfile.ZipFile(place / f"{name}.zip", "w") as archive:
            for one in inside:
                archive.writestr(one, "{}")
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and said in err, err
    assert "Traceback" not in err and not list(place.glob("a.*"))


@needs_data
@pytest.mark.parametrize("name", ["dcgan_mnist_generator.pth", "mlp_gan_mnist_G.ckpt"])
def test_foreign_files_draw_digits(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = tmp_path / "a.npz"
    row_of(capsys, "--model", str(FOREIGN / name), "--n", "200", "--npz", str(numbers))
    with np.load(numbers) as read:
        pictures = np.round(read["pictures"] * 255).astype(np.uint8)
    assert digit_readers.starter("cnn").read(pictures).max(1).mean() >= 0.85
