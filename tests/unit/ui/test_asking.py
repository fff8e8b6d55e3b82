"""What a page asks of pretrained models, run after run, with answers that come when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.core.errors import InputError, QuotaReached
from playground.jobs.asked import Asked
from playground.jobs.inference_messages import Refusal
from playground.ui import provider, visitors
from playground.ui.asking import TELL_SECONDS, Session, pause


class Scripted:
    """Answers when it is told to; asks of the same question find the same."""

    def __init__(self) -> None:
        self.asked: dict[str, Asked] = {}
        self.visitors: set[str] = set()
        self.waiting = 2

    def ask(self, task: str, card: Any, question: str, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        self.visitors.add(visitor)
        found = self.asked.get(question)
        if found is None or found.cancelled():
            found = self.asked[question] = Asked(visitor)
            found.tell = lambda _: f"Waiting for {question}"
        return found

    def refuse(self, question: str, error: type[Exception], words: str) -> None:
        self.asked[question] = Asked()
        self.asked[question].answer(Refusal(error.__name__, words))

    def stop(self, seconds: float = 2.0) -> None:
        pass


@pytest.fixture
def inference(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """An inference of the test's own, for one visitor."""
    scripted = Scripted()
    monkeypatch.setattr(visitors, "current", lambda: "ada")
    provider.use_inference(scripted)  # type: ignore[arg-type]
    yield scripted
    provider.shut_down()


def page() -> None:
    """Asks what is typed, word by word."""
    import streamlit as st

    from playground.ui import asking

    for word in st.text_input("questions", "a b", key="questions").split():
        answer = asking.ask("toy", None, word)
        match answer:
            case asking.Waiting(words=words):
                st.caption(words)
            case asking.Refused(words=words):
                st.error(words)
            case _:
                st.text(answer)
    asking.look_again()
    asking.look_again()  # a part of the page may say it too


def texts(app: AppTest) -> tuple[list[str], list[str], list[str]]:
    """Captions, errors and answers on the page."""
    assert not app.exception
    return [one.value for one in app.caption], [one.value for one in app.error], [one.value for one in app.text]


def test_a_page_shows_each_answer_once_it_is_there(inference: Scripted) -> None:
    app = AppTest.from_function(page).run()
    assert texts(app) == (["Waiting for a", "Waiting for b"], [], [])
    inference.asked["b"].answer("beta")
    app.run()
    assert texts(app) == (["Waiting for a"], [], ["beta"])
    inference.asked["a"].answer(Refusal("InputError", "a is no picture."))
    app.run()
    assert texts(app) == ([], ["a is no picture."], ["beta"])
    assert inference.visitors == {"ada"}


def test_what_a_page_no_longer_asks_is_taken_back(inference: Scripted) -> None:
    app = AppTest.from_function(page).run()
    first = dict(inference.asked)
    app.text_input(key="questions").set_value("b c").run()
    assert (first["a"].cancelled(), first["b"].cancelled()) == (True, False)
    assert inference.asked["b"] is first["b"]
    app.text_input(key="questions").set_value("a b").run()
    assert not inference.asked["a"].done(), "and may be asked again"
    assert inference.asked["c"].cancelled()


def test_what_was_taken_back_elsewhere_is_asked_again(inference: Scripted) -> None:
    app = AppTest.from_function(page).run()
    inference.asked["a"].cancel()  # the same visitor's other window
    app.run()
    assert texts(app)[0] == ["Waiting for a", "Waiting for b"]


def test_too_many_questions_at_once_wait_without_a_word_of_refusal(inference: Scripted) -> None:
    inference.refuse("b", QuotaReached, "You have 4 questions open.")
    app = AppTest.from_function(page).run()
    assert texts(app) == (["Waiting for a", "Waiting for your other questions"], [], [])
    inference.asked["b"] = Asked()
    inference.asked["b"].answer("beta")
    app.run()
    assert texts(app) == (["Waiting for a"], [], ["beta"])


def test_a_refusal_is_shown_in_its_own_words(inference: Scripted) -> None:
    inference.refuse("a", InputError, "a is no picture.")
    app = AppTest.from_function(page).run()
    assert texts(app)[1] == ["a is no picture."]


# -- when to look again


def waiting(words: str = "") -> Asked:
    asked = Asked()
    asked.tell = lambda _: words
    return asked


def test_at_rest_nothing_is_looked_for() -> None:
    session = Session()
    assert not session.ended(object(), True, 0.0)
    assert not session.due(1e9)


def test_the_page_runs_again_when_something_is_answered() -> None:
    session, one, other = Session(), waiting(), waiting()
    session.fresh = [one, other, one]
    assert session.ended(object(), True, 0.0)
    assert not session.due(1e9)
    one.answer(1)
    assert session.due(0.0)
    session.fresh = [other]
    assert session.ended(object(), True, 0.0)
    assert not session.due(0.0), "once for each answer"
    other.answer(2)
    assert not session.ended(object(), True, 0.0)
    assert not session.due(0.0)


def test_new_words_are_shown_now_and_then() -> None:
    session, one = Session(), waiting("Waiting: 2 before you")
    session.fresh = [one]
    session.ended(object(), True, 10.0)
    one.tell = lambda _: "Loading"
    assert not session.due(10.0 + TELL_SECONDS / 2)
    assert session.due(10.0 + TELL_SECONDS)


def test_what_was_held_back_is_tried_again() -> None:
    session = Session(fresh_held=True)
    assert session.ended(object(), True, 10.0), "though nothing of its own is open: another window's may be"
    assert not session.due(10.0)
    assert session.due(10.0 + TELL_SECONDS)
    assert not session.ended(object(), True, 20.0)


def test_two_ends_of_one_run_are_one() -> None:
    session, one, other, run = Session(), waiting(), waiting(), object()
    session.fresh = [one]
    assert session.ended(run, True, 0.0)
    session.fresh = [other]
    assert not session.ended(run, True, 0.0), "it is being looked for already"
    assert session.open == [one, other]
    assert not one.cancelled()


def test_a_fragment_takes_nothing_of_its_page_back() -> None:
    session, one, other = Session(), waiting(), waiting()
    session.fresh = [one]
    session.ended(object(), True, 0.0)
    session.fresh = [other]
    assert session.ended(object(), False, 0.0)
    assert session.open == [one, other]
    assert not one.cancelled()


def test_where_many_wait_each_looks_less_often() -> None:
    pauses = [pause(waiting) for waiting in (0, 20, 200)]
    assert pauses[0] < pauses[1] < pauses[2]
    assert 20 / pauses[1] < 50, "twenty who wait ask less than fifty times a second altogether"
