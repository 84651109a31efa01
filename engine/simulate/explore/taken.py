"""What came of one move."""

from msgspec import Struct

from engine.exchange.effects import CallerDid, Heard, Progressed
from engine.model.advance import Advance
from engine.model.events import AnyEvent
from engine.model.graph import FlowGraph
from engine.model.verbs import FAILURES
from engine.simulate import put_off
from engine.simulate.explore.situation import Flying, Situation
from engine.simulate.laws import Refusal, Turned

Happened = tuple[AnyEvent, Advance] | Heard | Progressed | CallerDid


class Taken(Struct, frozen=True):
    """`after` the move; `turns` are what came to the run, `stale` what should have changed nothing and did, `released` the
    webhooks that it has sent on their way."""

    after: Situation
    turns: tuple[Turned, ...]
    refusals: tuple[Refusal, ...]
    happened: tuple[Happened, ...]
    stale: tuple[Turned, ...] = ()
    released: tuple[Flying, ...] = ()

    @property
    def fails(self) -> bool:
        """Has a step ended with a failure?"""
        return any(
            one.what == "outcome" and one.subject in FAILURES for turned in self.turns for one in turned.done.trace
        )

    def came(self, graph: FlowGraph) -> str:
        """Where something came that was put off; "" for none."""
        return "; ".join(one for turned in self.turns if (one := put_off.came(graph, turned.before, turned.done)))
