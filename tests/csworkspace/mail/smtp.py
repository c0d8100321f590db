"""A mail server for tests: a few lines of SMTP that accept, refuse, hang or hang up as they are told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

REPLIES = {"EHLO": "250 here", "HELO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on",
           "RSET": "250 ok", "QUIT": "221 bye"}  # fmt: skip


@dataclass
class Server:
    """answers: a command (or "END" for the end of the text) → its reply, "hang" or "drop"."""

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


@contextmanager
def smtp_server(**answers: str) -> Iterator[Server]:
    """A listening server until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1], answers)
        thread = threading.Thread(target=_accept, args=(listener, server), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(listener: socket.socket, server: Server) -> None:
    with suppress(OSError):
        while not server.stopped.is_set():
            client, _ = listener.accept()
            with client, suppress(OSError):
                _talk(client, server)


def _talk(client: socket.socket, server: Server) -> None:
    lines = client.makefile("rb")
    client.sendall(b"220 test\r\n")
    while line := lines.readline():
        command = line[:4].decode("ascii", "replace").upper().strip()
        server.said.append(command)
        if not _answer(client, server, command):
            return
        if command == "DATA" and "DATA" not in server.answers:
            text = _read_text(lines)
            if not _answer(client, server, "END"):
                return
            if server.answers.get("END", "250").startswith(("250", "slow")):
                server.mails.append(text)
        if command == "QUIT":
            return


def _read_text(lines) -> str:
    text = []
    while (line := lines.readline()) not in (b".\r\n", b""):
        text.append(line)
    return b"".join(text).decode("utf-8", "replace")


def _answer(client: socket.socket, server: Server, command: str) -> bool:
    reply = server.answers.get(command, REPLIES.get(command, "250 ok"))
    if reply == "hang":
        server.stopped.wait(10)
        return False
    if reply == "slow":
        server.stopped.wait(0.3)
        reply = "250 ok"
    if reply == "drop":
        return False
    client.sendall(f"{reply}\r\n".encode())
    return True
