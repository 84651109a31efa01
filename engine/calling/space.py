"""A space's name as the base of its URLs, and what authenticates there."""

from base64 import b64encode
from ipaddress import ip_address

from engine.model.errors import ConfigurationError

_HELP = "Give the host alone, as in example.signalwire.com (SIGNALWIRE_SPACE)."


def base_url(space: str) -> str:
    """`https://<space>`, or `http://<space>` for a loopback host (the sandbox), with its port.

    `ConfigurationError` for anything but a host and an optional port.
    """
    if not space:
        raise ConfigurationError("no space is named", help=_HELP)
    if any(c in "/?#@\\" or c.isspace() or not c.isprintable() for c in space):
        raise ConfigurationError(f"{space!r} is not the host of a space", help=_HELP)
    return f"{'http' if is_loopback(space) else 'https'}://{space}"


def is_loopback(space: str) -> bool:
    """`localhost`, `127.0.0.1`, `[::1]` and their like, with or without a port."""
    host = space[1:].partition("]")[0] if space.startswith("[") else space.partition(":")[0]
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def headers(project: str, token: str) -> dict[str, str]:
    """The headers of every request: HTTP Basic, JSON, no packed answers."""
    for name, value in (("project id", project), ("API token", token)):
        if not value or any(ord(c) < 32 for c in value):
            raise ConfigurationError(
                f"the {name} is empty or has a line break in it",
                help="Set SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN.",
            )
    credentials = b64encode(f"{project}:{token}".encode()).decode()
    return {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "offhook",
    }
