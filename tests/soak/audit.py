"""What is asked after the kills: the platform's records of a call against the journal's of its run."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from engine.journal.base import Reader
from engine.journal.bundles import recompiled
from engine.journal.sealing import Sealing
from engine.model import codec
from engine.model.events import AnyEvent, CallStateReported, OperationReported
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId, Digest, RunId
from engine.model.state import RunState
from engine.simulate.transcript import replay
from engine.wire import webhooks

Call = Mapping[str, Any]
"""A call as `GET /sandbox/calls/{id}` shows it."""


NEVER_MADE: dict[str, Any] = {"call_id": "", "state": "ended", "heard": [], "commands": [], "webhooks": []}
"""What the platform knows of a call whose dial it never got."""


class Counts(Struct, kw_only=True):
    """Of a number of calls. `unsettled_dials` are among those that ended in a named failure: the process was killed
    between the decision to dial and the answer, nobody knows whether it went out, and it is not sent twice. What must be 0 begins with `lost` or is called `twice`, `wrong` or `different`."""

    calls: int = 0
    lost_runs: int = 0
    acknowledged_events: int = 0
    lost_events: int = 0
    steps_entered: int = 0
    steps_entered_twice: int = 0
    commands_carried_out: int = 0
    heard: int = 0
    heard_twice: int = 0
    unsettled_repeats: int = 0
    ended_rightly: int = 0
    ended_in_named_failure: int = 0
    unsettled_dials: int = 0
    wrong_ends: int = 0
    different_replays: int = 0

    def add(self, other: "Counts") -> None:
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def faults(self) -> dict[str, int]:
        names = [name for name in self.__struct_fields__ if name.startswith(("lost", "wrong", "different"))]
        names += [name for name in self.__struct_fields__ if name.endswith("twice")]
        return {name: getattr(self, name) for name in names if getattr(self, name)}


class Audit:
    """One journal's. `told` are the first things that were wrong, for whoever has to find out why."""

    def __init__(self, journal: Reader, sealing: Sealing) -> None:
        self.counts = Counts()
        self.told: list[str] = []
        self._journal = journal
        self._sealing = sealing
        self._graphs: dict[Digest, FlowGraph] = {}

    def look(self, call: Call, run_id: RunId, last: str) -> None:
        """`last` is how the last prompt begins that is heard when all goes well."""
        counts = Counts(calls=1)
        data = self._journal.state_of(run_id)
        if data is None:
            counts.lost_runs = 1
        else:
            state = self._sealing.open_state(data, run_id)
            events = [self._sealing.open_event(row.event, run_id, row.n) for row in self._journal.events_of(run_id)]
            self._look_at_events(counts, call, events)
            self._look_at_replay(counts, state, events)
            _look_at_end(counts, call, state, last)
        _look_at_sounds(counts, call)
        self.counts.add(counts)
        if counts.faults and len(self.told) < 20:
            self.told.append(f"run {run_id}, call {call['call_id']}: {counts.faults}; {_brief(call)}")

    def _look_at_events(self, counts: Counts, call: Call, events: Iterable[AnyEvent]) -> None:
        """Every report that was answered 200 is in the journal, at least as often."""
        kept = Counter(_key(event) for event in events)
        told: Counter[bytes] = Counter()
        for webhook in call["webhooks"]:
            if webhook["status"] == 200 and webhook["url"].rpartition("/")[0].endswith("/webhooks"):
                token = webhook["url"].rpartition("/")[2]
                control_id = ControlId(token.rpartition(".")[0])
                body = msgspec.json.decode(msgspec.json.encode(webhook["body"]))
                told[_key(webhooks.event_of(body, control_id, 0))] += 1
        counts.acknowledged_events += told.total()
        counts.lost_events += (told - kept).total()

    def _look_at_replay(self, counts: Counts, state: RunState, events: Iterable[AnyEvent]) -> None:
        """The events alone give the state that the journal has, byte for byte."""
        last, entered = None, Counter[tuple[int, str, int]]()
        for _, done in replay(self._graph(state), events, uses=state.uses, presence_ms=state.presence_ms):
            last = done.state
            entered.update((one.frame, one.step, one.visit) for one in done.trace if one.what == "entered")
        counts.steps_entered += entered.total()
        counts.steps_entered_twice += entered.total() - len(entered)
        counts.different_replays += last is None or codec.encode(last) != codec.encode(state)

    def _graph(self, state: RunState) -> FlowGraph:
        if state.digest not in self._graphs:
            bundle = self._journal.get_bundle(state.digest)
            assert bundle is not None, state.digest
            self._graphs[state.digest] = recompiled(bundle)
        return self._graphs[state.digest]


def _key(event: AnyEvent) -> bytes:
    """What an event says, whenever it came."""
    if isinstance(event, OperationReported | CallStateReported):
        return codec.encode(replace(event, at_ms=0))
    return type(event).__name__.encode()


def _look_at_sounds(counts: Counts, call: Call) -> None:
    """Each command is carried out, and heard, once; twice only where the same command was accepted twice."""
    begun = Counter(
        each["control_id"] for each in call["commands"] if each["control_id"] and _begins(each) and each["status"] < 300
    )
    heard = Counter(
        (line.get("control_id"), line["sound"], line["text"], line["duration_ms"])
        for line in call["heard"]
        if line.get("control_id")
    )
    again = {control_id for control_id, count in begun.items() if count > 1}
    twice = [(effect, count - 1) for effect, count in heard.items() if count > 1]
    counts.commands_carried_out += begun.total()
    counts.heard += heard.total()
    counts.unsettled_repeats += sum(begun[control_id] - 1 for control_id in again)
    counts.heard_twice += sum(count for effect, count in twice if effect[0] not in again)


def _begins(command: Mapping[str, Any]) -> bool:
    """A stop or a change of what lives bears its control_id as well."""
    return str(command["command"]).count(".") < 2


def _look_at_end(counts: Counts, call: Call, state: RunState, last: str) -> None:
    """Run and call are over. Rightly: it was heard to the end; or it failed in a way that has a name."""
    texts = [line["text"] for line in call["heard"]]
    over = state.status == "ended" and call["state"] == "ended"
    if over and texts and texts[-1].startswith(last):
        counts.ended_rightly += 1
    elif over and (state.end_reason in _NAMED or _apologised(texts)):
        counts.ended_in_named_failure += 1
        counts.unsettled_dials += state.end_reason == "lost" and not call["call_id"]
    else:
        counts.wrong_ends += 1


_NAMED = ("error", "rejected", "lost")


def _apologised(texts: list[str]) -> bool:
    """What the flows say where `error`, `rejected` or `lost` leads."""
    return bool(texts) and "sorry" in texts[-1]


def _brief(call: Call) -> str:
    commands = [f"{each['command']} {each['control_id'] or ''} {each['status']}" for each in call["commands"]]
    return f"{call['state']}, heard {[line['text'][:30] for line in call['heard']]}, commands {commands}"
