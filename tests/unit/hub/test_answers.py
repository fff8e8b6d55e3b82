"""Quick answers: pictures to look at, and what is in them; each its own answer or its own words."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.vision import Classified, Classify, Look, Looked, Photo
from playground.data.pictures import read_picture
from playground.hub import answers
from playground.hub.classify import Refusal
from playground.hub.desk import Desk
from tests.timm_folder import DATA, TEN, drawn, needs_data, png, timm_folder
from tests.unit.hub.test_opening import Bomb

quiet: Callable[[str], None] = lambda words: None  # noqa: E731


@pytest.fixture
def models(tmp_path: Path) -> Path:
    timm_folder(tmp_path, "ten")
    return tmp_path


def at(models: Path) -> Desk:
    return Desk(models, budget=10**9, megabytes=20, megapixels=50)


def classified(place: Desk, card: Card | None, questions: list[Classify]) -> list[Classified]:
    found = answers.classify(place, card, questions, quiet)
    assert all(isinstance(one, Classified) for one in found), found
    return [one for one in found if isinstance(one, Classified)]


def bad_files() -> dict[str, tuple[bytes, str]]:
    """Each with words that its answer must hold."""
    whole = io.BytesIO()
    drawn(0).save(whole, "JPEG")
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return {
        "cut.jpg": (whole.getvalue()[:300], "broken picture"),
        "vast.png": (
            b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 100) + b"IDAT" + bytes(104),
            "claims more pixels than can be decoded; at most 50 million",
        ),
        "page.jpg": (b"<!doctype html><html><body>404</body></html>", "not a picture"),
        "nothing.png": (b"", "is empty"),
        "large.jpg": (bytes(200_000_000), "200.0 MB; at most 20 MB"),
        "drawing.svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "drawing (SVG)"),
    }


def test_a_picture_is_shown_upright_within_its_side(models: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    drawn(1, (400, 200)).save(file, "JPEG", exif=exif)
    big, small = answers.look(
        at(models), None, [Look(Photo(file.getvalue(), "a.jpg"), 100), Look(Photo(png(drawn(2)), "b.png"))], quiet
    )
    assert isinstance(big, Looked) and isinstance(small, Looked)
    assert (big.width, big.height) == (200, 400) and "upright" in big.notes[0]
    assert Image.open(io.BytesIO(big.jpeg)).size == (50, 100)
    shown = Image.open(io.BytesIO(small.jpeg))
    assert shown.format == "JPEG" and shown.size == (120, 90) and small.notes == ()
    assert np.abs(np.asarray(shown, float) - np.asarray(drawn(2), float)).mean() < 6


def test_bad_files_get_each_their_words_and_the_others_their_answers(models: Path) -> None:
    bad = bad_files()
    good = Photo(png(drawn(3)), "good.png")
    photos = [good, *(Photo(content, name) for name, (content, _) in bad.items()), good]
    place, card = at(models), Catalog.read(models)["ten"]
    for found in (
        answers.classify(place, card, [Classify(photo) for photo in photos], quiet),
        answers.look(place, None, [Look(photo) for photo in photos], quiet),
    ):
        assert len(found) == len(photos)
        for (name, (_, words)), answer in zip(bad.items(), found[1:-1], strict=True):
            assert isinstance(answer, InputError), name
            assert words in str(answer) and name in str(answer), str(answer)
        assert not isinstance(found[0], PlaygroundError) and not isinstance(found[-1], PlaygroundError)
    (alone,) = answers.classify(place, card, [Classify(Photo(b"", "x.png"))], quiet)
    assert isinstance(alone, InputError)


def test_an_animation_is_answered_by_its_first_picture(models: Path) -> None:
    file = io.BytesIO()
    drawn(4).save(file, "WEBP", save_all=True, append_images=[drawn(5)], lossless=True)
    place, card = at(models), Catalog.read(models)["ten"]
    questions = [Classify(Photo(file.getvalue(), "a.webp"), 10), Classify(Photo(png(drawn(4)), "a.png"), 10)]
    moving, still = classified(place, card, questions)
    assert moving.predictions == still.predictions
    (shown,) = answers.look(place, None, [Look(questions[0].photo)], quiet)
    assert isinstance(shown, Looked) and "animation" in shown.notes[0]


def test_a_model_that_could_run_code_is_refused_in_words_for_each_picture(models: Path) -> None:
    trace = models / "trace"
    (models / "ten" / "model.safetensors").unlink()
    torch.save({"state_dict": {"a": torch.zeros(1)}, "b": Bomb(trace)}, models / "ten" / "bomb.pth")
    card = Catalog.read(models)["ten"]
    found = answers.classify(at(models), card, [Classify(Photo(png(drawn(0)), "a.png"))] * 2, quiet)
    assert [type(one) for one in found] == [ModelUnavailable] * 2 and not trace.exists()
    assert "which could run code" in str(found[0])


@pytest.mark.parametrize("top", [0, 21, -3])
def test_how_many_classes_may_be_asked_for_is_said(models: Path, top: int) -> None:
    photo = Photo(png(drawn(0)), "a.png")
    wrong, right = answers.classify(
        at(models), Catalog.read(models)["ten"], [Classify(photo, top), Classify(photo, 20)], quiet
    )
    assert isinstance(wrong, InputError) and "1 to 20" in str(wrong)
    assert isinstance(right, Classified) and len(right.predictions) == 10
    (none,) = answers.classify(at(models), None, [Classify(photo)], quiet)
    assert isinstance(none, InputError)


def test_a_batch_answers_as_each_picture_alone_and_says_what_it_took(models: Path) -> None:
    place, card = at(models), Catalog.read(models)["ten"]
    photos = [Photo(png(drawn(seed, (60 + 10 * seed, 90))), f"{seed}") for seed in range(5)]
    together = classified(place, card, [Classify(photo, 10) for photo in photos])
    for photo, one in zip(photos, together, strict=True):
        (alone,) = classified(place, card, [Classify(photo, 10)])
        scores = [sorted((p.index, p.score) for p in answer.predictions) for answer in (one, alone)]
        assert np.allclose(*scores, atol=1e-6)
        assert (one.batch, alone.batch, one.device, one.engine) == (5, 1, "CPU", "PyTorch")
        assert 0 < one.seconds < 60 and not one.refused
        assert [p.score for p in one.predictions] == sorted((p.score for p in one.predictions), reverse=True)
        assert all(TEN[p.index] == p.label for p in one.predictions)


@pytest.mark.parametrize("score", ["max_softmax", "max_logit", "energy"])
def test_a_model_refuses_what_does_not_reach_its_threshold(tmp_path: Path, score: str) -> None:
    """Half of the pictures lie below the median of the score as it is defined; those and no others are refused."""
    photos = [Photo(png(drawn(seed)), f"{seed}") for seed in range(8)]
    timm_folder(tmp_path, "plain", temperature=1.7)
    with at(tmp_path).classifier(Catalog.read(tmp_path)["plain"]) as model:
        x = model.prepare([read_picture(photo.content, photo.name).image for photo in photos])
        with torch.inference_mode():
            logits = model.network(x) / 1.7
    wanted = {
        "max_softmax": logits.softmax(-1).amax(-1), "max_logit": logits.amax(-1), "energy": logits.logsumexp(-1)
    }[score].numpy()  # fmt: skip
    threshold = float(np.median(wanted))
    (tmp_path / "plain" / "config.json").rename(tmp_path / "config.bak")
    timm_folder(tmp_path / "more", "plain", temperature=1.7, refusal={"score": score, "threshold": threshold})
    found = classified(at(tmp_path), Catalog.read(tmp_path)["plain"], [Classify(photo, 1) for photo in photos])
    assert [one.refused for one in found] == (wanted < threshold).tolist()
    assert sum(one.refused for one in found) == 4
    assert [one.predictions[0].score for one in found] == pytest.approx(logits.softmax(-1).amax(-1).tolist(), abs=1e-6)


def test_energy_does_not_overflow() -> None:
    logits = np.array([[1000.0, 0.0], [-1000.0, -1000.0]], np.float32)
    assert Refusal("energy", 0.0).of(logits).tolist() == [False, True]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to measure memory")
def test_memory_stays_flat_over_many_pictures(models: Path) -> None:
    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    place = Desk(models, budget=10**9, megabytes=20, megapixels=50, pictures=4_000_000)
    card = Catalog.read(models)["ten"]

    def round_(start: int) -> None:
        for seed in range(start, start + 60, 6):
            photos = [Photo(png(drawn(s, (600, 500))), str(s)) for s in range(seed, seed + 6)]
            assert len(classified(place, card, [Classify(photo) for photo in photos])) == 6

    round_(0)
    before = resident()
    for number in range(1, 3):
        round_(60 * number)
    assert resident() - before < 40  # the pictures alone would be 144 MB


@needs_data
def test_mobilenetv2_names_the_imagenet_samples() -> None:
    folder = DATA / "weights"
    rows = [line.split("\t") for line in (DATA / "photos/imagenet/labels.tsv").read_text().splitlines()]
    rows = [row for row in rows if (DATA / "photos/imagenet" / row[0]).is_file()]
    photos = [Photo((DATA / "photos/imagenet" / row[0]).read_bytes(), row[0]) for row in rows]
    card = Catalog.read(folder)["mobilenetv2_100"]
    found = classified(at(folder), card, [Classify(photo, 20) for photo in photos])
    right = sum(one.predictions[0].index == int(row[2]) for one, row in zip(found, rows, strict=True))
    assert len(rows) == 30 and right >= 24
    hand = timm.create_model(f"local-dir:{folder / 'timm/mobilenetv2_100'}", pretrained=True).eval()
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(hand))
    for photo, one in zip(photos[:5], found, strict=False):
        image = Image.open(io.BytesIO(photo.content)).convert("RGB")
        with torch.inference_mode():
            wanted = hand(transform(image)[None]).softmax(-1)[0]
        assert max(abs(p.score - float(wanted[p.index])) for p in one.predictions) < 1e-5
