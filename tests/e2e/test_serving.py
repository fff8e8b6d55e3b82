"""How it is served: both entries, from any folder, headers, cookie, health, no torch, both colour schemes, words for ears."""

from __future__ import annotations

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

import playground
from tests.e2e.support import Server, Visitor

Arrive = Callable[..., Visitor]

SETTINGS: dict[str, str] = {}  # a server of its own: a test looks at what its process holds
ENTRY = Path(playground.__file__).parent / "ui" / "app.py"
STREAMLIT = (
    sys.executable,
    "-m",
    "streamlit",
    "run",
    str(ENTRY),
    "--server.address",
    "127.0.0.1",
    "--server.port",
    "{port}",
)


def test_the_web_process_never_loads_torch(arrive: Arrive, server: Server) -> None:
    visitor = arrive()
    visitor.go("/")
    visitor.open("/mlp?dataset=iris")
    visitor.play(epochs=2)
    assert "libtorch" not in server.libraries()
    assert "torch/_C" not in server.libraries()
    (worker,) = server.trainers()
    assert "libtorch" in Path(f"/proc/{worker}/maps").read_text()  # there it must be: this test can fail


def test_streamlit_run_serves_the_same_app(arrive: Arrive, tmp_path: Path) -> None:
    hosted = Server(tmp_path, STREAMLIT, folder=tmp_path)
    try:
        assert hosted.health()["status"] == "ok"
        visitor = arrive(hosted)
        page = visitor.open("/mlp")
        assert page.locator("h1").inner_text() == "Multilayer perceptron"
        assert page.get_by_test_id("stTopNavLink").first.is_visible()
        assert page.get_by_test_id("stSidebarNav").count() == 0
        visitor.play(epochs=2)
        assert hosted.health()["training"] == 1
        assert "libtorch" not in hosted.libraries()
    finally:
        hosted.stop()


def test_it_serves_from_any_folder(arrive: Arrive, tmp_path: Path) -> None:
    elsewhere = Server(tmp_path, folder=tmp_path)
    try:
        visitor = arrive(elsewhere)
        page = visitor.open("/mlp")
        # The theme lies beside the script and not in the folder it was started from.
        assert (
            page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).color") == "rgb(27, 31, 36)"
        )
        assert not (tmp_path / "models_cache").exists()
    finally:
        elsewhere.stop()


def test_health_headers_and_cookie(server: Server) -> None:
    health = server.health()
    assert health["status"] == "ok"
    assert re.fullmatch(r"\d+\.\d+\.\d+", health["version"])
    assert {"training", "places_taken", "places", "waiting"} <= set(health)
    for path in ("/", "/healthz", "/mlp"):
        with urllib.request.urlopen(server.url + path, timeout=60) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "object-src 'none'" in policy
        cookie = headers["Set-Cookie"] or ""
        assert cookie.startswith("playground_visitor=") == (path != "/healthz")
        if cookie:
            assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
            assert "Secure" not in cookie  # plain HTTP here; behind HTTPS it is set
    behind = urllib.request.Request(server.url + "/", headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(behind, timeout=60) as answer:
        assert "Secure" in answer.headers["Set-Cookie"]


def test_a_visitor_keeps_the_cookie_and_scripts_cannot_read_it(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.go("/mlp")
    first = visitor.cookie()
    assert "playground_visitor" not in page.evaluate("document.cookie")
    visitor.go("/")
    assert visitor.cookie() == first


@pytest.mark.parametrize("path", ["/assets/x/mlp.js", "/live/x", "/assets/../core/settings.py", "/nothing/here"])
def test_what_is_not_there_is_not_served(server: Server, path: str) -> None:
    try:
        with urllib.request.urlopen(server.url + path, timeout=60) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as error:
        text = f"<title>{error.code}" if error.code in (400, 403, 404, 405) else ""
    assert "<title>" in text  # Streamlit answers unknown pages with its front end, never with a file of ours
    assert "class Settings" not in text


def test_the_picture_is_told_in_words_that_change(arrive: Arrive) -> None:
    visitor = arrive()
    # The page is slow here, and its clock with it: as if all were drawn within the first moments of a quick machine.
    visitor.page.add_init_script(
        "window.lag = 1000; const now = performance.now.bind(performance); performance.now = () => now() / window.lag;"
    )
    page = visitor.open("/mlp?lr=0.1")
    spoken = page.get_by_test_id("alt")
    visitor.until(lambda: spoken.inner_text() != "", "something is said of the first picture", seconds=20)
    page.evaluate("window.lag = 1")
    before = spoken.inner_text()
    assert spoken.get_attribute("aria-live") == "polite"
    visitor.play(epochs=20)
    visitor.pause()
    visitor.until(lambda: spoken.inner_text() != before, "something else is said")
    visitor.until(lambda: str(visitor.epoch()) in spoken.inner_text().replace(",", ""), "the epoch at rest is said")
    labels = visitor.root().evaluate(
        "root => [...root.querySelectorAll('canvas:not([aria-hidden])')].map(c => c.getAttribute('aria-label'))"
    )
    assert len(labels) >= 3
    assert all(labels)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_are_drawn(arrive: Arrive, scheme: str) -> None:
    visitor = arrive(color_scheme=scheme)
    page = visitor.open("/mlp")
    visitor.play(epochs=20)
    visitor.pause()
    assert visitor.root().get_attribute("data-theme") == scheme
    ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}[scheme]
    assert all(colours > 50 for colours, _ in visitor.pixels())
    visitor.shoot(f"mlp-trained-1280-{scheme}")
    visitor.go("/mlp?present=1")
    visitor.await_picture()
    visitor.shoot(f"mlp-present-1280-{scheme}")
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.go("/mlp")
    visitor.await_picture()
    visitor.shoot(f"mlp-390-{scheme}")
    page.set_viewport_size({"width": 1280, "height": 720})
    visitor.go("/")
    visitor.shoot(f"home-1280-{scheme}")
