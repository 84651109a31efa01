"""What goes on beside the steps: operations in the background, and what a call has once (noise filter, sidecar, ...),
which goes by the name of the step that has switched it on."""

from collections.abc import Iterator

from engine.compile.paths import Facts
from engine.lint.calls.called import once
from engine.lint.calls.facts import NONE, Bits, Effect, Kind
from engine.model.graph import ApiValue, FlowGraph, ReturnValue, Step, SubflowValue, WaitValue
from engine.model.verbs import FAILURES

ONCE = ("denoise", "ai_sidecar", "live_transcribe", "live_translate")
"""A call has one of each; there is no handle."""
HEARING = ("record", "tap", "stream", "transcribe", "ai_sidecar", "live_transcribe", "live_translate", "subflow")
"""They take in what the caller says."""
_STOPPED_BEFORE_IT_LEAVES = ("play", "collect", "detect")
_LIVING: tuple[Kind, ...] = ("live", "armed", "unarmed", "heard", "loud", "untold")
_NOT_BEGUN = ("rejected", "error", "expression")


class Operations:
    """The bits of what goes on, and what each step does to them."""

    def __init__(self, graph: FlowGraph, bits: Bits) -> None:
        self._bits = bits
        self.steps = {step.name: step for step in graph.steps.values() if begins(graph, step)}
        for name, step in self.steps.items():
            for kind in _kinds(step):
                bits.add(kind, name)

    @property
    def first(self) -> Facts:
        return self._bits.all("never", "gone", "silent")

    def over(self) -> Effect:
        """The call is over, and all that belongs to it."""
        return Effect(self._bits.all(*_LIVING), self._bits.all("gone", "silent"))

    def away(self) -> Effect:
        """The call leaves for SWML: what plays or listens for keys is stopped first."""
        return NONE.also(*(self._ended(name) for name in self._of(*_STOPPED_BEFORE_IT_LEAVES)))

    def of(self, step: Step, outcome: str) -> Effect:
        """What has happened when the step has ended like that."""
        if step.name in self.steps:
            return self._begun(step, outcome)
        if step.until is not None and outcome == "interrupted":
            return Effect(self._bits.of("unarmed", step.until.handle) | self._bits.of("armed", step.until.handle))
        match step.value:
            case WaitValue() as value:
                return self._waited(value, outcome)
            case SubflowValue() as value:
                return Effect(sum(self._bits.of("unarmed", one) for one in value.handles.values()))
            case ApiValue(handle=None) as value:
                return NONE if outcome in FAILURES else self._switched_off(step, value)
            case ApiValue() as value:
                return self._refused(step, value) if outcome in _NOT_BEGUN else self._ordered(step, value)
        return NONE

    def _of(self, *verbs: str) -> Iterator[str]:
        return (name for name, step in self.steps.items() if step.verb in verbs)

    def _begun(self, step: Step, outcome: str) -> Effect:
        name, bits = step.name, self._bits
        known = Effect(bits.of("never", name) | bits.of("silent", name), bits.of("begun", name))
        if outcome in _NOT_BEGUN and isinstance(step.value, ApiValue):
            # Whatever the step had begun before is stopped first, but not what has no handle.
            return known if step.verb in ONCE else known.also(self._gone(name))
        clock: Kind = "armed" if _starts_its_timers(step) else "unarmed"
        loud = 0 if outcome in FAILURES else bits.of("loud", name)
        on = bits.of("live", name) | bits.of(clock, name) | bits.of("heard", name) | loud
        off = bits.of("gone", name) | bits.of("armed", name) | bits.of("unarmed", name)
        return known.also(Effect(off & ~on, on))

    def _ended(self, name: str) -> Effect:
        return self._gone(name).also(Effect(added=self._bits.of("silent", name)))

    def _gone(self, name: str) -> Effect:
        bits = self._bits
        return Effect(sum(bits.of(kind, name) for kind in _LIVING), bits.of("gone", name))

    def _waited(self, value: WaitValue, outcome: str) -> Effect:
        """A continuous collect goes on after each result."""
        if (outcome == "timeout" and value.timeout_ms) or (value.many and not value.all):
            return NONE
        ended = (one for one in value.handles if one in self.steps and not continues(self.steps[one]))
        return NONE.also(*(self._ended(one) for one in ended))

    def _switched_off(self, step: Step, value: ApiValue) -> Effect:
        verb = step.verb.removesuffix(".stop")
        stops = value.params.get("action") == "stop" or step.verb.endswith(".stop")
        return NONE.also(*(self._ended(name) for name in self._of(verb))) if stops and verb in ONCE else NONE

    def _refused(self, step: Step, value: ApiValue) -> Effect:
        """Who has said that it stops did what can be done, and mostly it is refused as there is nothing left to stop."""
        return Effect(self._bits.of("loud", str(value.handle))) if step.verb == "play.stop" else NONE

    def _ordered(self, step: Step, value: ApiValue) -> Effect:
        name, bits = str(value.handle), self._bits
        live = bits.of("live", name)
        match step.verb.rpartition(".")[2]:
            case "stop":
                return self._ended(name)
            case "start_input_timers":
                return Effect(bits.of("unarmed", name), when=((live, bits.of("armed", name)),))
            case "pause":
                return Effect(bits.of("loud", name) | bits.of("heard", name))
            case "volume" if _is_softer(value.params.get("volume")):
                return Effect(bits.of("loud", name))
            case "resume" | "volume":
                return Effect(when=((live, bits.of("loud", name) | bits.of("heard", name)),))
        return NONE


