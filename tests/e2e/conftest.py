"""One Chromium for all, fresh browser profiles for each test, and consoles that must be empty.

All files share one server, but for those that say how theirs is set up (``SETTINGS = {"PLAYGROUND_RUNS_AT_ONCE": "1"}``; empty
where it is only to be its own, because a test ends its processes). Where there is no Chromium (or no
Playwright) every test here is skipped, and the reason is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.support import FLAGS, Server, Visitor, chromium

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (group 'e2e')")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all files that do not ask for one of their own."""
    made = Server(tmp_path_factory.mktemp("server"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server for the tests of one file."""
    settings = getattr(request.module, "SETTINGS", None)
    if settings is None:
        yield request.getfixturevalue("shared")
        return
    made = Server(tmp_path_factory.mktemp("server"), **settings)
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
