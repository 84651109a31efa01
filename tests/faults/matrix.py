"""The faults that virtual time can have, and what each does to the calls."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from engine.exchange.caller import HangsUp
from engine.exchange.effects import Heard
from engine.exchange.faults import Fault
from engine.model.state import END_REASONS
from engine.simulate.outcome import Outcome
from tests.faults.subjects import Subject, ending

Became = Literal["same", "failed", "other"]
SECONDS = (1, 2, 5, 10, 20, 30)


def webhooks(do: str, share: float = 0.2, delay_ms: int = 2_000) -> Fault:
    return Fault(kind="*", do=do, probability=share, delay_ms=delay_ms)  # type: ignore[arg-type]


FAULTS: Mapping[str, tuple[Fault, ...]] = {
    "none": (),
    "webhooks lost, 20 %": (webhooks("drop"),),
    "webhooks lost, 20 %, nothing in the voice log": (webhooks("drop"),),
    "webhooks doubled, 20 %": (webhooks("duplicate"),),
    "webhooks out of order, 20 %": (webhooks("reorder"),),
    "webhooks late by 1 to 30 s, 20 %": tuple(webhooks("delay", 0.04, second * 1_000) for second in SECONDS),
    "every webhook late by 30 s": (webhooks("delay", 1.0, 30_000),),
    "events before answers (answers 3 s late), 50 %": (webhooks("late", 0.5, 3_000),),
    "API: 429, 20 %": (webhooks("429"),),
    "API: 500, not carried out, 20 %": (webhooks("500"),),
    "API: 500, carried out, 20 %": (webhooks("execute_500"),),
    "API: a proxy's page, 20 %": (webhooks("html"),),
    "API: hangs, not carried out, 20 %": (webhooks("hang"),),
    "API: hangs, carried out, 20 %": (webhooks("execute_hang"),),
    "API: connection reset, carried out, 20 %": (webhooks("reset"),),
    "all of them, 5 % each": tuple(
        webhooks(do, 0.05, 5_000)
        for do in (
            *("drop", "duplicate", "reorder", "delay"),
            *("late", "429", "500", "html", "hang", "execute_500", "execute_hang", "reset"),
        )
    ),
}
_UNLOGGED = "nothing in the voice log"
FAILURES = frozenset(("lost", "error", "rejected", "timeout", "failed", "no_input", "no_match", "limit", "unavailable"))
"""Outcomes by which a flow hears that something did not come about."""


class Row(Struct, kw_only=True):
    """How the calls under one fault ended: as without it, with a failure that has a name, or otherwise."""

    calls: int = 0
    same: int = 0
    failed: int = 0
    others: list[str] = []

    def add(self, subject: Subject, seed: str, outcome: Outcome) -> None:
        self.calls += 1
        became, why = judged(subject, outcome)
        if became == "same":
            self.same += 1
        elif became == "failed":
            self.failed += 1
        else:
            self.others.append(f"{subject.flow}: {subject.case} ({seed}): {why}")


def row(fault: str, subjects: Iterable[Subject], seeds: int) -> Row:
    found = Row()
    for subject in subjects:
        for number in range(seeds if fault != "none" else 1):
            seed = f"{fault} {number}"
            found.add(subject, seed, subject.play(seed, FAULTS[fault], logged=_UNLOGGED not in fault))
    return found


def judged(subject: Subject, outcome: Outcome) -> tuple[Became, str]:
    """`other` is what must never be: a call without an end, one that is left open, a fault of ours, something that is
    heard twice, or an end that nothing explains."""
    wrong = _wrong(outcome)
    if wrong:
        return "other", wrong
    if ending(outcome) == subject.faultless:
        return "same", ""
    if _failed(outcome) or _hung_up(subject, outcome):
        return "failed", ""
    return "other", f"{subject.faultless} became {ending(outcome)}, by {outcome.path}, {dict(outcome.outcomes)}"


def _wrong(outcome: Outcome) -> str:
    if outcome.broken:
        return f"a fault of ours: {outcome.broken}"
    if outcome.stuck or outcome.ended not in END_REASONS:
        return f"it has no end: {outcome.stuck or outcome.ended!r}"
    if outcome.open:
        return f"calls are left open: {outcome.open}"
    twice = [key for key, count in _heard(outcome).items() if count > 1]
    return f"heard twice: {twice}" if twice else ""


def _heard(outcome: Outcome) -> Counter[tuple[str, str, str]]:
    sounds = [one for one in outcome.happened if isinstance(one, Heard) and one.control_id]
    heard = [one for one in sounds if one.sound != "silence"]
    return Counter((one.control_id, one.sound, one.text) for one in heard)


def _hung_up(subject: Subject, outcome: Outcome) -> bool:
    """Who hangs up after some seconds does so at an earlier step when everything takes longer."""
    return outcome.ended == "hangup" and any(isinstance(one, HangsUp) for one in subject.scenario.script)


def _failed(outcome: Outcome) -> bool:
    """Did any step end with a failure, or the run, or did its call never come about?"""
    told = {one.outcome for one in outcome.transitions} | set(outcome.outcomes.values())
    return bool(told & FAILURES) or outcome.ended in END_REASONS[4:]
