"""Which verbs belong together: a family has one colour in every format."""

from collections.abc import Mapping
from typing import Literal

Family = Literal["event", "speak", "listen", "decide", "service", "away", "flow", "end"]
"""event    where a way begins that no step leads to: the call, a handler, a limit
speak    the caller hears something
listen   the caller is heard: input, recordings, copies, what has answered
decide   the flow's own
service  somebody's program is asked or told
away     the call, or a leg of it, goes somewhere
flow     another flow, and back
end      the run is over"""

_FAMILIES: Mapping[str, Family] = {
    "play": "speak",
    "ask": "listen",
    "collect": "listen",
    "record": "listen",
    "detect": "listen",
    "tap": "listen",
    "stream": "listen",
    "transcribe": "listen",
    "denoise": "listen",
    "live_transcribe": "listen",
    "live_translate": "listen",
    "send_fax": "listen",
    "receive_fax": "listen",
    "branch": "decide",
    "set": "decide",
    "wait": "decide",
    "fetch": "service",
    "user_event": "service",
    "ai": "service",
    "ai_hold": "service",
    "ai_unhold": "service",
    "ai_message": "service",
    "ai_sidecar": "service",
    "connect": "away",
    "excursion": "away",
    "dial": "away",
    "update": "away",
    "disconnect": "away",
    "refer": "away",
    "transfer": "away",
    "redirect": "away",
    "subflow": "flow",
    "return": "flow",
    "end": "end",
}


def family(verb: str) -> Family:
    """`play.stop` is of the family of `play`."""
    return _FAMILIES[verb.partition(".")[0]]
