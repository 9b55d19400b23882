"""The process that serves: `python -m api.process.server DESCRIPTOR` takes over a bound socket."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import sys
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.http.cors import Cors
from api.http.protocol import Connection
from api.http.sweep import sweep
from api.limits.limits import Bounds
from api.limits.worker import SWITCH_SECONDS
from api.process.malloc import limit_heap_growth
from api.process.streams import unblocked
from api.settings import Settings

OTHER_DESCRIPTORS = 256
"""How many files and connections to databases a process may have open beside its clients."""
CUT_SECONDS = 1.0
"""How long requests that are cut at the end may take to say so."""


class Server(uvicorn.Server):
    """Serves an application, and holds the bounds of connections."""

    def __init__(self, config: uvicorn.Config, bounds: Bounds) -> None:
        super().__init__(config)
        self.bounds = bounds

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            sweep(self.server_state.connections, self.bounds, now)
        return await super().on_tick(counter)

    async def _wait_tasks_to_complete(self) -> None:
        """Waits for what runs; what is cut, because it takes too long, still says so."""
        try:
            await super()._wait_tasks_to_complete()
        except asyncio.CancelledError:
            # uvicorn would cut them only to close the database under them.
            if tasks := [*self.server_state.tasks]:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks, timeout=CUT_SECONDS)
            raise


def server(settings: Settings, app: ASGIApp) -> Server:
    """The server of an application, by these settings."""
    connection: Any = partial(Connection, settings.bounds, Cors(settings.cors_origins))
    config = uvicorn.Config(
        app,
        http=connection,
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # `api.http.proxies` knows whom to believe
        timeout_graceful_shutdown=settings.shutdown_seconds,
        server_header=False,
    )
    return Server(config, settings.bounds)


def place(host: str, port: int) -> str:
    """An address that can be clicked of a server that listens there."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host or '127.0.0.1'}:{port}"
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://{address if address.version == 4 else f'[{address}]'}:{port}"


def _descriptors(connections: int) -> None:
    """Allows this process the descriptors that so many connections take, as far as it may."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + OTHER_DESCRIPTORS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serves the graph and the explorer until it is told to stop."""
    unblocked()
    url = place(settings.host, listener.getsockname()[1])
    sys.stderr.write(
        f"Explorer  {url}/\nGraph     {url}/graphql\nHealth    {url}/health\nStop with Ctrl+C.\n"
    )
    serving = server(settings, create_app(settings))
    limit_heap_growth()
    sys.setswitchinterval(SWITCH_SECONDS)
    _descriptors(settings.connections)
    # uvicorn ends what is running and then raises the signal again, which would look like a crash.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    serving.run(sockets=[listener])


if __name__ == "__main__":
    serve(Settings.from_environment(), socket.socket(fileno=int(sys.argv[1])))
