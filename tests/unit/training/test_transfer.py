"""A visitor's own classes: what is held out, what three ways learn, that nothing else changes, and files in and out."""

from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
import weakref
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable, Stopped
from playground.core.transfer import SIZES, Learn, Learnt, Lesson, Manner, Pack, Tell, Told, Unzip, Unzipped, Way
from playground.data import cut_pictures
from playground.data.cut_pictures import CutPictures
from playground.data.own_example import own_example
from playground.hub.desk import Desk
from playground.hub.features import Body, last_parts
from playground.hub.own_classifier import opened
from playground.hub.own_export import Order, make
from playground.training import transfer, transfer_files
from playground.training.held_out import held_out, sizes_of, subset
from tests.timm_folder import timm_folder

EACH = 12
FAST = Manner(epochs=5)


def quiet(words: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("models")
    timm_folder(folder, "small")
    return Desk(folder, budget=10**9, megabytes=20, megapixels=50)


@pytest.fixture(scope="module")
def starter(desk: Desk) -> Card:
    return Catalog.read(desk.folder)["starter_cifar10"]


def lesson(each: int = EACH) -> Lesson:
    kinds = [kind[:each] for kind in own_example().pictures]
    labels = tuple(number for number, kind in enumerate(kinds) for _ in kind)
    return Lesson(tuple(one for kind in kinds for one in kind), labels, held_out(labels), own_example().names)


def learnt(desk: Desk, card: Card, way: Way, *, manner: Manner = FAST, sizes: tuple[int, ...] = (0,)) -> Learnt:
    (found,) = transfer.learn(desk, card, [Learn(way, lesson(), manner, sizes)], quiet)
    assert isinstance(found, Learnt), found
    return found


def test_the_last_quarter_of_each_class_is_held_out_and_one_of_two() -> None:
    labels = [0] * 8 + [1] * 2 + [2]
    assert held_out(labels) == (*[False] * 6, True, True, False, True, False)
    mixed = held_out([0, 1] * 8)
    assert mixed[:12] == (False,) * 12 and all(mixed[12:])


def test_few_pictures_are_drawn_alike_from_each_class_and_never_those_held_out() -> None:
    labels = [0] * 40 + [1] * 70
    held = held_out(labels)
    assert sizes_of(labels, held) == (5, 10, 20, 0) and set(sizes_of(labels, held)) <= {*SIZES, 0}
    draws = [subset(labels, held, 5, draw, 0) for draw in range(3)]
    for rows in draws:
        assert np.bincount(np.asarray(labels)[rows]).tolist() == [5, 5]
        assert not any(held[row] for row in rows)
    assert draws[0].tolist() == subset(labels, held, 5, 0, 0).tolist() != draws[1].tolist()
    assert len(subset(labels, held, 0, 0, 0)) == len(labels) - sum(held)


@pytest.mark.parametrize("way", ["last", "scratch", "tuned"])
def test_what_was_learnt_says_of_a_held_out_picture_what_it_said_when_it_was_measured(
    desk: Desk, starter: Card, way: Way
) -> None:
    found, given = learnt(desk, starter, way), lesson()
    assert found.held.shape == (6, 2) and found.measured[-1].of == 6 and found.measured[-1].each == 9
    rows = np.flatnonzero(given.held)
    (told,) = transfer.tell(desk, starter, [Tell(given.pictures[rows[4]], (found.packed,))], quiet)
    assert isinstance(told, Told)
    assert told.scores[0] == pytest.approx(found.held[4], abs=1e-3)
    if way != "tuned":
        assert learnt(desk, starter, way).held == pytest.approx(found.held, abs=1e-4), "the same seed learns the same"
    assert found.model == ("" if way == "scratch" else starter.name)
    assert (found.trained == found.whole) == (way == "scratch")


def test_features_are_enough_where_a_network_from_scratch_knows_nothing_yet(desk: Desk, starter: Card) -> None:
    assert learnt(desk, starter, "last").measured[-1].accuracy > 0.8
    few = learnt(desk, starter, "last", sizes=(5, 0)).measured
    assert [one.each for one in few] == [5, 9] and few[0].draws > 1 and few[0].low <= few[0].accuracy <= few[0].high


def test_tuning_leaves_the_model_that_others_use_as_it_was(desk: Desk, starter: Card) -> None:
    with desk.classifier(starter) as classifier:
        before = {name: one.clone() for name, one in classifier.network.state_dict().items()}
        found = learnt(desk, starter, "tuned", manner=dataclasses.replace(FAST, depth="half"))
        assert all(torch.equal(one, before[name]) for name, one in classifier.network.state_dict().items())
        assert not any(one.requires_grad for one in classifier.network.parameters())
        made = opened(found.packed, classifier)
        own, shared = dict(made.network.named_parameters()), dict(classifier.network.named_parameters())
        changed = [n for n in shared if not torch.equal(own[f"body.network.{n}"], shared[n])]
        assert changed and all(name.startswith(last_parts(classifier, "half")) for name in changed)
        assert own["body.network.whiten.weight"].data_ptr() == shared["whiten.weight"].data_ptr(), (
            "what is frozen is not copied"
        )
        assert (
            len(last_parts(classifier, "quarter"))
            < len(last_parts(classifier, "half"))
            < len(last_parts(classifier, "all"))
        )


def test_features_are_what_timm_gives_before_its_last_layer(desk: Desk) -> None:
    with desk.classifier(Catalog.read(desk.folder)["small"]) as classifier, torch.inference_mode():
        x = torch.randn(3, *classifier.input_size)
        network = classifier.network
        wanted = network.forward_head(network.forward_features(x), pre_logits=True)  # type: ignore[operator]
        assert torch.allclose(Body(classifier)(x), wanted, atol=1e-5)
        assert (
            last_parts(classifier, "quarter")[-1].startswith("layer4")
            or "layer" in last_parts(classifier, "quarter")[-1]
        )


def test_what_cannot_be_learnt_is_said_in_words(desk: Desk, starter: Card) -> None:
    given = lesson(3)
    one = dataclasses.replace(given, classes=("Bus",), labels=(0,) * 6)
    lacking = dataclasses.replace(given, classes=("Bus", "Dog", "Cat"))
    broken = dataclasses.replace(given, pictures=(b"<html>", *given.pictures[1:]))
    questions = [Learn("last", each, FAST) for each in (one, lacking, broken, given)]
    found = transfer.learn(desk, starter, questions, quiet)
    assert all(isinstance(error, InputError) for error in found[:3])
    assert "one class only" in str(found[0]) and "'Cat'" in str(found[1]) and "Picture 1" in str(found[2])
    assert isinstance(found[3], Learnt)
    (none,) = transfer.learn(desk, None, [Learn("last", given, FAST)], quiet)
    assert isinstance(none, ModelUnavailable)


def test_a_training_that_nobody_wants_ends(desk: Desk, starter: Card) -> None:
    said: list[str] = []

    def enough(words: str) -> None:
        said.append(words)
        if "epoch 3" in words:
            raise Stopped("Nobody wants it.")

    (found,) = transfer.learn(desk, starter, [Learn("scratch", lesson(), Manner())], enough)
    assert isinstance(found, Stopped) and len(said) == 3


def test_weights_from_elsewhere_are_refused(desk: Desk, starter: Card) -> None:
    picture = lesson().pictures[0]
    found = learnt(desk, starter, "last")
    other = Catalog.read(desk.folder)["small"]
    answers = transfer.tell(desk, starter, [Tell(picture, (b"rubbish",)), Tell(picture, (found.packed[:-40],))], quiet)
    answers += transfer.tell(desk, other, [Tell(picture, (found.packed,))], quiet)
    assert all(isinstance(one, InputError) and "Train it again" in str(one) for one in answers)


def test_what_comes_with_the_page_is_what_its_defaults_learn(desk: Desk, starter: Card) -> None:
    known = own_example()
    assert known.manner == Manner() and known.model == starter.name
    labels = tuple(number for number, kind in enumerate(known.pictures) for _ in kind)
    whole = Lesson(tuple(one for kind in known.pictures for one in kind), labels, held_out(labels), known.names)
    (found,) = transfer.learn(desk, starter, [Learn("last", whole, known.manner, (0,))], quiet)
    assert isinstance(found, Learnt)
    stored = known.learnt["last"]
    assert (found.held.argmax(axis=1) == stored.held.argmax(axis=1)).mean() > 0.9
    assert found.measured[-1].accuracy == pytest.approx(stored.measured[-1].accuracy, abs=0.07)
    scratch = known.learnt["scratch"].measured
    assert [one.each for one in scratch] == [one.each for one in stored.measured]
    assert stored.measured[0].accuracy > scratch[0].accuracy + 0.2, "the example shows what features are worth"


def png(colour: tuple[int, int, int], size: tuple[int, int] = (90, 60)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "PNG")
    return held.getvalue()


def test_a_zip_of_class_folders_becomes_classes_of_small_squares(desk: Desk) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(5):
            archive.writestr(f"mine/cups/{number}.png", png((200, 40 * number, 30)))
            archive.writestr(f"mine/pens/{number}.png", png((30, 40 * number, 200), (300, 400)))
        archive.writestr("mine/pens/broken.jpg", b"no")
        archive.writestr("mine/pens/.DS_Store", b"no")
    good, bad = Unzip(held.getvalue(), "mine.zip", 5, 4), Unzip(b"PK no", "no.zip", 5, 4)
    found, refused = transfer_files.unzip(desk, None, [good, bad], quiet)
    assert isinstance(found, Unzipped) and isinstance(refused, InputError)
    assert found.classes == ("cups", "pens") and [len(one) for one in found.pictures] == [4, 4]
    assert {Image.open(io.BytesIO(one)).size for kind in found.pictures for one in kind} <= {
        (60, 60),
        (90, 90),
        (224, 224),
    }
    assert max(Image.open(io.BytesIO(found.small[1][0])).size) <= 56
    said = " ".join(found.notes)
    assert "broken.jpg" in said and "first 4 are taken" in said and "validation" not in said


def test_the_owners_limits_hold_for_a_zip_of_classes(desk: Desk) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(8):
            archive.writestr(
                f"{'ab'[number % 2]}/{number}.png", png((0, 30 * number, 0), (300, 400) if number > 5 else (90, 60))
            )
    pixels, weight, sum_ = (
        Unzip(held.getvalue(), "a.zip", 5, 9, **more)
        for more in ({"picture_megapixels": 0.1}, {"picture_megabytes": 0.0007}, {"megapixels": 0.2})
    )
    for question, words in ((pixels, "at most 0.1 million"), (weight, "at most 0.0007 MB")):
        (found,) = transfer_files.unzip(desk, None, [question], quiet)
        assert isinstance(found, Unzipped) and sum(map(len, found.pictures)) == 6 and words in " ".join(found.notes)
    (refused,) = transfer_files.unzip(desk, None, [sum_], quiet)
    assert isinstance(refused, InputError) and "together" in str(refused)


@pytest.mark.parametrize("way", ["last", "scratch"])
def test_a_lesson_of_huge_pictures_is_refused_and_nothing_is_decoded(
    desk: Desk, starter: Card, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = io.BytesIO()
    Image.new("1", (5470, 5470)).save(held, "PNG")
    few = lesson(4)
    huge = Lesson((*few.pictures[:-1], held.getvalue()), few.labels, few.held, few.classes)
    monkeypatch.setattr(cut_pictures, "read_picture", lambda *given, **more: pytest.fail("decoded"))
    (found,) = transfer.learn(desk, starter, [Learn(way, huge, FAST)], quiet)
    assert isinstance(found, InputError) and "Picture 8 has 5,470 x 5,470 pixels" in str(found)
    (told,) = transfer.tell(desk, starter, [Tell(held.getvalue(), ())], quiet)
    assert isinstance(told, InputError) and "at most 512 x 512" in str(told)


def test_pictures_of_a_lesson_are_decoded_one_at_a_time() -> None:
    alive = list[weakref.ref[Image.Image]]()
    pictures = CutPictures([one for kind in own_example().pictures for one in kind])
    most = 0
    for image in pictures:
        alive.append(weakref.ref(image))
        most = max(most, sum(one() is not None for one in alive))
    assert len(pictures) > 20 and most <= 2
    some = pictures.of(np.array([3, 1]))
    assert len(some) == 2 and some[1].tobytes() == pictures[1].tobytes()
    with pytest.raises(InputError, match="Picture 3 is"):
        CutPictures([b"", b"", b"no"])[1:].of(np.array([1]))[0]


@pytest.mark.parametrize("way", ["scratch", "last"])
def test_the_file_to_take_along_answers_by_itself(desk: Desk, starter: Card, tmp_path: Path, way: Way) -> None:
    found, given = learnt(desk, starter, way), lesson()
    content = make(Order(Pack(found.packed, given.classes, found.measured[-1]), starter, desk.folder))
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    assert json.loads((tmp_path / "card.json").read_text())["pretrained"] == found.model
    command = [sys.executable, "-I", str(tmp_path / "predict.py")]
    if way == "scratch":
        checked = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        return
    row = int(np.flatnonzero(given.held)[1])
    (tmp_path / "new.jpg").write_bytes(given.pictures[row])
    done = subprocess.run([*command, str(tmp_path / "new.jpg")], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)["probabilities"]
    assert [said[name] for name in given.classes] == pytest.approx(found.held[1].tolist(), abs=0.08)
