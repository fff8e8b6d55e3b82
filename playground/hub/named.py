"""What timm knows of a model that somebody names: asked of the library itself, which only a worker or a command imports."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

import timm
import torch

from playground.catalog.card import Card
from playground.catalog.cards import CARDS
from playground.catalog.typed import OWNER, Typed, described, parse
from playground.core.errors import InputError, PlaygroundError

NEAREST = 3


def card(text: str) -> Card:
    """The card of any classifier of timm's, with what the library knows of it.

    Args:
        text: ``resnet34``, ``resnet34.a1_in1k`` or ``hf-hub:timm/resnet34.a1_in1k``. Without a tag timm's own choice of
            weights is meant.

    Raises:
        InputError: It is no name, timm has no such architecture, or no such weights on the hub that name classes; says
            which names are near.
    """
    typed = parse(text)
    if not timm.is_model(typed.architecture):
        raise InputError(f"Unknown model '{typed}'. {_near(typed.architecture)}")
    if typed.tag and str(typed) not in timm.list_models(f"{typed.architecture}.*", pretrained=True):
        raise InputError(f"timm {timm.__version__} knows no '{typed.tag}' of '{typed.architecture}'. {_tags(typed)}")
    cfg = timm.models.get_pretrained_cfg(str(typed))
    repository = str(cfg.hf_hub_id or "") if cfg is not None else ""
    if cfg is None or not repository.startswith(OWNER):
        raise InputError(f"timm {timm.__version__} knows no weights of '{typed}' on the hub. Name another model.")
    if cfg.num_classes <= 0:
        raise InputError(f"'{typed}' only describes pictures and names no class. {_tags(typed)}")
    ours = next((one for one in CARDS.values() if getattr(one.source, "repository", "") == repository), None)
    if ours is not None:
        return ours
    default = timm.models.get_pretrained_cfg(typed.architecture)
    usual = default is not None and default.hf_hub_id == repository
    return described(
        typed.architecture if usual and typed.architecture not in CARDS else str(typed),
        repository,
        parameters=_parameters(typed.architecture, cfg.num_classes),
        input_size=tuple(int(n) for n in cfg.input_size),
        labels="imagenet-1k" if cfg.num_classes == 1000 else "",
        licence=str(cfg.license or ""),
    )


def named(
    desk: object, of: object, questions: Sequence[str], say: Callable[[str], None]
) -> list[Card | PlaygroundError]:
    """The same for the inference worker, which has timm at hand; see ``playground.jobs.names.TASKS``."""
    answers = list[Card | PlaygroundError]()
    for question in questions:
        try:
            answers.append(card(question))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def _parameters(architecture: str, classes: int) -> int:
    """How many parameters a network has, without memory for them; 0 where it cannot be built so."""
    try:
        with torch.device("meta"):
            network = timm.create_model(architecture, pretrained=False, num_classes=classes)
    except (NotImplementedError, RuntimeError):  # some look at their own numbers while they are built
        return 0
    return sum(one.numel() for one in network.parameters())


def _near(given: str) -> str:
    """The nearest right names, in words."""
    names = [*CARDS, *(name for name in timm.list_models() if name not in CARDS)]
    near = difflib.get_close_matches(given, names, n=NEAREST)
    near.sort(key=lambda name: sorted(name.replace("_", "")) != sorted(given.replace("_", "")))
    if not near:
        return f"timm {timm.__version__} has {len(names):,} others: resnet34, for example."
    others = f" Also near: {', '.join(near[1:])}." if near[1:] else ""
    return f"Did you mean '{near[0]}'?{others}"


def _tags(typed: Typed) -> str:
    """Which weights of the same architecture name classes, in words."""
    known = timm.list_models(f"{typed.architecture}.*", pretrained=True)
    found = [name for name in known if timm.models.get_pretrained_cfg(name).num_classes > 0]
    return f"Try {', '.join(found[:NEAREST])}." if found else "Name another model."
