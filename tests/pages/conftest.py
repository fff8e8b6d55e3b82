"""Pages without a browser: Streamlit's AppTest, an inline executor, a data folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.core import paths
from playground.core.settings import Settings
from playground.jobs.executors import Inline
from playground.jobs.manager import Manager
from playground.store.uploads import UploadStore
from playground.ui import provider

FRAME = Path(provider.__file__).with_name("frame.py")


@pytest.fixture(autouse=True)
def inline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    """A manager that runs everything in the test's own thread, and uploads in a folder of the test's own."""
    settings = Settings(data=str(tmp_path))
    manager = Manager(settings, None, Inline())
    monkeypatch.setattr(provider, "settings", lambda: settings)
    uploads = UploadStore(tmp_path / "uploads")
    monkeypatch.setattr(provider, "uploads", lambda: uploads)
    provider.use(manager)
    yield manager
    provider.shut_down()


def open_page(name: str, **query: str) -> AppTest:
    """A page as a visitor sees it who comes by a link."""
    app = AppTest.from_file(FRAME, default_timeout=30)
    app.run()
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(str(paths.pages() / f"{name}.py")).run()
