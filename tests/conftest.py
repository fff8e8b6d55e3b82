"""What all tests share: browser tests only where there is a browser, and no Streamlit cache that outlives its test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core import libraries

libraries.set_up(Path(tempfile.gettempdir()) / "playground-tests")  # before any of them is imported
TESTS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped and say why; where ``E2E_REQUIRED`` is set, nothing runs at all."""
    driven = [item for item in items if TESTS / "e2e" in item.path.parents]
    if not driven or os.environ.get("PLAYGROUND_CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    reason = "no Chromium on the path: install it (Debian: apt-get install chromium) or set PLAYGROUND_CHROMIUM"
    if os.environ.get("E2E_REQUIRED"):
        raise pytest.UsageError(f"E2E_REQUIRED is set, but there is {reason}")
    for item in driven:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _fresh_streamlit_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Page tests share a process: what one of them cached must not answer the next."""
    yield
    if TESTS / "pages" in request.path.parents:
        import streamlit

        streamlit.cache_data.clear()
        streamlit.cache_resource.clear()
