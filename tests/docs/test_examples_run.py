"""Every flow of the reference is not only compiled: it is called, by three kinds of people, to its end."""

import pytest

from engine.compile import compile_bundle
from engine.exchange.caller import HangsUp, Line, Presses, Silent
from engine.model.graph import FetchValue, FlowGraph
from engine.model.state import END_REASONS
from engine.simulate.call import simulate
from engine.simulate.cases.given import stand_in
from engine.simulate.scenario import Replies, Reply, Scenario
from tests.docs import flows
from tests.docs.pages import Block, blocks
from tests.mutation.moves import sample

PAGE = "docs/language.md"
NO_ANSWER = Replies(each=(Reply(kind="unreachable"),), again=True)
PEOPLE: dict[str, tuple[Line, ...]] = {
    "says nothing": (),
    "presses keys": tuple(line for _ in range(20) for line in (Silent(ms=3_000), Presses(digits="1"))),
    "hangs up": (Silent(ms=2_500), HangsUp()),
}


def called(block: Block, calendars: dict[str, str]) -> FlowGraph:
    """The example, with these calendars bound."""
    found = compile_bundle(flows.bundle(*flows.stubbed(block.text), calendars)).graph
    assert found is not None
    return found


def examples() -> list[Block]:
    """The flows, and parts of flows, of the language's page."""
    others = (flows.is_environment, flows.is_calendar, flows.is_swml, flows.is_tests)
    pages = [one for one in blocks("yaml") if one.page == PAGE and not one.words]
    return [one for one in pages if not any(other(one.text) for other in others)]


def replies(graph: FlowGraph, *, good: bool) -> dict[str, Replies]:
    """To every fetch: what it hopes for, or nothing."""
    every = {"": graph, **{f"{name}/": flow for name, flow in graph.subflows.items()}}
    values = {f"{prefix}{name}": step.value for prefix, flow in every.items() for name, step in flow.steps.items()}
    fetches = {name: value for name, value in values.items() if isinstance(value, FetchValue)}
    if not good:
        return dict.fromkeys(fetches, NO_ANSWER)
    return {name: Replies(each=(Reply(body=sample(one.returns)),), again=True) for name, one in fetches.items()}


@pytest.mark.parametrize("good", [True, False], ids=["services answer", "no service answers"])
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("block", examples(), ids=str)
def test_example_can_be_called(block: Block, person: str, good: bool) -> None:
    uses = flows.compiled(block.text).graph
    assert uses is not None
    calendars = {name: "practice" for name, one in uses.uses.items() if one.calendar}
    graph = called(block, calendars)
    outcome = simulate(
        graph,
        Scenario(
            script=PEOPLE[person],
            uses={**{name: stand_in(name, one) for name, one in graph.uses.items()}, **calendars},
            inputs={name: stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if not one.handle},
            replies=replies(graph, good=good),
        ),
    )
    assert (outcome.broken, outcome.stuck) == ((), "")
    assert outcome.ended in END_REASONS
