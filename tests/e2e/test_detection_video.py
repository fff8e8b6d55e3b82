"""Clips in a real browser with a real worker: ours at once, one's own good and bad, the time line, downloads, a phone."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.data.clips import is_clip
from playground.ui.parts.detection_video import EXAMPLE
from tests.e2e.support import PHONE, Visitor

Arrive = Callable[..., Visitor]
SETTINGS = {"PLAYGROUND_OFFLINE": "1", "PLAYGROUND_VIDEO_MEGABYTES": "1"}
BUSY = 240.0
"""Seconds that a busy machine may take over a clip; an idle one takes five."""
THERE = {"3", "7", "circle", "square", "star", "heart"}


def opened(visitor: Visitor) -> Any:
    """The tab with a clip of ours looked through."""
    page = visitor.go("/detection?model=starter_scenes")
    page.get_by_role("tab", name="Video").click()
    looked_through(visitor)
    return page


def looked_through(visitor: Visitor) -> None:
    page = visitor.page
    visitor.until(lambda: page.get_by_role("button", name="Stop").count() == 0, "nothing is under way", BUSY)
    visitor.until(lambda: page.get_by_test_id("timeline").count() == 1, "the clip is looked through", BUSY)
    visitor.settle()
    page.wait_for_function("document.querySelector('video')?.readyState > 0")


def followed(visitor: Visitor) -> dict[str, str]:
    """What each row of the time line says."""
    rows = visitor.page.get_by_test_id("timeline").locator(".name:has(b)")
    return {row.locator("b").inner_text(): row.locator("small").inner_text() for row in rows.all()}


def download(visitor: Visitor, name: str) -> bytes:
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


DROPPED = """(zone, [name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name, { type: "video/mp4" }));
    for (const kind of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(kind, { bubbles: true, composed: true, cancelable: true, dataTransfer }));
}"""


def bring(visitor: Visitor, name: str, content: bytes, *, drop: bool = False) -> None:
    """Hand over a clip; its uploader closes by itself once it has come."""
    page = visitor.page
    page.get_by_role("button", name="Your own clip").click()
    uploader = page.get_by_test_id("stPopoverBody")
    uploader.wait_for()
    visitor.settle()  # Streamlit would lose a file that is handed over as a run begins
    if drop:
        zone = uploader.get_by_test_id("stFileUploaderDropzone")
        zone.evaluate(DROPPED, [name, base64.b64encode(content).decode()])
    else:
        uploader.locator("input[type=file]").set_input_files({"name": name, "mimeType": "video/mp4", "buffer": content})
    uploader.wait_for(state="hidden")


def test_a_clip_is_looked_through_played_and_taken_along_and_so_is_ones_own(arrive: Arrive, tmp_path: Path) -> None:
    visitor = arrive()
    page = opened(visitor)
    visitor.shoot("video")
    found = followed(visitor)
    assert {name for name, words in found.items() if words == "1 track"} >= THERE
    # The clip plays in the browser, and the time line goes with it both ways.
    line = page.get_by_test_id("timeline")
    assert page.evaluate("document.querySelector('video').duration") > 5
    page.evaluate("document.querySelector('video').currentTime = 3")
    visitor.until(lambda: abs(float(line.get_attribute("data-at")) - 3) < 0.05, "the time line follows the clip")
    box = line.locator(".track").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 / 3, box["y"] + 10)
    visitor.until(
        lambda: abs(page.evaluate("document.querySelector('video').currentTime") - 1) < 0.1, "the clip follows"
    )
    line.get_by_text("Every track").click()
    lives = line.get_by_test_id("lives").locator("tbody tr").all_inner_texts()
    assert len(lives) >= len(THERE)
    # Downloads hold what is shown.
    clip = tmp_path / "taken.mp4"
    clip.write_bytes(download(visitor, "MP4"))
    assert is_clip(clip)
    rows = list(csv.DictReader(io.StringIO(download(visitor, "CSV").decode("utf-8-sig"))))
    assert {row["label"] for row in rows} >= THERE
    told = json.loads(download(visitor, "JSON"))
    assert (len(told["frames"]), told["width"]) == (30, 480)
    assert set(told["tracks"]) >= THERE
    # One's own: a bad one is said and changes nothing, a good one takes ours' place.
    bring(visitor, "bad.mp4", b"GIF89a" + bytes(99))
    visitor.until(lambda: "bad.mp4 is an animated picture" in visitor.warnings(), "it is said what is wrong")
    assert followed(visitor) == found
    visitor.shoot("video-bad")
    bring(visitor, "mine.mp4", EXAMPLE.read_bytes() + bytes(8), drop=True)
    visitor.until(lambda: page.get_by_role("radio", name="mine.mp4").count() > 0, "it has come")
    assert "tab=video" in page.url, "the link holds the open tab"
    assert visitor.warnings() == ""
    looked_through(visitor)
    visitor.shoot("video-own")
    assert {name for name, words in followed(visitor).items() if words == "1 track"} >= THERE
    kept = list((visitor.server.log.parent / "clips").rglob("*"))
    assert sum(path.is_file() for path in kept) == 1
    assert not any("mine" in path.name for path in kept)


def test_on_a_phone_nothing_goes_sideways(arrive: Arrive) -> None:
    visitor = arrive(viewport=PHONE, has_touch=True)
    page = opened(visitor)
    visitor.shoot("video-phone")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"]
    assert followed(visitor).keys() >= THERE
