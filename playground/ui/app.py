"""The app that a server serves: Streamlit, and our own routes beside it.

``uvicorn playground.ui.app:app`` (what ``playground serve`` does in code) and ``streamlit run playground/ui/app.py`` both
work. What is shared lies in ``playground.ui.provider``, because the latter imports this file under another name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from threadpoolctl import threadpool_limits

from playground.core import libraries, paths
from playground.core.settings import Settings
from playground.ui import provider
from playground.ui.boundary import log_once, show_error
from playground.ui.routes import ROUTES
from playground.ui.upload_limits import UploadLimits
from playground.ui.visitors import VisitorMiddleware


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Read the settings before anything is served (a wrong one, or no place for runs, stops the start); end the workers after."""
    paths.data_folder(provider.settings())
    libraries.set_up(paths.models_place(provider.settings().models))
    log_once()
    # Small matrices and many visitors: threads of one product that wait for each other cost up to twenty times its work.
    with threadpool_limits(limits=1, user_api="blas"):
        yield {}
    await run_in_threadpool(provider.shut_down)


app = st.App(
    Path(__file__).with_name("frame.py"),
    lifespan=lifespan,
    routes=ROUTES,
    middleware=[
        Middleware(VisitorMiddleware),
        Middleware(UploadLimits, file_bytes=Settings.from_environment().largest_upload),
    ],
    on_script_error=show_error,
)
