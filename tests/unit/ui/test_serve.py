"""Starting the server: what cannot work is said in one line before anything is served."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from playground.cli import main


def test_a_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PLAYGROUND_MODE", "open")
    assert main(["serve"]) == 2
    assert capsys.readouterr().err == "playground: PLAYGROUND_MODE is 'open'; write local or public.\n"


def test_a_folder_that_cannot_be_made_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "file" / "data"))
    assert main(["serve"]) == 2
    assert "name another in PLAYGROUND_DATA" in capsys.readouterr().err


def test_a_port_in_use_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--host", "127.0.0.1", "--port", str(port)]) == 2
    assert f"port {port}" in capsys.readouterr().err
