"""nginx with TLS in front of servers of the test, from Debian's package."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.browser import absent
from tests.support.waiting import until_now

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name localhost;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
{locations}
    }}
}}
"""


def executable(name: str) -> str:
    """The path of a command, or a reason why there is none."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return found or absent(f"there is no {name}; Debian has it: apt-get install {name}")


@contextmanager
def in_front(folder: Path, locations: str) -> Iterator[tuple[str, ssl.SSLContext]]:
    """The address of an nginx with these locations, and whom to trust to read it."""
    nginx, openssl = executable("nginx"), executable("openssl")
    certificate = folder / "certificate.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", folder / "key.pem", "-out", certificate, "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    written = folder / "nginx.conf"
    written.write_text(CONFIGURATION.format(folder=folder, port=port, locations=locations))
    command = [nginx, "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(written)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)

    def listens() -> bool:
        assert process.poll() is None, process.communicate()[1].decode()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until_now(listens)
        yield f"https://localhost:{port}", ssl.create_default_context(cafile=str(certificate))
    finally:
        process.terminate()
        process.communicate()
