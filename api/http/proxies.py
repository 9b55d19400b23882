"""Servers in front: where a request came to, as a proxy that is trusted says it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from starlette.types import Scope

from api.http.header import SHOWN, is_host
from api.http.parameters import RefusedError

PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
DOTS = re.compile(r"(^|/)\.{1,2}(/|$)")
PAIR = re.compile(r'\s*([\w!#$%&\'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*([;,]|$)', re.ASCII)
SCHEMES = ("http", "https")
FORWARDED, FOR = b"forwarded", b"x-forwarded-for"
HOST, PROTO, OUTER = b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-prefix"
OWN = (FOR, HOST, PROTO, OUTER)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ForwardedHops(NamedTuple):
    """What proxies say of one request, each hop after the other, the nearest proxy last."""

    clients: Sequence[str]
    hosts: Sequence[str]
    schemes: Sequence[str]
    prefixes: Sequence[str]


class Proxies:
    """The addresses of the proxies that are believed, and the path at which all of this stands."""

    def __init__(self, trusted: str = "", prefix: str = "") -> None:
        self.networks = [_network(each) for each in trusted.replace(",", " ").split()]
        self.prefix = prefixed(prefix)
        self.trusts = lru_cache(1_024)(self._trusts)

    @property
    def is_none(self) -> bool:
        """Whether nothing is in front, so that every request is what it seems."""
        return not (self.networks or self.prefix)

    def outer(self, scope: Scope) -> Scope:
        """The request as it came to the outermost proxy that is trusted.

        Its path begins with the prefix, which is its `root_path`, whether a proxy has taken the
        prefix off or not. Raises RefusedError where a proxy passes on what cannot be.
        """
        path, raw, prefix = scope["path"], scope.get("raw_path"), self.prefix
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            path, raw = path[len(prefix) :], raw and raw[len(prefix) :]
        found: Scope = {**scope}
        client = scope.get("client")
        if self.networks and client is not None and self.trusts(client[0]):
            hops = _hops(scope["headers"])
            back = self._trusted_hops(hops.clients)
            if hops.clients and (address := _address(_at(hops.clients, back) or "")):
                found["client"] = (str(address), 0)
            if (scheme := _at(hops.schemes, back)) is not None:
                found["scheme"] = _scheme(scheme)
            if (host := _at(hops.hosts, back)) is not None:
                own = [line for line in scope["headers"] if line[0] != b"host"]
                found["headers"] = [*own, (b"host", _host(host))]
            if (given := _at(hops.prefixes, back)) is not None:
                prefix = _prefix(given)
        found["path"], found["root_path"] = prefix + path, prefix
        if raw is not None:
            found["raw_path"] = prefix.encode() + raw
        return found

    def _trusted_hops(self, clients: Sequence[str]) -> int:
        """How many proxies in a row are trusted beside the nearest."""
        back = 0
        while back < len(clients) - 1 and self.trusts(clients[-1 - back]):
            back += 1
        return back

    def _trusts(self, given: str) -> bool:
        address = _address(given)
        return address is not None and any(address in network for network in self.networks)


def prefixed(given: str) -> str:
    """A path without a slash at its end; ValueError for what is no plain path."""
    prefix = given.rstrip("/")
    if prefix and (not PREFIX.fullmatch(prefix) or DOTS.search(prefix)):
        raise ValueError(f"no path such as `/pactbook`: {given[:SHOWN]!r}")
    return prefix


def _network(given: str) -> Network:
    try:
        return ipaddress.ip_network(given)
    except ValueError:
        wanted = "no list of addresses such as `127.0.0.1, ::1, 10.0.0.0/8`"
        raise ValueError(f"{wanted}: {given[:SHOWN]!r} is none") from None


def _address(given: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address of a client, without its port; None for `unknown`, and for what is none."""
    bare = given[1:].partition("]")[0] if given.startswith("[") else given
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _at(values: Sequence[str], back: int) -> str | None:
    """What so many proxies before the nearest have said; the first of fewer."""
    return values[max(0, len(values) - 1 - back)] if values else None


def _hops(headers: Sequence[tuple[bytes, bytes]]) -> ForwardedHops:
    """What the headers say: `X-Forwarded-…`, and `Forwarded` where there are none of those."""
    lines: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name in OWN:
            values = [each.strip() for each in value.decode("latin-1").split(",")]
            lines.setdefault(name, []).extend(values)
    if lines:
        return ForwardedHops(*(lines.get(name, ()) for name in OWN))
    given = b", ".join(value for name, value in headers if name == FORWARDED)
    return _forwarded(given.decode("latin-1")) if given else ForwardedHops((), (), (), ())


def _forwarded(given: str) -> ForwardedHops:
    """What a header `Forwarded` says (RFC 7239 § 4)."""
    hops: list[dict[str, str]] = [{}]
    at = 0
    while at < len(given):
        found = PAIR.match(given, at)
        if found is None:
            raise _unfit(
                "header Forwarded", given, "for=192.0.2.1;proto=https;host=pactbook.example"
            )
        name, value, end = found.groups()
        bare = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        hops[-1][name.lower()] = bare
        if end == ",":
            hops.append({})
        at = found.end()
    clients, hosts, schemes = (
        [hop[name] for hop in hops if name in hop] for name in ("for", "host", "proto")
    )
    return ForwardedHops(clients, hosts, schemes, ())


def _scheme(given: str) -> str:
    scheme = given.lower()
    if scheme not in SCHEMES:
        raise _unfit("scheme", given, "https")
    return scheme


def _host(given: str) -> bytes:
    host = given.encode("latin-1")
    if not is_host(host):
        raise _unfit("host", given, "pactbook.example")
    return host


def _prefix(given: str) -> str:
    try:
        return prefixed(given)
    except ValueError:
        raise _unfit("prefix", given, "/pactbook") from None


def _unfit(what: str, given: str, right: str) -> RefusedError:
    message = f"The proxy in front gives the {what} {given[:SHOWN]!r}; it is such as `{right}`."
    return RefusedError(400, message)
