"""How much the webhooks of one operation may bring into the journal.

An URL that somebody has got hold of is good for as long as its operation lives, and what comes to it is kept. So it is
kept up to a number and a size that no operation comes near by itself.
"""

from collections import OrderedDict

from engine.model.ids import ControlId, op_of, verb_of
from engine.model.limits import MAX_HEARD, MAX_HEARD_BYTES, MAX_REPORTS, MAX_REPORTS_BYTES
from engine.webhook.intake import Refused

_REMEMBERED = 4_000
_HEARING = frozenset({"collect", "transcribe", "live_transcribe", "live_translate"})
"""Verbs that report as long as somebody speaks."""


class Budget:
    """Remembers how many reports and bytes came, of the operations that reported last."""

    def __init__(self) -> None:
        self._spent: OrderedDict[ControlId, tuple[int, int]] = OrderedDict()

    def spend(self, control_id: ControlId, size: int) -> None:
        """`Refused` (429) when the operation has had as much as it may; that costs nothing more."""
        spent = self._spent
        reports, bytes_ = spent.pop(control_id, (0, 0))
        if len(spent) >= _REMEMBERED:
            # (The first of a plain dictionary is looked for behind all that were deleted.)
            spent.popitem(last=False)
        reports, bytes_ = reports + 1, bytes_ + size
        fits = (reports <= MAX_REPORTS and bytes_ <= MAX_REPORTS_BYTES) or _may_say_more(control_id, reports, bytes_)
        # Behind all others: the first ones are those that have been quiet for longest.
        spent[control_id] = (reports, bytes_) if fits else (reports - 1, bytes_ - size)
        if not fits:
            raise Refused(429, "its operation has had too many reports")


def _may_say_more(control_id: ControlId, reports: int, bytes_: int) -> bool:
    return verb_of(op_of(control_id)) in _HEARING and reports <= MAX_HEARD and bytes_ <= MAX_HEARD_BYTES
