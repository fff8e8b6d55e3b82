"""Sheets of samples, painted while a hand drags: a WebSocket beside the page, so that no script runs for it.

A page registers its generator and is given a token, good for its own visitor alone. The browser says what it wants to see (the
settings of a ``GANSamplerSpec``); the latents are worked out here, the inference worker draws, a frame goes back. A browser asks
again when it has painted; of what comes meanwhile only the newest is served.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from playground.core import frames
from playground.core.errors import PlaygroundError, QuotaReached, Stopped
from playground.core.generating import Draw, Drawn
from playground.jobs.asked import Asked
from playground.ui import provider, visitors
from playground.ui.sheet_wishes import Subject, Wish, beside, frame, number_of, question, wish

log = logging.getLogger("playground")

FORGET_SECONDS = 3 * 3600.0
MOST, MOST_PER_VISITOR, MOST_BYTES, SOCKETS = 400, 8, 400_000_000, 6
_LONGEST = 20_000
_PACE_SECONDS, _TELL_SECONDS, _AGAIN_SECONDS, _PATIENCE_SECONDS = 0.008, 0.4, 0.1, 60.0
_LEAVING_SECONDS = 3.0
"""So long a connection waits for a place: one that has just gone may not be missed yet."""
_FORBIDDEN, _NOT_FOUND, _BAD, _TOO_MANY = 4403, 4404, 4400, 4429


@dataclass
class _Entry:
    visitor: str
    subject: Subject
    used: float
    sockets: int = 0


class Registry:
    """Who may have what painted. Each method may be called from any thread.

    Args:
        clock: Seconds, from any origin.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock, self._salt = clock, threading.Lock(), secrets.token_bytes(16)
        self._known: OrderedDict[str, _Entry] = OrderedDict()

    def register(self, visitor: str, subject: Subject) -> str:
        """Let a visitor have sheets painted of a generator; the same one gets the same token, with what is known of it by now."""
        own = hashlib.blake2b(subject.whose.own, digest_size=16).hexdigest() if subject.whose.own else ""
        card = "" if subject.card is None else f"{subject.card.name} {subject.card.source}"
        words = "\0".join((visitor, card, subject.whose.reading, own))
        token = hashlib.blake2b(words.encode(), key=self._salt, digest_size=16).hexdigest()
        with self._lock:
            kept = self._known.pop(token, None)
            self._known[token] = _Entry(visitor, subject, self._clock(), 0 if kept is None else kept.sockets)
            self._prune(visitor)
        return token

    def find(self, token: str, visitor: str) -> Subject | None:
        """What a token stands for; ``None`` where it is unknown or another visitor's."""
        with self._lock:
            entry = self._known.get(token)
            if entry is None or entry.visitor != visitor:
                return None
            entry.used = self._clock()
            return entry.subject

    def enter(self, token: str) -> bool:
        """Take a connection in; false where there are enough of them."""
        with self._lock:
            entry = self._known.get(token)
            if entry is None or entry.sockets >= SOCKETS:
                return False
            entry.sockets += 1
            return True

    def leave(self, token: str) -> None:
        """A connection is gone."""
        with self._lock:
            if (entry := self._known.get(token)) is not None:
                entry.sockets = max(0, entry.sockets - 1)

    def __len__(self) -> int:
        return len(self._known)

    def _prune(self, visitor: str) -> None:
        now = self._clock()
        for token in [token for token, entry in self._known.items() if now - entry.used > FORGET_SECONDS]:
            del self._known[token]
        mine = [token for token, entry in self._known.items() if entry.visitor == visitor]
        for token in mine[:-MOST_PER_VISITOR]:
            del self._known[token]
        while len(self._known) > 1 and (len(self._known) > MOST or self._bytes() > MOST_BYTES):
            self._known.popitem(last=False)

    def _bytes(self) -> int:
        return sum(len(entry.subject.whose.own) for entry in self._known.values())


REGISTRY = Registry()


async def paint(ws: WebSocket) -> None:
    """Paint what a browser asks for, for as long as it stays."""
    await ws.accept()
    visitor, token = visitors.from_cookies(ws.cookies), str(ws.path_params["token"])
    if visitor is None or not visitors.same_origin(ws.headers.get("origin"), ws.headers.get("host")):
        await ws.close(_FORBIDDEN, "This sheet is shown only to its own visitor, on this site.")
        return
    if REGISTRY.find(token, visitor) is None:
        await ws.close(_NOT_FOUND, "This sheet is not known any more. Reload the page.")
        return
    if not await _entered(token):
        await ws.close(_TOO_MANY, f"This sheet is open {SOCKETS} times already. Close one of its windows.")
        return
    try:
        await Painter(ws, token, visitor).serve()
    finally:
        REGISTRY.leave(token)


