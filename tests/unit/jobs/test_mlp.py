"""The real thing, once: a multilayer perceptron in a trainer process."""

from __future__ import annotations

import pytest

from playground.core.settings import Settings
from playground.jobs.manager import Manager
from playground.jobs.pool import Pool
from playground.specs.mlp import MLPSpec
from playground.training.probes import first_frames
from tests.unit.jobs.conftest import until
from tests.unit.jobs.toy import header, viewer


def test_a_perceptron_trains_is_seen_stored_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    manager = Manager(Settings(workers=1), None, Pool(Settings(workers=1)))
    manager.start()
    try:
        spec = MLPSpec(dataset="gauss")
        job = manager.create("ada", "mlp", spec, first_frames(spec))
        manager.watching(job.id, +1)
        with viewer(job) as seen:
            manager.command(job.id, "ada", "play")
            job.wait(lambda s: s.epoch >= 3, 60)
            until(lambda: header(job.tick)["epoch"] >= 3, "the picture follows")
            manager.change(job.id, "ada", {"lr": 0.1})
            until(lambda: header(job.tick)["lr"] == 0.1, "the change is seen")
            manager.command(job.id, "ada", "pause")
            job.wait(lambda s: s.status == "paused")
            until(lambda: header(job.tick)["status"] == "paused", "the pause is seen")
        assert len(seen) > 2
        at = job.at
        manager.places.put_away(manager.held[job.id])
        assert job.wait(lambda s: s.status == "stored").metrics["val_accuracy"] > 0.8
        manager.command(job.id, "ada", "step")
        assert job.wait(lambda s: s.step > at[1]).step == at[1] + 1
    finally:
        manager.stop()
    assert not caplog.records, caplog.text
