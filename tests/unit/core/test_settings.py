"""A server's settings: read from the environment, refused in words, tighter in public."""

from __future__ import annotations

import pytest

from playground.core.errors import SpecError
from playground.core.settings import Settings, table


def test_without_an_environment_the_defaults_hold() -> None:
    assert Settings.from_environment({}) == Settings()


def test_public_mode_is_tighter_unless_the_owner_says_otherwise() -> None:
    local, public = Settings(), Settings.from_environment({"PLAYGROUND_MODE": "public"})
    assert public.mode == "public"
    assert public.runs_per_visitor < local.runs_per_visitor
    assert public.run_seconds < local.run_seconds
    assert public.upload_rows < local.upload_rows
    chosen = Settings.from_environment({"PLAYGROUND_MODE": "public", "PLAYGROUND_RUN_SECONDS": "7"})
    assert chosen.run_seconds == 7


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MODE", "open", "write local or public"),
        ("WORKERS", "two", "write a whole number"),
        ("WORKERS", "1.5", "write a whole number"),
        ("RUNS_PER_VISITOR", "0", "allowed is 1 to 1000"),
        ("GRACE_SECONDS", "nan", "allowed is"),
        ("UPLOAD_MEGABYTES", "1000", "allowed is 1 to 200"),
    ],
)
def test_a_wrong_setting_names_its_variable(name: str, value: str, words: str) -> None:
    with pytest.raises(SpecError, match=f"PLAYGROUND_{name}") as caught:
        Settings.from_environment({f"PLAYGROUND_{name}": value})
    assert words in str(caught.value)


def test_the_table_has_a_row_for_each_setting() -> None:
    assert table().count("| `PLAYGROUND_") == len(Settings.__dataclass_fields__)


def test_at_least_one_trainer_runs() -> None:
    assert Settings().trainers >= 1
    assert Settings(workers=3).trainers == 3


def test_the_largest_upload_is_a_clip_a_picture_or_a_table() -> None:
    assert Settings(upload_megabytes=5, picture_megabytes=20, video_megabytes=50).largest_upload == 50_000_000
    assert (
        Settings(upload_megabytes=5, picture_megabytes=20, own_pictures_megabytes=3, video_megabytes=2).largest_upload
        == 20_000_000
    )
    assert Settings(upload_megabytes=5, own_pictures_megabytes=60).largest_upload == 60_000_000
    assert Settings(upload_megabytes=60, picture_megabytes=20, video_megabytes=2).largest_upload == 60_000_000
