"""The whole chain with a real model: twenty visitors at once, each with a picture of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch

from playground.catalog.card import Card, Starter
from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable
from playground.core.settings import Settings
from playground.core.standing import Standing
from playground.core.vision import Classified, Classify, Photo
from playground.data.examples import EXAMPLES
from playground.hub import answers
from playground.hub.desk import Desk
from playground.jobs.inference import WorkerInference
from tests.unit.jobs.conftest import until

DATA = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
MODEL = "mobilenetv2_100"
VISITORS, ROUNDS, LONG = 20, 6, 120.0


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one model in it; without test data the one that comes with the playground has to do."""
    folder = tmp_path_factory.mktemp("models")
    if (DATA / "weights" / "timm" / MODEL).is_dir():
        shutil.copytree(DATA / "weights" / "timm" / MODEL, folder / MODEL)
    return folder


@pytest.fixture(scope="module")
def card(models: Path) -> Card:
    """The model."""
    catalog = Catalog.read(models)
    if catalog.record(catalog[MODEL]) is not None:
        return catalog[MODEL]
    starters = [card for card in catalog.ready("classify") if isinstance(card.source, Starter)]
    if not starters:
        pytest.skip(f"no test data in {DATA} (PLAYGROUND_TEST_DATA), and no model comes with the playground")
    return starters[0]


@pytest.fixture(scope="module")
def photos() -> list[Photo]:
    """A picture for each visitor: photographs where there are any, else the bundled ones again and again."""
    files = sorted((DATA / "photos" / "imagenet").glob("*.JPEG"))
    found = [Photo(path.read_bytes(), path.name) for path in files] or [one.photo() for one in EXAMPLES.values()]
    whole = [found[number % len(found)] for number in range(VISITORS)]
    return [Photo(photo.content + bytes([number]), photo.name) for number, photo in enumerate(whole)]


@pytest.fixture(scope="module")
def worker(models: Path) -> Iterator[WorkerInference]:
    """The worker of a server."""
    one = WorkerInference(Settings(), models, later=())
    yield one
    one.stop()


def by_hand(models: Path, card: Card, photos: list[Photo]) -> list[Any]:
    """What the model says of each picture alone, in this very process."""
    desk, threads = Desk.from_settings(Settings(), models), torch.get_num_threads()
    torch.set_num_threads(1)  # threads that spin while they wait for each other are slow where cores are shared
    try:
        return [answers.classify(desk, card, [Classify(photo, 3)], lambda words: None)[0] for photo in photos]
    finally:
        torch.set_num_threads(threads)
        desk.close()


def standing(worker: WorkerInference) -> Standing:
    """The one model that it holds."""
    until(lambda: len(worker.standing()) == 1, "one model stands")
    return worker.standing()[0]


def test_twenty_visitors_on_one_model_get_the_answer_to_their_own_picture(
    worker: WorkerInference, models: Path, card: Card, photos: list[Photo]
) -> None:
    wanted = by_hand(models, card, photos)
    assert len({one.predictions[0].label for one in wanted if isinstance(one, Classified)}) > 3

    def visit(number: int) -> Classified:
        found = worker.ask("classify", card, Classify(photos[number], 3), visitor=str(number), seconds=LONG).result(
            LONG
        )
        assert isinstance(found, Classified)
        return found

    with ThreadPoolExecutor(VISITORS) as visitors:
        found = list(visitors.map(visit, range(VISITORS)))
    for one, other in zip(found, wanted, strict=True):
        assert isinstance(other, Classified)
        assert [item.label for item in one.predictions] == [item.label for item in other.predictions]
        assert [item.score for item in one.predictions] == pytest.approx(
            [item.score for item in other.predictions], abs=1e-4
        )
        assert one.refused == other.refused
    assert max(one.batch for one in found) > 1, "some were answered together"


def test_round_after_round_one_load_and_no_more_memory(
    worker: WorkerInference, card: Card, photos: list[Photo]
) -> None:
    taken = []
    for number in range(ROUNDS):
        # Other questions about the same pictures: nothing is found in memory, and no further picture is kept.
        asked = [
            worker.ask("classify", card, Classify(photo, 4 + number), visitor=str(visitor), seconds=LONG)
            for visitor, photo in enumerate(photos)
        ]
        assert {len(one.result(LONG).predictions) for one in asked} == {4 + number}
        if number == 1:
            loaded = standing(worker)
        taken.append(worker.megabytes or 0.0)
    until(lambda: standing(worker).hits > loaded.hits, "it was used")
    assert standing(worker).load_seconds == loaded.load_seconds, "it was never loaded again"
    assert taken[-1] - taken[1] < 50, f"the worker took {[round(one) for one in taken]} MB"


def test_a_broken_picture_among_others_is_refused_alone(
    worker: WorkerInference, card: Card, photos: list[Photo]
) -> None:
    broken = Photo(photos[0].content[:200], "broken.jpg")
    asked = [
        worker.ask("classify", card, Classify(photo, 20 - number), visitor=f"guest {number}")
        for number, photo in enumerate([photos[0], broken, photos[1]])
    ]
    with pytest.raises(InputError, match=r"broken\.jpg"):
        asked[1].result(LONG)
    assert isinstance(asked[0].result(LONG), Classified)
    assert isinstance(asked[2].result(LONG), Classified)


def test_an_evicted_model_is_gone_and_comes_back(worker: WorkerInference, card: Card, photos: list[Photo]) -> None:
    worker.ask("classify", card, Classify(photos[0], 1)).result(LONG)
    standing(worker)
    worker.evict(card.name)
    until(lambda: worker.standing() == (), "it is gone")
    assert isinstance(worker.ask("classify", card, Classify(photos[2], 1)).result(LONG), Classified)
    assert standing(worker).name == card.name


def test_a_model_that_is_not_on_disk_is_said_in_words(
    worker: WorkerInference, models: Path, photos: list[Photo]
) -> None:
    catalog = Catalog.read(models)
    missing = next(
        one for one in catalog.cards.values()
        if one.task == "classify" and not isinstance(one.source, Starter) and catalog.record(one) is None
    )  # fmt: skip
    with pytest.raises(ModelUnavailable, match="not on disk"):
        worker.ask("classify", missing, Classify(photos[0])).result(LONG)
