"""The same object from frame to frame: counted once, kept through a gap and a weak frame, told apart where two pass each other."""

from __future__ import annotations

from playground.core.detection import Moment, Thing
from playground.data import objects
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
    frames = [[thing(20 + 4 * k)] for k in range(5)]
    for k in (1, 2, 3):
        frames[k].append(thing(200 + 4 * k))
    for k in (2, 3):  # seen twice is too little
        frames[k].append(thing(400 + 4 * k))
    moments = followed(frames)
    assert numbers(moments) == [[1], [1, 2], [1, 2, 0], [1, 2, 0], [1]]
    assert counted(moments) == (("ball", 2),)


def test_a_gap_and_a_frame_that_is_less_sure_cost_no_number() -> None:
    frames = [[thing(20 + 4 * k)] for k in range(10)]
    frames[4] = []
    frames[7] = [thing(48, score=0.15)]
    moments = followed(frames)
    assert counted(moments) == (("ball", 1),)
    assert moments[7].things == (), "what is not sure enough is not shown"
    assert numbers(moments)[8] == [1]


def test_a_class_that_flickers_is_one_track_under_the_class_that_its_frames_say_most() -> None:
    frames = [[thing(20 + 4 * k, label="cup" if k in (0, 3) else "ball")] for k in range(8)]
    moments = followed(frames)
    assert counted(moments) == (("ball", 1),)
    assert numbers(moments) == [[1]] * 8
    assert moments[3].things[0].label == "cup", "what the network said of a frame stays what it was"
    assert objects.called(moments) == {1: ("ball", 0)}


def test_a_vote_weighs_as_much_as_the_network_is_sure() -> None:
    frames = [[thing(20 + 4 * k, label="cup" if k < 4 else "ball", score=0.3 if k < 4 else 0.9)] for k in range(7)]
    assert counted(followed(frames)) == (("ball", 1),), "four frames of 0.3 say less than three of 0.9"


def test_two_names_at_one_place_are_one_object_and_the_surer_one_stays() -> None:
    frames = [[thing(20 + 4 * k), thing(22 + 4 * k, label="cup", score=0.5), thing(200)] for k in range(5)]
    moments = followed(frames)
    assert numbers(moments) == [[1, 2]] * 5
    assert counted(moments) == (("ball", 2),)


def test_frames_are_written_under_the_class_so_far_with_their_own_in_brackets() -> None:
    tracks = Tracks(5.0, 0.25)
    written = []
    for k in range(5):
        found = tracks.follow([thing(20 + 4 * k, label="cup" if k == 3 else "ball")])
        written += [(one.label, one.index, one.track) for one in tracks.written(found)]
    ball = ("ball", 0, 1)
    assert written == [("ball", 0, 0), ("ball", 0, 0), ball, ("ball (cup)", 0, 1), ball]


def test_an_empty_clip_and_boxes_without_size_are_no_trouble() -> None:
    assert counted(followed([[], [], []])) == ()
    assert numbers(followed([[thing(5, size=0.0)], [thing(5, size=0.0)]])) == [[0], [0]]
