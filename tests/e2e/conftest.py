"""One server a file, one Chromium for all, fresh browser profiles for each test, and consoles that must be empty.

A file may say how its server is set up: ``SETTINGS = {"PLAYGROUND_RUNS_AT_ONCE": "1"}``. Where there is no Chromium (or no
Playwright) every test here is skipped, and the reason is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.support import FLAGS, Server, Visitor, chromium

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (group 'e2e')")


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of one file."""
    made = Server(tmp_path_factory.mktemp("server"), **getattr(request.module, "SETTINGS", {}))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole run."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found: install Debian's package `chromium` or set PLAYGROUND_CHROMIUM")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield made
        made.close()


@pytest.fixture
def arrive(browser: Any, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Make visitors; at the end of the test their consoles must be empty."""
    made: list[Visitor] = []

    def arriving(at: Server | None = None, **options: Any) -> Visitor:
        visitor = Visitor(browser, at or server, **options)
        made.append(visitor)
        return visitor

    yield arriving
    heard = [line for visitor in made for line in visitor.console]
    for visitor in made:
        visitor.close()
    assert heard == []
