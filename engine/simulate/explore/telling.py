"""No secret is told: what was entered where something secret was asked for is in no line of the transcript."""

from collections.abc import Iterator

from engine.model.graph import AskValue, FlowGraph
from engine.simulate import transcript
from engine.simulate.explore.laws import Breach
from engine.simulate.explore.taken import Taken

_LEAST = 3
"""Shorter entries stand in transcripts by chance."""


class Telling:
    """For one flow; one without secrets costs nothing."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph

    def breaches(self, taken: Taken) -> Iterator[Breach]:
        if not self._graph.sealed:
            return
        for turned in taken.turns:
            for secret in self._secrets(turned.done.state):
                for line in transcript.lines(self._graph, [(turned.event, turned.done)]):
                    if secret in f"{line.detail} {line.what} {line.outcome}":
                        yield Breach("secret", f"`{line.what}` of the transcript tells what was entered as a secret")

    def _secrets(self, state: object) -> set[str]:
        found: set[str] = set()
        run = state
        for frame in (*run.callers, run.frame):  # type: ignore[attr-defined]
            flow = self._graph.flow_of(frame.subflow)
            for name, result in frame.results.items():
                value = flow.steps[name].value if name in flow.steps else None
                if isinstance(value, AskValue) and value.secrecy:
                    found |= {str(result.get(field, "")) for field in ("digits", "text")}
        return {one for one in found if len(one) >= _LEAST}
