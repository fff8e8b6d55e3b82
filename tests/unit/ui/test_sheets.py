"""Sheets painted over a WebSocket: who may have them, what is refused in words, and that of many wishes only the newest is served."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.websockets import WebSocketDisconnect, WebSocketState

from playground.core.errors import PlaygroundError
from playground.core.frames import unpack
from playground.core.generating import Draw, Drawn, Whose
from playground.core.settings import Settings
from playground.functional import gan_latents
from playground.functional.gan import Layer, Network, Pair, drawn
from playground.jobs.asked import Asked, settled
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import provider, sheet_wishes, sheets
from playground.ui.sheet_wishes import Subject, beside, question, wish
from playground.ui.sheets import MOST_PER_VISITOR, Painter, Registry

VISITOR = "visitor-visitor-visito"


def pair(classes: tuple[str, ...] = ("a", "b", "c"), latents: int = 6, side: int = 4) -> Pair:
    given = latents + len(classes)
    layers = (Layer("linear", given, side * side), Layer("reshape", shape=(1, side, side)), Layer("act", name="tanh"))
    judge = Network((1, side, side), (Layer("flatten"), Layer("linear", side * side, 1)))
    return Pair(Network((given,), layers, len(classes)), judge, latents, classes=classes)


def subject(**more: Any) -> Subject:
    return Subject(None, Whose(own=b"own"), pair(**more), np.eye(3, 6, dtype=np.float32))


def message(**more: Any) -> str:
    return json.dumps({"cmd": "paint", "id": 7, "seed": 1, "n": 9, **more})


class Slow:
    """Draws each sample's first latent as its grey; may be held."""

    def __init__(self) -> None:
        self.asked: list[Draw] = []
        self.held: list[Asked] = []
        self.hold = False

    def ask(self, task: str, card: Any, asked: Draw, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        assert task == "generate"
        assert visitor == VISITOR
        self.asked.append(asked)
        if self.hold:
            self.held.append(Asked(visitor))
            return self.held[-1]
        return settled(self.answer(asked), visitor)

    @staticmethod
    def answer(asked: Draw) -> Drawn:
        grey = np.clip(128 + 20 * asked.latents[:, 0], 0, 255).astype(np.uint8)
        opinions = np.full(len(grey), 0.5, np.float32) if asked.opinion else None
        return Drawn(
            np.broadcast_to(grey[:, None, None, None], (len(grey), 4, 4, 1)).copy(),
            opinions,
            False,
            0.001,
            "CPU",
            "Stub",
        )


class Line:
    """A connection whose browser is this test."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.code = 0
        self.client_state = WebSocketState.CONNECTED

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send_bytes(self, content: bytes) -> None:
        self.sent.append(unpack(content))

    async def close(self, code: int = 1000, reason: str = "") -> None:
        self.code = code
        self.say(None)

    def say(self, text: str | None) -> None:
        self.incoming.put_nowait(
            {"type": "websocket.disconnect"} if text is None else {"type": "websocket.receive", "text": text}
        )

    async def until(self, count: int) -> None:
        end = time.monotonic() + 20
        while len(self.sent) < count and not self.code:
            assert time.monotonic() < end, f"{len(self.sent)} frames"
            await asyncio.sleep(0.005)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Slow:
    made = Slow()
    monkeypatch.setattr(provider, "settings", lambda: Settings(data=str(tmp_path)))
    monkeypatch.setattr(sheets, "REGISTRY", Registry())
    monkeypatch.setattr(provider, "inference", lambda: made)
    return made


def serve(line: Line, told: Any, subject_: Subject | None = None) -> None:
    async def both() -> None:
        token = sheets.REGISTRY.register(VISITOR, subject_ or subject())
        ws: Any = line
        serving = asyncio.create_task(Painter(ws, token, VISITOR).serve())
        try:
            await told()
        finally:
            line.say(None)
            await serving

    asyncio.run(both())


def test_a_token_is_good_for_its_visitor_alone_and_old_ones_go() -> None:
    now = 0.0
    known = Registry(lambda: now)
    token = known.register("one", subject())
    assert known.register("one", subject()) == token, "the same generator has the same token"
    assert known.register("two", subject()) != token
    assert known.find(token, "two") is None
    assert known.find(token, "one") is not None
    others = [
        known.register("one", Subject(None, Whose(own=bytes([number])), pair())) for number in range(MOST_PER_VISITOR)
    ]
    assert known.find(token, "one") is None, "a visitor has so many and no more"
    assert all(known.find(one, "one") for one in others)
    now = sheets.FORGET_SECONDS + 1
    known.register("three", subject())
    assert len(known) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"seed": -3}, "Seed"),
        ({"n": 1e9}, "Samples"),
        ({"n": "many"}, "Samples"),
        ({"moves": [0, float("nan")]}, "Principal directions"),
        ({"moves": [1e9]}, "Principal directions"),
        ({"moves": [0, 0, 0, 1]}, "3 are known"),
        ({"edits": "0~99_1"}, "a sample of this generator has 6"),
        ({"edits": "0~1_nan"}, "is not a latent"),
        ({"edits": "0~1_1e9"}, "from -10 to 10"),
        ({"edits": "0~1"}, "no row of latents"),
        ({"of_class": 3}, "0 to 2"),
        ({"pins": "1~0~9", "rest": True}, "of class 9"),
        ({"pins": "x"}, "no pin"),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(slow: Slow, said: dict[str, Any], words: str) -> None:
    def asked() -> None:
        read = wish(message(**said), subject())
        question(read.spec, subject(), True)
        beside(read.spec, subject())

    with pytest.raises(PlaygroundError, match=words):
        asked()


def test_a_sheet_too_large_for_one_frame_is_refused() -> None:
    large = subject(classes=(), side=256)
    assert sheet_wishes.most(large.pair) * 256 * 256 <= sheet_wishes.SIZE
    with pytest.raises(PlaygroundError, match="choose at most 45"):
        wish(message(n=64), large)


def test_pictures_are_those_of_the_seed_moved_and_edited(slow: Slow) -> None:
    line, own = Line(), subject()

    async def told() -> None:
        line.say(message(moves=[2.0, -1.0], edits="3~0_1.25", chosen=3, pins="5~2~1~1", rest=True))
        await line.until(1)

    serve(line, told, own)
    header, blocks = line.sent[0]
    assert header["kind"] == "gan_sampler.drawn"
    assert header["id"] == 7
    expected = drawn(own.pair, 1, 9) + np.float32([2, -1, 0, 0, 0, 0])
    expected[3, 0] = 1.25
    assert np.array_equal(slow.asked[0].latents, expected)
    assert np.array_equal(slow.asked[0].classes, np.arange(9) % 3)  # type: ignore[arg-type]
    assert np.array_equal(blocks["row"], expected[3])
    assert np.array_equal(blocks["pictures"], Slow.answer(slow.asked[0]).pictures)
    assert np.array_equal(slow.asked[1].latents[0], gan_latents.one(own.pair, 5, 2, (1.0,), own.directions))
    assert np.array_equal(slow.asked[1].classes, [1, *[0] * 6])  # type: ignore[arg-type]
    assert blocks["pins"].shape == (1, 4, 4, 1)
    assert blocks["ends"].shape == (3, 2, 4, 4, 1)
    ends = slow.asked[1].latents[1:3]
    assert ends[1, 0] - ends[0, 0] == 2 * sheet_wishes.END
    assert np.array_equal(ends[0, 1:], expected[3, 1:]), "the other directions stay where they are"


def test_of_many_wishes_only_the_newest_is_served(slow: Slow) -> None:
    line = Line()
    slow.hold = True

    async def told() -> None:
        line.say(message(id=1, seed=1))
        while not slow.held:
            await asyncio.sleep(0.005)
        for number in range(2, 12):
            line.say(message(id=number, seed=number))
        await asyncio.sleep(0.3)
        slow.hold = False
        slow.held[0].answer(slow.answer(slow.asked[0]))
        await line.until(2)

    serve(line, told)
    assert [header["id"] for header, _ in line.sent] == [1, 11]
    assert len(slow.asked) == 2


def test_a_refusal_is_a_frame_and_nonsense_ends_the_line(slow: Slow) -> None:
    line = Line()

    async def told() -> None:
        line.say(message(n=0))
        await line.until(1)
        line.say("[]")
        await line.until(2)

    serve(line, told)
    assert line.sent[0][0]["kind"] == "gan_sampler.refused"
    assert "Samples" in line.sent[0][0]["words"]
    assert line.code == 4400


def test_a_question_that_the_page_took_back_is_asked_again(slow: Slow) -> None:
    line = Line()
    slow.hold = True

    async def told() -> None:
        line.say(message())
        while not slow.held:
            await asyncio.sleep(0.005)
        slow.hold = False
        assert slow.held[0].cancel()
        await line.until(1)

    serve(line, told)
    assert line.sent[0][0]["kind"] == "gan_sampler.drawn"


def test_strangers_are_turned_away(slow: Slow) -> None:
    token = sheets.REGISTRY.register(VISITOR, subject())

    class Stranger(Line):
        def __init__(self, visitor: str, origin: str) -> None:
            super().__init__()
            self.path_params = {"token": token}
            self.cookies = {"playground_visitor": visitor}
            self.headers = {"origin": origin, "host": "here"}

        async def accept(self) -> None:
            return

    async def turned(visitor: str, origin: str) -> int:
        line = Stranger(visitor, origin)
        line.say(None)
        ws: Any = line
        await sheets.paint(ws)
        return line.code

    assert asyncio.run(turned(VISITOR, "http://here")) == 0
    assert asyncio.run(turned("another-another-anothe", "http://here")) == 4404
    assert asyncio.run(turned(VISITOR, "http://elsewhere")) == 4403


def test_a_row_that_somebody_types_is_read_or_refused_in_words() -> None:
    assert gan_latents.typed("[1, -2.5;\n3e-1]", 3, 10) == [1, -2.5, 0.3]
    for text, words in (
        ("1, 2", "2 numbers were given"),
        ("1 2 x", "'x', is not a number"),
        ("1 nan 2", "Number 2"),
        ("1 2 1e9", "1e9"),
    ):
        with pytest.raises(PlaygroundError, match=words):
            gan_latents.typed(text, 3, 10)


def test_what_the_link_holds_reads_back() -> None:
    text = "1~5~2~0.5_-1.25~3_0.1_9_-2,4~0"
    spec = GANSamplerSpec(pins=text, edits="0~1_0.5,12~63_-3", moves=(0.5, -1.0)).checked()
    again, problems = GANSamplerSpec.from_query(spec.to_query())
    assert not problems
    assert again == spec
    assert ",".join(map(str, spec.pinned())) == text
    long = ",".join(f"{index}~" + "_".join(f"{k}_0.25" for k in range(64)) for index in range(8))
    assert len(long) > 3000
    assert GANSamplerSpec.from_query({"edits": long})[0].edits == long, "a long link is not cut"


def test_directions_that_are_still_being_found_are_waited_for(slow: Slow) -> None:
    line, known = Line(), subject()
    early = Subject(known.card, known.whose, known.pair)

    async def told() -> None:
        line.say(message(moves=[2.0]))
        await line.until(1)
        sheets.REGISTRY.register(VISITOR, known)
        await line.until(2)

    serve(line, told, early)
    assert [header["kind"] for header, _ in line.sent] == ["gan_sampler.waiting", "gan_sampler.drawn"]
    assert np.allclose(slow.asked[0].latents[:, 0], drawn(known.pair, 1, 9)[:, 0] + 2)


def test_a_place_that_is_being_left_is_taken(slow: Slow) -> None:
    async def both() -> tuple[bool, bool]:
        token = sheets.REGISTRY.register(VISITOR, subject())
        for _ in range(sheets.SOCKETS):
            assert sheets.REGISTRY.enter(token)
        waiting = asyncio.create_task(sheets._entered(token))
        await asyncio.sleep(0)
        at_once = waiting.done()
        sheets.REGISTRY.leave(token)
        return at_once, await waiting

    assert asyncio.run(both()) == (False, True)


def test_a_browser_that_vanishes_while_it_is_painted_for_is_no_defect(
    slow: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    class Vanishing(Line):
        error: Exception = WebSocketDisconnect(1006)

        async def send_bytes(self, content: bytes) -> None:
            self.sent.append(unpack(content))
            raise self.error

    class Broken(Vanishing):
        error = RuntimeError("a defect")

    for line, said in ((Vanishing(), 0), (Broken(), 1)):

        async def told(line: Line = line) -> None:
            line.say(message())
            await line.until(1)
            await asyncio.sleep(0.02)

        serve(line, told)
        assert len(caplog.records) == said
