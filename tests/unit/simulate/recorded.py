"""Recordings of simulated calls: as a journal would have kept them."""

from pathlib import Path

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from engine.project import flows
from engine.simulate import simulate
from engine.simulate.recorded.recording import Recording
from engine.simulate.scenario import Scenario


def recorded(path: Path, scenario: Scenario) -> Recording:
    """Of the flow in this file, with the calendars that the scenario's `uses` name."""
    return of_bundle(flows.read(path, scenario.uses).bundle, scenario)


def of_bundle(bundle: Bundle, scenario: Scenario, *, events: int | None = None) -> Recording:
    """`events`: only the first so many, as of a call that is still going on."""
    graph = compile_bundle(bundle).graph
    assert graph is not None
    happened = [one for one in simulate(graph, scenario).happened if isinstance(one, tuple)][:events]
    state = happened[-1][1].state
    return Recording(
        run_id=state.run_id,
        flow=graph.flow,
        digest=bundle.digest,
        status=state.status,
        end_reason=state.end_reason,
        uses=state.uses,
        presence_ms=state.presence_ms,
        events=tuple(event for event, _ in happened),
        bundle=bundle,
    )
