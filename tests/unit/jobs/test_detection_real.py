"""The whole chain with the detector that comes with the playground: twenty visitors at once, each with a picture of their own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from playground.catalog.card import Card, Starter
from playground.catalog.listing import Catalog
from playground.core.detection import Detect, Detected, Thing, Thresholds
from playground.core.settings import Settings
from playground.core.vision import Photo
from playground.data.examples import OBJECTS
from playground.functional.things import things
from playground.hub.desk import Desk
from playground.hub.detect import detect
from playground.jobs.inference import WorkerInference

VISITORS, ROUNDS, LONG, SIDE = 20, 5, 120.0, 360


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder without models: the starter is all there is. It is so full that no quicker copy of that is made."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "full.bin").write_bytes(bytes(9_000_000))
    return folder


@pytest.fixture(scope="module")
def card(models: Path) -> Card:
    """The starter."""
    (found,) = [card for card in Catalog.read(models).ready("detect") if isinstance(card.source, Starter)]
    return found


@pytest.fixture(scope="module")
def worker(models: Path) -> Iterator[WorkerInference]:
    """The worker of a server."""
    one = WorkerInference(Settings(models_gigabytes=0.01), models, later=())
    yield one
    one.stop()


def photo(visitor: int, turn: int = 0) -> Photo:
    """A visitor's own piece of a scene: nobody else's objects lie where hers do."""
    with Image.open(io.BytesIO(OBJECTS["photograph"].photo().content)) as scene:
        left, top = 24 * (visitor % 5), 30 * (visitor // 5)
        piece = scene.convert("RGB").crop((left, top, left + SIDE, top + SIDE))
    held = io.BytesIO()
    piece.save(held, "PNG")
    return Photo(held.getvalue() + bytes([turn]), f"{visitor}.png")


def seen(answer: object) -> list[Thing]:
    """What passes the thresholds, the surest first."""
    assert isinstance(answer, Detected), answer
    return list(things(answer, Thresholds(confidence=0.3)))


def same(one: Thing, other: Thing) -> bool:
    """Equal within a pixel and a hundredth of confidence, as the quicker copy may answer."""
    edges = np.abs(np.subtract(one.box, other.box)).max()
    return one.label == other.label and edges < 1 and abs(one.score - other.score) < 0.01


def test_twenty_visitors_get_the_boxes_of_their_own_picture(worker: WorkerInference, models: Path, card: Card) -> None:
    def visit(visitor: int) -> Detected:
        answer = worker.ask("detect", card, Detect(photo(visitor)), visitor=str(visitor), seconds=LONG).result(LONG)
        assert isinstance(answer, Detected)
        return answer

    with ThreadPoolExecutor(VISITORS) as visitors:
        answers = list(visitors.map(visit, range(VISITORS)))
    assert max(one.batch for one in answers) > 1, "some were answered together"

    desk, threads = Desk.from_settings(Settings(), models), torch.get_num_threads()
    torch.set_num_threads(1)  # threads that spin while they wait for each other are slow where cores are shared
    try:
        alone = [detect(desk, card, [Detect(photo(visitor))], lambda words: None)[0] for visitor in range(VISITORS)]
    finally:
        torch.set_num_threads(threads)
        desk.close()
    for answer, by_hand in zip(answers, alone, strict=True):
        found, wanted = seen(answer), seen(by_hand)
        assert len(found) == len(wanted) > 2
        assert all(any(same(one, other) for other in wanted) for one in found)
    places = {tuple(np.round(seen(answer)[0].box)) for answer in answers}
    assert len(places) > VISITORS // 2, "no two of the pictures are alike"


def test_round_after_round_takes_no_more_memory(worker: WorkerInference, card: Card) -> None:
    taken = []
    for turn in range(1, ROUNDS + 1):
        asked = [
            worker.ask("detect", card, Detect(photo(visitor, turn)), visitor=str(visitor), seconds=LONG)
            for visitor in range(VISITORS)
        ]
        answers = [one.result(LONG) for one in asked]
        assert all(len(seen(one)) > 2 and one.engine == "PyTorch" for one in answers)
        taken.append(worker.megabytes or 0.0)
    # What is kept grows round after round; the allocator takes a block once and again. The worker keeps the pictures it
    # decoded, four bytes a pixel, up to a budget that these rounds do not reach.
    grown, pictures = sorted(np.diff(taken)), 4 * SIDE * SIDE * VISITORS / 1e6
    said = f"the worker took {[round(one) for one in taken]} MB"
    assert grown[len(grown) // 2] < pictures + 10 and taken[-1] - taken[0] < 200, said
