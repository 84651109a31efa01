"""How much the webhooks of one operation may bring into the journal.

An URL that somebody has got hold of is good for as long as its operation lives, and what comes to it is kept. So it is
kept up to a number and a size that no operation comes near by itself.
"""

from engine.model.ids import ControlId, op_of, verb_of
from engine.model.limits import MAX_HEARD, MAX_HEARD_BYTES, MAX_REPORTS, MAX_REPORTS_BYTES
from engine.webhook.intake import Refused

_REMEMBERED = 4_000
_HEARING = frozenset({"collect", "transcribe", "live_transcribe", "live_translate"})
"""Verbs that report as long as somebody speaks."""


class Budget:
    """Remembers how many reports and bytes came, of the operations that reported last."""

    def __init__(self) -> None:
        self._spent: dict[ControlId, tuple[int, int]] = {}

    def spend(self, control_id: ControlId, size: int) -> None:
        """`Refused` (429) when the operation has had as much as it may; that costs nothing more."""
        spent = self._spent
        reports, bytes_ = spent.pop(control_id, (0, 0))
        if len(spent) >= _REMEMBERED:
            del spent[next(iter(spent))]
        most, most_bytes = _most(control_id)
        fits = reports < most and bytes_ + size <= most_bytes
        # Behind all others: the first ones are those that have been quiet for longest.
        spent[control_id] = (reports + 1, bytes_ + size) if fits else (reports, bytes_)
        if not fits:
            raise Refused(429, "its operation has had too many reports")


def _most(control_id: ControlId) -> tuple[int, int]:
    if verb_of(op_of(control_id)) in _HEARING:
        return MAX_HEARD, MAX_HEARD_BYTES
    return MAX_REPORTS, MAX_REPORTS_BYTES
