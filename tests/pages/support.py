"""Open a page without a browser and read what it shows."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from playground.core import paths
from playground.ui import provider

FRAME = Path(provider.__file__).with_name("frame.py")


def open_page(name: str, **query: str) -> AppTest:
    """A page as a visitor sees it who comes by a link."""
    app = AppTest.from_file(FRAME, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(str(paths.pages() / f"{name}.py")).run()


def problems(page: AppTest) -> list[str]:
    """Every error and warning that the page shows."""
    return [
        *(item.message for item in page.exception),
        *(item.value for item in page.error),
        *(item.value for item in page.warning),
    ]


def canvas_data(page: AppTest) -> str:
    """What the page's components were given, as text."""
    return json.dumps([str(item.proto) for item in page.get("bidi_component")])
