"""The browser's modules under ``ui/live``: served as they are, and mounted as canvas components.

A component's inline script is one line that imports the module from our own route, so that modules may import each
other and a browser keeps them. The address carries a hash of all of them: a new version is never mixed with an old one.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

LIVE = Path(__file__).with_name("live")
_NAMED = re.compile(r"""["'](?:\./)?([\w-]+\.js)["']""")


@functools.cache
def version() -> str:
    """A short hash of every module and sheet."""
    digest = hashlib.sha256()
    for path in sorted(LIVE.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def needed(module: str) -> list[str]:
    """The modules that a component is made of: its own, and whatever those import."""
    found, new = set[str](), {f"{module}.js"}
    while new:
        found |= new
        texts = [(LIVE / name).read_text(encoding="utf-8") for name in new]
        named = {name for text in texts for name in _NAMED.findall(text)}
        new = {name for name in named if (LIVE / name).is_file()} - found
    return sorted(found)


def mount() -> Mount:
    """The route that serves them, ``/assets/<version>/<module>.js``."""
    return Mount(f"/assets/{version()}", StaticFiles(directory=LIVE), name="assets")


@functools.cache
def component(module: str) -> Any:
    """A Streamlit component (v2) whose code is ``ui/live/<module>.js``.

    The module's default export is called at each rerun with Streamlit's component object; it returns a clean-up.
    """
    # All of its modules are fetched at once, not one level of imports after the other. The data travels inside a list: at the
    # first level of a dictionary Streamlit would look for data frames, and import pandas (a second) to do so.
    js = f"""
const folder = new URL('assets/{version()}/', document.baseURI);
for (const name of {json.dumps(needed(module))}) {{
  const href = new URL(name, folder).href;
  if (document.querySelector(`link[href="${{href}}"]`)) continue;
  const link = document.createElement('link');
  Object.assign(link, {{rel: 'modulepreload', href}});
  document.head.append(link);
}}
const code = import(new URL('{module}.js', folder).href);
export default function (component) {{
  let finished = false, cleanUp;
  code.then((loaded) => {{ if (!finished) cleanUp = loaded.default({{...component, data: component.data[0]}}); }});
  return () => {{ finished = true; cleanUp?.(); }};
}}
"""
    return st.components.v2.component(f"playground.{module}", html="<div class='root'></div>", js=js)


def told_by(key: str, name: str) -> Any:
    """What a mounted component said under a name in the message that is being handled; ``None`` where it said nothing."""
    return getattr(st.session_state.get(key), name, None)
