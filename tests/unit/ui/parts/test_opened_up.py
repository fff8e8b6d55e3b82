"""What the tabs that open the network up say and send, for answers that are written down here."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from playground.catalog.card import Card, Local
from playground.core import frames
from playground.core.vision import METHODS, Attacked, Box, Explained, Fed, Looked, Photo, Prediction, Shaken
from playground.ui import asking
from playground.ui.parts import opened_up, shake_it, what_it_was_fed, where_it_looked
from playground.viz import heat
from playground.viz.theme import LIGHT

CAT, DOG, OWL = (Prediction(name, index, 0.5) for index, name in enumerate(("cat, house cat", "dog", "owl")))
CARD = Card(
    name="pets", title="Pets", summary="Pets.", task="classify", source=Local("pets", ("model.safetensors",)), architecture="resnet18"
)  # fmt: skip


def jpeg(width: int = 64, height: int = 48) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)).save(file, "JPEG")
    return file.getvalue()


def explained(values: Any, *, signed: bool = False) -> Explained:
    return Explained(np.asarray(values, np.float32), signed, Box(0, 0, 1, 1), CAT, METHODS, 0.1)


def corner() -> np.ndarray[Any, Any]:
    found = np.zeros((9, 9), np.float32)
    found[7, 7] = 1
    return found


def test_a_map_is_placed_measured_and_never_called_a_reason() -> None:
    words = where_it_looked.what_you_see(explained(corner()), None, "gradcam", "none")
    assert "Grad-CAM for “cat”, which this network gives 50.0 %" in words
    assert "lies on 1 % of what the network saw" in words
    assert "strongest in the lower right of the photo" in words
    assert "not why" in words
    assert "Nothing in this picture speaks" in where_it_looked.what_you_see(
        explained(-corner()), None, "occlusion", "none"
    )


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (np.arange(81.0).reshape(9, 9), "explains nothing about what was learnt"),
        (-np.arange(81.0).reshape(9, 9), "does depend on what was learnt"),
        (np.zeros((9, 9)), "nothing is left to compare"),
    ],
)
def test_a_map_that_stays_the_same_explains_nothing(other: Any, verdict: str) -> None:
    trained = explained(np.arange(81.0).reshape(9, 9) / 81)
    assert verdict in where_it_looked.what_you_see(trained, explained(other / 81), "gradcam", "all")


def test_the_download_is_the_photo_with_the_map() -> None:
    shown = Looked(jpeg(), 640, 480)
    plain = np.asarray(Image.open(io.BytesIO(shown.jpeg)))
    found = np.asarray(Image.open(io.BytesIO(where_it_looked.overlay_png(shown, explained(corner()), 0.5, LIGHT))))
    assert (found == heat.overlay(plain, corner(), Box(0, 0, 1, 1), 0.5, signed=False)).all()
    assert found.shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("my cat.JPG", "my-cat-pets-gradcam.png"),
        ("../../etc/passwd", "passwd-pets-gradcam.png"),
        ("", "picture-pets-gradcam.png"),
        ("???", "picture-pets-gradcam.png"),
    ],
)
def test_the_download_has_a_name_for_any_disk(name: str, wanted: str) -> None:
    assert where_it_looked.file_name(Photo(b"", name), CARD, "gradcam") == wanted


def test_the_input_and_its_stage_are_said_in_numbers() -> None:
    stages = ("stem: 32 x 112 x 112", "layer1: 64 x 56 x 56", "tokens: 197 x 192")
    maps = np.zeros((2, 56, 56), np.uint8)
    fed = Fed(
        np.zeros((224, 224, 3), np.uint8), Box(0.25, 0, 0.75, 1), ("One.",), stages, 1, maps, (5, 3), np.zeros((2, 2), np.float32), 0.1
    )  # fmt: skip
    words = what_it_was_fed.what_you_see(fed, Looked(b"", 1640, 480))
    assert "Of 1,640 × 480 pixels the network gets 224 × 224" in words
    assert "50 % of its area lies outside" in words
    assert "Stage 2 of 3, layer1, turns them into a grid of 56 × 56; its 2 strongest" in words
    assert what_it_was_fed.split(stages[2]) == ("tokens", "197 × 192")


SCORES = np.array([[0.2, 0.7, 0.1], [0.6, 0.4, 0], [0.9, 0.1, 0], [0.8, 0.2, 0], [0.3, 0.3, 0.4]], np.float32)


def test_a_network_without_stages_says_so() -> None:
    fed = Fed(
        np.zeros((8, 8, 3), np.uint8), Box(0, 0, 1, 1), ("One.",), (), -1, np.zeros((0, 1, 1), np.uint8), (), np.zeros((0, 2), np.float32),
        0.1, ("This network shows no stages.",),
    )  # fmt: skip
    assert what_it_was_fed.what_you_see(fed, Looked(b"", 8, 8)).endswith(
        "All of it is in there. This network shows no stages\\."
    )


def test_where_the_answer_turns_is_found_on_both_sides() -> None:
    assert shake_it.changes([1, 0, 0, 0, 2], 2) == [0, 4]
    assert shake_it.changes([0, 0, 0], 1) == []
    answer = Shaken("rotate", "degrees", (-20, -10, 0, 10, 20), (b"",) * 5, (CAT, DOG, OWL), SCORES, 2, 0.1)
    words = shake_it.what_shaking_does(answer)
    assert "is “cat” with 90.0 %" in words
    assert "“dog” at -20 degrees and “owl” at 20 degrees" in words
    unsure = Shaken(
        "rotate", "degrees", (-20, -10, 0, 10, 20), (b"",) * 5, (CAT, DOG, OWL), SCORES, 2, 0.1, (), (False, True, False, False, False)
    )  # fmt: skip
    assert "none of its classes at -10 degrees and “owl” at 20 degrees" in shake_it.what_shaking_does(unsure)
    header, _ = shake_it._shaken(unsure)
    assert header["leaders"] == ["dog", "none of its classes", "cat", "cat", "owl"]
    steady = Shaken("blur", "pixels", (0, 1, 2), (b"",) * 3, (CAT, DOG, OWL), SCORES[[2, 3, 1]], 0, 0.1)
    assert (
        "stays the first answer from 0 to 2 pixels; it is least sure at 2, with 60.0 %"
        in shake_it.what_shaking_does(steady)
    )


def test_the_attack_says_where_it_flips() -> None:
    none = np.zeros((2, 2, 3), np.int8)
    answer = Attacked(none.astype(np.uint8), none, (0, 0.5, 1), (CAT, DOG, OWL), SCORES[[2, 1, 0]], 2, 0.1)
    assert (
        "pushed by 1 level of 255 against it, the answer is “dog”, and an eye hardly"
        in shake_it.what_the_attack_does(answer)
    )
    holds = Attacked(none.astype(np.uint8), none, (0, 0.5), (CAT, DOG, OWL), SCORES[[2, 1]], -1, 0.1)
    assert "Even 0.5 levels of 255 against it do not change" in shake_it.what_the_attack_does(holds)


def test_at_most_six_curves_and_those_that_rise_highest() -> None:
    scores = np.zeros((3, 9), np.float32)
    scores[1] = [0, 0.9, 0.1, 0.2, 0.3, 0.4, 0.05, 0.8, 0]
    answer = Shaken(
        "blur", "pixels", (0, 1, 2), (b"",) * 3, tuple(Prediction(f"c{k}", k, 0) for k in range(9)), scores, 0, 0.1
    )
    header, blocks = shake_it._shaken(answer)
    assert [one["brief"] for one in header["classes"]] == ["c1", "c2", "c3", "c4", "c5", "c7"]
    assert blocks["scores"].shape == (3, 6)


def test_each_state_has_its_frame() -> None:
    photo, looked = Photo(b"a file", "cat.jpg"), Looked(jpeg(), 64, 48)
    blocks = {"heat": np.zeros((2, 2), np.uint8)}
    for answers, state, inside in (
        ({"photo": looked, "answer": 1}, "there", {"photo", "heat"}),
        ({"photo": looked, "answer": asking.Waiting("Loading Pets")}, "waiting", {"photo"}),
        ({"photo": asking.Waiting("")}, "waiting", set()),
        ({"photo": looked, "answer": asking.Refused("No such class.")}, "refused", {"photo"}),
    ):
        header, found = frames.unpack(opened_up.frame("classification.heat", photo, answers, {"method": "x"}, blocks))
        assert (header["state"], set(found)) == (state, inside)
        assert ("method" in header) == (state == "there")
        assert bool(header["words"]) == (state != "there")
