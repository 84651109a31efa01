"""Calls that go straight through long flows, and how large their state gets."""

from collections.abc import Iterator

from engine.interpret import advance, start
from engine.model.codec import encode
from engine.model.commands import Fetch, SendCommand
from engine.model.events import AnyEvent, CommandAnswered, Fetched, OperationReported
from engine.model.state import RunState
from tests.playbooks.machine import arrived, compiled

API = {"api": "https://crm.example.com"}


def straight(*blocks: str, times: int, last: str = "", head: str = "") -> str:
    """The blocks one after the other, `times` over; {n} counts, {next} is the step behind."""
    names = [block.split(":")[0].strip() for block in blocks]
    every = [(name.format(n=n), block) for n in range(times) for name, block in zip(names, blocks, strict=True)]
    following = [*(name for name, _ in every[1:]), "bye"]
    steps = [
        block.format(n=int(name.rpartition("_")[2]), next=after)
        for (name, block), after in zip(every, following, strict=True)
    ]
    return f"start: {every[0][0]}\n{head}steps:\n" + "\n".join(steps) + f"\n  bye:\n{last or '    end: hangup'}\n"


PLAY = "  welcome_to_desk_{n}: {{play: 'Welcome to desk {n}.', next: {next}}}"
FETCH = """  account_details_{n}:
    fetch: {{url: "${{{{ uses.api }}}}/account/{n}", returns: {{name: string, balance: double, note: string}}}}
    next: {{ok: {next}, otherwise: bye}}"""
TELL = "  tell_the_balance_{n}: {{play: 'You have ${{{{ steps.account_details_{n}.body.balance }}}}.', next: {next}}}"
ASK = """  survey_question_{n}:
    ask: {{prompt: "How many?", digits: {{max: 2}}, speech: {{}}, attempts: 1}}
    next: {{digits: {next}, speech: {next}, otherwise: bye}}"""
LISTEN = "  listen_for_it_{n}: {{collect: {{digits: {{max: 2}}}}, background: true, next: {next}}}"
PROMPT = "  enter_your_pin_{n}: {{play: 'Enter your number {n}.', until: listen_for_it_{n}, next: {next}}}"
ARM = "  start_the_clock_{n}: {{collect.start_input_timers: listen_for_it_{n}, next: {next}}}"
TAKE = "  what_was_entered_{n}: {{wait: listen_for_it_{n}, next: {next}}}"
REPLY = {"name": "Harriet Longfellow", "balance": 12.5, "note": "A customer since the days of the old system."}


def largest_of(flow: str) -> tuple[RunState, int]:
    """Plays the call to its end, and says how many bytes its state had at the most."""
    graph = compiled(flow.replace("start:", "limits: {steps: 1000}\nstart:", 1))
    state = start(graph, arrived(), uses=API).state
    largest = 0
    while state.status != "ended":
        state = advance(graph, state, next(_following(state))).state
        largest = max(largest, len(encode(state)))
    return state, largest


def _following(state: RunState) -> Iterator[AnyEvent]:
    """Commands are accepted; then what the call waits for is there."""
    for command in state.pending:
        if isinstance(command, SendCommand):
            yield CommandAnswered(at_ms=state.at_ms, seq=command.seq, kind="accepted", http_status=200)
        elif isinstance(command, Fetch):
            yield Fetched(at_ms=state.at_ms, seq=command.seq, kind="replied", status=200, body=REPLY)
    for op in sorted(state.operations.values(), key=lambda one: one.background):
        mark = "digit" if op.verb == "collect" else "finished"
        fields = {"digits": "12", "value": "12", "terminator": ""} if mark == "digit" else {}
        yield OperationReported(at_ms=state.at_ms, control_id=op.control_id, verb=op.verb, mark=mark, fields=fields)


def flows() -> dict[str, str]:
    """300 steps each, of several kinds."""
    return {
        "plays": straight(PLAY, times=300),
        "replies that are told": straight(FETCH, TELL, times=150, head="uses: {api: url}\n"),
        "answers": straight(ASK, PLAY, times=150),
        "the low-level way": straight(LISTEN, PROMPT, ARM, TAKE, times=75),
    }
