"""The browser's modules under ``ui/live``: served as they are, and mounted as canvas components.

A component's inline script is one line that imports the module from our own route, so that modules may import each
other and a browser keeps them. The address carries a hash of all of them: a new version is never mixed with an old one.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

LIVE = Path(__file__).with_name("live")


@functools.cache
def version() -> str:
    """A short hash of every module and sheet."""
    digest = hashlib.sha256()
    for path in sorted(LIVE.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def mount() -> Mount:
    """The route that serves them, ``/assets/<version>/<module>.js``."""
    return Mount(f"/assets/{version()}", StaticFiles(directory=LIVE), name="assets")


def component(module: str) -> Any:
    """A Streamlit component (v2) whose code is ``ui/live/<module>.js``.

    The module's default export is called at each rerun with Streamlit's component object; it returns a clean-up.
    """
    js = f"""
const code = import(new URL('assets/{version()}/{module}.js', document.baseURI).href);
export default function (component) {{
  let finished = false, cleanUp;
  code.then((loaded) => {{ if (!finished) cleanUp = loaded.default(component); }});
  return () => {{ finished = true; cleanUp?.(); }};
}}
"""
    return st.components.v2.component(f"playground.{module}", html="<div class='root'></div>", js=js)
