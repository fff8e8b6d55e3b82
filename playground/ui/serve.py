"""Serve the app with uvicorn, as ``playground serve`` does."""

from __future__ import annotations

import socket

import uvicorn

from playground.core import paths
from playground.core.errors import InputError
from playground.core.settings import Settings


def serve(host: str, port: int) -> None:
    """Serve until interrupted. One process: the live runs, their queue and their sockets belong together.

    Raises:
        SpecError: A setting in the environment is wrong, or the folder for runs cannot be used.
        InputError: The port is taken or not allowed.
    """
    paths.data_folder(Settings.from_environment())
    _check_port(host, port)
    print(
        f"Deep Learning Playground: http://{'localhost' if host in ('', '0.0.0.0', '127.0.0.1', '::') else host}:{port}",
        flush=True,
    )
    uvicorn.run(
        "playground.ui.app:app",
        host=host,
        port=port,
        log_level="warning",
        # Frames are small and already dense: compressing each costs more than it saves.
        ws_per_message_deflate=False,
        # What a browser says is small: widgets and commands. Files come by HTTP, under limits of their own.
        ws_max_size=256 * 1024,
        timeout_graceful_shutdown=3,
    )


def _check_port(host: str, port: int) -> None:
    """Say in words what the operating system would say in numbers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                f"Cannot listen on {host or 'any address'}, port {port}: {error.strerror}. "
                "Choose another with --port, or end what listens there."
            ) from None
