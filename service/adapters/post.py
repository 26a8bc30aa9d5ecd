"""Sends a webhook's message over HTTP, to public addresses alone unless private ones are allowed.

The name is resolved once, what it resolves to is judged, and the connection goes to the very address that was judged:
otherwise a name could resolve to something else a moment later.
"""

from __future__ import annotations

import asyncio
import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx2

from service import VERSION
from service.jobs.webhooks import Outcome

IPAddress = IPv4Address | IPv6Address

MOST_REDIRECTS = 3
REDIRECTS_OF_A_POST = (307, 308)
"""Redirects that keep the method and the body."""

HOST = re.compile(rb"[A-Za-z0-9._:\[\]-]+")
NAT64 = IPv6Network("64:ff9b::/96")
LONGEST_WAIT_SECONDS = 86_400


class RefusedAddressError(Exception):
    """The URL leads where messages may not go; the message says so."""


class Poster:
    """Sends messages; whatever goes wrong is an outcome."""

    def __init__(self, *, private_addresses: bool, redirects: bool, seconds: float) -> None:
        self._private_addresses = private_addresses
        self._redirects = redirects
        self._seconds = seconds

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send the body, and say how it went; what the receiver writes in its answer is not read."""
        try:
            place = checked_url(url, private_addresses=self._private_addresses)
            for _ in range(1 + MOST_REDIRECTS):
                answer = await self._send(place, body, headers)
                if answer.status_code not in REDIRECTS_OF_A_POST or not self._redirects:
                    return _outcome(answer)
                target = str(place.join(answer.headers.get("location", "")))
                place = checked_url(target, private_addresses=self._private_addresses)
        except RefusedAddressError as refused:
            return Outcome(None, str(refused))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            return Outcome(None, f"It could not be sent: {type(error).__name__} {str(error)[:200]}".rstrip())
        return Outcome(None, f"The receiver redirects more than {MOST_REDIRECTS} times.")

    async def _send(self, url: httpx2.URL, body: bytes, headers: dict[str, str]) -> httpx2.Response:
        address = await self._address_of(url)
        own = {"host": url.netloc.decode("ascii"), "user-agent": f"Stint/{VERSION}", "accept-encoding": "identity"}
        async with (
            httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=self._seconds) as client,
            client.stream(
                "POST",
                url.copy_with(host=str(address)),
                content=body,
                headers={**headers, **own},
                extensions={"sni_hostname": url.raw_host.decode("ascii")},  # the certificate is the name's
            ) as answer,
        ):
            return answer

    async def _address_of(self, url: httpx2.URL) -> IPAddress:
        """The address to connect to; a name with any private address is refused as a whole."""
        port = url.port or (443 if url.scheme == "https" else 80)
        name = url.raw_host.decode("ascii").strip("[]")
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not self._private_addresses:
            _refuse_private(url, addresses)
        return addresses[0]


def checked_url(url: str, *, private_addresses: bool) -> httpx2.URL:
    """The URL, if messages may go there as far as can be told without resolving its name.

    Raises:
        RefusedAddressError: it is no place to post to, or a private address that is written out.
    """
    try:
        found = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise RefusedAddressError(f"{url[:80]!r} is no URL: {error}.") from None
    if found.scheme not in ("http", "https") or not HOST.fullmatch(found.raw_host) or not _is_port(found.port):
        raise RefusedAddressError(f"{url[:80]!r} is not the URL of a host. Maybe it lacks https:// in front.")
    if found.userinfo:
        raise RefusedAddressError("The URL holds a user name or password. Messages are signed; it needs none.")
    try:
        written_out = ip_address(found.host.strip("[]"))
    except ValueError:
        return found
    if not private_addresses:
        _refuse_private(found, [written_out])
    return found


def _is_port(port: int | None) -> bool:
    return port is None or 0 < port < 65536


def _refuse_private(url: httpx2.URL, addresses: list[IPAddress]) -> None:
    if not addresses or not all(is_public(address) for address in addresses):
        raise RefusedAddressError(
            f"{url.host} is a private address, or has one. "
            "Maybe the receiver is inside; then STINT_WEBHOOK_PRIVATE_ADDRESSES has to allow it."
        )


def is_public(address: IPAddress) -> bool:
    """Whether the address is one that anybody on the internet may reach, and no private one in disguise."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _outcome(answer: httpx2.Response) -> Outcome:
    status = answer.status_code
    if 300 <= status < 400:
        return Outcome(status, f"The receiver redirects (status {status}); redirects are not followed.")
    return Outcome(status, wait_seconds=_asked_wait(answer.headers.get("retry-after", "")))


def _asked_wait(text: str) -> float | None:
    return min(float(text[:9]), LONGEST_WAIT_SECONDS) if text.isascii() and text.isdecimal() else None
