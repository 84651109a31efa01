"""The interpreter against the exchange model, with everything going wrong that may: runs end, send nothing that the
platform must refuse, and nothing is begun twice.

`world.py` has both sides and what goes between them, and asserts what holds for each command; `engine/simulate/refusals.py`
says which refusals are nobody's fault. The quick round is part of every test run; `HYPOTHESIS_PROFILE=thorough` with
`--timeout 0` takes some minutes.
"""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.exchange.caller import Act, HangsUp, Presses, Says
from engine.exchange.faults import Fault
from engine.exchange.inputs import CalleeSet
from engine.exchange.live import Detection
from engine.exchange.options import ExchangeOptions
from engine.exchange.state import decode_state, encode
from engine.model.events import CancelRequested
from engine.model.limits import LANDING_GRACE_MS
from tests.properties.stories import BINDINGS, GIVEN, INBOUND, OUTBOUND, story
from tests.properties.world import MANNERS, Line, Manner, World

CALLEE = "+15550177"
_PATIENCE_MS = 15 * 60_000
"""What a hang-up, the handler of the caller's and the last look-ups may take."""
_PICK = st.integers(0, 7)
_HANDED_OVER = ("redirected", "done")
"""End reasons with which the call goes on without its run: handed over, or left alone by `end: done`."""
_MANNERS: tuple[Manner, ...] = ("good", *MANNERS)
_OPTIONS = st.builds(
    ExchangeOptions,
    webhook_shape=st.sampled_from(("flat", "envelope")),
    event_types=st.sampled_from(("long", "short")),
    repeat=st.sampled_from(("refuse", "accept")),
    second=st.sampled_from(("conflict", "invalid", "accept")),
    redundant=st.sampled_from(("accept", "refuse")),
    overlap=st.sampled_from(("queue", "mix", "refuse")),
    gone=st.sampled_from(("not_found", "invalid")),
    ai_session=st.sampled_from(("needed", "any")),
    refer_legs=st.sampled_from(("sip", "any")),
    sidecar_answers=st.sampled_from(("field", "text")),
    inbound_call_state=st.booleans(),
    recording_ready_ms=st.sampled_from((0, 1_500)),
    transcript=st.sampled_from(("completed", "failed")),
    transcribe_states=st.booleans(),
    report_on_hangup=st.booleans(),
    press_raises_start=st.booleans(),
    keys_reach_detect=st.booleans(),
    fax_tone=st.sampled_from(("CED", "either")),
    detect_ends=st.sampled_from(("outcome", "timeout")),
    stopped_collect=st.sampled_from(("no_input", "finished")),
    zero_end_silence=st.sampled_from(("never", "at_once")),
    refer_success=st.sampled_from(("ends", "stays")),
    ending_ms=st.sampled_from((0, 800)),
    log_details=st.sampled_from(("flat", "nested")),
    faults=st.sampled_from(
        ((), tuple(Fault(kind=one, do="fail", probability=0.1) for one in ("play", "collect", "record")))
    ),
)
_CALLEES = st.builds(
    CalleeSet,
    at_ms=st.just(0),
    number=st.just(CALLEE),
    outcome=st.sampled_from(("answers", "answers", "answers", "busy", "no_answer", "declines", "not_found")),
    after_ms=st.sampled_from((0, 2_000, 28_000)),
    detected=st.sampled_from(("human", "machine", "unknown")),
)


_CALLERS = st.sampled_from((CALLEE, "sip:kim@example.com"))
_FIRST = st.tuples(st.sampled_from(INBOUND), _CALLERS) | st.tuples(st.sampled_from(OUTBOUND), st.just(""))


