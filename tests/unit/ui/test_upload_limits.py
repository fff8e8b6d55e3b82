"""The sum of uploads is bounded: by session, and by everybody within some minutes."""

from __future__ import annotations

import asyncio
from typing import Any

from playground.ui.upload_limits import FILES_IN_ALL, FILES_PER_SESSION, ROUTE, WINDOW_SECONDS, UploadLimits


class Site:
    """The middleware before an app that takes everything."""

    def __init__(self) -> None:
        self.now, self.status = 0.0, 204

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": self.status, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        self.limits = UploadLimits(app, file_bytes=1_000_000, clock=lambda: self.now)

    def put(self, session: str, length: str, method: str = "PUT", route: str = ROUTE) -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request"}

        headers = [(b"content-length", length.encode())] if length else []
        scope = {"type": "http", "method": method, "path": f"{route}{session}/file", "headers": headers}
        asyncio.run(self.limits(scope, receive, send))
        return int(sent[0]["status"])


def test_a_session_may_send_so_much_and_another_its_own() -> None:
    site = Site()
    assert [site.put("a", "1000000") for _ in range(FILES_PER_SESSION)] == [204] * FILES_PER_SESSION
    assert site.put("a", "1000000") == 429
    assert site.put("b", "1000000") == 204


def test_everybody_together_may_send_so_much_in_some_minutes() -> None:
    site = Site()
    assert {site.put(str(number), "1000000") for number in range(FILES_IN_ALL)} == {204}
    assert site.put("late", "1000000") == 429
    site.now += WINDOW_SECONDS + 1
    assert site.put("late", "1000000") == 204


def test_a_file_that_is_too_large_or_does_not_say_how_large_is_refused() -> None:
    site = Site()
    assert site.put("a", "2000000") == 413
    assert site.put("a", "") == 411
    assert site.put("a", "-1") == 411
    assert site.put("a", "9" * 40) == 411


def test_other_requests_pass() -> None:
    site = Site()
    assert site.put("a", "", method="GET") == 204
    assert site.put("a", "", route="/elsewhere/") == 204


def test_what_streamlit_refuses_is_not_counted() -> None:
    site = Site()
    site.status = 403
    assert {site.put("a", "1000000") for _ in range(2 * FILES_IN_ALL)} == {403}
    site.status = 204
    assert [site.put("a", "1000000") for _ in range(FILES_PER_SESSION)] == [204] * FILES_PER_SESSION
