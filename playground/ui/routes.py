"""Our own routes beside Streamlit: the live frames, the browser's modules, the health check.

A frame goes from worker to browser unread. The browser answers each one when it is drawn, and only then is the worker
asked for the next: a slow browser gets fewer frames, never a queue of old ones.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from playground import __version__
from playground.core.errors import PlaygroundError
from playground.jobs.job import Job
from playground.ui import assets, provider, sheets, visitors
from playground.ui.flow import SOCKETS_PER_RUN, Doors, Valve

log = logging.getLogger("playground")

FRAME_SECONDS = 0.05
_LONGEST_COMMAND = 5_000  # a drawing takes 4,200
_COMMAND_SECONDS = 0.01
_FORBIDDEN, _NOT_FOUND, _BAD_COMMAND, _TOO_MANY, _TRY_AGAIN = 4403, 4404, 4400, 4429, 1011
_doors = Doors()


async def healthz(_: Request) -> JSONResponse:
    """Whether the server serves, and how busy it is (no names, no numbers of visitors' runs beyond their count)."""
    return JSONResponse({"status": "ok", "version": __version__, **provider.health()})


async def live(ws: WebSocket) -> None:
    """Send the frames of one run to its visitor, and its visitor's commands to the run."""
    await ws.accept()
    visitor = visitors.from_cookies(ws.cookies)
    if visitor is None or not visitors.same_origin(ws.headers.get("origin"), ws.headers.get("host")):
        await ws.close(_FORBIDDEN, "This run is shown only to its own visitor, on this site.")
        return
    manager, run_id = provider.manager(), str(ws.path_params["job"])
    try:
        # From memory or from the store: a tab that was asleep for hours finds its run again.
        job = await run_in_threadpool(manager.open, run_id, visitor)
    except PlaygroundError as error:
        await ws.close(_NOT_FOUND, str(error)[:100])  # a close reason has room for 123 bytes
        return
    except sqlite3.Error:
        log.exception("the store could not be read")
        await ws.close(_TRY_AGAIN, "Stored runs cannot be read right now. Try again later.")
        return
    valve = _doors.enter(run_id, lambda name, message: _obey(run_id, visitor, name, message))
    if valve is None:
        await ws.close(_TOO_MANY, f"This run is open {SOCKETS_PER_RUN} times already. Close one of its windows.")
        return
    manager.watching(run_id, +1)
    try:
        await _Viewer(ws, job, valve).serve()
    finally:
        manager.watching(run_id, -1)
        _doors.leave(run_id)


def _obey(run_id: str, visitor: str, name: str, message: dict[str, Any]) -> None:
    try:
        provider.manager().command(run_id, visitor, name, message)
    except PlaygroundError as error:
        # What a visitor can act on (queue full, quota) the manager has written into the picture already.
        log.info("run %s refused '%s': %s", run_id, name[:40], error)


class _Viewer:
    """One open canvas. ``news`` wakes the sender when the run has changed or the browser has drawn."""

    def __init__(self, ws: WebSocket, job: Job, valve: Valve) -> None:
        self.ws, self.job, self.valve = ws, job, valve
        self.news = asyncio.Event()
        self.drawn = True
        self.sent_scene: bytes | None = None
        self.sent_tick: bytes | None = None
        self.notice = ""

    async def serve(self) -> None:
        """Serve until the browser goes away."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self.news.set)

        unsubscribe = self.job.subscribe(wake)
        sender = asyncio.create_task(self._send())
        try:
            await self._receive()
        finally:
            unsubscribe()
            sender.cancel()

    async def _receive(self) -> None:
        while True:
            received = await self.ws.receive()
            if received["type"] == "websocket.disconnect":
                return
            text = received.get("text") or ""  # nobody of ours sends bytes: an empty command is refused below
            if len(text) > _LONGEST_COMMAND:
                await self.ws.close(_BAD_COMMAND, "A command this long is none of ours.")
                return
            try:
                message = json.loads(text)
                name = str(message["cmd"])
            except (ValueError, KeyError, TypeError, RecursionError):
                await self.ws.close(_BAD_COMMAND, "That was no command.")
                return
            if name == "ack" and not self.drawn:
                self.drawn = True
                self.news.set()
                continue
            if name != "ack":
                self.valve.put(name, message)
            await asyncio.sleep(_COMMAND_SECONDS)  # whoever floods a run is held back by the connection itself

    async def _send(self) -> None:
        last = 0.0
        while True:
            scene, tick = self.job.scene, self.job.tick
            if self.drawn and scene is not None and scene is not self.sent_scene:
                self.drawn, self.sent_scene, self.sent_tick = False, scene, None
                await self.ws.send_bytes(scene)
            elif self.drawn and tick is not None and tick is not self.sent_tick:
                await asyncio.sleep(max(0.0, last + FRAME_SECONDS - time.monotonic()))
                self.drawn, self.sent_tick, last = False, self.job.tick or tick, time.monotonic()
                await self.ws.send_bytes(self.sent_tick)
            else:
                if self.drawn:
                    self.job.want()
                self.news.clear()
                if self.job.scene is scene and self.job.tick is tick:
                    await self.news.wait()


ROUTES: list[BaseRoute] = [
    Route("/healthz", healthz),
    WebSocketRoute("/live/{job}", live),
    WebSocketRoute("/sheets/{token}", sheets.paint),
    assets.mount(),
]
