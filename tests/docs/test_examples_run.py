"""Every flow of the reference is not only compiled: it is called, by three kinds of people, to its end."""

import pytest

from engine.exchange.caller import HangsUp, Line, Presses, Silent
from engine.model.graph import FetchValue, FlowGraph
from engine.model.state import END_REASONS
from engine.simulate.call import simulate
from engine.simulate.cases.given import stand_in
from engine.simulate.scenario import Replies, Reply, Scenario
from tests.docs import flows
from tests.docs.pages import Block, blocks

PAGE = "docs/language.md"
NO_ANSWER = Replies(each=(Reply(kind="unreachable"),), again=True)
PEOPLE: dict[str, tuple[Line, ...]] = {
    "says nothing": (),
    "presses keys": tuple(line for _ in range(20) for line in (Silent(ms=3_000), Presses(digits="1"))),
    "hangs up": (Silent(ms=2_500), HangsUp()),
}


def called(block: Block) -> FlowGraph:
    found = flows.compiled(block.text).graph
    assert found is not None
    return found


def examples() -> list[Block]:
    """The flows, and parts of flows, of the language's page."""
    others = (flows.is_environment, flows.is_calendar, flows.is_swml, flows.is_tests)
    pages = [one for one in blocks("yaml") if one.page == PAGE and not one.words]
    return [one for one in pages if not any(other(one.text) for other in others)]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("block", examples(), ids=str)
def test_example_can_be_called(block: Block, person: str) -> None:
    graph = called(block)
    if any(one.calendar for one in graph.uses.values()):
        pytest.skip("its calendar is on another page")
    every = {"": graph, **{f"{name}/": flow for name, flow in graph.subflows.items()}}
    steps = [
        f"{prefix}{name}"
        for prefix, flow in every.items()
        for name, one in flow.steps.items()
        if isinstance(one.value, FetchValue)
    ]
    outcome = simulate(
        graph,
        Scenario(
            script=PEOPLE[person],
            uses={name: stand_in(name, one) for name, one in graph.uses.items()},
            inputs={name: stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if not one.handle},
            replies=dict.fromkeys(steps, NO_ANSWER),
        ),
    )
    assert (outcome.broken, outcome.stuck) == ((), "")
    assert outcome.ended in END_REASONS
