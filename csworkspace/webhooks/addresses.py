"""Where webhooks may go: http(s) to public addresses, decided after the name has been resolved."""

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}
# Names that only lead to something inside.
INSIDE = (".localhost", ".local", ".internal")
# Tunnels that carry an IPv4 address inside an IPv6 one.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Global by the registry's flag, and yet nobody's: relays of 6to4, and documentation.
NOT_OPEN = (ipaddress.ip_network("192.88.99.0/24"), ipaddress.ip_network("3fff::/20"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(ValueError):
    """An address that webhooks may not go to; the text says why."""


@dataclass(frozen=True)
class Place:
    """A checked address: what the URL says, and the one machine that is connected to."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str


def read_url(url: str) -> SplitResult:
    """The parts of an address that could be a webhook's. Raises AddressRefused."""
    if any(not char.isprintable() or char.isspace() for char in url):
        raise AddressRefused("The address has a space, a line break or another control character in it.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is no address; write one such as https://hooks.example.com/csw.") from None
    if parts.scheme not in PORTS:
        raise AddressRefused("The address has to begin with https:// (or http://).")
    if not parts.hostname or port == 0:
        raise AddressRefused("The address names no machine; write one such as https://hooks.example.com/csw.")
    if "@" in parts.netloc:
        raise AddressRefused("Leave name and password out of the address: deliveries are signed instead.")
    return parts


def check_public(url: str) -> None:
    """Refuse what can be told without asking for the name: this machine, and private networks.

    Where a name leads to is looked up at each delivery, by `resolve`. Raises AddressRefused.
    """
    host = (read_url(url).hostname or "").rstrip(".")
    if settings.WEBHOOK_ALLOW_PRIVATE:
        return
    inside = host == "localhost" or host.endswith(INSIDE)
    with suppress(ValueError):
        inside = inside or not is_public(str(ipaddress.ip_address(host)))
    if inside:
        raise AddressRefused(f"{host} is inside a private network: a webhook needs a public address.")


def resolve(url: str) -> Place:
    """Find the machine behind an address, once; whoever connects uses what was found and checked here.

    A name with any address that is not public is refused, so that a name cannot lead to one at one
    moment and to another at the next. Raises AddressRefused; OSError if the name is not found.
    """
    parts = read_url(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    ips = [str(item[4][0]) for item in found]
    if not settings.WEBHOOK_ALLOW_PRIVATE:
        for ip in ips:
            if not is_public(ip):
                raise AddressRefused(
                    f"{host} is an address inside a private network ({ip}); it is not called."
                )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, path, ips[0])


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local or reserved."""
    ip: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    if any(ip in network for network in NOT_OPEN if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified
