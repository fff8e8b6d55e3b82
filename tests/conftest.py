"""What all tests share: a browser where there is one, and no Streamlit cache that leaks from one page test to the next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The Chromium to drive: ``CHROMIUM`` in the environment, or the first one on the path."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests need a browser: without one they are skipped and say so, or fail where ``E2E_REQUIRED`` is set."""
    if find_browser() or os.environ.get("E2E_REQUIRED"):
        return
    skip = pytest.mark.skip(
        reason="no Chromium on the path: install it (Debian: apt-get install chromium) or set CHROMIUM"
    )
    for item in items:
        if TESTS / "e2e" in item.path.parents:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The path of the Chromium that browser tests drive."""
    path = find_browser()
    if path is None:
        pytest.fail("E2E_REQUIRED is set, but there is no Chromium on the path")
    return path


@pytest.fixture(autouse=True)
def _fresh_streamlit_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Page tests run in one process: what one of them cached must not answer the next one."""
    yield
    if TESTS / "pages" in request.path.parents:
        import streamlit

        streamlit.cache_data.clear()
        streamlit.cache_resource.clear()
