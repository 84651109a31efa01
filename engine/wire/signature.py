"""The platform's signatures: HMAC over the URL as configured, less credentials, and the raw body.

`X-SignalWire-Signature` is hex HMAC-SHA1, `X-SignalWire-SHA256-Signature` hex HMAC-SHA256; the key
is the project's signing key. Not every request need be signed, so absence proves nothing: the token in
the URL is what is relied on.
"""

import hmac
from collections.abc import Mapping
from typing import Literal

SHA1_HEADER = "X-SignalWire-Signature"
SHA256_HEADER = "X-SignalWire-SHA256-Signature"

Verdict = Literal["valid", "invalid", "absent"]
Demand = Literal["once_signed", "all_signed", "any"]
"""Of which webhooks a signature is demanded: of all once one came with a right one; of all; of none."""


def sign(key: str, url: str, body: bytes) -> dict[str, str]:
    """Both signatures, as the headers that carry them."""
    return {
        SHA1_HEADER: _digest(key, url, body, "sha1"),
        SHA256_HEADER: _digest(key, url, body, "sha256"),
    }


def verify(headers: Mapping[str, str], key: str, url: str, body: bytes) -> Verdict:
    """Judges by SHA-256 where it is there, else by SHA-1; `absent` where neither is.

    `url` is what the platform was told to call, query included; header names in any case.
    Takes equally long for a signature that is nearly right. An empty `key` proves nothing, so
    that what is signed is then `invalid`.
    """
    found = {name.lower(): value for name, value in headers.items()}
    for header, algorithm in ((SHA256_HEADER, "sha256"), (SHA1_HEADER, "sha1")):
        claimed = found.get(header.lower())
        if claimed is None:
            continue
        expected = _digest(key, url, body, algorithm).encode()
        said = claimed.strip().lower().encode(errors="replace")
        return "valid" if hmac.compare_digest(expected, said) and key else "invalid"
    return "absent"


def without_credentials(url: str) -> str:
    """`https://user:pass@host/path` as `https://host/path`; all else byte for byte as it was."""
    scheme, slashes, rest = url.partition("://")
    if not slashes:
        return url
    end = next((i for i, c in enumerate(rest) if c in "/?#"), len(rest))
    return f"{scheme}://{rest[:end].rpartition('@')[2]}{rest[end:]}"


def _digest(key: str, url: str, body: bytes, algorithm: str) -> str:
    message = without_credentials(url).encode() + body
    return hmac.digest(key.encode(), message, algorithm).hex()
