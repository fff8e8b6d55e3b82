"""Which of the two palettes this visitor's page has."""

from __future__ import annotations

import streamlit as st

from playground.viz.theme import DARK, LIGHT, Theme


def current_theme() -> Theme:
    """The palette on the background that the visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT
