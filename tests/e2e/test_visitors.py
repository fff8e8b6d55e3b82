"""Many visitors: apart from each other, gone and back, waiting for a place, and through a killed worker."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.e2e.support import PATIENCE, Server, Visitor

SETTINGS: dict[str, str] = {}  # a server of its own: tests count its runs

Arrive = Callable[..., Visitor]

FORBIDDEN, NOT_FOUND, BAD_COMMAND, TOO_MANY = 4403, 4404, 4400, 4429


def listen(server: Server, run: str, cookie: str | None, origin: str | None = "same") -> ClientConnection:
    headers = {} if cookie is None else {"Cookie": f"playground_visitor={cookie}"}
    return connect(
        f"ws://127.0.0.1:{server.port}/live/{run}",
        origin=server.url if origin == "same" else origin,
        additional_headers=headers,
        proxy=None,
        open_timeout=PATIENCE,
        max_size=None,
    )


def refusal(server: Server, run: str, cookie: str | None, origin: str | None = "same", say: str = "") -> int:
    """The code with which a listener is turned away; frames before it are passed over."""
    with listen(server, run, cookie, origin) as ws:
        try:
            if say:
                ws.send(say)
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                ws.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0
    raise AssertionError("the connection was not closed")


def test_a_closed_tab_frees_its_place_and_the_link_brings_the_run_back(arrive: Arrive, server: Server) -> None:
    visitor = arrive()
    page = visitor.open()
    visitor.play(epochs=3)
    assert server.health()["places_taken"] == 1  # the file's first test: nobody else is here
    epoch, address = visitor.epoch(), page.url
    page.close()
    visitor.page = visitor.tab()
    end = time.monotonic() + 30
    while server.health()["places_taken"] > 0:
        assert time.monotonic() < end, f"the place is not free within 30 s: {server.health()}"
        time.sleep(0.2)
    visitor.open(address)
    assert visitor.query()["run"] in address
    assert visitor.status() == "stored"
    back = visitor.epoch()
    assert back >= epoch
    visitor.play()
    assert visitor.epoch() > back


def test_two_visitors_train_apart(arrive: Arrive) -> None:
    first, second = arrive(), arrive()
    first.open("/mlp?dataset=xor")
    second.open("/mlp?dataset=moons")
    assert first.cookie() != second.cookie()
    first.play(epochs=2)
    assert (second.status(), second.epoch()) == ("ready", 0)
    second.play(epochs=2)
    first.pause()
    stood = first.epoch()
    gone = second.epoch()
    second.until(lambda: second.epoch() > gone + 2, "the second trains on")
    assert first.epoch() == stood
    assert (first.query()["dataset"], second.query()["dataset"]) == ("xor", "moons")


def test_the_live_frames_go_only_to_the_visitor_on_this_site(arrive: Arrive, server: Server) -> None:
    first, second = arrive(), arrive()
    first.open()
    second.open()
    run, own = first.query()["run"], first.cookie()
    with listen(server, run, own) as ws:
        frame = ws.recv(timeout=PATIENCE)
        assert isinstance(frame, bytes)
        assert frame[:4] == b"DLP1"
    assert refusal(server, run, second.cookie()) == NOT_FOUND
    assert refusal(server, "no-such-run", own) == NOT_FOUND
    assert refusal(server, run, None) == FORBIDDEN
    assert refusal(server, run, "x; playground_visitor=" + "é") == FORBIDDEN
    assert refusal(server, run, own, origin="http://elsewhere.example") == FORBIDDEN
    assert refusal(server, run, own, origin=None) == FORBIDDEN


@pytest.mark.parametrize("text", ["{", "[]", '{"cmd": 7, "x": "' + 6000 * "x" + '"}', "null", "\x00"])
def test_what_is_no_command_closes_that_connection_only(arrive: Arrive, server: Server, text: str) -> None:
    visitor = arrive()
    visitor.open()
    assert refusal(server, visitor.query()["run"], visitor.cookie(), say=text) == BAD_COMMAND
    visitor.play()


def test_commands_with_nonsense_in_them_do_no_harm(arrive: Arrive, server: Server) -> None:
    visitor = arrive()
    visitor.open()
    visitor.play()
    with listen(server, visitor.query()["run"], visitor.cookie()) as ws:
        for command in (
            {"cmd": "rm -rf"},
            {"cmd": "speed", "value": "fast"},
            {"cmd": "speed", "value": -1},
            {"cmd": "speed"},
            {"cmd": "look", "axes": [0, 99]},
            {"cmd": "look", "axes": "x"},
            {"cmd": "look", "focus": [5, "a"]},
            {"cmd": "look", "held": 10**12},
            {"cmd": "look", "held": [1]},
            {"cmd": "look", "nothing": 1},
            {"cmd": "look"},
            {"cmd": {"play": 1}},
        ):
            ws.send(json.dumps(command))
        ws.recv(timeout=PATIENCE)
        ws.send(json.dumps({"cmd": "ack"}))
        before = visitor.epoch()
        visitor.until(lambda: visitor.status() == "playing" and visitor.epoch() > before + 2, "it trains on")
        assert ws.close_code is None


def test_one_window_too_many_says_so_and_is_let_in_when_another_is_closed(arrive: Arrive, server: Server) -> None:
    visitor = arrive()
    first = visitor.open()
    run, cookie = visitor.query()["run"], visitor.cookie()
    with contextlib.ExitStack() as others:
        for _ in range(3):
            others.enter_context(listen(server, run, cookie)).recv(timeout=PATIENCE)
        assert refusal(server, run, cookie) == TOO_MANY
        visitor.page = visitor.tab()
        visitor.page.goto(first.url)
        notice = visitor.page.get_by_test_id("notice")
        notice.filter(has_text="open in too many windows").wait_for()
        visitor.shoot("mlp-too-many-windows")
    notice.filter(has_text="open in too many windows").wait_for(state="hidden")
    visitor.play()


def test_a_killed_worker_is_said_and_the_app_goes_on(arrive: Arrive, server: Server) -> None:
    visitor = arrive()
    visitor.open()
    visitor.play(epochs=2)
    (pid,) = server.trainers()
    os.kill(pid, signal.SIGKILL)
    visitor.until(lambda: visitor.status() == "failed", "the canvas says that it failed")
    notice = visitor.page.get_by_test_id("notice")
    notice.wait_for()
    assert "ended unexpectedly" in notice.inner_text()
    assert "Press Play to start again" in notice.inner_text()
    visitor.shoot("mlp-worker-killed")
    assert server.health()["status"] == "ok"
    visitor.play()
    notice.wait_for(state="hidden")
    other = arrive()
    other.open()
    other.play()


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a single place."""
    made = Server(
        tmp_path_factory.mktemp("narrow"), PLAYGROUND_RUNS_AT_ONCE="1", PLAYGROUND_QUEUE_LENGTH="2",
        PLAYGROUND_GRACE_SECONDS="2",
    )  # fmt: skip
    yield made
    made.stop()


