"""The queue before the inference worker: who is next, who goes together, who is told what, without any process."""

from __future__ import annotations

import hashlib
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest

from playground.catalog.card import Card
from playground.core.errors import (
    InputError,
    PlaygroundError,
    QueueFull,
    QuotaReached,
    Stopped,
    TimeLimit,
    WorkerLost,
)
from playground.jobs import asked, line, names, remembered
from playground.jobs.asked import Asked, Digests, fingerprint
from playground.jobs.inference_messages import Refusal
from playground.jobs.names import UNWATCHED_SECONDS, Lane, Task
from playground.jobs.questions import (
    BEGIN_SECONDS,
    GRACE_SECONDS,
    MOST_PER_VISITOR,
    Batch,
    Questions,
    tell,
)
from playground.jobs.remembered import HARMFUL_SECONDS, REFUSED_SECONDS, Remembered
from tests.unit.jobs.toy_tasks import TASKS, Toy, card

NOWHERE = Path("nowhere")


class Counter:
    """Questions with a clock of the test's own, asked in few words."""

    def __init__(self, most: int = 100) -> None:
        self.now = 0.0
        self.questions = Questions(most, clock=lambda: self.now)

    def ask(
        self, value: Any, visitor: str = "ada", task: str = "toy", model: str = "", seconds: float = 60.0, **how: Any
    ) -> Asked:
        question, of = Toy(value, **how), card(model) if model else None
        print_ = fingerprint(task, of, question, NOWHERE)
        return self.questions.ask(task, TASKS[task], of, question, print_, visitor, seconds)

    def give(self, lane: Lane = "quick") -> Batch:
        batch = self.questions.give(lane)
        assert batch is not None
        return batch

    def answer(self, batch: Batch) -> list[Any]:
        """Answer each question by its own value; returns these values."""
        values = [one.question.value for one in batch.questions]
        self.questions.answered(batch.number, tuple(pickle.dumps(value) for value in values))
        return values

    def drain(self, lane: Lane = "quick") -> list[list[Any]]:
        """All batches that there are, in order."""
        found = []
        while (batch := self.questions.give(lane)) is not None:
            found.append(self.answer(batch))
        return found


@pytest.fixture
def counter() -> Counter:
    """An empty queue."""
    return Counter()


def test_what_waits_for_the_same_model_is_answered_together(counter: Counter) -> None:
    for number in range(6):
        counter.ask(number, visitor=f"visitor {number}", model="ab"[number % 2])
    assert counter.drain() == [[0, 2, 4], [1, 3, 5]]


def test_a_batch_is_no_larger_than_the_task_allows(counter: Counter) -> None:
    asked = [counter.ask(number, visitor=f"visitor {number}") for number in range(20)]
    assert [len(batch) for batch in counter.drain()] == [8, 8, 4]
    assert [one.result(0) for one in asked] == list(range(20))


