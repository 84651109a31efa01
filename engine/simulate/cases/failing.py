"""What fails a case, and what it is held against."""

from functools import cached_property
from typing import Any

from msgspec import Struct

from engine.compile.located import Node, Scalar
from engine.model import marks
from engine.model.diagnostics import Span
from engine.simulate import hidden
from engine.simulate.cases import saying
from engine.simulate.cases.case import Case
from engine.simulate.cases.lawful import Usual
from engine.simulate.cases.script import Script
from engine.simulate.cases.showing import Shows
from engine.simulate.laws import LAWS, Breach
from engine.simulate.outcome import Outcome


class Failure(Struct, frozen=True, kw_only=True):
    """`at` is the place in the test file. `mark` is the line of the transcript at which the call went another way, from
    0; None where no line shows it. `law`: which of those of every call does not hold, if it is one."""

    at: Span
    message: str
    help: str = ""
    mark: int | None = None
    law: str = ""


class Held:
    """An outcome beside the case, and how its failures are said: what is secret or private is not told. `ordered`: webhooks and
    answers came in the case's own order, and at its own moments."""

    def __init__(
        self, case: Case, script: Script, outcome: Outcome, usual: Usual | None = None, *, ordered: bool = True
    ) -> None:
        self.case = case
        self.script = script
        self.outcome = outcome
        self.usual = usual
        self.ordered = ordered
        self.shows = Shows(outcome)

    @cached_property
    def secrets(self) -> frozenset[str]:
        return self.outcome.secrets

    def failure(
        self, node: Node | None, message: str, help: str = "", mark: int | None = None, law: str = ""
    ) -> Failure:
        said, advice = (hidden.in_text(text, self.secrets) for text in (message, help))
        return Failure(at=self.case.span(node), message=said, help=advice, mark=mark, law=law)

    def breach(self, node: Node | None, breach: Breach, mark: int | None) -> Failure:
        message = f"{breach.why[:1].upper()}{breach.why[1:].removesuffix('.')}."
        advice = f"It breaks the law `{breach.law}`: {LAWS[breach.law]}."
        if breach.law == "accepted":
            advice += " A stand-in is not always what the platform takes: say under `uses` what does."
        return self.failure(node, message, advice, mark, breach.law)

    def told(self, value: Any) -> str:
        return marks.shown(saying.value(hidden.without(value, self.secrets)))


def plain_text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