class CallsMachine(RuleBasedStateMachine):
    world: World
    leaves: bool
    hears: bool

    @initialize(options=_OPTIONS, callee=_CALLEES, leaves=st.booleans(), hears=st.booleans(), first=_FIRST)
    def begin(
        self, options: ExchangeOptions, callee: CalleeSet, leaves: bool, hears: bool, first: tuple[str, str]
    ) -> None:
        """`leaves`: in the end whoever is on the line hangs up. `hears`: then webhooks still on their way arrive."""
        self.world = World(options)
        self.world.sets_callee(callee)
        self.leaves, self.hears = leaves, hears
        name, from_ = first
        if from_:
            self.a_call_comes(name, from_)
        else:
            self.a_call_is_made(name)

    def line(self, pick: int) -> Line:
        lines = list(self.world.lines.values())
        return lines[pick % len(lines)]

    def acts(self, pick: int, did: Act) -> None:
        live = self.world.live_calls()
        if live:
            self.world.act(live[pick % len(live)], did)

    # Calls begin

    @precondition(lambda self: len(self.world.lines) < 2)
    @rule(name=st.sampled_from(INBOUND), from_=_CALLERS)
    def a_call_comes(self, name: str, from_: str) -> None:
        self.world.rings(story(name), BINDINGS, from_=from_)

    @precondition(lambda self: len(self.world.lines) < 2)
    @rule(name=st.sampled_from(OUTBOUND))
    def a_call_is_made(self, name: str) -> None:
        self.world.dials(story(name), BINDINGS, GIVEN.get(name, {"name": "Ann"}), to=CALLEE)

    # The caller

    @rule(pick=_PICK, digits=st.sampled_from(("1", "2", "0", "#", "12", "1234#", "9")))
    def the_caller_presses(self, pick: int, digits: str) -> None:
        self.acts(pick, Presses(digits=digits))

    @rule(pick=_PICK, text=st.sampled_from(("", "one", "my name is Kim")))
    def the_caller_speaks(self, pick: int, text: str) -> None:
        self.acts(pick, Says(text=text))

    @rule(pick=_PICK, patience=st.integers(0, 5))
    def the_caller_hangs_up(self, pick: int, patience: int) -> None:
        """Now and then: most stories are longer."""
        if not patience:
            self.acts(pick, HangsUp())

    @rule(pick=_PICK, patience=st.integers(0, 5))
    def nobody_wants_the_call_any_more(self, pick: int, patience: int) -> None:
        if not patience:
            self.world.feed(self.line(pick), CancelRequested(at_ms=self.world.now_ms))

    # The network

    @rule(pick=_PICK)
    def a_webhook_arrives(self, pick: int) -> None:
        if self.world.webhooks:
            self.world.deliver(pick % len(self.world.webhooks))

    @rule(pick=_PICK)
    def a_webhook_arrives_and_will_again(self, pick: int) -> None:
        if self.world.webhooks:
            self.world.deliver(pick % len(self.world.webhooks), keep=True)

    @rule(pick=_PICK)
    def a_webhook_is_lost(self, pick: int) -> None:
        if self.world.webhooks:
            self.world.drop(pick % len(self.world.webhooks))

    @rule(pick=_PICK)
    def a_command_is_sent(self, pick: int) -> None:
        self.world.send(self.line(pick))

    @rule(manners=st.lists(st.sampled_from(_MANNERS), min_size=1, max_size=5))
    def the_network_is_about_to_fail(self, manners: list[Manner]) -> None:
        self.world.plan.extend(manners)

    @rule(pick=_PICK)
    def an_answer_arrives(self, pick: int) -> None:
        self.world.hear_answer(self.line(pick))

    @rule()
    def all_arrives(self) -> None:
        self.world.settle()
        for line in self.world.lines.values():
            self._check_live(line)

    # Processes and time

    @rule(pick=_PICK, carried_out=st.booleans(), luck=st.integers(0, 2))
    def the_process_dies(self, pick: int, carried_out: bool, luck: int) -> None:
        if not luck:
            self.world.crash(self.line(pick), carried_out=carried_out)

    @rule(pick=_PICK, known=st.booleans())
    def the_run_is_taken_over(self, pick: int, known: bool) -> None:
        self.world.resume(self.line(pick), known=known)

    @rule(ms=st.sampled_from((1, 100, 1_000, 5_000, 20_000, 61_000)), attentive=st.booleans())
    def time_passes(self, ms: int, attentive: bool) -> None:
        self.world.pass_until(self.world.now_ms + ms, attentive=attentive)

    # What holds

    @invariant()
    def nothing_is_begun_twice(self) -> None:
        """Unless a run was taken over while nobody could say whether its operation had begun."""
        if hasattr(self, "world"):
            again = {one for one, count in self.world.began.items() if count > 1}
            assert again <= self.world.excused, f"begun twice: {again - self.world.excused}"

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        assert decode_state(encode(world.state)) == world.state
        world.plan.clear()
        if not self.hears:
            world.webhooks.clear()
        if self.leaves:
            for call_id in world.live_calls():
                world.act(call_id, HangsUp())
        self._end()
        for line in world.lines.values():
            self._check_end(line)
            line.machine.replay()

    def _end(self) -> None:
        """Nothing goes wrong any more: every run ends in its time."""
        world = self.world
        limits = [line.machine.graph.limits.call_ms for line in world.lines.values()]
        latest_ms = world.now_ms + max(limits, default=0) + LANDING_GRACE_MS + _PATIENCE_MS
        while not all(line.machine.is_over for line in world.lines.values()):
            assert world.now_ms < latest_ms, [line.machine.path[-8:] for line in world.lines.values()]
            world.pass_until(world.now_ms + 60_000, attentive=True)
        world.settle()

    def _check_live(self, line: Line) -> None:
        """Whatever goes on at the platform, the run knows of it."""
        call, state = self.world.own_call(line), line.machine.state
        if call is None or line.faulty or state.end_reason in _HANDED_OVER:
            return
        # A detector that has said what it found may go on to its own timeout (the option `detect_ends`).
        going_on = {one.control_id for one in call.operations if one.control_id in self.world.decided}
        going_on -= {one.control_id for one in call.operations if isinstance(one, Detection)}
        known = {op.control_id for op in state.operations.values() if op.phase != "over"}
        assert going_on <= known, f"left running behind the flow's back: {going_on - known}"

    def _check_end(self, line: Line) -> None:
        """The call is over with its run, and so is everything that was begun on it."""
        call = self.world.own_call(line)
        if call is None or line.machine.state.end_reason in _HANDED_OVER:
            return
        assert call.is_over or line.faulty, f"the run ended as {line.machine.state.end_reason}, and its call goes on"
        assert not (call.is_over and call.operations)


TestCalls: Any = CallsMachine.TestCase
_PROFILE = settings()
TestCalls.settings = settings(stateful_step_count=40, max_examples=max(150, _PROFILE.max_examples))
