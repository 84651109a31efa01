"""A compiled flow: frozen, checked, nothing left to look up or to parse.

Params are trees of plain JSON values whose leaves may be `Template`s (`${{ }}`); a tree without
one is used as it stands.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct

from engine.model.diagnostics import Span
from engine.model.ids import Digest, StepName
from engine.model.verbs import FAILURES

Lookup = Callable[[str], Any]
"""Gives the value of a dotted name (`steps.menu.digits`), or raises KeyError when it is not set."""


class Expression(Protocol):
    """A checked CEL expression. `evaluate` raises `ExpressionFailed` when it has no value."""

    @property
    def source(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    def evaluate(self, lookup: Lookup) -> Any: ...


class Template(Protocol):
    """A text with `${{ }}` in it; exactly one `${{ }}` keeps its type."""

    @property
    def names(self) -> tuple[str, ...]: ...
    def render(self, lookup: Lookup) -> Any: ...


class ExpressionFailed(Exception):
    """An expression has no value (`int('')`, a name that is not set): outcome `error`, code `expression`."""


Tree = Any
"""Plain JSON values with Template leaves."""


class Next(Struct, frozen=True):
    """Where a step goes. `otherwise` covers the ordinary outcomes only."""

    named: Mapping[str, StepName] = {}
    otherwise: StepName | None = None

    def target(self, outcome: str) -> StepName | None:
        found = self.named.get(outcome)
        if found is None and outcome not in FAILURES and outcome != "expression":
            return self.otherwise
        return found


class Visits(Struct, frozen=True):
    max: int
    next: StepName | None = None


class Until(Struct, frozen=True):
    """The handle whose input stops the step; `outcomes` empty: any sign of input."""

    handle: StepName
    outcomes: tuple[str, ...] = ()


class ApiValue(Struct, frozen=True):
    """The params of an API command. `constant`: no template in them."""

    params: Tree
    constant: bool
    handle: StepName | None = None


class Choice(Struct, frozen=True):
    """`keys` in capitals, `phrases` as `model.words.words` gives them."""

    name: str
    keys: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


class Accept(Struct, frozen=True):
    """What an answer has to be, where there are no choices: regular expressions on what was entered, and a condition."""

    digits: str = ""
    speech: str = ""
    condition: Expression | None = None


class AskValue(Struct, frozen=True, kw_only=True):
    """`prompt` and the reprompts are lists of play items (trees); the ladders' last entry serves for all further attempts.
    `choices` are all that is on offer, the flow's own among them."""

    prompt: Tree
    collect: Tree
    play: Tree
    choices: tuple[Choice, ...] = ()
    accept: Accept | None = None
    barge_in: bool = True
    timers: Literal["after_prompt", "now"] = "after_prompt"
    attempts: int = 3
    no_input: tuple[Tree, ...] = ()
    no_match: tuple[Tree, ...] = ()
    replay: bool = True
    min_confidence: float = 0.0


class BranchValue(Struct, frozen=True):
    cases: tuple[tuple[Expression, StepName], ...]
    otherwise: StepName


class SetValue(Struct, frozen=True):
    assignments: Mapping[str, Expression]


class WaitValue(Struct, frozen=True, kw_only=True):
    """`many`: a list was given, so the outcome is `done`, however short it is; else it is the handle's own."""

    duration_ms: int = 0
    handles: tuple[StepName, ...] = ()
    many: bool = False
    all: bool = False
    timeout_ms: int = 0


class LeaveValue(Struct, frozen=True):
    """`end`: `reason` (`done` sends nothing). `redirect`: `params` with url or swml."""

    params: Tree
    reason: str


Value = ApiValue | AskValue | BranchValue | SetValue | WaitValue | LeaveValue


class Step(Struct, frozen=True, kw_only=True):
    """`outcomes` are the ordinary ones that it can have."""

    name: StepName
    verb: str
    value: Value
    next: Next
    outcomes: tuple[str, ...] = ()
    at: Span
    background: bool = False
    until: Until | None = None
    deadline_ms: int = 0
    visits: Visits | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


class Limits(Struct, frozen=True, kw_only=True):
    call_ms: int
    steps: int
    visits: int
    next: StepName | None = None


class Declared(Struct, frozen=True, kw_only=True):
    """An input, a variable or a use. `type` is CEL's name of it; `required`: no default or initial value;
    `calendar`: a use whose value is the name of a calendar."""

    type: str
    default: Any = None
    required: bool = False
    calendar: bool = False


class Outbound(Struct, frozen=True, kw_only=True):
    """How a flow that makes its calls itself dials: `from_` empty means the environment's own number."""

    from_: str = ""
    timeout_s: int = 60
    max_price_per_minute: float | None = None


class FlowGraph(Struct, frozen=True, kw_only=True):
    """`digest` is the sha256 of the bundle that it was compiled from."""

    flow: str
    language: int
    digest: Digest
    start: StepName
    steps: Mapping[str, Step]
    inputs: Mapping[str, Declared]
    uses: Mapping[str, Declared]
    vars: Mapping[str, Declared]
    handlers: Mapping[str, StepName]
    limits: Limits
    outbound: Outbound | None = None
