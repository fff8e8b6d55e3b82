"""The tab Video: ours looked through at once, one's own in its place, progress, stopping, what was changed since, downloads."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.catalog.card import Card
from playground.core.detection import Film, Filmed, Moment, Thing
from playground.core.errors import InputError
from playground.core.progress import Progress
from playground.data import objects
from playground.jobs.asked import Asked, settled
from playground.jobs.inference_messages import Refusal
from playground.specs.detection import DetectionSpec
from playground.ui import provider
from playground.ui.parts import detection_video as part
from playground.ui.parts import detection_video_words as words
from tests.pages.test_classification import component

MP4 = part.EXAMPLE.read_bytes()


def thing(label: str, track: int, x: float = 10.0) -> Thing:
    return Thing(label, 1 if label == "cup" else 0, 0.9, (x, 20.0, x + 30, 60.0), track=track)


FILMED = Filmed(
    MP4,
    (
        Moment(0.0, (thing("ball", 1), thing("ball", 2, 50), thing("cup", 0, 90))),
        Moment(0.2, (thing("ball", 1, 12), thing("ball", 2, 52))),
        Moment(0.4, (thing("ball", 2, 54),)),
    ),
    (("ball", 2),), 0.6, 5.0, 320, 240, 1.5, "CPU", "PyTorch", ("Parts of the file are broken and were left out.",),
)  # fmt: skip


class Worker:
    """Answers when it is told to."""

    waiting, ready = 0, True

    def __init__(self) -> None:
        self.asked: list[Film] = []
        self.stopped: list[Film] = []
        self.outcome: Any = FILMED

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        assert task == "film", "nothing else is asked here"
        self.asked.append(question)
        if self.outcome is not None:
            return settled(self.outcome, visitor)
        held = Asked(visitor)
        held.tell = lambda _: Progress("Frame 40 of 150, about 12 s left", 0.27)
        held.leave = lambda _: self.stopped.append(question)
        return held

    def stop(self, seconds: float = 2.0) -> None:
        pass


@pytest.fixture
def worker() -> Worker:
    made = Worker()
    provider.use_inference(made)  # type: ignore[arg-type]
    return made


def script() -> None:
    """A page with nothing but the tab."""
    from playground.data.examples import EXAMPLES
    from playground.specs.detection import DetectionSpec
    from playground.ui import asking, controls, provider
    from playground.ui.parts import detection_video

    spec = controls.begin(DetectionSpec, "detection")
    photo = next(iter(EXAMPLES.values())).photo()
    detection_video.show(photo, provider.catalog()["starter_scenes"], spec, "detection")
    asking.look_again()


def opened() -> AppTest:
    return AppTest.from_function(script, default_timeout=30).run()


def errors(page: AppTest) -> list[str]:
    return [*(item.message for item in page.exception), *(item.value.replace("\\", "") for item in page.error)]


def button(page: AppTest, name: str) -> Any:
    return next(one for one in page.button if one.label == name)


def test_it_opens_with_a_clip_of_ours_looked_through(worker: Worker) -> None:
    page = opened()
    assert errors(page) == []
    assert {question.name for question in worker.asked} == {"shapes.mp4"}
    first = worker.asked[0]
    assert (first.rate, first.seconds, first.megapixels, first.thresholds.confidence) == (5.0, 60.0, 9.0, 0.25)
    told = " ".join(item.value for item in page.markdown)
    assert "Two tracks of at least three frames: 2 × “ball”." in told
    assert "At most three boxes are in sight at once, first at 0.0 s" in told
    assert "3 frames, 5 a second of 0.6 s" in page.caption[-1].value.replace("\\", "")
    assert "Parts of the file are broken" in page.caption[-1].value
    line = component(page, "timeline")
    assert [(row["name"], row["followed"], row["counts"]) for row in line["rows"]] == [
        ("ball", 2, [2, 2, 1]),
        ("cup", 0, [1, 0, 0]),
    ]
    assert line["lives"] == [[1, "ball", 0.0, 0.2, 2], [2, "ball", 0.0, 0.4, 3]]
    assert not [one for one in page.button if one.label in ("Stop", "Look again")], "it is as the controls stand"


def test_a_track_is_one_row_whatever_single_frames_call_it() -> None:
    flickers = [thing("cup" if k == 1 else "ball", 1, 10 + 2 * k) for k in range(4)]
    moments = tuple(Moment(k / 5, (one,)) for k, one in enumerate(flickers))
    filmed = Filmed(MP4, moments, (("ball", 1),), 0.8, 5.0, 320, 240, 1.5, "CPU", "PyTorch")
    line = words.timeline(filmed)
    assert [(row["name"], row["followed"], row["counts"]) for row in line["rows"]] == [("ball", 1, [1, 1, 1, 1])]
    assert line["lives"] == [[1, "ball", 0.0, 0.6, 4]]
    rows = list(csv.DictReader(io.StringIO(objects.table([objects.clip("a.mp4", "made", filmed)]))))
    assert [(row["label"], row["track_class"]) for row in rows][:2] == [("ball", "ball"), ("cup", "ball")]


def test_nothing_of_another_clip_stays_while_a_new_one_is_looked_through(worker: Worker) -> None:
    page = opened()
    worker.outcome = None
    page.file_uploader[0].set_value(("mine.mp4", MP4 + b"!", "video/mp4")).run()
    assert errors(page) == []
    assert page.get("progress") and not page.get("video") and not page.get("download_button")
    assert not [item for item in page.markdown if "tracks" in item.value]
    with pytest.raises((AssertionError, StopIteration, ValueError)):
        component(page, "timeline")
    button(page, "Stop").click().run()
    assert not page.get("video") and "mine.mp4" in page.caption[-1].value.replace("\\", "")
    worker.outcome = FILMED
    button(page, "Look through it").click().run()
    assert component(page, "timeline")["rows"] and page.get("video")


def test_our_clip_says_which_model_it_was_drawn_for_where_another_looks() -> None:
    cards = provider.catalog()
    kites = Filmed(MP4, (Moment(0.0, (thing("kite", 0),)),), (), 0.1, 5.0, 32, 32, 0.1, "CPU", "PyTorch")
    assert "was drawn for “Starter: digits and shapes”" in words.drawn_for(kites, cards["yolo11n"]).replace("\\", "")
    assert words.drawn_for(kites, cards["starter_scenes"]) == ""


def test_while_it_is_looked_through_it_says_how_far_and_can_be_stopped(worker: Worker) -> None:
    worker.outcome = None
    page = opened()
    (bar,) = page.get("progress")
    assert (bar.proto.value, bar.proto.text) == (27, r"Frame 40 of 150, about 12 s left")
    button(page, "Stop").click().run()
    assert worker.stopped
    assert not page.get("progress")
    worker.outcome = FILMED
    button(page, "Look through it").click().run()
    assert errors(page) == []
    assert component(page, "timeline")["rows"]


def test_a_changed_control_asks_nothing_until_the_button_is_pressed(worker: Worker) -> None:
    page = opened()
    before = len(worker.asked)
    page.session_state["playground.ui.controls.Edited/detection"].spec = DetectionSpec(confidence=0.6)
    page.run()
    assert len(worker.asked) == before
    assert component(page, "timeline")["rows"], "the last answer stays"
    button(page, "Look again").click().run()
    assert worker.asked[-1].thresholds.confidence == 0.6


def test_ones_own_clip_is_kept_apart_looked_through_and_gone_when_it_is_replaced(
    worker: Worker, tmp_path: Path
) -> None:
    page = opened()
    page.file_uploader[0].set_value(("my walk.mp4", MP4, "video/mp4")).run()
    assert errors(page) == []
    first = worker.asked[-1]
    assert first.name == "my walk.mp4"
    assert Path(first.path).read_bytes() == MP4
    assert "walk" not in first.path and Path(first.path).is_relative_to(tmp_path / "clips")
    page.file_uploader[0].set_value(("other.mp4", MP4 + b"!", "video/mp4")).run()
    assert worker.asked[-1].name == "other.mp4"
    assert not Path(first.path).exists()
    Path(worker.asked[-1].path).unlink()
    page.run()
    assert "not kept here any more" in errors(page)[0]
    button(page, "Look through it").click().run()
    assert worker.asked[-1].name == "shapes.mp4"
    assert errors(page) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("dance.mp4", b"GIF89a" + bytes(50), "dance.mp4 is an animated picture (GIF)"),
        ("empty.mp4", b"", "empty.mp4 is empty"),
    ],
)
def test_what_is_no_clip_is_said_and_the_last_answer_stays(
    worker: Worker, name: str, content: bytes, said: str
) -> None:
    page = opened()
    page.file_uploader[0].set_value((name, content, "video/mp4")).run()
    assert said in errors(page)[0]
    assert {question.name for question in worker.asked} == {"shapes.mp4"}
    assert component(page, "timeline")["rows"]


def test_what_the_worker_refuses_is_said(worker: Worker) -> None:
    worker.outcome = Refusal(InputError.__name__, "song.mp4 has sound but no picture: there is nothing to look at.")
    page = opened()
    assert errors(page) == ["song.mp4 has sound but no picture: there is nothing to look at."]
    asked = len(worker.asked)
    page.run()
    assert len(worker.asked) == asked, "it is not tried again by itself"


def test_downloads_hold_every_frame() -> None:
    rows = list(csv.DictReader(io.StringIO(objects.table([objects.clip("=walk.mp4", "made", FILMED)]))))
    assert [(row["at"], row["track"], row["label"], row["left"]) for row in rows][:3] == [
        ("0.0", "1", "ball", "10.00"),
        ("0.0", "2", "ball", "50.00"),
        ("0.0", "", "cup", "90.00"),
    ]
    assert len(rows) == 6
    assert not rows[0]["file"].startswith("=")
    told = objects.clip("walk.mp4", "made", FILMED)
    assert told["tracks"] == {"ball": 2}
    assert [len(one["predictions"]) for one in told["frames"]] == [3, 2, 1]
    assert "track" not in told["frames"][0]["predictions"][2]


def test_words_for_a_clip_without_anything() -> None:
    card = provider.catalog()["starter_scenes"]
    empty = Filmed(MP4, (Moment(0.0, ()),), (), 0.1, 5.0, 32, 32, 0.1, "CPU", "PyTorch")
    assert "ten digits and eight shapes" in words.what_you_see(empty, card)
    assert words.timeline(empty)["rows"] == []
    once = Filmed(MP4, (Moment(0.0, (thing("cup", 0),)),), (), 0.1, 5.0, 32, 32, 0.1, "CPU", "PyTorch")
    assert "in fewer than three frames" in words.what_you_see(once, card)
