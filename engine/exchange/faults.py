"""What goes wrong, as data: the fault of a webhook or of an answer, by its place in a row or by chance.

Chance is a pure function of the exchange's seed and of how often it was asked, so that equal inputs
meet equal faults.
"""

import hashlib
from fnmatch import fnmatchcase
from typing import Literal, get_args

from msgspec import Struct

WebhookFault = Literal["drop", "duplicate", "delay", "reorder"]
OperationFault = Literal["fail"]
AnswerFault = Literal["late", "422", "429", "500", "html", "hang", "reset", "execute_500", "execute_hang"]

DEFAULT_DELAY_MS = 2_000


class Fault(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What goes wrong with the `nth` of a kind.

    `kind` is a webhook's (`play.finished`, `collect.digit`, `call.ended`), for the faults of answers a command's name
    (`calling.play`), for those of operations theirs (`play`); `*` stands for anything. `nth` counts from 1: over the
    whole exchange, or over the call whose own fault it is; 0 means every one. With a `probability` (0 to 1) chance
    decides of each, and `nth` does not count.

    Of operations (`play`, `record`, `collect`): `fail`, it is accepted and then reports an error.
    Of webhooks: `drop`, `duplicate`, `delay` (by `delay_ms`), `reorder` (the call's next webhook
    leaves before it, or `delay_ms` pass).
    Of answers: `late` (by `delay_ms`, while webhooks go out), `422` (refused), `429`, `500` and `html` (a proxy's page)
    in place of carrying the command out, `hang` (never carried out, never answered), `execute_hang`
    (never answered), `execute_500`, `reset` (carried out, then the connection is cut).
    """

    kind: str
    do: WebhookFault | AnswerFault | OperationFault
    nth: int = 1
    probability: float | None = None
    delay_ms: int = DEFAULT_DELAY_MS


WEBHOOK_FAULTS: tuple[str, ...] = get_args(WebhookFault)
OPERATION_FAULTS: tuple[str, ...] = get_args(OperationFault)
ANSWER_FAULTS: tuple[str, ...] = get_args(AnswerFault)


class Chance(Struct, frozen=True):
    """The fault that happens, if any; the counts of all faults, and of all draws, from now on."""

    fault: Fault | None
    counts: tuple[int, ...]
    rolled: int


def happens(
    faults: tuple[Fault, ...], counts: tuple[int, ...], *, kind: str, of: tuple[str, ...], seed: str, rolled: int
) -> Chance:
    """Which of `faults` (those that do one of `of`) happens to this one of `kind`: the first that applies.

    `counts` say how many of its kind each fault has seen, () for none yet.
    """
    seen = list(counts or (0,) * len(faults))
    found = None
    for index, fault in enumerate(faults):
        if fault.do not in of or not fnmatchcase(kind, fault.kind):
            continue
        seen[index] += 1
        if fault.probability is None:
            applies = fault.nth in (0, seen[index])
        else:
            rolled += 1
            applies = chance(seed, rolled) < fault.probability
        if applies and found is None:
            found = fault
    return Chance(found, tuple(seen), rolled)


def chance(seed: str, count: int) -> float:
    """The `count`-th draw of a seed: evenly spread from 0 up to 1, the same every time."""
    digest = hashlib.sha256(f"{seed}:chance:{count}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
