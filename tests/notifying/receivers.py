"""Services that listen on this machine: one takes webhooks, one takes mail."""

from __future__ import annotations

import json
import socket
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Receiver:
    """An HTTP server that keeps what it got. `answers`: what it says to the next requests, as (status, body);
    status 0: nothing at all, although it took the message."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.paths: list[str] = []
        self.answers: list[tuple[int, bytes]] = []
        self.otherwise = (200, b"")
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = receiver.answers.pop(0) if receiver.answers else receiver.otherwise
                receiver.paths.append(self.path)
                receiver.raw.append(body)
                if status in (200, 0):
                    receiver.got.append(json.loads(body.decode("utf-8")))
                if status == 0:
                    # Taken, and gone before it could say so.
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def texts(self) -> list[str]:
        """What apprise's JSON webhook calls the message."""
        return [got["message"] for got in self.got]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Mailbox:
    """An SMTP server that keeps what it got."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def close(self) -> None:
        self._controller.stop()


def killed_notify(home: Path, step: str) -> str:
    """A program that notifies and is killed, as by kill -9, before a step."""
    return (
        "import os, signal\nfrom pathlib import Path\nfrom orchestration.notifying.notify import notify\n"
        f"def on_step(name):\n    if name == {step!r}:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        f"notify(Path({str(home)!r}), on_step=on_step)\n"
    )
