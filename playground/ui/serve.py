"""Serve the app with uvicorn, as ``playground serve`` does."""

from __future__ import annotations

import uvicorn


def serve(host: str, port: int) -> None:
    """Serve until interrupted. One process: the live runs, their queue and their sockets belong together."""
    uvicorn.run(
        "playground.ui.app:app",
        host=host,
        port=port,
        log_level="warning",
        # Frames are small and already dense: compressing each costs more than it saves.
        ws_per_message_deflate=False,
        # What a browser says is small: widgets and commands. Files come by HTTP, under limits of their own.
        ws_max_size=2 * 1024 * 1024,
        timeout_graceful_shutdown=3,
    )
