"""Why a call ended, in the one spelling of `engine.model.state.END_REASONS`.

The platform spells the same reason in several ways, by page and by vocabulary (call states and
resource statuses); this is the one table of them.
"""

from collections.abc import Mapping

SPELLINGS: Mapping[str, str] = {
    "hangup": "hangup",
    "completed": "hangup",
    "ended": "hangup",
    "cancel": "cancel",
    "canceled": "cancel",
    "cancelled": "cancel",
    "busy": "busy",
    "noanswer": "no_answer",
    "decline": "decline",
    "declined": "decline",
    "error": "error",
    "failed": "error",
    "abandoned": "abandoned",
    "maxduration": "max_duration",
    "notfound": "not_found",
}
"""By the word in lower case without `_`, `-` and blanks (`noAnswer`, `no-answer`, `no_answer`)."""

_STRIP = str.maketrans("", "", "_- ")


def end_reason(word: str) -> str:
    """The model's word; `""` for none, `error` for one that nobody documented."""
    if not word:
        return ""
    return SPELLINGS.get(word.lower().translate(_STRIP), "error")


def is_known(word: str) -> bool:
    return word.lower().translate(_STRIP) in SPELLINGS
