"""A model hub on loopback, for tests: real file layouts over HTTP as the hub library asks for them, and faults on demand."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest

from playground.catalog import download

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 1000
"""Files of so many bytes are served as the hub serves large ones: by a redirect, with their sha256."""


@dataclass
class Faults:
    """What goes wrong, for files whose name ends with ``on``.

    Attributes:
        status: Answer with it, ``times`` times.
        cut: Close the connection after so many bytes, ``times`` times.
        lie: Send other bytes than were announced.
        pause: Seconds to wait before every 64 kB.
        halfway: Wait for it in the middle of the file.
    """

    on: str = ""
    status: int = 0
    cut: int = 0
    times: int = 10**9
    lie: bool = False
    pause: float = 0.0
    halfway: threading.Event | None = None


@dataclass
class Hub:
    """Serves the files below ``root`` (``<owner>/<name>/<file>``); releases as ``assets/<release>/<file>``."""

    root: Path
    faults: Faults = field(default_factory=Faults)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        """For ``HF_ENDPOINT``."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def sent(self, name: str) -> list[str]:
        """The ranges in which a file was asked for (empty: the whole)."""
        return [
            wanted for method, path, wanted in self.asked if method == "GET" and path.endswith(name) and "/cdn/" in path
        ]

    def stop(self) -> None:
        """Close it."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None: ...

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        wanted = self.headers.get("Range", "")
        self.hub.asked.append((self.command, "/" + path, wanted))
        faults = self.hub.faults
        faulty = bool(faults.on) and path.endswith(faults.on) and faults.times > 0
        if faulty and faults.status:
            faults.times -= 1
            return self._say(faults.status, b"fault", {})
        parts = path.split("/")
        if parts[0] == "cdn":
            return self._send(self.hub.root / "/".join(parts[1:]), wanted, faulty)
        if parts[0] == "assets":
            return self._send(self.hub.root / path, wanted, faulty)
        if len(parts) < 5 or parts[2] != "resolve":
            return self._say(404, b"no", {"X-Error-Code": "RepoNotFound"})
        file = self.hub.root / parts[0] / parts[1] / "/".join(parts[4:])
        if not file.parent.is_dir():
            return self._say(404, b"no", {"X-Error-Code": "RepoNotFound"})
        if not file.is_file():
            return self._say(404, b"no", {"X-Error-Code": "EntryNotFound"})
        content = file.read_bytes()
        headers = {"X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if len(content) < LARGE:
            headers["ETag"] = '"' + hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() + '"'
            if self.command == "HEAD":
                return self._say(200, content, headers)
            return self._send(file, wanted, faulty, headers)
        digest = hashlib.sha256(content).hexdigest()
        headers |= {
            "X-Linked-Etag": f'"{digest}"',
            "X-Linked-Size": str(len(content)),
            # Another host, as the hub's own store of large files is: to it the library does not carry its headers.
            "Location": f"{self.hub.address.replace('127.0.0.1', 'localhost')}/cdn/{parts[0]}/{parts[1]}/{'/'.join(parts[4:])}",
        }
        self._say(302, b"", headers)

    def _send(self, file: Path, wanted: str, faulty: bool, headers: dict[str, str] | None = None) -> None:
        if not file.is_file():
            return self._say(404, b"no", {})
        content = file.read_bytes()
        faults = self.hub.faults
        if faulty and faults.lie:
            content = bytes(len(content))
        begin = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        if begin >= len(content) > 0:
            return self._say(416, b"", {})
        body = content[begin:]
        self.send_response(206 if wanted else 200)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        if wanted:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "HEAD":
            return
        if faulty and faults.cut:
            faults.times -= 1
            self.wfile.write(body[: faults.cut])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        for at in range(0, len(body), 65536):
            if faulty and faults.pause:
                time.sleep(faults.pause)
            if faulty and faults.halfway and at >= len(body) // 2:
                faults.halfway.wait(300)
            self.wfile.write(body[at : at + 65536])

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def served(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that downloads go to as long as the block lasts; they ask it again without a pause, while its own pauses stay."""
    made = Hub(root)
    monkeypatch.setenv("HF_ENDPOINT", made.address)
    monkeypatch.setenv("PLAYGROUND_ASSETS", f"{made.address}/assets")
    monkeypatch.setattr(download, "time", SimpleNamespace(sleep=lambda seconds: None, time=time.time))
    yield made
    made.stop()
