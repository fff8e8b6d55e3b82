"""The one place where an error becomes something on the screen."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.ui.words import plain

log = logging.getLogger("playground")


def show_error(error: Exception) -> bool:
    """Say an error of ours in its own words; anything else as a reference number, with the traceback in the log."""
    if isinstance(error, PlaygroundError):
        st.error(plain(str(error)))
        return True
    reference = secrets.token_hex(4)
    log.error("reference %s", reference, exc_info=error)
    st.error(
        f"Something went wrong on this page that is not your doing. Your settings are kept: reload the page to go on. "
        f"If it happens again, tell whoever runs this server the reference number {reference}."
    )
    return True
