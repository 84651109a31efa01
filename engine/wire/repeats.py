"""Is a command tried again after an answer? By its repeat class (`engine.model.verbs.REPEAT`):

what happened                          never    while_unseen  safe
no connection, no turn; 429            again    again         again
408, 425                               -        again         again
5xx                                    doubt    again         again
timeout or reset after it was sent     doubt    doubt         again
anything else                          -        -             -

`doubt`: it may have been carried out, so it is reported as `unknown`, and the run decides. A dial that
rang must not ring twice, whatever the platform documents of 5xx.
"""

from msgspec.structs import replace

from engine.model.verbs import Repeat
from engine.wire.answers import Answer, is_retryable

FIRST_MS = 200
"""The longest first pause; each further one is twice as long."""
LONGEST_MS = 5_000
BUDGET_MS = 30_000
"""No attempt of a command begins later than this after the first."""
DOUBT_BUDGET_MS = 15_000
"""The same where an attempt may have been carried out: a run's commands go one after the other, so a
stop that is never answered must not make the prompt behind it too late."""


def judged(answer: Answer, repeat: Repeat) -> Answer:
    """The answer as the class sees it: who must not repeat cannot trust a 5xx to mean `not done`."""
    if repeat == "never" and answer.http_status >= 500:
        return replace(answer, kind="unknown")
    return answer


def may_repeat(answer: Answer, repeat: Repeat) -> bool:
    """Is the command sent again after this answer (as `judged`)?"""
    if answer.kind == "unknown":
        return repeat == "safe" and answer.http_status == 0
    if answer.kind != "unavailable":
        return False
    if answer.http_status in (0, 429):
        return True
    return repeat != "never" and is_retryable(answer.http_status)


def settled(answer: Answer, doubt: Answer | None) -> Answer:
    """What was once in doubt is not made certain by a later attempt that did not get through."""
    return doubt if doubt is not None and answer.kind == "unavailable" else answer
