"""An error that nobody expected: a reference number for the visitor, and a log that does not fill."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.error_util import handle_user_script_exception

from playground.core.errors import SpecError
from playground.ui import boundary
from playground.ui.boundary import EVERY, KINDS, Tracebacks, log_once, show_error
from playground.ui.words import plain


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def thrown(run: Callable[[], object]) -> Exception:
    """The error that running something ends in."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        run()
    assert isinstance(caught.value, Exception)
    return caught.value


def divided() -> Exception:
    return thrown(lambda: 1 / 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(boundary, "_tracebacks", Tracebacks(made))
    return made


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(st, "error", found.append)
    return found


def test_a_traceback_is_written_once_a_minute_and_a_line_each_time(
    clock: Clock, said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        assert show_error(divided())
    assert len(caplog.records) == len(said) == 100
    assert [bool(record.exc_info) for record in caplog.records] == [True] + [False] * 99
    assert "ZeroDivisionError at " in caplog.messages[1] and "test_boundary.py" in caplog.messages[1]
    assert "met 99 times since its last traceback" in caplog.messages[99]
    references = [message.split()[1].strip(":") for message in caplog.messages]
    assert len(set(references)) == 100
    assert all(reference in words for reference, words in zip(references, said, strict=True))
    clock.now += EVERY
    show_error(divided())
    assert caplog.records[-1].exc_info
    assert "met 99 times" in caplog.messages[-1]


def test_another_error_has_a_traceback_of_its_own(
    clock: Clock, said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for error in (divided(), thrown(lambda: {}["x"]), thrown(lambda: 1 // 0), divided()):
        show_error(error)
    assert [bool(record.exc_info) for record in caplog.records] == [True, True, True, False]


def test_what_is_told_apart_is_bounded() -> None:
    met = Tracebacks(Clock())
    for number in range(3 * KINDS):
        assert met.due(type(f"Error{number}", (Exception,), {})())[0]
    assert len(met) == KINDS


def test_words_of_ours_are_not_logged(said: list[str], caplog: pytest.LogCaptureFixture) -> None:
    assert show_error(SpecError("Choose less."))
    assert said == [plain("Choose less.")]
    assert not caplog.records


def test_streamlit_does_not_write_the_same_traceback_again(
    clock: Clock,
    said: list[str],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = tomllib.loads(Path(boundary.__file__).with_name(".streamlit").joinpath("config.toml").read_text())
    read = config.get_option
    monkeypatch.setattr(
        config, "get_option", lambda key: told["logger"]["enableRich"] if key == "logger.enableRich" else read(key)
    )
    log_once()
    theirs = logging.getLogger("streamlit.error_util")
    handle_user_script_exception(divided(), show_error)
    theirs.error("Something else")
    assert "Traceback" not in "".join(capfd.readouterr())
    assert [record.name for record in caplog.records] == ["playground", "streamlit.error_util"]
    assert caplog.messages[1] == "Something else"
    assert len(said) == 1
