"""What a run was told and has not done yet: order kept, floods brought down to the newest of a kind."""

from __future__ import annotations

from playground.core.events import Change, Command, Dissect, Edit, Look, OpenTest, Restore
from playground.jobs import messages as m
from playground.jobs.inbox import Inbox
from tests.unit.jobs.toy import ToySpec


def tell(command: Command, turn: int = 1) -> m.Request:
    assert isinstance(command, m.Ask)
    return m.Tell("a", turn, command)


def left(*requests: m.Request) -> list[m.Request]:
    """What is left of these when they are carried out."""
    inbox = Inbox()
    for request in requests:
        inbox.put(request)
    assert len(inbox) <= len(requests)
    taken = []
    while (request_ := inbox.take()) is not None:
        taken.append(request_)
    assert not inbox
    return taken


def test_what_moves_or_changes_a_run_is_never_dropped_and_keeps_its_order() -> None:
    requests: list[m.Request] = [
        m.Play("a", 1), m.Pause("a", 1), m.Play("a", 1), m.Advance("a", 1, "step"), m.Advance("a", 1, "step"),
        tell(Change({"lr": 1})), tell(Change({"lr": 2})), tell(Restore()), tell(Restore()), m.Keep("a", 1), m.Keep("a", 1),
    ]  # fmt: skip
    assert left(*requests) == requests


def test_of_a_flood_the_newest_of_each_kind_is_left_at_its_own_place() -> None:
    flood = [tell(one) for _ in range(1000) for one in (Dissect(), OpenTest())]
    assert left(*flood, m.Advance("a", 1, "step"), tell(Dissect())) == [
        tell(OpenTest()), m.Advance("a", 1, "step"), tell(Dissect()),
    ]  # fmt: skip
    speeds = [m.Speed("a", 1, value) for value in (1.0, 2.0, 3.0)]
    assert left(*speeds) == speeds[-1:]


def test_what_a_later_wish_does_not_say_is_kept_of_the_earlier_one() -> None:
    assert left(m.Want("a", 1, True), m.Want("a", 1)) == [m.Want("a", 1, True)]
    looks = [tell(Look({"focus": [0, 1]})), tell(Look({"axes": [0, 1]})), tell(Look({"focus": None}))]
    assert left(*looks) == [tell(Look({"focus": None, "axes": [0, 1]}))]
    edits = [Edit(0, 0, None, 1.0), Edit(0, 0, 1, 2.0), Edit(0, 0, None, 3.0)]
    assert left(*map(tell, edits)) == [tell(edits[1]), tell(edits[2])]


def test_a_new_beginning_voids_what_came_before_and_turns_stay_apart() -> None:
    start = m.Start("a", 2, "toy", ToySpec())
    assert left(m.Play("a", 1), tell(Dissect()), start, m.Play("a", 2)) == [start, m.Play("a", 2)]
    assert left(start, m.Play("a", 2), m.Close("a", 2)) == [m.Close("a", 2)]
    assert left(tell(Dissect(), 2), tell(Dissect(), 1)) == [tell(Dissect(), 2), tell(Dissect(), 1)]
