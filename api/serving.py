"""The process that serves: `python -m api.serving DESCRIPTOR` takes over a socket that is bound."""

from __future__ import annotations

import ipaddress
import signal
import socket
import sys

import uvicorn

from api.app import create_app
from api.memory import spared
from api.settings import Settings
from api.streams import unblocked
from api.worker import SWITCH_SECONDS


def place(host: str, port: int) -> str:
    """An address that can be clicked of a server that listens there."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host or '127.0.0.1'}:{port}"
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://{address if address.version == 4 else f'[{address}]'}:{port}"


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serves the graph and the explorer until it is told to stop."""
    unblocked()
    told = place(settings.host, listener.getsockname()[1])
    sys.stderr.write(
        f"Explorer  {told}/\nGraph     {told}/graphql\nHealth    {told}/health\nStop with Ctrl+C.\n"
    )
    config = uvicorn.Config(
        create_app(settings),
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        server_header=False,
    )
    spared()
    sys.setswitchinterval(SWITCH_SECONDS)
    # uvicorn ends what is running and then raises the signal again, which would look like a crash.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve(Settings.from_environment(), socket.socket(fileno=int(sys.argv[1])))
