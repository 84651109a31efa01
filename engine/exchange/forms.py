"""Texts that must have a form: what each is, and how an error says it."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network

from msgspec import Struct

NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
)
"""Private, local and reserved. The ranges for documentation count as public, so that tests need nobody's address."""


class Form(Struct, frozen=True):
    fits: Callable[[str], bool]
    says: str


def _pattern(pattern: str, says: str) -> Form:
    compiled = re.compile(pattern)
    return Form(lambda text: compiled.fullmatch(text) is not None, says)


def _is_public_ipv4(text: str) -> bool:
    try:
        address = IPv4Address(text)
    except ValueError:
        return False
    return not any(address in network for network in NOT_PUBLIC)


FORMS: Mapping[str, Form] = {
    "uuid": _pattern(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "must be a UUID"),
    "url": _pattern(r"https?://[^\s/]\S*", "must be an http or https URL"),
    "wss_url": _pattern(r"wss://[^\s/]\S*", "must be a wss:// URL"),
    "ws_url": _pattern(r"wss?://[^\s/]\S*", "must be a ws:// or wss:// URL"),
    "sip_uri": _pattern(r"sip:\S+", "must be a SIP URI (sip:...)"),
    "seconds": _pattern(r"[0-9]+", "must be seconds in digits"),
    "keys": _pattern(r"[0-9#*A-Da-d]*", "must be keys (0-9, *, #, A-D)"),
    "tones": _pattern(r"[0-9#*A-Da-dwW]*", "must be keys (0-9, *, #, A-D) and pauses (w, W)"),
    "variable": _pattern(
        r"(?!(?i:signalwire|sw|rtc|internal)_)[A-Za-z_][A-Za-z0-9_]*",
        "must begin with a letter or _, have letters, digits and _ only, "
        "and not begin with signalwire_, sw_, rtc_ or internal_ in any case",
    ),
    "filter": _pattern(
        r"polite|rude|professional|shakespeare|gen-z|prompt:(?s:.+)",
        "must be polite, rude, professional, shakespeare, gen-z or prompt:...",
    ),
    "public_ipv4": Form(_is_public_ipv4, "must be a public IPv4 address"),
    "printable": Form(lambda text: bool(text.strip()), "must not be blank"),
}
