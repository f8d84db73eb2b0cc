"""The bench behind real HTTP, on a free port of this machine only."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

SECONDS_TO_START = 90
# A run that is killed leaves no server behind for longer than this.
SECONDS_TO_LIVE = 7200


@contextmanager
def serving(site: str, sites_path: str) -> Iterator[int]:
    """Serve the bench; yields the port. The Host header says which site is meant."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(
            ["/usr/bin/env", "timeout", str(SECONDS_TO_LIVE), *gunicorn(port)],
            cwd=sites_path,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_it_answers(server, site, port, log)
            yield port
        finally:
            stop(server)


def gunicorn(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "frappe.app:application_with_statics()"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
    ]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_until_it_answers(
    server: subprocess.Popen, site: str, port: int, log: tempfile.TemporaryFile
) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while not answers(site, port):
        if server.poll() is not None or time.monotonic() > give_up_at:
            log.seek(0)
            raise RuntimeError(f"{site} is not served:\n{log.read()[-4000:]}")
        time.sleep(0.2)


def answers(site: str, port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/api/method/ping", headers={"Host": site})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def log_in(address: str, email: str, password: str) -> list[dict[str, str]]:
    """The cookies of a new session, for a browser that has not asked for anything yet.

    A browser asks for an icon by itself; the answer to a guest would end the session.
    """
    host, port = urlsplit(address).hostname, urlsplit(address).port
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(
            "POST",
            "/api/method/login",
            urlencode({"usr": email, "pwd": password}),
            {"Host": host, "Content-Type": "application/x-www-form-urlencoded"},
        )
        response = connection.getresponse()
        assert response.status == 200, response.read()
        cookies = SimpleCookie("; ".join(response.headers.get_all("Set-Cookie")))
    finally:
        connection.close()
    return [
        {"name": name, "value": each.value, "url": address}
        for name, each in cookies.items()
    ]


def stop(server: subprocess.Popen) -> None:
    """End the server and its workers, which are one process group."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if server.poll() is not None:
            return
        os.killpg(server.pid, how)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            continue