def begins(graph: FlowGraph, step: Step) -> bool:
    """Does something go on when the step is over? Of a flow that is called: something that hears the caller."""
    if isinstance(step.value, SubflowValue):
        return leaves_hearing(graph.subflows[step.value.flow])
    if not isinstance(step.value, ApiValue):
        return False
    if step.verb in ("live_transcribe", "live_translate"):
        action = step.value.params.get("action")
        return isinstance(action, dict) and "start" in action
    return step.background or step.verb in ("tap", "stream", "transcribe", "denoise", "ai_sidecar")


def _kinds(step: Step) -> Iterator[Kind]:
    """The facts that are kept of it."""
    yield from ("begun", "never", "live", "gone")
    if step.verb == "collect":
        yield from ("armed", "unarmed")
    if step.verb == "play":
        yield from ("loud", "silent")
    if step.verb in HEARING and not _hears_nothing(step):
        yield "heard"


@once
def leaves_hearing(flow: FlowGraph) -> bool:
    """May something that takes in what the caller says go on when the flow returns?"""
    from engine.lint.calls.state import Calls

    if not any(step.verb in HEARING and begins(flow, step) for step in flow.steps.values()):
        return False
    calls = Calls(flow)
    ends = [step.name for step in flow.steps.values() if isinstance(step.value, ReturnValue)]
    return any(calls.may("heard", name, end) for name in calls.names("heard") for end in ends)


def continues(step: Step) -> bool:
    """Does it go on after a result?"""
    return isinstance(step.value, ApiValue) and step.value.params.get("continuous", False) is not False


def _starts_its_timers(step: Step) -> bool:
    return isinstance(step.value, ApiValue) and step.value.params.get("start_input_timers", False) is not False


def _hears_nothing(step: Step) -> bool:
    """A recording of what the caller hears."""
    params = step.value.params if isinstance(step.value, ApiValue) else {}
    audio = params.get("record", {}).get("audio", {}) if isinstance(params, dict) else {}
    return isinstance(audio, dict) and audio.get("direction") == "listen"


def is_soft(step: Step) -> bool:
    return isinstance(step.value, ApiValue) and _is_softer(step.value.params.get("volume"))


def _is_softer(volume: object) -> bool:
    return isinstance(volume, int | float) and volume < 0
