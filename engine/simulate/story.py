"""The transcript of a simulated call: that of its run, and what the person on the line hears and does."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from engine.exchange.caller import Act, Decides, HangsUp, Marks, Presses, Says
from engine.exchange.effects import CallerDid, Heard, Progressed
from engine.model import marks
from engine.model.advance import Advance
from engine.model.events import AnyEvent
from engine.model.graph import FlowGraph
from engine.simulate import hidden, transcript
from engine.simulate.transcript import Line


def lines(
    graph: FlowGraph,
    happened: Iterable[tuple[AnyEvent, Advance] | Heard | Progressed | CallerDid],
    *,
    began_ms: int,
) -> Iterator[Line]:
    """`way` is `hears`, `does` or `call` (what becomes of the call) where it is not the run's. What is secret or private is
    not among them: neither spoken, nor what is answered to such a question."""
    happened = tuple(happened)
    secrets = hidden.values(graph, (one[0] for one in happened if isinstance(one, tuple)))
    asked = False
    for one in happened:
        if isinstance(one, tuple):
            asked = bool(graph.sealed) and hidden.answers_hidden(graph, one[1].state)
            yield from transcript.lines(graph, [one])
            continue
        at_ms = one.at_ms - began_ms
        match one:
            case Heard():
                sound = "" if one.sound == "speech" else one.sound
                yield Line(
                    at_ms=at_ms,
                    way="hears",
                    what=sound,
                    control_id=one.control_id,
                    detail=hidden.in_text(one.text, secrets),
                )
            case CallerDid():
                yield Line(at_ms=at_ms, way="does", what=_shown(one.act, asked, secrets))
            case Progressed():
                what = one.what.replace("_", " ")
                yield Line(at_ms=at_ms, way="call", what=what, control_id=one.control_id, detail=one.detail)
            case _:
                assert_never(one)


def _shown(act: Act, asked: bool, secrets: frozenset[str]) -> str:
    if asked and isinstance(act, Presses):
        act = Presses(digits=marks.MASK)
    elif asked and isinstance(act, Says):
        act = Says(text=marks.MASK)
    return hidden.in_text(does(act), secrets)


def does(act: Act) -> str:
    """What the person does, in words."""
    match act:
        case Presses():
            return f"presses {act.digits}"
        case Says():
            return f"says “{act.text}”"
        case HangsUp():
            return "hangs up"
        case Decides():
            return f"{act.about}: {act.verdict.word}"
        case Marks():
            return "signal " + act.name.partition("#")[0]
        case _:
            assert_never(act)