def test_who_waits_sees_the_place_in_the_queue_and_starts_by_itself(arrive: Arrive, narrow: Server) -> None:
    first, second, third, fourth = (arrive(narrow) for _ in range(4))
    first.open()
    first.play()
    for number, visitor in enumerate((second, third), 1):
        visitor.open()
        visitor.press("play")
        visitor.until(lambda visitor=visitor: visitor.status() == "queued", f"visitor {number} waits")
    notice = second.page.get_by_test_id("notice")
    assert "next" in notice.inner_text()
    assert "number 2" in third.page.get_by_test_id("notice").inner_text()
    assert narrow.health()["waiting"] == 2
    second.shoot("mlp-queued")

    fourth.open()
    fourth.press("play")
    refused = fourth.page.get_by_test_id("notice")
    fourth.until(refused.is_visible, "the fourth is told")
    assert "Try again in a few minutes" in refused.inner_text()

    first.page.close()
    second.until(lambda: second.status() == "playing" and second.epoch() > 0, "the second starts by itself")
    third.until(lambda: "next" in third.page.get_by_test_id("notice").inner_text(), "the third moves up")
    third.press("notice-action")  # stop waiting
    third.until(lambda: third.status() == "ready", "the third waits no longer")
    assert narrow.health()["waiting"] == 0
