"""What goes on beside the steps: operations in the background, and what a call has once (noise filter, sidecar, ...),
which goes by the name of the step that has switched it on."""

from collections.abc import Iterator

from engine.compile.paths import Facts
from engine.lint.calls.facts import NONE, Bits, Effect, Kind
from engine.lint.calls.leaving import HEARD, HEARING, ONCE, all_of, left_for_swml, left_on, switched_off
from engine.model.graph import ApiValue, FlowGraph, Step, SubflowValue, WaitValue
from engine.model.verbs import FAILURES

_STOPPED_BEFORE_IT_LEAVES = ("play", "collect", "detect")
_LIVING: tuple[Kind, ...] = ("live", "armed", "unarmed", "heard", "loud", "untold", "left", "paused", "resumed")
_ANSWERS = ("digits", "speech", "no_match")
_NOT_BEGUN = ("rejected", "error", "expression")


class Operations:
    """The bits of what goes on, and what each step does to them."""

    def __init__(self, graph: FlowGraph, bits: Bits) -> None:
        self._graph, self._bits = graph, bits
        self.steps = {step.name: step for step in graph.steps.values() if begins(graph, step)}
        for name, step in self.steps.items():
            for kind in _kinds(step):
                bits.add(kind, name)
        self._add_what_is_asked()
        for step in graph.steps.values():
            left = left_on(graph.subflows[step.value.flow]) if isinstance(step.value, SubflowValue) else {}
            for verb in sorted(all_of(left) - {HEARD}):
                bits.add("left", f"{verb} {step.name}")

    def _add_what_is_asked(self) -> None:
        """What is known only of operations that somebody pauses, or waits for with `until`."""
        for step in self._graph.steps.values():
            if step.verb.endswith(".pause") and isinstance(step.value, ApiValue) and step.value.handle in self.steps:
                self._bits.add("paused", step.value.handle)
                self._bits.add("resumed", step.value.handle)
            if step.until is not None and step.until.handle in self.steps:
                self._bits.add("answered", step.until.handle)

    @property
    def first(self) -> Facts:
        return self._bits.all("never", "gone", "silent")

    def over(self) -> Effect:
        """The call is over, and all that belongs to it."""
        return Effect(self._bits.all(*_LIVING), self._bits.all("gone", "silent"))

    def away(self) -> Effect:
        """The call leaves for SWML: what plays or listens for keys is stopped first, and forgotten."""
        return NONE.also(*(self._forgotten(name) for name in self._of(*_STOPPED_BEFORE_IT_LEAVES)))

    def of(self, step: Step, outcome: str) -> Effect:
        """What has happened when the step has ended like that."""
        if isinstance(step.value, SubflowValue):
            return self._came_back(step, step.value, outcome)
        if step.name in self.steps:
            return self._begun(step, outcome)
        if step.until is not None and outcome == "interrupted":
            return Effect(self._bits.of("unarmed", step.until.handle) | self._bits.of("armed", step.until.handle))
        match step.value:
            case WaitValue() as value:
                return self._waited(value, outcome)
            case ApiValue(handle=None) as value:
                return NONE if outcome in FAILURES else self._switched_off(step, value)
            case ApiValue() as value:
                return self._refused(step, value) if outcome in _NOT_BEGUN else self._ordered(step, value)
        return NONE

    def _came_back(self, step: Step, value: SubflowValue, outcome: str) -> Effect:
        """It is taken to start the timers of what it was given, and to switch off in time what it does switch off."""
        flow, bits = self._graph.subflows[value.flow], self._bits
        known: tuple[Kind, ...] = ("unarmed", "paused", "resumed")
        found = Effect(sum(bits.of(kind, one) for one in value.handles.values() for kind in known))
        if outcome in left_for_swml(flow):
            found = found.also(*(self._may_be_forgotten(name) for name in self._of(*_STOPPED_BEFORE_IT_LEAVES)))
        found = found.also(*(self._off(verb) for verb in switched_off(flow)))
        left = left_on(flow)
        after = left.get(outcome) if outcome in left else frozenset(one for one in all_of(left) if one == HEARD)
        on = sum(bits.of("left", f"{verb} {step.name}") for verb in after or ())
        return found.also(Effect(added=on), self._begun(step, outcome) if HEARD in (after or ()) else NONE)

    def _off(self, verb: str) -> Effect:
        named = (name for name in self._bits.names("left") if name.startswith(f"{verb} "))
        left = sum(self._bits.of("left", name) for name in named)
        return Effect(left).also(*(self._ended(name) for name in self._of(verb)))

    def _of(self, *verbs: str) -> Iterator[str]:
        return (name for name, step in self.steps.items() if step.verb in verbs)

    def _begun(self, step: Step, outcome: str) -> Effect:
        name, bits = step.name, self._bits
        gone: tuple[Kind, ...] = ("never", "silent", "forgotten", "answered", "paused", "resumed")
        fresh = sum(bits.of(kind, name) for kind in gone)
        known = Effect(fresh, bits.of("begun", name))
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

    def _forgotten(self, name: str) -> Effect:
        return self._ended(name).also(self._may_be_forgotten(name))

    def _may_be_forgotten(self, name: str) -> Effect:
        return Effect(when=((self._bits.of("live", name), self._bits.of("forgotten", name)),))

    def _gone(self, name: str) -> Effect:
        bits = self._bits
        return Effect(sum(bits.of(kind, name) for kind in _LIVING), bits.of("gone", name))

    def _waited(self, value: WaitValue, outcome: str) -> Effect:
        """A continuous collect goes on after each result."""
        if (outcome == "timeout" and value.timeout_ms) or (value.many and not value.all):
            return NONE
        ended = (one for one in value.handles if one in self.steps and not continues(self.steps[one]))
        found = NONE.also(*(self._ended(one) for one in ended))
        answered = sum(self._bits.of("answered", one) for one in value.handles)
        return found.also(Effect(added=answered)) if answered and outcome in _ANSWERS else found

    def _switched_off(self, step: Step, value: ApiValue) -> Effect:
        verb = step.verb.removesuffix(".stop")
        stops = value.params.get("action") == "stop" or step.verb.endswith(".stop")
        return self._off(verb) if stops and verb in ONCE else NONE

    def _refused(self, step: Step, value: ApiValue) -> Effect:
        """Who has said that it stops, or goes on, did what can be done, and mostly it is refused as there is nothing left of it."""
        if step.verb.endswith(".resume"):
            return Effect(self._bits.of("paused", str(value.handle)))
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
                on = bits.of("loud", name) | bits.of("heard", name) | bits.of("resumed", name)
                return Effect(on, when=((live, bits.of("paused", name)),))
            case "volume" if _is_softer(value.params.get("volume")):
                return Effect(bits.of("loud", name))
            case "resume":
                paused = bits.of("paused", name)
                again = (paused, bits.of("resumed", name))
                return Effect(paused, when=((live, bits.of("loud", name) | bits.of("heard", name)), again))
            case "volume":
                return Effect(when=((live, bits.of("loud", name) | bits.of("heard", name)),))
        return NONE


def begins(graph: FlowGraph, step: Step) -> bool:
    """Does something go on when the step is over? Of a flow that is called: something that hears the caller."""
    if isinstance(step.value, SubflowValue):
        return HEARD in all_of(left_on(graph.subflows[step.value.flow]))
    if not isinstance(step.value, ApiValue):
        return False
    if step.verb in ("live_transcribe", "live_translate"):
        action = step.value.params.get("action")
        return isinstance(action, dict) and "start" in action
    return step.background or step.verb in ("tap", "stream", "transcribe", "denoise", "ai_sidecar")


def _kinds(step: Step) -> Iterator[Kind]:
    """The facts that are kept of it."""
    yield from ("begun", "never", "live", "gone")
    if step.verb in _STOPPED_BEFORE_IT_LEAVES:
        yield "forgotten"
    if step.verb == "collect":
        yield from ("armed", "unarmed")
    if step.verb == "play":
        yield from ("loud", "silent")
    if step.verb in HEARING and not _hears_nothing(step):
        yield "heard"


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
