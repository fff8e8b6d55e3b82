"""Any model of timm's by the name that somebody types: asked of timm itself."""

from __future__ import annotations

import pytest

from playground.catalog.card import Hub
from playground.core.errors import InputError
from playground.hub.named import card, named


@pytest.mark.parametrize(
    ("typed", "name", "repository"),
    [
        ("resnet34", "resnet34", "timm/resnet34.a1_in1k"),
        ("resnet34.a1_in1k", "resnet34", "timm/resnet34.a1_in1k"),
        ("hf-hub:timm/resnet34.a2_in1k", "resnet34.a2_in1k", "timm/resnet34.a2_in1k"),
        ("resnet18.a1_in1k", "resnet18", "timm/resnet18.a1_in1k"),
        ("resnet18.tv_in1k", "resnet18.tv_in1k", "timm/resnet18.tv_in1k"),
    ],
)
def test_a_name_becomes_a_card_of_its_repository(typed: str, name: str, repository: str) -> None:
    found = card(typed)
    assert found.name == name and isinstance(found.source, Hub) and found.source.repository == repository


def test_what_timm_knows_stands_on_it() -> None:
    found = card("resnet34")
    assert (found.parameters, found.input_size, found.labels, found.licence) == (
        21_797_672, (3, 224, 224), "imagenet-1k", "apache-2.0",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("resnet-34", "Did you mean 'resnet34'?"),
        ("resnet43", "Also near:"),
        ("zzzzzz", "others: resnet34, for example"),
        ("resnet34.wrong", "Try resnet34.a1_in1k, resnet34.a2_in1k, resnet34.a3_in1k"),
        ("vit_small_patch14_dinov2", "only describes pictures"),
        ("playground_cifar_net", "Unknown model|no weights"),
        ("../../etc/passwd", "is no name of a timm model"),
        ("hf-hub:google/vit-base", "is no name of a timm model"),
    ],
)
def test_anything_else_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        card(typed)


def test_the_worker_answers_each_question_in_turn() -> None:
    good, bad = named(None, None, ["resnet34", "resnet43"], lambda words: None)
    assert good == card("resnet34") and isinstance(bad, InputError)
