"""Names of things, as distinct types, and the ids that are computed rather than drawn.

A control_id is a function of where the run stands, so it is known and journalled
before its command is sent, and a repeated command carries the same one.
"""

import base64
import hashlib
from typing import NewType

RunId = NewType("RunId", str)
"""One call's way through a flow: 21 characters `[a-z0-9]`."""
CallId = NewType("CallId", str)
"""The platform's id of a call leg (a UUID)."""
ControlId = NewType("ControlId", str)
"""`<run>.<op>`; unique for ever, and readable: it names the step that caused it."""
OpId = NewType("OpId", str)
"""`<frame>.<step>.<visit>.<attempt>.<verb>`, a control_id less its run."""
StepName = NewType("StepName", str)
Digest = NewType("Digest", str)
"""sha256 (hex) of a bundle: what a run was started with."""

CALL_OP = OpId("call")
"""The op under which the call itself reports its state (`dial`'s status_url)."""


def inbound_run_id(call_id: str) -> RunId:
    """The run of an inbound call: the same call_id is always the same run."""
    digest = hashlib.sha256(call_id.encode()).digest()
    return RunId("i" + base64.b32encode(digest)[:20].decode().lower())


def outbound_run_id(entropy: bytes) -> RunId:
    """The run of an outbound call, from 16 random bytes that the shell drew."""
    return RunId("o" + base64.b32encode(hashlib.sha256(entropy).digest())[:20].decode().lower())


def op_id(frame: int, step: str, visit: int, attempt: int, verb: str) -> OpId:
    """Where in a run an operation belongs: `0.menu.1.2.play`."""
    return OpId(f"{frame}.{step}.{visit}.{attempt}.{verb}")


def control_id(run: RunId, op: OpId) -> ControlId:
    return ControlId(f"{run}.{op}")


def next_attempt(control: ControlId) -> ControlId:
    """Of the operation that takes this one's place."""
    frame, step, visit, attempt, verb = op_of(control).rsplit(".", 4)
    op = op_id(frame=int(frame), step=step, visit=int(visit), attempt=int(attempt) + 1, verb=verb)
    return control_id(run_of(control), op)


def way_back(control: ControlId, outcome: str) -> str:
    """What stands in SWML for the URL by which the call comes back with this outcome; `engine.wire.requests`
    puts the URL there, which only a shell knows."""
    return f"offhook:resume/{control}/{outcome}"


def op_of(control: ControlId) -> OpId:
    return OpId(control.partition(".")[2])


def run_of(control: ControlId) -> RunId:
    return RunId(control.partition(".")[0])


def verb_of(op: OpId) -> str:
    """The verb that the op belongs to: `play` for `0.menu.1.2.play`, `call` for the call's own op."""
    return op.rpartition(".")[2]
