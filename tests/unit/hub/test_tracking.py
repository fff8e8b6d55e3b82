"""The same object from frame to frame: counted once, kept through a gap and a weak frame, told apart where two pass each other."""

from __future__ import annotations

from playground.core.detection import Moment, Thing
from playground.hub.tracking import Tracks, counted


def thing(x: float, y: float = 50.0, score: float = 0.9, label: str = "ball", size: float = 40.0) -> Thing:
    return Thing(label, {"ball": 0, "cup": 1}[label], score, (x, y, x + size, y + size))


def followed(frames: list[list[Thing]], confidence: float = 0.25) -> tuple[Moment, ...]:
    tracks = Tracks(5.0, confidence)
    moments = [Moment(k / 5, tracks.follow(things)) for k, things in enumerate(frames)]
    return tracks.settled(moments)


def numbers(moments: tuple[Moment, ...]) -> list[list[int]]:
    return [[one.track for one in moment.things] for moment in moments]


def test_two_that_pass_each_other_are_two() -> None:
    frames = [[thing(20 + 16 * k), thing(300 - 16 * k, y=62)] for k in range(18)]
    moments = followed(frames)
    assert numbers(moments) == [[1, 2]] * 18
    assert counted(moments) == (("ball", 2),)


def test_numbers_begin_at_the_first_frame_of_each_and_what_is_seen_once_has_none() -> None:
    frames = [[thing(20)], [thing(24), thing(200)], [thing(28), thing(204), thing(400)], [thing(32), thing(208)]]
    moments = followed(frames)
    assert numbers(moments) == [[1], [1, 2], [1, 2, 0], [1, 2]]
    assert counted(moments) == (("ball", 2),)


def test_a_gap_and_a_frame_that_is_less_sure_cost_no_number() -> None:
    frames = [[thing(20 + 4 * k)] for k in range(10)]
    frames[4] = []
    frames[7] = [thing(48, score=0.15)]
    moments = followed(frames)
    assert counted(moments) == (("ball", 1),)
    assert moments[7].things == (), "what is not sure enough is not shown"
    assert numbers(moments)[8] == [1]


def test_an_object_counts_as_what_it_is_called_most_often() -> None:
    frames = [[thing(20 + 4 * k, label="cup" if k == 3 else "ball")] for k in range(8)]
    moments = followed(frames)
    assert counted(moments) == (("ball", 1),)
    assert moments[3].things[0].label == "cup"


def test_an_empty_clip_and_boxes_without_size_are_no_trouble() -> None:
    assert counted(followed([[], [], []])) == ()
    assert numbers(followed([[thing(5, size=0.0)], [thing(5, size=0.0)]])) == [[0], [0]]
