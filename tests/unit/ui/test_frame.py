"""The frame's own parts: navigation, lessons, visitors, origins, sliders, source."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from playground.specs.bounds import Range
from playground.specs.mlp import MLPSpec
from playground.ui import assets, nav, page
from playground.ui.controls import log_steps
from playground.ui.lesson import Lesson
from playground.ui.parts.home import EXPERIMENTS
from playground.ui.parts.mlp import command, what_you_see
from playground.ui.visitors import COOKIE, SECURITY_HEADERS, VisitorMiddleware, from_cookies, same_origin
from playground.ui.words import plain


def test_pages_are_found_in_menu_order() -> None:
    found = nav.discover()
    assert [page.section for page in found] == sorted((page.section for page in found), key=nav.SECTIONS.index)
    assert {"home", "mlp"} <= {page.name for page in found}
    assert all(page.icon.startswith(":material/") for page in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"""T\n\nTry it."""\nSECTION = "Train"\n', "has no ICON, ORDER"),
        ('"""T"""\nSECTION = "Train"\nORDER = 1\nICON = ":material/hub:"\n', "needs a docstring"),
        ('"""T\n\nTry it."""\nSECTION = "Trains"\nORDER = 1\nICON = ":material/hub:"\n', "section 'Trains'"),
    ],
)
def test_a_page_without_a_proper_header_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "odd.py"
    path.write_text(text)
    with pytest.raises(ValueError, match="odd.py") as caught:
        nav.read_header(path)
    assert words in str(caught.value)


def test_a_lesson_survives_its_own_link() -> None:
    lesson = Lesson(
        frozenset({"lr", "noise"}), frozenset({"hidden"}), "A & B?", "Why?", present=True, all_controls=True
    )
    assert Lesson.from_query(lesson.to_query()) == lesson
    assert Lesson().to_query() == {}
    assert len(Lesson.from_query({"title": "x" * 10_000}).title) == 300


def test_text_from_a_link_is_taken_literally() -> None:
    assert plain("<b>[x](javascript:1)</b> $1$ :material/home:").count("\\") >= 12
    assert "\n" not in plain("a\n\n# b")
    for address in ("https://evil.example", "www.evil.example", "me@evil.example"):
        assert re.search(r"https?:\\?//|www\\?\.|@\w", plain(address)) is None


def test_source_is_parsed_by_many_threads_at_once() -> None:
    page.source_of.cache_clear()
    with ThreadPoolExecutor(16) as pool:
        texts = list(pool.map(lambda _: nav.parse(Path(page.__file__).read_text()), range(64)))
    assert len(texts) == 64


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://a.org", "a.org", True),
        ("https://a.org:8501", "a.org:8501", True),
        ("http://evil.org", "a.org", False),
        ("http://a.org.evil.org", "a.org", False),
        ("null", "a.org", False),
        (None, "a.org", False),
        ("http://a.org", None, False),
    ],
)
def test_only_pages_of_this_site_may_open_a_socket(origin: str | None, host: str | None, same: bool) -> None:
    assert same_origin(origin, host) is same


@pytest.mark.parametrize("value", ["", "short", "x" * 23, "../../../../etc/passwd", "a" * 21 + "\n"])
def test_a_malformed_cookie_is_no_visitor(value: str) -> None:
    assert from_cookies({COOKIE: value}) is None


def answer(content_type: str, cookie: str = "", scheme: str = "http") -> dict[str, list[str]]:
    """The headers that the middleware lets out for one request."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type.encode())]}
        )

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    headers = [(b"cookie", cookie.encode())] if cookie else []
    scope = {"type": "http", "path": "/", "headers": headers, "scheme": scheme}
    asyncio.run(VisitorMiddleware(app)(scope, receive, send))
    found: dict[str, list[str]] = {}
    for name, value in sent[0]["headers"]:
        found.setdefault(name.decode(), []).append(value.decode())
    return found


def test_a_first_visit_gets_a_cookie_of_its_own() -> None:
    first, second = answer("text/html"), answer("text/html")
    assert first["set-cookie"] != second["set-cookie"]
    assert "HttpOnly" in first["set-cookie"][0]
    assert "SameSite=Lax" in first["set-cookie"][0]
    assert "Secure" not in first["set-cookie"][0]
    assert "Secure" in answer("text/html", scheme="https")["set-cookie"][0]
    name, value = first["set-cookie"][0].split(";")[0].split("=")
    assert from_cookies({name: value}) == value
    assert "set-cookie" not in answer("text/html", cookie=f"{name}={value}")
    assert "set-cookie" not in answer("application/javascript")


@pytest.mark.parametrize("other", ["a@b=1", "a/b=2", '{"x":1}', "bad key", "expires=1", "="])
def test_foreign_cookies_do_not_cost_a_visitor_theirs(other: str) -> None:
    assert "set-cookie" not in answer("text/html", cookie=f"{other}; {COOKIE}={'v' * 22}")
    assert "set-cookie" in answer("text/html", cookie=other)


def test_every_answer_has_the_security_headers() -> None:
    headers = answer("application/json")
    for name in SECURITY_HEADERS:
        assert name.lower() in headers


def test_log_steps_hold_bounds_value_and_zero() -> None:
    lr = MLPSpec.bounds()["lr"]
    assert isinstance(lr, Range)
    stops = log_steps(lr, 10, 0.02)
    assert stops[0] == 1e-5
    assert stops[-1] == 10
    assert {0.02, 0.03, 0.1, 0.003} <= set(stops)
    l2 = MLPSpec.bounds()["l2"]
    assert isinstance(l2, Range)
    assert log_steps(l2, 10, 0.0)[:3] == [0.0, 1e-4, 3e-4]
    epochs = MLPSpec.bounds()["epochs"]
    assert isinstance(epochs, Range)
    assert all(isinstance(stop, int) for stop in log_steps(epochs, 1e6, 10_000))


def test_source_is_found_without_importing_its_module() -> None:
    text = page.source_of("playground.engine.torch", "TorchEngine.step")
    assert text.lstrip().startswith("def step(")
    with pytest.raises(ValueError, match="no nonsense"):
        page.source_of("playground.engine.torch", "nonsense")


def test_the_browser_modules_have_one_version() -> None:
    assert len(assets.version()) == 12
    assert assets.mount().path == f"/assets/{assets.version()}"


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda one: one.title)
def test_every_card_is_a_valid_experiment_with_words_for_it(experiment: Any) -> None:
    assert experiment.spec.checked("public") == experiment.spec
    assert len(what_you_see(experiment.spec)) > 60


def test_the_command_line_says_only_what_differs() -> None:
    assert command(MLPSpec()) == "playground run mlp --json"
    line = command(MLPSpec(dataset="spiral", hidden=(8, 8, 8), lr=0.1))
    assert line == "playground run mlp --dataset spiral --hidden 8,8,8 --lr 0.1 --json"
