"""What must outlive a rerun: one plain dataclass per concern, one instance per session."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def state(cls: type[T], key: str = "") -> T:
    """This session's instance of a dataclass, made with its defaults at the first call.

    Args:
        cls: A dataclass that lives in a module (a page's own classes change identity at each rerun).
        key: Tells several instances of one class apart (for example, one for each page).
    """
    name = f"{cls.__module__}.{cls.__qualname__}/{key}"
    if name not in st.session_state:
        st.session_state[name] = cls()
    found: T = st.session_state[name]
    return found
