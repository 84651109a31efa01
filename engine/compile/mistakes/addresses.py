"""Addresses that a command does not take, by the patterns of the schemas: of hosts (API005), and of another scheme (API006)."""

import re

from msgspec import Struct

from engine.compile.wording import short

_IPV4 = "(25[0-5]|"
_SCHEMES = ("^https?://", "^wss?://", "^wss://", "^sip:")
_SIP = re.compile(r"[^\s:@]+@[^\s@]+")


class Wrong(Struct, frozen=True):
    code: str
    name: str
    message: str
    help: str = ""


def mistake(pattern: str, text: str, subject: str) -> Wrong | None:
    """What is wrong with a text that does not fit the pattern; None when that is not about addresses."""
    if _IPV4 in pattern:
        return Wrong("API005", "no-public-address", f"`{short(text)}` is no public IPv4 address.")
    scheme = next((one for one in _SCHEMES if pattern.startswith(one)), "")
    if not scheme:
        return None
    return Wrong("API006", "other-scheme", f"`{short(text)}` is no address for {subject}.", _instead(scheme, text))


def _instead(wanted: str, text: str) -> str:
    """The same address with the scheme that is wanted, where that makes one."""
    scheme, found, rest = text.partition("://")
    given = scheme.lower() if found else ""
    if wanted == "^sip:" and _SIP.fullmatch(bare := re.sub("^sips?:", "", text)):
        return f"Write `sip:{bare}`."
    if wanted in ("^wss://", "^wss?://") and given in ("ws", "http", "https"):
        return f"Write `wss://{rest}`: it is a WebSocket, and encrypted."
    if wanted == "^https?://" and given in ("ws", "wss"):
        return f"Write `https://{rest}`."
    return ""
