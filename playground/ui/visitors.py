"""Who is asking: a random cookie, the same for pages and for the WebSocket.

The cookie carries 128 random bits and nothing else. It is HttpOnly and SameSite=Lax; quotas, runs, uploads and frames
belong to it, not to a tab.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "playground_visitor"
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
_FORM = re.compile(r"[A-Za-z0-9_-]{22}")
_YEAR = 365 * 24 * 3600

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            # Streamlit's front end loads the code of canvas components from blobs, and KaTeX and Plotly set inline styles.
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    ),
}


def from_cookies(cookies: Mapping[str, str]) -> str | None:
    """The visitor that a request's cookies name; ``None`` where there is none or it is malformed."""
    value = cookies.get(COOKIE, "")
    return value if _FORM.fullmatch(value) else None


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a WebSocket was opened by a page of this very site (browsers always send an origin)."""
    return origin is not None and host is not None and urlsplit(origin).netloc == host


def current() -> str:
    """The visitor of the page that runs now.

    Where no cookie came along (cookies blocked, or a test without a browser) the session itself is the visitor: the
    page works, and the run ends with the tab.
    """
    named = from_cookies(st.context.cookies)
    if named is None:
        named = str(st.session_state.setdefault("_visitor", secrets.token_urlsafe(16)))
    return named


class VisitorMiddleware:
    """Gives every visitor a cookie at the first page, and every response its security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["path"].startswith(CLOSED):
            await PlainTextResponse("Not here.", 404)(scope, receive, send)
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        secure = scope.get("scheme") == "https" or headers.get("x-forwarded-proto") == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
                # A page that the browser had kept (304) is a page all the same, and its visitor may have lost the cookie.
                kept = message["status"] == 304 and not scope["path"].startswith(("/static", "/assets", "/_stcore"))
                if from_cookies(cookies) is None and (kept or answer.get("content-type", "").startswith("text/html")):
                    answer.append("set-cookie", _cookie(secure))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _cookie(secure: bool) -> str:
    end = "; Secure" if secure else ""
    return f"{COOKIE}={secrets.token_urlsafe(16)}; Max-Age={_YEAR}; Path=/; HttpOnly; SameSite=Lax{end}"
