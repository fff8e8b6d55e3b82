"""How much may come in for one run: commands a second, and connections."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.websockets import WebSocket

from playground.core.settings import Settings
from playground.jobs.executors import Inline
from playground.jobs.manager import Manager
from playground.ui import flow, provider, routes, visitors
from playground.ui.flow import COMMANDS_AT_ONCE, SOCKETS_PER_RUN, Doors, Valve
from tests.unit.jobs import toy
from tests.unit.jobs.toy import ToySpec


class Taken(list[tuple[str, dict[str, Any]]]):
    """What came through a valve."""

    def __call__(self, name: str, message: dict[str, Any]) -> None:
        self.append((name, message))


def test_ordinary_use_passes_at_once_and_in_order() -> None:
    taken = Taken()
    valve = Valve(taken, clock=lambda: 0.0)
    sent = [("edit", {"value": number}) for number in range(20)] + [("step", {}), ("inside", {})]
    for one in sent:
        valve.put(*one)
    assert taken == sent


def test_of_a_flood_a_burst_passes_and_then_the_newest_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "COMMANDS_PER_SECOND", 500.0)
    taken, now = Taken(), 0.0

    async def flood() -> None:
        nonlocal now
        valve = Valve(taken, clock=lambda: now)
        for number in range(2000):
            valve.put("inside", {"number": number})
            valve.put("edit", {"number": number})
            valve.put(f"made up {number}", {})
        valve.put("pause", {})
        assert len(taken) == COMMANDS_AT_ONCE
        assert len(valve._held) <= 16
        assert not valve.rested
        await asyncio.sleep(0.02)
        assert len(taken) == COMMANDS_AT_ONCE, "no time has gone by on the valve's clock"
        now = 1.0
        while valve._held:
            await asyncio.sleep(0.001)
        now = 2.0
        assert valve.rested

    asyncio.run(flood())
    late = taken[COMMANDS_AT_ONCE:]
    assert late[-1] == ("pause", {})
    assert [message for name, message in late if name == "edit"] == [{"number": 1999}]
    assert [message for name, message in late if name == "inside"] == [{"number": 1999}]
    assert len(late) <= 16


def test_connections_of_a_run_share_one_valve_and_coming_back_buys_no_burst() -> None:
    async def visit() -> None:
        doors, taken = Doors(), Taken()
        valves = [doors.enter("a", taken) for _ in range(SOCKETS_PER_RUN)]
        assert len({id(valve) for valve in valves}) == 1
        assert doors.enter("a", taken) is None
        valve = doors.enter("b", taken)
        assert valve is not None and valve is not valves[0]
        doors.leave("b")
        assert valves[0] is not None
        for number in range(COMMANDS_AT_ONCE + 1):
            valves[0].put("step", {"number": number})
        for _ in range(SOCKETS_PER_RUN):
            doors.leave("a")
        assert doors.enter("b", taken) is not valve, "one at rest is forgotten"
        assert doors.enter("a", taken) is valves[0]

    asyncio.run(visit())


class Browser:
    """A WebSocket without a network: what the server said, and what the browser says."""

    def __init__(self, run_id: str, cookie: str) -> None:
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard: list[dict[str, Any]] = []
        headers = [("cookie", f"{visitors.COOKIE}={cookie}"), ("origin", "http://here"), ("host", "here")]
        scope = {
            "type": "websocket", "path": "/", "path_params": {"job": run_id},
            "headers": [(name.encode(), value.encode()) for name, value in headers],
        }  # fmt: skip
        self.said.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(routes.live(WebSocket(scope, self.said.get, self._hear)))

    async def _hear(self, message: Any) -> None:
        self.heard.append(message)

    def say(self, cmd: str) -> None:
        self.said.put_nowait({"type": "websocket.receive", "text": json.dumps({"cmd": cmd})})

    async def leave(self) -> None:
        self.said.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self.task

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while not (found := [one for one in self.heard if one["type"] == kind]):
                await asyncio.sleep(0.005)
        return found[0]


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Manager:
    made = Manager(Settings(), None, Inline(toy.COMPUTATIONS), specs=toy.SPECS)
    monkeypatch.setattr(provider, "manager", lambda: made)
    monkeypatch.setattr(routes, "_doors", Doors())
    return made


def test_one_window_too_many_is_told_so_and_may_come_when_another_is_gone(manager: Manager) -> None:
    spec, cookie = ToySpec(), "a" * 22
    job = manager.create(cookie, "toy", spec, toy.first_frames(spec))

    async def crowd() -> None:
        browsers = [Browser(job.id, cookie) for _ in range(SOCKETS_PER_RUN)]
        for browser in browsers:
            await browser.until("websocket.send")
        late = Browser(job.id, cookie)
        refusal = await late.until("websocket.close")
        assert refusal["code"] == 4429
        assert refusal["reason"] == "This run is open 4 times already. Close one of its windows."
        assert manager.held[job.id].viewers == SOCKETS_PER_RUN
        await late.task
        await browsers.pop().leave()
        browsers.append(Browser(job.id, cookie))
        await browsers[-1].until("websocket.send")
        for browser in browsers:
            await browser.leave()

    asyncio.run(crowd())
    assert manager.held[job.id].viewers == 0


def test_what_floods_in_over_many_connections_comes_down_to_the_pace_of_one_run(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, cookie = ToySpec(), "a" * 22
    job = manager.create(cookie, "toy", spec, toy.first_frames(spec))
    obeyed: list[str] = []
    monkeypatch.setattr(manager, "command", lambda run, who, name, message: obeyed.append(name))
    monkeypatch.setattr(routes, "_COMMAND_SECONDS", 0.0)
    monkeypatch.setattr(flow, "COMMANDS_PER_SECOND", 1e-3)  # as good as none while this test runs

    async def flood() -> None:
        browsers = [Browser(job.id, cookie) for _ in range(SOCKETS_PER_RUN)]
        for browser in browsers:
            await browser.until("websocket.send")
            for _ in range(200):
                browser.say("inside")
        for browser in browsers:
            await browser.leave()

    asyncio.run(flood())
    assert obeyed == ["inside"] * COMMANDS_AT_ONCE
