"""How much may be uploaded: by one session while it lasts, and by everybody within some minutes.

Streamlit keeps uploaded files in memory, each under a limit of its own; this bounds their sum. It stands before
Streamlit's own route and sees only how long a file says it is, which the server then holds it to.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROUTE = "/_stcore/upload_file/"
FILES_PER_SESSION = 12
FILES_IN_ALL = 30
WINDOW_SECONDS = 600.0
_SESSIONS = 10_000


class UploadLimits:
    """Refuses a file when its session, or everybody together, has sent too much.

    Args:
        app: What serves the rest.
        file_bytes: Largest single file; a session may send ``FILES_PER_SESSION`` times as much in its life, everybody
            together ``FILES_IN_ALL`` times as much in ``WINDOW_SECONDS``.
        clock: Tells the time; for tests.
    """

    def __init__(self, app: ASGIApp, *, file_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self.file_bytes, self.clock = app, file_bytes, clock
        self._sessions: OrderedDict[str, int] = OrderedDict()
        self._recent: deque[tuple[float, int]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["method"] in ("PUT", "POST") and scope["path"].startswith(ROUTE):
            session = scope["path"].removeprefix(ROUTE).split("/")[0]
            status, words = self._judge(session, Headers(scope=scope).get("content-length", ""))
            if status:
                await PlainTextResponse(words, status)(scope, receive, send)
                return
            await self._pass_on(session, scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _pass_on(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Streamlit judge the rest; what it refuses is not counted, so that nobody fills the window with nothing."""
        counted, taken = self._recent[-1], False

        async def watched(message: Message) -> None:
            nonlocal taken
            if message["type"] == "http.response.start":
                taken = message["status"] < 300
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            if not taken:
                self._forget(session, counted)

    def _forget(self, session: str, counted: tuple[float, int]) -> None:
        if counted in self._recent:
            self._recent.remove(counted)
        if session in self._sessions:
            self._sessions[session] -= counted[1]

    def _judge(self, session: str, length: str) -> tuple[int, str]:
        """Status and words of a refusal, or status 0; what passes is counted."""
        if not length.isdecimal() or len(length) > 15:
            return 411, "Say how long the file is (Content-Length)."
        size, now = int(length), self.clock()
        if size > self.file_bytes + 100_000:  # a form around the file takes some bytes, too
            return 413, f"The file is too large; at most {self.file_bytes / 1e6:g} MB can be used."
        while self._recent and self._recent[0][0] < now - WINDOW_SECONDS:
            self._recent.popleft()
        if self._sessions.get(session, 0) + size > FILES_PER_SESSION * self.file_bytes:
            return 429, "This page has uploaded as much as one page may; reload it to go on."
        if sum(one for _, one in self._recent) + size > FILES_IN_ALL * self.file_bytes:
            return 429, "The server has taken many files in the last minutes; try again a little later."
        self._recent.append((now, size))
        self._sessions[session] = self._sessions.pop(session, 0) + size
        while len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)
        return 0, ""