async def _entered(token: str) -> bool:
    """Take a connection in, as soon as there is a place."""
    end = time.monotonic() + _LEAVING_SECONDS
    while not (there := REGISTRY.enter(token)) and time.monotonic() < end:
        await asyncio.sleep(_AGAIN_SECONDS)
    return there


class Painter:
    """One open sheet. ``news`` wakes the one who paints when the browser has asked for something new."""

    def __init__(self, ws: WebSocket, token: str, visitor: str) -> None:
        self.ws, self.token, self.visitor = ws, token, visitor
        self.news, self.newest = asyncio.Event(), ""

    async def serve(self) -> None:
        """Serve until the browser goes away."""
        painter = asyncio.create_task(self._paint())
        painter.add_done_callback(self._look)
        try:
            await self._receive()
        finally:
            painter.cancel()

    def _look(self, painter: asyncio.Task[None]) -> None:
        """What ended a painter, where it was not that the browser went away."""
        error = None if painter.cancelled() else painter.exception()
        gone = isinstance(error, WebSocketDisconnect) or self.ws.client_state is WebSocketState.DISCONNECTED
        if error is not None and not gone:
            log.error("a sheet could not be painted", exc_info=error)

    async def _receive(self) -> None:
        while True:
            received = await self.ws.receive()
            if received["type"] == "websocket.disconnect":
                return
            text = received.get("text") or ""
            if not 0 < len(text) <= _LONGEST:
                await self.ws.close(_BAD, "A message like this is none of ours.")
                return
            self.newest = text
            self.news.set()
            await asyncio.sleep(_PACE_SECONDS)  # whoever floods is held back by the connection itself

    async def _paint(self) -> None:
        while True:
            await self.news.wait()
            self.news.clear()
            subject = REGISTRY.find(self.token, self.visitor)
            if subject is None:
                await self.ws.close(_NOT_FOUND, "This sheet is not known any more. Reload the page.")
                return
            number = 0
            try:
                wanted = wish(self.newest, subject)
                number = wanted.number
                if any(wanted.spec.moves) and subject.directions is None:
                    subject = await self._directed(number, subject)
                await self.ws.send_bytes(await self._painted(wanted, subject))
            except PlaygroundError as error:
                number = number or number_of(self.newest)
                await self.ws.send_bytes(frames.pack("gan_sampler.refused", {"id": number, "words": str(error)}, {}))
            except (ValueError, KeyError, TypeError, RecursionError):
                await self.ws.close(_BAD, "A message like this is none of ours.")
                return

    async def _directed(self, number: int, subject: Subject) -> Subject:
        """The same generator once the page knows its directions; as it is where that is in vain, or the hand has moved on."""
        end, words = time.monotonic() + _PATIENCE_SECONDS, "Its principal directions are being looked for"
        await self.ws.send_bytes(frames.pack("gan_sampler.waiting", {"id": number, "words": words}, {}))
        while subject.directions is None and time.monotonic() < end and not self.news.is_set():
            await asyncio.sleep(_AGAIN_SECONDS)
            subject = REGISTRY.find(self.token, self.visitor) or subject
        return subject

    async def _painted(self, wanted: Wish, subject: Subject) -> bytes:
        sheet = question(wanted.spec, subject, wanted.rest)
        drawn = await self._ask(wanted.number, subject, sheet)
        more: dict[str, NDArray[Any]] = {}
        if wanted.rest:
            asked, pins, along = beside(wanted.spec, subject)
            found = None if asked is None else (await self._ask(wanted.number, subject, asked)).pictures
            if found is not None:
                more = {"pins": found[:pins], "ends": found[pins:].reshape(along, 2, *found.shape[1:])}
        return frame(wanted.number, wanted.spec, drawn, sheet.latents, more)

    async def _ask(self, number: int, subject: Subject, draw: Draw) -> Drawn:
        while True:
            asked: Asked = await run_in_threadpool(self._begin, subject, draw)
            try:
                return await self._answer(number, asked)
            except (QuotaReached, CancelledError, asyncio.CancelledError, Stopped) as error:
                if isinstance(error, asyncio.CancelledError) and not asked.cancelled():
                    raise  # the browser is gone
                await asyncio.sleep(_AGAIN_SECONDS)  # the page has taken back what both had asked, or asks much itself

    def _begin(self, subject: Subject, draw: Draw) -> Asked:
        return provider.inference().ask("generate", subject.card, draw, visitor=self.visitor, seconds=_PATIENCE_SECONDS)

    async def _answer(self, number: int, asked: Asked) -> Drawn:
        told, future = "", asyncio.wrap_future(asked)
        while True:
            done, _ = await asyncio.wait([future], timeout=_TELL_SECONDS)
            if done:
                found: Drawn = future.result()
                return found
            if asked.words and asked.words != told:
                told = asked.words
                await self.ws.send_bytes(frames.pack("gan_sampler.waiting", {"id": number, "words": told}, {}))
