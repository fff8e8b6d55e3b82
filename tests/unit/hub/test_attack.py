"""The fast gradient sign method: it raises the loss, keeps within its strength, and says where the label flips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from playground.catalog.listing import Catalog
from playground.core.errors import InputError
from playground.core.vision import Attack, Attacked, Classified, Classify, Photo
from playground.hub import answers
from playground.hub.attack import EPSILONS, attack, fgsm
from playground.hub.classify import Classifier
from playground.hub.desk import Desk
from tests.looking import CARD, Constant, Corner, Here, quiet
from tests.timm_folder import DATA, drawn, needs_data, png, timm_folder

PHOTO = Photo(png(drawn(3, (200, 120))), "drawn.png")


def test_of_a_linear_network_it_is_the_sign_of_the_weights() -> None:
    torch.manual_seed(0)
    weights, picture = torch.randn(3 * 4 * 4, 2), torch.rand(1, 3, 4, 4)
    found = fgsm(lambda given: given.flatten(1) @ weights, picture, label=0)
    assert torch.equal(found, (weights[:, 1] - weights[:, 0]).sign().view(1, 3, 4, 4))  # towards the other class


@pytest.mark.parametrize(
    ("architecture", "side"),
    [("test_resnet", 64), ("test_vit", 64), ("test_convnext", 64), ("playground_cifar_net", 32)],
)
def test_it_hurts_more_than_chance_and_no_value_moves_further_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, architecture: str, side: int
) -> None:
    timm_folder(tmp_path, "small", architecture, side)
    desk, card = Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50), Catalog.read(tmp_path)["small"]
    asked: list[torch.Tensor] = []
    real = Classifier.judge
    monkeypatch.setattr(Classifier, "judge", lambda self, x: asked.append(x) or real(self, x))
    (found,), (plain,) = (
        attack(desk, card, [Attack(PHOTO)], quiet),
        answers.classify(desk, card, [Classify(PHOTO, 10)], quiet),
    )
    assert isinstance(found, Attacked) and isinstance(plain, Classified)
    x = torch.cat(asked[: -(-len(EPSILONS) // 8) + 1])  # what the network was asked at each strength
    mean, std = (torch.tensor(levels)[:, None, None] for levels in ([0.5, 0.4, 0.3], [0.2, 0.3, 0.25]))
    pictures = x * std + mean
    assert (
        len(pictures) == len(EPSILONS) == len(found.scores) and pictures.min() >= -1e-6 and pictures.max() <= 1 + 1e-6
    )
    for epsilon, picture in zip(EPSILONS, pictures, strict=True):
        assert (picture - pictures[0]).abs().max() <= epsilon / 255 + 1e-6
    assert torch.allclose(pictures[0].permute(1, 2, 0), torch.from_numpy(found.picture) / 255, atol=1e-5)
    assert (
        found.sign.dtype == np.int8
        and found.sign.shape == found.picture.shape
        and set(np.unique(found.sign)) <= {-1, 0, 1}
    )
    moved = (pictures[6] - pictures[0]).permute(1, 2, 0).numpy()
    inside = (found.picture > 3) & (found.picture < 252)
    assert np.allclose(moved[inside], 3 / 255 * found.sign[inside], atol=1e-6)

    label = plain.predictions[0].index
    assert found.classes[0].index == label and found.scores[0, 0] == pytest.approx(plain.predictions[0].score, abs=1e-5)
    source = np.random.default_rng(0)
    with desk.classifier(card) as model:
        wanted = torch.tensor([label])
        noise = torch.from_numpy(source.choice([-1.0, 1.0], size=(8, *pictures[0].shape)).astype(np.float32))

        def losses(given: torch.Tensor) -> torch.Tensor:
            return cross_entropy(
                model.forward((given.clamp(0, 1) - mean) / std), wanted.expand(len(given)), reduction="none"
            )

        unchanged, pushed = losses(pictures[[0, 2]])
        assert pushed > unchanged and pushed > losses(pictures[0] + noise / 255).max()
        assert all(held.grad is None and not held.requires_grad for held in model.network.parameters())
    (again,) = attack(desk, card, [Attack(PHOTO)], quiet)
    assert isinstance(again, Attacked) and np.array_equal(again.sign, found.sign)
    assert np.allclose(again.scores, found.scores, atol=1e-5)


def test_flips_is_the_first_strength_with_another_label(tmp_path: Path) -> None:
    network = Corner()
    network.head.weight.data *= 20  # sure enough not to flip at once, near enough to flip at last
    (found,) = attack(Here(network, 5, tmp_path), CARD, [Attack(PHOTO)], quiet)
    assert isinstance(found, Attacked)
    best = [found.classes[int(row.argmax())].index for row in found.scores]
    first = next((number for number, index in enumerate(best) if index != best[0]), -1)
    assert found.flips == first
    rows = found.sign.shape[0] // 2
    assert found.sign[:rows, :rows].any() and not found.sign[rows:].any() and not found.sign[:, rows:].any()


def test_a_network_that_does_not_look_never_flips(tmp_path: Path) -> None:
    (found,) = attack(Here(Constant(), 3, tmp_path), CARD, [Attack(PHOTO)], quiet)
    assert isinstance(found, Attacked) and found.flips == -1 and not found.sign.any()
    assert np.ptp(found.scores, axis=0).max() < 1e-6


def test_strengths_begin_at_nothing_and_are_finer_there() -> None:
    assert EPSILONS[0] == 0 and EPSILONS[-1] == 16 and 17 <= len(EPSILONS) <= 25
    assert np.all(np.diff(EPSILONS) > 0) and np.diff(EPSILONS)[0] < np.diff(EPSILONS)[-1]


def test_a_broken_picture_is_refused_in_words(tmp_path: Path) -> None:
    (found,) = attack(Here(Corner(), 5, tmp_path), CARD, [Attack(Photo(b"", "empty.jpg"))], quiet)
    assert isinstance(found, InputError) and "empty" in str(found)


@needs_data
def test_a_real_network_is_fooled_by_less_than_an_eye_sees() -> None:
    folder = DATA / "weights"
    desk, card = Desk(folder, budget=10**9, megabytes=20, megapixels=50), Catalog.read(folder)["mobilenetv2_100"]
    names = ("000000000034", "000000000042", "000000000081")
    photos = [Photo((DATA / f"photos/coco/images/{name}.jpg").read_bytes(), name) for name in names]
    for found in attack(desk, card, [Attack(photo) for photo in photos], quiet):
        assert isinstance(found, Attacked)
        assert found.flips > 0 and EPSILONS[found.flips] <= 8
