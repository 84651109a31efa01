"""How something turns out that is not in the caller's hands: a bridge, a queue, a payment."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

About = Literal["bridge", "queue", "pay", "peer", "left"]
WORDS: Mapping[About, tuple[str, ...]] = {
    "bridge": ("talks", "busy", "no_answer", "declined", "failed"),
    "queue": ("talks", "timeout", "failed"),
    "pay": (
        *("success", "too-many-failed-attempts", "payment-connector-error", "caller-interrupted-with-star"),
        *("relay-pay-stop", "validation-error", "internal-error"),
    ),
    "peer": ("hangs_up",),
    "left": ("comes_back",),
}
"""What may be decided: somebody is rung, waits, pays; is talked to; or the call has left for SWML not interpreted."""


class Verdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`talk_ms`: how long they talk. `after_ms`: how long it is from the beginning until this comes about.

    None for either: as long as the options say; for what is decided meanwhile, at once.
    """

    word: str
    talk_ms: int | None = None
    after_ms: int | None = None
