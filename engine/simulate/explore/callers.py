"""What a person on the line, or whoever decides, may do at a moment: one of each kind that the flow tells apart.

Only what something listens to counts: keys that nothing collects change nothing. Of all wrong keys there is one, since the
flow cannot tell them apart. Who is asked to say something says it to that, and a recording that goes on beside it hears it.
"""

from collections.abc import Iterator

from engine.exchange.caller import Act, Decides, HangsUp, Presses, Says
from engine.exchange.decisions import WORDS, About, Verdict
from engine.exchange.live import Collect, Detection, Recording
from engine.exchange.live_swml import Prompt
from engine.model.graph import Expression, FlowGraph
from engine.model.ids import ControlId, op_of
from engine.simulate.explore.entries import Entries
from engine.simulate.explore.situation import Situation
from engine.simulate.scenario import Scenario


class Callers:
    """The choices in one flow. `cases` are calls of its tests, `also` conditions that are looked at when a run is over."""

    def __init__(self, graph: FlowGraph, cases: tuple[Scenario, ...] = (), also: tuple[Expression, ...] = ()) -> None:
        self._entries = Entries(graph, cases, also)
        self._known: dict[str, tuple[Act, ...]] = {}

    def acts(self, at: Situation) -> Iterator[Act]:
        call = at.call
        if call is None or call.is_over or call.state != "answered":
            return
        answers = any(isinstance(one, Collect) and one.speech for one in call.operations)
        for operation in call.operations:
            if isinstance(operation, Collect):
                yield from self._into(at, operation)
            elif isinstance(operation, Recording) and operation.paused_ms is None:
                yield from (act for act in _into(operation) if not (answers and isinstance(act, Says)))
            elif isinstance(operation, Detection) and operation.what == "digit":
                yield Presses(digits=(operation.digits or "1")[0])
            elif isinstance(operation, Prompt):
                yield from _to_prompt(operation)
        about = call.asks
        if about:
            yield from _decisions(about)  # type: ignore[arg-type]  # one of them
        yield HangsUp()

    def _into(self, at: Situation, collect: Collect) -> tuple[Act, ...]:
        """By the step that has begun it; steps of different flows may have one name."""
        if collect.text is not None or collect.digits:
            return (Presses(digits="1"),) if collect.digits and collect.continuous else ()
        flow, step = _begun_by(at, collect.control_id)
        key = f"{flow}/{step}/{collect.max_digits}/{collect.terminators}/{collect.speech}"
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(self._entries.of(flow, step, collect))
        return found


def _begun_by(at: Situation, control_id: str) -> tuple[str, str]:
    """The flow ("" for the run's own), and the step."""
    control = ControlId(control_id)
    known = at.run.operations.get(control)
    flow = at.run.frame.subflow if known is None else known.flow
    return flow, op_of(control).rsplit(".", 3)[0].partition(".")[2]


def _into(recording: Recording) -> Iterator[Act]:
    if recording.direction in ("speak", "both"):
        yield Says(text="please call me back")
    if recording.terminators:
        yield Presses(digits=recording.terminators[0])


def _to_prompt(prompt: Prompt) -> Iterator[Act]:
    if prompt.max_digits:
        yield Presses(digits="1" * prompt.max_digits)
    if prompt.speech:
        yield Says(text="yes")


def _decisions(about: About) -> Iterator[Act]:
    for word in WORDS[about]:
        yield Decides(about=about, verdict=Verdict(word=word))
