"""The platform's error codes, and what they mean for the command and for the call.

A code says more than its status line, so for a 4xx it goes first; matched on the code, never on the
message. `help` is for the log: what somebody who runs this can do about it.
"""

from collections.abc import Mapping

from msgspec import Struct

from engine.model.events import AnswerKind


class Meaning(Struct, frozen=True):
    """`kind` is what the command's answer is taken for; `over`: the code says that the leg named has
    ended, or was never there, so that nothing more can be sent to it."""

    kind: AnswerKind
    means: str
    help: str = ""
    over: bool = False


_FLOW = "correct the step's params; `offhook lint` finds most of it"
_ACCOUNT = "look at the account's limits and balance in the platform's dashboard"

QUEUE_IS_FULL = "max_queued_calls_exceeded"

CODES: Mapping[str, Meaning] = {
    "missing_required_parameter": Meaning("rejected", "a parameter is missing", _FLOW),
    "invalid_parameter": Meaning("rejected", "a parameter has a value that the platform does not take", _FLOW),
    "call_update_failed": Meaning(
        "rejected", "the leg could not be updated", "its state does not allow it, or the platform failed to"
    ),
    "cannot_cancel_in_progress": Meaning(
        "rejected", "the leg is answered and can no longer be cancelled", "complete it instead"
    ),
    # It may be over, or ring still: the code does not say.
    "cannot_redirect_not_in_progress": Meaning(
        "rejected", "only an answered leg can be redirected", "it is not answered yet, or is over"
    ),
    "cannot_update_completed": Meaning("gone", "the leg is over", over=True),
    # Nowhere documented; some platforms tell a call that is over from one that never was.
    "call_ended": Meaning("gone", "the call is over", over=True),
    "call_id_is_duplicated": Meaning("rejected", "there is a call with this id already"),
    # The ids that are sent are the platform's own, so that it is not malformed: it is forgotten.
    "invalid_call_id_passed": Meaning("gone", "the platform knows no such call, or no longer", over=True),
    QUEUE_IS_FULL: Meaning(
        "unavailable", "too many calls wait to be dialled", "dial fewer at a time, or ask for a higher limit"
    ),
    "account_limit_exceeded": Meaning("rejected", "a limit of the account is reached", _ACCOUNT),
}

LIVE = frozenset({"control_id_in_use", "operation_in_progress"})
"""Nowhere documented, as 422: the operation that is to begin runs already. To a repeat that is good news (`answers.py`)."""

OURS: Mapping[str, Meaning] = {
    "unreachable": Meaning("unavailable", "no connection", "check the environment's `space`, and the way there"),
    "connect-timeout": Meaning(
        "unavailable", "no connection in time", "check the environment's `space`, and the way there"
    ),
    "queue-timeout": Meaning("unavailable", "all connections were busy", "the platform answers slowly"),
    "held": Meaning(
        "unavailable", "the rate limit left no room in time", "spread the calls, or ask for a higher limit"
    ),
    "too-late": Meaning("unavailable", "its moment is over; it was not sent"),
    "timeout": Meaning("unknown", "no answer: nobody knows whether it was carried out"),
    "reset": Meaning("unknown", "the connection broke: nobody knows whether it was carried out"),
    "not-json": Meaning(
        "unknown", "not the platform's answer", "check the environment's `space`: something else answers there"
    ),
    "too-large": Meaning(
        "unknown", "not the platform's answer", "check the environment's `space`: something else answers there"
    ),
}
"""Codes that this end gives where the platform has said nothing."""

STATUSES: Mapping[int, Meaning] = {
    401: Meaning("rejected", "the credentials are wrong", "check SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN"),
    403: Meaning("rejected", "the credentials do not allow it", "the API token needs the Voice scope"),
    404: Meaning("gone", "the call, or the operation, is over"),
    409: Meaning("rejected", "it is running already"),
    422: Meaning("rejected", "the platform found it invalid", _FLOW),
    429: Meaning("unavailable", "the space's rate limit is used up", "spread the calls, or ask for a higher limit"),
}
_FAILED = Meaning("unavailable", "the platform failed")
_ODD = Meaning("rejected", "the platform refused it")


def meaning(code: str, http_status: int) -> Meaning:
    """What an answer means, for people: by its code where that is known, else by its status line."""
    known = CODES.get(code) or OURS.get(code)
    if known is None and code.startswith("account_"):
        known = CODES["account_limit_exceeded"]
    if known is None:
        known = STATUSES.get(http_status)
    return known or (_FAILED if http_status >= 500 else _ODD)


def is_over(code: str) -> bool:
    """Does the code say that the leg itself is over, whatever the command was about?"""
    return code in CODES and CODES[code].over
