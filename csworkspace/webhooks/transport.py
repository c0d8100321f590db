"""Posting one signed message: to the machine that was checked, without following redirects, for a while."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from csworkspace.webhooks.addresses import AddressRefused, Place, resolve

TIMEOUT = 10
# A server that answers a byte at a time is hung up on.
LIMIT = 20
MOST_BYTES = 2000
SIGNATURE = "X-CSW-Signature"


@dataclass(frozen=True)
class Reply:
    """What came of an attempt: whether it was taken, and the other side's answer in short."""

    is_taken: bool
    answer: str
    is_final: bool = False


def signature(secret: str, moment: int, body: bytes) -> str:
    """ "t=1790000000,v1=…": HMAC-SHA256 with the secret over the moment, a dot and the body."""
    signed = f"{moment}.".encode() + body
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def post(url: str, secret: str, body: bytes, headers: dict[str, str]) -> Reply:
    """Send a body; never raises. Only 2xx counts as taken; an address that may not be called is final."""
    signed = {SIGNATURE: signature(secret, int(time.time()), body), "Content-Type": "application/json"}
    try:
        place = resolve(url)
        with connected(place) as connection:
            connection.request("POST", place.path, body, {**headers, **signed, "User-Agent": "CSWorkspace"})
            response = connection.getresponse()
            text = response.read(MOST_BYTES)
    except AddressRefused as error:
        return Reply(False, str(error), is_final=True)
    except (TimeoutError, socket.gaierror) as error:
        late = isinstance(error, TimeoutError)
        return Reply(False, "It did not answer in time." if late else "There is no machine of that name.")
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Reply(False, f"It cannot be reached ({_short(str(error) or type(error).__name__)}).")
    words = _short(f"{response.status} {response.reason}: {text.decode('utf-8', 'replace')}")
    if 300 <= response.status < 400:
        words = f"{response.status}: redirects are not followed; enter the address that it leads to."
    return Reply(200 <= response.status < 300, words)


class Line:
    """The socket of a connection, whichever it is by now: TLS takes the plain one's place."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def secure(self, host: str) -> None:
        """Speak TLS from now on; the watch holds the new socket before the other side says anything."""
        context = ssl.create_default_context()
        secured = context.wrap_socket(self.sock, server_hostname=host, do_handshake_on_connect=False)
        self.sock = secured
        secured.do_handshake()

    def hang_up(self) -> None:
        """End it from another thread: under the TLS, whose own state is the reader's."""
        # One that is closed already needs no more.
        with suppress(OSError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@contextmanager
def connected(place: Place) -> Iterator[http.client.HTTPConnection]:
    """A connection to exactly that machine; the certificate is checked against the name."""
    line = Line(socket.create_connection((place.ip, place.port), timeout=TIMEOUT))
    watch = threading.Timer(LIMIT, line.hang_up)
    watch.daemon = True
    watch.start()
    try:
        if place.scheme == "https":
            line.secure(place.host)
        connection = http.client.HTTPConnection(_bracketed(place.host), place.port, timeout=TIMEOUT)
        # The Host header has the port only where it is not the usual one.
        connection.default_port = 443 if place.scheme == "https" else 80
        connection.sock = line.sock
        yield connection
    finally:
        watch.cancel()
        line.sock.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _short(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:400]
