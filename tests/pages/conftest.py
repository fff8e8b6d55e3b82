"""Pages without a browser: Streamlit's AppTest, everything done in the test's own thread, folders of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core.settings import Settings
from playground.jobs.executors import Inline
from playground.jobs.inference import InlineInference
from playground.jobs.manager import Manager
from playground.store.uploads import UploadStore
from playground.ui import provider, visitors


@pytest.fixture(autouse=True)
def inline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    """A manager and pretrained models that run in the test's own thread; uploads and models in folders of the test's own."""
    settings = Settings(data=str(tmp_path), models=str(tmp_path / "models"))
    manager = Manager(settings, None, Inline())
    monkeypatch.setattr(provider, "settings", lambda: settings)
    uploads = UploadStore(tmp_path / "uploads")
    monkeypatch.setattr(provider, "uploads", lambda: uploads)
    # AppTest has no request, hence no cookie.
    monkeypatch.setattr(visitors, "current", lambda: "the-visitor-of-a-test_")
    provider.use(manager)
    provider.use_inference(InlineInference(tmp_path / "models", settings))
    yield manager
    provider.shut_down()
