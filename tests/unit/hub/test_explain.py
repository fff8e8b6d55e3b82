"""Maps of evidence: three methods that must find what a network made by hand looks at, and a check that they need it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable
from playground.core.vision import METHODS, Explain, Explained, Method, Photo
from playground.hub.desk import Desk
from playground.hub.explain import explain
from playground.hub.integrated import black, integrated
from playground.hub.occlusion import occlusion
from playground.hub.scramble import scrambled
from tests.looking import CARD, Constant, Corner, Here, quiet
from tests.timm_folder import drawn, png, timm_folder

PHOTO = Photo(png(drawn(3, (200, 120))), "drawn.png")


def ask(desk: Desk, question: Explain, card: Card = CARD) -> Explained:
    (found,) = explain(desk, card, [question], quiet)
    assert isinstance(found, Explained), found
    return found


def share(heat: np.ndarray) -> float:
    """How much of all evidence, for and against, lies in the upper left quarter."""
    rows, columns = heat.shape
    return float(np.abs(heat[: rows // 2, : columns // 2]).sum() / np.abs(heat).sum())


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_corner_that_a_network_looks_at(tmp_path: Path, method: Method) -> None:
    found = ask(Here(Corner(), 5, tmp_path), Explain(PHOTO, method))
    # A patch that covers the border covers some of the other side, too; the other two know pixels and maps.
    assert share(found.heat) > (0.6 if method == "occlusion" else 0.999)
    assert found.signed == (method != "gradcam") and np.abs(found.heat).max() == pytest.approx(1.0)
    assert found.methods == METHODS
    rows = found.heat.shape[0]
    assert not found.heat[rows // 2 + 3 :].any() or method != "occlusion"  # where no patch reaches the corner, nothing


@pytest.mark.parametrize("method", METHODS)
def test_a_network_that_forgot_where_to_look_gets_another_map(tmp_path: Path, method: Method) -> None:
    desk = Here(Corner(), 5, tmp_path)
    before = ask(desk, Explain(PHOTO, method))
    kept = {name: held.clone() for name, held in desk.only.network.state_dict().items()}
    after = ask(desk, Explain(PHOTO, method, target=before.target.index, scramble="all"))
    assert share(after.heat) < 0.45 and after.target.score != before.target.score
    assert any("shuffled" in note for note in after.notes)
    assert all(torch.equal(held, kept[name]) for name, held in desk.only.network.state_dict().items())


@pytest.mark.parametrize(
    ("architecture", "side"),
    [
        ("test_resnet", 64),
        ("test_vit", 64),
        ("test_convnext", 64),
        ("test_efficientnet", 96),
        ("playground_cifar_net", 32),
    ],
)
def test_maps_of_every_family_are_within_their_range_and_the_same_twice(
    tmp_path: Path, architecture: str, side: int
) -> None:
    timm_folder(tmp_path, "small", architecture, side)
    desk, card = Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50), Catalog.read(tmp_path)["small"]
    questions = [Explain(PHOTO, method, 4, how) for method in METHODS for how in ("none", "head", "half", "all")]
    found = explain(desk, card, questions, quiet)
    for one in found:
        assert isinstance(one, Explained), one
        assert one.heat.dtype == np.float32 and one.heat.ndim == 2 and min(one.heat.shape) >= 2
        assert one.heat.min() >= (-1 if one.signed else 0) and one.heat.max() <= 1
        assert one.target.index == 4 and one.target.label == "deer" and 0 <= one.target.score <= 1
        assert one.methods == METHODS and one.seconds > 0
    scores = {one.target.score for one in found[:4] if isinstance(one, Explained)}
    assert len(scores) == 4  # none, head, half, all: four networks
    for number, question in ((3, questions[3]), (4, questions[4]), (8, questions[8])):
        one, again = found[number], ask(desk, question, card)
        assert isinstance(one, Explained) and np.allclose(one.heat, again.heat, atol=1e-4), question
    with desk.classifier(card) as model:
        assert all(held.grad is None and not held.requires_grad for held in model.network.parameters())


def test_the_map_lies_on_the_part_of_the_photo_that_was_fed(tmp_path: Path) -> None:
    found = ask(Here(Corner(), 5, tmp_path), Explain(PHOTO))  # 200 x 120, of which the middle square is fed
    assert found.seen.left == pytest.approx(0.2, abs=0.01) and found.seen.right == pytest.approx(0.8, abs=0.01)
    assert (found.seen.top, found.seen.bottom) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Explain(PHOTO, target=5), "classes are 0 to 4"),
        (Explain(PHOTO, target=-2), "Class -2 was asked for"),
        (Explain(PHOTO, "magic"), "Known: gradcam"),  # type: ignore[arg-type]
        (Explain(PHOTO, scramble="eggs"), "Known: none, head"),  # type: ignore[arg-type]
        (Explain(Photo(b"<html>", "x.jpg")), "not a picture"),
    ],
)
def test_questions_that_make_no_sense_are_refused_in_words(tmp_path: Path, question: Explain, words: str) -> None:
    desk = Here(Corner(), 5, tmp_path)
    found = explain(desk, CARD, [question, Explain(PHOTO)], quiet)
    assert isinstance(found[0], InputError) and words in str(found[0])
    assert isinstance(found[1], Explained)  # and the other one is answered all the same
    assert isinstance(explain(desk, None, [Explain(PHOTO)], quiet)[0], ModelUnavailable)


def test_a_network_that_allows_no_gradcam_says_so_and_offers_the_others(tmp_path: Path) -> None:
    desk = Here(nn.Sequential(nn.Flatten(), nn.Linear(3 * 64 * 64, 4)), 4, tmp_path)
    (refused,) = explain(desk, CARD, [Explain(PHOTO)], quiet)
    assert isinstance(refused, ModelUnavailable) and "integrated gradients" in str(refused)
    assert ask(desk, Explain(PHOTO, "occlusion")).methods == ("integrated_gradients", "occlusion")


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion"])
def test_a_network_that_does_not_look_leaves_the_map_empty(tmp_path: Path, method: Method) -> None:
    assert not ask(Here(Constant(), 3, tmp_path), Explain(PHOTO, method)).heat.any()


def test_occlusion_says_when_no_patch_matters_much(tmp_path: Path) -> None:
    network = Corner()
    assert not any("very little" in note for note in ask(Here(network, 5, tmp_path), Explain(PHOTO, "occlusion")).notes)
    network.head.weight.data *= 1e-3  # all classes about as likely, whatever is seen
    found = ask(Here(network, 5, tmp_path), Explain(PHOTO, "occlusion"))
    assert found.heat.any() and any("very little" in note for note in found.notes)


def test_gradcam_says_when_nothing_speaks_for_a_class(tmp_path: Path) -> None:
    network = Corner()
    network.head.weight.data[1] = -network.head.weight.data[1].abs()  # whatever the maps hold speaks against it
    found = ask(Here(network, 5, tmp_path), Explain(PHOTO, target=1))
    assert not found.heat.any() and any("empty" in note for note in found.notes)


def test_integrated_gradients_of_a_linear_network_are_input_times_weight() -> None:
    torch.manual_seed(0)
    weights, x = torch.randn(3 * 8 * 8, 2), torch.randn(1, 3, 8, 8)
    baseline = black((0.5, 0.4, 0.3), (0.2, 0.3, 0.25), x)
    assert torch.allclose(baseline[0, :, 0, 0], torch.tensor([-2.5, -4 / 3, -1.2]))
    found = integrated(lambda given: given.flatten(1) @ weights, x, baseline, target=1, steps=4)
    wanted = ((x - baseline) * weights[:, 1].view(3, 8, 8)).sum(dim=1)[0]
    assert torch.allclose(found.added, wanted, atol=1e-4) and found.error < 1e-4


@pytest.mark.parametrize("steps", [8, 32])
def test_integrated_gradients_sum_to_the_change_of_the_score_within_the_error_that_is_told(steps: int) -> None:
    network, x = (
        Corner().eval().requires_grad_(False),
        torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(2)),
    )
    baseline = black((0.5, 0.4, 0.3), (0.2, 0.3, 0.25), x)
    found = integrated(network, x, baseline, target=3, steps=steps)
    rise = float(network(x)[0, 3] - network(baseline)[0, 3])
    assert found.rise == pytest.approx(rise, abs=1e-4)
    assert abs(float(found.added.sum()) - rise) == pytest.approx(found.error * max(abs(rise), 1), abs=1e-4)
    assert found.error < 0.05


def test_occlusion_is_the_mean_loss_of_all_patches_over_a_cell() -> None:
    source = np.random.default_rng(0)
    x, weights = source.normal(size=(3, 12, 12)).astype(np.float32), source.normal(size=(3, 12, 12)).astype(np.float32)

    def scores(given: Tensor) -> np.ndarray:
        return np.stack([np.zeros(len(given)), (given.numpy() * weights).sum(axis=(1, 2, 3))], axis=1)

    lost, whole = occlusion(scores, torch.from_numpy(x)[None], target=1, cells=6, span=2)
    assert whole == pytest.approx(float((x * weights).sum()), abs=1e-4)
    part = (x * weights).sum(axis=0).reshape(6, 2, 6, 2).sum(axis=(1, 3))  # what each cell of 2 x 2 pixels adds
    wanted = np.zeros((6, 6))
    for row in range(6):
        for column in range(6):
            patches = [
                part[top : top + 2, left : left + 2].sum()
                for top in range(5) for left in range(5)
                if top <= row < top + 2 and left <= column < left + 2
            ]  # fmt: skip
            wanted[row, column] = np.mean(patches)
    assert np.allclose(lost, wanted, atol=1e-3)


def test_scrambling_keeps_every_layers_values_and_only_moves_them() -> None:
    network = Corner().eval()
    x = torch.randn(1, 3, 64, 64)
    for how, moved in (("head", {"head"}), ("half", {"conv", "head"}), ("all", {"", "conv", "head"})):
        made = scrambled(network, how, x)  # type: ignore[arg-type]
        for (name, was), now in zip(network.named_parameters(), made.parameters(), strict=True):
            assert torch.equal(was.flatten().sort().values, now.flatten().sort().values)
            owner = name.rpartition(".")[0]
            assert torch.equal(was, now) == (owner not in moved), (how, name)


def test_scrambled_batch_normalisation_is_measured_anew() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 4, 1)).eval()
    network[1].running_var.fill_(1e-8)  # a channel that was still: with other weights it would explode
    x = torch.randn(1, 3, 16, 16)
    made = scrambled(network, "all", x)
    assert made(x).abs().max() < 100 < network(x).abs().max()
    assert not made.training and not any(part.training for part in made.modules())
    assert made[1].momentum == network[1].momentum and torch.all(network[1].running_var == 1e-8)
