"""A picture that is computed here and drawn by the browser: one packed frame in, what the hand did to it out."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from playground.ui import controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.state import state


def visual(
    module: str, frame: bytes, *, key: str, height: int, edits: Iterable[str] = (), part: str = "", **data: Any
) -> None:
    """Show a frame on the canvas component ``ui/live/<module>.js``.

    The component tells what was done on it with ``trigger("edit", {field: value})``. Fields outside ``edits``, or locked by a
    lesson, are not taken; values are checked as if they came from a control, and the page runs again.

    Args:
        module: The component.
        frame: What is shown (``core.frames``).
        key: The experiment's key, as given to ``controls.begin``.
        height: Height of the place that is held for it, in CSS pixels, at the width of a desk.
        edits: Fields of the experiment that may be changed on the picture itself.
        part: Tells several pictures of one experiment apart.
        data: Further JSON-ready values for the component.
    """
    told, name = lesson.current(), f"{key}-{part}-visual" if part else f"{key}-visual"
    allowed = set(edits) - told.hide - told.lock

    def edited() -> None:
        changes = told_by(name, "edit")
        if isinstance(changes, dict):
            wished = {field: tuple(v) if isinstance(v, list) else v for field, v in changes.items() if field in allowed}
            controls.take(key, wished, lambda: controls.assign(key, **wished))

    shown = {
        "frame": base64.b64encode(frame).decode(),
        "present": told.present,
        "height": height,
        "views": state(lesson.Here).views,
        "edits": sorted(allowed),
        **data,
    }
    controls.say_problems(key)
    with place(height, part):
        component(module)(key=name, data=[shown], on_edit_change=edited)