def test_a_batch_of_large_pictures_is_smaller(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MOST_BYTES", 25_000)
    for number in range(5):
        counter.ask(number, visitor=f"visitor {number}", content=bytes([number]) * 10_000)
    assert [len(batch) for batch in counter.drain()] == [2, 2, 1]
    counter.ask(9, content=b"9" * 100_000)
    assert counter.drain() == [[9]], "one that is larger by itself goes alone"


def test_each_lane_has_one_batch_at_a_time(counter: Counter) -> None:
    counter.ask(1)
    counter.ask(2, task="slow")
    quick, slow = counter.give("quick"), counter.give("slow")
    counter.ask(3, visitor="bob")
    assert counter.questions.give("quick") is None
    assert counter.questions.give("slow") is None
    assert counter.answer(slow) == [2]
    assert counter.answer(quick) == [1]
    assert counter.drain() == [[3]]


def test_visitors_take_turns(counter: Counter) -> None:
    for number in range(4):
        counter.ask(number, visitor="greedy", task="slow")
    for number in range(10, 15):
        counter.ask(number, visitor=f"visitor {number}", task="slow")
    assert counter.drain("slow") == [[0], [10], [11], [12], [13], [14], [1], [2], [3]]


def test_in_a_batch_everybodys_first_goes_before_anybodys_second(counter: Counter) -> None:
    for number in range(4):
        counter.ask(number, visitor="greedy")
    for number in range(10, 17):
        counter.ask(number, visitor=f"visitor {number}")
    assert counter.drain() == [[0, 10, 11, 12, 13, 14, 15, 16], [1, 2, 3]]


def test_turns_last_longer_than_a_batch(counter: Counter) -> None:
    counter.ask(0, visitor="greedy", task="slow")
    first = counter.give("slow")
    counter.ask(1, visitor="greedy", task="slow")
    counter.ask(2, visitor="bob", task="slow")
    counter.answer(first)
    assert counter.drain("slow") == [[2], [1]]


def test_the_same_question_is_asked_once_whoever_asks(counter: Counter) -> None:
    one, again, other = counter.ask(1), counter.ask(1), counter.ask(1, visitor="bob")
    assert one is again
    assert one is not other
    assert counter.drain() == [[1]]
    assert one.result(0) == other.result(0) == counter.ask(1, visitor="cleo").result(0) == 1
    assert counter.questions.give("quick") is None


def test_who_asks_what_is_being_answered_waits_with_the_others(counter: Counter) -> None:
    counter.ask(1)
    batch = counter.give()
    late = counter.ask(1, visitor="bob")
    assert not late.cancel(), "it cannot be taken back any more"
    counter.answer(batch)
    assert late.result(0) == 1


def test_another_task_model_or_value_is_another_question(counter: Counter) -> None:
    asked = [counter.ask(1), counter.ask(2), counter.ask(1, task="slow"), counter.ask(1, model="a")]
    assert len({id(one) for one in asked}) == 4
    assert len(counter.questions) == 4


def test_a_cancelled_question_leaves_the_queue(counter: Counter) -> None:
    one, other = counter.ask(1), counter.ask(2)
    assert one.cancel()
    assert len(counter.questions) == 1
    assert counter.drain() == [[2]]
    assert other.result(0) == 2
    assert counter.ask(1) is not one, "and may be asked again"


def test_who_cancels_takes_nobody_elses_question_away(counter: Counter) -> None:
    one, other = counter.ask(1), counter.ask(1, visitor="bob")
    assert one.cancel()
    assert counter.ask(1) is not one
    assert counter.drain() == [[1]]
    assert other.result(0) == 1


def test_a_visitor_has_few_questions_open(counter: Counter) -> None:
    asked = [counter.ask(number) for number in range(MOST_PER_VISITOR)]
    with pytest.raises(QuotaReached, match=f"{MOST_PER_VISITOR} questions open"):
        counter.ask("one more").result(0)
    assert counter.ask(0) is asked[0], "what is open already counts once"
    counter.ask("somebody else's", visitor="bob")
    with pytest.raises(QuotaReached):
        counter.ask("somebody else's").result(0)
    asked[0].cancel()
    assert not counter.ask("one more").done()


def test_only_so_many_may_wait() -> None:
    counter = Counter(most=5)
    for number in range(5):
        counter.ask(number, visitor=f"visitor {number}")
    with pytest.raises(QueueFull, match="5 questions to pretrained models wait already"):
        counter.ask(5, visitor="bob").result(0)
    assert not counter.ask(3, visitor="bob").done(), "to wait with somebody takes no place"
    counter.give()
    assert not counter.ask(5, visitor="bob").done()


def test_who_waits_is_told_how_many_are_before(counter: Counter) -> None:
    counter.questions.idle_words = "Starting"
    asked = [counter.ask(number, visitor=f"visitor {number}", task="slow") for number in range(3)]
    quick = counter.ask(9)
    assert [one.words for one in asked] == ["Starting"] * 3
    counter.questions.idle_words = ""
    assert [one.words for one in asked] == ["", "Waiting: 1 before you", "Waiting: 2 before you"]
    assert quick.words == "", "it is in another lane"
    batch = counter.give("slow")
    assert asked[2].words == "Waiting: 2 before you"
    counter.questions.say(batch.number, "Loading")
    assert asked[0].words == "Loading"
    counter.answer(batch)
    assert asked[0].words == ""


def test_waiting_ends_when_the_visitor_has_had_enough(counter: Counter) -> None:
    patient, hasty = counter.ask(1, seconds=100), counter.ask(1, visitor="bob", seconds=10)
    alone = counter.ask(2, visitor="bob", seconds=10)
    counter.now = 11.0
    counter.questions.end_waits()
    for one in (hasty, alone):
        with pytest.raises(TimeLimit, match="within 10 seconds"):
            one.result(0)
    assert not patient.done()
    assert len(counter.questions) == 1


def test_a_call_that_takes_too_long_is_told_once(counter: Counter) -> None:
    counter.ask(1)
    batch = counter.give()
    counter.now = BEGIN_SECONDS
    assert counter.questions.overdue() is None, "it has not even begun: others' work may be under way in that thread"
    counter.questions.say(batch.number, "")
    counter.now += TASKS["toy"].seconds + GRACE_SECONDS
    counter.questions.say(batch.number, "words do not make it any shorter")
    assert counter.questions.overdue() is None
    counter.now += 1
    assert counter.questions.overdue() is batch
    assert counter.questions.overdue() is None


def test_a_clip_that_is_stopped_is_told_to_the_worker_and_may_be_asked_anew(counter: Counter) -> None:
    told: list[int] = []
    counter.questions.stop = told.append
    one, other = counter.ask(1, task="film"), counter.ask(1, task="film", visitor="bob")
    batch = counter.give("film")
    assert not one.cancel(), "a page that does not ask for a moment stops nothing"
    one.stop()
    with pytest.raises(Stopped, match="stopped before it was done"):
        one.result(0)
    assert told == [], "somebody else waits for it"
    other.stop()
    other.stop()
    assert told == [batch.number]
    again = counter.ask(1, task="film")
    counter.questions.answered(batch.number, (Refusal("Stopped", "Nobody waits for this any more."),))
    assert not again.done()
    assert counter.drain("film") == [[1]]
    assert again.result(0) == 1
    again.stop()
    assert again.result(0) == 1, "what is done stays done"


def test_a_clip_that_waits_and_is_stopped_leaves_the_queue(counter: Counter) -> None:
    counter.ask(1, task="film").stop()
    assert counter.questions.give("film") is None
    assert len(counter.questions) == 0


def test_a_clip_that_nobody_looks_at_is_stopped(counter: Counter) -> None:
    told: list[int] = []
    counter.questions.stop = told.append
    watched, left = counter.ask(1, task="film"), counter.ask(2, task="film", visitor="bob")
    picture = counter.ask(3, visitor="cleo")
    batch = counter.give("film")
    for second in range(0, 60, 5):
        counter.now = float(second)
        assert (watched.words, left.done()) == ("", second > UNWATCHED_SECONDS)
        counter.questions.end_waits()
    assert told == []
    counter.now += UNWATCHED_SECONDS
    counter.questions.end_waits()
    assert told == [batch.number]
    assert left.cancelled()
    assert not picture.cancelled(), "who asks about a picture may look away"


def test_a_visitor_has_one_clip_open_beside_their_pictures(counter: Counter) -> None:
    clip = counter.ask(0, task="film")
    pictures = [counter.ask(number) for number in range(MOST_PER_VISITOR)]
    assert not any(one.done() for one in pictures)
    with pytest.raises(QuotaReached, match="A clip of yours is under way"):
        counter.ask(1, task="film").result(0)
    assert counter.ask(0, task="film") is clip


def test_a_table_of_texts_is_one_beside_a_clip_and_keeps_no_lane_that_others_need(counter: Counter) -> None:
    table, clip = counter.ask(0, task="table"), counter.ask(0, task="film")
    pictures = [counter.ask(number) for number in range(MOST_PER_VISITOR)]
    assert not any(one.done() for one in (table, clip, *pictures))
    with pytest.raises(QuotaReached, match="A table of texts of yours is under way"):
        counter.ask(1, task="table").result(0)
    counter.give("texts")
    slow = counter.ask(1, task="slow", visitor="bob")
    assert slow.words == "" and counter.drain("slow") == [[1]]
    assert names.TASKS["judge_many"].lane == "texts" and names.TASKS["weigh"].lane == "slow"


def test_long_texts_are_not_judged_together(counter: Counter) -> None:
    for number in range(4):
        counter.ask(number, f"visitor {number}", task="reading", content=bytes(600 * (number < 2)))
    assert counter.drain() == [[0, 2, 3], [1]]


def test_a_stopped_clip_does_not_come_back_when_another_ends_the_worker(counter: Counter) -> None:
    clip = counter.ask(0, task="film")
    counter.ask(1, task="slow")
    counter.give("film")
    slow = counter.give("slow")
    clip.stop()
    slow.overdue = True
    tell(counter.questions.lost("It took too long."))
    assert counter.questions.give("film") is None


def test_what_took_too_long_is_not_tried_again_and_its_company_is(counter: Counter) -> None:
    guilty, innocent = counter.ask("long", task="slow"), counter.ask(1)
    slow, _ = counter.give("slow"), counter.give("quick")
    counter.now = BEGIN_SECONDS + 1
    slow.overdue = True
    tell(counter.questions.lost("It took too long."))
    with pytest.raises(TimeLimit, match="It took too long"):
        guilty.result(0)
    assert not innocent.done()
    with pytest.raises(TimeLimit):
        counter.ask("long", task="slow", visitor="bob").result(0)
    assert counter.drain() == [[1]]
    assert innocent.result(0) == 1


def test_what_a_dead_worker_had_is_told_and_held_off_for_a_while(counter: Counter) -> None:
    poison, waiting = counter.ask("poison"), None
    counter.give()
    waiting = counter.ask(2)
    tell(counter.questions.lost("It ended unexpectedly (reference 0)."))
    with pytest.raises(WorkerLost, match=r"reference 0\)\. Try again in a minute"):
        poison.result(0)
    with pytest.raises(WorkerLost):
        counter.ask("poison").result(0)
    assert counter.drain() == [[2]]
    assert waiting.result(0) == 2
    counter.now = HARMFUL_SECONDS + 1
    assert not counter.ask("poison").done(), "then it may be tried again"


def test_what_ended_a_worker_is_not_tried_again_in_pieces(counter: Counter) -> None:
    files, others = (b"one", b"two"), (b"one", b"three")
    first, second = counter.ask("last", subject=files, task="slow"), counter.ask("scratch", subject=files, task="slow")
    other = counter.ask("other", "bob", subject=others, task="slow")
    counter.give("slow")
    tell(counter.questions.lost("It ended unexpectedly (reference 0)."))
    for piece in (first, second, counter.ask("tuned", "cleo", subject=files, task="slow")):
        with pytest.raises(WorkerLost, match="reference 0"):
            piece.result(0)
    assert len(counter.questions) == 1 and not other.done(), "other files are not to blame"
    assert counter.drain("slow") == [["other"]]
    counter.now = HARMFUL_SECONDS + 1
    assert not counter.ask("tuned", subject=files, task="slow").done(), "then it may be tried again"


def test_a_task_may_be_stopped_sooner_when_nobody_looks(counter: Counter) -> None:
    short, long = counter.ask(1, task="glance"), counter.ask(2, "bob", task="film")
    counter.give("slow")
    counter.now = TASKS["glance"].unwatched
    counter.questions.end_waits()
    assert counter.now < UNWATCHED_SECONDS and short.done() and not long.done()


def test_at_the_end_everybody_is_told(counter: Counter) -> None:
    under_way = counter.ask(1)
    counter.give()
    waiting = counter.ask(2)
    counter.questions.close()
    for one in (under_way, waiting, counter.ask(3)):
        with pytest.raises(WorkerLost, match="shutting down"):
            one.result(0)


def test_an_answer_that_comes_too_late_is_dropped(counter: Counter) -> None:
    counter.ask(1)
    batch = counter.give()
    tell(counter.questions.lost("It ended."))
    counter.questions.answered(batch.number, (pickle.dumps(1),))
    counter.questions.say(batch.number, "Loading")
    with pytest.raises(WorkerLost):
        counter.ask(1).result(0)


def test_a_broken_picture_stays_broken_and_a_missing_model_need_not(counter: Counter) -> None:
    counter.ask("broken")
    counter.questions.answered(counter.give().number, (Refusal("InputError", "It is no picture."),))
    counter.ask("missing")
    counter.questions.answered(counter.give().number, (Refusal("ModelUnavailable", "It is not on disk."),))
    counter.now = REFUSED_SECONDS - 1
    with pytest.raises(PlaygroundError, match="not on disk"):
        counter.ask("missing").result(0)
    counter.now = 10_000.0
    with pytest.raises(InputError, match="It is no picture"):
        counter.ask("broken").result(0)
    assert not counter.ask("missing").done()


def test_a_defect_leaves_a_reference_and_its_trace_in_the_log(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    asked = counter.ask(1)
    with caplog.at_level(logging.ERROR, "playground"):
        counter.questions.answered(counter.give().number, (Refusal(trace="Traceback: it broke"),))
    with pytest.raises(PlaygroundError, match="Something went wrong") as caught:
        asked.result(0)
    reference = str(caught.value).split("reference ")[1].rstrip(").")
    assert f"reference {reference}" in caplog.text
    assert "it broke" in caplog.text
    assert "it broke" not in str(caught.value)
    with pytest.raises(PlaygroundError, match=reference):
        counter.ask(1, visitor="bob").result(0)


# -- fingerprints and memory


def test_equal_questions_have_equal_fingerprints_and_no_others_do(tmp_path: Path) -> None:
    def of(*, content: bytes = b"x" * 10_000, value: Any = "name", task: str = "toy", model: Card | None = None) -> str:
        return fingerprint(task, model, Toy(value, content=content), tmp_path)[0]

    assert of() == of(content=bytes(bytearray(b"x" * 10_000)), value="".join(["na", "me"]))
    others = [
        of(content=b"y" * 10_000),
        of(content=b"x" * 9_999),
        of(value="other"),
        of(task="slow"),
        of(model=card("a")),
    ]
    assert len({of(), *others}) == 6
    assert of(value=("a", "a")) == of(value=tuple("".join(["a"]) for _ in range(2)))


def test_the_same_picture_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    digests, large, other = Digests(), b"x" * 10_000, b"x" * 9_000 + b"y" * 1_000
    assert digests.of(large) == digests.of(bytes(bytearray(large))) != digests.of(other)
    hashed, real = [], hashlib.blake2b

    def counted(value: bytes, digest_size: int) -> Any:
        hashed.append(value)
        return real(value, digest_size=digest_size)

    monkeypatch.setattr(hashlib, "blake2b", counted)
    digests.of(other)
    assert hashed == []
    monkeypatch.setattr(asked, "MOST_BYTES", 5_000)
    digests.of(b"z" * 10_000)
    digests.of(other)
    assert len(hashed) == 2, "those that were met longest ago are forgotten"


def test_a_model_whose_files_changed_is_asked_anew(tmp_path: Path) -> None:
    of = card("a")
    before = fingerprint("toy", of, 1, tmp_path)[0]
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "weights").write_bytes(b"one")
    there = fingerprint("toy", of, 1, tmp_path)[0]
    assert fingerprint("toy", of, 1, tmp_path)[0] == there
    (tmp_path / "a" / "weights").write_bytes(b"longer")
    assert len({before, there, fingerprint("toy", of, 1, tmp_path)[0]}) == 3


def test_the_size_of_a_question_is_known() -> None:
    assert 1_000_000 < fingerprint("toy", None, Toy(1, content=bytes(1_000_000)), NOWHERE)[1] < 1_001_000


def test_memory_is_bounded_by_number_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    monkeypatch.setattr(remembered, "MOST_BYTES", 100)
    known = Remembered()
    for number in range(5):
        known.keep(str(number), number, 10)
    assert [known.get(str(number)) for number in range(5)] == [None, None, (2,), (3,), (4,)]
    known.get("2")
    known.keep("large", "large", 45)
    known.keep("huge", "huge", 48)
    assert [known.get(name) for name in ("2", "3", "4", "large", "huge")] == [None, None, None, ("large",), ("huge",)]
    known.keep("large", "larger", 50)
    assert (len(known), known.bytes) == (2, 98)
    known.keep("too large", "too large", 51)
    assert (known.get("too large"), known.get("large"), known.bytes) == (None, ("larger",), 98)


def test_few_failures_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_FAILURES", 2)
    known = Remembered()
    for number in range(3):
        known.take(str(number), Refusal("WorkerLost", "gone"), 0)
    assert known.get("0") is None
    assert known.get("2") == (Refusal("WorkerLost", "gone"),)


def test_a_task_says_all_that_the_queue_wants_to_know() -> None:
    task = Task("module:function")
    assert (task.lane, task.most, task.seconds) == ("quick", 8, 30.0)
