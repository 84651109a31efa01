"""Where a use of a certain kind cannot stand, though its value is a text like others."""

from collections.abc import Mapping

_NUMBER = ("a telephone number", ("calendar", "url"))
_URL = ("an address", ("calendar", "number"))
WANTING: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "dial": {"to": _NUMBER, "from": _NUMBER, "url": _URL},
    "connect": {"to": _NUMBER, "from": _NUMBER},
    "refer": {"to": _NUMBER},
    "transfer": {"dest": ("a telephone number or an address", ("calendar",))},
    "fetch": {"url": _URL},
    "redirect": {"url": _URL},
}
"""By verb and param: what is wanted there, and the kinds of uses that are something else."""


def wanted_instead(verb: str, key: str, kind: str) -> str:
    """What is wanted there, if it is not that kind of a use; else nothing."""
    wanted, others = WANTING.get(verb, {}).get(key, ("", ()))
    return wanted if kind in others else ""
