"""A visitor's own pictures on a page: sent, kept, shown; what cannot be used says why. And sets that are not on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.core.settings import Settings
from playground.data import own_pictures
from playground.store.uploads import UploadStore
from playground.ui import provider
from playground.ui.parts import image_sets
from tests.unit.data.test_picture_folders import folders
from tests.unit.data.test_safe_zip import packed


def upload() -> None:
    import streamlit as st

    from playground.ui.parts import own_pictures

    kept = own_pictures.upload(st.session_state.get("kept", ""), "test")
    st.session_state.kept = kept.id if kept else ""


def fetch() -> None:
    import streamlit as st

    from playground.ui.parts import image_sets

    st.write("ready" if image_sets.get("mnist", "test") else "not ready")


@pytest.fixture(autouse=True)
def _stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = UploadStore(tmp_path / "sets", max_bytes=50_000_000)
    monkeypatch.setattr(provider, "picture_sets", lambda: store)


def test_a_zip_is_decoded_kept_and_shown() -> None:
    page = AppTest.from_function(upload, default_timeout=30).run()
    assert "Put the pictures of each class" in page.caption[0].value
    page.file_uploader[0].set_value(("pets.zip", packed(folders(cats=12, **{"<b>dogs": 8})), "application/zip")).run()
    assert not page.exception and not page.error
    assert "2 classes, 20 pictures: 14 to learn from, 3 to choose on, 3 to test" in page.caption[0].value
    shown = str(page.get("html")[0].proto)
    assert shown.count("<img") == 12 and "&lt;b&gt;dogs" in shown
    kept = page.session_state.kept
    place = provider.picture_sets().place("the-visitor-of-a-test_", kept)
    assert own_pictures.read(place, 32).classes == ("<b>dogs", "cats")
    again = AppTest.from_function(upload, default_timeout=30)  # by a link, later
    again.session_state.kept = kept
    assert "20 pictures" in again.run().caption[0].value
    provider.picture_sets().delete("the-visitor-of-a-test_", kept)
    assert "no longer kept" in again.run().info[0].value and again.session_state.kept == ""


def test_a_zip_that_cannot_be_used_says_why_and_the_next_one_works() -> None:
    page = AppTest.from_function(upload, default_timeout=30).run()
    page.file_uploader[0].set_value(("one.zip", packed(folders(cats=3)), "application/zip")).run()
    assert "only one class" in page.error[0].value and page.session_state.kept == ""
    page.file_uploader[0].set_value(("two.zip", packed(folders(a=3, b=3)), "application/zip")).run()
    assert not page.error and page.session_state.kept


def test_a_set_that_is_not_on_disk_offers_its_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = AppTest.from_function(fetch, default_timeout=30).run()
    assert "12 MB" in page.caption[0].value and page.button[0].label == "Download"
    assert image_sets.caption("mnist") == "12 MB to fetch" and image_sets.caption("shapes") == ""
    for settings, words in (
        (Settings(data=str(tmp_path), mode="public"), "not on this server"),
        (Settings(data=str(tmp_path), offline=1), "never to download"),
        (Settings(data=str(tmp_path), pictures=str(tmp_path)), "--data-dir"),
    ):
        monkeypatch.setattr(provider, "settings", lambda chosen=settings: chosen)
        page = AppTest.from_function(fetch, default_timeout=30).run()
        assert words in page.info[0].value and not page.button
